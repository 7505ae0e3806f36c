"""The same items in any order make equal databases."""

import random
from dataclasses import dataclass

import pytest
import store_world
from equality import assert_feed_leads_here, catalogue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from store_pages import Harvest, bare, dead, empty, harvesting, live, raw

from ingest.records import Record

ANSWERED = "2024-06-01T00:00:00Z"
ENDPOINTS = ("first", "second")
PREFIXES = ("mods", "oai_dc")


@dataclass(frozen=True)
class Said:
    """One item's only answer."""

    endpoint: str
    prefix: str
    record: Record

    @property
    def item(self) -> tuple[str, str, str]:
        """Name the item."""
        return self.endpoint, self.prefix, self.record.header.identifier


def _record(*, kind: str, identifier: str, record_id: str, words: str, datestamp: str | None) -> Record:
    if kind in {"dead", "bare"}:
        return (dead if kind == "dead" else bare)(identifier, datestamp=datestamp)
    return (live if kind == "live" else raw)(identifier, record_id, words, datestamp=datestamp)


RECORDS = st.builds(
    _record,
    kind=st.sampled_from(["live", "raw", "dead", "bare"]),
    identifier=st.sampled_from(["1", "2", "3"]),
    record_id=st.sampled_from(["a", "b"]),
    words=st.sampled_from(["words", "other words"]),
    datestamp=st.sampled_from([None, "2024-01-01", "2024-01-01T00:00:01Z"]),
)
ITEMS = st.lists(
    st.builds(Said, st.sampled_from(ENDPOINTS), st.sampled_from(PREFIXES), RECORDS),
    min_size=2,
    max_size=7,
    unique_by=lambda said: said.item,
)


def test_every_item_has_its_say_whatever_order_they_come_in(database: Engine) -> None:
    """One item a page in one order, then all that belong together in one page in another order."""
    url = database.url.render_as_string(hide_password=False)
    harvests = {name: harvesting(database, name, prefixes=PREFIXES) for name in ENDPOINTS}

    @settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
    @given(ITEMS, st.randoms(use_true_random=False))
    def check(items: list[Said], chance: random.Random) -> None:
        empty(database)
        for said in items:
            harvests[said.endpoint].keep(said.record, prefix=said.prefix, answered=ANSWERED)
        one_by_one = catalogue(url)
        assert_feed_leads_here(url)
        empty(database)
        lists = sorted({(said.endpoint, said.prefix) for said in items}, key=lambda _list: chance.random())
        for endpoint, prefix in lists:
            page = [said.record for said in items if (said.endpoint, said.prefix) == (endpoint, prefix)]
            chance.shuffle(page)
            harvests[endpoint].keep(*page, prefix=prefix, answered=ANSWERED)
        assert catalogue(url) == one_by_one
        assert_feed_leads_here(url)

    check()


def write_in_turns(harvests: list[Harvest], seed: int, chance: random.Random) -> None:
    """Write what four endpoints say over several rounds: each one's rounds in turn, all else by chance."""
    left = [
        [(told, [record for page in told.pages for record in page]) for told in _rounds(each, seed)]
        for each in range(4)
    ]
    for queue in left:
        for _, waiting in queue:
            chance.shuffle(waiting)
    while any(left):
        number = chance.choice([each for each, queue in enumerate(left) if queue])
        told, waiting = left[number][0]
        length = chance.randint(1, 16)
        harvests[number].keep(*waiting[:length], answered=told.answered)
        del waiting[:length]
        if not waiting:
            left[number].pop(0)


def _rounds(number: int, seed: int) -> tuple[store_world.Round, ...]:
    return tuple(told for told in store_world.rounds(number, seed) if told.pages)


@pytest.mark.parametrize("seed", [1])
def test_several_rounds_of_changes_and_deletions_end_alike_in_any_order(database: Engine, seed: int) -> None:
    """Pages of any length, endpoints in any order; what is merged, deleted and restored on the way does not tell."""
    url = database.url.render_as_string(hide_password=False)
    harvests = [store_world.endpoint(database, number) for number in range(4)]
    ends = []
    for order in range(3):
        empty(database)
        write_in_turns(harvests, seed, random.Random(order))  # noqa: S311 - an order of pages, not a secret.
        assert_feed_leads_here(url)
        ends.append(catalogue(url))

    assert ends[0]["catalogue_records"]
    assert ends[1] == ends[0]
    assert ends[2] == ends[0]

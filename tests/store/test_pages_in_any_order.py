"""The same items in any order make equal databases."""

import random
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any, TypeAlias

import pytest
import store_world
from equality import assert_equal, assert_feed_leads_here, catalogue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from store_pages import Harvest, bare, dead, empty, harvesting, live, raw

from ingest.records import Record

ANSWERED = "2024-06-01T00:00:00Z"
ENDPOINTS = ("first", "second")
PREFIXES = ("mods", "oai_dc")
SETS = ("one", "two")
EXAMPLES = {"sqlite": 25, "postgresql": 8}
Page: TypeAlias = tuple[str, str, str, list[Record]]
"""Endpoint, prefix and set of a list, and what a page of it brings."""


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


def _record(*, kind: str, identifier: str, record_id: str, words: str, **header: Any) -> Record:
    if kind in {"dead", "bare"}:
        return (dead if kind == "dead" else bare)(identifier, **header)
    return (live if kind == "live" else raw)(identifier, record_id, words, **header)


RECORDS = st.builds(
    _record,
    kind=st.sampled_from(["live", "raw", "dead", "bare"]),
    identifier=st.sampled_from(["1", "2", "3"]),
    record_id=st.sampled_from(["a", "b"]),
    words=st.sampled_from(["words", "other words"]),
    datestamp=st.sampled_from([None, "2024-01-01", "2024-01-01T00:00:01Z"]),
    set_specs=st.sampled_from([SETS[:1], SETS[1:], SETS]),
)
ITEMS = st.lists(
    st.builds(Said, st.sampled_from(ENDPOINTS), st.sampled_from(PREFIXES), RECORDS),
    min_size=2,
    max_size=7,
    unique_by=lambda said: said.item,
)


def _harvests(database: Engine) -> dict[str, Harvest]:
    return {name: harvesting(database, name, prefixes=PREFIXES, sets=SETS) for name in ENDPOINTS}


def _write(harvests: dict[str, Harvest], pages: Iterable[Page]) -> None:
    for endpoint, prefix, spec, records in pages:
        harvests[endpoint].keep(*records, prefix=prefix, set_spec=spec, answered=ANSWERED)


def shared_out(items: list[Said], chance: random.Random) -> tuple[list[Page], list[Page]]:
    """Tell each item in each of its sets, once or twice, in pages of any length, of lists that two writers share."""
    lists: dict[tuple[str, str, str], list[Record]] = {}
    for said in items:
        for spec in said.record.header.set_specs:
            told = [said.record] * chance.randint(1, 2)
            lists.setdefault((said.endpoint, said.prefix, spec), []).extend(told)
    writers: tuple[list[Page], list[Page]] = ([], [])
    for name, records in lists.items():
        chance.shuffle(records)
        writer = chance.choice(writers)
        while records:
            length = chance.randint(1, 4)
            writer.append((*name, records[:length]))
            del records[:length]
    for pages in writers:
        chance.shuffle(pages)
    return writers


def test_every_item_has_its_say_whatever_order_they_come_in(database: Engine, other_database: Engine) -> None:
    """Once one item a page, one after the other; once in any order, by sets, pages, repetitions and two writers."""
    url, other_url = (each.url.render_as_string(hide_password=False) for each in (database, other_database))
    harvests, others = _harvests(database), _harvests(other_database)

    kind = database.dialect.name

    # Where threads take part, the examples at least are the same each time.
    @settings(max_examples=EXAMPLES[kind], derandomize=kind == "postgresql", suppress_health_check=list(HealthCheck))
    @given(ITEMS, st.randoms(use_true_random=False))
    def check(items: list[Said], chance: random.Random) -> None:
        empty(database)
        empty(other_database)
        _write(others, ((each.endpoint, each.prefix, each.record.header.set_specs[0], [each.record]) for each in items))
        writers = shared_out(items, chance)
        if kind == "postgresql":
            with ThreadPoolExecutor(len(writers)) as threads:
                list(threads.map(partial(_write, harvests), writers))
        else:
            # SQLite has one writer at a time: in turns, so that a failure can be repeated.
            _write(harvests, (page for turn in zip_longest(*writers) for page in turn if page is not None))
        assert_equal(url, other_url)

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

"""Whatever happens to records, a catalogue that only follows changes holds what the views hold."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from equality import assert_feed_leads_here
from following import Follower, assert_follower_knows_all
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from store_pages import FROM_METADATA, Harvest, bare, dead, described, empty, harvesting, live, raw, rows

from ingest.records import Record
from ingest.store.answers import Voices
from ingest.store.endpoints import keep_profile
from ingest.store.reading import read_stored_items
from ingest.store.restating import Restated, Restatement, restate
from ingest.store.stale import Profiles, StaleItem, stale_batches

ENDPOINTS = ("first", "second", "third")
PREFIXES = ("mods", "oai_dc")
HISTORIES = {"sqlite": 25, "postgresql": 4}
STEPS = 40
IDENTITIES = {
    "told": {"namespace": "papers", "record_id": FROM_METADATA},
    "whole": {"namespace": "papers", "record_id": None},
    "apart": {"namespace": "letters", "record_id": FROM_METADATA},
}
"""How an endpoint may name its records, at one time or another: as the metadata tells, by the whole OAI identifier, or
in a namespace of its own."""


@dataclass(frozen=True)
class Page:
    """An endpoint is harvested."""

    endpoint: str
    prefix: str
    records: tuple[Record, ...]


@dataclass(frozen=True)
class Declaration:
    """An endpoint's records are named otherwise from now on, or it speaks sooner: all its items are described again."""

    endpoint: str
    identity: str
    priority: int


@dataclass(frozen=True)
class Poll:
    """The catalogue reads so many changes."""

    most: int


Step: TypeAlias = Page | Declaration | Poll


def _record(*, kind: str, identifier: str, record_id: str, words: str) -> Record:
    if kind in {"dead", "bare"}:
        return (dead if kind == "dead" else bare)(identifier)
    return (live if kind == "live" else raw)(identifier, record_id, words)


RECORDS = st.builds(
    _record,
    kind=st.sampled_from(["live", "live", "raw", "dead", "bare"]),
    identifier=st.sampled_from(["1", "2", "3", "4"]),
    record_id=st.sampled_from(["a", "b", "c"]),
    words=st.sampled_from(["words", "other words", "more words"]),
)
PAGES = st.builds(
    Page, st.sampled_from(ENDPOINTS), st.sampled_from(PREFIXES), st.lists(RECORDS, min_size=1, max_size=4).map(tuple)
)
DECLARATIONS = st.builds(
    Declaration, st.sampled_from(ENDPOINTS), st.sampled_from(sorted(IDENTITIES)), st.sampled_from([50, 100, 150])
)
STEPS_OF_ANY_KIND = st.one_of(st.builds(Poll, st.integers(1, 5)), PAGES, PAGES, PAGES, DECLARATIONS)


def declared(harvest: Harvest, declaration: Declaration) -> Harvest:
    """Describe all items of an endpoint by what it declares now; return the harvest as it goes on."""
    changes = {**IDENTITIES[declaration.identity], "priority": declaration.priority}
    profile = harvest.profile.model_copy(update=changes)
    harvest = replace(
        harvest,
        endpoint=harvest.endpoint.model_copy(update=changes),
        profile=profile,
        profile_id=keep_profile(harvest.database, profile),
    )
    for batch in stale_batches(harvest.database, harvest.endpoint_id, lambda: Profiles(current=harvest.profile_id)):
        _restate(harvest, [_restatement(item, harvest) for item in batch])
    return harvest


def _restatement(item: StaleItem, harvest: Harvest) -> Restatement:
    voices = Voices(
        endpoint=harvest.endpoint.name,
        metadata_prefix=item.metadata_prefix,
        prefix_position=harvest.profile.prefix_position(item.metadata_prefix),
        priority=harvest.profile.priority,
        profile_id=harvest.profile_id,
    )
    return Restatement(item=item, described=described(item.record, harvest.profile), voices=voices)


def _restate(harvest: Harvest, batch: list[Restatement]) -> None:
    known: dict[tuple[int, bytes, int], object] = {}
    while not isinstance(done := restate(harvest.database, batch, descriptions=known), Restated):
        stored = read_stored_items(harvest.database, done.items)
        known |= {item.state: described(item.record, item.profile) for item in stored}


def happen(step: Step, harvests: dict[str, Harvest], follower: Follower) -> None:
    """Let a step happen."""
    match step:
        case Poll(most):
            follower.poll(most=most)
        case Page(endpoint, prefix, records):
            harvests[endpoint].keep(*records, prefix=prefix)
        case Declaration(endpoint):
            harvests[endpoint] = declared(harvests[endpoint], step)


def test_a_catalogue_built_from_changes_equals_one_built_from_the_views(database: Engine) -> None:
    """After histories of a thousand steps in all: pages, deletions, restorations, moves, merges, rules that change.

    Fewer on PostgreSQL, whose part in this the tests with many writers look at.
    """
    histories = HISTORIES[database.dialect.name]
    url = database.url.render_as_string(hide_password=False)
    begun = {name: harvesting(database, name, prefixes=PREFIXES) for name in ENDPOINTS}
    steps = 0
    told: set[str] = set()

    # Without the search for a shorter history, which would take longer than a test may.
    @settings(
        max_examples=histories,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS_OF_ANY_KIND, min_size=STEPS, max_size=STEPS + 20))
    def check(history: list[Step]) -> None:
        nonlocal steps
        empty(database)
        harvests = dict(begun)
        with Follower(url) as follower:
            for step in history:
                happen(step, harvests, follower)
            follower.catch_up()
        assert_follower_knows_all(follower, url)
        assert_feed_leads_here(url)
        steps += len(history)
        told.update(change for (change,) in rows(database, "SELECT DISTINCT change FROM catalogue_changes"))

    check()
    assert steps >= histories * STEPS
    assert told >= {"created", "changed", "deleted"}
    assert database.dialect.name != "sqlite" or told >= {"restored", "merged"}

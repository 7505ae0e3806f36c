"""Whatever happens to records, a catalogue that only follows changes holds what the views hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from equality import assert_feed_leads_here
from following import Follower, assert_follower_knows_all
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ledger_runs import end_run
from sqlalchemy import Engine, insert, literal, select
from store_pages import FROM_METADATA, Harvest, bare, dead, described, empty, harvesting, live, raw, rows

from ingest.descriptions import Described
from ingest.records import Record
from ingest.store import tables
from ingest.store.answers import ItemState, Voices
from ingest.store.deleting import delete_batch
from ingest.store.endpoints import keep_profile
from ingest.store.forgetting import forget
from ingest.store.reading import read_stored_items
from ingest.store.restating import Restatement, restate
from ingest.store.retiring import begin_retiring, retire_batch
from ingest.store.runs import read_run
from ingest.store.stale import Profiles, StaleItem, stale_batches
from ingest.store.types import database_now
from ingest.store.wanted import DescriptionsWanted

ENDPOINTS = ("first", "second", "third")
PREFIXES = ("mods", "oai_dc")
HISTORIES = {"sqlite": 25, "postgresql": 4}
STEPS = 40
PIECES = 25
"""Of so many steps each, which together are one history of a thousand."""
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


@dataclass(frozen=True)
class Missed:
    """Sweeps have missed items of an endpoint twice, and they are deleted: unasked, or as a person approves."""

    endpoint: str
    prefix: str
    identifiers: frozenset[str]
    held: bool


@dataclass(frozen=True)
class Retired:
    """An endpoint is retired, and declared anew."""

    endpoint: str


@dataclass(frozen=True)
class Forgotten:
    """A person has a record forgotten, of a few that may be."""

    namespace: str
    record_id: str


Step: TypeAlias = Page | Declaration | Missed | Retired | Forgotten | Poll


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
MISSED = st.builds(
    Missed,
    st.sampled_from(ENDPOINTS),
    st.sampled_from(PREFIXES),
    st.frozensets(st.sampled_from(["1", "2", "3", "4"]), min_size=1),
    st.booleans(),
)
FORGOTTEN = st.builds(Forgotten, st.sampled_from(["papers", "letters"]), st.just("c"))
POLLS = st.builds(Poll, st.integers(1, 5))
RETIRED = st.builds(Retired, st.sampled_from(ENDPOINTS))
STEPS_OF_ANY_KIND = st.one_of(POLLS, PAGES, PAGES, PAGES, PAGES, DECLARATIONS, MISSED, st.one_of(RETIRED, FORGOTTEN))


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
    _described(partial(restate, harvest.database, batch), harvest.database)


def _described(step: Callable[..., Any], database: Engine) -> Any:
    """Do a step of the store with the descriptions that it asks for."""
    known: Mapping[ItemState, Described] = {}
    while isinstance(done := step(descriptions=known), DescriptionsWanted):
        stored = read_stored_items(database, done.items)
        known = {**known, **{item.state: described(item.record, item.profile) for item in stored}}
    return done


def delete_missed(harvest: Harvest, missed: Missed) -> None:
    """Delete items as if two sweeps had missed them."""
    items = tables.items.c
    due = select(items.id, *(literal(value) for value in (0, harvest.run_id, missed.held)), database_now()).where(
        items.endpoint_id == harvest.endpoint_id,
        items.metadata_prefix == missed.prefix,
        items.oai_identifier.in_(missed.identifiers),
        items.deleted.is_(False),
    )
    with harvest.database.begin() as connection:
        names = ("item_id", "run_id", "due_run_id", "held", "missed_at")
        connection.execute(insert(tables.misses).from_select(names, due))
    run = read_run(harvest.database, harvest.run_id, counted=False)
    while _described(partial(delete_batch, harvest.database, run, held=missed.held), harvest.database).taken:
        pass


def retired(harvest: Harvest) -> Harvest:
    """Take an endpoint's voice away; return a harvest of it that begins anew, as it was declared at first."""
    database, name = harvest.database, harvest.endpoint.name
    end_run(database, harvest.run_id)
    endpoint_id = begin_retiring(database, name)
    while _described(partial(retire_batch, database, endpoint_id), database).items:
        pass
    return harvesting(database, name, prefixes=PREFIXES)


def forget_record(database: Engine, step: Forgotten) -> None:
    """Have a record forgotten, where there is one."""
    records = tables.records.c
    named = (records.namespace == step.namespace, records.record_id == step.record_id)
    with database.connect() as connection:
        key = connection.scalar(select(records.key).where(*named))
    if key is not None:
        forget(database, key, "a takedown")


def happen(step: Step, harvests: dict[str, Harvest], follower: Follower) -> None:
    """Let a step happen."""
    match step:
        case Poll(most):
            follower.poll(most=most)
        case Page(endpoint, prefix, records):
            harvests[endpoint].keep(*records, prefix=prefix)
        case Declaration(endpoint):
            harvests[endpoint] = declared(harvests[endpoint], step)
        case Missed(endpoint):
            delete_missed(harvests[endpoint], step)
        case Retired(endpoint):
            harvests[endpoint] = retired(harvests[endpoint])
        case Forgotten():
            forget_record(harvests[ENDPOINTS[0]].database, step)


def test_a_catalogue_built_from_changes_equals_one_built_from_the_views(database: Engine) -> None:
    """After many short histories: pages, deletions, sweeps, merges, rules that change, endpoints that are retired.

    Fewer on PostgreSQL, whose part in this the tests with many writers look at. A few histories by chance need not have
    every kind of change; the long one below, which is the same each time, has them all.
    """
    histories = HISTORIES[database.dialect.name]
    url = database.url.render_as_string(hide_password=False)
    begun = {name: harvesting(database, name, prefixes=PREFIXES) for name in ENDPOINTS}
    steps = 0

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
        harvests = {**begun}
        with Follower(url) as follower:
            for step in history:
                happen(step, harvests, follower)
            follower.catch_up()
        begun.update({name: harvests[name] for name in ENDPOINTS if harvests[name].run_id != begun[name].run_id})
        assert_follower_knows_all(follower, url)
        assert_feed_leads_here(url)
        steps += len(history)

    check()
    assert steps >= histories * STEPS


def test_a_catalogue_that_follows_one_history_of_a_thousand_steps_equals_the_views(database: Engine) -> None:
    """It is looked at now and then on the way; the history is the same each time, so that a failure can be repeated."""
    url = database.url.render_as_string(hide_password=False)
    harvests = {name: harvesting(database, name, prefixes=PREFIXES) for name in ENDPOINTS}
    steps: list[Step] = []

    with Follower(url) as follower:

        @settings(
            max_examples=PIECES, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
        )
        @given(st.lists(STEPS_OF_ANY_KIND, min_size=STEPS, max_size=STEPS + 20))
        def go_on(history: list[Step]) -> None:
            for step in history:
                happen(step, harvests, follower)
            steps.extend(history)
            follower.catch_up()
            assert_follower_knows_all(follower, url)

        go_on()
    assert_feed_leads_here(url)
    assert len(steps) >= PIECES * STEPS
    assert {type(step) for step in steps} == {Page, Declaration, Missed, Retired, Forgotten, Poll}
    told = {change for (change,) in rows(database, "SELECT DISTINCT change FROM catalogue_changes")}
    assert told == {"created", "changed", "deleted", "restored", "merged"}

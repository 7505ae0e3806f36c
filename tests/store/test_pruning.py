"""What is pruned: what is named and old, and never what something stands on; in batches, beside harvests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update
from store_pages import begin, dead, dump, harvesting, live, refused, rows

from ingest.errors import CursorRefused
from ingest.store import ledger_tables, tables
from ingest.store.cursors import Cursor
from ingest.store.exported import Chosen, exported
from ingest.store.pruning import Prunable, count_prunable, instants_before, prune
from ingest.store.show import find_records, read_record
from ingest.store.show_changes import read_changes

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Prune = Callable[..., dict[Prunable, int]]


@pytest.fixture
def pruned(database: Engine) -> Prune:
    """Return what prunes all that is older than a day of what is named, and says how much that was."""

    def take(*what: Prunable, days: float = 1) -> dict[Prunable, int]:
        before = instants_before(database, dict.fromkeys(what, timedelta(days=days)))
        foreseen = count_prunable(database, before)
        taken = {each: sum(prune(database, each, before)) for each in before}
        assert foreseen == taken
        return taken

    return take


def _age(database: Engine, column: Any, *where: Any, to: datetime = LONG_AGO) -> None:
    with database.begin() as connection:
        connection.execute(update(column.table).where(*where).values({column.name: to}))


def _feed_id(database: Engine) -> str:
    return str(rows(database, "SELECT feed_id FROM feed")[0][0])


def test_old_versions_go_and_the_record_stays(database: Engine, pruned: Prune) -> None:
    """Its history begins later; what it says now was never a former version."""
    archive = harvesting(database)
    for words in ("first", "second", "third", "fourth"):
        archive.keep(live("oai:1", "one", words))
    versions = tables.record_versions.c
    _age(database, versions.valid_until, versions.version < 3)

    assert pruned(Prunable.VERSIONS) == {Prunable.VERSIONS: 2}

    (name,) = find_records(database, "one")
    told = read_record(database, name.record_key)
    assert [(each.version, each.change, each.content["title"]) for each in told.history] == [
        (3, "changed", "third"),
        (4, "changed", "fourth"),
    ]
    assert pruned(Prunable.VERSIONS) == {Prunable.VERSIONS: 0}


def test_a_follower_behind_what_is_pruned_is_refused_and_one_at_its_edge_goes_on(
    database: Engine, pruned: Prune
) -> None:
    """What is gone of the feed is its beginning and no more: an old change after a newer one stays."""
    archive = harvesting(database)
    for words in ("first", "second", "third", "fourth"):
        archive.keep(live("oai:1", "one", words))
    changes = tables.changes.c
    _age(database, changes.changed_at, changes.cursor.in_((1, 2, 4)))
    feed_id = _feed_id(database)

    assert pruned(Prunable.CHANGES) == {Prunable.CHANGES: 2}

    behind, edge = (Cursor(feed_id=feed_id, number=number) for number in (1, 2))
    with pytest.raises(CursorRefused, match="the oldest is 3"):
        read_changes(database, behind, most=10)
    with pytest.raises(CursorRefused, match="the oldest is 3"), exported(database, Chosen(since=behind)):
        pass
    assert [change.cursor.number for change in read_changes(database, edge, most=10).changes] == [3, 4]


def test_a_feed_may_be_pruned_to_its_end(database: Engine, pruned: Prune) -> None:
    """Whoever has read all goes on, and numbers go on."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one"), live("oai:2", "two"))
    _age(database, tables.changes.c.changed_at)
    end = Cursor(feed_id=_feed_id(database), number=2)

    assert pruned(Prunable.CHANGES) == {Prunable.CHANGES: 2}
    assert read_changes(database, end, most=10).changes == ()
    archive.keep(live("oai:1", "one", "new"))
    assert [change.cursor.number for change in read_changes(database, end, most=10).changes] == [3]


def test_only_settled_rejections_go(database: Engine, pruned: Prune) -> None:
    """However old one is that nobody has settled."""
    archive = harvesting(database)
    archive.keep(refused("oai:1"), refused("oai:2"), refused("oai:3"))
    archive.keep(live("oai:1", "one"), live("oai:2", "two"))
    rejections = tables.rejections.c
    _age(database, rejections.last_seen_at)
    _age(database, rejections.released_at, rejections.oai_identifier == "oai:1")

    assert pruned(Prunable.REJECTIONS) == {Prunable.REJECTIONS: 1}
    left = rows(database, "SELECT oai_identifier FROM rejections ORDER BY 1")
    assert left == [("oai:2",), ("oai:3",)]


def _ended(database: Engine, *, endpoint_id: int, lists: tuple[str, ...], verdict: str = "complete") -> int:
    """Add a run that ended long ago and has read these lists."""
    run_id = begin(database, endpoint_id)
    with database.begin() as connection:
        runs = ledger_tables.runs
        ended = {"ended_at": LONG_AGO, "verdict": verdict}
        connection.execute(update(runs).where(runs.c.id == run_id).values(ended))
        windows = [{"run_id": run_id, "metadata_prefix": prefix, "state": "ended"} for prefix in lists]
        connection.execute(insert(ledger_tables.windows), windows)
    return run_id


def test_runs_go_that_nothing_stands_on(database: Engine, pruned: Prune) -> None:
    """Kept are the last complete run of each list, the newest of each endpoint, and all that a row refers to."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one"))
    _age(database, ledger_tables.runs.c.ended_at, ledger_tables.runs.c.id == archive.run_id)
    unused = [_ended(database, endpoint_id=archive.endpoint_id, lists=("a", "b")) for _ in range(2)]
    last_of_b = _ended(database, endpoint_id=archive.endpoint_id, lists=("a", "b"))
    last_of_a = _ended(database, endpoint_id=archive.endpoint_id, lists=("a",))
    unused.append(_ended(database, endpoint_id=archive.endpoint_id, lists=("a", "b"), verdict="partial"))
    newest = _ended(database, endpoint_id=archive.endpoint_id, lists=("a",), verdict="failed")
    active = harvesting(database, "other")

    assert pruned(Prunable.RUNS) == {Prunable.RUNS: 3}

    kept = [run_id for (run_id,) in rows(database, "SELECT id FROM runs ORDER BY id")]
    assert kept == [archive.run_id, last_of_b, last_of_a, newest, active.run_id]
    assert {run_id for (run_id,) in rows(database, "SELECT run_id FROM windows")} == set(kept)
    assert set(unused).isdisjoint(kept)


def test_a_run_goes_with_the_last_version_that_it_made(database: Engine, pruned: Prune) -> None:
    """As long as history names it, it is there to be looked at."""
    first = harvesting(database)
    first.keep(live("oai:1", "one", "first"))
    runs = ledger_tables.runs.c
    _age(database, runs.ended_at, runs.id == first.run_id)
    second = harvesting(database)
    second.keep(live("oai:1", "one", "second"))
    _age(database, runs.ended_at, runs.id == second.run_id)
    _ended(database, endpoint_id=first.endpoint_id, lists=("oai_dc",))

    assert pruned(Prunable.RUNS) == {Prunable.RUNS: 0}
    _age(database, tables.record_versions.c.valid_until)
    assert pruned(Prunable.RUNS, Prunable.VERSIONS) == {Prunable.VERSIONS: 1, Prunable.RUNS: 1}


def test_a_pruning_that_is_cut_off_is_gone_on_with_while_harvests_write(database: Engine) -> None:
    """Batch by batch, with a page between each two: in the end all that is old is gone and nothing else."""
    archive = harvesting(database)
    for words in ("first", "second"):
        archive.keep(*(live(f"oai:{each}", f"{each:02}", words) for each in range(30)))
    _age(database, tables.record_versions.c.valid_until)
    _age(database, tables.changes.c.changed_at)
    before = instants_before(database, dict.fromkeys(Prunable, timedelta(days=1)))
    pages = iter(range(100))

    def page() -> None:
        archive.keep(live("oai:5", "05", f"more {next(pages)}"), dead(f"oai:{next(pages)}"))

    for what in (Prunable.VERSIONS, Prunable.CHANGES):
        for taken in prune(database, what, before, at_once=10):
            assert taken == 10
            page()
            break
    for what in (Prunable.VERSIONS, Prunable.CHANGES):
        for taken in prune(database, what, before, at_once=10):
            assert taken == 10
            page()

    with database.connect() as connection:
        assert connection.scalars(select(tables.record_versions.c.valid_until)).all() != []
        old = select(tables.record_versions).where(tables.record_versions.c.valid_until == LONG_AGO)
        assert connection.execute(old).all() == []
        feed = connection.execute(select(tables.feed)).one()
        cursors = connection.scalars(select(tables.changes.c.cursor).order_by(tables.changes.c.cursor)).all()
    assert cursors == list(range(feed.oldest_cursor, feed.newest_cursor + 1))
    assert feed.oldest_cursor == 61


def test_what_is_not_named_stays(database: Engine, pruned: Prune) -> None:
    """Nothing is pruned by itself, however old it is."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one", "first"), refused("oai:2"))
    archive.keep(live("oai:1", "one", "second"), live("oai:2", "two"))
    _age(database, tables.record_versions.c.valid_until)
    _age(database, tables.changes.c.changed_at)
    _age(database, tables.rejections.c.released_at)
    before = dump(database, without=("record_versions",))

    assert pruned(Prunable.VERSIONS) == {Prunable.VERSIONS: 1}
    assert dump(database, without=("record_versions",)) == before

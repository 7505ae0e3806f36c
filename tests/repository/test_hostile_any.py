"""Whatever repositories do, and however often: what came whole is kept once, and no verdict says more than is so."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
from any_repository import Plan, Sent, plans, repository_of, shown
from database_rows import rows
from equality import assert_feed_leads_here
from harvesting import OUTCOMES, endpoint_at, harvest_here, selection_of
from hypothesis import HealthCheck, given, note, settings

from ingest.ledger import Run, Verdict
from workers.demo.server import serve

_LONG = settings.default is not None and settings.default.max_examples > 1000
"""Whether the long tests were asked for: then there are more examples, and others each time."""
_EXAMPLES = 3000 if _LONG else 40
_MOST_REQUESTS = 4000


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Return an upgraded SQLite database, to be copied for each example."""
    migrated: Path = request.getfixturevalue("_migrated_file")
    return Path(shutil.copy(migrated, tmp_path_factory.mktemp("any") / "template.db"))


def fresh(template: Path) -> str:
    """Give the address of an empty database in place of the last one."""
    database = template.with_name("example.db")
    for old in database.parent.glob("example.db*"):
        old.unlink()
    return f"sqlite:///{shutil.copy(template, database)}"


def harvest(database_url: str, plan: Plan, sent: Sent, *, day: int, full: bool = False) -> Run:
    """Harvest once; no wait is sat through."""
    with serve(repository_of(plan, day=day), middleware=sent) as url:
        sets = ("letters",) if plan.only_set else ()
        endpoint = endpoint_at(url, sets=sets, parallel=plan.parallel, timeout=2.0)
        return harvest_here(
            database_url,
            endpoint,
            selection=selection_of(endpoint, full=full),
            wait=lambda _seconds: None,
            stop=lambda: sent.requests > _MOST_REQUESTS,
        )


def kept(database_url: str) -> frozenset[str]:
    """Name all that the database knows: items, and rejections that say which record they are."""
    statement = "SELECT oai_identifier FROM {} WHERE oai_identifier IS NOT NULL"
    found = (rows(database_url, statement.format(table)) for table in ("catalogue_items", "items", "rejections"))
    return frozenset(row["oai_identifier"] for read in found for row in read)


def most_requests(plan: Plan) -> int:
    """Say how many requests a harvest of the repository may take at most, whatever it does."""
    pages = plan.records // plan.page_size + 2
    return 200 + 40 * pages + 12 * plan.records


def assert_counts_add_up(run: Run) -> None:
    """Assert that each element that was read is counted once."""
    assert run.total("seen") == sum(run.total(name) for name in OUTCOMES)
    assert all(reason.count > 0 and reason.text for reason in run.reasons)


def assert_kept_once(database_url: str) -> None:
    """Assert that no item is there twice, nor any record."""
    for statement in (
        "SELECT endpoint_id AS one, metadata_prefix AS two, oai_identifier AS three FROM items",
        "SELECT namespace AS one, record_id AS two, 0 AS three FROM catalogue_records",
    ):
        counted = Counter(tuple(row.values()) for row in rows(database_url, statement))
        assert not [name for name, times in counted.items() if times > 1]


@settings(
    max_examples=_EXAMPLES,
    derandomize=not _LONG,
    deadline=None,
    # The fixture is one file that is only copied.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plan=plans())
def test_what_came_whole_is_kept_once_and_no_verdict_says_more_than_is_so(plan: Plan, template: Path) -> None:
    """Up to three misbehaviours at once, now and then or lasting, in up to three harvests; then none."""
    assert_nothing_is_lost(fresh(template), plan)


def assert_nothing_is_lost(database_url: str, plan: Plan) -> None:
    """Harvest as planned and hold each run to its word."""
    sent, expected, doubted = Sent(plan), shown(plan), False
    for day in range(plan.harvests):
        before = sent.requests
        run = harvest(database_url, plan, sent, day=day)
        note(f"day {day}: {run.verdict} {[reason.code for reason in run.reasons]} {sent.requests - before} requests")
        assert_counts_add_up(run)
        assert sent.requests - before <= most_requests(plan), "requests are bounded"
        known = kept(database_url)
        if run.verdict is not Verdict.FAILED:
            # Of a run that failed nothing is covered: the next one reads it all.
            assert_what_came_is_kept(database_url, plan, frozenset(sent.whole - known))
        doubted = doubted or run.verdict is Verdict.SUSPECT
        if run.verdict is Verdict.COMPLETE and plan.honest and not doubted:
            assert expected <= known, "a run that missed a record does not say complete"
    assert_kept_once(database_url)
    sent.polite = True
    if plan.honest and not doubted:
        run = harvest(database_url, plan, sent, day=plan.harvests)
        note(f"polite: {run.verdict} {[reason.code for reason in run.reasons]}")
        assert_counts_add_up(run)
        assert run.verdict is Verdict.COMPLETE, "a harvest with nothing in the way completes it"
        assert expected <= kept(database_url), "and nothing is missing then"
    assert_everything_comes(database_url, plan, sent)


def assert_what_came_is_kept(database_url: str, plan: Plan, missing: frozenset[str]) -> None:
    """Assert that what came whole is kept; a page ahead may be dropped where its list was given up: that is a gap."""
    (left,) = rows(database_url, "SELECT count(*) AS gaps FROM gaps")
    assert len(missing) <= plan.page_size * left["gaps"], "what came whole is kept"


def assert_everything_comes(database_url: str, plan: Plan, sent: Sent) -> None:
    """Assert that reading everything again brings all of it; what is doubted is read twice before it is believed."""
    for more in range(1, 4):
        run = harvest(database_url, plan, sent, day=plan.harvests + more, full=True)
        if run.verdict is Verdict.COMPLETE:
            break
    assert run.verdict is Verdict.COMPLETE, run.reasons
    names = {row["oai_identifier"] for row in rows(database_url, "SELECT oai_identifier FROM items")}
    assert shown(plan) <= names
    assert rows(database_url, "SELECT count(*) AS gaps FROM gaps") == [{"gaps": 0}]
    assert_kept_once(database_url)
    assert_feed_leads_here(database_url)

"""A repository that refuses access is asked nothing more, on schedule either, until a person has looked."""

import pytest
from database_rows import rows
from harvesting import endpoint_at, harvest_here
from hostile import statuses
from watching import PAGE_SIZE, Fault, Watch

from ingest.ledger import Run, Verdict
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

SCHEDULE = "17 3 * * *"
GOES_ON = "the schedule is paused until `oai-ingest endpoints resume tested`"


def harvest(database_url: str, fault: Fault, *, schedule: str | None = SCHEDULE) -> tuple[Run, Watch]:
    """Harvest a repository of five pages with a fault."""
    watch = Watch(fault)
    with serve(DemoRepository(items=GeneratedItems(45, size=800), page_size=PAGE_SIZE), middleware=watch) as url:
        endpoint = endpoint_at(url, schedule=schedule)
        return harvest_here(database_url, endpoint, wait=lambda _seconds: None), watch


def is_paused(database_url: str) -> bool:
    """Tell whether the endpoint is paused."""
    (row,) = rows(database_url, "SELECT paused FROM endpoints")
    return bool(row["paused"])


@pytest.mark.parametrize(
    ("fault", "verdict", "requests"),
    [
        (statuses.forbidden, Verdict.FAILED, 1),
        (statuses.challenge_with_status_200, Verdict.PARTIAL, 5),
        (statuses.forbidden_in_mid_list, Verdict.PARTIAL, 5),
    ],
)
def test_a_refusal_ends_the_run_and_pauses_the_schedule(
    fault: Fault, verdict: Verdict, requests: int, migrated_database_url: str
) -> None:
    """Nothing is asked after it, and the reason says how the schedule goes on."""
    run, watch = harvest(migrated_database_url, fault)
    assert (run.verdict, [reason.code for reason in run.reasons]) == (verdict, ["access-refused"])
    assert run.reasons[0].text.endswith(GOES_ON)
    assert is_paused(migrated_database_url)
    assert len(watch.log) == requests


def test_an_endpoint_without_a_schedule_is_not_paused(migrated_sqlite_url: str) -> None:
    """There is nothing to pause: a person harvests, and sees."""
    run, _watch = harvest(migrated_sqlite_url, statuses.forbidden, schedule=None)
    assert run.reasons[0].code == "access-refused"
    assert "paused" not in run.reasons[0].text
    assert not is_paused(migrated_sqlite_url)


def test_what_may_pass_by_itself_pauses_nothing(migrated_sqlite_url: str) -> None:
    """The schedule tries again."""
    run, _watch = harvest(migrated_sqlite_url, statuses.not_oai_pmh)
    assert run.verdict is not Verdict.COMPLETE
    assert not is_paused(migrated_sqlite_url)

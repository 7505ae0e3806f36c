"""A repository that asks to be left alone for hours: nobody sits and waits, and nothing more is asked until then."""

import time

from database_rows import count, rows
from harvesting import endpoint_at, harvest_here
from sqlalchemy import create_engine, text
from watching import PAGE_SIZE, Asked, Watch

from ingest.ledger import Verdict
from ingest.records import Set
from workers.demo.exchange import Answer, Response
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

SETS = ("first", "second")
HOURS = 7200


def closed_for_hours(asked: Asked, answer: Answer) -> Response:
    """Answer the second page of the first set with status 503 and Retry-After."""
    if asked.set_spec == "first" and asked.page == 2:
        return Response(body=b"", status=503, headers=(("Retry-After", str(HOURS)),))
    return answer(asked.request)


def test_a_host_that_asks_for_hours_is_left_alone_and_the_run_is_gone_on_with_after_them(
    migrated_database_url: str,
) -> None:
    """The list in hand leaves a gap; the next one is not even begun, and the run says until when it waits."""
    sets = tuple(Set(spec=name, name=name) for name in SETS)
    repository = DemoRepository(items=GeneratedItems(40, sets=SETS), page_size=PAGE_SIZE, sets=sets)
    watch = Watch(closed_for_hours)
    with serve(repository, middleware=watch) as base_url:
        endpoint = endpoint_at(base_url, sets=SETS)
        began = time.monotonic()
        run = harvest_here(migrated_database_url, endpoint, shares_pace=True)
        assert time.monotonic() - began < HOURS / 100
        assert (run.verdict, run.active, [reason.code for reason in run.reasons]) == (
            Verdict.PARTIAL,
            True,
            ["repository-unavailable"],
        )
        assert "for 120 minutes" in run.reasons[0].text
        assert {asked.set_spec for asked in watch.lists} == {"first"}
        engine = create_engine(migrated_database_url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE hosts SET retry_after_until = NULL"))
        engine.dispose()
        watch.fault = lambda asked, answer: answer(asked.request)
        again = harvest_here(migrated_database_url, endpoint, shares_pace=True)
    assert (again.run_id, again.active, again.verdict) == (run.run_id, False, Verdict.PARTIAL)
    states = [
        (row["set_spec"], row["state"]) for row in rows(migrated_database_url, "SELECT * FROM windows ORDER BY id")
    ]
    assert states == [("first", "abandoned"), ("second", "ended")]
    assert count(migrated_database_url, "gaps") == 1

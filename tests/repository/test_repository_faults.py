"""Single facts of harvests from repositories that misbehave, beside what the table says of each misbehaviour."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

import pytest
import table
from database_rows import count, rows
from harvesting import endpoint_at, harvest_here, selection_of
from hostile import ends, loops, records, requests, transport, waits
from outcomes import PLAIN, RECORDS
from watching import Asked, Fault, Watch, polite

from ingest.ledger import Run, Verdict
from ingest.protocol.client import Repository
from ingest.records import ListRequest, Page, ResumptionToken
from ingest.store.compression import decompress
from ingest.store.engine import open_engine
from ingest.store.hosts import seconds_to_wait
from workers.demo.exchange import Answer, Response
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

DAY_SECONDS = 86400
ENDLESS = 200
"""Requests after which a harvest is stopped: it would ask for ever."""


@pytest.fixture(scope="module")
def repository() -> DemoRepository:
    """Return the repository of the table: five pages, none of its records deleted."""
    return table.repository()


def harvest(database_url: str, repository: DemoRepository, fault: Fault, **keys: Any) -> tuple[Run, Watch, list[float]]:
    """Harvest with a fault in the way; the waits of the protocol are noted and not sat through."""
    watch, waited = Watch(fault), list[float]()
    with serve(repository, middleware=watch) as base_url:
        endpoint = endpoint_at(base_url)
        selection = selection_of(endpoint, **keys)
        run = harvest_here(
            database_url,
            endpoint,
            selection=selection,
            wait=waited.append,
            stop=lambda: len(watch.log) > ENDLESS,
        )
    return run, watch, waited


def codes(run: Run) -> tuple[str, ...]:
    """Give the codes of a run's reasons, in order."""
    return tuple(reason.code for reason in run.reasons)


def test_a_huge_text_is_kept_whole(migrated_database_url: str, repository: DemoRepository) -> None:
    """Not a character is lost between the repository and the catalogue."""
    harvest(migrated_database_url, repository, transport.huge_text_node)
    read = rows(migrated_database_url, "SELECT metadata FROM catalogue_records")
    lengths = [len(value["value"]) for row in read for value in row["metadata"].get("descriptions", ())]
    assert sum(length > transport.HUGE for length in lengths) == 1


def test_retry_after_is_obeyed(migrated_sqlite_url: str, repository: DemoRepository) -> None:
    """Every wait is at least as long as the repository asked for."""
    _, _, waited = harvest(migrated_sqlite_url, repository, waits.busy_then_fine)
    assert len(waited) == PLAIN + 5
    assert min(waited) >= 2


def test_no_wait_is_begun_that_the_pages_deadline_does_not_allow(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """A worker is not held for hours: the window is given up at once and tried by a later run."""
    _, _, waited = harvest(migrated_sqlite_url, repository, waits.out_of_order_for_hours)
    assert waited == []


def test_a_year_that_a_repository_asks_for_is_taken_for_a_day(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """All who work with the database leave the host alone for that long, and no longer."""
    with serve(repository, middleware=Watch(waits.retry_after_a_year)) as base_url:
        endpoint = endpoint_at(base_url)
        harvest_here(migrated_sqlite_url, endpoint, wait=lambda _seconds: None, shares_pace=True)
    database = open_engine(migrated_sqlite_url)
    assert DAY_SECONDS / 2 < seconds_to_wait(database, endpoint.host) <= DAY_SECONDS
    database.dispose()


def test_rejections_are_kept_with_their_bytes(migrated_sqlite_url: str, repository: DemoRepository) -> None:
    """What could not be taken in stands in the database as it came, and is released when it comes well."""
    harvest(migrated_sqlite_url, repository, records.one_record_spoilt)
    kept = rows(migrated_sqlite_url, "SELECT * FROM rejections")
    assert {(row["stage"], row["reason"], row["released_at"]) for row in kept} == {
        ("protocol", "unparsable-record", None)
    }
    assert all(row["oai_identifier"] and b"urn:more" in decompress(row["content"]) for row in kept)
    harvest(migrated_sqlite_url, repository, polite, full=True)
    assert all(row["released_at"] for row in rows(migrated_sqlite_url, "SELECT released_at FROM rejections"))
    assert count(migrated_sqlite_url, "catalogue_records") == RECORDS


@pytest.mark.parametrize("fault", [requests.unknown_set, polite], ids=["called a bad argument", "no record matches"])
def test_a_set_that_the_repository_does_not_have_fails_by_name(
    fault: Fault, migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """The protocol has no error for it: what repositories answer differs, what a harvest says does not."""
    run, watch, _ = harvest(migrated_sqlite_url, repository, fault, sets=("nowhere",))
    assert (run.verdict, codes(run)) == (Verdict.FAILED, ("unknown-set",))
    assert "letters" in run.reasons[0].text
    assert len(watch.log) <= PLAIN + 2
    assert count(migrated_sqlite_url, "gaps") == 0


def test_a_set_that_is_there_is_harvested_beside_one_that_is_not(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """A list that fails does not stop the others; the verdict says that one did."""
    run, _, _ = harvest(migrated_sqlite_url, repository, polite, sets=("nowhere", "letters"))
    assert (run.verdict, codes(run)) == (Verdict.PARTIAL, ("unknown-set",))
    assert count(migrated_sqlite_url, "catalogue_records") == RECORDS


def test_a_format_that_is_not_offered_fails_and_names_what_is(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """No list is asked for at all."""
    run, watch, _ = harvest(migrated_sqlite_url, repository, polite, prefixes=("marc21",))
    assert (run.verdict, codes(run)) == (Verdict.FAILED, ("cannotDisseminateFormat",))
    assert "marc21" in run.reasons[0].text
    assert "oai_dc" in run.reasons[0].text
    assert watch.lists == []


def test_one_token_for_ever_is_a_circle_where_no_record_has_a_record_id(
    migrated_database_url: str, repository: DemoRepository
) -> None:
    """A declaration that fits no record leaves nothing but rejections to tell one page from the next."""
    watch = Watch(loops.same_token_forever)
    with serve(repository, middleware=watch) as base_url:
        nowhere = {"element": "identifier", "pattern": "^no record says this$"}
        endpoint = endpoint_at(base_url, record_id=nowhere)
        run = harvest_here(migrated_database_url, endpoint, stop=lambda: len(watch.log) > ENDLESS)
    assert (run.verdict, codes(run)) == (Verdict.PARTIAL, ("token-loop", "rejections"))
    assert len(watch.log) <= PLAIN + 4
    assert count(migrated_database_url, "gaps") == 1


def test_a_list_has_as_many_pages_as_are_declared_at_most(migrated_sqlite_url: str, repository: DemoRepository) -> None:
    """What comes after them is a gap."""
    with serve(repository) as base_url:
        run = harvest_here(migrated_sqlite_url, endpoint_at(base_url, max_pages=3))
    assert (run.verdict, codes(run)) == (Verdict.PARTIAL, ("page-ceiling",))
    assert (count(migrated_sqlite_url, "catalogue_records"), count(migrated_sqlite_url, "gaps")) == (30, 1)


@pytest.mark.parametrize(("where", "reason"), [("identifier", "unparsable-record"), ("setSpec", "unparsable-record")])
def test_a_name_that_no_index_can_hold_is_a_rejection_and_the_page_goes_on(
    where: str, reason: str, migrated_database_url: str, repository: DemoRepository
) -> None:
    """PostgreSQL would refuse the whole page, every time that it is asked for."""

    def endless(asked: Asked, answer: Answer) -> Response:
        body = answer(asked.request).body
        if asked.page != 2:
            return Response(body=body)
        name = re.compile(rf"<{where}>([^<]*)</{where}>".encode())
        # Drawn at random, or it would be compressed to fit.
        long = secrets.token_hex(1500).encode()
        return Response(body=name.sub(rb"<%b>\g<1>%b</%b>" % (where.encode(), long, where.encode()), body, count=1))

    run, _, _ = harvest(migrated_database_url, repository, endless)
    assert (run.verdict, codes(run)) == (Verdict.COMPLETE, ("rejections",))
    assert rows(migrated_database_url, "SELECT reason FROM rejections") == [{"reason": reason}]
    assert count(migrated_database_url, "catalogue_records") == RECORDS - 1


def test_a_record_id_that_no_index_can_hold_is_a_rejection(
    migrated_database_url: str, repository: DemoRepository
) -> None:
    """A pattern that takes too much spoils its records and not the run."""
    long = secrets.token_hex(1500).encode()

    def wordy(asked: Asked, answer: Answer) -> Response:
        body = answer(asked.request).body
        return Response(body=body.replace(b"<dc:title>", b"<dc:title>" + long, 1) if asked.page == 2 else body)

    with serve(repository, middleware=Watch(wordy)) as base_url:
        by_title = {"element": "title", "pattern": "(.+)"}
        run = harvest_here(migrated_database_url, endpoint_at(base_url, record_id=by_title))
    assert (run.verdict, run.total("rejected")) == (Verdict.COMPLETE, 1)
    assert rows(migrated_database_url, "SELECT reason FROM rejections") == [{"reason": "no-record-id"}]


class Faulty(Repository):
    """A repository whose answers trip a defect of ours in one set."""

    def list_records(self, request: ListRequest | ResumptionToken, *, begun_with: ListRequest | None = None) -> Page:
        """Fail where no error of ours is expected."""
        if isinstance(request, ListRequest) and request.set_spec == "letters":
            raise ValueError("a defect")
        return super().list_records(request, begun_with=begun_with)


def test_a_defect_that_an_answer_meets_gives_up_its_list_alone(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """The other list is read, and the run says what happened."""
    with serve(repository) as base_url:
        endpoint = endpoint_at(base_url)
        selection = selection_of(endpoint, prefixes=("oai_dc",), sets=("letters", ""))
        run = harvest_here(migrated_sqlite_url, endpoint, selection=selection, kind=Faulty)
    assert (run.verdict, codes(run)) == (Verdict.PARTIAL, ("defect",))
    assert count(migrated_sqlite_url, "catalogue_records") == RECORDS


# --- lists that fall short ------------------------------------------------------------------------


def verdicts(database_url: str, repository: DemoRepository, *in_turn: Fault) -> Sequence[tuple[Any, ...]]:
    """Read everything several times, each time with another fault, and give what each run says."""
    runs = [harvest(database_url, repository, fault, full=True)[0] for fault in in_turn]
    return [(run.verdict, *codes(run)) for run in runs]


def test_a_list_that_shrank_is_suspect_until_a_second_one_agrees(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """Nothing is deleted on the word of a list that fell short."""
    told = verdicts(migrated_sqlite_url, repository, polite, ends.list_that_shrank, ends.list_that_shrank)
    assert told == [(Verdict.COMPLETE,), (Verdict.SUSPECT, "fewer-than-before"), (Verdict.COMPLETE,)]
    assert count(migrated_sqlite_url, "catalogue_records WHERE NOT deleted") == RECORDS
    assert count(migrated_sqlite_url, "gaps") == 0


def test_an_empty_list_where_there_was_something_is_suspect(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """NoRecordsMatch is a lawful answer, and no reason to believe that 45 records are gone."""
    told = verdicts(migrated_sqlite_url, repository, polite, ends.empty_list)
    assert told == [(Verdict.COMPLETE,), (Verdict.SUSPECT, "nothing-came")]
    assert count(migrated_sqlite_url, "catalogue_records WHERE NOT deleted") == RECORDS


def test_an_unfinished_first_harvest_is_not_made_complete_by_an_empty_list(
    migrated_database_url: str, repository: DemoRepository
) -> None:
    """Thirty records are known; that none is there is not believed at once."""
    told = verdicts(migrated_database_url, repository, ends.lost_token, ends.empty_list)
    assert told == [(Verdict.PARTIAL, "list-cut-short"), (Verdict.SUSPECT, "nothing-came")]


def test_a_repository_that_always_announces_wrongly_is_believed_in_the_end(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """The same factor each time is a habit, and no loss."""
    told = verdicts(migrated_sqlite_url, repository, *[ends.always_announces_wrongly] * 3)
    assert told == [(Verdict.SUSPECT, "fewer-than-announced"), (Verdict.COMPLETE,), (Verdict.COMPLETE,)]

"""The verdict cannot lie: each fault that repositories are known for, and what a harvest says and leaves."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faults
import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here
from harvesting import OUTCOMES, endpoint_at, harvest_here, selection_of
from watching import PAGE_SIZE, Asked, Fault, Watch, polite

from ingest.ledger import Run, Verdict
from ingest.protocol.client import Repository
from ingest.records import ListRequest, Page, ResumptionToken, Set
from ingest.store.compression import decompress
from workers.demo.exchange import Answer, Response
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

RECORDS = 45
"""Five pages, none of them deleted."""
PLAIN = 2
"""Identify and ListMetadataFormats come before any list."""
ENDLESS = 200
"""Requests after which a harvest is stopped: it would ask for ever."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a harvest comes to in the face of a fault."""

    verdict: Verdict
    reasons: tuple[str, ...]
    stored: int
    gaps: int
    most_requests: int


def complete(*reasons: str, stored: int = RECORDS, most_requests: int = PLAIN + 5) -> Outcome:
    """Expect all that there is."""
    return Outcome(verdict=Verdict.COMPLETE, reasons=reasons, stored=stored, gaps=0, most_requests=most_requests)


def partial(*reasons: str, stored: int = 20, gaps: int = 1, most_requests: int = PLAIN + 3) -> Outcome:
    """Expect the pages before the fault, and a gap."""
    return Outcome(verdict=Verdict.PARTIAL, reasons=reasons, stored=stored, gaps=gaps, most_requests=most_requests)


def failed(reason: str, *, most_requests: int) -> Outcome:
    """Expect nothing at all, said quickly."""
    return Outcome(verdict=Verdict.FAILED, reasons=(reason,), stored=0, gaps=0, most_requests=most_requests)


CASES: dict[str, Outcome] = {
    "truncated_page": partial("malformed-response", most_requests=PLAIN + 2 + 3),
    "connection_cut_in_mid_page": partial("repository-unavailable", most_requests=PLAIN + 2 + 5),
    "html_with_status_200": partial("not-oai-pmh"),
    "huge_text_node": complete(),
    "server_down_mid_list": partial("repository-unavailable", most_requests=PLAIN + 2 + 5),
    "out_of_order_for_hours": partial("repository-unavailable"),
    "busy_then_fine": complete(most_requests=2 * (PLAIN + 5)),
    "same_token_forever": partial("token-loop", most_requests=PLAIN + 4),
    "same_page_forever": partial("token-loop", stored=10, most_requests=PLAIN + 4),
    "same_elements_under_new_tokens": partial("token-loop", stored=10, most_requests=PLAIN + 52),
    "last_page_under_new_tokens": partial("token-loop", stored=RECORDS, most_requests=PLAIN + 4 + 52),
    "same_token_and_nothing_that_can_be_taken_in": partial(
        "token-loop", "rejections", stored=0, most_requests=PLAIN + 4
    ),
    "redirect_to_nowhere": partial("not-oai-pmh"),
    "endless_empty_pages": partial("endless-empty-pages", most_requests=PLAIN + 2 + 51),
    # Read in parts, each of which is short enough to end before its third page.
    "expired_token": complete("restarts", most_requests=PLAIN + 4 * 3 + 11),
    "expired_once": complete("restarts", most_requests=PLAIN + 3 + 5),
    "no_records_match_in_mid_list": complete("restarts", most_requests=PLAIN + 4 * 3 + 11),
    "no_records_match_after_the_last": complete(most_requests=PLAIN + 6),
    "lost_token": partial("list-cut-short", stored=30),
    "empty_list": complete(stored=0, most_requests=PLAIN + 1),
    "always_announces_wrongly": Outcome(
        verdict=Verdict.SUSPECT,
        reasons=("fewer-than-announced",),
        stored=RECORDS,
        gaps=0,
        most_requests=PLAIN + 5,
    ),
    "error_beside_records": partial("error-beside-records", stored=30),
    "many_rejections": partial("rejection-ceiling", "rejections", stored=RECORDS, gaps=0, most_requests=PLAIN + 5),
    "one_record_spoilt": complete("rejections", stored=RECORDS - 5),
    "not_oai_pmh": failed("not-oai-pmh", most_requests=1),
    "bad_token_to_identify": failed("bad-resumption-token", most_requests=1),
    "gone_after_identify": failed("not-oai-pmh", most_requests=2),
    "unknown_prefix": failed("cannotDisseminateFormat", most_requests=PLAIN + 1),
}
ON_BOTH = (
    "truncated_page",
    "huge_text_node",
    "expired_token",
    "many_rejections",
    "error_beside_records",
    "last_page_under_new_tokens",
    "same_token_and_nothing_that_can_be_taken_in",
)


@pytest.fixture(scope="module")
def repository() -> DemoRepository:
    """Return a repository of five pages."""
    items = GeneratedItems(RECORDS, size=800, sets=("letters",))
    return DemoRepository(items=items, page_size=PAGE_SIZE, sets=(Set(spec="letters", name="Letters"),))


def harvest(database_url: str, repository: DemoRepository, fault: Fault, **keys: Any) -> tuple[Run, Watch, list[float]]:
    """Harvest with a fault in the way; the waits of the protocol are noted and not sat through."""
    watch, waits = Watch(fault), list[float]()
    with serve(repository, middleware=watch) as base_url:
        endpoint = endpoint_at(base_url)
        selection = selection_of(endpoint, **keys)
        run = harvest_here(
            database_url,
            endpoint,
            selection=selection,
            wait=waits.append,
            stop=lambda: len(watch.log) > ENDLESS,
        )
    return run, watch, waits


def assert_comes_to(outcome: Outcome, database_url: str, run: Run, watch: Watch) -> None:
    """Assert what the run says, what is stored, and that the repository was not pestered."""
    assert (run.verdict, codes(run)) == (outcome.verdict, outcome.reasons)
    assert all(reason.count > 0 and reason.text for reason in run.reasons)
    assert not run.active
    assert run.total("seen") == sum(run.total(name) for name in OUTCOMES)
    assert count(database_url, "items") == count(database_url, "catalogue_records") == outcome.stored
    assert count(database_url, "gaps") == outcome.gaps
    assert len(watch.log) <= outcome.most_requests
    assert_feed_leads_here(database_url)


def codes(run: Run) -> tuple[str, ...]:
    """Give the codes of a run's reasons, in order."""
    return tuple(reason.code for reason in run.reasons)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_told_by_its_name_and_costs_only_what_it_must(
    name: str, migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """Verdict, reasons, what is stored, gaps left, and no more requests than the fault is worth."""
    run, watch, _ = harvest(migrated_sqlite_url, repository, getattr(faults, name))
    assert_comes_to(CASES[name], migrated_sqlite_url, run, watch)


@pytest.mark.parametrize("name", ON_BOTH)
def test_postgresql_comes_to_the_same(name: str, migrated_postgresql_url: str, repository: DemoRepository) -> None:
    """What a verdict is does not depend on the database."""
    run, watch, _ = harvest(migrated_postgresql_url, repository, getattr(faults, name))
    assert_comes_to(CASES[name], migrated_postgresql_url, run, watch)


@pytest.mark.parametrize("name", [name for name, outcome in CASES.items() if outcome.gaps])
def test_what_a_fault_left_out_is_read_once_it_is_gone(
    name: str, migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """The next harvest closes the gap, and all records are there."""
    harvest(migrated_sqlite_url, repository, getattr(faults, name))
    run, _, _ = harvest(migrated_sqlite_url, repository, polite)
    assert (run.verdict, codes(run)) == (Verdict.COMPLETE, ())
    assert count(migrated_sqlite_url, "gaps") == 0
    assert count(migrated_sqlite_url, "catalogue_records") == RECORDS


# --- single facts ---------------------------------------------------------------------------------


def test_a_huge_text_is_kept_whole(migrated_database_url: str, repository: DemoRepository) -> None:
    """Not a character is lost between the repository and the catalogue."""
    harvest(migrated_database_url, repository, faults.huge_text_node)
    records = rows(migrated_database_url, "SELECT metadata FROM catalogue_records")
    lengths = [len(value["value"]) for row in records for value in row["metadata"].get("descriptions", ())]
    assert sum(length > faults.HUGE for length in lengths) == 1


def test_retry_after_is_obeyed(migrated_sqlite_url: str, repository: DemoRepository) -> None:
    """Every wait is at least as long as the repository asked for."""
    _, _, waits = harvest(migrated_sqlite_url, repository, faults.busy_then_fine)
    assert len(waits) == PLAIN + 5
    assert min(waits) >= 2


def test_no_wait_is_begun_that_the_pages_deadline_does_not_allow(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """A worker is not held for hours: the window is given up at once and tried by a later run."""
    _, _, waits = harvest(migrated_sqlite_url, repository, faults.out_of_order_for_hours)
    assert waits == []


def test_rejections_are_kept_with_their_bytes(migrated_sqlite_url: str, repository: DemoRepository) -> None:
    """What could not be taken in stands in the database as it came, and is released when it comes well."""
    harvest(migrated_sqlite_url, repository, faults.one_record_spoilt)
    kept = rows(migrated_sqlite_url, "SELECT * FROM rejections")
    assert {(row["stage"], row["reason"], row["released_at"]) for row in kept} == {
        ("protocol", "unparsable-record", None)
    }
    assert all(row["oai_identifier"] and b"urn:more" in decompress(row["content"]) for row in kept)
    harvest(migrated_sqlite_url, repository, polite, full=True)
    assert all(row["released_at"] for row in rows(migrated_sqlite_url, "SELECT released_at FROM rejections"))
    assert count(migrated_sqlite_url, "catalogue_records") == RECORDS


@pytest.mark.parametrize("fault", [faults.unknown_set, polite], ids=["called a bad argument", "no record matches"])
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
    watch = Watch(faults.same_token_forever)
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

    def list_records(self, request: ListRequest | ResumptionToken) -> Page:
        """Fail where no error of ours is expected."""
        if isinstance(request, ListRequest) and request.set_spec == "letters":
            raise ValueError("a defect")
        return super().list_records(request)


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
    told = verdicts(migrated_sqlite_url, repository, polite, faults.list_that_shrank, faults.list_that_shrank)
    assert told == [(Verdict.COMPLETE,), (Verdict.SUSPECT, "fewer-than-before"), (Verdict.COMPLETE,)]
    assert count(migrated_sqlite_url, "catalogue_records WHERE NOT deleted") == RECORDS
    assert count(migrated_sqlite_url, "gaps") == 0


def test_an_empty_list_where_there_was_something_is_suspect(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """NoRecordsMatch is a lawful answer, and no reason to believe that 45 records are gone."""
    told = verdicts(migrated_sqlite_url, repository, polite, faults.empty_list)
    assert told == [(Verdict.COMPLETE,), (Verdict.SUSPECT, "nothing-came")]
    assert count(migrated_sqlite_url, "catalogue_records WHERE NOT deleted") == RECORDS


def test_an_unfinished_first_harvest_is_not_made_complete_by_an_empty_list(
    migrated_database_url: str, repository: DemoRepository
) -> None:
    """Thirty records are known; that none is there is not believed at once."""
    told = verdicts(migrated_database_url, repository, faults.lost_token, faults.empty_list)
    assert told == [(Verdict.PARTIAL, "list-cut-short"), (Verdict.SUSPECT, "nothing-came")]


def test_a_repository_that_always_announces_wrongly_is_believed_in_the_end(
    migrated_sqlite_url: str, repository: DemoRepository
) -> None:
    """The same factor each time is a habit, and no loss."""
    told = verdicts(migrated_sqlite_url, repository, *[faults.always_announces_wrongly] * 3)
    assert told == [(Verdict.SUSPECT, "fewer-than-announced"), (Verdict.COMPLETE,), (Verdict.COMPLETE,)]

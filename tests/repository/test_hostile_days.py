"""A repository with one lasting defect, day after day: what is new is asked for, and the defect, nothing else."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from database_rows import count, rows
from harvesting import endpoint_at, harvest_here, selection_of
from hostile.naming import named
from hostile.shaping import web_page
from watching import PAGE_SIZE, Asked, Fault, Watch

from ingest.ledger import Run, RunKind, Verdict
from workers.demo.exchange import Answer, Response
from workers.demo.generated import GeneratedItems
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAYS = 10
OLD, NEW = 45, 3
"""Records on the first day, and those that each further day brings."""
PLAIN = 2
"""Identify and ListMetadataFormats come before any list."""
VICTIM = "oai:demo.oai-ingest.example:generated/23"
ITEMS = tuple(GeneratedItems(OLD + NEW * DAYS, size=800, sets=()))


def instant(moment: datetime) -> str:
    """Write an instant as the protocol does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Days:
    """A repository that grows a little each day and has one defect, and the database that it is harvested into."""

    database_url: str
    fault: Fault
    day: int = -1
    watch: Watch = field(default_factory=Watch)

    @property
    def now(self) -> datetime:
        """The repository's clock."""
        return FIRST_DAY + self.day * DAY

    def items(self) -> tuple[Item, ...]:
        """Give what the repository holds by now; what is new came a few hours ago."""
        old = tuple(replace(item, deleted=False) for item in map(self._live, range(OLD)))
        return old + tuple(map(self._new, range(OLD, OLD + NEW * self.day)))

    def harvest(self) -> Run:
        """Let a day pass, and harvest as the schedule does; only this day's requests are in ``watch``."""
        self.day += 1
        self.watch = Watch(self.fault)
        repository = DemoRepository(items=self.items(), page_size=PAGE_SIZE, now=lambda: self.now)
        with serve(repository, middleware=self.watch) as url:
            endpoint = endpoint_at(url)
            selection = selection_of(endpoint)
            return harvest_here(self.database_url, endpoint, selection=selection, wait=lambda _seconds: None)

    def new_from(self) -> str:
        """Give from when on what is new is asked for: yesterday's clock less the overlap."""
        return instant(self.now - DAY - HOUR)

    def asked(self) -> set[tuple[str, str | None, str | None]]:
        """Give what was asked for beside what a harvest begins with: verb, from (or the identifier), and until."""
        return {
            (asked.verb, asked.request.argument("identifier") or asked.from_, asked.until)
            for asked in self.watch.log[PLAIN:]
        }

    def gaps(self) -> list[tuple[str | None, str | None]]:
        """Give the gaps: from and until."""
        read = rows(self.database_url, "SELECT from_date, until_date FROM gaps ORDER BY id")
        return [(row["from_date"], row["until_date"]) for row in read]

    def known(self) -> set[str]:
        """Name the items that are in."""
        return {row["oai_identifier"] for row in rows(self.database_url, "SELECT oai_identifier FROM items")}

    def expected(self) -> set[str]:
        """Name what the repository holds."""
        return {item.identifier for item in self.items()}

    @staticmethod
    def _live(position: int) -> Item:
        return ITEMS[position] if not ITEMS[position].deleted else replace(ITEMS[position], formats=ITEMS[0].formats)

    def _new(self, position: int) -> Item:
        came = FIRST_DAY + ((position - OLD) // NEW + 1) * DAY - 4 * HOUR
        return replace(self._live(position), datestamp=instant(came), deleted=False)


def days_of(database_url: str, name: str) -> Days:
    """Return a repository with the misbehaviour of this name."""
    return Days(database_url=database_url, fault=named(name).fault)


def assert_asks_only_for_what_is_new(days: Days) -> None:
    """Assert that one list was asked for, from the bound on, and one request made for it."""
    assert days.asked() == {("ListRecords", days.new_from(), None)}
    assert len(days.watch.log) == PLAIN + 1


# --- defects that cost one record -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        # The page that the record is on can never be had, nor the record alone.
        ("record_that_can_not_be_rendered", "unavailable-record"),
        ("record_that_resets_the_connection", "unavailable-record"),
        # The record never parses, in a list or alone.
        ("unclosed_tag", "unparsable-record"),
        ("record_that_cuts_the_answer_off", "unparsable-record"),
    ],
)
def test_a_record_that_can_never_be_had_is_found_on_the_first_day_and_costs_nothing_after_it(
    name: str, reason: str, migrated_sqlite_url: str
) -> None:
    """It is one rejection, all others are in, and from the second day on only what is new is asked for."""
    days = days_of(migrated_sqlite_url, name)
    first = days.harvest()
    assert (first.kind, first.verdict) == (RunKind.FULL, Verdict.COMPLETE)
    for _day in range(1, DAYS):
        run = days.harvest()
        assert (run.kind, run.verdict, run.reasons) == (RunKind.INCREMENTAL, Verdict.COMPLETE, ())
        assert_asks_only_for_what_is_new(days)
        assert run.total("created") == NEW
        assert days.known() == days.expected() - {VICTIM}
        assert days.gaps() == []
    kept = rows(migrated_sqlite_url, "SELECT reason, oai_identifier, released_at FROM rejections")
    assert kept == [{"reason": reason, "oai_identifier": VICTIM, "released_at": None}]


# --- defects that cost a range --------------------------------------------------------------------


def header_and_record_that_can_not_be_rendered(asked: Asked, answer: Answer) -> Response:
    """Answer with status 500 whenever one record or its header would be in the answer."""
    response = answer(asked.request)
    struck = bool(asked.page or asked.verb == "GetRecord") and VICTIM.encode() + b"<" in response.body
    return web_page(HTTPStatus.INTERNAL_SERVER_ERROR) if struck else response


def test_a_range_that_can_not_be_had_by_headers_either_is_a_gap_of_its_own_and_asked_for_alone(
    migrated_sqlite_url: str,
) -> None:
    """It is as small as dates allow; neither is it read again because of what is new, nor the other way round."""
    days = Days(database_url=migrated_sqlite_url, fault=header_and_record_that_can_not_be_rendered)
    first = days.harvest()
    assert first.verdict is Verdict.PARTIAL
    assert days.known() == days.expected() - {VICTIM}
    (gap,) = gaps = days.gaps()
    requests = []
    for _day in range(1, DAYS):
        run = days.harvest()
        assert (run.kind, run.verdict) == (RunKind.INCREMENTAL, Verdict.PARTIAL)
        ranges = {(low, high) for _verb, low, high in days.asked()}
        assert {(days.new_from(), None), gap} <= ranges
        assert all(gap[0] <= low and high <= gap[1] for low, high in ranges - {(days.new_from(), None)})
        assert days.known() == days.expected() - {VICTIM}
        assert days.gaps() == gaps
        requests.append(len(days.watch.log))
    assert len(set(requests)) == 1, "nothing grows"
    assert (count(migrated_sqlite_url, "gaps"), count(migrated_sqlite_url, "rejections")) == (1, 0)


def test_a_size_that_always_lies_is_doubted_once_and_costs_nothing_after_it(migrated_sqlite_url: str) -> None:
    """Coverage moves in spite of the doubt: from the second day on only what is new is asked for."""
    days = days_of(migrated_sqlite_url, "always_announces_wrongly")
    first = days.harvest()
    assert (first.verdict, [reason.code for reason in first.reasons]) == (Verdict.SUSPECT, ["fewer-than-announced"])
    for _day in range(1, DAYS):
        days.harvest()
        assert_asks_only_for_what_is_new(days)
        assert days.known() == days.expected()
        assert days.gaps() == []

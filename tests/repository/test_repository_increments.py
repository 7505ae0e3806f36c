"""What a second harvest asks for: what is new since the bound and what was left out, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_rows import count, rows
from harvesting import OUTCOMES, endpoint_at, harvest_here, selection_of
from hostile import ends, requests, statuses
from hostile.shaping import at_the_third_page, error
from watching import PAGE_SIZE, Asked, Fault, Watch, polite

from ingest.identify_values import Granularity
from ingest.ledger import Run, RunKind, Verdict
from ingest.records import Set
from workers.demo.exchange import Answer, Response, Writer
from workers.demo.generated import GeneratedItems
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OLD = "2020-01-01T00:00:00Z"
SETS = ("letters", "minutes")


@dataclass
class Years:
    """A repository whose clock and items a test moves, and the database that it is harvested into."""

    database_url: str
    items: list[Item]
    granularity: Granularity = Granularity.SECOND
    now: datetime = FIRST_DAY
    watch: Watch = field(default_factory=Watch)

    def harvest(self, fault: Fault = polite, *, sets: tuple[str, ...] = (), **keys: Any) -> Run:
        """Harvest the repository as it stands; only this harvest's requests are in ``watch``."""
        self.watch = Watch(fault)
        repository = DemoRepository(
            items=tuple(self.items),
            page_size=PAGE_SIZE,
            granularity=self.granularity,
            sets=tuple(Set(spec=name, name=name) for name in SETS),
            now=lambda: self.now,
        )
        with serve(repository, middleware=self.watch) as base_url:
            endpoint = endpoint_at(base_url, sets=sets)
            selection = selection_of(endpoint, **keys)
            return harvest_here(self.database_url, endpoint, selection=selection, wait=lambda _seconds: None)

    def touch(self, positions: Iterable[int], **changes: Any) -> None:
        """Change items in whatever way; their datestamps say two days ago, before any bound that is set today."""
        for position in positions:
            self.items[position] = replace(self.items[position], datestamp=instant(self.now - 2 * DAY), **changes)

    def asked(self) -> list[tuple[str, str | None, str | None, int]]:
        """Give what lists were asked for: set, from, until and page."""
        return [(asked.set_spec, asked.from_, asked.until, asked.page) for asked in self.watch.lists]

    def bounds(self) -> list[datetime]:
        """Give up to when each list is complete."""
        return [row["bound"] for row in rows(self.database_url, "SELECT bound FROM coverage ORDER BY set_spec")]

    def gaps(self) -> list[tuple[str, str | None, str | None]]:
        """Give the gaps left: set, from and until."""
        read = rows(self.database_url, "SELECT set_spec, from_date, until_date FROM gaps ORDER BY id")
        return [(row["set_spec"], row["from_date"], row["until_date"]) for row in read]


def instant(moment: datetime) -> str:
    """Write an instant as the protocol does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def items_of(number: int, *, sets: Sequence[str] = ("letters",)) -> list[Item]:
    """Make items that are all old."""
    return [replace(item, datestamp=OLD) for item in GeneratedItems(number, size=800, sets=sets)]


@pytest.fixture
def years(migrated_database_url: str) -> Years:
    """Return a repository of 45 old items."""
    return Years(database_url=migrated_database_url, items=items_of(45))


# --- increments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granularity", "overlap", "from_"),
    [(Granularity.SECOND, HOUR, "2026-03-01T11:00:00Z"), (Granularity.DAY, DAY, "2026-02-28")],
)
def test_the_next_harvest_asks_from_the_repositorys_own_date_less_the_overlap(
    granularity: Granularity, overlap: timedelta, from_: str, years: Years
) -> None:
    """The bound is the responseDate of Identify less one granule, at least an hour, and is sent as it is taken."""
    years.granularity = granularity
    first = years.harvest()
    assert years.asked()[0] == ("", None, None, 1)
    assert years.bounds() == [FIRST_DAY - overlap]
    years.now += DAY
    second = years.harvest()
    assert (first.kind, second.kind) == (RunKind.FULL, RunKind.INCREMENTAL)
    assert years.asked() == [("", from_, None, 1)]
    assert (second.verdict, second.reasons, second.total("seen")) == (Verdict.COMPLETE, (), 0)
    assert years.bounds() == [FIRST_DAY + DAY - overlap]


@pytest.mark.parametrize("granularity", Granularity)
def test_what_changed_was_deleted_or_is_new_arrives_in_the_increment(granularity: Granularity, years: Years) -> None:
    """And nothing else is read."""
    years.granularity = granularity
    years.items = items_of(40)
    years.harvest()
    years.now += 3 * DAY
    years.touch([3], formats=years.items[4].formats)
    years.touch([7, 8], deleted=True)
    years.items += items_of(43)[40:]
    years.touch([40, 41, 42])
    run = years.harvest()
    assert {name: run.total(name) for name in OUTCOMES if run.total(name)} == {"changed": 1, "deleted": 2, "created": 3}
    assert run.records == 6
    assert count(years.database_url, "catalogue_records WHERE NOT deleted") == 41
    years.now += 3 * DAY
    years.touch([7], deleted=False)
    run = years.harvest()
    assert {name: run.total(name) for name in OUTCOMES if run.total(name)} == {"restored": 1}
    assert latest_changes(years.database_url) == {"created": 43, "changed": 1, "deleted": 2, "restored": 1}


def latest_changes(database_url: str) -> Mapping[str, int]:
    """Count the feed's changes by their kind."""
    read = rows(database_url, "SELECT change, count(*) AS number FROM catalogue_changes GROUP BY change")
    return {row["change"]: row["number"] for row in read}


def test_what_was_being_written_while_the_list_was_made_is_read_again(years: Years) -> None:
    """An item with a datestamp within the overlap is asked for twice and counted as unchanged."""
    years.items[5] = replace(years.items[5], datestamp=instant(FIRST_DAY - HOUR / 2))
    years.harvest()
    years.now += DAY
    run = years.harvest()
    assert {name: run.total(name) for name in OUTCOMES if run.total(name)} == {"unchanged": 1}
    assert run.verdict is Verdict.COMPLETE


def test_a_range_that_a_person_asked_for_moves_no_bound(years: Years) -> None:
    """It is read as asked for, in the repository's granularity."""
    years.harvest()
    bounds = years.bounds()
    years.now += DAY
    run = years.harvest(from_="2019-12-31", until="2020-01-02")
    assert (run.kind, run.verdict, run.total("unchanged")) == (RunKind.RANGED, Verdict.COMPLETE, 45)
    assert {(from_, until) for _, from_, until, _ in years.asked()} == {("2019-12-31", "2020-01-02")}
    assert years.bounds() == bounds


def test_a_harvest_that_failed_at_the_door_leaves_the_bound_where_it_was(years: Years) -> None:
    """The next one asks from there."""
    years.harvest()
    years.now += DAY
    assert years.harvest(statuses.not_oai_pmh).verdict is Verdict.FAILED
    years.now += DAY
    years.harvest()
    assert years.asked() == [("", "2026-03-01T11:00:00Z", None, 1)]


# --- gaps -----------------------------------------------------------------------------------------


def only_in(set_spec: str, fault: Fault) -> Fault:
    """Let a fault strike one list alone."""

    def struck(asked: Asked, answer: Answer) -> Response | Writer:
        return fault(asked, answer) if asked.set_spec == set_spec else answer(asked.request)

    return struck


@at_the_third_page
def refused_from_the_third_page(asked: Asked, _answer: Answer) -> Response:
    """Refuse the token of the third page in a way that no other request helps against."""
    return error(asked, "badArgument", "Illegal argument.")


def test_a_list_that_was_read_to_its_end_is_not_read_again_because_another_was_not(years: Years) -> None:
    """The next harvest reads the one from its bound and the other from its start, and closes its gap."""
    years.items = items_of(80, sets=SETS)
    first = years.harvest(only_in("minutes", refused_from_the_third_page), sets=SETS)
    assert (first.verdict, first.total("seen")) == (Verdict.PARTIAL, 60)
    assert years.gaps() == [("minutes", None, "2026-03-01T11:00:00Z")]
    years.now += DAY
    second = years.harvest(sets=SETS)
    assert (second.verdict, second.reasons, second.total("seen")) == (Verdict.COMPLETE, (), 40)
    assert sorted(years.asked(), key=repr) == [
        ("letters", "2026-03-01T11:00:00Z", None, 1),
        *(("minutes", None, None, page) for page in (1, 2, 3, 4)),
    ]
    assert years.gaps() == []
    assert count(years.database_url, "items") == 80
    assert years.bounds() == [FIRST_DAY + DAY - HOUR] * 2


def test_an_increment_that_was_cut_off_is_read_again_in_one_with_what_is_new(years: Years) -> None:
    """The gap has the increment's range; nothing before it is read again."""
    years.harvest()
    years.now += 3 * DAY
    years.touch(range(35), formats=years.items[44].formats)
    second = years.harvest(refused_from_the_third_page)
    assert (second.verdict, second.total("changed")) == (Verdict.PARTIAL, 20)
    assert years.gaps() == [("", "2026-03-01T11:00:00Z", "2026-03-04T11:00:00Z")]
    years.now += 3 * DAY
    years.touch([40], deleted=True)
    third = years.harvest()
    assert years.asked() == [("", "2026-03-01T11:00:00Z", None, page) for page in (1, 2, 3, 4)]
    assert (third.verdict, third.total("seen"), third.total("changed")) == (Verdict.COMPLETE, 36, 15)
    assert third.total("deleted") == 1
    assert years.gaps() == []
    years.now += DAY
    years.harvest()
    assert years.asked() == [("", "2026-03-07T11:00:00Z", None, 1)]


def test_a_gap_that_fails_again_stays_with_what_was_said_last(years: Years) -> None:
    """It grows with the list's bound and is closed by the first harvest that reads it to its end."""
    years.harvest(ends.error_beside_records)
    years.now += DAY
    again = years.harvest(refused_from_the_third_page)
    assert again.verdict is Verdict.PARTIAL
    (gap,) = rows(years.database_url, "SELECT * FROM gaps")
    assert (gap["from_date"], gap["until_date"]) == (None, "2026-03-02T11:00:00Z")
    assert gap["reason"] == "badArgument"
    assert gap["message"]
    years.now += DAY
    assert years.harvest().verdict is Verdict.COMPLETE
    assert years.gaps() == []
    assert count(years.database_url, "catalogue_records") == 45


def test_an_increment_that_brought_nothing_leaves_the_bound_so_that_nothing_is_missed(years: Years) -> None:
    """A list that fails on its first page has read nothing: the next harvest asks from the old bound."""
    years.harvest()
    years.now += 3 * DAY
    years.touch([1, 2], deleted=True)
    run = years.harvest(requests.unknown_prefix)
    assert run.verdict is Verdict.FAILED
    assert years.bounds() == [FIRST_DAY - HOUR]
    years.now += DAY
    run = years.harvest()
    assert years.asked() == [("", "2026-03-01T11:00:00Z", None, 1)]
    assert (run.verdict, run.total("deleted")) == (Verdict.COMPLETE, 2)

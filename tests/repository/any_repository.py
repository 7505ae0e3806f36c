"""Repositories and faults as chance has them, and what went out of them whole: read by other means than the harvester.

A fault of the hostile repository strikes the third page or the record ``generated/23``. Here it strikes any page (the
numbers of that page and the third are exchanged before the fault sees them) and any record (which is given that name).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from hostile.naming import all_named
from hostile.shaping import STRUCK
from hypothesis import strategies
from lxml import etree
from watching import Asked, Watch

from ingest.identify_values import Granularity
from ingest.records import Set
from workers.demo.exchange import Answer, Request, Response, Writer
from workers.demo.generated import GeneratedItems
from workers.demo.items import Item
from workers.demo.repository import DemoRepository

FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
SETS = ("letters", "minutes")
OAI = "{http://www.openarchives.org/OAI/2.0/}"
_STRUCK_NUMBER = 23
_MOST_RECORDS = 60

TOO_SLOW = {
    "slow_drip": "sends for minutes",
    "silent_at_first": "is silent for longer than the harvester waits",
    "gzip_bomb": "costs seconds of unpacking",
    "huge_text_node": "costs seconds of reading",
    "deep_nesting": "costs seconds where a page holds it often",
}
"""What is left out, for the examples are many; the table has each of them."""
UNTRUE = {
    "empty_list": "says that it holds nothing",
    "empty_element_where_nothing_matches": "says that it holds nothing",
    "not_found_where_nothing_matches": "says that it holds nothing",
    "list_that_shrank": "says that its first page is all",
    "empty_token_on_the_only_page": "says that its first page is all, where it is not",
    "identifiers_of_many_kinds": "gives records other names",
    "private_addresses_in_identifiers": "gives records other names",
    "records_without_identifier": "gives records no name",
    "same_token_and_nothing_that_can_be_taken_in": "gives records no name",
    "odd_set_specs": "gives sets other names",
    "unstable_sorting": "sends other records in place of some, also where one page is all and announces nothing",
}
"""Repositories that lie by the protocol's own signs: nobody can tell from them what is missing."""
SILENT = frozenset(
    {
        "lost_token",
        "no_records_match_in_mid_list",
        "cannot_disseminate_in_mid_list",
        "token_in_the_request_element",
        "last_page_under_new_tokens",
        "same_elements_under_new_tokens",
        "same_page_forever",
        "pages_in_a_circle",
    }
)
"""Losses that only the announced size tells of."""
ANNOUNCING = frozenset(
    {
        "announces_nothing",
        "announces_no_number",
        "announces_too_few",
        "announces_an_estimate",
        "always_announces_wrongly",
    }
)
"""What takes that sign away."""
ENDS_THE_LIST = frozenset({"lost_token", "no_records_match_in_mid_list", "cannot_disseminate_in_mid_list"})
"""What is no defect that anybody could see where it strikes the first page: a list of one page, or none, looks so."""


# --- what is chosen -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Mishap:
    """One misbehaviour, where it strikes and for how long."""

    name: str
    page: int
    lasting: bool
    """Every time, in every harvest but the last ones; else the first time that a request is made."""

    def __repr__(self) -> str:
        """Say it shortly: counterexamples are read by people."""
        return f"{self.name}@{self.page}{'!' if self.lasting else '?'}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A repository, what it does wrong and how often it is harvested meanwhile."""

    records: int
    page_size: int
    deleted: frozenset[int]
    struck: int
    """The position of the record that a fault of one record strikes."""
    sets: bool
    only_set: bool
    """Whether the first of the sets is asked for, and not everything."""
    granularity: Granularity
    parallel: int
    mishaps: tuple[Mishap, ...]
    harvests: int

    @property
    def honest(self) -> bool:
        """Whether what is missing can be told at all."""
        names = {mishap.name for mishap in self.mishaps}
        if any(mishap.page == 1 and mishap.name in ENDS_THE_LIST for mishap in self.mishaps):
            return False
        return names.isdisjoint(UNTRUE) and not (names & SILENT and names & ANNOUNCING)


def mishaps() -> strategies.SearchStrategy[Mishap]:
    """Choose one misbehaviour."""
    return strategies.builds(
        Mishap,
        name=strategies.sampled_from(sorted(set(all_named()) - set(TOO_SLOW))),
        page=strategies.integers(1, 6),
        lasting=strategies.booleans(),
    )


@strategies.composite
def plans(draw: strategies.DrawFn) -> Plan:
    """Choose a repository of a few pages, with up to three misbehaviours."""
    records = draw(strategies.integers(0, _MOST_RECORDS))
    positions = strategies.integers(0, max(records - 1, 0))
    sets = draw(strategies.booleans())
    return Plan(
        records=records,
        page_size=draw(strategies.integers(max(1, records // 8), 20)),
        deleted=draw(strategies.frozensets(positions, max_size=5)),
        struck=draw(positions),
        sets=sets,
        only_set=sets and draw(strategies.booleans()),
        granularity=draw(strategies.sampled_from(Granularity)),
        parallel=draw(strategies.sampled_from((1, 1, 1, 3))),
        mishaps=tuple(draw(strategies.lists(mishaps(), max_size=3, unique_by=lambda mishap: mishap.name))),
        harvests=draw(strategies.integers(1, 3)),
    )


# --- the repository -------------------------------------------------------------------------------


def items_of(plan: Plan) -> tuple[Item, ...]:
    """Make the items; the struck one has the name that faults look for."""
    items = list(GeneratedItems(plan.records, size=800, sets=SETS if plan.sets else ()))
    for position, item in enumerate(items):
        items[position] = replace(item, deleted=position in plan.deleted, formats=_formats(item, position))
    if plan.records > _STRUCK_NUMBER:
        one, other = items[plan.struck], items[_STRUCK_NUMBER]
        items[plan.struck] = replace(one, identifier=other.identifier)
        items[_STRUCK_NUMBER] = replace(other, identifier=one.identifier)
    elif plan.records:
        prefix = items[0].identifier.rpartition("/")[0]
        items[plan.struck] = replace(items[plan.struck], identifier=f"{prefix}/{_STRUCK_NUMBER}")
    return tuple(items)


def _formats(item: Item, position: int) -> Mapping[str, bytes | None]:
    """Give each item metadata, those too that are deleted among the generated ones."""
    content = item.formats["oai_dc"]
    return item.formats if content is not None else GeneratedItems(position + 2, size=800)[position + 1].formats


def repository_of(plan: Plan, *, day: int = 0) -> DemoRepository:
    """Make the polite repository, as it stands so many days after the first."""
    return DemoRepository(
        items=items_of(plan),
        page_size=plan.page_size,
        granularity=plan.granularity,
        sets=tuple(Set(spec=name, name=name) for name in SETS) if plan.sets else (),
        earliest_datestamp="2015-01-01T00:00:00Z",
        now=lambda: FIRST_DAY + day * timedelta(days=1),
    )


def shown(plan: Plan) -> frozenset[str]:
    """Name all items that a harvest should come to know."""
    items = items_of(plan)
    return frozenset(item.identifier for item in items if not plan.only_set or SETS[0] in item.set_specs)


# --- what goes out --------------------------------------------------------------------------------


@dataclass
class Sent:
    """A middleware: lets the plan's mishaps answer, counts requests, and remembers which records went out whole."""

    plan: Plan
    requests: int = 0
    whole: set[str] = field(default_factory=set)
    """Identifiers of records in answers to ListRecords and GetRecord that any parser takes."""
    polite: bool = False
    _chain: list[Callable[[Request, Answer], Response | Writer]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Put the mishaps one behind the other."""
        self._chain = [Watch(_placed(mishap, self.plan.page_size)) for mishap in self.plan.mishaps]

    def __call__(self, request: Request, answer: Answer) -> Response | Writer:
        """Answer, and take note of what the answer holds."""
        outcome = answer(request) if self.polite else self._answered(0, request, answer)
        with self._lock:
            self.requests += 1
            if isinstance(outcome, Response):
                self.whole |= records_in(outcome, request.argument("verb") or "")
        return outcome

    def _answered(self, place: int, request: Request, answer: Answer) -> Response | Writer:
        if place == len(self._chain):
            return answer(request)

        def behind(inner: Request) -> Response:
            outcome = self._answered(place + 1, inner, answer)
            if not isinstance(outcome, Response):
                raise _Taken(outcome)
            return outcome

        try:
            return self._chain[place](request, behind)
        except _Taken as taken:
            return taken.writer


class _Taken(Exception):
    """A fault further in took the connection: there is no answer that could be altered."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self.writer = writer


def _placed(mishap: Mishap, page_size: int) -> Callable[[Asked, Answer], Response | Writer]:
    """Make a fault strike the mishap's page in place of the third, and only as long as it lasts."""
    fault = all_named()[mishap.name].fault
    exchanged = {mishap.page: STRUCK, STRUCK: mishap.page}

    def placed(asked: Asked, answer: Answer) -> Response | Writer:
        if not mishap.lasting and asked.times > 1:
            return answer(asked.request)
        page = _page(asked, page_size)
        try:
            return fault(replace(asked, page=exchanged.get(page, page)), answer)
        except (ValueError, IndexError):
            # Another fault was here before, and nothing is left that this one could strike.
            return answer(asked.request)

    return placed


def _page(asked: Asked, page_size: int) -> int:
    cursor = dict(parse_qsl(asked.token or "")).get("cursor", "0")
    return int(cursor) // page_size + 1 if asked.page and cursor.isdecimal() else asked.page


def records_in(response: Response, verb: str) -> set[str]:
    """Read the identifiers of the records in an answer, where the answer is whole and is what it should be."""
    if response.status != 200 or verb not in {"ListRecords", "GetRecord"}:
        return set()
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(response.body, parser)
    except etree.XMLSyntaxError:
        return set()
    if root.tag != f"{OAI}OAI-PMH" or root.getroottree().docinfo.internalDTD is not None:
        return set()
    found = root.findall(f"{OAI}{verb}/{OAI}record/{OAI}header/{OAI}identifier")
    return {(element.text or "").strip() for element in found} - {""}

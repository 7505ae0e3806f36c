"""The passport of a repository: what was asked of it, what came, and what follows for whoever wants to harvest it.

All values are frozen; nothing here does I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from ingest.records import Header, Identification, MetadataFormat, Page, Rejection, ResumptionToken, Set

T = TypeVar("T")

# --- what was asked, and what came ----------------------------------------------------------------


class Question(StrEnum):
    """Each question of a check that a page, or an error, answers."""

    FIRST_PAGE = "first page"
    SECOND_PAGE = "second page"
    SAME_TOKEN = "the same token again"  # noqa: S105 - the name of a question, and no password.
    REPEATED_ARGUMENTS = "the token with the metadataPrefix"
    IDENTIFIERS = "ListIdentifiers"
    RECORD = "GetRecord"
    SECOND_OF_ITS_OWN = "a record by its own datestamp"
    DAY_OF_ITS_OWN = "a record by its own day"
    BEFORE = "until before a record"
    AFTER = "from after a record"
    NOTHING = "a range that holds nothing"
    SET = "records of a set"
    SET_CONTINUED = "the second page of a set"
    NO_SUCH_SET = "a set that does not exist"
    NO_SUCH_IDENTIFIER = "an identifier that does not exist"
    NO_SUCH_VERB = "a verb that does not exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[T]):
    """What came of one question: a value, or an error by its code."""

    value: T | None = None
    code: str = ""
    """The protocol's error code or a word of ours; empty where there is a value."""
    message: str = ""
    status: int | None = None
    """The HTTP status, where there was an answer at all."""
    seconds: float = 0.0
    """How long the last request for it took, without the waits before it."""

    @property
    def identifiers(self) -> frozenset[str]:
        """Name the items on a page, those too whose records can not be taken in; none where there is no page."""
        elements = self.value.elements if isinstance(self.value, Page) else ()
        named = (each.identifier if isinstance(each, Rejection) else each.header.identifier for each in elements)
        return frozenset(identifier for identifier in named if identifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSets:
    """The first page of ListSets."""

    sets: tuple[Set, ...]
    token: ResumptionToken | None

    @property
    def more(self) -> bool:
        """Whether there are further pages."""
        return self.token is not None and bool(self.token.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFormat:
    """A format of ListMetadataFormats, and the crosswalk that takes it; None: its records are kept raw."""

    format: MetadataFormat
    crosswalk: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """All that a check has seen: pure values, from which the passport is made."""

    url: str
    identify: Answered[Identification]
    wanted: tuple[str, ...] = ()
    """The prefixes that the endpoint declares; none where it is not declared."""
    formats: Answered[tuple[MetadataFormat, ...]] | None = None
    """None here and below: not asked, because the repository, or the number of requests, left no room for it."""
    offered: tuple[OfferedFormat, ...] = ()
    sets: Answered[FirstSets] | None = None
    prefixes: tuple[str, ...] = ()
    """Those that a harvest should ask for, in order of precedence."""
    unanswered: tuple[str, ...] = ()
    """Those that were tried, and in which no list came, while in another one did."""
    prefix: str = ""
    """The one in which records were asked for."""
    pages: Mapping[Question, Answered[Page]] = field(default_factory=dict)
    known: Header | None = None
    """A record of the first page, by which dates, sets and GetRecord are tried."""
    oldest: Header | None = None
    """The one of the first page with the oldest datestamp, and the one with the newest."""
    newest: Header | None = None
    set_spec: str | None = None
    """The set that was asked for."""
    earliest: datetime | None = None
    """``earliestDatestamp`` as an instant, and that of ``oldest``; None where it can not be read."""
    oldest_at: datetime | None = None
    formats_of_pages: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """The formats of the first and the second page's records, as their root elements tell them."""
    raw: frozenset[str] = frozenset()
    """Those of the first page's that no crosswalk takes."""
    token_lifetime: float | None = None
    """Seconds, where the repository says until when its token lives."""
    requests: int = 0
    unasked: tuple[str, ...] = ()
    """What was not asked any more, in words."""
    credentials_in_clear: bool = False
    verify_tls: bool = True

    def page(self, question: Question) -> Answered[Page] | None:
        """Give what a question brought; None where it was not asked."""
        return self.pages.get(question)


def headers(value: object) -> tuple[Header, ...]:
    """Give the headers of a page's records, in order; none of what is no page."""
    elements = value.elements if isinstance(value, Page) else ()
    return tuple(each.header for each in elements if not isinstance(each, Rejection))


# --- what follows ---------------------------------------------------------------------------------


class Severity(StrEnum):
    """How much a finding matters to whoever wants to harvest."""

    FINE = "fine"
    NOTE = "note"
    WARNING = "warning"
    FATAL = "fatal"


class Verdict(StrEnum):
    """Whether a repository can be harvested."""

    CAN = "can be harvested"
    WITH_CARE = "with care"
    CAN_NOT = "can not be harvested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: a code for programs, and words on which an operator acts."""

    code: str
    severity: Severity
    text: str
    quirk: str | None = None
    """The name under which the harvester knows the deviation, where it has to be declared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """What an operator has to know of a repository before it is harvested."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    """The gravest first."""
    observed: Observed

    @property
    def quirks(self) -> Mapping[str, str]:
        """Name the deviations to declare, each with what was seen."""
        return {finding.quirk: finding.text for finding in self.findings if finding.quirk}

    @property
    def why(self) -> str:
        """Say in one line why it can not be harvested, or what care it needs; empty where it needs none."""
        graver = (Severity.FATAL, Severity.WARNING)
        return next((each.text for each in self.findings if each.severity in graver), "")

"""A taste of a repository: some records read and described as a harvest would, and nothing stored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.describe import describe
from ingest.descriptions import Described
from ingest.endpoints import Endpoint, Profile
from ingest.errors import (
    CannotDisseminateFormat,
    FatalProtocolError,
    IdDoesNotExist,
    IngestError,
    MalformedResponse,
    NoMetadataFormats,
    NoSetHierarchy,
    RestartListError,
    RetriableError,
)
from ingest.identify_values import Granularity
from ingest.ledger import ListName, PlannedWindow, Selection
from ingest.operator_tables import OperatorTables
from ingest.plan.endings import MOST_EMPTY_PAGES
from ingest.plan.offers import offered_of, why_no_set
from ingest.plan.windows import as_taken
from ingest.profiles import profile_of
from ingest.protocol.client import Repository
from ingest.records import Header, ListRequest, Page, Record, Rejection, ResumptionToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One record element, and what a harvest would make of it."""

    header: Header | None
    """None where the element has none that could be read."""
    said: Described | Rejection

    @property
    def identifier(self) -> str | None:
        """Give the OAI identifier, where anything told it."""
        if self.header is not None:
            return self.header.identifier
        return self.said.identifier if isinstance(self.said, Rejection) else None


@dataclass(kw_only=True)
class Sample:
    """What came of reading a few records."""

    metadata_prefix: str | None = None
    """The first of the prefixes asked for that the repository offers; None where that could not be told."""
    elements: list[Sampled] = field(default_factory=list)
    pages: int = 0
    repaired: int = 0
    """Repairs that made pages readable."""
    whole: bool = False
    """All that was asked for came, by the protocol's sign."""
    error: str | None = None
    """Why less came than was asked for, where the repository did not say that there is no more."""

    @property
    def rejected(self) -> int:
        """Count the elements that a harvest would reject."""
        return sum(isinstance(each.said, Rejection) for each in self.elements)


def take_sample(
    endpoint: Endpoint, selection: Selection, repository: Repository, *, limit: int, stop: Callable[[], bool]
) -> Sample:
    """Read and describe the first ``limit`` record elements of a selection, or all where there are fewer.

    ``stop`` is looked at between requests. What the repository can not or will not give is told in the sample, never
    raised.
    """
    sample = Sample()
    profile = profile_of(endpoint)
    try:
        granularity = repository.identify().granularity
        sample.metadata_prefix = prefix = _first_offered(selection, repository)
        for page in _pages(prefix, selection, granularity, repository):
            sample.pages += 1
            sample.repaired += len(page.repairs)
            for element in page.elements[: limit - len(sample.elements)]:
                sample.elements.append(_sampled(element, prefix, profile, endpoint.operator_tables))
            if len(sample.elements) >= limit:
                return sample
            if stop():
                sample.error = "stopped before the end"
                return sample
        sample.whole = True
    except (RetriableError, FatalProtocolError, RestartListError) as error:
        sample.error = str(error)
    return sample


def _sampled(element: Record | Rejection, prefix: str, profile: Profile, tables: OperatorTables) -> Sampled:
    if isinstance(element, Rejection):
        return Sampled(header=None, said=element)
    said = describe(element, metadata_prefix=prefix, profile=profile, tables=tables)
    return Sampled(header=element.header, said=said)


def _first_offered(selection: Selection, repository: Repository) -> str:
    offered = {offer.metadata_prefix for offer in repository.list_metadata_formats()}
    return offered_of(selection.prefixes, offered)[0]


# --- pages ----------------------------------------------------------------------------------------


def _pages(prefix: str, selection: Selection, granularity: Granularity, repository: Repository) -> Iterator[Page]:
    """Ask for one page after the other; raises what keeps the rest from coming."""
    if selection.identifiers:
        yield from _single_records(prefix, selection.identifiers, repository)
        return
    for set_spec in selection.sets or (None,):
        asked = PlannedWindow(list=ListName(metadata_prefix=prefix), from_=selection.from_, until=selection.until)
        taken = as_taken(asked, granularity)
        request = ListRequest(metadata_prefix=prefix, set_spec=set_spec, from_=taken.from_, until=taken.until)
        yield from _list(request, repository)


def _single_records(prefix: str, identifiers: tuple[str, ...], repository: Repository) -> Iterator[Page]:
    missing = []
    for identifier in identifiers:
        try:
            yield repository.get_record(identifier, prefix)
        except (IdDoesNotExist, CannotDisseminateFormat, NoMetadataFormats) as error:
            missing.append(error)
            message = f"the repository does not give it in {prefix}: {error}"
            refused = Rejection(
                stage="protocol", reason="unavailable-record", message=message, content=b"", identifier=identifier
            )
            yield Page(response_date=None, elements=(refused,), token=None)
    if missing:
        raise missing[0]


def _list(request: ListRequest, repository: Repository) -> Iterator[Page]:
    asked: ListRequest | ResumptionToken = request
    before: Page | None = None
    empty = 0
    while True:
        page = repository.list_records(asked)
        yield page
        _check_page(page, before)
        if before is None and not page.elements:
            _check_set(request, repository)
        if page.token is None or not page.token.value:
            return
        empty = 0 if page.elements else empty + 1
        if empty > MOST_EMPTY_PAGES:
            raise MalformedResponse(f"{MOST_EMPTY_PAGES} empty pages in a row, each with a new token")
        asked, before = ResumptionToken(value=page.token.value), page


def _check_page(page: Page, before: Page | None) -> None:
    """Raise MalformedResponse where the rest of the list can not be had, though the page may look like the last."""
    if page.errors and (page.elements or before is not None):
        told = "; ".join(f"{error.code}: {error.message}" for error in page.errors)
        raise MalformedResponse(f"the list broke off with an error ({told})")
    if page.damaged:
        raise MalformedResponse("a page could be read only in part")
    if page.misplaced_token:
        raise MalformedResponse("the list stopped without the protocol's sign")
    if before is not None and page.elements and page.elements == before.elements:
        raise MalformedResponse("the repository sends the same elements again and again")


def _check_set(request: ListRequest, repository: Repository) -> None:
    """Raise FatalProtocolError where a list is empty because the repository has no such set."""
    spec = request.set_spec
    if not spec or request.from_ is not None:
        return
    try:
        known = {entry.spec for entry in repository.list_sets()}
    except NoSetHierarchy as error:
        raise NoSetHierarchy(why_no_set(spec, None)) from error
    except IngestError:
        # What is asked here only explains; that nothing came stands.
        return
    if why := why_no_set(spec, known):
        raise FatalProtocolError(why)

"""Records one at a time, where a page of them can not be had: headers are listed, and each record is asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.errors import (
    AccessRefused,
    FatalProtocolError,
    MalformedResponse,
    RecordsUnavailable,
    RestartListError,
    RetriableError,
)
from ingest.protocol.client import Repository
from ingest.protocol.envelope import Unreadable
from ingest.records import ListRequest, Page, Record, Rejection, ResumptionToken

MOST_FAILURES = 10
"""Records in a row for which there is no answer, before the repository counts as unavailable and not the records."""
_SEVERAL = 2
_UNAVAILABLE = "unavailable-record"
_A_PAGE = 20
"""Named items that are asked for before they are kept."""


def get_listed(
    repository: Repository,
    request: ListRequest | ResumptionToken,
    *,
    metadata_prefix: str,
    begun_with: ListRequest | None = None,
) -> Page:
    """Ask for a page of headers (protocol section 4.3) and for the record of each (section 4.1), as one page.

    A record that can not be had is a rejection. Raises as ``Repository`` does, also where one record after another
    fails; RecordsUnavailable where several are listed and none can be had.
    """
    headers = repository.list_identifiers(request, begun_with=begun_with)
    elements = tuple(_answers(repository, headers.elements, metadata_prefix))
    wanted = sum(isinstance(element, Record) and not element.header.deleted for element in headers.elements)
    missing = [it for it in elements if isinstance(it, Rejection) and it.reason == _UNAVAILABLE]
    if len(missing) == wanted >= _SEVERAL:
        raise RecordsUnavailable(f"GetRecord brings none of {wanted} records that are listed: {missing[0].message}")
    return replace(headers, elements=elements)


def get_named(repository: Repository, identifiers: Sequence[str], *, metadata_prefix: str, position: int) -> Page:
    """Ask for some of the items named, from ``position`` on; the token says where the next page begins."""
    last = position + _A_PAGE
    answers = _answers(repository, identifiers[position:last], metadata_prefix)
    token = ResumptionToken(value=str(last), complete_list_size=len(identifiers)) if last < len(identifiers) else None
    return Page(response_date=None, elements=tuple(answers), token=token)


def _answers(
    repository: Repository, listed: Iterable[Record | Rejection | str], prefix: str
) -> Iterator[Record | Rejection]:
    failures = 0
    for element in listed:
        if isinstance(element, Rejection) or (isinstance(element, Record) and element.header.deleted):
            yield element
            continue
        identifier = element if isinstance(element, str) else element.header.identifier
        try:
            answer = _answer(repository, identifier, prefix)
        except RetriableError as error:
            failures += 1
            if error.unreachable or error.retry_after or failures > MOST_FAILURES:
                raise
            answer = _unavailable(identifier, str(error))
        else:
            failures = 0
        yield answer


def _answer(repository: Repository, identifier: str, prefix: str) -> Record | Rejection:
    """Ask for a record; raises RetriableError and AccessRefused, for those concern more than this record."""
    try:
        page = repository.get_record(identifier, prefix)
    except AccessRefused:
        raise
    except MalformedResponse as error:
        content = error.body if isinstance(error, Unreadable) else b""
        return _rejection("unparsable-record", identifier, str(error), content=content or identifier.encode())
    except (FatalProtocolError, RestartListError) as error:
        return _unavailable(identifier, str(error))
    for element in page.elements:
        if isinstance(element, Rejection):
            return replace(element, identifier=element.identifier or identifier)
        if element.header.identifier == identifier:
            return element
    found = ", ".join(each.header.identifier for each in page.elements if isinstance(each, Record)) or "no record"
    return _unavailable(identifier, f"GetRecord answers with {found}")


def _unavailable(identifier: str, message: str) -> Rejection:
    return _rejection(_UNAVAILABLE, identifier, message, content=identifier.encode())


def _rejection(reason: str, identifier: str, message: str, *, content: bytes) -> Rejection:
    return Rejection(stage="protocol", reason=reason, message=message, content=content, identifier=identifier)

"""A repository that is asked, a bounded number of times, what a harvest never asks."""

import time
from dataclasses import dataclass
from typing import Any

from ingest.errors import IngestError
from ingest.protocol import pages
from ingest.protocol.answers import HttpAnswer
from ingest.protocol.arguments import checked_url, list_arguments
from ingest.protocol.client import Harvester, Repository
from ingest.protocol.transport import Transport
from ingest.records import ListRequest, Page, ResumptionToken, Set


class RequestsSpent(IngestError):
    """As many requests were made as one inquiry may make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a request ended."""

    status: int | None = None
    """The HTTP status; None where no answer came."""
    seconds: float = 0.0


class _Counted(Transport):
    """Another transport, which counts what is asked of it and remembers how the last request ended."""

    def __init__(self, behind: Transport, most_requests: int) -> None:
        self._behind = behind
        self._most_requests = most_requests
        self.requests = 0
        self.last = Asked()

    def get(self, url: str) -> HttpAnswer:
        if self.requests >= self._most_requests:
            raise RequestsSpent(f"{self._most_requests} requests were made, as many as a check may make")
        self.requests += 1
        status, began = None, time.monotonic()
        try:
            answer = self._behind.get(url)
            status = answer.status
        finally:
            self.last = Asked(status=status, seconds=time.monotonic() - began)
        return answer

    def close(self) -> None:
        self._behind.close()


class Inquiry(Repository):
    """A repository whose every request counts, those that are made again included.

    Every method raises RequestsSpent, besides what it raises anyway, where one request more would be too many. A
    redirect counts with the request that met it.
    """

    def __init__(self, base_url: str, *, most_requests: int, **manners: Any) -> None:
        """Ask nothing yet; ``manners`` are those of any repository."""
        super().__init__(base_url, **manners)
        self._counted = _Counted(self._transport, most_requests)
        self._transport = self._counted
        self._sickle = Harvester(checked_url(base_url), self._counted, self._waiting, self._hide)

    @property
    def requests(self) -> int:
        """Count the requests that were made."""
        return self._counted.requests

    @property
    def last(self) -> Asked:
        """Tell how the last request ended."""
        return self._counted.last

    def first_sets(self) -> tuple[tuple[Set, ...], ResumptionToken | None]:
        """Ask for the first page of ListSets, and for no other; the token leads to the next."""
        return pages.sets(self._sickle.harvest(verb="ListSets").envelope)

    def list_of(self, verb: str, request: ListRequest | ResumptionToken) -> Page:
        """Ask for a page of a list, in exactly the form of the request: nothing is asked again in another."""
        return self.page_of(verb, **list_arguments(request))

    def page_of(self, verb: str, **arguments: str) -> Page:
        """Ask with exactly these arguments, lawful or not; the answer is read as a page of the verb."""
        return pages.page(self._sickle.harvest(verb=verb, **arguments).envelope, verb)

"""A repository, asked in the protocol's verbs. Sickle speaks them; every request passes its one ``harvest`` method."""

import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from sickle import OAIResponse, Sickle
from sickle.iterator import BaseOAIIterator

from ingest.errors import BadArgument, FatalProtocolError, IngestError, MalformedResponse, RepositoryUnavailable
from ingest.protocol import answers, pages, retrying
from ingest.protocol.arguments import checked_headers, checked_url, continued, list_arguments, request_url
from ingest.protocol.bodies import Bounds
from ingest.protocol.cutting import salvage
from ingest.protocol.envelope import Envelope, NotWellFormed
from ingest.protocol.faults import TransportFault
from ingest.protocol.retrying import Fault
from ingest.protocol.transport import Manners, Transport, secrets_of
from ingest.protocol.waiting import Waiting
from ingest.records import Identification, ListRequest, MetadataFormat, Page, Repair, ResumptionToken, Set
from ingest.secrecy import hiding

MAX_SET_PAGES = 1000
"""A longer list of sets is a repository that counts in circles."""

_DAY = len("YYYY-MM-DD")
_E_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Answer(OAIResponse):  # type: ignore[misc]  # Sickle has no types.
    """Sickle's response, holding a document that is parsed once."""

    def __init__(self, envelope: Envelope, clock: datetime | None) -> None:
        """Keep the document and what the HTTP answer says of the server's time."""
        self.envelope = envelope
        self.clock = clock


class _OneAnswer(BaseOAIIterator):  # type: ignore[misc]  # Sickle has no types.
    """Sickle's iterator, ended after one request: whoever stores the page decides when the next one is asked for."""

    def __init__(self, sickle: "Harvester", params: dict[str, str], *, ignore_deleted: bool = False) -> None:
        super().__init__(sickle, params, ignore_deleted)

    def _next_response(self) -> None:
        # Sickle's own looks for errors and tokens anywhere in the tree, the payload's included.
        self.oai_response = self.sickle.harvest(**self.params)

    def next(self) -> Answer:
        answer: Answer = self.oai_response
        return answer


class Harvester(Sickle):  # type: ignore[misc]  # Sickle has no types.
    """Sickle over our transport: asks until there is an answer or patience ends."""

    def __init__(self, base_url: str, transport: Transport, waiting: Waiting, hide: Callable[[str], str] = str) -> None:
        """Ask nothing yet; ``hide`` takes secrets out of a server's words."""
        super().__init__(base_url, iterator=_OneAnswer)
        self._transport = transport
        self._waiting = waiting
        self._hide = hide
        self._ever_answered = False

    def harvest(self, **arguments: str) -> Answer:
        """Make one request of the protocol, as often as it takes; raises the errors of `ingest.errors` only."""
        try:
            return self._answer(arguments)
        except IngestError as error:
            error.args = tuple(map(self._hide, error.args))
            raise

    def _answer(self, arguments: Mapping[str, str]) -> Answer:
        url = request_url(self.endpoint, arguments)
        begun, slept = time.monotonic(), 0.0
        attempt = 0
        while True:
            attempt += 1
            outcome = self._ask(url)
            if isinstance(outcome, Answer):
                return outcome
            elapsed = max(slept, time.monotonic() - begun)
            fault = self._fault(outcome)
            self._waiting.asked_for_patience(fault.retry_after)
            pause = self._waiting.policy.decide(attempt, elapsed, fault)
            if pause is None and isinstance(outcome, NotWellFormed):
                return _saved(outcome)
            if pause is None:
                effort = f"{attempt} {'try' if attempt == 1 else 'tries'} in {elapsed:.0f} s"
                raise self._giving_up(fault, effort) from outcome
            self._waiting.after(pause, fault.reason)
            slept += pause

    def _ask(self, url: str) -> Answer | TransportFault | NotWellFormed:
        self._waiting.pace()
        try:
            answer = self._transport.get(url)
            self._ever_answered = True
            return Answer(self._without_secrets(answers.judge(answer)), answer.date)
        except (TransportFault, NotWellFormed) as outcome:
            return outcome

    def _without_secrets(self, envelope: Envelope) -> Envelope:
        errors = (replace(error, message=self._hide(error.message)) for error in envelope.errors)
        return replace(envelope, errors=tuple(errors))

    def _fault(self, outcome: TransportFault | NotWellFormed) -> Fault:
        if isinstance(outcome, NotWellFormed):
            return Fault(reason=str(outcome), tries=retrying.TRIES_OF_BROKEN_ANSWERS)
        fault = replace(outcome.fault, reason=self._hide(outcome.fault.reason))
        if fault.unreachable and not self._ever_answered:
            return replace(fault, tries=retrying.TRIES_AT_FIRST_CONTACT)
        return fault

    def _giving_up(self, fault: Fault, effort: str) -> RepositoryUnavailable:
        url = urlsplit(self.endpoint)._replace(query="").geturl()
        said = f"cannot reach {url}" if fault.unreachable else f"no usable answer from {url}"
        advice = "check the URL and try again later" if fault.unreachable else "try again later"
        return RepositoryUnavailable(
            f"{said}: {fault.reason} ({effort}); {advice}",
            retry_after=fault.retry_after,
            unreachable=fault.unreachable,
        )


def _saved(broken: NotWellFormed) -> Answer:
    """Give what is whole of an answer that came broken each time; raises what was wrong with it where nothing is."""
    try:
        return Answer(salvage(broken.body), None)
    except NotWellFormed:
        raise broken from None


def _in_days(request: ListRequest | ResumptionToken) -> ListRequest | ResumptionToken:
    """Widen dates in seconds to their days, which every repository has to take (section 2.7.1)."""
    if isinstance(request, ResumptionToken):
        return request
    return replace(request, from_=request.from_ and request.from_[:_DAY], until=request.until and request.until[:_DAY])


class Repository:
    """One OAI-PMH data provider; nothing is asked of it before the first verb.

    Lists come a page at a time: the caller passes the page's token back for the next. Every method raises
    RepositoryUnavailable, AccessRefused, NotOaiPmh, MalformedResponse, and the protocol's errors by their classes.
    Threads may share it. Its repr tells nothing.
    """

    def __init__(  # noqa: PLR0913  # Keyword-only, one for each key of a declaration that concerns HTTP.
        self,
        base_url: str,
        *,
        user_agent: str,
        contact: str | None = None,
        timeout: float = 60.0,
        page_deadline: float = 300.0,
        longest_wait: float | None = None,
        max_bytes: int = 268_435_456,
        verify_tls: bool = True,
        auth: tuple[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        min_interval: float = 0.0,
        repeat_arguments: bool = False,
        day_granularity: bool = False,
        wait: Callable[[float], object] = time.sleep,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        """Ask nothing yet; raises ConfigurationError for a URL or header that can not be sent.

        Durations are seconds. ``page_deadline`` bounds the waits for one page, and the time that one answer may take to
        arrive; ``longest_wait`` bounds the waits further, where others wait for their turn meanwhile. ``wait`` does all
        sleeping and may raise to interrupt; ``on_wait`` is told seconds and reason before a request is made again.
        ``repeat_arguments`` sends a list's arguments with its tokens too, against the protocol; with
        ``day_granularity`` dates are days whatever Identify says. ``From`` is sent where ``contact`` is an e-mail
        address. No error repeats ``secrets`` or what ``auth`` holds, whatever the server says.
        """
        who = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "keep-alive"}
        if contact and _E_MAIL.fullmatch(contact):
            who["From"] = contact
        manners = Manners(
            public_headers=checked_headers(who),
            private_headers=checked_headers(headers or {}),
            auth=auth,
            timeout=timeout,
            verify_tls=verify_tls,
            bounds=Bounds(max_bytes=max_bytes, seconds=page_deadline),
        )
        # Jitter keeps workers apart; nobody gains by foreseeing it.
        patience = page_deadline if longest_wait is None else min(page_deadline, longest_wait)
        policy = retrying.Policy(page_deadline=patience, chance=random.random)
        waiting = Waiting(policy, min_interval, wait=wait, on_wait=on_wait)
        self._transport = Transport(manners)
        self._waiting = waiting
        self._repeat_arguments = repeat_arguments
        self._in_days = day_granularity
        self._hide = hiding((*secrets, *secrets_of(auth)))
        self._sickle = Harvester(checked_url(base_url), self._transport, waiting, self._hide)

    def __enter__(self) -> Self:
        """Give the repository itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def share_pace(self, *, take_turn: Callable[[float], float] | None, keep_away: Callable[[float], None]) -> None:
        """Keep the host's pace together with other processes from now on.

        ``take_turn`` is given the least seconds between two requests, and gives the seconds to wait for the next turn;
        None: nobody else asks this host. ``keep_away`` is told the seconds for which it asked to be left alone.
        """
        self._waiting.share(take_turn, keep_away)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._transport.close()

    def identify(self) -> Identification:
        """Ask who the repository is (protocol section 4.2)."""
        # Not by sickle's method of that name, which makes attributes of whatever elements the server sends.
        answer = self._sickle.harvest(verb="Identify")
        return pages.identification(answer.envelope, clock=answer.clock)

    def list_metadata_formats(self, identifier: str | None = None) -> tuple[MetadataFormat, ...]:
        """Ask for the formats of the repository, or of one item (section 4.4)."""
        arguments = {} if identifier is None else {"identifier": identifier}
        return pages.metadata_formats(self._sickle.ListMetadataFormats(**arguments).next().envelope)

    def list_sets(self) -> tuple[Set, ...]:
        """Ask for all sets, page by page (section 4.6); raises NoSetHierarchy where there are none.

        Raises MalformedResponse where the list runs in a circle or beyond a thousand pages.
        """
        found: list[Set] = []
        arguments: dict[str, str] = {}
        seen: set[str] = set()
        while len(seen) < MAX_SET_PAGES:
            more, token = pages.sets(self._sickle.ListSets(**arguments).next().envelope)
            found.extend(more)
            if token is None or not token.value:
                return tuple(found)
            if token.value in seen:
                raise MalformedResponse("ListSets gives the same resumptionToken again and again")
            seen.add(token.value)
            arguments = continued(token)
        raise MalformedResponse(f"ListSets has not ended after {MAX_SET_PAGES} pages")

    def list_records(self, request: ListRequest | ResumptionToken, *, begun_with: ListRequest | None = None) -> Page:
        """Ask for a page of records (section 4.5): the first of a request, or the one that a token stands for.

        ``begun_with`` is the request that the token comes from. An answer that comes broken each time is given in part,
        as a damaged page. Dates in seconds that are refused (badArgument) are
        asked for once more as days, which the page tells as a repair; the repository is asked in days from then on.
        """
        return self._list("ListRecords", request, begun_with)

    def list_identifiers(
        self, request: ListRequest | ResumptionToken, *, begun_with: ListRequest | None = None
    ) -> Page:
        """Ask for a page of headers (section 4.3), as records without metadata; else like ``list_records``."""
        return self._list("ListIdentifiers", request, begun_with)

    def _list(self, verb: str, request: ListRequest | ResumptionToken, begun_with: ListRequest | None) -> Page:
        in_days = _in_days(request)
        if self._in_days or in_days == request:
            return self._page(verb, in_days, begun_with)
        try:
            return self._page(verb, request, begun_with)
        except BadArgument as refused:
            try:
                page = self._page(verb, in_days, begun_with)
            except FatalProtocolError:
                raise refused from None
            self._in_days = True
            return replace(page, repairs=(*page.repairs, Repair(name="dates-as-days")))

    def _page(self, verb: str, request: ListRequest | ResumptionToken, begun_with: ListRequest | None) -> Page:
        repeated = begun_with if self._repeat_arguments else None
        # Sickle names its methods after the verbs.
        answer = getattr(self._sickle, verb)(**list_arguments(request, begun_with=repeated)).next()
        return pages.page(answer.envelope, verb)

    def get_record(self, identifier: str, metadata_prefix: str) -> Page:
        """Ask for one record (section 4.1), as a page with one element."""
        answer = self._sickle.GetRecord(identifier=identifier, metadataPrefix=metadata_prefix)
        return pages.page(answer.envelope, "GetRecord")

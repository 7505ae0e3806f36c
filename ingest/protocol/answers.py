"""What counts when HTTP status and body disagree (protocol section 3.1.2): pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from ingest.errors import AccessRefused, IngestError, MalformedResponse, NotOaiPmh
from ingest.protocol.challenges import challenge
from ingest.protocol.envelope import Envelope, NotWellFormed, describe_foreign, one_line, parse
from ingest.protocol.faults import TransportFault
from ingest.protocol.retrying import Fault, http_date, retry_after, retry_after_in_words

_ASK_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """One HTTP response after redirects, its body decoded and whole."""

    status: int
    reason: str
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    body: bytes

    @property
    def date(self) -> datetime | None:
        """The server's clock, where it says so."""
        return http_date(self.headers.get("Date"))


def judge(answer: HttpAnswer) -> Envelope:
    """Give the OAI-PMH document that the answer carries.

    A well-formed OAI-PMH error wins over any status; everything else of status 400 and above is for the status to
    say. Raises TransportFault where asking again may help, AccessRefused (also for a challenge to prove that one is a
    person, whatever its status), NotOaiPmh or MalformedResponse where not.
    """
    succeeded = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
    try:
        envelope = parse(answer.body)
    except (MalformedResponse, NotOaiPmh) as error:
        wall = challenge(answer.headers, answer.body) if isinstance(error, NotOaiPmh | NotWellFormed) else None
        if wall:
            raise _refused(answer, f"{wall} stands before it ({describe_foreign(answer.body)})") from error
        if succeeded:
            raise
    else:
        if succeeded or envelope.errors:
            return envelope
    raise _by_status(answer)


def _by_status(answer: HttpAnswer) -> IngestError | TransportFault:
    status = one_line(f"HTTP {answer.status} {answer.reason}")
    if answer.status in _ASK_AGAIN or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TransportFault(Fault(reason=status, retry_after=_wait_asked_for(answer)))
    found = describe_foreign(answer.body) if answer.body.strip() else "nothing else"
    if answer.status in _REFUSED:
        return _refused(answer, found)
    hint = "there is no repository at this base URL" if answer.status in _GONE else "no OAI-PMH answer"
    return NotOaiPmh(f"{hint}: {status}, {found}; check the base URL")


def _refused(answer: HttpAnswer, found: str) -> AccessRefused:
    status = one_line(f"HTTP {answer.status} {answer.reason}")
    return AccessRefused(f"the repository refuses access: {status}, {found}; ask its operators")


def _wait_asked_for(answer: HttpAnswer) -> float | None:
    # A date is compared with the server's own clock where it tells it: ours may differ.
    said = retry_after(answer.headers.get("Retry-After"), now=answer.date or datetime.now(UTC))
    return retry_after_in_words(answer.body) if said is None else said

"""A middleware that remembers what a repository was asked, and may put a fault in front of its answers."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl

from workers.demo.exchange import Answer, Request, Response, Writer

PAGE_SIZE = 10
"""Records a page in the repositories that are watched: a token's cursor then names its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as its fault and its test look at it."""

    request: Request
    verb: str
    set_spec: str
    from_: str | None
    until: str | None
    page: int
    """From 1; 0 for what is no list of records."""
    times: int
    """How often the very same request has been made, this time included."""

    @property
    def token(self) -> str | None:
        """The resumptionToken, as it came."""
        return self.request.argument("resumptionToken")


Fault: TypeAlias = Callable[[Asked, Answer], Response | Writer]
"""Answers in place of the repository, or alters what it answers."""


def polite(asked: Asked, answer: Answer) -> Response:
    """Answer as the repository does."""
    return answer(asked.request)


@dataclass
class Watch:
    """Remembers each request, then lets ``fault`` answer; called by several threads at once."""

    fault: Fault = polite
    log: list[Asked] = field(default_factory=list)
    _times: Counter[tuple[tuple[str, str], ...]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request, answer: Answer) -> Response | Writer:
        """Take note, and answer."""
        with self._lock:
            same = _without_clock(request)
            self._times[same] += 1
            asked = _asked(request, self._times[same])
            self.log.append(asked)
        return self.fault(asked, answer)

    @property
    def lists(self) -> list[Asked]:
        """The requests for records, in order."""
        return [asked for asked in self.log if asked.page]

    def forget(self) -> None:
        """Begin a new log; how often a request was made is remembered."""
        self.log.clear()


def _without_clock(request: Request) -> tuple[tuple[str, str], ...]:
    """Give a request's arguments; of its token all but when it expires, which makes the same place another token."""
    token = parse_qsl(request.argument("resumptionToken") or "")
    place = tuple((name, value) for name, value in token if name not in {"expires", "check"})
    return place or request.arguments


def _asked(request: Request, times: int) -> Asked:
    verb = request.argument("verb") or ""
    token = dict(parse_qsl(request.argument("resumptionToken") or ""))
    arguments = token or dict(request.arguments)
    listed = verb in {"ListRecords", "ListIdentifiers"}
    return Asked(
        request=request,
        verb=verb,
        set_spec=arguments.get("set", ""),
        from_=arguments.get("from"),
        until=arguments.get("until"),
        page=int(token.get("cursor", 0)) // PAGE_SIZE + 1 if listed else 0,
        times=times,
    )


class Gate:
    """A fault that holds the answer to one page, so that a test knows where a harvester stands."""

    def __init__(self, page: int, *, set_spec: str | None = None, held: bool = True) -> None:
        """Watch for a page, of any list or of one set's; tell of it only, where it is not to be held."""
        self.page = page
        self._set_spec = set_spec
        self.reached = threading.Event()
        self._open = threading.Event()
        if not held:
            self._open.set()

    def open(self) -> None:
        """Let the answer go, and hold none any more."""
        self._open.set()

    def wait_until_reached(self) -> None:
        """Wait until the page has been asked for."""
        assert self.reached.wait(60), f"page {self.page} was never asked for"

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Tell of the page, and hold it until the gate is open."""
        if asked.page == self.page and self._set_spec in {None, asked.set_spec}:
            self.reached.set()
            self._open.wait(60)
        return answer(asked.request)

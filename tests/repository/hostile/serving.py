"""The hostile repository over HTTP: the misbehaviours that a URL names, in front of a polite repository."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import unquote

from watching import Asked, Fault, Watch

from hostile.naming import named
from workers.demo.exchange import Answer, Answering, Request, Response, Writer
from workers.demo.server import PATH, serve

_PREFIX = "/with/"
_JOINT = "+"


class _Held(Exception):
    """The connection is taken: nothing that stands further out has a response to alter."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self.writer = writer


class Hostile:
    """A middleware that misbehaves as the path of each request says; under the plain path it is polite.

    Each name has a ``Watch`` of its own for each URL, so that how often a request came is counted for it alone. A
    misbehaviour finds the rest of the path in ``asked.request.path``: ``/oai``, or what it has redirected to.
    """

    def __init__(self) -> None:
        """Know of no URL yet."""
        self._chains: dict[str, tuple[Watch, ...]] = {}
        self._lock = threading.Lock()

    def watch(self, *names: str) -> Watch:
        """Give the watch of the outermost of the names, as a URL names them."""
        return self._chain(_JOINT.join(names))[0]

    def __call__(self, request: Request, answer: Answer) -> Response | Writer:
        """Answer as the names in the path want it."""
        if not request.path.startswith(_PREFIX):
            return answer(request)
        names, _, rest = unquote(request.path.removeprefix(_PREFIX)).partition("/")
        try:
            chain = self._chain(names)
        except KeyError:
            return Response(body=f"no misbehaviour: {names}\n".encode(), status=HTTPStatus.NOT_FOUND)
        inner = replace(request, path=f"/{rest}", base_url=url_with(request.base_url, names))
        try:
            return _answered(chain, inner, answer)
        except _Held as held:
            return held.writer

    def _chain(self, names: str) -> tuple[Watch, ...]:
        with self._lock:
            if names not in self._chains:
                self._chains[names] = tuple(Watch(named(name).fault) for name in names.split(_JOINT))
            return self._chains[names]


def _answered(chain: Sequence[Watch], request: Request, answer: Answer) -> Response:
    """Let the first of a chain answer, and behind it the others; raises ``_Held`` with a writer."""
    if not chain:
        return answer(request)
    outcome = chain[0](request, lambda inner: _answered(chain[1:], inner, answer))
    if isinstance(outcome, Response):
        return outcome
    raise _Held(outcome)


def url_with(base_url: str, *names: str) -> str:
    """Give the URL of the repository at ``base_url`` (the plain one) with these misbehaviours, outermost first."""
    return f"{base_url.removesuffix(PATH)}{_PREFIX}{_JOINT.join(names)}{PATH}"


def composed(*names: str) -> Fault:
    """Give several misbehaviours as one, for a server that needs no URL to choose by."""
    chain = tuple(Watch(named(name).fault) for name in names)

    def fault(asked: Asked, answer: Answer) -> Response | Writer:
        try:
            return _answered(chain, asked.request, answer)
        except _Held as held:
            return held.writer

    return fault


@contextmanager
def misbehaving(repository: Answering, *names: str) -> Iterator[tuple[str, Watch]]:
    """Serve a repository with these misbehaviours, outermost first; yield its URL and the outermost's watch."""
    hostile = Hostile()
    with serve(repository, middleware=hostile) as base_url:
        yield url_with(base_url, *names), hostile.watch(*names)

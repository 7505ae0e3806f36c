"""Ask a repository while a lease is kept and a stop is listened for: no request holds either up."""

from collections.abc import Callable
from typing import TypeVar

from ingest.heartbeat import Heart
from ingest.protocol.ahead import Reader
from ingest.records import Page
from ingest.surroundings import Surroundings

_LOOK_SECONDS = 0.2

Answer = TypeVar("Answer")


class Asking:
    """The requests of one window."""

    def __init__(self, around: Surroundings, heart: Heart) -> None:
        """Ask nothing yet; ``close`` has to be called in the end."""
        self._around, self._heart = around, heart
        self._pages: Reader[Page] = Reader()

    def close(self) -> None:
        """Ask nothing more."""
        self._pages.close()

    @property
    def waiting(self) -> bool:
        """Whether a page has been asked for and not been taken."""
        return self._pages.waiting

    def ask(self, call: Callable[[], Page]) -> None:
        """Ask for a page, ahead of its being taken."""
        self._pages.ask(call)

    def take(self) -> Page | None:
        """Wait for the page that was asked for first; None where a stop is asked for before it comes.

        Raises LeaseLost where the lease is lost meanwhile, and what asking raised.
        """
        return self._wait(self._pages)

    def aside(self, call: Callable[[], Answer]) -> Answer | None:
        """Ask something else and wait for it, as ``take`` does."""
        reader: Reader[Answer] = Reader()
        reader.ask(call)
        try:
            return self._wait(reader)
        finally:
            reader.close()

    def _wait(self, reader: Reader[Answer]) -> Answer | None:
        while (answer := reader.take(_LOOK_SECONDS)) is None:
            if self._around.stop():
                return None
            self._heart.check()
        return answer

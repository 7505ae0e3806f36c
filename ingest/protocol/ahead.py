"""One page ahead: the next page is asked for while the one before it is described and written."""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from ingest.records import ListRequest, Page, ResumptionToken

Request: TypeAlias = ListRequest | ResumptionToken


class PageReader:
    """Ask for pages in a thread of its own, so that connections are kept and the caller can do other work meanwhile.

    The thread ends with the process: a page that is still being waited for at a clean stop is dropped.
    """

    def __init__(self, ask: Callable[[Request], Page]) -> None:
        """Read with ``ask``, which is only ever called in this reader's thread."""
        self._ask = ask
        self._asked: SimpleQueue[tuple[Request, Future[Page]] | None] = SimpleQueue()
        self._answers: list[Future[Page]] = []
        # With the context of the caller, so that what is logged carries the same names.
        Thread(target=copy_context().run, args=(self._run,), name="page-reader", daemon=True).start()

    @property
    def waiting(self) -> bool:
        """Whether a page has been asked for and not been taken."""
        return bool(self._answers)

    def ask(self, request: Request) -> None:
        """Ask for a page; its answer is the next to be taken."""
        answer: Future[Page] = Future()
        self._answers.append(answer)
        self._asked.put((request, answer))

    def take(self, seconds: float) -> Page | None:
        """Give the page asked for first, or None where it has not come within ``seconds``.

        Raises what asking raised.
        """
        answer = self._answers[0]
        try:
            page = answer.result(timeout=seconds)
        except TimeoutError:
            if not answer.done():
                return None
            raise
        finally:
            if answer.done():
                self._answers.pop(0)
        return page

    def close(self) -> None:
        """End the thread after the request in hand."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            request, answer = asked
            try:
                answer.set_result(self._ask(request))
            except BaseException as error:  # noqa: BLE001  # handed to the caller, who takes the answer
                answer.set_exception(error)

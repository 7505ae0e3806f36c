"""One page ahead: the next page is asked for while the one before it is described and written."""

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Reader(Generic[Answer]):
    """Ask in a thread of its own, so that connections are kept and the caller can do other work meanwhile.

    The thread ends with the process: an answer that is still being waited for at a clean stop is dropped.
    """

    def __init__(self) -> None:
        """Begin the thread."""
        self._asked: SimpleQueue[tuple[Callable[[], Answer], Future[Answer]] | None] = SimpleQueue()
        self._answers: list[Future[Answer]] = []
        # With the context of the caller, so that what is logged carries the same names.
        Thread(target=copy_context().run, args=(self._run,), name="reader", daemon=True).start()

    @property
    def waiting(self) -> bool:
        """Whether an answer has been asked for and not been taken."""
        return bool(self._answers)

    def ask(self, call: Callable[[], Answer]) -> None:
        """Ask by calling ``call`` in the reader's thread; its answer is the next to be taken."""
        answer: Future[Answer] = Future()
        self._answers.append(answer)
        self._asked.put((call, answer))

    def take(self, seconds: float) -> Answer | None:
        """Give the answer asked for first, or None where it has not come within ``seconds``.

        Raises what asking raised.
        """
        first = self._answers[0]
        try:
            answer = first.result(timeout=seconds)
        except TimeoutError:
            if not first.done():
                return None
            raise
        finally:
            if first.done():
                self._answers.pop(0)
        return answer

    def close(self) -> None:
        """End the thread after the request in hand."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            call, answer = asked
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001  # handed to the caller, who takes the answer
                answer.set_exception(error)

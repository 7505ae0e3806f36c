"""Questions, asked one after another until no more may be asked: a question that fails does not stop the others."""

from collections.abc import Callable
from typing import TypeVar

from ingest.errors import BadResumptionToken, ConfigurationError, FatalProtocolError, IngestError, RetriableError
from ingest.passport import Answered, Question
from ingest.protocol.inquiry import Inquiry, RequestsSpent
from ingest.records import Page

T = TypeVar("T")

_SILENCES = 2
"""After so many questions in a row that nobody answered, no more are asked."""


class Asking:
    """Asks one question after another, until no more may be asked."""

    def __init__(self, inquiry: Inquiry, tell: Callable[[str], object]) -> None:
        """Ask nothing yet; ``tell`` is given each question before it is asked."""
        self.inquiry = inquiry
        self.pages: dict[Question, Answered[Page]] = {}
        self.unasked: list[str] = []
        self._tell = tell
        self._silences = 0
        self._ended = False

    def ask(self, what: str, question: Callable[[], T]) -> Answered[T] | None:
        """Ask, and give what came, an error too; None where it was not asked any more."""
        if not self._ended:
            self._tell(what)
            try:
                answer = self._answered(question)
            except RequestsSpent:
                self._ended = True
            else:
                self._silences = self._silences + 1 if answer.code == "repository-unavailable" else 0
                self._ended = answer.code == "access-refused" or self._silences >= _SILENCES
                return answer
        self.unasked.append(what)
        return None

    def page(self, question: Question, asked: Callable[[], Page]) -> Answered[Page] | None:
        """Ask for a page, and keep what came under the question's name."""
        answer = self.ask(question.value, asked)
        if answer is not None:
            self.pages[question] = answer
        return answer

    def _answered(self, question: Callable[[], T]) -> Answered[T]:
        try:
            value, code, message = question(), "", ""
        except (ConfigurationError, RequestsSpent):
            raise
        except IngestError as error:
            value, code, message = None, _code(error), str(error)
        last = self.inquiry.last
        return Answered(value=value, code=code, message=message, status=last.status, seconds=last.seconds)


def _code(error: IngestError) -> str:
    if isinstance(error, FatalProtocolError):
        return error.code or "unknown-error"
    if isinstance(error, BadResumptionToken):
        return "badResumptionToken"
    return "repository-unavailable" if isinstance(error, RetriableError) else type(error).__name__

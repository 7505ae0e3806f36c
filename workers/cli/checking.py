"""Checks a repository in this process: the pace it is asked at, the progress that is told, what is written."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from ingest.check.checking import MOST_REQUESTS, check
from ingest.declarations import read_declarations
from ingest.endpoints import Auth, Endpoint
from ingest.errors import ConfigurationError, DatabaseRefused
from ingest.passport import Passport, Verdict
from ingest.plan.stanza import new_name, stanza
from ingest.protocol.inquiry import Inquiry
from ingest.settings import Settings, from_environment
from ingest.store import schema
from ingest.store.engine import open_engine
from workers.cli.layout import show
from workers.cli.output import note, write, write_json
from workers.cli.pace import waiting_words
from workers.cli.passport_shown import passport_object, passport_shown
from workers.cli.selecting import found_endpoint
from workers.repositories import open_inquiry, share_pace

_LONGEST_WAIT = 60.0
"""Seconds that one question waits in all, where the repository is away or asks for patience."""
_QUIET = 3.0
"""Seconds without a word, after which the next question is told where nothing moves on a terminal."""


def check_and_write(name_or_url: str, *, auth: Auth | None, as_json: bool) -> int:
    """Check, write the passport, and return the exit code. Raises ConfigurationError for a name nobody declares.

    ``auth`` is tried instead of what is declared.
    """
    settings = from_environment()
    endpoint, declared = found_endpoint(name_or_url, settings.config)
    endpoint = endpoint.model_copy(update={"auth": auth}) if auth else endpoint
    passport = checked(endpoint, settings, declared=declared)
    taken = [each.name for each in read_declarations(settings.config)]
    name = endpoint.name if declared else new_name(passport, taken)
    on = datetime.now(UTC).date()
    table = None if passport.verdict is Verdict.CAN_NOT else stanza(name, passport, on=on, auth=endpoint.auth)
    if as_json:
        write_json(passport_object(passport, endpoint=endpoint.name if declared else None, stanza=table))
    else:
        show(*passport_shown(passport))
        _write_stanza(table, declared=declared)
    return 1 if passport.verdict is Verdict.CAN_NOT else 0


def _write_stanza(table: str | None, *, declared: bool) -> None:
    """Write the declaration as it is to be copied: a comment that a narrow terminal broke would be no TOML."""
    if table is not None:
        where = "as it could be declared:" if declared else "ready for endpoints.toml, or `oai-ingest endpoints add`:"
        write(f"\n{where}\n\n{table}")


def checked(endpoint: Endpoint, settings: Settings, *, declared: bool) -> Passport:
    """Check an endpoint, at its host's pace, with progress on standard error."""
    with ExitStack() as stack:
        tell, waiting = stack.enter_context(_progress())
        opened = open_inquiry(
            endpoint, settings, most_requests=MOST_REQUESTS, longest_wait=_LONGEST_WAIT, on_wait=waiting
        )
        inquiry = stack.enter_context(opened)
        stack.enter_context(_pace(inquiry, endpoint, settings))
        return check(endpoint, inquiry, declared=declared, tell=tell)


@contextmanager
def _pace(inquiry: Inquiry, endpoint: Endpoint, settings: Settings) -> Iterator[None]:
    """Keep the host's pace together with workers, where there is a database that says what it is.

    A check needs none: it makes no database, upgrades none, and only says so where one can not be used.
    """
    try:
        usable = not schema.check(settings.database_url).upgrade_due
    except (ConfigurationError, DatabaseRefused) as refused:
        note(f"asking at this process's own pace: {refused}")
        usable = False
    if not usable:
        yield
        return
    database = open_engine(settings.database_url)
    try:
        share_pace(inquiry, endpoint, settings, database)
        yield
    finally:
        database.dispose()


Tell = Callable[[str], None]
Waiting = Callable[[float, str], None]


@contextmanager
def _progress() -> Iterator[tuple[Tell, Waiting]]:
    """Say what is being asked: in a line that moves on a terminal, elsewhere in lines where it takes long."""
    if not sys.stderr.isatty():
        lines = _Lines()
        yield lines.tell, lines.waiting
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for loading it.

    console = Console(stderr=True, highlight=False, emoji=False)
    with console.status("", spinner="dots") as status:
        yield (
            lambda what: status.update(f"asking for {what}"),
            lambda seconds, reason: console.print(waiting_words(seconds, reason), markup=False),
        )


class _Lines:
    """A line for a question where nothing was said for some seconds, and one for each wait."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, what: str) -> None:
        if time.monotonic() - self._told_at >= _QUIET:
            self._note(f"asking for {what}")

    def waiting(self, seconds: float, reason: str) -> None:
        self._note(waiting_words(seconds, reason))

    def _note(self, line: str) -> None:
        self._told_at = time.monotonic()
        note(line)

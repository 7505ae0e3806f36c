"""Adds repositories to ``endpoints.toml``: each is checked, and declared where it can be harvested."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.declarations import read_declarations
from ingest.endpoint_values import quoted
from ingest.endpoints import Auth, Endpoint, endpoint_for_url, find
from ingest.errors import ConfigurationError, IngestError
from ingest.passport import Passport, Severity, Verdict
from ingest.plan.stanza import new_name, stanza
from ingest.settings import Settings, from_environment
from workers.cli.appending import FILE, append, check_writable
from workers.cli.checking import checked
from workers.cli.layout import VERDICT_STYLES, indented, line, show, words
from workers.cli.output import counted, note, one_line, write, write_json
from workers.cli.passport_shown import VERDICTS, passport_object

_NAME = re.compile(r"[A-Za-z0-9._/:?=&-]+")


_ADDED, _DECLARED, _TWICE, _NOT_ADDED = "added", "declared already", "listed twice", "not added"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What came of one URL."""

    url: str
    outcome: str
    """``added``, ``declared already``, ``listed twice`` or ``not added``."""
    line: int | None = None
    """Where it stands in the list."""
    endpoint: str | None = None
    error: str | None = None
    passport: Passport | None = None
    stanza: str | None = None

    @property
    def well(self) -> bool:
        return self.outcome != _NOT_ADDED

    @property
    def shown(self) -> str:
        """Give the URL as it may be shown: a password that stands in it stays out."""
        return re.sub(r"//.*@", "//…@", self.url)


def add_and_write(
    url: str | None, *, name: str | None, auth: Auth | None, listed_in: Path | None, as_json: bool
) -> int:
    """Add one repository, or those that a file lists, and say what came of each; returns the exit code.

    Raises ConfigurationError, before anything is asked, for what can not be added at all.
    """
    settings = from_environment()
    if url is not None and listed_in is None:
        return _add_one(url, name, auth, settings, as_json=as_json)
    if url is not None or listed_in is None:
        raise ConfigurationError("name one repository by its URL, or many by --from FILE")
    if name is not None or auth is not None:
        raise ConfigurationError("--name, --basic and --header are for one repository, not for --from")
    return _add_listed(_listed(listed_in), settings, as_json=as_json)


# --- one ------------------------------------------------------------------------------------------


def _add_one(url: str, name: str | None, auth: Auth | None, settings: Settings, *, as_json: bool) -> int:
    endpoint = endpoint_for_url(url).model_copy(update={"auth": auth})
    declared = read_declarations(settings.config)
    if known := find(declared, endpoint.url):
        raise ConfigurationError(f"{endpoint.url} is declared already, as {quoted(known.name)}")
    if name is not None:
        _check_name(name, declared)
    check_writable(settings.config)
    result = _added(endpoint, name, settings)
    if as_json:
        write_json(_object(result))
    else:
        show(_headline(result, settings), *_remarks(result))
        write(_next_step(result))
    return 0 if result.well else 1


def _check_name(name: str, declared: tuple[Endpoint, ...]) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"--name {quoted(name)} is no name: letters, digits and . _ - / : ? = & only")
    if name in {each.name for each in declared}:
        raise ConfigurationError(f"--name {quoted(name)} is declared already; choose another")


def _added(endpoint: Endpoint, name: str | None, settings: Settings) -> _Result:
    """Check, and declare where that went well."""
    passport = checked(endpoint, settings, declared=False)
    if passport.verdict is Verdict.CAN_NOT:
        return _Result(url=endpoint.url, outcome=_NOT_ADDED, error=passport.why, passport=passport)
    taken = [each.name for each in read_declarations(settings.config)]
    name = name or new_name(passport, taken)
    table = stanza(name, passport, on=datetime.now(UTC).date(), auth=endpoint.auth)
    append(settings.config, table)
    return _Result(url=endpoint.url, outcome=_ADDED, endpoint=name, passport=passport, stanza=table)


# --- many -----------------------------------------------------------------------------------------


def _add_listed(listed: tuple[tuple[int, str], ...], settings: Settings, *, as_json: bool) -> int:
    # A file that can not be read or written is no fault of any one URL.
    read_declarations(settings.config)
    check_writable(settings.config)
    results: list[_Result] = []
    for number, listed_url in listed:
        earlier = next((each for each in results if each.url == listed_url), None)
        result = _tried(listed_url, settings) if earlier is None else _again(earlier)
        results.append(replace(result, line=number))
        _tell(results[-1], settings, as_json=as_json)
    if as_json:
        write_json([_object(result) for result in results])
        note(_summary(results))
    else:
        show(words(_summary(results), "bold"))
    return 0 if all(result.well for result in results) else 1


def _listed(path: Path) -> tuple[tuple[int, str], ...]:
    """Read a list of URLs, one a line, with their lines' numbers; what follows a ``#`` after a blank is a comment."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigurationError(f"{path} can not be read: {reason}") from error
    numbered = ((number, re.sub(r"(?:^|\s)#.*", "", each).strip()) for number, each in enumerate(lines, start=1))
    urls = tuple((number, url) for number, url in numbered if url)
    if not urls:
        raise ConfigurationError(f"{path} lists no URL; write one a line")
    return urls


def _tried(url: str, settings: Settings) -> _Result:
    """Add one of many: whatever is wrong with it is its own result, and the others go on."""
    try:
        endpoint = endpoint_for_url(url)
        if known := find(read_declarations(settings.config), endpoint.url):
            return _Result(url=url, outcome=_DECLARED, endpoint=known.name)
        return replace(_added(endpoint, None, settings), url=url)
    except IngestError as error:
        return _Result(url=url, outcome=_NOT_ADDED, error=str(error))


def _again(earlier: _Result) -> _Result:
    """Nothing is asked a second time; a line that failed has failed, and its repetition is no other failure."""
    return _Result(url=earlier.url, outcome=_TWICE, endpoint=earlier.endpoint)


def _tell(result: _Result, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        note(f"{result.shown}: {result.outcome}")
    else:
        show(_headline(result, settings))


def _summary(results: list[_Result]) -> str:
    outcomes = Counter(result.outcome for result in results)
    told = ", ".join(f"{outcomes[each]} {each}" for each in (_ADDED, _DECLARED, _TWICE, _NOT_ADDED) if outcomes[each])
    return f"{counted(len(results), 'URL')}: {told}"


# --- what is told ---------------------------------------------------------------------------------


def _headline(result: _Result, settings: Settings) -> Any:
    where = f"line {result.line}: " if result.line else ""
    head = line(where, words(result.shown, "bold"))
    if result.outcome == _ADDED and result.passport is not None:
        told, style = VERDICTS[result.passport.verdict]
        return line(head, f": added to {settings.config / FILE} as {quoted(result.endpoint)}; it ", words(told, style))
    if result.outcome == _NOT_ADDED:
        return line(head, ": ", words("not added", VERDICT_STYLES["failed"]), f": {one_line(result.error or '')}")
    return line(head, f": {result.outcome}", f", as {quoted(result.endpoint)}" if result.endpoint else "")


def _remarks(result: _Result) -> Iterator[Any]:
    """Name what needs care."""
    findings = result.passport.findings if result.passport is not None and result.well else ()
    for finding in findings:
        if finding.severity is Severity.WARNING:
            yield indented(line(words("warning", "yellow"), f"  {one_line(finding.text)}"))


def _next_step(result: _Result) -> str:
    """Say what comes next; a command that is to be copied is not laid out."""
    if not result.well:
        return ""
    return f"  add a schedule to it, or harvest it now: {shlex.join(['oai-ingest', 'harvest', str(result.endpoint)])}\n"


def _object(result: _Result) -> dict[str, Any]:
    """Tell a result, with the passport where there is one."""
    told: dict[str, Any] = {"url": result.shown, "outcome": result.outcome, "endpoint": result.endpoint}
    told |= {"line": result.line} if result.line else {}
    if result.passport is not None:
        told |= passport_object(result.passport, endpoint=result.endpoint, stanza=result.stanza) | told
    return told | ({"error": result.error} if result.error else {})

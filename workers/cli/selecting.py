"""What a person asks to harvest: the endpoint found by name or URL, and the selection."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from ingest.declarations import read_declarations, with_tables
from ingest.endpoint_values import quoted
from ingest.endpoints import Auth, Endpoint, endpoint_for_url, find
from ingest.errors import ConfigurationError
from ingest.ledger import Selection
from ingest.operator_tables_toml import read_operator_tables
from workers.cli.options import HarvestArguments

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
_DAY = len("YYYY-MM-DD")


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestRequest:
    """An endpoint and what to harvest of it."""

    endpoint: Endpoint
    """With what is asked for this once."""
    declared: bool
    selection: Selection
    as_declared: Endpoint | None = None
    """Without what is asked for this once."""


def harvest_request(asked: HarvestArguments, config: Path) -> HarvestRequest:
    """Make sense of the command's arguments; raises ConfigurationError, one line, where there is none."""
    _check_range(asked)
    _check_names(asked.prefixes, "--prefix")
    _check_names(asked.sets, "--set")
    _check_identifiers(asked)
    _check_sweep(asked)
    as_declared, declared = found_endpoint(asked.name_or_url, config)
    endpoint = as_declared
    if asked.prefixes:
        endpoint = endpoint.model_copy(update={"metadata_prefix": tuple(dict.fromkeys(asked.prefixes))})
    if asked.parallel:
        endpoint = endpoint.model_copy(update={"parallel": asked.parallel})
    selection = Selection(
        prefixes=endpoint.metadata_prefix,
        # An item is asked for by its name, whichever set it is in.
        sets=() if asked.identifiers else tuple(dict.fromkeys(asked.sets)) or endpoint.sets,
        from_=asked.from_,
        until=asked.until,
        full=asked.full,
        identifiers=tuple(dict.fromkeys(asked.identifiers)),
        sweep=asked.sweep,
    )
    return HarvestRequest(endpoint=endpoint, as_declared=as_declared, declared=declared, selection=selection)


# --- the endpoint ---------------------------------------------------------------------------------


def found_endpoint(name_or_url: str, config: Path) -> tuple[Endpoint, bool]:
    """Find an endpoint by name or URL, and say whether it is declared; any URL is an endpoint of its own."""
    is_url = "://" in name_or_url
    declared = read_declarations(config)
    endpoint = find(declared, name_or_url)
    if endpoint is not None:
        return endpoint, True
    if is_url:
        return with_tables(endpoint_for_url(name_or_url), read_operator_tables(config)), False
    raise ConfigurationError(_unknown(name_or_url, [each.name for each in declared], config / "endpoints.toml"))


def _unknown(name: str, names: Sequence[str], path: Path) -> str:
    if not path.exists():
        hint = "create it, name its folder in OAI_INGEST_CONFIG, or name a repository by its URL, http://…"
        return f"there is no endpoint {quoted(name)}, for {path} does not exist; {hint}"
    close = difflib.get_close_matches(name, names, n=3)
    if close:
        hint = f"did you mean {' or '.join(map(quoted, close))}?"
    elif "/" in name or "." in name:
        hint = "a URL begins with http:// or https://"
    else:
        hint = f"it declares {', '.join(sorted(names)[:8]) or 'nothing'}; any repository can be named by its URL"
    return f"there is no endpoint {quoted(name)} in {path}; {hint}"


def auth_of(basic: str | None, header: str | None) -> Auth | None:
    """Take the credentials of the command line, which are references; raises ConfigurationError for anything else.

    What was given is not told: it may be the secret itself.
    """
    if basic is not None and header is not None:
        raise ConfigurationError("give credentials by --basic or by --header, not by both")
    try:
        if basic is not None:
            return Auth(basic=basic)
        if header is not None:
            name, _, value = header.partition("=")
            return Auth(header=name, value=value)
    except ValidationError:
        meant = "--basic env:VARIABLE" if basic is not None else "--header NAME=env:VARIABLE"
        raise ConfigurationError(f"write {meant}; a secret never stands on a command line") from None
    return None


# --- the selection --------------------------------------------------------------------------------


def _check_names(names: Sequence[str], option: str) -> None:
    for name in names:
        if not name.strip() or not name.isprintable() or " " in name:
            raise ConfigurationError(f"{option} {quoted(name)} is no name that a repository can have")


def _check_identifiers(asked: HarvestArguments) -> None:
    for identifier in asked.identifiers:
        if not identifier.strip() or not identifier.isprintable():
            raise ConfigurationError(f"--identifier {quoted(identifier)} is no identifier that an item can have")
    given = {"--from": asked.from_, "--until": asked.until, "--set": asked.sets, "--full": asked.full}
    for option in (option for option, value in given.items() if value and asked.identifiers):
        raise ConfigurationError(f"--identifier asks for single items; leave out {option}, or --identifier")


def _check_sweep(asked: HarvestArguments) -> None:
    given: dict[str, object] = {"--from": asked.from_, "--until": asked.until, "--full": asked.full}
    given |= {"--identifier": asked.identifiers, "--limit": asked.limit}
    for option in (option for option, value in given.items() if value and asked.sweep):
        raise ConfigurationError(f"--sweep looks through whole lists; leave out {option}, or --sweep")


def _check_range(asked: HarvestArguments) -> None:
    from_, until = asked.from_, asked.until
    for option, date in (("--from", from_), ("--until", until)):
        if date is not None and not _is_date(date):
            form = "write a real date as YYYY-MM-DD or, in UTC, YYYY-MM-DDThh:mm:ssZ"
            raise ConfigurationError(f"{option} {quoted(date)} is no date; {form}")
    if asked.full and (from_ or until):
        raise ConfigurationError("--full reads everything; leave out --full, or --from and --until")
    if from_ and until and _to_second(from_, "T00:00:00Z") > _to_second(until, "T23:59:59Z"):
        raise ConfigurationError(f"--from {from_} is later than --until {until}; give the earlier date to --from")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _to_second(date: str, time_of_day: str) -> str:
    return date if len(date) > _DAY else date + time_of_day

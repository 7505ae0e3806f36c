"""The values that a declaration may hold, each with its check.

A check's ValueError says what is wrong in words that follow the key: "is no cron line: …".
"""

import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field


def quoted(value: object) -> str:
    """Quote a value for a message of one line: nothing that breaks a line, and no more than 80 characters."""
    text = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in str(value)[:81])
    return f'"{text}"' if len(text) <= 80 else f'"{text[:79]}…"'  # noqa: PLR2004 - the width stands in the docstring.


def base_url(url: str) -> str:
    """Check a base URL (protocol section 3.1.1); credentials and arguments of the protocol have no place in it."""
    if not url.isprintable() or " " in url:
        raise ValueError("holds a blank or a control character; a URL has them percent-encoded")
    try:
        parts = urlsplit(url)
        # Reading the port is what checks it.
        _ = parts.port
    except ValueError as error:
        raise ValueError("is no URL that can be read; check its host and port") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is no repository's URL; write http:// or https://, a host and a path")
    if parts.username is not None:
        raise ValueError('holds credentials; declare the endpoint with auth = { basic = "env:NAME" } instead')
    if parts.fragment or re.search(r"(?:^|&)verb=", parts.query):
        raise ValueError('is a request, not a base URL; leave out "verb=…" with what follows it, and any "#…"')
    return url


def _cron(line: str) -> str:
    """Check a cron line of five fields, read in UTC, that comes due at some time."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 - only a declared schedule pays for its import.

    meaning = 'a cron line is "minute hour day month weekday" in UTC, e.g. "0 3 * * *"'
    fields = len(line.split())
    if fields != len(("minute", "hour", "day", "month", "weekday")):
        raise ValueError(f"has {fields} fields, not 5; {meaning}")
    try:
        due = next(CronSim(line, datetime(2024, 1, 1, tzinfo=UTC)), None)
    except CronSimError as error:
        raise ValueError(f"is no cron line: {str(error).lower()} in {quoted(line)}; {meaning}") from error
    if due is None:
        raise ValueError(f"never comes due: {quoted(line)}; {meaning}")
    return line


def _pattern(pattern: str) -> str:
    """Check a regular expression; group 1 is what is taken, or the whole match where there is no group."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error} in {quoted(pattern)}") from error
    return pattern


def _reference(text: str) -> str:
    """Check a reference to the environment; what is refused is never shown, because it may be the secret itself."""
    if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError('must name an environment variable, "env:NAME"; a secret never stands in the file')
    return text


def _header_name(name: str) -> str:
    """Check the name of a request header (RFC 9110, section 5.6.2)."""
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        raise ValueError(f"can not be named {quoted(name)}; a header's name is one word, such as X-Api-Key")
    return name


def _headers(headers: dict[str, str]) -> dict[str, str]:
    """Check request headers: one line each, and no credentials, which belong under ``auth``."""
    for name, value in headers.items():
        if _header_name(name).lower() in {"authorization", "proxy-authorization", "cookie"}:
            raise ValueError(f'must not hold {name}; write auth = {{ header = "{name}", value = "env:NAME" }}')
        if not value.isprintable():
            raise ValueError(f"has a line break or a control character in {name}")
    return headers


def _quirk(value: object) -> object:
    """Check one quirk's value here, because a union of types would answer with one error for each of them."""
    if not isinstance(value, bool | int | float | str):
        raise ValueError("must be true, false, a number or a text")  # noqa: TRY004 - pydantic translates ValueError only.
    return value


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Check that nothing stands twice: it would be harvested twice."""
    if twice := [value for value in values if values.count(value) > 1]:
        raise ValueError(f"names {quoted(twice[0])} twice")
    return values


def as_list(value: object) -> object:
    """Take a text for a list of one."""
    return (value,) if isinstance(value, str) else value


def as_rule(value: object) -> object:
    """Take a text for a rule's pattern."""
    return {"pattern": value} if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
SomeSeconds = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Percent = Annotated[float, Field(strict=True, ge=0, le=100)]
Whole = Annotated[int, Field(strict=True)]
Some = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]
BaseUrl = Annotated[str, AfterValidator(base_url)]
Cron = Annotated[str, AfterValidator(_cron)]
Pattern = Annotated[Text, AfterValidator(_pattern)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Reference = Annotated[str, AfterValidator(_reference)]
Names = Annotated[tuple[Text, ...], AfterValidator(_distinct)]
Quirk = Annotated[bool | int | float | str, BeforeValidator(_quirk)]
Headers = Annotated[dict[str, str], AfterValidator(_headers)]

"""An endpoint: how a repository is declared. ``ingest.endpoints_toml`` reads declarations from a file.

The types check themselves, so that a declaration read from the database is held to the same rules as one read
from a file. A validator's ValueError says what is wrong in words that follow the key: "is no cron line: …".
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingest.errors import ConfigurationError


def quoted(value: object) -> str:
    """Quote a value for a message of one line: nothing that breaks a line, and no more than 80 characters."""
    text = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in str(value)[:81])
    return f'"{text}"' if len(text) <= 80 else f'"{text[:79]}…"'  # noqa: PLR2004 - the width stands in the docstring.


def _base_url(url: str) -> str:
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


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_rule(value: object) -> object:
    return {"pattern": value} if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
SomeSeconds = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Percent = Annotated[float, Field(strict=True, ge=0, le=100)]
Whole = Annotated[int, Field(strict=True)]
Some = Annotated[int, Field(strict=True, ge=1)]
Flag = Annotated[bool, Field(strict=True)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Cron = Annotated[str, AfterValidator(_cron)]
Pattern = Annotated[Text, AfterValidator(_pattern)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Reference = Annotated[str, AfterValidator(_reference)]
Names = Annotated[tuple[Text, ...], AfterValidator(_distinct)]
Quirk = Annotated[bool | int | float | str, BeforeValidator(_quirk)]


class _Declared(BaseModel):
    # What was refused may be a secret, so it stays out of pydantic's own error text.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FieldRule(_Declared):
    """Where to look in a described record: a field's element name, and a pattern whose group 1 is taken."""

    element: Text
    pattern: Pattern


class RecordIdRule(_Declared):
    """How the record ID is read: from the OAI identifier (no element), or from a described field."""

    element: Text | None = None
    pattern: Pattern


class Fields(_Declared):
    """Where a repository keeps what our formats have no element for."""

    rights: FieldRule | None = None
    donor: FieldRule | None = None
    source: FieldRule | None = None


class Defaults(_Declared):
    """What to say when a record is silent."""

    rights: Text | None = None
    donor: Text | None = None
    source: Text | None = None


class Auth(_Declared):
    """Credentials by reference to the environment (``env:NAME``), never literal.

    ``basic`` names a variable that holds ``user:password``; ``header`` and ``value`` go together.
    """

    basic: Reference | None = None
    header: HeaderName | None = None
    value: Reference | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Auth":
        given = (self.basic is not None, self.header is not None, self.value is not None)
        if given not in {(True, False, False), (False, True, True)}:
            raise ValueError('must be { basic = "env:NAME" } or { header = "X-Api-Key", value = "env:NAME" }')
        return self


class Fuse(_Declared):
    """How many deletions a sweep may bring before a person must approve: percent of the list, and records."""

    percent: Percent = 10.0
    records: Annotated[Whole, Field(ge=0)] = 100


class TrustedOrigin(_Declared):
    """A declared endpoint whose items an aggregator may speak for."""

    base_url: str
    namespace: str
    record_id: RecordIdRule | None = None


class Endpoint(_Declared):
    """One declared repository. Durations are seconds, sizes bytes, schedules cron lines in UTC."""

    name: Text
    url: BaseUrl
    metadata_prefix: Annotated[Names, Field(min_length=1), BeforeValidator(_as_list)] = ("oai_dc",)
    """In order of precedence within a record."""
    sets: Names = ()
    schedule: Cron | None = None
    record_id: Annotated[RecordIdRule | None, BeforeValidator(_as_rule)] = None
    namespace: Text
    parallel: Some = 1
    min_interval: Seconds = 0.0
    fields: Fields = Fields()
    defaults: Defaults = Defaults()
    quirks: dict[str, Quirk] = {}
    priority: Whole = 100
    """Smaller speaks first."""
    origin: Literal["trust"] | None = None
    trusted_origins: tuple[TrustedOrigin, ...] = ()
    """Filled on reading, from the other declarations, where ``origin`` is ``trust``."""
    renamed_from: Text | None = None
    auth: Auth | None = None
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = {}
    verify_tls: Flag = True
    timeout: SomeSeconds = 60.0
    page_deadline: SomeSeconds = 300.0
    max_pages: Some | None = None
    max_bytes: Some | None = None
    rejection_ceiling: Percent | None = None
    """Percent of seen; None: the greater of 100 records and 5 %."""
    shrink_limit: Percent = 10.0
    """Percent by which a full read may fall short before it is suspect."""
    sweep: Cron | None = None
    fuse: Fuse = Fuse()
    full_every: SomeSeconds | None = None
    overlap: Seconds | None = None
    paused: Flag = False

    @property
    def host(self) -> str:
        """Name the host whose pace is kept, with the port where the URL has one."""
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()


class Profile(_Declared):
    """All that a description depends on besides the item: rules, bundled tables, the endpoint's describing keys."""

    rules: int
    """The code's rule number; grows when any rule, crosswalk or bundled table changes."""
    namespace: str
    record_id: RecordIdRule | None = None
    fields: Fields = Fields()
    defaults: Defaults = Defaults()
    priority: int = 100
    prefixes: tuple[str, ...] = ("oai_dc",)
    trusted_origins: tuple[TrustedOrigin, ...] = ()


def declared(text: str) -> Endpoint:
    """Read a declaration as the database keeps it.

    Raises ConfigurationError where another version of this program wrote it and this one can not read it.
    """
    try:
        return Endpoint.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        told = f"the declaration in the database was written by another version of oai-ingest ({where}: {first['msg']})"
        raise ConfigurationError(f"{told}; run the newer one") from None


def endpoint_for_url(url: str) -> Endpoint:
    """Make the endpoint of a bare URL: named ``host[:port]/path[?query]``, namespace the same, prefix ``oai_dc``.

    Raises ConfigurationError where the URL is none that a repository can have.
    """
    try:
        name = _canonical(_base_url(url.strip())).partition("://")[2]
    except ValueError as error:
        shown = re.sub(r"//.*@", "//…@", url.strip())
        raise ConfigurationError(f"{quoted(shown)} {error}") from None
    return Endpoint(name=name, url=url.strip(), namespace=name)


def find(endpoints: Iterable[Endpoint], name_or_url: str) -> Endpoint | None:
    """Find by name, else by URL, where case of scheme and host and a slash at the path's end do not count.

    Where several endpoints share the URL, the first is returned.
    """
    declared = tuple(endpoints)
    by_name = (endpoint for endpoint in declared if endpoint.name == name_or_url)
    wanted = _canonical(name_or_url.strip())
    by_url = (endpoint for endpoint in declared if _canonical(endpoint.url) == wanted)
    return next(by_name, None) or next(by_url, None)


def _canonical(url: str) -> str:
    """Write a URL so that those of one repository are equal; text that is no URL stays as it is."""
    parts = re.fullmatch(r"([^:/?#]+://[^/?#]*)([^?#]*)(.*)", url, re.DOTALL)
    return parts[1].lower() + parts[2].removesuffix("/") + parts[3] if parts else url

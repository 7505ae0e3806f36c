"""An endpoint: how a repository is declared. ``ingest.endpoints_toml`` reads declarations from a file.

The types check themselves, so that a declaration read from the database is held to the same rules as one read
from a file.
"""

import json
import re
from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingest.endpoint_values import (
    BaseUrl,
    Cron,
    Flag,
    HeaderName,
    Headers,
    Names,
    Pattern,
    Percent,
    Quirk,
    Reference,
    Seconds,
    Some,
    SomeSeconds,
    Text,
    Whole,
    as_list,
    as_rule,
    base_url,
    quoted,
)
from ingest.errors import ConfigurationError
from ingest.operator_tables import NO_TABLES, OperatorTables

QUIRKS = ("single_use_tokens", "repeat_arguments", "day_granularity", "ignores_dates")
"""Deviations from the protocol that a harvest takes into account where they are declared."""


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
    metadata_prefix: Annotated[Names, Field(min_length=1), BeforeValidator(as_list)] = ("oai_dc",)
    """In order of precedence within a record."""
    sets: Names = ()
    schedule: Cron | None = None
    record_id: Annotated[RecordIdRule | None, BeforeValidator(as_rule)] = None
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
    headers: Headers = {}
    verify_tls: Flag = True
    timeout: SomeSeconds = 60.0
    page_deadline: SomeSeconds = 300.0
    max_pages: Some = 1_000_000
    """The most pages of one list, and below the most bytes and seconds: whatever goes on after them is a gap."""
    max_list_bytes: Some = 1 << 40
    max_list_time: SomeSeconds = 7 * 24 * 3600.0
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
    tables: str = ""
    """Filled on reading: the digest of the operator's tables, by which the database keeps them."""
    operator_tables: OperatorTables = Field(default=NO_TABLES, exclude=True)
    """Filled on reading, and no part of a declaration as the database keeps it: the tables themselves."""

    @property
    def known_quirks(self) -> frozenset[str]:
        """The declared deviations that change how the repository is asked; others are notes for people."""
        return frozenset(name for name in QUIRKS if self.quirks.get(name))

    @property
    def host(self) -> str:
        """Name the host whose pace is kept, with the port where the URL has one."""
        return urlsplit(self.url).netloc.rpartition("@")[2].lower()


class Profile(_Declared):
    """All that a description depends on besides the item: rules, bundled tables, the endpoint's describing keys."""

    rules: int
    """The code's rule number; grows when any rule or crosswalk changes."""
    namespace: str
    record_id: RecordIdRule | None = None
    fields: Fields = Fields()
    defaults: Defaults = Defaults()
    priority: int = 100
    prefixes: tuple[str, ...] = ("oai_dc",)
    trusted_origins: tuple[TrustedOrigin, ...] = ()
    vocabularies: str = ""
    """The digest of the bundled tables."""
    tables: str = ""
    """The digest of the operator's own rights, donor and repository tables; empty: none."""

    def prefix_position(self, metadata_prefix: str) -> int:
        """Give the place of a prefix in the order of precedence; one that is not declared comes last."""
        known = metadata_prefix in self.prefixes
        return self.prefixes.index(metadata_prefix) if known else len(self.prefixes)


def kept_profile(text: str) -> Profile:
    """Read a profile as the database keeps it; what only a newer program knows of it is left out."""
    told = json.loads(text)
    return Profile.model_validate({name: told[name] for name in Profile.model_fields if name in told})


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
        name = _canonical(base_url(url.strip())).partition("://")[2]
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

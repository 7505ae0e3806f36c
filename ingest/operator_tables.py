"""The operator's own tables: rights statements, donors and repositories, beside or instead of the bundled ones.

They are part of a profile: what a record says is a function of the record and of them.
"""

import html
import json
import re
from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

# What does not count where values are compared: blanks, invisible characters, quotes, stops, and markup without text.
_MARKUP = re.compile(r"</?(?!a\s)[A-Za-z][^<>]{0,1000}>|\\[nrt](?![A-Za-z])", re.IGNORECASE)
_SILENT = re.compile(
    "[\\s.,;:\"'`\u00ab\u00ad\u00b4\u00bb\u02bc\u037e\u1fef\u1ffd\u200b-\u200f\u2018-\u201f\u202a-\u202e\u2032\u2060-\u2064"
    "\u3002\ufeff\uff0c\uff1a\uff1b]*"
)
_NOT_OF_THE_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_IDENTIFIER = re.compile(r"https?://[^\s/?#]*\w[^\s]*|urn:[a-z0-9][a-z0-9-]{1,31}:\S+", re.IGNORECASE)
_LONGEST_QUOTED = 80


def _telling(text: str) -> str:
    if _SILENT.fullmatch(_MARKUP.sub(" ", html.unescape(html.unescape(text)))):
        raise ValueError(f"{_quoted(text)} is nothing to compare by: blanks, quotes and stops do not count; add a word")
    return text


def _address(text: str) -> str:
    if not any(map(str.isalnum, _NOT_OF_THE_ADDRESS.sub("", text, count=1))):
        raise ValueError(f'{_quoted(text)} is no address: only scheme, www and strokes; add a host, as "example.org"')
    return text


def _identifier(text: str) -> str:
    if not _IDENTIFIER.fullmatch(text):
        raise ValueError(f"identifiers must be URIs that begin with https://, http:// or urn:, not {_quoted(text)}")
    return text


def _quoted(text: str) -> str:
    # In ASCII, so that what can not be seen is seen.
    return json.dumps(text[:_LONGEST_QUOTED])


_Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
_Telling = Annotated[_Text, AfterValidator(_telling)]
_Address = Annotated[_Text, AfterValidator(_address)]
_Identifier = Annotated[_Text, AfterValidator(_identifier)]

Category = Literal[
    "public-domain",
    "open-licence",
    "restricted-licence",
    "in-copyright",
    "no-copyright-other",
    "unknown",
    "access-only-open",
    "access-closed",
    "embargoed",
]
Access = Literal["open", "embargoed", "restricted", "closed", "metadata-only"]
Kind = Literal["person", "organisation", "family", "anonymous"]
Tradition = Literal[
    "albanian",
    "american",
    "british",
    "bulgarian",
    "chinese",
    "czech",
    "general",
    "german",
    "hungarian",
    "korean",
    "latin",
    "polish",
    "romanian",
    "russian",
    "vietnamese",
]
"""Which grammar reads the references of a repository."""


_FROZEN = ConfigDict(frozen=True, extra="forbid", defer_build=True)
"""What checks a row is made when the first one is read: most operators have none."""


class _Row(BaseModel):
    model_config = _FROZEN


class RightsRow(_Row):
    """What some values, or some URIs, mean in the operator's repositories."""

    values: tuple[_Telling, ...] = ()
    """Whole values; blanks, case and outer punctuation do not count."""
    uris: tuple[_Address, ...] = ()
    """Wherever they stand; scheme, ``www`` and a final stroke do not count."""
    uri: _Text | None = None
    """The URI that the catalogue is given; None: none."""
    code: _Text | None = None
    label: _Text | None = None
    category: Category
    access: Access | None = None

    @model_validator(mode="after")
    def _says_of_what(self) -> Self:
        if not self.values and not self.uris:
            message = "says of nothing what it means; add values = […] or uris = […]"
            raise ValueError(message)
        return self


class DonorRow(_Row):
    """A party that gives: the name that the catalogue is given for it, and the names that it goes by."""

    name: _Telling
    aliases: tuple[_Telling, ...] = ()
    kind: Kind = "organisation"
    identifiers: tuple[_Identifier, ...] = ()
    """URIs (``http``, ``https``, ``urn``), the one that the catalogue is given first."""


class RepositoryRow(_Row):
    """An archive or library that holds originals, as references name it."""

    forms: Annotated[tuple[_Telling, ...], Field(min_length=1)]
    name: _Text | None = None
    place: _Text | None = None
    isil: _Text | None = None
    tradition: Tradition = "general"


class OperatorTables(BaseModel):
    """The rows of all three tables, in the order of their files; an earlier row wins over a later and a bundled one."""

    model_config = _FROZEN

    rights: tuple[RightsRow, ...] = ()
    donors: tuple[DonorRow, ...] = ()
    repositories: tuple[RepositoryRow, ...] = ()

    @cached_property
    def digest(self) -> str:
        """What tells two tables apart, in hexadecimal digits; empty where no table has a row."""
        if not (self.rights or self.donors or self.repositories):
            return ""
        return blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()

    def __eq__(self, other: object) -> bool:
        """Compare by digest: every describing asks."""
        return isinstance(other, OperatorTables) and self.digest == other.digest

    def __hash__(self) -> int:
        """Hash by digest: every describing asks."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.digest)


NO_TABLES = OperatorTables.model_construct()

"""The operator's own tables: rights statements, donors and repositories, beside or instead of the bundled ones.

They are part of a profile: what a record says is a function of the record and of them.
"""

from functools import cached_property
from hashlib import blake2b
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
_Texts = tuple[_Text, ...]

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


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RightsRow(_Row):
    """What some values, or some URIs, mean in the operator's repositories."""

    values: _Texts = ()
    """Whole values; blanks, case and outer punctuation do not count."""
    uris: _Texts = ()
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

    name: _Text
    aliases: _Texts = ()
    kind: Kind = "organisation"
    identifiers: _Texts = ()
    """URIs, the one that the catalogue is given first."""


class RepositoryRow(_Row):
    """An archive or library that holds originals, as references name it."""

    forms: Annotated[_Texts, Field(min_length=1)]
    name: _Text | None = None
    place: _Text | None = None
    isil: _Text | None = None
    tradition: Tradition = "general"


class OperatorTables(BaseModel):
    """The rows of all three tables, in the order of their files; an earlier row wins over a later and a bundled one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        return hash(self.digest)


NO_TABLES = OperatorTables()

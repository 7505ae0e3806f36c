"""Why records become something else: kept with each version, for people who ask how a record came to say this."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """What made a version of a record. Never renamed: databases hold these words."""

    REPOSITORY = "repository"
    """The repository gave the item that speaks another content, deleted it or brought it back."""
    ANOTHER_ITEM = "another-item"
    """An answer of a repository made another of the record's items speak."""
    RULES = "rules"
    """Described again: by other rules, tables of the operator, or another declaration of the endpoint."""
    SWEEP = "sweep"
    """The repository no longer lists items, as sweeps found."""
    APPROVED = "approved"
    """A person approved what a run had held back."""
    RETIRED = "retired"
    """A person took an endpoint's voice away."""
    FORGOTTEN = "forgotten"
    """A person had the record forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """For what reason a transaction moves records; each of its writers says so."""

    cause: Cause
    run_id: int | None = None
    """The run whose answers did it; None where no run did."""

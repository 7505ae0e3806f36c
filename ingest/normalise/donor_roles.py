"""What role terms say of a donor, and what values say that there is none."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from ingest.normalise.donor_names import without_date
from ingest.normalise.folding import Folded, comparable
from ingest.normalise.vocabularies import table

ROLE_BEHIND = re.compile(r"(?:\s?[(\[](?P<bracket>[^()\[\]]{3,30})[)\]]|,\s(?P<comma>[^,()]{3,30}))\.?$")
GIVING_ROLES = {"donor", "funder", "sponsor"}


@lru_cache(maxsize=256)
def role_of(term: str | None) -> str | None:
    """Return what a role term means: ``donor``, ``funder``, ``sponsor``, an owner's term, ``nobody``; None: nothing."""
    return (
        _role_terms().get(comparable(term).replace("_", " ").replace("http://id.loc.gov/vocabulary/relators/", ""))
        if term
        else None
    )


def is_nobody(value: Folded) -> bool:
    """Whether a value says that nobody gave or paid, or that it is not known who."""
    key = value.key.strip(" .,;:!()[]").lower()
    values, phrases = _nobody()
    bare = without_date(f" {key}").strip(" .,;")
    return (
        not re.search(r"\w", bare)
        or key in values
        or bare in values
        or (" " in key and any(phrase in key for phrase in phrases))
    )


def was_no_gift(parts: tuple[tuple[str, str], ...]) -> bool:
    """Whether the format says that the thing was bought, lent or exchanged."""
    methods = table("donor_roles")["no_gift_methods"]
    return any(name == "method" and any(word in value.lower() for word in methods) for name, value in parts)


def role_behind(text: str) -> str | None:
    """Return the role that a term behind a name tells: "Example Trust (Funder)"."""
    match = ROLE_BEHIND.search(text)
    meaning = role_of((match["bracket"] or match["comma"]).strip()) if match else None
    return meaning if meaning in GIVING_ROLES else None


@cache
def _role_terms() -> Mapping[str, str]:
    return {comparable(term): meaning for meaning, terms in table("donor_roles")["terms"].items() for term in terms}


@cache
def _nobody() -> tuple[frozenset[str], tuple[str, ...]]:
    words = table("credit_lines")["nobody"]
    return frozenset(value.strip(" .") for value in words["values"]), tuple(words["phrases"])

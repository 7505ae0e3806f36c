"""What the role of a name makes of it: a creator, a contributor, a publisher, a donor, a holder of rights.

Roles are written as codes of the MARC Code List for Relators, as its terms, as addresses that end in a code, or in the
words of the cataloguing language: all in ``vocabularies/relators.toml``.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple


class Place(NamedTuple):
    """Where a name goes: the field of the description, and its role there."""

    field: str
    role: str | None


@cache
def terms() -> Mapping[str, Place]:
    """Give every term of the table with its place."""
    rows = tomllib.loads(resources.files(__package__).joinpath("vocabularies", "relators.toml").read_text("utf-8"))
    return {_key(term): Place(row["field"], row.get("role")) for row in rows["place"] for term in row["terms"]}


def places(roles: Sequence[Iterable[str]], *, default: str, main: bool = False) -> list[Place]:
    """Say where a name goes that has these roles, each given by one or several terms, the one to show first.

    ``default`` is the field of a name without roles. A ``main`` name, under which the thing is entered, is a creator
    rather than a contributor. A creator who also has other parts in the work is named once.
    """
    found: dict[str, Place] = {}
    for role in roles:
        if shown := [term for term in role if term]:
            place = _place(tuple(shown))
            field = "creators" if main and place.field == "contributors" else place.field
            found.setdefault(field, Place(field, place.role))
    if "creators" in found:
        found.pop("contributors", None)
    return list(found.values()) or [Place(default, None)]


@lru_cache(maxsize=4096)
def _place(shown: tuple[str, ...]) -> Place:
    known = next((known for term in shown if (known := terms().get(_key(term)))), None)
    if known is None:
        return Place("contributors", shown[0])
    return known if known.role else Place(known.field, shown[0])


def _key(term: str) -> str:
    """Fold a term for comparison; an address is known by its last part, which is a relator's code."""
    last = term.rstrip("/").rpartition("/")[2] if "://" in term else term
    folded = (
        last.casefold().replace("-", " ").replace("_", " ").replace("*", "").replace("\u0131", "i").strip(" .,:;()[]")
    )
    return " ".join(folded.split())

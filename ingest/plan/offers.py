"""What a repository offers, against what is asked of it: formats and sets. Pure."""

from collections.abc import Collection, Iterable

from ingest.errors import CannotDisseminateFormat

_NAMES_TOLD = 20
_LONGEST_TOLD = 500


def offered_of(wanted: Iterable[str], offered: Collection[str]) -> tuple[str, ...]:
    """Give those of the metadataPrefixes that are offered, in the order in which they are wanted.

    Raises CannotDisseminateFormat where none is.
    """
    prefixes = tuple(wanted)
    found = tuple(prefix for prefix in prefixes if prefix in offered)
    if not found:
        names = ", ".join(prefixes)
        raise CannotDisseminateFormat(f"the repository does not offer {names}; it offers: {_some(offered)}")
    return found


def why_no_set(spec: str, known: Collection[str] | None) -> str | None:
    """Say that a repository has no such set; None where it has, or a set inside it. ``known`` is None for no sets."""
    if known is None:
        return f"the repository has no set {spec}: it has no sets at all"
    if any(name == spec or name.startswith(f"{spec}:") for name in known):
        return None
    return f"the repository has no set {spec}; it has: {_some(known)}"


def _some(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)[:_NAMES_TOLD])[:_LONGEST_TOLD] or "nothing"

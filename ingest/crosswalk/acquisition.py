"""Whether a thing was given, by the words in which a catalogue says how it was acquired."""

import tomllib
from functools import cache
from importlib import resources


def was_given(words: str) -> bool | None:
    """Tell by the first words: ``Gift of`` says yes, ``Purchased from`` says no; None where neither is said."""
    given, not_given = _beginnings()
    start = f"{words[:80].lower().lstrip()} "
    if start.startswith(not_given):
        return False
    return True if start.startswith(given) else None


@cache
def _beginnings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = tomllib.loads(
        resources.files(__package__).joinpath("vocabularies", "acquisition.toml").read_text(encoding="utf-8")
    )
    return tuple(table["given"]), tuple(table["not_given"])

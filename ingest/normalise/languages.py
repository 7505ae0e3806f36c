"""Languages as BCP 47 tags where certain, else as written."""

from collections.abc import Sequence
from functools import cache

import langcodes
from langcodes.tag_parser import LanguageTagError

from ingest.descriptions import Value
from ingest.normalise.folding import LONGEST, comparable
from ingest.normalise.vocabularies import table


def normalise_languages(values: Sequence[Value]) -> tuple[str, ...]:
    """Return each language once, in order; empty values are left out."""
    return tuple(dict.fromkeys(_tag(value.text) or value.text for value in values if value.text.strip()))


def _tag(text: str) -> str | None:
    """Return the tag of a language's code or name, or None where it is neither."""
    if len(text) > LONGEST:
        return None
    if named := _names().get(comparable(text)):
        return named
    try:
        tag = langcodes.standardize_tag(text.strip())
    except LanguageTagError:
        return None
    return tag if langcodes.tag_is_valid(tag) else None


@cache
def _names() -> dict[str, str]:
    return {comparable(name): tag for tag, names in table("languages")["names"].items() for name in names}

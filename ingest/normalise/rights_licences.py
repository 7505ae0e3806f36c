"""Licences of other houses, named by their exact names inside a text; as whole values they are known already."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.folding import Folded, comparable_key
from ingest.normalise.rights_names import FoundName
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.rights_words import alternatives, beginnings, mentions
from ingest.normalise.vocabularies import other_licences_by_name, table

_TELLING = re.compile(r"licen|lizenz|\d|odbl|pddl|odc")
_SHORTEST = 5
_COMMON_WORDS = frozenset(
    {
        "open",
        "licence",
        "license",
        "data",
        "commons",
        "free",
        "public",
        "general",
        "new",
        "attribution",
        "version",
        "by",
        "v",
    }
)
# Behind a name without a version a version, or "or later", would make it another licence.
_NOT_BEHIND = r"(?![^\W_]|[\s,(v.-]{0,4}(?:version\s?)?\d|\s?\+|\s(?:or|and)\s(?:any\s)?(?:later|newer)|\s-\s[a-z])"


def other_names(value: Folded) -> Iterator[FoundName]:
    """Find the licences of other houses that a text names; a name that goes on as another licence's is none."""
    if not mentions(value, _openings()):
        return
    addresses = address_spans(value)
    for match in _names().finditer(value.low):
        if not any(start <= match.start() < end for start, end in addresses):
            licence = other_licences_by_name()[comparable_key(match.group())]
            yield FoundName(licence=licence, start=match.start(), end=match.end())


@cache
def _openings() -> frozenset[str]:
    return frozenset[str]().union(*(_telling(name) for name in _names_in_texts()))


def _telling(name: str) -> frozenset[str]:
    """Return the first word of a name that is not found in many others, or else the word data."""
    words = (word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _COMMON_WORDS)
    return beginnings(next(words, "data"))


@cache
def _names() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-])(?:{alternatives(_names_in_texts())}){_NOT_BEHIND}")


def _names_in_texts() -> set[str]:
    names = (name.removeprefix("The ") for row in table("other_licences")["licence"] for name in row["names"])
    return {name for name in names if len(name) >= _SHORTEST and _TELLING.search(name.lower())}

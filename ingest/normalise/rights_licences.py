"""Licences of other houses, named by their exact names inside a text; as whole values they are known already."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.folding import Folded, comparable_key
from ingest.normalise.rights_names import FoundName
from ingest.normalise.rights_topics import licence_names, word_beginnings
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.rights_words import alternatives
from ingest.normalise.vocabularies import other_licences_by_name

# Behind a name without a version a version, or "or later", would make it another licence.
_NOT_BEHIND = r"(?![^\W_]|[\s,(v.-]{0,4}(?:version\s?)?\d|\s?\+|\s(?:or|and)\s(?:any\s)?(?:later|newer)|\s-\s[a-z])"


def other_names(value: Folded) -> Iterator[FoundName]:
    """Find the licences of other houses that a text names; a name that goes on as another licence's is none."""
    listed = licence_names()
    told = listed.keys() & word_beginnings(value.low)
    matches = (match for beginning in told for match in _names(beginning).finditer(value.low))
    if not told:
        return
    found = sorted(matches, key=lambda match: (match.start(), -match.end()))
    addresses = address_spans(value) if found else []
    end = 0
    for match in found:
        if match.start() >= end:
            end = match.end()
            if not any(start <= match.start() < stop for start, stop in addresses):
                licence = other_licences_by_name()[comparable_key(match.group())]
                yield FoundName(licence=licence, start=match.start(), end=match.end())


@cache
def _names(beginning: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-])(?:{alternatives(licence_names()[beginning])}){_NOT_BEHIND}")

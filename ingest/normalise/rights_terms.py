"""What a notice limits or closes in words of its own, and what it permits."""

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.normalise.conditions import negated
from ingest.normalise.folding import Folded
from ingest.normalise.rights_known import ACCESS_TERM, LIMITED_USE, access_uris
from ingest.normalise.rights_readings import Reading
from ingest.normalise.rights_words import beginnings, mentions, told_phrases
from ingest.normalise.vocabularies import comparable_uri

_TOKEN = re.compile(
    r"info:eu-repo/semantics/\w{4,30}|https?://[\w.-]{4,50}/[\w/.-]{4,80}|\bc_(?:abf2|f1cf|16ec|14cb)\b"
)
_TOKEN_WORDS = beginnings("info", "http", "https", "purl")
_SCHEMES = (("eu-repo", "eu-repo"), ("coar", "coar"))


def limits(value: Folded) -> Iterator[Reading]:
    """Read a private text that limits what a reader may do, without claiming copyright."""
    for limit in told_phrases(value, "limit"):
        for found in limit.finditer(value.low):
            if not negated(value, *found.span()):
                terms = ["nc"] if re.search("[ck]om+er[zcs]|коммер|ticari|profit", found.group()) else []
                yield Reading(
                    rule=LIMITED_USE,
                    confidence="inferred",
                    category="restricted-licence",
                    span=found.span(),
                    details={"terms": terms} if terms else {},
                )
                return


def access(value: Folded) -> Iterator[Reading]:
    """Read access terms: the URI of one anywhere, or a plain sentence."""
    if mentions(value, _TOKEN_WORDS) or "c_" in value.low:
        yield from _terms_by_uri(value)
    if match := _first(value, "closed"):
        yield Reading(
            rule=ACCESS_TERM, confidence="named", span=match.span(), category="access-closed", access="restricted"
        )
    if match := _first(value, "open"):
        yield Reading(
            rule=ACCESS_TERM, confidence="named", span=match.span(), category="access-only-open", access="open"
        )


def _first(value: Folded, kind: str) -> re.Match[str] | None:
    """Return the first place that one of the phrases of a kind finds and that nothing in front denies."""
    for phrase in told_phrases(value, kind):
        for match in phrase.finditer(value.low):
            if not negated(value, *match.span()):
                return match
    return None


def _terms_by_uri(value: Folded) -> Iterator[Reading]:
    for match in _TOKEN.finditer(value.low):
        written = match.group().rstrip(".")
        found = access_uris().get(comparable_uri(written))
        if found:
            scheme = next((name for stem, name in _SCHEMES if stem in written.lower()), None)
            yield replace(found, span=match.span(), details={"scheme": scheme} if scheme else {})

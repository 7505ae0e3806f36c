"""What a notice limits or closes in words of its own, and what it permits."""

import re
from collections.abc import Iterator, Sequence

from ingest.normalise.conditions import negated
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.rights_known import ACCESS_TERM, LIMITED_USE, access_uris
from ingest.normalise.rights_readings import Reading
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_words import told_phrases
from ingest.normalise.vocabularies import comparable_uri

_TOKEN = late(r"info:eu-repo/semantics/\w{4,30}|https?://[\w.-]{4,50}/[\w/.-]{4,80}|\bc_(?:abf2|f1cf|16ec|14cb)\b")
_BY_KIND = (
    ("closed", Reading(rule=ACCESS_TERM, confidence="named", category="access-closed", access="restricted")),
    ("open", Reading(rule=ACCESS_TERM, confidence="named", category="access-only-open", access="open")),
)
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


def access(value: Folded) -> Sequence[Reading]:
    """Read access terms: the URI of one anywhere, or a plain sentence."""
    told = topics(value)
    found = list(_terms_by_uri(value)) if "access term" in told else []
    for kind, reading in _BY_KIND:
        if kind in told and (match := _first(value, kind)):
            found.append(reading._replace(span=match.span()))
    return found


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
            yield found._replace(span=match.span(), details={"scheme": scheme} if scheme else {})

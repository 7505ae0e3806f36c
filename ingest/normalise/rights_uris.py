"""Canonical URIs of rights statements and licences, in all their spellings, alone or inside a text.

A URI that only looks like one of the two houses is not one: the host must be theirs and the path must name a
statement or licence that exists.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from ingest.normalise.folding import Folded
from ingest.normalise.vocabularies import (
    Licence,
    category_of_terms,
    code_of_terms,
    comparable_uri,
    creative_commons,
    licence_by_terms,
    other_licences,
    rights_statements,
)

# A token that begins with a scheme swallows any address inside it, so that a link that merely carries a licence's
# address as a parameter is read as the link it is.
_TOKEN = re.compile(
    r"""(?:https?://|(?<![\w@./:-])(?=(?:www\.)?(?:creativecommons|rightsstatements|spdx)\.org/))"""
    r"""[^\s<>"'|\\^`{}]{1,2000}""",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"»*"
_STATEMENT = re.compile(r"/(?:vocab|page|data)/([a-z-]+)/1\.0(?:/(?:rdf|jsonld|json-ld|ttl)?)?", re.IGNORECASE)
_LICENCE = re.compile(r"/licenses/([a-z-]+)/(\d\.\d)((?:/.*)?)", re.IGNORECASE)
_VERSIONLESS = re.compile(r"/licenses/([a-z-]+)/?", re.IGNORECASE)
_SINGLE = re.compile(r"/((?:licenses|publicdomain)/.+?/?)(?:(?:deed|legalcode)[\w.-]*|rdf)?/?", re.IGNORECASE)
_PAGE_OF_LICENCE = re.compile(r"(?:deed|legalcode)(?:[._-][\w.@-]*)?|rdf", re.IGNORECASE)
_PORT = re.compile(r"[a-z]{2}|scotland|igo", re.IGNORECASE)
_GLUED_PROSE = re.compile(r"[A-Z][a-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUri:
    """A statement or licence named by its URI, and where in the folded text."""

    licence: Licence
    written: str
    start: int
    end: int

    @property
    def exact(self) -> bool:
        """Whether the URI is written letter for letter as the canonical one."""
        return self.written == self.licence.uri


def find_uris(value: Folded) -> Iterator[FoundUri]:
    """Find every URI in the text that names a statement or licence."""
    for match in _TOKEN.finditer(value.key):
        written = match.group().rstrip(_TRAILING)
        licence = canonical(written)
        if licence:
            yield FoundUri(licence=licence, written=written, start=match.start(), end=match.start() + len(written))


def address_spans(value: Folded) -> list[tuple[int, int]]:
    """Return where the text holds web addresses of any kind: their letters are no words of the notice."""
    return [match.span() for match in _TOKEN.finditer(value.key)]


def canonical(written: str) -> Licence | None:
    """Return the statement or licence that a single URI names, or None.

    Scheme, ``www``, case, final slash, query, fragment and the pages of a statement or licence are free.
    """
    parts = _split(written)
    if parts is None:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host == "rightsstatements.org":
        return _statement(parts.path)
    if host == "creativecommons.org":
        return _creative_commons(parts.path)
    return other_licences().get(comparable_uri(written))


def _split(written: str) -> SplitResult | None:
    try:
        parts = urlsplit(written if "://" in written else f"http://{written}")
        named = parts.username is None and parts.port is None
    except ValueError:
        return None
    return parts if named else None


def _statement(path: str) -> Licence | None:
    match = _STATEMENT.fullmatch(path)
    return rights_statements().get(match.group(1).lower()) if match else None


def _creative_commons(path: str) -> Licence | None:
    single = _SINGLE.fullmatch(path)
    if single and (found := creative_commons().get(single.group(1).lower().rstrip("/") + "/")):
        return found
    if match := _LICENCE.fullmatch(path):
        terms, version, rest = match.groups()
        return _licence(_parts(terms), version, rest)
    versionless = _VERSIONLESS.fullmatch(path)
    return _without_version(versionless.group(1)) if versionless else None


def _licence(terms: frozenset[str], version: str, rest: str) -> Licence | None:
    segments = [segment for segment in rest.split("/") if segment]
    port = segments.pop(0).lower() if segments and _PORT.fullmatch(segments[0]) else None
    # Prose that follows without a blank ("…/4.0/This article") does no harm; anything else is another page.
    if segments and not (_PAGE_OF_LICENCE.fullmatch(segments[0]) or _GLUED_PROSE.match(segments[0])):
        return None
    return licence_by_terms(terms, version, port)


def _parts(terms: str) -> frozenset[str]:
    parts = terms.lower().split("-")
    return frozenset(parts) if len(set(parts)) == len(parts) else frozenset()


def _without_version(terms: str) -> Licence | None:
    parts = _parts(terms)
    code = code_of_terms(parts)
    if code is None:
        return None
    return Licence(uri=None, code=code, label=None, category=category_of_terms(parts), terms=parts)

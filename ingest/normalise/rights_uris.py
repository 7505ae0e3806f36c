"""Canonical URIs of rights statements and licences, in all their spellings, alone or inside a text.

A URI that only looks like one of the two houses is not one: the host must be theirs and the path must name a
statement or licence that exists.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import SplitResult, urlsplit

from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import (
    Licence,
    category_of_terms,
    code_of_terms,
    comparable_uri,
    creative_commons,
    licence_by_terms,
    other_licences_by_uri,
    rights_statements,
)

# A token that begins with a scheme swallows any address inside it, so that a link that merely carries a licence's
# address as a parameter is read as the link it is.
_TOKEN = late(
    r"""(?:https?://(?:https?://)?|(?<![\w@./:-])(?:h?t?tps?:?/{1,2})?(?=(?:www\.)?(?:creativecommons|rightsstatements|spdx)\.org/))"""
    r"""(?:(?![,;]\(?https?://)[^\s<>"'|\\^`{}]){1,2000}""",
    re.IGNORECASE,
)
_STEMS = ("://", "creativecommons.org/", "rightsstatements.org/", "spdx.org/")
_TRAILING = ".,;:!?)]}'\"»*"
_SCHEME = late(r"(?:h?t?tps?:?/{1,2}){0,2}", re.IGNORECASE)
_STATEMENT = late(r"/(?:vocab|page|data)/([a-z-]+)(?:/1\.0)?(?:/+(?:rdf|jsonld|json-ld|ttl|[a-z]{2})?)?", re.IGNORECASE)
_LICENCE = late(r"/+licen[cs]es?/([a-z-]+)/(\d(?:\.\d)?)((?:/.*)?)", re.IGNORECASE)
_VERSIONLESS = late(r"/licenses/([a-z-]+)/?", re.IGNORECASE)
_SINGLE = late(r"/((?:licenses|publicdomain)/.+?/?)(?:(?:deed|legalcode)[\w.-]*|rdf)?/?", re.IGNORECASE)
_DEDICATION = late(r"/(?:publicdomain|licenses)/(zero|mark)(?:/1\.0)?/?(?:(?:deed|legalcode)[\w.-]*)?/?", re.IGNORECASE)
_SPDX_ID = late(r"/licenses/cc-([a-z-]{2,8})-(\d\.\d)(?:-([a-z]{2,3}))?(?:\.html|\.json)?/?", re.IGNORECASE)
_SPDX_ZERO = late(r"/licenses/cc0-1\.0(?:\.html|\.json)?/?", re.IGNORECASE)
_PAGE_OF_LICENCE = late(r"(?:deed|legalcode)(?:[._-][\w.@-]*)?|rdf", re.IGNORECASE)
_PORT = late(r"[a-z]{2}|scotland|igo", re.IGNORECASE)
_GLUED_PROSE = late(r"[A-Z][a-z]+")
_MOST = 100
"""Addresses that are looked at in one value."""


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
    for start, end in address_spans(value):
        written = value.key[start:end].rstrip(_TRAILING)
        licence = canonical(written)
        if licence:
            yield FoundUri(licence=licence, written=written, start=start, end=start + len(written))


def address_spans(value: Folded) -> list[tuple[int, int]]:
    """Return where the text holds web addresses of any kind: their letters are no words of the notice."""
    if "/" not in value.low or not any(stem in value.low for stem in _STEMS):
        return []
    return [match.span() for match in islice(_TOKEN.finditer(value.key), _MOST)]


def canonical(written: str) -> Licence | None:
    """Return the statement or licence that a single URI names, or None.

    Scheme, ``www``, case, final slash, query, fragment and the pages of a statement or licence are free.
    """
    if plain := _plain_spellings().get(written):
        return plain
    parts = _split(written)
    if parts is None:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host == "rightsstatements.org":
        return _statement(parts.path)
    if host == "creativecommons.org":
        return _creative_commons(parts.path)
    if host == "spdx.org" and (licence := _by_spdx_id(parts.path)):
        return licence
    known = other_licences_by_uri()
    return known.get(comparable_uri(written)) or known.get(comparable_uri(f"{host}{parts.path}"))


@cache
def _plain_spellings() -> Mapping[str, Licence]:
    """Return every statement and licence by the spellings that nearly all use: either scheme, a final slash or none."""
    licences = (*rights_statements().values(), *creative_commons().values())
    rests = ((str(licence.uri).partition("://")[2], licence) for licence in licences)
    return {
        f"{scheme}://{spelt}": licence
        for rest, licence in rests
        for scheme in ("http", "https")
        for spelt in (rest, rest.removesuffix("/"))
    }


def _split(written: str) -> SplitResult | None:
    try:
        parts = urlsplit(_SCHEME.sub("http://", written, count=1))
        named = parts.username is None and parts.port is None
    except ValueError:
        return None
    return parts if named else None


def _by_spdx_id(path: str) -> Licence | None:
    if _SPDX_ZERO.fullmatch(path):
        return creative_commons()["publicdomain/zero/1.0/"]
    match = _SPDX_ID.fullmatch(path)
    port = match.group(3).lower() if match and match.group(3) else None
    return licence_by_terms(_parts(match.group(1)), match.group(2), port) if match else None


def _statement(path: str) -> Licence | None:
    match = _STATEMENT.fullmatch(path)
    return rights_statements().get(match.group(1).lower()) if match else None


def _creative_commons(path: str) -> Licence | None:
    single = _SINGLE.fullmatch(path)
    if single and (found := creative_commons().get(single.group(1).lower().rstrip("/") + "/")):
        return found
    if dedication := _DEDICATION.fullmatch(path):
        return creative_commons()[f"publicdomain/{dedication.group(1).lower()}/1.0/"]
    if match := _LICENCE.fullmatch(path):
        terms, version, rest = match.groups()
        return _licence(_parts(terms), version if "." in version else f"{version}.0", rest)
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
    return Licence(uri=None, code=code, label=None, category=category_of_terms(parts), scheme="cc", terms=parts)

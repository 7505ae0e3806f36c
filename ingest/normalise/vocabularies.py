"""The controlled vocabularies, read once from their data files."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ingest.descriptions import VocabularyEntry
from ingest.normalise.folding import comparable

RIGHTS_STATEMENTS = "http://rightsstatements.org/vocab/"
CREATIVE_COMMONS = "https://creativecommons.org/"
_OPEN_TERMS = {frozenset({"by"}), frozenset({"by", "sa"})}
_TERM_WORDS = {"by": "Attribution", "nc": "NonCommercial", "sa": "ShareAlike"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A rights statement or licence that has a name of its own."""

    uri: str | None
    code: str
    label: str | None
    category: str
    access: str | None = None
    terms: frozenset[str] = frozenset()
    """What a Creative Commons licence asks for: ``by``, ``nc``, ``nd``, ``sa``."""
    version: str | None = None
    port: str | None = None


@cache
def table(name: str) -> Mapping[str, Any]:
    """Read one data file of the vocabularies, such as ``archives``."""
    return tomllib.loads(resources.files(__package__).joinpath("vocabularies", f"{name}.toml").read_text("utf-8"))


@cache
def rights_statements() -> Mapping[str, Licence]:
    """Return the statements of rightsstatements.org by their code in small letters."""
    return {
        row["code"].lower(): Licence(
            uri=f"{RIGHTS_STATEMENTS}{row['code']}/1.0/", code=row["code"], label=row["label"], category=row["category"]
        )
        for row in table("rights_statements")["statement"]
    }


@cache
def creative_commons() -> Mapping[str, Licence]:
    """Return the licences of Creative Commons by their path in small letters, ``licenses/by/4.0/``."""
    licences = [*_scheme_licences(), *_single_licences()]
    return {str(licence.uri).removeprefix(CREATIVE_COMMONS).lower(): licence for licence in licences}


@cache
def licence_by_terms(terms: frozenset[str], version: str, port: str | None = None) -> Licence | None:
    """Return the Creative Commons licence of these terms, in whatever order they were written, or None."""
    wanted = (terms, version, port)
    return next((found for found in _scheme_licences() if (found.terms, found.version, found.port) == wanted), None)


def code_of_terms(terms: frozenset[str]) -> str | None:
    """Return the code of a licence whose version is not named (``CC-BY``), or None where no licence has the terms."""
    newest = licence_by_terms(terms, "4.0")
    return newest.code if newest else None


def category_of_terms(terms: frozenset[str]) -> str:
    """Tell an open licence from one that restricts what a reader may do."""
    return "open-licence" if terms in _OPEN_TERMS else "restricted-licence"


@cache
def other_licences() -> Mapping[str, Licence]:
    """Return licences of other houses by URI (without scheme and final slash) and by name, both comparable."""
    found: dict[str, Licence] = {}
    for row in table("other_licences")["licence"]:
        licence = Licence(
            uri=row.get("uri"), code=row["code"], label=None, category=row["category"], access=row.get("access")
        )
        own = [row["uri"]] if "uri" in row and not row["uri"].startswith(RIGHTS_STATEMENTS) else []
        found |= {comparable_uri(uri): licence for uri in [*own, *row["uris"]]}
        found |= {comparable(name): licence for name in row["names"]}
    return found


@cache
def rights_vocabulary() -> tuple[VocabularyEntry, ...]:
    """List every statement of rightsstatements.org and every licence of Creative Commons, as catalogues join them."""
    schemes = (("rightsstatements", rights_statements()), ("creative-commons", creative_commons()))
    return tuple(
        VocabularyEntry(uri=str(found.uri), label=found.label or found.code, scheme=scheme, category=found.category)
        for scheme, licences in schemes
        for found in licences.values()
    )


def comparable_uri(uri: str) -> str:
    """Return the form in which URIs are compared: no scheme, no www, no final slash, no case."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", uri.strip().lower()).rstrip("/")


@cache
def _scheme_licences() -> tuple[Licence, ...]:
    return tuple(
        _licence(version, terms, port)
        for version in table("creative_commons")["version"]
        for port in ([None] if version["unported"] else []) + version["ports"]
        for terms in version["terms"]
    )


def _licence(version: Mapping[str, Any], terms: str, port: str | None) -> Licence:
    number = version["number"]
    derivatives = "NoDerivatives" if number == "4.0" else "NoDerivs"
    words = "-".join(_TERM_WORDS.get(term, derivatives) for term in terms.split("-"))
    place = table("creative_commons")["port_names"][port][0] if port else version["scope"]
    parts = frozenset(terms.split("-"))
    return Licence(
        uri=f"{CREATIVE_COMMONS}licenses/{terms}/{number}/{port + '/' if port else ''}",
        code=f"CC-{terms.upper()}",
        label=f"{words} {number} {place}",
        category=category_of_terms(parts),
        terms=parts,
        version=number,
        port=port,
    )


def _single_licences() -> Iterator[Licence]:
    for row in table("creative_commons")["single"]:
        uri = CREATIVE_COMMONS + row["path"]
        yield Licence(uri=uri, code=row["code"], label=row["label"], category=row["category"])

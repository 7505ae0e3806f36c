"""The controlled vocabularies, read once from their data files."""

import csv
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
SPDX = "https://spdx.org/licenses/"
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
    scheme: str | None = None
    """``rightsstatements``, ``cc``, ``spdx``, ``odc``, ``europeana-legacy`` or ``custom``."""
    terms: frozenset[str] = frozenset()
    """What a Creative Commons licence asks for: ``by``, ``nc``, ``nd``, ``sa``."""
    version: str | None = None
    port: str | None = None


@cache
def table(name: str) -> Mapping[str, Any]:
    """Read one data file of the vocabularies, such as ``archives``."""
    return tomllib.loads(resources.files(__package__).joinpath("vocabularies", f"{name}.toml").read_text("utf-8"))


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Read one flat data file of the vocabularies: tab-separated, its columns named in the first line but comments."""
    text = resources.files(__package__).joinpath("vocabularies", f"{name}.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def rights_statements() -> Mapping[str, Licence]:
    """Return the statements of rightsstatements.org by their code in small letters."""
    return {
        row["code"].lower(): Licence(
            uri=f"{RIGHTS_STATEMENTS}{row['code']}/1.0/",
            code=row["code"],
            label=row["label"],
            category=row["category"],
            scheme="rightsstatements",
            version="1.0",
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
def other_licences_by_uri() -> Mapping[str, Licence]:
    """Return licences of other houses by every URI of theirs, comparable."""
    listed = ((licence, [*_own_pages(licence.uri or ""), *row["uris"]]) for row, licence in _other_licences())
    return {comparable_uri(uri): licence for licence, uris in listed for uri in uris}


@cache
def other_licences_by_name() -> Mapping[str, Licence]:
    """Return licences of other houses by every name of theirs, comparable."""
    return {comparable(name): licence for row, licence in _other_licences() for name in row["names"]}


def _other_licences() -> Iterator[tuple[Mapping[str, Any], Licence]]:
    for row in table("other_licences")["licence"]:
        told = {name: row.get(name) for name in ("uri", "code", "category", "access", "scheme")}
        yield row, Licence(label=None, **told)


def _own_pages(uri: str) -> list[str]:
    """Return the pages of SPDX and of the Open Source Initiative for a licence of SPDX; another one's URI alone."""
    if not uri.startswith(SPDX):
        return [uri] if uri and not uri.startswith((RIGHTS_STATEMENTS, CREATIVE_COMMONS)) else []
    code = uri.removeprefix(SPDX)
    pages = (f"{code}.html", f"{code}.json", f"{code}.txt")
    initiative = (f"https://opensource.org/{folder}/{code}" for folder in ("license", "licenses"))
    return [uri, *(SPDX + page for page in pages), *initiative]


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
        scheme="cc",
        terms=parts,
        version=number,
        port=port,
    )


def _single_licences() -> Iterator[Licence]:
    for row in table("creative_commons")["single"]:
        uri = CREATIVE_COMMONS + row["path"]
        version = re.search(r"\d\.\d", row["path"])
        yield Licence(
            uri=uri,
            code=row["code"],
            label=row["label"],
            category=row["category"],
            scheme="cc",
            version=version.group() if version else None,
        )

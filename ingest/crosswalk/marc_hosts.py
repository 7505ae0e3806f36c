"""What a thing stands in, was made from or is kept by, in a MARC record: 490, 533 to 535, 76x to 78x, 8xx."""

import re
from types import MappingProxyType

from ingest.crosswalk import citations
from ingest.crosswalk.citations import year_in
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.marc_fields import DataField, Marc, Reader
from ingest.crosswalk.marc_names import heading
from ingest.crosswalk.marc_notes import words
from ingest.crosswalk.marc_punctuation import after_stop, without_end, without_separator
from ingest.crosswalk.marc_titles import title_of

_ENUMERATION = re.compile(
    r"(?P<volume>[^:<]{1,40})(?::(?P<issue>[^:<]{1,40}))?(?::[^<]{0,40})?(?:<(?P<pages>.{1,40}))?"
)
"""$q of 773: enumeration and first page, ``14:2<35``."""

_LABELLED = re.compile(r"(volume|number|issue|year|pages)\s{0,3}:\s{0,3}(.{1,60})", re.IGNORECASE)
"""$g of 773 as the German National Library writes it, one part a subfield: ``volume:14``."""

_NAMED_PARTS = MappingProxyType({"number": "issue"})
_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]")
_NUMBERS = ("volume", "issue", "pages")
_CITED = ("container_title", *_NUMBERS, "year")


def _host(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read 773, in the form that MARC lays down or in that of physics libraries, which have $p, $v, $n, $c and $y."""
    parts = _cited_parts(field) if field.first_of("v") and not field.first_of("t") else _linked_parts(field)
    said = dict(reversed(parts))
    title = said.get("container_title", "")
    if field.first_of("tg") and not any(name in said for name in _NUMBERS):
        # Words such as "Vol. 2, no. 2 (2010), p. 35" are for the rules that read citations.
        text = ", ".join(filter(None, (title, *map(without_end, field.all("g")))))
    else:
        text = citations.words(tuple(part for part in parts if part[0] in _CITED))
    text = text or next((said[name] for name in ("doi", "issn", "isbn", "note") if name in said), "")
    found.add("sources", text, field.element, lang=marc.lang, role="host", parts=parts)


def _cited_parts(field: DataField) -> Parts:
    names = {"p": "container_title", "v": "volume", "n": "issue", "c": "pages", "y": "year", "a": "doi"}
    names |= {"x": "issn", "z": "isbn"}
    return tuple((names[code], text) for code, text in field.subfields if code in names)


def _linked_parts(field: DataField) -> Parts:
    """Read the subfields that all linking fields have in common."""
    parts: list[tuple[str, str]] = []
    for code, text in field.subfields:
        if code in "ts" or (code == "p" and not field.first_of("t")):
            parts.append(("container_title", without_end(text)))
        elif code == "x":
            parts.append(("issn", without_end(text)))
        elif code == "z":
            parts.append(("isbn", without_end(text)))
        elif code == "d" and (year := year_in(text)):
            parts.append(("year", year))
        elif code == "q" and (numbers := _ENUMERATION.fullmatch(text)):
            parts += [(name, value.strip()) for name, value in numbers.groupdict().items() if value and value.strip()]
        elif code == "g" and (part := _LABELLED.fullmatch(text)):
            parts.append((_NAMED_PARTS.get(part[1].lower(), part[1].lower()), part[2].strip()))
        elif code == "n":
            parts.append(("note", text))
        elif code == "o" and text.lower().startswith(("10.", "doi")):
            parts.append(("doi", text))
    return tuple(parts)


def _relation(role: str) -> Reader:
    """Read a link to another work; $i is the cataloguer's own word for what it is to this one."""

    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        title = without_end(" ".join(field.all("ts")))
        text = after_stop(without_end(field.first_of("a")), title)
        text = text or next((value for code, value in field.subfields if code in "xzno"), "")
        own = without_separator(field.first_of("i")) or role
        parts = tuple(part for part in _linked_parts(field) if part[0] in ("issn", "isbn", "doi"))
        found.add("relations", text, field.element, lang=marc.lang, role=own, parts=parts)

    return read


def _series(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read a series as the thing states it, or as it is traced; where both are given, only as it is traced."""
    if field.tag == "490" and field.first == "1" and not _TRACED.isdisjoint(marc.tags):
        return
    name = heading(field) if field.tag in ("800", "810", "811") else ""
    title = title_of(field, "tnp" if name else "anp")
    volume, issn = without_end(field.first_of("v")), without_end(field.first_of("x"))
    parts = (("container_title", title), ("volume", volume), ("issn", issn))
    text = ", ".join(filter(None, (after_stop(name, title) if title else "", volume)))
    found.add("sources", text, field.element, lang=marc.lang, role="series", parts=_present(parts))


_TRACED = frozenset({"800", "810", "811", "830"})


def _original(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read 534, the original of a reproduction, and 786, the source of data."""
    names = {"t": "container_title", "l": "repository", "x": "issn", "z": "isbn", "c": "publication", "n": "note"}
    parts = tuple((names[code], without_end(text)) for code, text in field.subfields if code in names)
    role = "original" if field.tag == "534" else "data source"
    found.add("sources", words(field, without="po"), field.element, lang=marc.lang, role=role, parts=parts)


def _reproduction(field: DataField, marc: Marc, found: Gathering) -> None:
    parts = (("publisher", without_end(field.first_of("c"))), ("year", year_in(field.first_of("d"))))
    found.add("sources", words(field), field.element, lang=marc.lang, role="reproduction", parts=_present(parts))


def _originals_kept(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read 535: who has the original is a source, who has a duplicate is not."""
    parts = _present((("repository", without_end(field.first_of("a"))), ("ref", without_end(field.first_of("g")))))
    text = ", ".join(value for _, value in parts)
    if field.first == "2":
        found.add("relations", text, field.element, lang=marc.lang, role="location of duplicates")
    else:
        found.add("sources", text, field.element, lang=marc.lang, role="original location", parts=parts)


def _location(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read who keeps the thing, and its call number; $b and $c name a keeper only in words, mostly they are codes."""
    repository = next((text for code, text in field.subfields if code == "a" or (code in "bc" and " " in text)), "")
    ref = without_end(" ".join(field.all("khijlm")))
    parts = _present((("repository", without_end(repository)), ("ref", ref)))
    text = ", ".join(filter(None, (*map(without_end, field.all("abc")), ref)))
    found.add("sources", text, field.element, lang=marc.lang, role="location", parts=parts)


def _holder(field: DataField, marc: Marc, found: Gathering) -> None:
    for text in field.all("a"):
        found.add("sources", text, field.element, lang=marc.lang, role="location", parts=(("repository", text),))


def _present(parts: Parts) -> Parts:
    return tuple((name, text) for name, text in parts if text)


HOSTS: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "440": _series,
        "490": _series,
        "533": _reproduction,
        "534": _original,
        "535": _originals_kept,
        "760": _relation("main series"),
        "762": _relation("subseries"),
        "765": _relation("original language"),
        "767": _relation("translation"),
        "770": _relation("supplement"),
        "772": _relation("supplement to"),
        "773": _host,
        "774": _relation("constituent"),
        "775": _relation("other edition"),
        "776": _relation("other physical form"),
        "777": _relation("issued with"),
        "780": _relation("preceding"),
        "785": _relation("succeeding"),
        "786": _original,
        "787": _relation("related"),
        "800": _series,
        "810": _series,
        "811": _series,
        "830": _series,
        "850": _holder,
        "852": _location,
    }
)
"""What reads a field, by its tag."""

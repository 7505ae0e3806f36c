"""Where a thing that MODS describes is kept, and what it stands in or was made from."""

from collections.abc import Iterator
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.citations import words, year_in
from ingest.crosswalk.elements import children_of, link_of, local_name, words_of
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.mods_titles import identifier_text, lang_of, title_text

_SOURCES = ("host", "original", "series")
_DETAILS = MappingProxyType(
    {
        "volume": "volume",
        "vol": "volume",
        "issue": "issue",
        "number": "issue",
        "no": "issue",
        "page": "pages",
        "pages": "pages",
        "page number": "pages",
        "article": "article",
        "article number": "article",
    }
)
_CITED = ("container_title", "volume", "issue", "pages", "year")
_CODES = ("marcorg", "iso15511", "oclcorg")
_SPOTS = ("creation", "discovery")
_DEEPEST = 3
"""How many related items inside each other are read: an article's journal has a series, and hardly more."""


def location(element: _Element, found: Gathering) -> None:
    """Read who keeps the thing, under which mark, and its addresses."""
    children = children_of(element)
    for child in children.get("url", ()):
        _url(child, found)
    for child in children.get("physicalLocation", ()):
        if child.get("type") in _SPOTS:
            found.add("coverage", words_of(child), "mods:physicalLocation", lang=lang_of(child), role=child.get("type"))
    parts = _kept(children)
    text = ", ".join(value for _, value in parts) or ("" if children else words_of(element))
    if text:
        found.add("sources", text, "mods:location", lang=lang_of(element), role="location", parts=parts)


def related(element: _Element, found: Gathering, depth: int = 1) -> None:
    """Read another item: one that the thing stands in or was made from is a source, any other a relation."""
    kind, lang = element.get("type") or element.get("otherType"), lang_of(element)
    source = kind in _SOURCES
    parts = tuple(_described(element, with_part=kind == "host" and depth == 1))
    text = _text(parts) or link_of(element)
    if not text and not len(element):
        text = words_of(element)
    role = kind or element.get("displayLabel") or "relatedItem"
    found.add("sources" if source else "relations", text, "mods:relatedItem", lang=lang, role=role, parts=parts)
    children = children_of(element)
    for note in children.get("note", ()):
        if source and note.get("type") != "admin":
            said = "original version" if kind == "original" else note.get("type")
            found.add("sources", words_of(note), "mods:note", lang=lang_of(note), role=said)
    if depth < _DEEPEST:
        for inner in children.get("relatedItem", ()):
            related(inner, found, depth + 1)


def part(element: _Element, found: Gathering) -> None:
    """Read which part of its host the thing is, where no host is described that it would be told with."""
    record = element.getparent()
    first = record is not None and record.find("{*}part") is element
    hosts = record.iterchildren("{*}relatedItem") if record is not None and first else ()
    if not any(host.get("type") == "host" and host.find("{*}part") is None for host in hosts):
        parts = tuple(_numbered(element))
        found.add("sources", _text(parts), "mods:part", lang=lang_of(element), role="host", parts=parts)


def _url(element: _Element, found: Gathering) -> None:
    """Take the address of the thing as an identifier; a preview, a manifest and the name of a file are relations."""
    access, note = element.get("access"), element.get("note")
    text = identifier_text(element)
    beside = element.get("usage") is None and (note or access not in (None, "object in context"))
    if beside or ":" not in text:
        role = access or note or element.get("displayLabel") or "url"
        found.add("relations", text, "mods:url", lang=lang_of(element), role=role)
    else:
        found.add("identifiers", text, "mods:url", lang=lang_of(element), role="url")


def _kept(children: dict[str, list[_Element]]) -> Parts:
    """Give the repository, in words rather than by its code, and the marks of the thing there."""
    holders = [child for child in children.get("physicalLocation", ()) if child.get("type") not in _SPOTS]
    named = [
        child for child in holders if not (child.get("authority") or "").startswith(("marcorg", "iso15511", "oclcorg"))
    ]
    held = ", ".join(filter(None, map(words_of, named or holders)))
    units, marks = [held], [words_of(mark) for mark in children.get("shelfLocator", ())]
    copies = (
        copy for holding in children.get("holdingSimple", ()) for copy in holding.iterfind("{*}copyInformation/*")
    )
    for copy in copies:
        if local_name(copy) in ("subLocation", "shelfLocator"):
            (units if local_name(copy) == "subLocation" else marks).append(words_of(copy))
    held, ref = ", ".join(filter(None, units)), ", ".join(filter(None, marks))
    return tuple((name, text) for name, text in (("repository", held), ("ref", ref)) if text)


def _described(element: _Element, *, with_part: bool) -> Iterator[tuple[str, str]]:
    """Give the parts of another item in document order; its place in a host may stand beside the host."""
    for child in element.iterchildren("*"):
        yield from _READ.get(local_name(child), _nothing)(child)
    record = element.getparent()
    if with_part and record is not None and element.find("{*}part") is None:
        beside = record.find("{*}part")
        if beside is not None:
            yield from _numbered(beside)


def _nothing(_: _Element) -> Iterator[tuple[str, str]]:
    return iter(())


def _title(info: _Element) -> Iterator[tuple[str, str]]:
    numbers = children_of(info).get("partNumber")
    volume = words_of(numbers[0]) if numbers else ""
    text = title_text(info)
    if text and not info.get("type"):
        yield "container_title", text.removesuffix(f". {volume}") if volume else text
    if volume:
        yield "volume", volume


def _identifier(element: _Element) -> Iterator[tuple[str, str]]:
    kind, text = (element.get("type") or "").lower(), identifier_text(element)
    if text.lower().startswith(("urn:isbn:", "urn:issn:")):
        kind, text = text[4:8].lower(), text[9:].strip()
    name = kind if kind in ("issn", "isbn", "doi") else "url" if kind in ("uri", "url") else "identifier"
    if text and element.get("invalid") != "yes":
        yield name, text


def _located(element: _Element) -> Iterator[tuple[str, str]]:
    children = children_of(element)
    yield from _kept(children)
    for url in children.get("url", ()):
        if text := identifier_text(url):
            yield "url", text


def _published(element: _Element) -> Iterator[tuple[str, str]]:
    for child in element.iterchildren("{*}publisher", "{*}dateIssued", "{*}dateCreated", "{*}copyrightDate"):
        words = words_of(child)
        if local_name(child) == "publisher":
            yield from [("publisher", words)] if words else []
        elif year := year_in(words):
            yield "year", year


def _numbered(part: _Element) -> Iterator[tuple[str, str]]:
    """Read a ``part``: volume and issue, pages and date."""
    for child in part.iterchildren("*"):
        local = local_name(child)
        if local == "detail":
            yield from _detail(child)
        elif local == "extent" and (child.get("unit") or "page").lower().startswith("p"):
            if pages := _pages(child):
                yield "pages", pages
        elif local == "date" and (year := year_in(words_of(child))):
            yield "year", year


def _detail(detail: _Element) -> Iterator[tuple[str, str]]:
    name = _DETAILS.get((detail.get("type") or "").lower().strip("."))
    said = {local_name(child): words_of(child) for child in detail.iterchildren("*")}
    text = said.get("number") or said.get("title") or said.get("caption")
    if name and text:
        yield name, text


def _pages(extent: _Element) -> str:
    said = {local_name(child): words_of(child) for child in extent.iterchildren("*")}
    start, end = said.get("start"), said.get("end")
    return f"{start}-{end}" if start and end and start != end else start or said.get("list") or end or ""


def _text(parts: Parts) -> str:
    """Write another item as one line: its citation and who keeps it, or else whatever identifies it."""
    shown = tuple(part for part in parts if part[0] in _CITED)
    kept = (text for name, text in parts if name in ("repository", "ref"))
    if line := ", ".join(filter(None, (words(shown), *kept))):
        return line
    said = dict(reversed(parts))
    return next((said[name] for name in ("doi", "issn", "isbn", "identifier", "url") if name in said), "")


_READ = MappingProxyType(
    {
        "titleInfo": _title,
        "identifier": _identifier,
        "location": _located,
        "originInfo": _published,
        "part": _numbered,
    }
)

"""Names in a MODS record, put together as headings are, and taken to the field that their roles say."""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.elements import children_of, local_name, words_of
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.mods_titles import lang_of, value_identifiers
from ingest.crosswalk.relators import places


def name(element: _Element, found: Gathering) -> None:
    """Read one name; it stands once in each field that one of its roles belongs to."""
    children = children_of(element)
    text = _heading(element, children)
    if not text:
        return
    parts, lang = (*value_identifiers(element), *_about(element, children)), lang_of(element)
    roles = list(_roles(children.get("role", [])))
    for field, role in places(roles, default="creators", main=element.get("usage") == "primary"):
        held: Parts = (("repository", text),) if field == "sources" else ()
        found.add(field, text, "mods:name", lang=lang, role=role, parts=(*held, *parts))


def heading(element: _Element) -> str:
    """Write a name as ``Family, Given, terms of address, dates``; the units of a body are parted by a stop."""
    return _heading(element, children_of(element))


def _heading(element: _Element, children: dict[str, list[_Element]]) -> str:
    pieces: dict[str, list[str]] = {}
    for part in children.get("namePart", ()):
        if words := words_of(part):
            pieces.setdefault((part.get("type") or "").lower(), []).append(words)
    plain = (". " if element.get("type") == "corporate" else ", ").join(pieces.get("", ()))
    inverted = ", ".join(" ".join(pieces[kind]) for kind in ("family", "given") if kind in pieces)
    rest = (", ".join(pieces[kind]) for kind in ("termsofaddress", "date") if kind in pieces)
    if own := ", ".join(filter(None, (plain, inverted, *rest))):
        return own
    shown = children.get("displayForm", [] if children else [element])
    return words_of(shown[0]) if shown else ""


def _roles(roles: list[_Element]) -> Iterator[tuple[str, ...]]:
    """Give the terms of each role, words before codes; where they stand in one role, terms of one type are roles."""
    for role in roles:
        terms = [term for term in role.iterchildren("*") if local_name(term) == "roleTerm"]
        words = [words_of(term) for term in terms if term.get("type") != "code"]
        others = [words_of(term) for term in terms if term.get("type") == "code"]
        others += [term.get("valueURI") or "" for term in terms]
        if len(words) > 1:
            yield from ((word,) for word in words)
        else:
            yield tuple(words + others) if terms else (words_of(role),)


def _about(element: _Element, children: dict[str, list[_Element]]) -> Parts:
    """Give the identifiers of the named, with their type before them unless they show it, and their affiliation."""
    if "nameIdentifier" not in children and "affiliation" not in children:
        return ()
    return tuple(
        ("identifier", _typed(child)) if local_name(child) == "nameIdentifier" else ("affiliation", words_of(child))
        for child in element.iterchildren("{*}nameIdentifier", "{*}affiliation")
        if words_of(child)
    )


def _typed(identifier: _Element) -> str:
    words, kind = words_of(identifier), (identifier.get("type") or "").strip()
    return f"{kind}:{words}" if kind and kind.lower() not in words.lower() and "://" not in words else words

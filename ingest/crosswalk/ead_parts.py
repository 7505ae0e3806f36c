"""The elements of an archival description that need more than their text: names, dates, numbers and shelfmarks."""

import re
from itertools import chain

from lxml.etree import _Element

from ingest.crosswalk.elements import (
    XML_LANG,
    attribute_near,
    folded,
    link_of,
    local_name,
    outermost,
    prose_of,
    text_of,
)
from ingest.crosswalk.markup import Found, Markup, Reader

_BLOCKS = frozenset(
    {
        *("p", "head", "list", "item", "defitem", "chronlist", "chronitem", "event", "eventgrp", "table", "row", "lb"),
        *("blockquote", "note", "address", "addressline", "bibref", "archref"),
        *("legalstatus", "accessrestrict", "userestrict", "acqinfo", "custodhist"),
    }
)
_LEFT_OUT = frozenset({"head"})
_WHOLE_UNITS = ("", "fonds", "collection", "recordgrp", "otherlevel")
"""Levels at which the unit's own title is that of the collection that a reference names."""
_NO_SHELFMARK = re.compile(r"uri|url|urn|ark|doi|handle|isil|system|internal", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|/|urn:|ark:", re.IGNORECASE)
_SUBJECT_ROLE = re.compile(r"sub(?:ject)?\b", re.IGNORECASE)
_GIVERS = ("source", "donor")
"""Labels of originations that made nothing: whoever keeps the finding aid had the unit from them."""
_NAMES = ("persname", "corpname", "famname", "name")


def _prose(element: _Element) -> str:
    said = prose_of(element, blocks=_BLOCKS, left_out=_LEFT_OUT)
    return said or next(filter(None, map(link_of, element.iter("{*}*"))), "")


def _language(element: _Element) -> str | None:
    return attribute_near(element, XML_LANG, "lang")


EAD = Markup(prefix="ead", text=_prose, language=_language)


def _attribute(element: _Element, *names: str) -> str:
    """Give the first of the attributes that says anything."""
    return next((said for name in names if (said := element.get(name, "").strip())), "")


def _line(element: _Element) -> str:
    return folded(_prose(element))


# --- identifiers, titles and dates ----------------------------------------------------------------


def finding_aid_number(element: _Element) -> Found:
    """Read ``eadid`` or ``recordid``: the number of the finding aid, and the addresses beside it."""
    role = local_name(element)
    yield from EAD.found("identifiers", element, role=role)
    for name in ("identifier", "url", "urn", "instanceurl"):
        yield from EAD.found("identifiers", element, element.get(name, ""), role=name)


def unit_number(element: _Element) -> Found:
    """Read ``unitid``, of the type that it gives."""
    given = _attribute(element, "identifier")
    role = _attribute(element, "type", "localtype")
    yield from EAD.found("identifiers", element, _line(element), role=role, parts=[("identifier", given)])


def title(element: _Element) -> Found:
    """Read ``unittitle``, and the dates that stand inside it."""
    yield from EAD.found("titles", element, _line(element))
    for inner in outermost(element, "unitdate"):
        yield from date(inner)


def date(element: _Element) -> Found:
    """Read ``unitdate`` as written; the machine's form of it is a part."""
    role = _attribute(element, "datechar", "unitdatetype", "type")
    normal = _attribute(element, "normal")
    text = _line(element) or normal
    yield from EAD.found("dates", element, text, role=_DATE_ROLES.get(role, role), parts=[("normal", normal)])


_DATE_ROLES = {"creation": "created", "publication": "issued", "inclusive": "", "bulk": "bulk"}


def structured_date(element: _Element) -> Found:
    """Read EAD3's ``unitdatestructured``: each single date and each range in it."""
    role = _attribute(element, "datechar", "unitdatetype")
    for part in outermost(element, "datesingle", "daterange"):
        ends = list(part.iterchildren("{*}fromdate", "{*}todate")) or [part]
        written = [_line(end) or _attribute(end, "standarddate") for end in ends]
        normal = [_attribute(end, "standarddate") for end in ends]
        yield from EAD.found(
            "dates",
            element,
            " - ".join(filter(None, written)),
            role=_DATE_ROLES.get(role, role),
            parts=[("normal", "/".join(normal) if all(normal) else "")],
        )


def languages(element: _Element) -> Found:
    """Read ``langmaterial``: the codes of its languages, else their names, else what it says in words."""
    named = [(inner, _attribute(inner, "langcode") or _line(inner)) for inner in outermost(element, "language")]
    for inner, said in named:
        yield from EAD.found("languages", inner, said)
    if not any(said for _, said in named):
        yield from EAD.found("languages", element, _line(element))


def physical_description(element: _Element) -> Found:
    """Read EAD3's ``physdescstructured``: the quantity before its unit."""
    said = map(_line, element.iterchildren("*"))
    yield from EAD.found("formats", element, " ".join(filter(None, said)))


# --- names ----------------------------------------------------------------------------------------


def _name(element: _Element, between: str) -> str:
    """Give a heading; EAD3 writes its parts as elements of their own."""
    parts = [folded(text_of(part)).rstrip(" ,") for part in element.iterchildren("{*}part")]
    if len(parts) > 1 and not (element.text or "").strip():
        return between.join(filter(None, parts))
    return folded("".join(element.itertext()))


def _authority(element: _Element) -> list[tuple[str, str | None]]:
    return [("identifier", _attribute(element, "identifier", "authfilenumber"))]


def _role(element: _Element) -> str:
    """Give the role of a name; exporters write ``Donor (dnr)``, the term with its code behind."""
    return _attribute(element, "relator", "role").partition(" (")[0]


def origination(element: _Element) -> Found:
    """Read ``origination``: the names in it, each with its role, or that under which the origination stands."""
    label = _attribute(element, "label")
    field = "contributors" if label.casefold() in _GIVERS else "creators"
    names = list(outermost(element, *_NAMES))
    for name in names:
        role = _role(name) or label
        yield from EAD.found(field, name, _name(name, ", "), role=role, parts=_authority(name), name="origination")
    if not names:
        yield from EAD.found(field, element, _line(element), role=label)


_HEADINGS = {
    "subject": "subjects",
    "function": "subjects function",
    "occupation": "subjects occupation",
    "title": "subjects title",
    "geogname": "coverage",
    "genreform": "types genreform",
}


def controlled_access(element: _Element) -> Found:
    """Read the headings in ``controlaccess``, wherever they are nested; a name with a role took part in the unit."""
    for heading in outermost(element, *_NAMES, *_HEADINGS):
        kind = local_name(heading)
        if kind in _NAMES:
            role = _role(heading)
            field = "contributors" if role and not _SUBJECT_ROLE.match(role) else "subjects"
            text = _name(heading, ", ")
        else:
            field, _, role = _HEADINGS[kind].partition(" ")
            text = _name(heading, " -- ")
        yield from EAD.found(field, heading, text, role=role, parts=_authority(heading))


# --- rights and shelfmarks ------------------------------------------------------------------------


def rights(role: str) -> Reader:
    """Give the reader of an element on rights: what it says, and each address that it only points to."""

    def read(element: _Element) -> Found:
        said = _prose(element)
        yield from EAD.found("rights", element, said, role=role)
        for link in dict.fromkeys(map(link_of, element.iter("{*}*"))):
            if link not in said:
                yield from EAD.found("rights", element, link, role=role)

    return read


def shelfmark(did: _Element) -> Found:
    """Make one source of the repository and the first number that is a shelfmark.

    The title is that of the collection where the unit is one.
    """
    repository = next(chain.from_iterable(_repositories(did)), "")
    number = next(filter(None, map(_shelfmark, did.iterchildren("{*}unitid"))), "")
    named = did.find("{*}unittitle")
    whole = _level(did) in _WHOLE_UNITS
    collection = _line(named) if named is not None and whole else ""
    yield from EAD.found(
        "sources",
        did,
        ", ".join(filter(None, (repository, number))),
        role="shelfmark",
        parts=[("repository", repository), ("ref", number), ("collection", collection)],
        name="unitid" if number else "repository",
    )


def _repositories(did: _Element) -> list[list[str]]:
    """Give the names of the repositories; their addresses are no part of them."""
    return [
        [_name(name, ", ") for name in outermost(repository, *_NAMES)]
        or [folded(prose_of(repository, blocks=frozenset(), left_out=_LEFT_OUT | {"address"}))]
        for repository in did.iterchildren("{*}repository")
    ]


def _shelfmark(number: _Element) -> str:
    if _NO_SHELFMARK.search(_attribute(number, "type", "localtype")):
        return ""
    text = _line(number)
    return "" if _ADDRESS.match(text) else text


def _level(did: _Element) -> str:
    description = did.getparent()
    return "" if description is None else description.get("level", "")

"""Learning Object Metadata: IEEE 1484.12.1, and IMS Learning Resource Metadata before it.

Names are compared without regard to case, which profiles do not agree on. Whether a thing costs and whether it is
restricted are codes of yes and no, kept with the name of their question as role; what the restrictions are stands in
the description of the rights.
"""

from lxml.etree import _Element

from ingest.crosswalk.elements import XML_LANG, attribute_near, local_name
from ingest.crosswalk.markup import Found, Markup, Reader, Table, description_of
from ingest.crosswalk.vcards import party_of
from ingest.descriptions import Description

_NAMESPACES = (
    "http://ltsc.ieee.org/xsd/LOM",
    "http://ltsc.ieee.org/xsd/LOMv1p0",
    "http://ltsc.ieee.org/xsd/lomv1.0",
    "http://ltsc.ieee.org/xsd/lom",
    "http://www.imsglobal.org/xsd/imsmd_v1p2",
    "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "http://www.imsproject.org/xsd/imsmd_rootv1p2",
    "http://www.imsproject.org/metadata",
    # Repositories that write no namespace leave it in the protocol's.
    "http://www.openarchives.org/OAI/2.0/",
    "",
)
NAMES = tuple((namespace, "lom") for namespace in _NAMESPACES)
"""Namespace and name of the root element."""
LOOSE_NAMES = ("lom",)
"""Names of roots in other namespaces."""

_CREATORS = ("author", "creator", "autor", "auteur")
_DONORS = ("funder", "sponsor", "financier", "financer", "funding agency", "funding body", "donor")
_HOLDERS = ("rights holder", "rightsholder", "copyright holder", "copyright owner")
_SUBJECTS = ("", "discipline", "idea")
_NO_LANGUAGE = ("x-none", "none", "x-t-none")


def _name(element: _Element) -> str:
    return local_name(element).lower()


def _language(element: _Element) -> str | None:
    language = attribute_near(element, XML_LANG, "language")
    return None if language is None or language.lower() in _NO_LANGUAGE else language


_LOM = Markup(prefix="lom", name=_name, language=_language)


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, has one of the standard's categories."""
    return any(_name(child) in _TABLE for child in root.iterchildren("*"))


def read(root: _Element) -> Description:
    """Read the description of a learning object; what is said of the record itself is left out."""
    return description_of(_LOM.walk(root, _TABLE))


# --- strings, codes and identifiers ---------------------------------------------------------------


def _child(element: _Element, *names: str) -> _Element | None:
    return next((child for child in element.iterchildren("*") if _name(child) in names), None)


def _texts(element: _Element) -> list[_Element]:
    """Give the strings of an element, one for each language, or the element that is one itself."""
    return [child for child in element.iterchildren("*") if _name(child) in ("string", "langstring")] or [element]


def _said(element: _Element | None) -> str:
    """Give the value of a code, the first string of an element, or its own text."""
    if element is None:
        return ""
    value = _child(element, "value")
    return _LOM.text(_texts(element if value is None else value)[0])


def _strings(field: str, role: str | None = None) -> Reader:
    """Give the reader of an element that says what it says in one string or several."""

    def read_strings(element: _Element) -> Found:
        for text in _texts(element):
            yield from _LOM.found(field, text, role=role, name=local_name(element))

    return read_strings


def _code(field: str, role: str | None = None) -> Reader:
    """Give the reader of a value out of a vocabulary; which vocabulary is not kept."""

    def read_code(element: _Element) -> Found:
        return _LOM.found(field, element, _said(element), role=role)

    return read_code


def _identifier(element: _Element) -> Found:
    """Read an entry of a catalogue, whose name is its role, or the bare identifier of older records."""
    entry = _child(element, "entry")
    catalog = _child(element, "catalog")
    return _LOM.found("identifiers", element, _said(element if entry is None else entry), role=_said(catalog))


def _language_of_object(element: _Element) -> Found:
    if _LOM.text(element).lower() not in _NO_LANGUAGE:
        yield from _LOM.found("languages", element)


# --- contributions --------------------------------------------------------------------------------


def _contribution(element: _Element) -> Found:
    """Read who took part in what way, and when."""
    role = _said(_child(element, "role")).casefold()
    field, kept = _place(role)
    for child in element.iterchildren("*"):
        if _name(child) in ("entity", "centity"):
            name, address = party_of("".join(child.itertext()))
            yield from _LOM.found(field, element, name, role=kept, parts=[("identifier", address)])
        elif _name(child) == "date":
            date = _child(child, "datetime")
            yield from _LOM.found("dates", child, _said(child if date is None else date), role=_date_role(role))


def _place(role: str) -> tuple[str, str | None]:
    if role in _CREATORS:
        return "creators", None
    if role == "publisher":
        return "publishers", None
    if role in _DONORS:
        return "donors", role
    return ("rights", "holder") if role in _HOLDERS else ("contributors", role)


def _date_role(role: str) -> str:
    return "created" if role in _CREATORS else "issued" if role == "publisher" else role


# --- relations and classifications ----------------------------------------------------------------


def _relation(element: _Element) -> Found:
    """Read a related object: its identifier, else its description; what it is made from is a source."""
    kind = _said(_child(element, "kind"))
    field = "sources" if kind.casefold() in ("isbasedon", "is based on") else "relations"
    resource = _child(element, "resource")
    for child in () if resource is None else resource.iterchildren("*"):
        if _name(child) in ("identifier", "catalogentry"):
            said = [value.text for _, value in _identifier(child)]
        else:
            said = [_said(child)] if _name(child) == "description" else []
        for text in said:
            yield from _LOM.found(field, child, text, role=kind, name="relation")


def _classification(element: _Element) -> Found:
    """Read the last step of each path, under its purpose: subjects, rights of access, or levels of education."""
    purpose = _said(_child(element, "purpose"))
    field = "subjects" if purpose.casefold() in _SUBJECTS else "relations"
    if purpose.casefold().replace(" ", "") == "accessrights":
        field, purpose = "rights", "access"
    for child in element.iterchildren("*"):
        if _name(child) == "taxonpath":
            yield from _taxon(child, field, "" if field == "subjects" else purpose)
        elif _name(child) == "keyword":
            yield from _strings("subjects")(child)


def _taxon(path: _Element, field: str, role: str) -> Found:
    taxon = next((step for step in reversed(list(path.iterdescendants("*"))) if _name(step) == "taxon"), None)
    if taxon is None:
        return
    number, entry = _said(_child(taxon, "id")), _child(taxon, "entry")
    for text in [] if entry is None else _texts(entry):
        yield from _LOM.found(field, text, role=role, parts=[("identifier", number)], name="taxon")
    if field == "rights" or not _said(entry):
        # The code says what the words say, in every language.
        yield from _LOM.found(field, taxon, number, role=role)


_TABLE: Table = {
    "general": {
        "identifier": _identifier,
        "catalogentry": _identifier,
        "title": _strings("titles"),
        "language": _language_of_object,
        "description": _strings("descriptions"),
        "keyword": _strings("subjects"),
        "coverage": _strings("coverage"),
    },
    "lifecycle": {"contribute": _contribution},
    "technical": {
        "format": "formats",
        "size": "formats size",
        "location": "identifiers location",
    },
    "educational": {
        "learningresourcetype": _code("types"),
        "description": _strings("descriptions", "educational"),
        "intendedenduserrole": _code("relations", "intendedEndUserRole"),
        "context": _code("relations", "context"),
        "typicalagerange": _strings("relations", "typicalAgeRange"),
    },
    "rights": {
        "cost": _code("rights", "cost"),
        "copyrightandotherrestrictions": _code("rights", "copyrightAndOtherRestrictions"),
        "description": _strings("rights"),
    },
    "relation": _relation,
    "classification": _classification,
}

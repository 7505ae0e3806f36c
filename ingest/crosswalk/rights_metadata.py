"""Rights kept in a vocabulary of their own, inside MODS or METS: METSRights, PREMIS, copyrightMD, the viewer's of DFG.

Their elements are known by name, whatever the namespace: the names do not clash.
"""

from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.elements import XML_LANG, language_of, link_of, local_name, words_of
from ingest.crosswalk.gathering import Gathering

_ROLES = MappingProxyType(
    {
        # METSRights.
        "rightsdeclaration": "rights",
        "rightsholdername": "holder",
        "rightsholdercontact": "contact",
        "constraintdescription": "constraint",
        # PREMIS 2 and 3.
        "rightsbasis": "basis",
        "copyrightstatus": "status",
        "copyrightnote": "rights",
        "licenseterms": "license",
        "licensenote": "license",
        "licenseidentifiervalue": "license",
        "rightsgrantednote": "rights",
        "statutenote": "rights",
        "otherrightsnote": "rights",
        # copyrightMD.
        "name": "holder",
        "rights.holder": "holder",
        "general.note": "rights",
        "note": "rights",
        # The DFG viewer, Creative Commons in RDF, Dublin Core, and what is named as they are.
        "license": "license",
        "licence": "license",
        "rights": "rights",
        "accessrights": "accessRights",
        "rightsholder": "holder",
        "holder": "holder",
        "accesscondition": "rights",
        "useconstraints": "rights",
        "usage": "rights",
        "p": "rights",
    }
)
"""Names of elements that hold words, in small letters, and the role that they give them."""

_ATTRIBUTES = ("RIGHTSCATEGORY", "copyright.status")


def statements(root: _Element, found: Gathering, name: str, *, role: str | None = None) -> None:
    """Read every statement inside ``root``; one without a structure that is known is taken whole.

    ``name`` is the element that the values are said to stand in, ``role`` the one of what says nothing of itself.
    """
    before = len(found)
    read: set[_Element] = set()
    languages = {root: language_of(root)}
    for element in root.iterdescendants("*"):
        inside = element.getparent()
        around = root if inside is None else inside
        lang = languages[element] = element.get(XML_LANG, languages[around] or "").strip() or None
        for attribute in _ATTRIBUTES:
            found.add("rights", element.get(attribute, ""), name, lang=lang, role="status")
        if around in read:
            # It is read with the element around it.
            read.add(element)
        elif _is_statement(element):
            read.add(element)
            own = _role(element, around)
            text = words_of(element) or link_of(element)
            found.add("rights", text, name, lang=lang, role=role if own == "rights" and role else own)
    if len(found) == before:
        _whole(root, found, name, role)


def _whole(root: _Element, found: Gathering, name: str, role: str | None) -> None:
    """Take all words as one statement, and the addresses that links among them lead to."""
    words = words_of(root)
    found.add("rights", words, name, lang=language_of(root), role=role)
    for link in dict.fromkeys(map(link_of, root.iterdescendants("*"))):
        if link not in words:
            found.add("rights", link, name, lang=language_of(root), role=role)


def _is_statement(element: _Element) -> bool:
    """Tell whether an element holds words of its own rather than elements that do."""
    return _known(element) is not None and all(_known(child) is None for child in element.iterchildren("*"))


def _role(element: _Element, inside: _Element) -> str | None:
    """Give the role of an element; names inside a holder are the holder's, whatever they are called."""
    known = _known(element)
    return "holder" if _known(inside) == "holder" and known != "contact" else known


def _known(element: _Element) -> str | None:
    return _ROLES.get(local_name(element).lower())

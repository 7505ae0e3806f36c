"""Encoded Archival Description, EAD 2002 and EAD3: the finding aid of a fonds, a collection or another unit.

Only the unit at the top is described. Its components stand in ``dsc``, thousands of them in large finding aids;
they are other units, with identifiers of their own, and are not walked. What the header says of the finding aid
itself (its author, its language, the agency that maintains it) is not said of the unit and is left out, but for the
sponsor who paid for the finding aid, and for the rights in it.
"""

from lxml.etree import _Element

from ingest.crosswalk.ead_parts import (
    EAD,
    controlled_access,
    date,
    finding_aid_number,
    languages,
    origination,
    physical_description,
    rights,
    shelfmark,
    structured_date,
    title,
    unit_number,
)
from ingest.crosswalk.elements import local_name
from ingest.crosswalk.markup import Found, Table, description_of, rows
from ingest.descriptions import Description

_NAMESPACES = (
    "",
    "urn:isbn:1-931666-22-9",
    # Repositories that write the finding aid without a namespace leave it in the protocol's.
    "http://www.openarchives.org/OAI/2.0/",
)
_NAMESPACES_3 = ("http://ead3.archivists.org/schema/", "http://ead3.archivists.org/schema/undeprecated/")
NAMES = tuple((namespace, root) for namespace in _NAMESPACES for root in ("ead", "archdesc"))
"""Namespace and name of the root element of EAD 2002, also where only the description was taken out of it."""
NAMES_3 = tuple((namespace, root) for namespace in _NAMESPACES_3 for root in ("ead", "archdesc"))
"""Namespace and name of the root element of EAD3."""
LOOSE_NAMES = ("ead", "archdesc")
"""Names of roots in other namespaces."""

_HEADER: Table = {
    "eadid": finding_aid_number,
    "recordid": finding_aid_number,
    "filedesc": {
        "titlestmt": {"titleproper": "titles titleproper", "sponsor": "donors sponsor"},
        "publicationstmt": {"publisher": "publishers"},
    },
    "rightsdeclaration": rights("metadata"),
}


def _unit(element: _Element) -> Found:
    """Read ``did``: element by element, then the shelfmark that several of them make up."""
    yield from EAD.walk(element, _UNIT)
    yield from shelfmark(element)


def _description(element: _Element) -> Found:
    """Read ``archdesc``, whose level ("fonds", "collection", "item") is the type of the unit."""
    yield from EAD.found("types", element, element.get("level", ""), role="level")
    yield from EAD.walk(element, _DESCRIPTION)


_UNIT: Table = {
    "unitid": unit_number,
    "unittitle": title,
    "unitdate": date,
    "unitdatestructured": structured_date,
    "origination": origination,
    "abstract": "descriptions abstract",
    "note": "descriptions note",
    "didnote": "descriptions note",
    "physloc": "descriptions physloc",
    "physdesc": "formats",
    "physdescstructured": physical_description,
    "physdescset": {"physdescstructured": physical_description},
    "materialspec": "formats materialspec",
    "langmaterial": languages,
    **rows("relations", "dao daogrp daoset"),
}
_PROSE = "scopecontent bioghist odd arrangement fileplan processinfo appraisal accruals phystech index note"
_RELATED = "altformavail relatedmaterial separatedmaterial otherfindaid bibliography prefercite dao daogrp daoset"
_FREE: Table = {
    "accessrestrict": rights("access"),
    "userestrict": rights("use"),
    "legalstatus": rights("legalstatus"),
    "acqinfo": "donors acquisition",
    "custodhist": "donors custodhist",
    "originalsloc": "sources originalsloc",
    "controlaccess": controlled_access,
    "relations": {"relation": "relations"},
    **rows("descriptions", _PROSE),
    **rows("relations", _RELATED),
}
# Older finding aids stand what belongs to administration, or is added, in a group of its own.
_DESCRIPTION: Table = {"did": _unit, "descgrp": _FREE, "admininfo": _FREE, "add": _FREE, **_FREE}
_FINDING_AID: Table = {"eadheader": _HEADER, "control": _HEADER, "archdesc": _description}


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, holds an archival description."""
    return next(root.iterchildren("{*}archdesc", "{*}did"), None) is not None


def read(root: _Element) -> Description:
    """Read a finding aid, or an archival description alone."""
    return description_of(_description(root) if local_name(root) == "archdesc" else EAD.walk(root, _FINDING_AID))

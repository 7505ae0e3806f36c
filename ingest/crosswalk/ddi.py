"""DDI Codebook, from 1.2 (Nesstar) to 2.6: what data archives say of a study.

Only the study is read. The description of the document itself gives no more than the rights in it, role
``metadata``; files and variables, of which a codebook may hold thousands, are not walked.
"""

from lxml.etree import _Element

from ingest.crosswalk.ddi_funding import funding
from ingest.crosswalk.ddi_parts import (
    DDI,
    attribute_of,
    coverage_end,
    dated,
    named,
    other_identification,
    rights,
    typed,
)
from ingest.crosswalk.markup import Found, Table, description_of, rows
from ingest.descriptions import Description

NAMES = (
    ("ddi:codebook:2_6", "codeBook"),
    ("ddi:codebook:2_5", "codeBook"),
    ("ddi:codebook:2_1", "codeBook"),
    ("http://www.icpsr.umich.edu/DDI", "codeBook"),
    ("", "codeBook"),
    # Repositories that write no namespace leave it in the protocol's.
    ("http://www.openarchives.org/OAI/2.0/", "codeBook"),
)
"""Namespace and name of the root element."""
LOOSE_NAMES = ("codebook",)
"""Names of roots in other namespaces."""


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, describes a study or a document."""
    return next(root.iterchildren("{*}stdyDscr", "{*}docDscr"), None) is not None


def read(root: _Element) -> Description:
    """Read the study that a codebook describes."""
    return description_of(DDI.walk(root, _CODEBOOK))


def _production(element: _Element) -> Found:
    """Read ``prodStmt``: element by element, then the funders with the grants that belong to them."""
    yield from DDI.walk(element, _PRODUCTION)
    yield from funding(element)


_PRODUCTION: Table = {
    "producer": named("publishers", "producer"),
    "copyright": rights(None),
    "prodDate": dated("created"),
}
_CITATION: Table = {
    "titlStmt": {
        "titl": "titles",
        "subTitl": "titles subtitle",
        "altTitl": "titles alternative",
        "parTitl": "titles parallel",
        "IDNo": typed("identifiers", "agency"),
    },
    "rspStmt": {"AuthEnty": named("creators", ""), "othId": other_identification},
    "prodStmt": _production,
    "distStmt": {
        "distrbtr": named("publishers", "distributor"),
        "depositr": named("contributors", "depositor"),
        "depDate": dated("submitted"),
        "distDate": dated("issued"),
    },
    "serStmt": {"serName": "relations series"},
    "biblCit": "relations biblCit",
    "holdings": attribute_of("identifiers", "URI", "holdings"),
}
_SUMMARY: Table = {
    "timePrd": coverage_end,
    "collDate": dated("collected"),
    "nation": "coverage nation",
    "geogCover": "coverage geogCover",
    "geogUnit": "coverage geogUnit",
    "universe": "coverage universe",
    "dataKind": "types",
}
_INFORMATION: Table = {
    "subject": {"keyword": "subjects keyword", "topcClas": "subjects topcClas"},
    "abstract": "descriptions abstract",
    "sumDscr": _SUMMARY,
    "notes": "descriptions notes",
}
_SOURCES: Table = {**rows("sources", "dataSrc sourceCitation srcOrig"), "sources": rows("sources", "dataSrc")}
_METHOD: Table = {
    "dataColl": {
        "dataCollector": named("contributors", "dataCollector"),
        "sources": _SOURCES,
        **rows("descriptions", "timeMeth sampProc collMode"),
    },
}
_ACCESS: Table = {
    "setAvail": {
        "origArch": "sources origArch",
        "avlStatus": rights("availability"),
        "collSize": "formats collSize",
    },
    "useStmt": {
        "confDec": rights("confidentiality"),
        "specPerm": rights("permission"),
        "restrctn": rights("restrictions"),
        "contact": rights("contact"),
        "citReq": rights("citation"),
        "deposReq": rights("deposit"),
        "conditions": rights("conditions"),
        "disclaimer": rights("disclaimer"),
        "license": rights("license"),
    },
    # Dataverse writes the terms of use here.
    "notes": rights(None),
}
_CODEBOOK: Table = {
    "docDscr": {"citation": {"prodStmt": {"copyright": rights("metadata")}}},
    "stdyDscr": {
        "citation": _CITATION,
        "stdyInfo": _INFORMATION,
        "method": _METHOD,
        "dataAccs": _ACCESS,
        "othrStdyMat": rows("relations", "relMat relStdy relPubl othRefs"),
    },
}

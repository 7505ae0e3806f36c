"""ISO 19139, geographic metadata (ISO 19115) in XML, with the extensions for imagery (``gmi``) and for services.

What the record says of itself (its contact, its date) is left out, but for the language in which it is written: that
is the language of its texts, where the language of the data is one of the description. The statement of lineage tells
how data came about, in words, and stands among the descriptions as provenance does in Dublin Core; data that are named
as those others were made from are the sources. Credits, too, are words that may name anybody: they are descriptions,
where lead-ins decide who gave.
"""

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name
from ingest.crosswalk.iso19139_parts import (
    ISO,
    box,
    constraints,
    date,
    identifier,
    keywords,
    linkage,
    party,
    period,
    words,
)
from ingest.crosswalk.markup import Found, Table, description_of
from ingest.descriptions import Description

NAMES = (
    ("http://www.isotc211.org/2005/gmd", "MD_Metadata"),
    ("http://www.isotc211.org/2005/gmi", "MI_Metadata"),
    ("http://www.isotc211.org/2005/gmi", "MD_Metadata"),
    ("http://standards.iso.org/iso/19115/-2/gmi/1.0", "MI_Metadata"),
    ("http://standards.iso.org/iso/19115/-3/mdb/1.0", "MD_Metadata"),
    ("http://standards.iso.org/iso/19115/-3/mdb/2.0", "MD_Metadata"),
)
"""Namespace and name of the root element; the last two are of ISO 19115-3, which names most things the same."""
LOOSE_NAMES = ("md_metadata", "mi_metadata")
"""Names of roots in other namespaces."""


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, identifies data."""
    return root.find("{*}identificationInfo") is not None


def read(root: _Element) -> Description:
    """Read the description of a set of data, a series of sets or a service."""
    return description_of(ISO.walk(root, _RECORD))


def _identification(element: _Element) -> Found:
    """Read what identifies the data, under whichever name a profile gives it."""
    for child in element.iterchildren("{*}*"):
        yield from ISO.walk(child, _IDENTIFICATION)


def _related(element: _Element) -> Found:
    """Read other data: by name, else by identifier; how they are related is the role."""
    code = element.find("{*}*/{*}associationType")
    role = "" if code is None else ISO.text(code)
    found = [value for _, value in ISO.walk(element, _RELATED)]
    for value in found[:1]:
        yield from ISO.found("relations", element, value.text, role=role or local_name(element))


_CITATION: Table = {
    "title": words("titles"),
    "alternateTitle": words("titles", "alternative"),
    "date": date,
    "identifier": identifier,
    "citedResponsibleParty": party,
    "presentationForm": "types presentationForm",
    "series": {"CI_Series": {"name": words("relations", "series")}},
    "otherCitationDetails": words("relations", "otherCitationDetails"),
    "collectiveTitle": words("relations", "collectiveTitle"),
    "ISBN": "identifiers isbn",
    "ISSN": "identifiers issn",
}
_EXTENT: Table = {
    "description": words("coverage"),
    "geographicElement": {
        "EX_GeographicBoundingBox": box,
        "EX_GeographicDescription": {"geographicIdentifier": {"MD_Identifier": {"code": words("coverage")}}},
    },
    "temporalElement": {"EX_TemporalExtent": {"extent": period}, "EX_SpatialTemporalExtent": {"extent": period}},
}
_IDENTIFICATION: Table = {
    "citation": {"CI_Citation": _CITATION},
    "abstract": words("descriptions", "abstract"),
    "purpose": words("descriptions", "purpose"),
    "credit": words("descriptions", "credit"),
    "supplementalInformation": words("descriptions", "supplementalInformation"),
    "pointOfContact": party,
    "descriptiveKeywords": {"MD_Keywords": keywords},
    "topicCategory": "subjects topicCategory",
    "resourceConstraints": constraints(None),
    "aggregationInfo": _related,
    "associatedResource": _related,
    "spatialRepresentationType": "types spatialRepresentationType",
    "serviceType": "types serviceType",
    "language": "languages",
    "defaultLocale": {"PT_Locale": {"language": "languages"}},
    "extent": {"EX_Extent": _EXTENT},
}
_RELATED: Table = {
    "MD_AggregateInformation": {
        "aggregateDataSetName": {"CI_Citation": {"title": words("relations")}},
        "aggregateDataSetIdentifier": identifier,
    },
    "MD_AssociatedResource": {"name": {"CI_Citation": {"title": words("relations")}}},
}
_DISTRIBUTION: Table = {
    "distributionFormat": {"MD_Format": {"name": "formats"}},
    "distributor": {"MD_Distributor": {"distributorContact": party}},
    "transferOptions": {"MD_DigitalTransferOptions": {"onLine": linkage}},
}
_LINEAGE: Table = {
    "statement": words("descriptions", "lineage"),
    "source": {
        "LI_Source": {
            "description": words("sources", "lineage"),
            "sourceCitation": {"CI_Citation": {"title": words("sources", "lineage")}},
        },
    },
}
_RECORD: Table = {
    "fileIdentifier": "identifiers fileIdentifier",
    "metadataIdentifier": identifier,
    "dataSetURI": "identifiers dataSetURI",
    "hierarchyLevel": "types hierarchyLevel",
    "metadataConstraints": constraints("metadata"),
    "identificationInfo": _identification,
    "distributionInfo": {"MD_Distribution": _DISTRIBUTION},
    "dataQualityInfo": {"DQ_DataQuality": {"lineage": {"LI_Lineage": _LINEAGE}}},
    "resourceLineage": {"LI_Lineage": _LINEAGE},
}

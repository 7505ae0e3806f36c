"""UKETD_DC, the format in which universities of the United Kingdom give their theses to EThOS."""

from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.awards import with_awards
from ingest.crosswalk.dublin_core import OwnElements, Place
from ingest.crosswalk.elements import name_of
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

NAMES = (
    ("http://naca.central.cranfield.ac.uk/ethos-oai/2.0/", "uketddc"),
    ("http://naca.central.cranfield.ac.uk/ethos-oai/1.0/", "uketddc"),
    ("http://naca.central.cranfield.ac.uk/ethos-oai/2.0/", "uketd_dc"),
)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("uketddc", "uketd_dc")
"""Names of roots in other namespaces, or in none, that hold such elements."""

OWN_ELEMENTS = OwnElements(
    prefix="uketdterms",
    namespaces=("http://naca.central.cranfield.ac.uk/ethos-oai/terms/",),
    places=MappingProxyType(
        {
            "sponsor": Place("donors", "funder"),
            "grantnumber": Place("awards", "grantnumber"),
            "advisor": Place("contributors", "advisor"),
            "institution": Place("contributors", "institution"),
            "department": Place("contributors", "department"),
            # The partner in business whom the thesis touches, or the university once more: who paid is the sponsor.
            "commercial": Place("contributors", "commercial"),
            "qualificationname": Place("types", "qualificationname"),
            "qualificationlevel": Place("types", "qualificationlevel"),
            "embargodate": Place("rights", "embargoEnd"),
            "embargoreason": Place("rights", "embargoReason"),
            "embargotype": Place("rights", "embargoType"),
            "embargotime": Place("rights", "embargoTime"),
        }
    ),
)


def read(root: _Element) -> Description:
    """Read a record; a grant's number is part of the sponsor that it is of, or a relation where that is not told."""
    around = name_of(root)[0]
    found = Gathering()
    for child in root.iterchildren("*"):
        found.extend(*dublin_core.values_of(child, around, OWN_ELEMENTS))
    donors, left = with_awards(found.take("donors"), [("award_number", value) for value in found.take("awards")])
    found.extend("donors", donors)
    found.extend("relations", left)
    return found.description()

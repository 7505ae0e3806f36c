"""MARC 21 for bibliographic data (https://www.loc.gov/marc/bibliographic/), in MARCXML and in the older ``oai_marc``.

What the record says of itself is no value: 001 and 003, who catalogued it (040), and how (042). UNIMARC, whose tags
mean other things, goes by the same elements and often by the same namespace: such a record is not understood.
"""

from itertools import chain
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.marc_coded import CODED, coded
from ingest.crosswalk.marc_fields import Marc, Reader, marc_of
from ingest.crosswalk.marc_hosts import HOSTS
from ingest.crosswalk.marc_names import NAMES as NAME_FIELDS
from ingest.crosswalk.marc_notes import NOTES
from ingest.crosswalk.marc_rights import RIGHTS
from ingest.crosswalk.marc_subjects import SUBJECTS
from ingest.crosswalk.marc_titles import TITLES
from ingest.descriptions import Description

_SLIM = ("http://www.loc.gov/MARC21/slim", "http://www.loc.gov/MARC21/slim/")

NAMES = tuple((namespace, "record") for namespace in _SLIM)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("record", "marc")
"""Names of roots in other namespaces, such as MarcXchange's, or in none, that hold fields."""

COLLECTION_NAMES = tuple((namespace, "collection") for namespace in _SLIM)
"""The root around several records; repositories put one into it, sometimes with its holdings behind."""

LOOSE_COLLECTION_NAMES = ("collection",)
"""The same in other namespaces, or in none."""

OAI_NAMES = (
    ("http://www.openarchives.org/OAI/1.1/oai_marc", "oai_marc"),
    ("http://www.openarchives.org/OAI/oai_marc", "oai_marc"),
    ("http://www.openarchives.org/OAI/1.0/oai_marc", "oai_marc"),
)
"""The roots of the older format."""

LOOSE_OAI_NAMES = ("oai_marc",)
"""The older format's root in other namespaces, or in none."""

_FIELDS = ("datafield", "controlfield", "varfield", "fixfield")
_NO_WORKS = ("z", "w", "q")
"""Types of record that describe a name, a class or a service of a community."""

_READERS: MappingProxyType[str, Reader] = MappingProxyType(
    dict(chain.from_iterable(table.items() for table in (CODED, NAME_FIELDS, TITLES, SUBJECTS, NOTES, RIGHTS, HOSTS)))
)


def holds(root: _Element) -> bool:
    """Tell whether any child of ``root`` is a field."""
    return any(local_name(child) in _FIELDS for child in root.iterchildren("*"))


def holds_records(root: _Element) -> bool:
    """Tell whether any child of ``root`` is a record of fields."""
    return any(map(holds, records(root)))


def records(root: _Element) -> tuple[_Element, ...]:
    """Give the records of a collection."""
    return tuple(root.iterchildren("{*}record"))


def read(root: _Element) -> Description | None:
    """Read a record; None where it is UNIMARC, or describes no thing but a heading, a class or a service."""
    marc = marc_of(root, _READERS)
    if marc.type_of_record in _NO_WORKS or _is_unimarc(root, marc):
        return None
    found = Gathering()
    coded(marc, found)
    for field in marc.fields:
        if reader := _READERS.get(field.tag):
            reader(field, marc, found)
    return found.description()


def _is_unimarc(root: _Element, marc: Marc) -> bool:
    """Tell UNIMARC by the record's own word, or by its title, which stands in 200, where MARC 21 has no field."""
    if "unimarc" in root.get("format", "").lower():
        return True
    return "245" not in marc.tags and any(child.get("tag") == "200" for child in root.iterchildren("{*}datafield"))

"""OpenAIRE's guidelines 4 for literature repositories: DataCite's and Dublin Core's elements, and some of its own.

``datacite:rights`` is who may see a thing, and never a licence; that is what ``oaire:licenseCondition`` is for. What
the thing was published in stands in several elements ``oaire:citation…``, which are one source.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.access_terms import is_access_term
from ingest.crosswalk.citations import joined, words
from ingest.crosswalk.datacite import OPENAIRE_SIGNS, gather
from ingest.crosswalk.datacite_elements import READERS as DATACITE_READERS
from ingest.crosswalk.datacite_elements import Reader
from ingest.crosswalk.elements import attribute, language_within, name_of, own_text
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

NAMES = (
    ("http://namespace.openaire.eu/schema/oaire/", "resource"),
    ("http://namespace.openaire.eu/schema/oaire", "resource"),
    ("http://namespace.openaire.eu/schema/oaire/", "record"),
)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("resource",)
"""Names of roots in other namespaces, or in none, that hold OpenAIRE's own elements."""

_CITATION: Mapping[str, str] = MappingProxyType(
    {
        "citationTitle": "container_title",
        "citationVolume": "volume",
        "citationIssue": "issue",
        "citationStartPage": "first_page",
        "citationEndPage": "last_page",
        "citationEdition": "edition",
        "citationConferencePlace": "conference_place",
        "citationConferenceDate": "conference_date",
    }
)


def read(root: _Element) -> Description:
    """Read a record."""
    found = Gathering()
    gather(root, READERS, found)
    _citation(root, found)
    return found.description()


def holds(root: _Element) -> bool:
    """Tell whether any child of ``root`` has a name that is OpenAIRE's alone."""
    return any(name_of(child)[1] in OPENAIRE_SIGNS for child in root.iterchildren("*"))


def _rights(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    text, uri = own_text(element), attribute(element, "rightsURI")
    found.add("rights", text, element=name, role="access", lang=lang)
    found.add("rights", uri if uri != text else "", element=name, role="access")


def _licence(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    text, uri, start = own_text(element), attribute(element, "uri"), attribute(element, "startDate")
    parts = (("start_date", start),) if start else ()
    found.add("rights", text, element=name, role="license", lang=lang, parts=parts)
    found.add("rights", uri if uri != text else "", element=name, role="license", parts=parts)


def _resource_type(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    text, general, uri = own_text(element), attribute(element, "resourceTypeGeneral"), attribute(element, "uri")
    found.add("types", text or uri, element=name, lang=lang, parts=(("identifier", uri),) if uri else ())
    if general.casefold() != text.casefold():
        found.add("types", general, element=name, role="resourceTypeGeneral")


def _version(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    uri = attribute(element, "uri")
    parts = (("identifier", uri),) if uri else ()
    found.add("relations", own_text(element) or uri, element=name, role="version", lang=lang, parts=parts)


def _file(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    # EPrints writes the attribute as DataCite's rights have it.
    access = attribute(element, "accessRightsURI") or attribute(element, "rightsURI")
    found.add("relations", own_text(element), element=name, role="file", lang=lang)
    found.add("formats", attribute(element, "mimeType"), element=name)
    found.add("rights", access if is_access_term(access) else "", element=name, role="access")


def _citation(root: _Element, found: Gathering) -> None:
    children = [child for child in root.iterchildren("*") if name_of(child)[1] in _CITATION]
    parts = joined((_CITATION[name_of(child)[1]], own_text(child)) for child in children)
    if parts:
        lang = language_within(children[0], language_within(root, None))
        found.add("sources", words(parts), element="oaire:citationTitle", role="citation", lang=lang, parts=parts)


def _elsewhere(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    """Leave out an element that is read together with others."""


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        **DATACITE_READERS,
        **dict.fromkeys(_CITATION, _elsewhere),
        "rights": _rights,
        "licenseCondition": _licence,
        "resourceType": _resource_type,
        "version": _version,
        "file": _file,
    }
)
"""Local name of an element -> its reader."""

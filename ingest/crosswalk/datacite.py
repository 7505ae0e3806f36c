"""DataCite's kernels 2 to 4, bare and in the envelope ``oai_datacite``.

Elements are found by their names, wherever they stand among the lists: repositories leave out a list around its
elements. What stands there of another vocabulary is read as Dublin Core.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.datacite_elements import READERS, Reader
from ingest.crosswalk.elements import language_within, name_of, own_text, usual_prefix
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

_KERNELS = ("2.0", "2.1", "2.2", "2", "3.0", "3.1", "3", "4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4")

NAMES = tuple((f"http://datacite.org/schema/kernel-{kernel}", "resource") for kernel in _KERNELS)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("resource",)
"""Names of roots in other namespaces, or in none, that hold DataCite's elements."""

OAI_NAMES = (
    ("http://schema.datacite.org/oai/oai-1.0/", "oai_datacite"),
    ("http://schema.datacite.org/oai/oai-1.1/", "oai_datacite"),
    ("http://schema.datacite.org/oai/oai-1.0", "oai_datacite"),
    ("http://schema.datacite.org/oai/oai-1.1", "oai_datacite"),
)
"""The roots of the envelope in which DataCite's own repository sends records."""

LOOSE_OAI_NAMES = ("oai_datacite",)
"""Names of envelopes in other namespaces, or in none."""

_LISTS = frozenset(
    {
        "payload",
        "resource",
        "creators",
        "contributors",
        "titles",
        "subjects",
        "dates",
        "alternateIdentifiers",
        "relatedIdentifiers",
        "relatedItems",
        "sizes",
        "formats",
        "rightsList",
        "descriptions",
        "geoLocations",
        "fundingReferences",
    }
)
_OF_THE_ENVELOPE = frozenset({"isReferenceQuality", "schemaVersion", "datacentreSymbol"})

OPENAIRE_SIGNS = frozenset({"licenseCondition", "citationTitle", "citationVolume"})
"""Names that OpenAIRE's guidelines add to DataCite's: a resource with one of them is theirs."""

_SIGNS = frozenset({"creators", "titles", "publicationYear", "rightsList", "resourceType"})

_OWN_PREFIXES = MappingProxyType({"datacite": "datacite", "datacite_oai": "datacite", "oaire": "oaire"})
"""Usual prefixes of the namespaces whose elements are read here -> the prefix in their elements' names."""


def read(root: _Element) -> Description:
    """Read a record: the resource, or the envelope with the resource in it."""
    found = Gathering()
    gather(root, READERS, found)
    return found.description()


def holds(root: _Element) -> bool:
    """Tell whether ``root``, or the resource in it, has an element that is DataCite's, and none that is OpenAIRE's."""
    resources = (root, *root.iterfind("{*}resource"), *root.iterfind("{*}payload/{*}resource"))
    names = {name_of(child)[1] for resource in resources for child in resource.iterchildren("*")}
    return bool(names & _SIGNS) and not names & OPENAIRE_SIGNS


def gather(root: _Element, readers: Mapping[str, Reader], found: Gathering) -> None:
    """Read all that stands in ``root`` into ``found``, each element by the reader of its name."""
    # A list that waits is an iterator: however deep lists stand in each other, no call stands in another.
    waiting = [(root.iterchildren("*"), language_within(root, None))]
    root_namespace = name_of(root)[0]
    while waiting:
        children, around = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            continue
        prefix, local = _own_name(name_of(child), root_namespace)
        lang = language_within(child, around)
        if prefix is None:
            found.extend(*dublin_core.values_of(child, ""))
        elif reader := readers.get(local):
            reader(child, f"{prefix}:{local}", lang, found)
        elif local in _LISTS:
            waiting.append((child.iterchildren("*"), lang))
        elif local not in _OF_THE_ENVELOPE and not len(child):
            found.add("relations", own_text(child), element=f"{prefix}:{local}", role=local, lang=lang)


@lru_cache(maxsize=1024)
def _own_name(written: tuple[str, str], root_namespace: str) -> tuple[str | None, str]:
    """Give the usual prefix and the local name; no prefix where the element is of another vocabulary."""
    namespace, local = written
    own = _OWN_PREFIXES.get(usual_prefix(namespace) or "")
    if own is None and namespace in ("", root_namespace):
        own = _OWN_PREFIXES.get(usual_prefix(root_namespace) or "", "datacite")
    return own, local

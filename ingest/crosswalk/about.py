"""The ``about`` containers of a record: where an aggregator says that it has a record from.

The provenance container is laid down in the implementation guidelines, "Provenance". An aggregator that harvests
another nests the older ``originDescription`` inside its own: the innermost names the first repository.
"""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.elements import parse
from ingest.descriptions import Origin
from ingest.errors import CrosswalkError

_PROVENANCE = "{http://www.openarchives.org/OAI/2.0/provenance}"


def origin(about: tuple[bytes, ...]) -> Origin | None:
    """Give the first repository that the provenance containers name, or None.

    Containers that are something else, or can not be read, are passed over.
    """
    return next((found for container in about for found in _origins(container)), None)


def _origins(container: bytes) -> Iterator[Origin]:
    """Give the origins of a container, the innermost first, without those that lack one of the two names."""
    try:
        root = parse(container)
    except CrosswalkError:
        return
    descriptions = sorted(root.iter(f"{_PROVENANCE}originDescription"), key=_depth, reverse=True)
    for description in descriptions:
        base_url, identifier = _child(description, "baseURL"), _child(description, "identifier")
        if base_url and identifier:
            yield Origin(base_url=base_url, identifier=identifier)


def _depth(element: _Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _child(description: _Element, name: str) -> str:
    return (description.findtext(f"{_PROVENANCE}{name}") or "").strip()

"""The ``about`` containers of a record: where an aggregator says that it has a record from.

The provenance container is laid down in the implementation guidelines, "Provenance". An aggregator that harvests
another nests the older ``originDescription`` inside its own: the innermost names the first repository.
"""

from collections.abc import Iterable

from lxml.etree import _Element

from ingest.crosswalk.elements import parse
from ingest.descriptions import Origin
from ingest.errors import CrosswalkError

_PROVENANCE = "{http://www.openarchives.org/OAI/2.0/provenance}"
_ORIGIN = f"{_PROVENANCE}originDescription"
# The two ways in which XML Schema writes a boolean.
_ALTERED = {"true": True, "1": True, "false": False, "0": False}


def origins(about: tuple[bytes, ...]) -> tuple[Origin, ...]:
    """Give the nested origins of the first provenance container that names any, the outermost first.

    The last of them is the first repository. One without a base URL or an identifier is left out, as nothing could be
    asked there. Containers that are something else, or can not be read, are passed over.
    """
    return next(filter(None, map(_nested, about)), ())


def _nested(container: bytes) -> tuple[Origin, ...]:
    try:
        root = parse(container)
    except CrosswalkError:
        return ()
    named = [element for element in root.iter(_ORIGIN) if _origin(element)]
    if not named:
        return ()
    # Of several that are equally deep the first, as they stand in the document.
    innermost = max(named, key=_depth)
    outwards: Iterable[_Element] = (innermost, *innermost.iterancestors(_ORIGIN))
    return tuple(reversed([origin for element in outwards if (origin := _origin(element))]))


def _origin(description: _Element) -> Origin | None:
    base_url, identifier = _child(description, "baseURL"), _child(description, "identifier")
    if not base_url or not identifier:
        return None
    return Origin(
        base_url=base_url,
        identifier=identifier,
        datestamp=_child(description, "datestamp"),
        metadata_namespace=_child(description, "metadataNamespace"),
        harvest_date=(description.get("harvestDate") or "").strip() or None,
        altered=_ALTERED.get((description.get("altered") or "").strip()),
    )


def _depth(element: _Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _child(description: _Element, name: str) -> str | None:
    return (description.findtext(f"{_PROVENANCE}{name}") or "").strip() or None

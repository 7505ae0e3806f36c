"""Every metadata format that can be read, and how the one at hand is recognised.

The root element decides, by namespace and name: repositories send other formats than the metadataPrefix says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import _Element

from ingest.crosswalk import dublin_core, oai_dc, qualified_dc
from ingest.crosswalk.elements import name_of, parse
from ingest.descriptions import Description


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One metadata format: its name, the roots that announce it, and the function that reads them."""

    name: str
    roots: tuple[tuple[str, str], ...]
    """Namespace and name of the root element."""
    read: Callable[[_Element], Description]
    loose_roots: tuple[str, ...] = ()
    """Names of roots that are taken in any namespace, if ``holds`` says so."""
    holds: Callable[[_Element], bool] = dublin_core.has_elements


FORMATS = (
    Format(name="oai_dc", roots=oai_dc.NAMES, read=oai_dc.read, loose_roots=oai_dc.LOOSE_NAMES),
    Format(
        name="qualified_dc",
        roots=qualified_dc.NAMES,
        read=qualified_dc.read,
        loose_roots=qualified_dc.LOOSE_NAMES,
    ),
    Format(name="nsdl_dc", roots=qualified_dc.NSDL_NAMES, read=qualified_dc.read),
    Format(name="olac", roots=qualified_dc.OLAC_NAMES, read=qualified_dc.read),
)
"""The registry. Adding a format is a module of its own and one row here."""

_BY_ROOT = {root: known for known in FORMATS for root in known.roots}


def crosswalk(metadata: bytes, *, metadata_prefix: str) -> tuple[str, Description | None]:
    """Give the name of the format and the description read from it.

    Where no crosswalk knows the root element, the name is the element's, its namespace behind it, and there is
    no description. Raises CrosswalkError where ``metadata`` is no well-formed XML.
    """
    root = parse(metadata)
    known = _recognise(root, metadata_prefix)
    if known is None:
        namespace, local = name_of(root)
        return f"{local} {namespace}".rstrip(), None
    return known.name, known.read(root)


def _recognise(root: _Element, metadata_prefix: str) -> Format | None:
    namespace, local = name_of(root)
    if exact := _BY_ROOT.get((namespace, local)):
        return exact
    loose = [known for known in FORMATS if local.lower() in known.loose_roots and known.holds(root)]
    return min(loose, key=lambda known: known.name != metadata_prefix, default=None)

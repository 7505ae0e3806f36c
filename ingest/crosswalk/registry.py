"""Every metadata format that can be read, and how the one at hand is recognised.

The root element decides, by namespace and name: repositories send other formats than the metadataPrefix says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import _Element

from ingest.crosswalk import (
    arxiv,
    base_dc,
    cmdi,
    datacite,
    ddi,
    ddi_lifecycle,
    didl,
    dim,
    dublin_core,
    dublin_core_names,
    ead,
    edm,
    ese,
    etdms,
    iso19139,
    jats,
    lido,
    lom,
    marc,
    mets,
    mods,
    nested_metadata,
    oai_dc,
    openaire,
    qualified_dc,
    rdf_dc,
    uketd_dc,
    xoai,
)
from ingest.crosswalk.elements import name_of, parse
from ingest.descriptions import Description

_DEEPEST = 4
"""How many formats may hold each other: a collection inside METS inside DIDL is three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One metadata format: its name, the roots that announce it, and the function that reads them."""

    name: str
    roots: tuple[tuple[str, str], ...]
    """Namespace and name of the root element."""
    read: Callable[[_Element], Description | None]
    """Reads the root. None: the root is the format's, but what it holds is something else."""
    loose_roots: tuple[str, ...] = ()
    """Names of roots, in small letters, that are taken in any namespace if ``holds`` says so."""
    holds: Callable[[_Element], bool] = dublin_core.has_elements
    inside: Callable[[_Element], tuple[_Element, ...]] | None = None
    """Of a wrapper: the elements inside that may be the metadata proper, in the order in which they are tried.

    The first one that a crosswalk understands is read; what ``read`` gives is what the wrapper itself says, and comes
    behind. Where there are such elements and none is understood, neither is the wrapper.
    """
    any_root: bool = False
    """Whether it is tried on roots that no format knows."""
    in_place: Callable[[_Element], Description] | None = None
    """Reads a record where it stands in a page, around which no language is said: of a format that holds no other, and
    of which nothing around the root counts."""


FORMATS = (
    Format(
        name="oai_dc",
        roots=oai_dc.NAMES,
        read=oai_dc.read,
        in_place=dublin_core.read_in_place,
        loose_roots=(*oai_dc.LOOSE_NAMES, *mets.LOOSE_NAMES),
    ),
    Format(
        name="qualified_dc",
        roots=qualified_dc.NAMES,
        read=qualified_dc.read,
        in_place=dublin_core.read_in_place,
        loose_roots=qualified_dc.LOOSE_NAMES,
    ),
    Format(name="nsdl_dc", roots=qualified_dc.NSDL_NAMES, read=qualified_dc.read),
    Format(name="olac", roots=qualified_dc.OLAC_NAMES, read=qualified_dc.read),
    Format(name="mods", roots=mods.NAMES, read=mods.read, loose_roots=mods.LOOSE_NAMES, holds=mods.holds),
    Format(
        name="mods_collection",
        roots=mods.COLLECTION_NAMES,
        read=lambda _: Description(),
        inside=mods.records,
    ),
    Format(name="marc21", roots=marc.NAMES, read=marc.read, loose_roots=marc.LOOSE_NAMES, holds=marc.holds),
    Format(
        name="marc21_collection",
        roots=marc.COLLECTION_NAMES,
        read=lambda _: Description(),
        loose_roots=marc.LOOSE_COLLECTION_NAMES,
        holds=marc.holds_records,
        inside=marc.records,
    ),
    Format(
        name="oai_marc",
        roots=marc.OAI_NAMES,
        read=marc.read,
        loose_roots=marc.LOOSE_OAI_NAMES,
        holds=marc.holds,
    ),
    Format(name="mets", roots=mets.NAMES, read=mets.read, inside=mets.described),
    Format(name="didl", roots=didl.NAMES, read=didl.read, inside=didl.described),
    Format(
        name="oai_openaire",
        roots=openaire.NAMES,
        read=openaire.read,
        loose_roots=openaire.LOOSE_NAMES,
        holds=openaire.holds,
    ),
    Format(
        name="datacite",
        roots=datacite.NAMES,
        read=datacite.read,
        loose_roots=datacite.LOOSE_NAMES,
        holds=datacite.holds,
    ),
    Format(
        name="oai_datacite",
        roots=datacite.OAI_NAMES,
        read=datacite.read,
        loose_roots=datacite.LOOSE_OAI_NAMES,
        holds=datacite.holds,
    ),
    Format(name="edm", roots=edm.NAMES, read=edm.read, loose_roots=edm.LOOSE_NAMES, holds=edm.holds),
    Format(name="rdf_dc", roots=(), read=rdf_dc.read, loose_roots=rdf_dc.LOOSE_NAMES, holds=rdf_dc.holds),
    Format(name="ese", roots=ese.NAMES, read=ese.read),
    Format(name="dim", roots=dim.NAMES, read=dim.read, loose_roots=dim.LOOSE_NAMES, holds=dim.holds),
    Format(name="xoai", roots=xoai.NAMES, read=xoai.read),
    Format(name="base_dc", roots=base_dc.NAMES, read=base_dc.read),
    Format(name="etdms", roots=etdms.NAMES, read=etdms.read, loose_roots=etdms.LOOSE_NAMES),
    Format(name="uketd_dc", roots=uketd_dc.NAMES, read=uketd_dc.read, loose_roots=uketd_dc.LOOSE_NAMES),
    Format(name="ead", roots=ead.NAMES, read=ead.read, loose_roots=ead.LOOSE_NAMES, holds=ead.holds),
    Format(name="ead3", roots=ead.NAMES_3, read=ead.read),
    Format(name="lido", roots=lido.NAMES, read=lido.read),
    Format(name="arXiv", roots=arxiv.NAMES, read=arxiv.read),
    Format(name="arXivRaw", roots=arxiv.RAW_NAMES, read=arxiv.read),
    Format(name="ddi", roots=ddi.NAMES, read=ddi.read, loose_roots=ddi.LOOSE_NAMES, holds=ddi.holds),
    Format(
        name="ddi_lifecycle",
        roots=ddi_lifecycle.NAMES,
        read=ddi_lifecycle.read,
        loose_roots=ddi_lifecycle.LOOSE_NAMES,
        holds=ddi_lifecycle.holds,
    ),
    Format(name="cmdi", roots=cmdi.NAMES, read=cmdi.read, loose_roots=cmdi.LOOSE_NAMES, holds=cmdi.holds),
    Format(
        name="iso19139",
        roots=iso19139.NAMES,
        read=iso19139.read,
        loose_roots=iso19139.LOOSE_NAMES,
        holds=iso19139.holds,
    ),
    Format(name="jats", roots=jats.NAMES, read=jats.read, loose_roots=jats.LOOSE_NAMES, holds=jats.holds),
    Format(name="lom", roots=lom.NAMES, read=lom.read, loose_roots=lom.LOOSE_NAMES, holds=lom.holds),
    Format(
        name="metadata",
        roots=(),
        read=nested_metadata.read,
        loose_roots=nested_metadata.LOOSE_NAMES,
        holds=nested_metadata.holds,
        inside=nested_metadata.records,
    ),
    Format(name="dublin_core_names", roots=(), read=dublin_core_names.read, any_root=True),
)
"""The registry. Adding a format is a module of its own and one row here; the last row takes what no other knows."""

_BY_ROOT = {root: known for known in FORMATS for root in known.roots}


def crosswalk(metadata: bytes, *, metadata_prefix: str, tree: _Element | None = None) -> tuple[str, Description | None]:
    """Give the name of the format and the description read from it.

    ``tree`` is the element that ``metadata`` is the XML of, where it stands in a page that says no language around it.

    Where no crosswalk knows the root element, the name is the element's, its namespace behind it, and there is
    no description; where a wrapper holds nothing that is known, the name is the wrapper's, and there is none either.
    Raises CrosswalkError where ``metadata`` is no well-formed XML.
    """
    if tree is not None and (standing := _BY_ROOT.get(name_of(tree))) and standing.in_place:
        return standing.name, standing.in_place(tree)
    root = parse(metadata)
    known, description = _understand(root, metadata_prefix, depth=1)
    if known is None or (known.any_root and description is None):
        namespace, local = name_of(root)
        return f"{local} {namespace}".rstrip(), None
    return known.name, description


def _understand(root: _Element, metadata_prefix: str, *, depth: int) -> tuple[Format | None, Description | None]:
    """Find the format of ``root`` and read it, the formats inside it included."""
    known = _recognise(root, metadata_prefix)
    if known is None:
        return None, None
    held = known.inside(root) if known.inside else ()
    if held and depth == _DEEPEST:
        return known, None
    found = (_understand(element, metadata_prefix, depth=depth + 1)[1] for element in held)
    proper = next((description for description in found if description is not None), None)
    if held and proper is None:
        return known, None
    own = known.read(root)
    return known, own if proper is None or own is None else _joined(proper, own)


def _joined(first: Description, second: Description) -> Description:
    return Description(*((*values, *more) for values, more in zip(first, second, strict=True)))


def _recognise(root: _Element, metadata_prefix: str) -> Format | None:
    namespace, local = name_of(root)
    if exact := _BY_ROOT.get((namespace, local)):
        return exact
    loose = [known for known in FORMATS if local.lower() in known.loose_roots and known.holds(root)]
    last = next((known for known in FORMATS if known.any_root), None)
    return min(loose, key=lambda known: known.name != metadata_prefix, default=last)

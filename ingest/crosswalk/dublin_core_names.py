"""XML of a repository's own making whose elements are named like Dublin Core's: the last that is tried.

One such name proves nothing: the entry of a feed has a title, a page of HTML has one. A record is taken for Dublin Core
if three of the fifteen elements stand in it, a title or an identifier among them, and if half of its children or more
are named as elements or as the terms that refine them. Only children that hold nothing but words count.
"""

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.elements import local_name
from ingest.descriptions import Description

_ELEMENTS = frozenset(
    {"contributor", "coverage", "creator", "date", "description", "format", "identifier", "language", "publisher"}
    | {"relation", "rights", "source", "subject", "title", "type"}
)
_FEWEST = 3


def read(root: _Element) -> Description | None:
    """Read the children of ``root``, or of its only child; None where they are not Dublin Core's by the rule."""
    children = list(root.iterchildren("*"))
    for element in (root, *children) if len(children) == 1 else (root,):
        description = dublin_core.read(element)
        if _is_named_so(element, description):
            return description
    return None


def _is_named_so(element: _Element, description: Description) -> bool:
    children = list(element.iterchildren("*"))
    plain = {local_name(child) for child in children if child.find("*") is None}
    values = (value for held in description for value in held)
    names = (value.element.partition(":") for value in values if value.element.startswith(("dc:", "dcterms:")))
    named = [local.partition(".")[0].lower() for _, _, local in names if local in plain]
    identified = "title" in named or "identifier" in named
    return identified and len(_ELEMENTS.intersection(named)) >= _FEWEST and 2 * len(named) >= len(children)

"""The protocol's own ``metadata`` element inside itself, as some repositories and harvesters leave it there."""

from lxml.etree import _Element

from ingest.descriptions import Description

LOOSE_NAMES = ("metadata",)
"""The root's name, in the protocol's namespace or in none."""


def holds(root: _Element) -> bool:
    """Tell whether ``root`` holds one record, whatever its format."""
    return len(records(root)) == 1


def records(root: _Element) -> tuple[_Element, ...]:
    """Give the records inside."""
    return tuple(root.iterchildren("*"))


def read(_: _Element) -> Description:
    """Give what the element says itself: nothing."""
    return Description()

"""The Digital Item Declaration Language of MPEG-21 (ISO/IEC 21000-2), as repositories of theses and articles use it.

A declaration is an item that holds items: one with the metadata proper, one for each file, one for the page that people
read. Descriptors say what each is, and who may read it.
"""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.elements import language_of, local_name, name_of, text_of
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

NAMES = (
    ("urn:mpeg:mpeg21:2002:02-DIDL-NS", "DIDL"),
    ("urn:mpeg:mpeg21:2002:01-DIDL-NS", "DIDL"),
    ("urn:mpeg:mpeg21:2002:02-DIDL-NS", "Item"),
)
"""Namespace and name of the root element."""

_RIGHTS = ("accessRights", "license", "rights", "rightsHolder")
_DATES = ("modified", "issued", "created", "available", "dateSubmitted")


def described(root: _Element) -> tuple[_Element, ...]:
    """Give what the statements and resources hold that is more than a descriptor; Dublin Core behind what says more."""
    held = (element for element in _held(root, name_of(root)[0]) if element.find("*") is not None)
    return tuple(sorted(held, key=lambda element: local_name(element) == "dc"))


def _held(root: _Element, own: str) -> Iterator[_Element]:
    """Give the outermost elements that are not of the declaration's namespace ``own``."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if name_of(element)[0] == own:
            waiting.extend(reversed(list(element.iterchildren("*"))))
        else:
            yield element


def read(root: _Element) -> Description:
    """Read what the declaration itself says: identifiers, dates, rights of the files, and addresses."""
    found = Gathering()
    whole = root if local_name(root) == "Item" else root.find("{*}Item")
    seen: set[tuple[str, str]] = set()
    for item in root.iter("{*}Item"):
        kind = next((text_of(child) for child in _descriptors(item) if local_name(child).lower() == "type"), "")
        for child in _descriptors(item):
            _descriptor(child, found, seen, whole=item is whole)
        for resource in item.iterfind("{*}Component/{*}Resource"):
            _resource(resource, kind.rpartition("/")[2], found)
    return found.description()


def _descriptors(item: _Element) -> Iterator[_Element]:
    """Give the elements of the item's own descriptors, those of its components included."""
    for path in ("{*}Descriptor/{*}Statement/*", "{*}Component/{*}Descriptor/{*}Statement/*"):
        for child in item.iterfind(path):
            if isinstance(child.tag, str) and child.find("*") is None:
                yield child


def _descriptor(child: _Element, found: Gathering, seen: set[tuple[str, str]], *, whole: bool) -> None:
    """Read one descriptor; files that say the same say it once. ``whole``: it is of the thing and not of a part."""
    local, text, lang = local_name(child), text_of(child), language_of(child)
    name = f"{'dii' if local == 'Identifier' else 'dcterms'}:{local}"
    if (local, text) in seen:
        return
    seen.add((local, text))
    if local == "Identifier":
        found.add("identifiers" if whole else "relations", text, name, lang=lang, role="dii")
    elif local in _RIGHTS:
        found.add("rights", text, name, lang=lang, role="holder" if local == "rightsHolder" else local)
    elif local in _DATES and whole:
        found.add("dates", text, name, lang=lang, role=local)
    if local == "available":
        # When a file may be read is a matter of rights: an embargo, where it lies ahead.
        found.add("rights", text, name, lang=lang, role=local)


def _resource(resource: _Element, kind: str, found: Gathering) -> None:
    """Take the page that people read as an identifier, and each file as a relation."""
    address, lang = resource.get("ref", ""), language_of(resource)
    field = "identifiers" if kind == "humanStartPage" else "relations"
    found.add(field, address, "didl:Resource", lang=lang, role=kind or "resource")

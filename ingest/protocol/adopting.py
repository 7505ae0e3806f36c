"""Protocol elements without the protocol's namespace, or in an obvious variant of it, brought into it."""

from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from ingest.records import Repair

MISSING_NAMESPACE = "missing-namespace"
WRONG_NAMESPACE = "wrong-namespace"

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
"""The protocol's namespace."""

_VERBS = ("Identify", "ListMetadataFormats", "ListSets", "ListRecords", "ListIdentifiers", "GetRecord")
_HOLDERS = frozenset({"OAI-PMH", "record", "header", "metadataFormat", "set", *_VERBS})
"""Elements whose children are the protocol's own; what stands in any other is content."""


def adopt(root: Element) -> tuple[Repair, ...]:
    """Bring the protocol's elements into its namespace where they are in none or in a variant, and say so.

    Content is left as it is. A root of another name or in another namespace is left alone.
    """
    if etree.QName(root).localname != "OAI-PMH":
        return ()
    strange = next((found for found in map(_namespace, _first_of_each_kind(root)) if found != NAMESPACE), None)
    if strange is None or not _is_variant(strange):
        return ()
    _rename(root, strange)
    return (Repair(name=WRONG_NAMESPACE if strange else MISSING_NAMESPACE),)


def _first_of_each_kind(root: Element) -> Iterator[Element]:
    """Give the root, what it holds, and the first record or header with its first child: enough to see what is done."""
    yield root
    for child in root.iterchildren("*"):
        local = etree.QName(child).localname
        if local in _HOLDERS or local in {"error", "request", "responseDate"}:
            yield child
        first = next(child.iterchildren("*"), None) if local in _VERBS and local != "Identify" else None
        if first is not None and etree.QName(first).localname in _HOLDERS:
            yield first
            yield from (part for part in first.iterchildren("*") if etree.QName(part).localname == "header")


def _rename(root: Element, strange: str) -> None:
    holders = [root]
    while holders:
        holder = holders.pop()
        if _namespace(holder) == strange:
            holder.tag = f"{{{NAMESPACE}}}{etree.QName(holder).localname}"
        for child in holder.iterchildren("*"):
            local = etree.QName(child).localname
            if _namespace(child) not in {strange, NAMESPACE}:
                continue
            if local in _HOLDERS:
                holders.append(child)
            elif _namespace(child) == strange:
                child.tag = f"{{{NAMESPACE}}}{local}"


def _namespace(element: Element) -> str:
    return etree.QName(element).namespace or ""


def _is_variant(namespace: str) -> bool:
    return not namespace or _plain(namespace) == _plain(NAMESPACE)


def _plain(namespace: str) -> str:
    """Leave of a namespace what people do not get wrong: neither scheme nor case nor slashes nor ``www``."""
    rest = namespace.lower().partition(":")[2]
    return "/".join(filter(None, rest.split("/"))).removeprefix("www.")

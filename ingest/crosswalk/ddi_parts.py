"""The elements of a codebook whose attributes say as much as their text."""

from lxml.etree import _Element

from ingest.crosswalk.elements import folded, link_of, prose_of
from ingest.crosswalk.markup import Found, Markup, Reader

_BLOCKS = frozenset({"p", "list", "itm", "head", "hd", "div", "txt"})
# The code of a controlled vocabulary, which stands beside the words that it means.
_LEFT_OUT = frozenset({"concept"})


def _text(element: _Element) -> str:
    return prose_of(element, blocks=_BLOCKS, left_out=_LEFT_OUT) or folded("".join(element.itertext()))


DDI = Markup(prefix="ddi", text=_text)


def typed(field: str, *attributes: str) -> Reader:
    """Give the reader of an element whose role stands in the first of the attributes that it has."""

    def read(element: _Element) -> Found:
        role = next(filter(None, map(element.get, attributes)), None)
        return DDI.found(field, element, role=role)

    return read


def other_identification(element: _Element) -> Found:
    """Read ``othId``: somebody who took part, or, in paragraphs, an acknowledgement."""
    role = element.get("role") or element.get("type")
    if len(element):
        return DDI.found("descriptions", element, role="acknowledgement")
    return DDI.found("contributors", element, role=role)


def named(field: str, role: str) -> Reader:
    """Give the reader of a person or a body, whose identifier may stand in an address beside the name."""

    def read(element: _Element) -> Found:
        own = element.get("role", "")
        name = folded(prose_of(element, blocks=frozenset(), left_out=_LEFT_OUT | {"ExtLink"}))
        parts = [("identifier", address) for address in _addresses(element)]
        return DDI.found(field, element, name or _text(element), role=role or own, parts=parts)

    return read


def _addresses(element: _Element) -> list[str]:
    """Give the addresses of an element and of the links in it, each once; those of an affiliation are not its own."""
    own = [inner for inner in element.iter("{*}*") if "affiliation" not in inner.get("role", "").lower()]
    given = [link_of(inner) or inner.get("URI", "").strip() for inner in own]
    return [address for address in dict.fromkeys(given) if address]


def dated(role: str) -> Reader:
    """Give the reader of a date as written, or as the machine has it, which is a part beside what is written."""

    def read(element: _Element) -> Found:
        normal = element.get("date", "").strip()
        return DDI.found("dates", element, _text(element) or normal, role=role, parts=[("normal", normal)])

    return read


def coverage_end(element: _Element) -> Found:
    """Read ``timePrd``: one end of the time that the data speak of; whether the first or the last is its role."""
    text = _text(element) or element.get("date", "").strip()
    return DDI.found("coverage", element, text, role=element.get("event"))


def attribute_of(field: str, attribute: str, role: str) -> Reader:
    """Give the reader of an element that says it in an attribute."""

    def read(element: _Element) -> Found:
        return DDI.found(field, element, element.get(attribute, ""), role=role)

    return read


def rights(role: str | None) -> Reader:
    """Give the reader of an element on rights: what it says, and the addresses that it gives beside."""

    def read(element: _Element) -> Found:
        said = _text(element)
        yield from DDI.found("rights", element, said, role=role)
        for address in _addresses(element):
            if address not in said:
                yield from DDI.found("rights", element, address, role=role)

    return read

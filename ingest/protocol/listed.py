"""The elements of a list, as values: records, headers, and what can not be read of them.

Only direct children at the protocol's places are read (section 3.2). A defect of one record costs that record alone.
"""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import MalformedResponse
from ingest.protocol.envelope import OAI, text_of
from ingest.records import Header, Record, Rejection, Repair

METADATA_WRAPPED = "metadata-wrapped"
"""The repair of a record whose metadata holds Dublin Core elements without a root around them."""

_RECORD, _HEADER, _METADATA, _ABOUT = OAI + "record", OAI + "header", OAI + "metadata", OAI + "about"
_IDENTIFIER, _DATESTAMP, _SET_SPEC = OAI + "identifier", OAI + "datestamp", OAI + "setSpec"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DUBLIN_CORE = frozenset({"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"})
_START_OF_DC, _END_OF_DC = b'<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/">', b"</oai_dc:dc>"
_MOST_TIMES = 16
"""Times that the records of an answer may be as long as the answer (and at least a megabyte): each record repeats the
declarations of the root, which are few in any honest one."""
_MOST_NAMESPACES = 256
"""Declarations in scope of a record; honest answers have a handful."""
_LARGEST_TREE = 8_000_000
"""Bytes of an answer whose tree may stay in memory until its records are described; a tree is many times as large."""


class _Writer:
    """Writes elements as XML that stands alone, up to a length that grows with the answer's and no faster."""

    def __init__(self, listed: Element, size: int) -> None:
        """Take the list that the elements stand in, and its answer's length in bytes."""
        self._left = _MOST_TIMES * size + _MOST_TIMES * 1_000_000
        self._may_keep_tree = size <= _LARGEST_TREE and not _names_language(listed, *listed.iterancestors())
        self._is_parted = _is_parted(listed)

    def __call__(self, element: Element) -> bytes:
        """Write an element with all declarations in scope; raises MalformedResponse where these become too much."""
        around = element.getparent()
        # Values which need a declaration, such as an xsi:type, keep it too. Time grows with the square of their number.
        if around is not None and len(around.nsmap) > _MOST_NAMESPACES:
            raise MalformedResponse(f"{len(around.nsmap)} namespaces are declared around a record")
        xml = etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)
        self._left -= len(xml)
        if self._left < 0:
            raise MalformedResponse("namespace declarations make the records many times as long as the answer")
        return xml

    def tree_of(self, root: Element, *around: Element) -> Element | None:
        """Give an element if it reads the same where it stands in the page and parsed from its own XML.

        Not where comments or instructions part its text, nor where a language is said in the list or in the elements
        ``around`` it.
        """
        same = self._may_keep_tree and not _names_language(*around) and not (self._is_parted and _is_parted(root))
        return root if same else None


def elements_of(
    listed: Element, rejections: Mapping[Element, Rejection], repairs: list[Repair], *, size: int
) -> Iterator[Record | Rejection]:
    """Give what a list holds, in order; an element that ``rejections`` knows is what is said there of it.

    ``repairs`` takes what had to be repaired; ``size`` is the answer's length in bytes. Raises MalformedResponse where
    namespace declarations would make the records many times as long as the answer.
    """
    write = _Writer(listed, size)
    for element in listed.iterchildren(_RECORD, _HEADER):
        if rejections and element in rejections:
            yield rejections[element]
        else:
            yield _record(element, repairs, write) if element.tag == _RECORD else _bare_header(element, write)


def _bare_header(element: Element, write: _Writer) -> Record | Rejection:
    header = _header(element)
    return _without_identifier(element, write) if header is None else Record(header=header, metadata=None)


def _record(element: Element, repairs: list[Repair], write: _Writer) -> Record | Rejection:
    header_element, containers, abouts = _parts(element)
    header = _header(header_element)
    if header is None:
        return _without_identifier(element, write)
    about = tuple(map(write, abouts))
    roots, loose_text = _held_in(() if header.deleted else containers)
    if loose_text or (len(roots) > 1 and not all(map(_is_dublin_core, roots))):
        found = "text beside elements" if loose_text else f"{len(roots)} elements"
        why = f"metadata holds {found}, not one element"
        return _rejected(write(element), "unparsable-record", why, header.identifier)
    if len(roots) > 1:
        repairs.append(Repair(name=METADATA_WRAPPED, identifier=header.identifier))
        return Record(header=header, metadata=_START_OF_DC + b"".join(map(write, roots)) + _END_OF_DC, about=about)
    if not roots:
        return Record(header=header, metadata=None, about=about)
    tree = write.tree_of(roots[0], element, *containers)
    return Record(header=header, metadata=write(roots[0]), about=about, tree=tree)


def _parts(element: Element) -> tuple[Element | None, list[Element], list[Element]]:
    """Give a record's first header, all elements that hold its metadata, and those about it that hold something."""
    header: Element | None = None
    containers: list[Element] = []
    abouts: list[Element] = []
    for part in element:
        tag = part.tag
        if tag == _METADATA:
            containers.append(part)
        elif tag == _HEADER and header is None:
            header = part
        elif tag == _ABOUT and len(part):
            abouts.append(part)
    return header, containers, abouts


def _held_in(containers: Iterable[Element]) -> tuple[list[Element], bool]:
    """Give the elements that stand in others, and whether any text stands beside them."""
    roots: list[Element] = []
    loose_text = False
    for container in containers:
        loose_text = loose_text or _is_text(container.text)
        for child in container:
            # What is no element has a function for a tag.
            if isinstance(child.tag, str):
                roots.append(child)
            loose_text = loose_text or _is_text(child.tail)
    return roots, loose_text


def _is_text(piece: str | None) -> bool:
    return piece is not None and bool(piece.strip())


def _names_language(*elements: Element) -> bool:
    # Almost none of these elements has any attribute.
    return any(element.keys() and element.get(_LANGUAGE) is not None for element in elements)


def _is_parted(element: Element) -> bool:
    return next(element.iter(etree.Comment, etree.ProcessingInstruction), None) is not None


def _is_dublin_core(root: Element) -> bool:
    return etree.QName(root).namespace in _DUBLIN_CORE


def _header(element: Element | None) -> Header | None:
    if element is None:
        return None
    identifier: str | None = None
    datestamp: str | None = None
    set_specs: list[str] = []
    for part in element:
        tag = part.tag
        if tag == _IDENTIFIER:
            identifier = text_of(part) if identifier is None else identifier
        elif tag == _DATESTAMP:
            datestamp = text_of(part) if datestamp is None else datestamp
        elif tag == _SET_SPEC and (set_spec := text_of(part)):
            set_specs.append(set_spec)
    if not identifier:
        return None
    status = element.get("status")
    return Header(
        identifier=identifier,
        datestamp=datestamp or None,
        set_specs=tuple(set_specs),
        deleted=status is not None and status.strip().lower() == "deleted",
    )


def _without_identifier(element: Element, write: _Writer) -> Rejection:
    return _rejected(write(element), "no-identifier", "the record has no header with an identifier", None)


def _rejected(content: bytes, reason: str, message: str, identifier: str | None) -> Rejection:
    return Rejection(stage="protocol", reason=reason, message=message, content=content, identifier=identifier)

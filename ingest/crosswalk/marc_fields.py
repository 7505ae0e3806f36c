"""The fields of a MARC record, whichever XML they are written in.

Two are in use: MARCXML of the Library of Congress (``MARC21/slim``, and MarcXchange of ISO 25577, which is the same
under another namespace) and the older ``oai_marc``, whose fields are called ``fixfield`` and ``varfield``.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml.etree import _Element

from ingest.crosswalk.elements import language_of, local_name, words_of
from ingest.crosswalk.gathering import Gathering

_NON_SORTING = dict.fromkeys((0x88, 0x89, 0x98, 0x9C))
"""The control characters around words that do not sort, as German and French libraries set them."""


@dataclass(frozen=True, slots=True)
class DataField:
    """A variable field: its tag, its two indicators, and its subfields as (code, text), the empty ones left out."""

    tag: str
    first: str
    second: str
    subfields: tuple[tuple[str, str], ...]
    linked: bool = False
    """Whether it is an 880, the field of that tag in another script."""

    @property
    def element(self) -> str:
        """The name under which its values stand, ``marc:245``."""
        return "marc:880" if self.linked else f"marc:{self.tag}"

    def all(self, codes: str) -> list[str]:
        """Give the texts of the subfields of these codes, in document order."""
        return [text for code, text in self.subfields if code in codes]

    def first_of(self, codes: str) -> str:
        """Give the text of the first subfield that has one of these codes, or an empty text."""
        return next((text for code, text in self.subfields if code in codes), "")


@dataclass(frozen=True, slots=True)
class Marc:
    """A record: its leader, its control fields by tag, the first of each, and its variable fields in order."""

    leader: str
    control: dict[str, str] = field(default_factory=dict)
    fields: tuple[DataField, ...] = ()
    lang: str | None = None
    """``xml:lang`` of the record."""
    tags: frozenset[str] = frozenset()
    """The tags of its variable fields."""

    @property
    def type_of_record(self) -> str:
        """The sixth position of the leader, or an empty text."""
        return self.leader[6:7]


Reader: TypeAlias = Callable[[DataField, Marc, Gathering], None]
"""Reads one field of a record."""


def marc_of(root: _Element, wanted: Container[str]) -> Marc:
    """Read the record that stands in ``root``, whose children are fields of either XML.

    Of the variable fields only those whose tags are ``wanted`` are read.
    """
    # What oai_marc keeps of the leader are attributes; the type of the record is the one that is asked for.
    leader = f"{'':6}{root.get('type', '')[:1]}" if local_name(root) == "oai_marc" else ""
    control: dict[str, str] = {}
    fields: list[DataField] = []
    for child in root.iterchildren("*"):
        local = local_name(child)
        if local in ("datafield", "varfield"):
            fields += _data_field(child, wanted)
        elif local in ("controlfield", "fixfield"):
            text = child.text or ""
            control.setdefault(_tag(child), _unquoted(text) if local == "fixfield" else text)
        elif local == "leader":
            leader = child.text or ""
    tags = frozenset(field.tag for field in fields)
    return Marc(control.get("LDR", leader), control, tuple(fields), language_of(root), tags)


def _unquoted(text: str) -> str:
    """Take the quotation marks off a field of oai_marc, in which a circumflex is written for a blank."""
    return text.strip().removeprefix('"').removesuffix('"').replace("^", " ")


def _tag(element: _Element) -> str:
    tag = (element.get("tag") or element.get("id") or "").strip()
    return tag.zfill(3) if tag.isdecimal() else tag


def _data_field(element: _Element, wanted: Container[str]) -> Iterator[DataField]:
    tag, linked = _tag(element), False
    if tag not in wanted and tag != "880":
        return
    subfields: list[tuple[str, str]] = []
    for child in element.iterchildren("*"):
        code, text = child.get("code") or child.get("label"), words_of(child)
        if code and text:
            subfields.append((code, text if text.isascii() else text.translate(_NON_SORTING).strip()))
    if tag == "880":
        link = next((text for code, text in subfields if code == "6"), "")
        tag, linked = link[:3], True
    if tag in wanted:
        first, second = element.get("ind1") or element.get("i1"), element.get("ind2") or element.get("i2")
        yield DataField(tag, first or " ", second or " ", tuple(subfields), linked)

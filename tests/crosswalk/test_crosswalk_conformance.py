"""What holds for every registered format: one small record a format, written for this, as it is and mishandled."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.etree import _Element

from ingest.crosswalk.marc_coded import TYPES
from ingest.crosswalk.registry import FORMATS, Format, crosswalk
from ingest.descriptions import Description, Value

SAMPLES = Path(__file__).parent / "samples"
CODED_WORDS = frozenset(word for term in TYPES.values() for word in re.findall(r"\w+", term)) | {
    # The components of a place in the DCMI Point and Box Encoding Schemes.
    *("east", "north", "eastlimit", "northlimit", "southlimit", "westlimit"),
    # Access classes that a record gives by a figure.
    *("open", "closed", "unknown"),
}
"""Words that stand for a code or an element of the record, from a standard's own list."""

every_format = pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)


def _sample(known: Format) -> bytes:
    return (SAMPLES / f"{known.name}.xml").read_bytes()


def _root(known: Format) -> _Element:
    return etree.fromstring(_sample(known))


def _description(xml: bytes | _Element) -> Description:
    description = _read(xml)[1]
    assert description is not None
    return description


def _read(xml: bytes | _Element) -> tuple[str, Description | None]:
    return crosswalk(xml if isinstance(xml, bytes) else etree.tostring(xml), metadata_prefix="other")


def _values(description: Description) -> Iterator[tuple[str, Value]]:
    return ((name, value) for name in Description._fields for value in getattr(description, name))


# --- what is read -------------------------------------------------------------------------------------


@every_format
def test_a_format_has_a_sample_that_it_understands(known: Format) -> None:
    """The root decides, whatever the metadataPrefix says; the record has a title, and says something of rights."""
    name, description = crosswalk(_sample(known), metadata_prefix="another_format")
    assert name == known.name
    assert description is not None
    assert description.titles
    assert description.rights


def test_no_sample_belongs_to_no_format() -> None:
    """A sample is named as its format is."""
    assert {path.stem for path in SAMPLES.glob("*.xml")} == {known.name for known in FORMATS}


@every_format
def test_values_are_whole(known: Format) -> None:
    """No blanks at the ends, nothing empty, and the element named with its prefix."""
    for field, value in _values(_description(_sample(known))):
        texts = [value.text, *(text for _, text in value.parts)]
        assert [text for text in texts if text != text.strip() or not text] == [], field
        assert re.fullmatch(r"[\w.-]+:[\w./-]+", value.element), value
        assert value.role is None or value.role.strip()
        assert value.lang is None or value.lang.strip()


@every_format
def test_reading_is_pure(known: Format) -> None:
    """The same record gives the same description, twice."""
    assert _read(_sample(known)) == _read(_sample(known))


@every_format
def test_values_of_a_field_stand_in_document_order(known: Format) -> None:
    """Told by those that stand whole, and once, in the record; what a wrapper says itself stands behind the rest."""
    if known.inside is None:
        texts = [" ".join((element.text or "").split()) for element in _root(known).iter("*") if not len(element)]
        for name in Description._fields:
            values = [" ".join(value.text.split()) for value in getattr(_description(_sample(known)), name)]
            places = [texts.index(text) for text in values if texts.count(text) == 1]
            assert places == sorted(places), name


@every_format
def test_no_value_comes_from_elsewhere(known: Format) -> None:
    """Every word of every value stands in the record, but for the words of a code; figures may have zeros before."""
    root = _root(known)
    attributes = (str(text) for element in root.iter("*") for text in element.attrib.values())
    whole = " ".join((*root.itertext(), *attributes))
    stands = set(_compared(whole.replace("^", " "))) | CODED_WORDS
    coded = "".join((element.text or "").casefold() for element in root.iter("{*}controlfield", "{*}fixfield"))
    for _, value in _values(_description(root)):
        parts = (_without_host(text) if name == "identifier" else text for name, text in value.parts)
        words = _compared(" ".join((value.text, *parts)))
        assert [word for word in words if word not in stands and word not in coded] == []


def _without_host(identifier: str) -> str:
    """Leave out of an identifier the address of its scheme, ``https://doi.org/``, which the record may only name."""
    return identifier.partition("://")[2].partition("/")[2] or identifier


def _compared(text: str) -> list[str]:
    return [word.lstrip("0") for word in re.findall(r"\w+", text.casefold())]


@every_format
def test_a_language_of_the_whole_is_that_of_its_titles(known: Format) -> None:
    """``xml:lang`` at the root holds for what is inside, unless an element of the format says another language."""
    root = _root(known)
    for element in root.iter("*"):
        for name in ("{http://www.w3.org/XML/1998/namespace}lang", "lang", "language"):
            element.attrib.pop(name, None)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "mul")
    assert None not in {title.lang for title in _description(root).titles}


# --- what makes no difference ---------------------------------------------------------------------------


def _with_other_prefixes(root: _Element) -> _Element:
    names = [
        *(element.tag for element in root.iter("*")),
        *(name for element in root.iter("*") for name in element.attrib),
    ]
    spaces = {etree.QName(name).namespace for name in names} - {None, "http://www.w3.org/XML/1998/namespace"}
    return _renamed(root, {f"p{number}": space for number, space in enumerate(sorted(map(str, spaces)))})


def _renamed(element: _Element, prefixes: dict[str, str]) -> _Element:
    copy = etree.Element(element.tag, dict(element.attrib), nsmap=prefixes)
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_renamed(child, prefixes) for child in element.iterchildren("*"))
    return copy


def _with_comments(root: _Element) -> _Element:
    for element in list(root.iter("*")):
        mark = etree.Comment(" a comment ")
        mark.tail, element.text = element.text, None
        element.insert(0, mark)
        element.insert(0, etree.ProcessingInstruction("say", "nothing"))
    return root


def _with_blanks(root: _Element) -> _Element:
    """Put each element on a line of its own, but where it stands among words."""
    for element in root.iter("*"):
        if len(element) and not any(
            (text or "").strip() for text in (element.text, *(child.tail for child in element))
        ):
            element.text = "\n\t "
            for child in element:
                child.tail = " \n"
    return root


@every_format
@pytest.mark.parametrize("change", [_with_other_prefixes, _with_comments, _with_blanks])
def test_what_xml_does_not_mean_makes_no_difference(known: Format, change: Callable[[_Element], _Element]) -> None:
    """Prefixes, comments, processing instructions and blanks between elements."""
    assert _read(change(_root(known))) == _read(_sample(known))


# --- what is mishandled ---------------------------------------------------------------------------------


def _emptied(root: _Element) -> _Element:
    for element in root.iter("*"):
        element.text = element.tail = None
    return root


def _without_attributes(root: _Element) -> _Element:
    for element in root.iter("*"):
        element.attrib.clear()
    return root


def _doubled(root: _Element) -> _Element:
    for element in list(root.iterdescendants("*")):
        element.addnext(deepcopy(element))
    return root


def _nested(root: _Element) -> _Element:
    """Put every child of the root two hundred deep into copies of itself."""
    for child in list(root):
        inner = child
        for _ in range(200):
            inner.append(etree.Element(child.tag, dict(child.attrib)))
            inner = inner[-1]
            inner.text = "deep"
    return root


def _with_strangers(root: _Element) -> _Element:
    for element in list(root.iter("*")):
        element.insert(0, etree.fromstring('<x:a xmlns:x="https://example.org/x"><x:b y="z">w</x:b></x:a>'))
    return root


def _without_children(root: _Element) -> _Element:
    return etree.Element(root.tag)


def _with_entities(root: _Element) -> bytes:
    """Put a reference that is not expanded where every text begins."""
    for element in root.iter("*"):
        if not len(element):
            element.text = f"ENTITY{element.text or ''}"
    text = etree.tostring(root).replace(b"ENTITY", b"&one;")
    return b'<!DOCTYPE x [<!ENTITY one "1">]>' + text


@every_format
@pytest.mark.parametrize(
    "change",
    [_emptied, _without_attributes, _doubled, _nested, _with_strangers, _without_children, _with_entities],
)
def test_whatever_stands_in_a_record_it_is_read_or_not_understood(
    known: Format, change: Callable[[_Element], bytes | _Element]
) -> None:
    """Never an exception, and never an empty value."""
    _, description = _read(change(_root(known)))
    assert description is None or all(value.text.strip() for _, value in _values(description))


@every_format
@given(data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_elements_in_any_order_are_read(known: Format, data: st.DataObject) -> None:
    """Repositories keep no schema's order."""
    root = _root(known)
    for element in root.iter("*"):
        children = list(element)
        element[:] = data.draw(st.permutations(children)) if len(children) > 1 else children
    name, description = _read(root)
    assert name == known.name
    assert description is not None

"""Sources, whatever is sent: an answer and never an exception, nothing invented, nothing lost."""

# ruff: noqa: RUF001 - references stand in the scripts of their archives.

import random
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.descriptions import Json, SourceStatement, Value
from ingest.normalise.folding import LONGEST, fold
from ingest.normalise.sources import normalise_sources
from ingest.normalise.vocabularies import table

# What sources are made of, so that a few words make one that a rule knows.
_WORDS = st.sampled_from(
    [
        "PRC FMA",
        "AVPRF",
        "f. 5",
        "op. 3",
        "p. 12",
        "d. 7",
        "ll. 1-2",
        "MOL",
        "81. doboz",
        "ANIC",
        "dosar 3",
        "Box 2",
        "Folder 4",
        "RG 59",
        "Lot 60 D 1",
        "Secret",
        "Vol. 3",
        "No 2",
        "(2010)",
        "pp. 4 - 9",
        "12(3)",
        "45-67",
        "2010",
        "М., 1944",
        "London: Books, 1998",
        "Journal of Examples",
        "Example Library",
        "Roe Papers",
        "translated by Jane Roe",
        "obtained by",
        "and",
        "with",
        "(Example University)",
        "for CWIHP by",
        "ISSN 0317-8471",
        "2049-3630",
        "9780306406157",
        "10.1234/ab.c",
        "https://example.org/a",
        "档号",
        "第3页",
        "《书》",
        "ф. 1",
        "оп. 2",
        "«",
        "»",
        '"',
        "'",
        "(",
        ")",
        "[",
        "]",
        ";",
        ":",
        ",",
        ".",
        " - ",
        "/",
        "//",
        "in:",
        "eds.,",
        "Source:",
        "1988-1989",
        "114 p.",
        "28 cm",
        "a.pdf",
        "via",
        "Prof. Roe",
        "é",
        "\u0301",
        "\u00df",
        "\u0130",
        "\u200f",
        "&amp;",
        "<i>x</i>",
        "\x00",
        "\ud55c\uad6d 5쪽",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=80), st.lists(_WORDS, max_size=12).map(" ".join), st.lists(_WORDS, max_size=9).map("".join)
)
_SPACED = st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=12).map(" ".join))
_ROLES = st.sampled_from(
    [None, "host", "original", "series", "shelfmark", "repository", "location", "citation", "container_title"]
)
_NAMES = st.sampled_from(
    [
        "repository",
        "ref",
        "pages",
        "collection",
        "container_title",
        "volume",
        "issue",
        "year",
        "issn",
        "isbn",
        "doi",
        "url",
        "other",
    ]
)
_VALUES = st.builds(
    Value,
    text=_TEXTS,
    role=_ROLES,
    parts=st.lists(st.tuples(_NAMES, _TEXTS), max_size=3).map(tuple),
)
_TOLD_OTHERWISE = {
    "repository_name",
    "repository_id",
    "repository_place",
    "isil",
    "levels",
    "pages_unit",
    "folio_side",
    "people",
    "issn",
    "isbn",
    "doi",
    "handle",
    "urn",
    "ark",
    "control_number",
    "statements",
    "characters_read",
}
"""Parts that are no piece of the text: what the tables add, and identifiers in the form that is kept."""


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text)])
    return statement


def texts(held: Json) -> Iterator[str]:
    """Give all texts within a part."""
    if isinstance(held, dict):
        held = list(held.values())
    for each in held if isinstance(held, list) else [held]:
        yield from texts(each) if isinstance(each, list | dict) else [str(each)]


def parts_of(statement: SourceStatement) -> dict[str, Json]:
    """Return fields and parts together."""
    fields = {name: getattr(statement, name) for name in ("repository", "ref", "pages", "collection")}
    return {name: held for name, held in {**fields, **statement.parts}.items() if held}


def letters(text: str) -> str:
    """Return a text without blanks and punctuation, in one case, as its folding leaves it."""
    return re.sub(r"\W", "", fold(text).text.casefold())


@given(st.lists(_VALUES, max_size=5))
@settings(max_examples=400, deadline=None)
def test_any_values_get_an_answer(values: list[Value]) -> None:
    """Never an exception, the same twice, the originals kept, and never more statements than values."""
    answer = normalise_sources(values)
    assert answer == normalise_sources(values)
    assert len(answer) <= len(values)
    kept = {text for each in answer for text in [each.statement, *each.parts.get("statements", [])]}
    assert kept == {value.text for value in values}


@given(_TEXTS)
@settings(max_examples=600, deadline=None)
def test_every_part_is_a_piece_of_the_text(text: str) -> None:
    """Nothing is invented: but for closed-up ranges and what the tables add, each part stands in the value."""
    whole = letters(text)
    for name, held in parts_of(read(text)).items():
        if name not in _TOLD_OTHERWISE:
            for piece in texts(held):
                assert all(letters(word) in whole for word in piece.split()), (name, piece)


@given(_SPACED)
@settings(max_examples=600, deadline=None)
@example("PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao.")
@example('Jane Roe (Example University), "A title," Example Review 5, no. 2 (2003): 3 - 16. Doi 10.1234/a.b')
def test_nothing_is_lost(text: str) -> None:
    """Every word of the value stands in a part or in the remainder, but for the marks that only say what follows."""
    told = "|".join(letters(piece) for held in parts_of(read(text)).values() for piece in texts(held))
    for word in re.findall(r"\d+|[\u3040-\u9fff]+|[^\W\d_\u3040-\u9fff]+", fold(text).text):
        assert letters(word) in told or word.casefold() in MARKS or len(word) < 3, (word, told)


@given(st.lists(_VALUES, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_values_changes_nothing_but_the_order(values: list[Value], shuffled: random.Random) -> None:
    """The same values in another order give the same statements."""
    other = list(values)
    shuffled.shuffle(other)
    assert contents(values) == contents(other)


def contents(values: list[Value]) -> list[str]:
    """Return what is said, however it is ordered."""
    return sorted(
        repr((each.type, each.rule, sorted((name, unordered(held)) for name, held in parts_of(each).items())))
        for each in normalise_sources(values)
    )


def unordered(held: Json) -> list[str]:
    """Return the texts of a part, those that were joined apart, in one order."""
    return sorted(piece for text in texts(held) for piece in text.split("; "))


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_a_part_read_again_is_the_same_part(text: str) -> None:
    """What was given apart is taken as given: reading an answer's parts again changes none of them."""
    first = read(text)
    given_parts = tuple((name, str(held)) for name, held in parts_of(first).items() if isinstance(held, str))
    (again,) = normalise_sources([Value(text=text, parts=given_parts)]) if given_parts else (first,)
    for name, held in given_parts:
        if name not in {"remainder", "doi"}:
            assert parts_of(again)[name] == held


@pytest.mark.parametrize("character", ["x", "1", " ", ".", "(", "\u4e00", "\u0301", "\x00", "\U0001f600", "\u05d0"])
@pytest.mark.parametrize("length", [1, LONGEST, LONGEST + 1, 1_000_000])
def test_one_character_however_often(character: str, length: int) -> None:
    """A megabyte of one thing is kept, and read as far as values are read."""
    statement = read(character * length)
    assert statement.statement == character * length
    assert statement.parts.get("characters_read") == (LONGEST if length > LONGEST else None)


def test_a_value_too_long_is_read_as_far_as_values_are_read() -> None:
    """The reference at the beginning is found; the rest is kept in the statement."""
    statement = read("PRC FMA 109-02809-01, 37-38. " + "Remark. " * LONGEST)
    assert (statement.repository, statement.ref) == ("PRC FMA", "109-02809-01")
    assert statement.parts["characters_read"] == LONGEST


@pytest.mark.parametrize(
    "seed",
    [
        "1-",
        "1, ",
        "f. 1, ",
        "PRC FMA 1",
        "p. 1 ",
        "translated by A",
        "Library, ",
        "(",
        "no. 1 ",
        "; ",
        "a.",
        "A. B. ",
        "1(1) ",
        "Archive of ",
        "Box 1, ",
        '"',
        "in: ",
        "Vol. 1 (2000): ",
        "10.1234/a ",
        "www.a ",
        "1111-1111 ",
        "A and B, ",
        "М., 1944 ",
        "М.: ",
        "《",
        "x y ",
        "1/1/1/1 ",
        ", eds., ",
        "by ",
        "Source: ",
        "Roe, J. (2000). ",
        "; a ; ",
        "National Archives, ",
        "f.f.f.",
    ],
)
def test_a_hostile_value_is_read_in_bounded_time(seed: str) -> None:
    """Repeated fragments up to the limit cost no more than moments."""
    begun = time.perf_counter()
    read((seed * LONGEST)[:LONGEST])
    assert time.perf_counter() - begun < 3


def _marks() -> frozenset[str]:
    """Collect the words that rules read as marks: of levels and pages, of numbers, of people, and lead-ins."""
    archives, people, printed = table("archives"), table("source_people"), table("publications")
    held = [
        archives,
        people,
        printed["marks"],
        printed["words"]["months"],
        printed["words"]["seasons"],
        printed["words"]["files"],
    ]
    words = {word.casefold() for each in held for word in re.findall(r"\w+", str(each))}
    more = (
        "issn isbn doi url urn hdl http https www org in no nos pp vol eds ed by fund guide finding aid inventory amp"
    )
    more += " via dx reprinted"
    return frozenset(words | set(more.split()))


MARKS = _marks()

"""Folding: one form for every rule, and the way back to where the letters stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.normalise.folding import LONGEST, comparable, comparable_key, fold

PIECES = (
    "&amp;",
    "&copy;",
    "&#160;",
    "&",
    ";",
    "<b>",
    "</b>",
    "<",
    '<a href="x">',
    "\\n",
    "\u00ad",
    "\u0301",
    "e",
    "a",
    " ",
    "  ",
    "\u1112",
    "\u1161",
    "\u11ab",
    "\u0958",
    "İ",
    "版",
)
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@pytest.mark.parametrize(
    ("original", "text", "key", "low"),
    [
        ("  In  Copyright\n", "In Copyright", "In Copyright", "in copyright"),
        (
            "R&amp;amp;D \N{EN DASH} \N{LEFT DOUBLE QUOTATION MARK}x\N{RIGHT DOUBLE QUOTATION MARK}",
            "R&D \N{EN DASH} \N{LEFT DOUBLE QUOTATION MARK}x\N{RIGHT DOUBLE QUOTATION MARK}",
            'R&D - "x"',
            'r&d - "x"',
        ),
        ("İZİN \\n e\N{COMBINING ACUTE ACCENT}", "İZİN é", "İZİN é", "İzİn é"),
        ("a<br/>b `c`", "a b `c`", "a b 'c'", "a b 'c'"),
    ],
)
def test_a_value_is_folded_letter_for_letter(original: str, text: str, key: str, low: str) -> None:
    """Text, key and small letters are equally long."""
    folded = fold(original)
    assert (folded.text, folded.key, folded.low) == (text, key, low)


def test_of_a_long_value_the_beginning_is_folded() -> None:
    """The rest is kept in the original, and the value says so."""
    folded = fold("x" * (LONGEST + 1))
    assert (folded.too_long, len(folded.text), len(folded.original)) == (True, LONGEST, LONGEST + 1)
    assert not fold("x" * LONGEST).too_long


@given(texts)
def test_every_letter_can_be_found_in_the_original(original: str) -> None:
    """A span of the text is a span of the original, in the same order and inside it."""
    folded = fold(original)
    assert len(folded.text) == len(folded.key) == len(folded.low)
    spans = [folded.span(place, place + 1) for place in range(len(folded.text))]
    assert all(0 <= start <= end <= len(original) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


@given(texts)
def test_folding_what_is_folded_changes_nothing_that_is_compared(original: str) -> None:
    """Comparing asks twice and gets the same."""
    assert comparable_key(fold(original).key) == comparable(original)

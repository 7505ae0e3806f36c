"""Alternatives grouped by their letters find what they found one after the other, and faster."""

import re

import pytest

from ingest.normalise.rights_grouping import grouped

TEXT = "cats, a cat and a category; concatenated dogs (dogma) and n't [x|y] \u2014 ca\u0301t 12 x_cat"


@pytest.mark.parametrize(
    "alternatives",
    [
        ["cat", "dog"],
        ["category", "cat"],
        [r"\bcat\b", r"\bcategory\b", r"\bdog"],
        [r"(?<![^\W_])cat", "12"],
        [r"\b(?:cat|dog)(?:s|ma)?\b"],
        [r"(?:cat|dog){1,2}ma", r"\d+"],
        [r"\b(?:cats?|dogs?),?\s(?P<next>\w+)"],
        [r"[x|y]\|[)y(]", r"\(dog"],
        ["^cats", "ca?ts", r"c\w{2}"],
        ["a cat|a dog", "and"],
        ["(?:c(?:a|o)(?:t|n)|d)o?"],
        ["n't", "nt"],
        [""],
    ],
    ids=str,
)
def test_what_is_found_stays_the_same(alternatives: list[str]) -> None:
    """At the same places, by the same alternatives."""
    plain = re.compile("|".join(alternatives))
    found = re.compile(grouped(alternatives))
    assert [match.span() for match in found.finditer(TEXT)] == [match.span() for match in plain.finditer(TEXT)]
    assert found.groupindex == plain.groupindex


def test_words_with_one_beginning_are_written_once() -> None:
    """Their common letters are compared once, and a letter before the boundary in front of it."""
    assert grouped([r"\bcat", r"\bcategory", "dog"]) == r"c(?<!\wc)at(?:|egory)|dog"

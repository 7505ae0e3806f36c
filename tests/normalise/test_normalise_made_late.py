"""Patterns that are made when the first value asks for them."""

import re

import pytest

from ingest.normalise.patterns import late


def test_a_late_pattern_finds_what_a_pattern_finds() -> None:
    """It is used as one, the first time and after that."""
    at_once, made_late = re.compile(r"(?P<word>[a-z]+)\d", re.IGNORECASE), late(r"(?P<word>[a-z]+)\d", re.IGNORECASE)
    for _ in range(2):
        assert made_late.findall("Box1 file2") == at_once.findall("Box1 file2")
        assert made_late.sub("-", "Box1 file2") == "- -"
        assert [found["word"] for found in made_late.finditer("in Box1", 2)] == ["Box"]
        assert made_late.groupindex == at_once.groupindex


def test_a_pattern_is_made_when_it_is_first_asked() -> None:
    """What would be refused is refused only then."""
    never_right = late("(")
    with pytest.raises(re.error):
        never_right.search("anything")

"""Texts that differ only in their numbers: one is read as another tells, and never otherwise than by the rules."""

import random
import re
import sys
from pathlib import Path

import pytest
from scoring import read_labels

from ingest.normalise.source_alike import read_text
from ingest.normalise.source_reading import read_text_anew

CASES = Path(__file__).parent / "cases" / "sources.jsonl"
SPECIAL = ("0", "1", "00", "10", "12", "13", "17", "20", "31", "978", "979", "1000", "1399", "2100", "10101", "97812")
"""Numbers that rules of dates, books and journals might take for something of their own."""


BEHIND = (
    " Translated by {}.",
    " Obtained by {0} and translated by {0}.",
    ". Edited by {}",
    " https://doi.org/10.5555/a.7",
)
NAMES = ("Ada Roe", "Bela Doe-Example", "Prof. Carmen Roe")


def with_other_numbers(text: str, chance: random.Random, *, shared: bool = False) -> str:
    """Write other numbers of as many digits, years for years; the first stays where it is to be shared."""

    def other(match: re.Match[str]) -> str:
        number = match.group()
        if shared and not re.search("[0-9]", text[: match.start()]):
            return number
        if len(number) == len("1987") and number[:2] in {"18", "19", "20"}:
            return f"{chance.choice((number[:2], '19', '20'))}{chance.randrange(100):02}"
        told = [special for special in SPECIAL if len(special) == len(number)]
        if told and chance.random() < 1 / 4:
            return chance.choice(told)
        return "".join(chance.choice("0123456789") for _ in number)

    return re.sub("[0-9]+", other, text)


@pytest.mark.parametrize("seed", range(4))
def test_other_numbers_are_read_as_by_the_rules(seed: int) -> None:
    """What was learnt from two texts of a form holds for every other: no rule knows one number from another."""
    chance = random.Random(seed)  # noqa: S311 - for always the same numbers, no secrets.
    texts = [case["value"] for case in read_labels(CASES)]
    others = [with_other_numbers(text, chance) for text in texts for _ in range(6)]
    differing = [text for text in others if repr(read_text(text)) != repr(read_text_anew(text))]
    assert differing == []


@pytest.mark.parametrize("seed", range(2))
def test_other_numbers_beside_other_people_are_read_as_by_the_rules(seed: int) -> None:
    """What remains of a text without its translator or its DOI is read as others; so are numbers that all share."""
    chance = random.Random(seed)  # noqa: S311 - as above.
    others: list[str] = []
    for case in read_labels(CASES):
        shared, behind = chance.random() < 1 / 2, chance.choice(BEHIND)
        for _ in range(6):
            other = with_other_numbers(case["value"], chance, shared=shared)
            others.append(other + behind.format(chance.choice(NAMES)))
    differing = [text for text in others if repr(read_text(text)) != repr(read_text_anew(text))]
    assert differing == []


@pytest.mark.parametrize(
    "texts",
    [
        ("Example Review, ISSN 1234-5678", "Example Review, ISSN 2345-6780", "Example Review, ISSN 0378-5955"),
        ("ISBN 123 456 789 1", "ISBN 234 567 891 3", "ISBN 306 406 152 2"),
        ("National Archives Center No. 7", "National Archives Center No. 8", "National Archives Center No. 1"),
        ("Example papers, 1239", "Example papers, 3456", "Example papers, 1987"),
        ("Example papers, 1987", "Example papers, 2001", "Example papers, 1780"),
        ("Example 12; Example 34, more", "Example 23; Example 45, more", "Example 56; Example 56, more"),
        ("letter.mp7", "letter.mp8", "letter.mp3"),
        ("F2000Research", "F3000Research", "F1000Research"),
        ("Example 7, 1; Example 8, 1", "Example 2, 4; Example 5, 4", "Example 3, 6; Example 3, 6"),
        ("10.1111/example", "20.2222/example", "10.1987/example"),
    ],
)
def test_numbers_of_their_own_are_read_each_for_itself(texts: tuple[str, ...]) -> None:
    """A check digit, a house that has a number in its name, a year, what is written twice: no other text tells them."""
    first = re.sub("[0-9]", "9", texts[0])
    assert [read_text(text) for text in (first, *texts)] == [read_text_anew(text) for text in (first, *texts)]


def test_the_fourth_text_of_a_form_costs_a_fraction_of_what_the_second_does() -> None:
    """References to boxes and folders come in thousands; the rules are asked about three of them."""
    calls = [
        calls_of(f"Archive of Made-up Papers, Box {box}, Folder {folder}")
        for box, folder in ((12, 3), (45, 6), (78, 9), (13, 2))
    ]
    assert calls[3] < calls[1] / 4


def test_a_reference_that_others_have_translated_costs_a_fraction_too() -> None:
    """The translators differ, the record group is the same: the rules are asked about three references of the form."""
    calls = [
        calls_of(f"Archive of Invented Papers, RG 59, Box {box}, Folder {folder}. Translated by {name}.")
        for box, folder, name in ((12, 3, "Ada Roe"), (45, 6, "Bela Doe"), (78, 9, "Carmen Roe"), (13, 2, "Dora Doe"))
    ]
    assert calls[3] < calls[1] / 2


def calls_of(text: str) -> int:
    """Count the functions that are called when a text is read."""
    called = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read_text(text)
    finally:
        sys.setprofile(before)
    return called

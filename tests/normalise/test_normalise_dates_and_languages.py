"""Dates in EDTF and languages in BCP 47, where certain; else as written."""

import pytest

from ingest.descriptions import Value
from ingest.normalise.dates import edtf, normalise_dates
from ingest.normalise.languages import normalise_languages
from ingest.normalise.vocabularies import table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("October 16, 1964", "1964-10-16"),
        ("16 October 1964", "1964-10-16"),
        ("16. Oktober 1964", "1964-10-16"),
        ("Oct. 16, 1964", "1964-10-16"),
        ("1964 October 16", "1964-10-16"),
        ("16.10.1964", "1964-10-16"),
        ("October 1964", "1964-10"),
        ("1964", "1964"),
        ("[1964]", "1964"),
        ("1964-10-16", "1964-10-16"),
        ("1964-10-16T12:00:00Z", "1964-10-16"),
        ("1964-1966", "1964/1966"),
        ("1964\N{EN DASH}1966", "1964/1966"),
        ("ca. 1890", "1890~"),
        ("circa 1890", "1890~"),
        ("1890~", "1890~"),
        ("1890?", "1890?"),
        ("196X", "196X"),
        ("1964/1966", "1964/1966"),
        ("../1985", "../1985"),
        ("1985/..", "1985/.."),
        ("05/06/1964", None),
        ("February 30, 1964", None),
        ("1964-13", None),
        ("1966-1964", None),
        ("n.d.", None),
        ("/", None),
        ("", None),
    ],
)
def test_a_date_is_edtf_where_certain(text: str, expected: str | None) -> None:
    """Precision is kept, the order of day and month is never guessed, and EDTF stays as it is."""
    assert edtf(text) == expected
    assert expected is None or edtf(expected) == expected


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for number, names in table("months").items() for name in names], ids=str
)
def test_each_month_is_known(name: str, number: str) -> None:
    """Every name in the table gives its month."""
    assert edtf(f"3 {name} 1964") == f"1964-{int(number):02}-03"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([("October 16, 1964", None), ("Original Uploaded Date 2013-12-09", None)], "1964-10-16"),
        ([("2013-12-09", "submitted"), ("1964", "created")], "1964"),
        ([("2013-12-09", "Submitted")], None),
        ([("2013-12-09", "dateAccepted"), ("2012", "modified")], None),
        ([("info:eu-repo/date/embargoEnd/2030-01-01", None), ("2020", None)], "2020"),
        ([("late autumn", None)], "late autumn"),
        ([("1890", "temporal"), ("1964", "issued")], "1964"),
        ([], None),
    ],
)
def test_the_date_is_the_items_own(values: list[tuple[str, str | None]], expected: str | None) -> None:
    """Dates of uploading, submitting, changing or opening a record are not the item's."""
    assert normalise_dates([Value(text=text, role=role) for text, role in values]) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["eng"], ("en",)),
        (["English"], ("en",)),
        (["en_US"], ("en-US",)),
        (["ger", "deu", "de"], ("de",)),
        (["zh-Hans"], ("zh-Hans",)),
        (["Old Examplish"], ("Old Examplish",)),
        (["", " "], ()),
        ([], ()),
        (["en", "fr", "English"], ("en", "fr")),
    ],
)
def test_a_language_is_a_tag_where_certain(texts: list[str], expected: tuple[str, ...]) -> None:
    """Codes and names become tags once each, empty values are left out, the rest stays as written."""
    assert normalise_languages([Value(text=text) for text in texts]) == expected
    assert normalise_languages([Value(text=tag) for tag in expected]) == expected


@pytest.mark.parametrize(
    ("name", "tag"), [(name, tag) for tag, names in table("languages")["names"].items() for name in names], ids=str
)
def test_each_name_of_a_language_is_known(name: str, tag: str) -> None:
    """Every name in the table gives its tag."""
    assert normalise_languages([Value(text=name)]) == (tag,)

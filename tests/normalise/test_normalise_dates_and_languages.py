"""Dates in EDTF and languages in BCP 47, where certain; else as written."""

import re
from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path

import langcodes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.descriptions import Value
from ingest.normalise.date_words import plain
from ingest.normalise.dates import LONGEST_DATE, edtf, normalise_dates
from ingest.normalise.language_codes import TWO_LETTERS
from ingest.normalise.languages import LONGEST_LIST, normalise_languages
from ingest.normalise.vocabularies import table

CASES = Path(__file__).parent / "cases"
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
DATE = (
    r"(?:-?\d{4}(?:-(?:0[1-9]|1[0-2]|2[1-4])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
    r"|-?\d{3}X|-?\d{2}XX|-?\d{4}-(?:XX-XX|XX|\d{2}-XX))[?~%]?"
)
YEARS = r"\[(?:\d{4})?(?:\.\.|(?:,\d{4})+)(?:\d{4})?\]"
EDTF = re.compile(rf"{DATE}|(?:{DATE}|\.\.|)/(?:{DATE}|\.\.|)|Y-?\d{{5,}}|{YEARS}")
"""EDTF (ISO 8601-2), levels 0 and 1, and of level 2 one of several years; written apart from the code's own."""
PIECES = st.sampled_from(
    ["1956", "1920", "25", "03", "3", "-", "/", " - ", " ", ", ", ".", "?", "[", "]", "ca. ", "c", "October", "vers ",
     "between ", " and ", " or ", "19", "XIX", "th century", " siècle", "s", "--", "u", "..", "年", "月", "BC", "©",
     "Y", "X", "~"]
)  # fmt: skip
LANGUAGE_PIECES = st.sampled_from(
    ["eng", "fre", "en", "English", "French", "und", "-", "_", " ", ", ", ";", "/", " and ", "(", ")", "US", "Latn",
     "x", "language", "http://lexvo.org/id/iso639-3/", "русский", "中文", "sh"]
)  # fmt: skip
NAMES_OF_LANGUAGES = [
    line.split("\t")
    for line in resources.files("ingest.normalise")
    .joinpath("vocabularies", "language_names.tsv")
    .read_text("utf-8")
    .splitlines()
    if line[:1] != "#"
]


def cases(name: str) -> list[tuple[str, str]]:
    """Read a table of values as written and what they mean, a case a line."""
    lines = (CASES / f"{name}.tsv").read_text("utf-8").splitlines()
    return [(written, meant) for written, _, meant in (line.partition("\t") for line in lines if line[:1] != "#")]


@pytest.mark.parametrize(("text", "expected"), cases("dates"), ids=str)
def test_a_date_is_read_in_the_forms_that_repositories_send(text: str, expected: str) -> None:
    """Orders, languages, ranges, doubt, decades, centuries, seasons and eras; what is not certain stays as written."""
    assert (edtf(text) or "") == expected
    assert normalise_dates([Value(text=text)]) in {expected, text, None}


@settings(deadline=None)
@given(st.one_of(st.text(max_size=LONGEST_DATE + 5), st.lists(PIECES, max_size=9).map("".join)))
def test_any_text_is_answered_with_a_date_that_exists_or_none(text: str) -> None:
    """What is answered is EDTF, each day in it exists, and reading it again changes nothing."""
    found = edtf(text)
    if found is not None:
        assert EDTF.fullmatch(found)
        assert all(date(*map(int, day)) for day in DAY.findall(found))
        assert edtf(found) == found
    kept = normalise_dates([Value(text=text)])
    assert kept is None or normalise_dates([Value(text=kept)]) == kept


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
    ("list_name", "written", "expected"),
    [
        ("about", "{} 1890", "1890~"),
        ("about", "1890 {}", "1890~"),
        ("doubtful", "{} 1890", "1890?"),
        ("before", "{} 1890", "1890"),
        ("after", "13.11.1890 {}", "1890-11-13"),
        ("within", "3 {} May 1890", "1890-05-03"),
        ("weekdays", "{}, 3 May 1890", "1890-05-03"),
        ("to", "1890 {} 1899", "1890/1899"),
        ("from", "{} 1890 - 1899", "1890/1899"),
        ("between", "{} 1890 and 1899", "[1890..1899]"),
        ("and", "between 1890 {} 1899", "[1890..1899]"),
        ("or", "1890 {} 1899", "[1890,1899]"),
        ("open", "1890-{}", "1890/.."),
        ("century", "XIX {}", "18XX"),
        ("hundreds", "1800{}", "18XX"),
        ("decade", "1890{}", "189X"),
        ("before_decade", "{} 1890", "189X"),
    ],
)
def test_each_word_around_a_date_is_known(list_name: str, written: str, expected: str) -> None:
    """Every word of a list does what its list is for."""
    texts = [written.format(word) for word in table("date_words")["words"][list_name]]
    assert {text: edtf(text) for text in texts} == dict.fromkeys(texts, expected)


def test_each_season_and_era_is_known() -> None:
    """A season is a number behind the year; year 1 before the era is 0000."""
    for number, names in table("date_words")["seasons"].items():
        assert {edtf(text) for name in names for text in (f"{name} 1890", f"1890 {name}")} == {f"1890-{number}"}
    eras = table("date_words")["eras"]
    assert {edtf(f"300 {word}") for word in eras["before"]} == {"-0299"}
    assert {edtf(f"300 {word}") for word in eras["after"]} == {"0300"}


@pytest.mark.parametrize("phrase", table("date_words")["words"]["none"])
def test_each_phrase_for_no_date_is_known(phrase: str) -> None:
    """What says that there is no date is none, with brackets too."""
    assert normalise_dates([Value(text=phrase)]) is None
    assert normalise_dates([Value(text=f"[{phrase.upper()}]")]) is None


@pytest.mark.parametrize("role", table("date_words")["roles"]["handling"])
def test_each_role_of_handling_is_no_date_of_the_item(role: str) -> None:
    """Whatever happened to the record, the file or the data is not the item's."""
    assert normalise_dates([Value(text="2012", role=f"date.{role}"), Value(text="2013", role=role.title())]) is None


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
        ([("2012-05-01T09:30:00Z", None), ("2012-05-01T09:30:00Z", None), ("1956", None)], "1956"),
        ([("2012-05-01T09:30:00Z", None)], "2012-05-01"),
        ([("2012-05-01", "accessioned"), ("2012-05-02", "available"), ("1956-03", "issued")], "1956-03"),
        ([("2019", "publicationYear"), ("1956", "Created")], "1956"),
        ([("2018-04", "Collected"), ("2019", "publicationYear")], "2019"),
        ([("c1955", "copyrightDate"), ("1956", "dateIssued")], "1956"),
        ([("c1955", "dateIssued")], "1955"),
        ([("c1955", None)], "c1955"),
        ([("1955", "copyright"), ("1950", "temporal")], "1950"),
        ([("1955", "dateCopyrighted")], "1955"),
        ([("2005-11-16", None), ("2005-11-16", None), ("1998", None)], "1998"),
        ([("2016-03-30T15:59:53Z", None), ("NO_RESTRICTION", None), ("2015-09", None)], "2015-09"),
        ([("MONTHS_WITHHELD:12", None), ("2016-01-01", None)], "2016-01-01"),
        ([("2016", None), ("May", None)], "2016"),
        ([("2004-05-10T12:53:03Z", None), ("19th century", None)], "18XX"),
        ([("2012", None), ("early 1930s", None), ("summer 1932", None)], "early 1930s"),
        ([("2012", "issued"), ("44 BC", "created")], "-0043"),
        ([("10000-01-01", None), ("1982", None)], "1982"),
        ([("2030-01-01", "embargo.lift"), ("2012", "date.issued")], "2012"),
        ([("2011", "Date of publication"), ("2010", "dateSubmitted")], "2011"),
        ([("2012-01", "recordCreationDate"), ("1956", "temporal")], "1956"),
        ([("2012", "revision"), ("2010", "publication"), ("2009", "creation")], "2009"),
        ([("2012", "epub"), ("2011", "received"), ("2011", "accepted")], "2012"),
        ([("n.d.", None), ("[s.d.]", "issued"), ("1956", "created")], "1956"),
        ([("undated", None)], None),
        ([("03/04/1956", None)], "03/04/1956"),
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


@pytest.mark.parametrize(("text", "expected"), cases("languages"), ids=str)
def test_a_language_is_read_in_the_forms_that_repositories_send(text: str, expected: str) -> None:
    """Codes of every standard, tags in any case, addresses, names, lists; what is not certain stays as written."""
    found = normalise_languages([Value(text=text)])
    assert found == (tuple(expected.split(",")) if expected else (text,))
    assert normalise_languages([Value(text=tag) for tag in found]) == found


@pytest.mark.parametrize("row", NAMES_OF_LANGUAGES, ids=lambda row: row[0])
def test_each_name_of_a_language_is_known(row: list[str]) -> None:
    """Every name in a row gives its tag, in either case, and the tag itself stays."""
    tag, *names = row
    assert {name: normalise_languages([Value(text=name)]) for name in names} == dict.fromkeys(names, (tag,))
    assert normalise_languages([Value(text=name.upper().lower()) for name in (*names, tag)]) == (tag,)


def test_no_name_stands_under_two_languages_or_two_months() -> None:
    """A table that says two things of one word would be decided by its order."""
    for rows in (NAMES_OF_LANGUAGES, [[number, *names] for number, names in table("months").items()]):
        named = Counter(name for _, *names in rows for name in {plain(name) for name in names})
        assert [name for name, count in named.items() if count > 1] == []


@pytest.mark.parametrize(
    ("region", "name"), [(region, name) for region, names in table("languages")["regions"].items() for name in names]
)
def test_each_country_is_known(region: str, name: str) -> None:
    """A country in brackets behind a name is the tag's region."""
    assert normalise_languages([Value(text=f"English ({name})")]) == (f"en-{region}",)


def test_the_codes_that_are_known_without_loading_any_more_are_those_of_the_registry() -> None:
    """Each code of three letters, and the one of two that it is written as, in any case."""
    known = {code: tag for code, tag in TWO_LETTERS.items() if code not in table("languages")["codes"]}
    assert known == {code: langcodes.standardize_tag(code) for code in known}
    assert all(map(langcodes.tag_is_valid, known.values()))
    found = {code: normalise_languages([Value(text=code)]) for tag in known for code in (tag, tag.upper(), tag.title())}
    assert found == {code: (known[code.lower()],) for code in found}


@pytest.mark.parametrize("prefix", table("languages")["addresses"]["prefixes"])
def test_each_address_of_languages_is_known(prefix: str) -> None:
    """The code behind it is the language, with and without a scheme in front."""
    scheme = "https://www." if "/" in prefix else ""
    assert normalise_languages([Value(text=f"{prefix}spa"), Value(text=f"{scheme}{prefix}SPA")]) == ("es",)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=LONGEST_LIST + 5), st.lists(LANGUAGE_PIECES, max_size=9).map("".join)))
def test_any_text_is_answered_with_tags_or_as_written(text: str) -> None:
    """Nothing is lost, nothing fails, and reading the answer again changes nothing."""
    found = normalise_languages([Value(text=text)])
    assert bool(found) == bool(text.strip())
    assert normalise_languages([Value(text=tag) for tag in found]) == found


def test_the_form_for_machines_counts_where_the_words_are_not_certain() -> None:
    """Finding aids give both; words that are certain come first."""
    assert (
        normalise_dates([Value(text="spring of that year", parts=(("normal", "1951-03/1951-05"),))])
        == "1951-03/1951-05"
    )
    assert normalise_dates([Value(text="1951", parts=(("normal", "1950/1952"),))]) == "1951"
    assert normalise_dates([Value(text="some day", parts=(("normal", "nonsense"),))]) == "some day"

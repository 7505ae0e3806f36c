"""The table of repositories: one row an institution, and no institution's name for what many share."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources

import pytest

from ingest.descriptions import SourceStatement, Value
from ingest.normalise.sources import normalise_sources

_TEXT = resources.files("ingest.normalise").joinpath("vocabularies", "repositories.tsv").read_text("utf-8")
ROWS = list(
    csv.DictReader(
        (line for line in _TEXT.splitlines() if line and not line.startswith("#")),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
)
NAMED = [row for row in ROWS if row["name"]]
SHARED = [row for row in ROWS if not row["name"]]


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text, element="dc:source")])
    return statement


def told(statement: SourceStatement) -> tuple[object, ...]:
    """Return what the table adds to a repository: its full name and its place."""
    return statement.parts.get("repository_name"), statement.parts.get("repository_place")


def plain(text: str) -> str:
    """Return a text in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))


def words(text: str) -> set[str]:
    """Return the words of three letters and more."""
    return set(re.findall(r"[^\W\d_]{3,}", plain(text)))


# Words that tell no institution from another.
COMMON = words(
    """archive archives library libraries museum museums national state central city university institute society
    center centre public house of the and for in at its office record records collection collections special main
    general historical history research digital memorial foundation foreign ministry affairs department royal republic
    services service documents american british military political literature literary united states names
    manuscript manuscripts rare book books art arts college"""
)


def is_short(form: str, place: str) -> bool:
    """Tell whether a form is made of short forms only: two capitals a word, or one letter, beside the row's place."""
    places = set(re.findall(r"[^\W\d_]+", plain(place)))
    rest = [word for word in re.findall(r"[^\W\d_]+", form) if plain(word) not in places]
    return all(sum(char.isupper() for char in word) > 1 or len(word) == 1 for word in rest)


def belongs(form: str, row: Mapping[str, str]) -> bool:
    """Tell whether a form shows by itself that it names the row: a telling word in common, the same words, or short."""
    shared = (words(form) - COMMON) & (words(row["name"]) - COMMON)
    return bool(shared) or is_short(form, row["place"]) or (bool(words(form)) and words(form) == words(row["name"]))


def split(cell: str) -> list[str]:
    """Return the forms of a cell."""
    return [form for form in cell.split("|") if form]


@pytest.mark.parametrize("row", NAMED, ids=lambda row: row["id"])
def test_a_form_shares_a_telling_word_with_its_name(row: Mapping[str, str]) -> None:
    """But for short forms; what goes by other words, in another language or formerly, is listed as another name."""
    assert [form for form in split(row["forms"]) if not belongs(form, row)] == []
    assert [form for form in split(row["other_names"]) if belongs(form, row)] == []


def test_what_many_share_has_only_a_tradition() -> None:
    """Neither an id nor a place or an ISIL stands without a name, and a name has an id."""
    assert all(not (row["id"] or row["place"] or row["isil"] or row["other_names"]) for row in SHARED)
    assert all(row["id"] for row in NAMED)


def test_no_form_stands_in_two_rows() -> None:
    """So that one form, or a name, stands for one institution, or for none."""
    forms = [
        form.casefold()
        for row in ROWS
        for form in {row["name"], *split(row["forms"]), *split(row["other_names"])}
        if form
    ]
    assert sorted({form for form in forms if forms.count(form) > 1}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boston Public Library, Rare Books", ("Boston Public Library", "Boston")),
        ("Folger Shakespeare Library", ("Folger Shakespeare Library", "Washington")),
        ("Archivo General de la Nación, Bogotá", ("General Archive of the Nation, Colombia", "Bogotá")),
        ("Archivo General de la Nación, Lima, leg. 12", ("General Archive of the Nation, Peru", "Lima")),
        ("Archivo General de la Nación, México", ("National General Archive of Mexico", "Mexico City")),
        ("Yad Vashem", ("Yad Vashem", "Jerusalem")),
        ("Biblioteca Ambrosiana", ("Biblioteca Ambrosiana, Milan", "Milan")),
        ("Archivio di Stato di Torino", ("State Archive of Turin", "Turin")),
        ("Uppsala universitetsbibliotek", ("Uppsala University Library", "Uppsala")),
        ("Victoria and Albert Museum", ("Victoria and Albert Museum", "London")),
        ("Lambeth Palace Library, MS 12", ("Lambeth Palace Library", "London")),
        ("TNA, Dar es Salaam", ("Tanzania National Archives", "Dar es Salaam")),
        ("TNA, FO 371/12345", ("The National Archives, Kew", "Kew")),
        ("National Archives of Zimbabwe", ("National Archives of Zimbabwe", "Harare")),
        ("State Library of Queensland", ("State Library of Queensland", "Brisbane")),
        ("Archives of Manitoba", ("Archives of Manitoba", "Winnipeg")),
        ("Staatsarchiv Hamburg, 131-1", ("Staatsarchiv Hamburg", "Hamburg")),
        ("National Archives, Kew, FO 371/12345", ("The National Archives, Kew", "Kew")),
        ("Bundesarchiv-Militärarchiv, RH 2/123", ("German Federal Archives, Military Archives, Freiburg", "Freiburg")),
        ("National Archives, College Park, RG 59", ("National Archives at College Park", "College Park")),
        ("NARA, Washington, D.C., RG 59", ("National Archives and Records Administration", "Washington")),
        ("Riksarkivet, Stockholm", ("Swedish National Archives", "Stockholm")),
    ],
    ids=lambda each: str(each)[:40],
)  # fmt: skip
def test_an_institution_is_told_by_its_own_name(text: str, expected: tuple[str, str]) -> None:
    """Its name and its place, and not those of a neighbour."""
    assert told(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "repository", "ref"),
    [
        ("Archives départementales, 3 E 12", "Archives départementales", "3 E 12"),
        ("Archives départementales, Lille, 3 E 12", "Archives départementales, Lille", "3 E 12"),
        ("Archivo General de la Nación, caja 4, exp. 12", "Archivo General de la Nación", "caja 4, exp. 12"),
        ("Archivo General de la Nación, Quito, caja 4", "Archivo General de la Nación, Quito", "caja 4"),
        ("National Archives, Box 12", "National Archives", "Box 12"),
        ("National Archives, Nairobi, Box 12", "National Archives, Nairobi", "Box 12"),
        ("State Archive, fond 12, opis 3", "State Archive", "fond 12, opis 3"),
        ("Riksarkivet, 1234/5", "Riksarkivet", "1234/5"),
        ("SOkA, fond 12, kart. 3", "SOkA", "fond 12, kart. 3"),
        ("Algemeen Rijksarchief, inv. nr. 12", "Algemeen Rijksarchief", "inv. nr. 12"),
    ],
    ids=lambda each: str(each)[:40],
)  # fmt: skip
def test_what_many_share_is_read_but_not_named(text: str, repository: str, ref: str) -> None:
    """The grammar is known; which institution it is, only the statement can say."""
    statement = read(text)
    assert (statement.repository, statement.ref) == (repository, ref)
    assert (*told(statement), statement.parts.get("repository_id")) == (None, None, None)

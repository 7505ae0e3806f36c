"""Sources: archival references by the grammar of their repository, journals, identifiers, holders."""

import re
from typing import get_args

import pytest

from ingest.descriptions import Json, SourceStatement, Value
from ingest.normalise.archive_tables import Repository, bundled_repositories
from ingest.normalise.sources import RULES, normalise_sources
from ingest.operator_tables import Tradition


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text, element="dc:source")])
    return statement


def found(statement: SourceStatement) -> dict[str, Json]:
    """Return what was read, without what was not, and without what the tables and the marks add."""
    fields = {name: getattr(statement, name) for name in ("repository", "ref", "pages", "collection")}
    added = {"repository_name", "repository_id", "repository_place", "levels", "pages_unit", "folio_side", "people"}
    parts = {key: value for key, value in statement.parts.items() if key not in added}
    return {key: value for key, value in {**fields, **parts}.items() if value}


def test_the_seed_record_reads_back() -> None:
    """Repository, its full name, reference, pages and translator."""
    statement = read("PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao.")
    assert statement.type == "archival"
    assert (statement.repository, statement.ref, statement.pages) == ("PRC FMA", "109-02809-01", "37-38")
    assert statement.parts == {
        "repository_name": "Ministry of Foreign Affairs of the People's Republic of China, archive",
        "repository_id": "cn-fma",
        "repository_place": "Beijing",
        "pages_unit": "page",
        "translator": ["Xi Zhao"],
        "people": [{"name": "Xi Zhao", "role": "translator"}],
    }
    assert (statement.rule, statement.confidence) == ("source/archival@3", "named")
    assert statement.statement == "PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao."


@pytest.mark.parametrize(
    ("form", "row"),
    [(form, row) for row, forms in bundled_repositories() for form in forms],
    ids=lambda each: str(each)[:60],
)
def test_each_form_of_an_archive_is_known(form: str, row: Repository) -> None:
    """Every short form and name in the table is found in front of a reference; an earlier row of the same form wins."""
    statement = read(f"{form}, 12/34. Translated by Jane Roe.")
    first = next(
        other for other, forms in bundled_repositories() if form.casefold() in {each.casefold() for each in forms}
    )
    assert (statement.repository, statement.parts.get("repository_name")) == (form, first.name)
    assert (statement.confidence, statement.parts["translator"]) == ("named", ["Jane Roe"])
    assert row.tradition in get_args(Tradition)


def test_no_two_repositories_have_one_id() -> None:
    """An id names one row, and is written in small letters."""
    ids = [row.id for row, _ in bundled_repositories() if row.id is not None]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]{2,5}(?:-[a-z0-9]+)+", each) for each in ids)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PRC FMA 204-00001-02.", {"repository": "PRC FMA", "ref": "204-00001-02"}),
        ("中国外交部档案馆\N{FULLWIDTH COMMA}档号\N{FULLWIDTH COLON}109-00001-01\N{FULLWIDTH COMMA}第12-13页",
         {"repository": "中国外交部档案馆", "ref": "109-00001-01", "pages": "12-13"}),
        ("AVPRF f. 0100, op. 2, p. 53, d. 8, ll. 16 - 19 ob.",
         {"repository": "AVPRF", "ref": "f. 0100, op. 2, p. 53, d. 8", "pages": "16-19 ob"}),
        ("АВП РФ, ф. 0102, оп. 1, п. 2, д. 3, лл. 4-5",
         {"repository": "АВП РФ", "ref": "ф. 0102, оп. 1, п. 2, д. 3", "pages": "4-5"}),
        ("MOL, XIX-J-1-j Korea, 1974, 80. doboz, 81-5, 00100/1974.",
         {"repository": "MOL", "ref": "XIX-J-1-j Korea, 1974, 80. doboz, 81-5, 00100/1974"}),
        ("SAPMO-BArch, NY 1000/2, Bl. 8.", {"repository": "SAPMO-BArch", "ref": "NY 1000/2", "pages": "8"}),
        ("ANIC, dosar 2/1971, f. 1-14.", {"repository": "ANIC", "ref": "dosar 2/1971", "pages": "1-14"}),
        ("TsDA, Fond 1-B, Opis 6, a.e. 7, l. 25.",
         {"repository": "TsDA", "ref": "Fond 1-B, Opis 6, a.e. 7", "pages": "25"}),
        ("NARA, RG 59, Central Files 1970-73, Box 12, Folder POL 1. Secret; Nodis.",
         {"repository": "NARA", "collection": "RG 59, Central Files 1970-73", "ref": "Box 12, Folder POL 1",
          "remainder": "Secret; Nodis"}),
        ("Archives of Exampleland, Capital City, 5 AG 2/10, dossier 3",
         {"repository": "Archives of Exampleland, Capital City", "ref": "5 AG 2/10, dossier 3"}),
        ("RGANI, f. 5, op. 4, d. 3, ll. 1-2. Obtained by Jane Roe and translated by John Doe and Ann Poe.",
         {"repository": "RGANI", "ref": "f. 5, op. 4, d. 3", "pages": "1-2", "obtained_by": ["Jane Roe"],
          "translator": ["John Doe", "Ann Poe"]}),
        ("RGANI, f. 5, op. 4. Obtained and translated for CWIHP by Jane Roe.",
         {"repository": "RGANI", "ref": "f. 5, op. 4", "obtained_by": ["Jane Roe"], "translator": ["Jane Roe"],
          "programme": "CWIHP"}),
        ("Box 3, Folder 7", {"ref": "Box 3, Folder 7"}),
    ],
)  # fmt: skip
def test_the_repository_picks_the_grammar(text: str, expected: dict[str, Json]) -> None:
    """The same mark is a fond in Moscow and a leaf in Bucharest; numbers without a mark are pages only in China."""
    statement = read(text)
    assert found(statement) == expected
    assert (statement.type, statement.statement) == ("archival", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Example Review; Vol 3, No 2 (2010): Special issue; 163-165",
         {"container_title": "Example Review", "volume": "3", "issue": "2", "year": "2010", "pages": "163-165",
          "issue_title": "Special issue"}),
        ("Journal of Examples, 5(9), 16 - 23, (2025-09-23)",
         {"container_title": "Journal of Examples", "volume": "5", "issue": "9", "year": "2025", "pages": "16-23",
          "date": "2025-09-23"}),
        ("v. 1 n. 2 (2023)", {"volume": "1", "issue": "2", "year": "2023"}),
        ("Zeitschrift; Bd. 4 Nr. 3 (2011); 5-22",
         {"container_title": "Zeitschrift", "volume": "4", "issue": "3", "year": "2011", "pages": "5-22"}),
        ("Archives of Examples, 12(1), 3-9, (2019-01-01)",
         {"container_title": "Archives of Examples", "volume": "12", "issue": "1", "year": "2019", "pages": "3-9",
          "date": "2019-01-01"}),
        ("Annals of the Example Museum; Vol 2, No 1 (1999); 4-8",
         {"container_title": "Annals of the Example Museum", "volume": "2", "issue": "1", "year": "1999",
          "pages": "4-8"}),
        ("Example Review; ", {"container_title": "Example Review"}),
        ("Example Review; 15-20", {"container_title": "Example Review", "pages": "15-20"}),
    ],
)  # fmt: skip
def test_a_journal_is_read_by_its_marks(text: str, expected: dict[str, Json]) -> None:
    """Volume, issue, year and pages in the forms that journal systems and deposits write."""
    assert (read(text).type, found(read(text))) == ("journal", expected)


def test_a_book_keeps_place_and_publisher() -> None:
    """Title, year and pages, and place and publisher apart."""
    statement = read("A History of Examples (London: Example Books, 1998), pp. 12-13.")
    assert (statement.type, found(statement)) == (
        "book",
        {
            "container_title": "A History of Examples",
            "year": "1998",
            "pages": "12-13",
            "place": "London",
            "publisher": "Example Books",
        },
    )


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("ISSN 0317-8471", "identifier", {"issn": ["0317-8471"]}),
        ("2049-3630", "identifier", {"issn": ["2049-3630"]}),
        ("ISBN 978-0-306-40615-7", "identifier", {"isbn": ["9780306406157"]}),
        ("0-19-852663-6", "identifier", {"isbn": ["0198526636"]}),
        ("https://doi.org/10.1234/abc.5", "identifier", {"doi": "10.1234/abc.5"}),
        ("doi:10.1234/ABC", "identifier", {"doi": "10.1234/ABC"}),
        ("https://example.org/item/1", "url", {"url": "https://example.org/item/1"}),
        ("Example University Libraries", "holder", {"repository": "Example University Libraries"}),
        ("Jane Roe Papers", "collection", {"collection": "Jane Roe Papers"}),
        ("1988-1989", "unknown", {"remainder": "1988-1989"}),
        ("1234-5678", "unknown", {"remainder": "1234-5678"}),
        ("Xyzzy", "unknown", {"remainder": "Xyzzy"}),
        ("Translated by Jane Roe.", "unknown", {"translator": ["Jane Roe"]}),
        ("", "unknown", {}),
    ],
)
def test_other_values_are_told_by_kind(text: str, kind: str, expected: dict[str, Json]) -> None:
    """Identifiers only where their check digits agree; what nobody knows is kept as remainder."""
    statement = read(text)
    assert (statement.type, found(statement)) == (kind, expected)


def test_what_no_rule_knows_says_so() -> None:
    """Unknown values are listed by the rule's name."""
    assert (read("Xyzzy").rule, read("Xyzzy").confidence) == ("source/none@1", "none")


def test_every_rule_says_what_it_reads() -> None:
    """The rules stand in one tuple, each a plain function with its docstring."""
    assert all(rule.__doc__ for rule in RULES)

"""Sources with what formats keep apart, several values of one record, and the operator's own repositories."""

from itertools import permutations

import pytest

from ingest.descriptions import Json, SourceStatement, Value
from ingest.normalise.sources import normalise_sources
from ingest.operator_tables import OperatorTables, RepositoryRow

ISSUE = "Example Review; Vol 1, No 2 (2010); 12-15"


def read(value: Value, own: OperatorTables | None = None) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([value], own) if own else normalise_sources([value])
    return statement


def merged(*texts: str) -> tuple[SourceStatement, ...]:
    """Normalise the source values of one record."""
    return normalise_sources([Value(text=text, element="dc:source") for text in texts])


def test_what_a_format_keeps_apart_is_taken_as_given() -> None:
    """Fields and parts by their names; ranges are closed up, identifiers written as they are kept."""
    parts = (
        ("container_title", "Example Review : a quarterly"),
        ("volume", "9"),
        ("issue", "5a"),
        ("pages", "4 - 5"),
        ("issn", "URN:ISSN:2049-3630"),
    )
    statement = read(Value(text="URN:ISSN:2049-3630 Example Review : a quarterly 9 5a 4 5", role="host", parts=parts))
    assert (statement.type, statement.rule, statement.confidence) == ("journal", "source/given@2", "exact")
    assert (statement.pages, statement.parts) == (
        "4-5",
        {"container_title": "Example Review : a quarterly", "volume": "9", "issue": "5a", "issn": ["2049-3630"]},
    )


def test_the_text_adds_only_what_was_not_given() -> None:
    """The repository is as given; reference, pages and translator come from the text."""
    text = "PRC FMA 100-00001-01, 3-4. Translated by Jane Roe."
    statement = read(Value(text=text, role="original", parts=(("repository", "Foreign Ministry, Beijing"),)))
    assert (statement.repository, statement.ref, statement.pages) == (
        "Foreign Ministry, Beijing",
        "100-00001-01",
        "3-4",
    )
    assert statement.parts["translator"] == ["Jane Roe"]


def test_an_identifier_given_is_checked_all_the_same() -> None:
    """What its check digit refuses is no identifier, and stays as remainder."""
    parts = (
        ("container_title", "Example"),
        ("issn", "1234-5678"),
        ("isbn", "978-0-306-40615-7"),
        ("doi", "doi:10.1234/a"),
    )
    statement = read(Value(text="Example", parts=parts))
    assert "issn" not in statement.parts
    assert (statement.parts["isbn"], statement.parts["doi"]) == (["9780306406157"], "10.1234/a")
    assert statement.parts["remainder"] == "1234-5678"


def test_words_of_the_text_that_nothing_holds_remain() -> None:
    """A text strung together from its parts leaves nothing; a number that no part has is kept."""
    parts = (("container_title", "Advances in Examples"), ("year", "2010"), ("pages", "194946"))
    statement = read(Value(text="Advances in Examples 2010 898351 194946", role="host", parts=parts))
    assert (statement.type, statement.parts["remainder"]) == ("journal", "898351")


def test_a_series_that_gathers_things_is_a_collection() -> None:
    """Its number is a reference; a series of publications stays one."""
    parts = (("container_title", "Sampleton Photograph Collection"), ("volume", "no. 4"))
    statement = read(Value(text="Sampleton Photograph Collection, no. 4", role="series", parts=parts))
    assert (statement.collection, statement.ref) == ("Sampleton Photograph Collection", "no. 4")
    studies = read(Value(text="Sampleton Studies", role="series", parts=(("container_title", "Sampleton Studies"),)))
    assert (studies.collection, studies.parts["container_title"]) == (None, "Sampleton Studies")


def test_who_made_a_copy_is_no_source() -> None:
    """Of a reproduction the publisher and the year are kept as given, and nothing is made of its words."""
    parts = (("publisher", "Sample Microforms"), ("year", "1985"))
    text = "Microfilm. Ashford : Sample Microforms, 1985. (Early journals ; no. 3). 1 reel ; 35 mm."
    statement = read(Value(text=text, role="reproduction", parts=parts))
    assert (statement.type, statement.repository, statement.ref, statement.pages) == ("unknown", None, None, None)
    assert {name: held for name, held in statement.parts.items() if name != "remainder"} == dict(parts)


@pytest.mark.parametrize(
    ("role", "text", "kind", "expected"),
    [
        ("location", "Xyzzy House", "holder", {"repository": "Xyzzy House"}),
        ("repository", "Xyzzy House", "holder", {"repository": "Xyzzy House"}),
        ("shelfmark", "Xyzzy", "archival", {"ref": "Xyzzy"}),
        ("host", "Xyzzy", "journal", {"container_title": "Xyzzy"}),
        ("container_title", "Xyzzy", "journal", {"container_title": "Xyzzy"}),
        ("series", "Xyzzy", "paper-series", {"container_title": "Xyzzy"}),
        ("series", "Xyzzy ; 12", "paper-series", {"container_title": "Xyzzy", "issue": "12"}),
        (
            "citation",
            ISSUE,
            "journal",
            {"container_title": "Example Review", "volume": "1", "issue": "2", "year": "2010"},
        ),
        ("original", "Box 1, Folder 2", "archival", {"ref": "Box 1, Folder 2"}),
        ("citation", "Xyzzy", "unknown", {"remainder": "Xyzzy"}),
    ],
)
def test_a_role_says_what_a_bare_text_is(role: str, text: str, kind: str, expected: dict[str, Json]) -> None:
    """Where no rule knows the text its role decides; a citation is read as it stands."""
    statement = read(Value(text=text, role=role))
    told = {name: getattr(statement, name, None) or statement.parts.get(name) for name in expected}
    assert (statement.type, told) == (kind, expected)


def test_values_that_describe_one_host_become_one_statement() -> None:
    """The first text is the statement; identifiers join the issue, and all texts are kept in order."""
    (statement,) = merged(ISSUE, "2049-3630", "ISSN 0317-8471", "10.1234/er.v1i2")
    assert (statement.type, statement.statement, statement.pages) == ("journal", ISSUE, "12-15")
    assert statement.parts == {
        "container_title": "Example Review",
        "volume": "1",
        "issue": "2",
        "year": "2010",
        "issn": ["2049-3630", "0317-8471"],
        "doi": "10.1234/er.v1i2",
        "statements": [ISSUE, "2049-3630", "ISSN 0317-8471", "10.1234/er.v1i2"],
    }


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        ((ISSUE, "Revista Ejemplo; Vol. 1 Núm. 2 (2010); 12-15", "2049-3630"), 1),
        ((ISSUE, "Example Review"), 1),
        ((ISSUE, "Example Review; Vol 1, No 3 (2010); 1-4"), 2),
        ((ISSUE, "Sample Review"), 2),
        (("Example Review", "Sample Review", "2049-3630"), 3),
        (("2049-3630", "0317-8471"), 1),
        ((ISSUE, "https://example.org/a"), 2),
        (("Box 1, Folder 2", "Example Library", "https://example.org/guide"), 2),
        (("Box 1, Folder 2", "Example Library", "Sample Library"), 3),
        (("RGANI, f. 1, op. 2", "GARF, f. 3, op. 4"), 2),
        (("RGANI, f. 1, op. 2", "https://example.org/a"), 2),
        (("RGANI, f. 1, op. 2", ISSUE), 2),
        (("Xyzzy", "Plugh"), 2),
        (("Xyzzy", "Xyzzy"), 1),
        ((), 0),
    ],
)
def test_only_what_belongs_together_is_merged(texts: tuple[str, ...], count: int) -> None:
    """Two archives, two issues, an address beside a reference stay apart; in whatever order they come."""
    assert {len(merged(*order)) for order in permutations(texts)} == {count}


def test_a_repository_and_a_reference_written_apart_are_one_place() -> None:
    """As some catalogues part them over two elements."""
    (statement,) = merged("Box 1, Folder 2", "Example State University. Special Collections Library")
    assert (statement.type, statement.repository, statement.ref) == (
        "archival",
        "Example State University. Special Collections Library",
        "Box 1, Folder 2",
    )


OWN = OperatorTables(
    repositories=(
        RepositoryRow(
            forms=("ExA", "Beispielarchiv"), name="Example Archive", place="Exampletown", tradition="romanian"
        ),
        RepositoryRow(forms=("RGANI",), name="Our RGANI", isil="RU-1"),
    )
)


def test_an_operators_repository_is_known_by_its_forms() -> None:
    """With the grammar of its tradition; the rule says whose table it was."""
    statement = read(Value(text="exa, dosar 1/1970, f. 2-3"), OWN)
    assert (statement.rule, statement.confidence) == ("source/own-table@2", "exact")
    assert (statement.repository, statement.ref, statement.pages) == ("exa", "dosar 1/1970", "2-3")
    assert (statement.parts["repository_name"], statement.parts["repository_place"]) == (
        "Example Archive",
        "Exampletown",
    )


def test_an_operators_repository_wins_over_a_bundled_one() -> None:
    """And without the table the bundled row answers as before."""
    text = "RGANI, Box 1"
    assert read(Value(text=text), OWN).parts["repository_name"] == "Our RGANI"
    assert read(Value(text=text), OWN).parts["isil"] == "RU-1"
    assert read(Value(text=text)).parts["repository_name"] == "Russian State Archive of Contemporary History"


def test_equal_tables_give_equal_answers() -> None:
    """Tables are compared by what they hold."""
    again = OperatorTables.model_validate(OWN.model_dump())
    assert read(Value(text="ExA 5, f. 2"), again) == read(Value(text="ExA 5, f. 2"), OWN)

"""The vocabularies of sources: each row at least once."""

import re

import pytest

from ingest.descriptions import SourceStatement, Value
from ingest.normalise.archives import is_building, is_country, is_department, is_holding, tradition_of
from ingest.normalise.publication_titles import looks_like_person
from ingest.normalise.publications import is_periodical, is_series
from ingest.normalise.source_kinds import gathers_things, is_archives_of, is_body, is_named_collection
from ingest.normalise.source_words import first_words, stems, words
from ingest.normalise.sources import normalise_sources
from ingest.normalise.vocabularies import table

ARCHIVES, PRINTED, PEOPLE = table("archives")["words"], table("publications")["words"], table("source_people")


def plain(pattern: str) -> str:
    """Write a text that a simple pattern of the vocabularies matches."""
    pattern = re.sub(r"\(\?[=!<][^()]*(?:\([^()]*\)[^()]*)?\)", "", pattern)
    pattern = re.sub(r"\(\?:([^()|]*)[^()]*\)\??", r"\1", pattern)
    for written, meant in (
        ("\\s?", " "),
        ("\\s", " "),
        ("\\.", "\x00"),
        ("\\w*", ""),
        ("\\w+", "xyzzy"),
        (".*", " xyzzy"),
    ):
        pattern = pattern.replace(written, meant)
    pattern = re.sub(r"\[([^\]])[^\]]*\]", r"\1", re.sub(r"(.)\?", r"\1", pattern))
    return pattern.replace(".", "'").replace("\x00", ".")


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text, element="dc:source")])
    return statement


@pytest.mark.parametrize("word", ARCHIVES["buildings"])
def test_each_building_is_one(word: str) -> None:
    """It names a house; before Press or Verlag it names a publisher."""
    assert is_building(f"Xyzzy {plain(word)}")
    assert not is_building(f"Xyzzy {plain(word)} Press")


@pytest.mark.parametrize("word", ARCHIVES["departments"])
def test_each_department_is_one(word: str) -> None:
    """It names a part of a house."""
    assert is_department(f"Xyzzy {plain(word)} Plugh")


@pytest.mark.parametrize("word", ARCHIVES["holdings"])
def test_each_holding_is_one(word: str) -> None:
    """It ends the name of what a house keeps, years behind it or not."""
    assert is_holding(f"Xyzzy {plain(word)}")
    assert is_holding(f"Xyzzy {plain(word)}, 1900-1950")


@pytest.mark.parametrize("word", [*ARCHIVES["holdings_in_front"], *PRINTED["collections_in_front"]])
def test_each_holding_may_stand_in_front(word: str) -> None:
    """In other languages it begins the name."""
    assert is_named_collection(f"{plain(word).capitalize()} Xyzzy")


@pytest.mark.parametrize("word", ARCHIVES["countries"])
def test_each_country_is_one(word: str) -> None:
    """Countries and states stand behind a place, with a stop or without."""
    assert is_country(plain(word).title())


@pytest.mark.parametrize("word", ARCHIVES["holders"])
def test_what_follows_a_holder_s_lead_in_holds_the_thing(word: str) -> None:
    """Whatever it is called."""
    assert read(f"{plain(word).capitalize()}: Xyzzy").repository == "Xyzzy"


@pytest.mark.parametrize("word", PRINTED["periodicals"])
def test_each_head_of_a_periodical_is_one(word: str) -> None:
    """It stands in the names of what appears again and again."""
    assert is_periodical(f"Xyzzy {plain(word)}")


@pytest.mark.parametrize("word", PRINTED["series"])
def test_each_series_is_one(word: str) -> None:
    """It names a series of papers."""
    assert is_series(f"Xyzzy {plain(word)}")


@pytest.mark.parametrize("word", PRINTED["collections"])
def test_each_collection_is_one(word: str) -> None:
    """It ends the name of what an institution gathers."""
    assert is_named_collection(f"Xyzzy {plain(word)}")


@pytest.mark.parametrize("word", PRINTED["bodies"])
def test_each_body_is_one(word: str) -> None:
    """It names who may be a source and keeps nothing by name."""
    assert is_body(f"Xyzzy {plain(word)} Plugh")


@pytest.mark.parametrize("word", PRINTED["conferences"])
def test_each_conference_is_one(word: str) -> None:
    """A conference is told by its word."""
    assert "container_title" in read(f"Xyzzy {plain(word)} Plugh 2010").parts


@pytest.mark.parametrize("word", PRINTED["physical"])
def test_each_description_is_no_source(word: str) -> None:
    """What a thing is made of says nothing of where it stands."""
    assert read(f"Xyzzy {plain(word)}").type == "unknown"


@pytest.mark.parametrize("word", PRINTED["files"])
def test_each_kind_of_file_is_one(word: str) -> None:
    """The name of a file is a reference."""
    assert (read(f"xyzzy.{plain(word)}").type, read(f"xyzzy.{plain(word)}").ref) == ("file", f"xyzzy.{plain(word)}")


@pytest.mark.parametrize("word", PRINTED["titles"])
def test_each_title_that_no_head_tells_is_one(word: str) -> None:
    """Journals, newspapers and portals that everybody knows."""
    title = " ".join(plain(word).split()).title()
    assert read(title).parts.get("container_title") == title


@pytest.mark.parametrize("word", PRINTED["archives_of"])
def test_each_journal_named_archives_of_is_one(word: str) -> None:
    """It sounds like a house and is none."""
    assert is_archives_of(f"Archives of {plain(word)}")


@pytest.mark.parametrize("word", PRINTED["publishers"])
def test_each_publisher_ends_an_imprint(word: str) -> None:
    """Title, publisher and year."""
    statement = read(f"On xyzzying, Xyzzy {plain(word)}, 1998")
    assert (statement.parts["container_title"], statement.parts["year"]) == ("On xyzzying", "1998")


@pytest.mark.parametrize("word", PRINTED["never_in_names"])
def test_each_word_that_no_name_has_is_none_of_a_person(word: str) -> None:
    """Capitalised words before a title are a person, unless one of these is among them."""
    assert looks_like_person("Jane Roe")
    assert not looks_like_person(f"Jane {word.title()}")


@pytest.mark.parametrize("word", PRINTED["place_letters"])
def test_each_place_of_publication_begins_an_imprint(word: str) -> None:
    """Title, place, publisher and year."""
    statement = read(f"On xyzzying. {plain(word)}: Xyzzy, 1998. P. 12")
    assert (statement.parts["container_title"], statement.parts["year"], statement.pages) == (
        "On xyzzying",
        "1998",
        "12",
    )


@pytest.mark.parametrize(("role", "verb"), [(row["role"], verb) for row in PEOPLE["role"] for verb in row["verbs"]])
def test_each_verb_gives_its_role(role: str, verb: str) -> None:
    """It stands before a word of "by" and the name."""
    assert read(f"RGANI, f. 1, op. 2. {plain(verb).capitalize()} by Jane Roe").parts[role] == ["Jane Roe"]


@pytest.mark.parametrize(("role", "mark"), [(row["role"], mark) for row in PEOPLE["role"] for mark in row["marks"]])
def test_each_mark_gives_its_role(role: str, mark: str) -> None:
    """It stands before the name itself."""
    assert read(f"RGANI, f. 1, op. 2; {plain(mark)} Jane Roe").parts[role] == ["Jane Roe"]


@pytest.mark.parametrize("word", PRINTED["copies"])
def test_each_copy_that_a_note_tells_is_no_source(word: str) -> None:
    """A place, a publisher and a year behind it are of the copy."""
    assert read(f"{plain(word).capitalize()}. Ashford : Xyzzy Press, 1998.").rule == "source/note@1"


@pytest.mark.parametrize("word", PRINTED["notes"])
def test_each_note_is_no_source(word: str) -> None:
    """Any words may follow."""
    assert read(f"{plain(word).strip().capitalize()} the Xyzzy University Library").rule == "source/note@1"


@pytest.mark.parametrize("word", PRINTED["series_of_things"])
def test_each_series_of_things_is_a_collection(word: str) -> None:
    """It gathers no publications, whatever its format calls it."""
    assert gathers_things(f"Xyzzy {plain(word).title()}")


@pytest.mark.parametrize("word", ARCHIVES["shelfmarks"])
def test_each_beginning_of_a_shelf_mark_is_one(word: str) -> None:
    """A number follows, and the leaf."""
    statement = read(f"{plain(word).strip().capitalize()} 1234, fol. 5v")
    assert (statement.ref, statement.pages) == (f"{plain(word).strip().capitalize()} 1234", "5v")


@pytest.mark.parametrize("word", ARCHIVES["parents"])
def test_each_body_is_part_of_its_archive_where_no_reference_follows(word: str) -> None:
    """Where one follows, its papers are a collection."""
    body = f"{plain(word).title()} Xyzzy"
    assert read(f"Israel State Archives, {body}").repository == f"Israel State Archives, {body}"
    assert read(f"Israel State Archives, {body}, 12/3456").ref == "12/3456"


@pytest.mark.parametrize(
    ("tradition", "word"), [(name, word) for name, words in table("archives")["houses"].items() for word in words]
)
def test_each_house_follows_its_tradition(tradition: str, word: str) -> None:
    """Its name picks the grammar of its references."""
    assert tradition_of(f"Xyzzy {plain(word)}") == tradition


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("librar(?:y|ies)", {"library", "libraries"}),
        ("journals?", {"journal", "journals"}),
        ("colecci[óo]n", {"coleccion", "colección"}),
        ("sub-series", {"sub"}),
        (r"dept\.?", {"dept"}),
        (r"\w*archiv", set()),
        ("muze[uj]\\w*", set()),
    ],
)
def test_the_first_words_of_a_pattern(pattern: str, words: set[str]) -> None:
    """Whole words that it may begin with; none where they cannot be told."""
    assert first_words(pattern) == words


@pytest.mark.parametrize("name", ["buildings", "departments", "holdings", "lead_ins", "holders"])
def test_a_stem_never_hides_a_word(name: str) -> None:
    """Whatever a pattern matches holds one of the stems that stand for it."""
    for pattern in ARCHIVES[name]:
        assert stems([pattern]).stand_in(plain(pattern))
        assert words([pattern]).search(f"Xyzzy {plain(pattern)}")

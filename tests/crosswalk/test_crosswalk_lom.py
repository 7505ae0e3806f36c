"""Learning Object Metadata: XML in, description out."""

from collections.abc import Callable

import pytest
from crosswalked import described, languages, said, sample

from ingest.crosswalk.vcards import party_of
from ingest.descriptions import Description

LOM = '<lom xmlns="http://ltsc.ieee.org/xsd/LOM">{}</lom>'
CARD = "BEGIN:VCARD\nVERSION:3.0\n{}\nEND:VCARD"


def _object(inside: str) -> Description:
    return described(LOM.format(inside), known_as="lom")


def _classified(purpose: str, *taxa: tuple[str, str]) -> Description:
    path = "".join(f"<taxon><id>{number}</id><entry><string>{entry}</string></entry></taxon>" for number, entry in taxa)
    return _object(
        f"<classification><purpose><value>{purpose}</value></purpose><taxonPath>{path}</taxonPath></classification>"
    )


def test_yes_and_no_keep_their_questions_beside_the_words_on_rights() -> None:
    """That nothing is paid is no licence."""
    assert said(sample("lom").rights) == [
        ("no", "cost"),
        ("yes", "copyrightAndOtherRestrictions"),
        ("Creative Commons Attribution 4.0 International", None),
    ]


def test_contributions_go_by_their_roles() -> None:
    """Names come out of cards; an address in the card is the party's identifier."""
    learning = sample("lom")
    assert [(value.text, value.parts) for value in learning.creators] == [
        ("Mia Jansen", (("identifier", "https://people.example.org/mia"),))
    ]
    assert said(learning.publishers) == [("Example Press, Leiden", None)]
    assert said(learning.donors) == [("Fund for Learning", "funder")]
    assert said(learning.contributors) == [("Piet Smit", "editor")]
    assert said(learning.dates) == [("2012-09-01", "created")]


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("FN:Mia Jansen\nN:Jansen;Mia;;;", "Mia Jansen"),
        ("FN;CHARSET=UTF-8:Mia Jansen", "Mia Jansen"),
        ("item1.FN:Mia Jansen", "Mia Jansen"),
        ("fn:Mia Jansen", "Mia Jansen"),
        ("N:Jansen;Mia;;Dr.;", "Jansen, Mia"),
        ("N:Mia Jansen;;;;", "Mia Jansen"),
        ("FN:\nN:;;;;\nORG:School\\, Leiden", "School, Leiden"),
        ("ORG:School;Library", "School, Library"),
        ("ORG:A\\; B", "A; B"),
        ("EMAIL:mia@example.org", ""),
    ],
)
@pytest.mark.parametrize("lines", ["\n", "\r\n", "\n      ", " "])
def test_a_card_gives_the_formatted_name_or_else_its_parts_or_else_the_organisation(
    card: str, name: str, lines: str
) -> None:
    """Also where a repository indents its lines, or makes one of them."""
    assert party_of(lines.join(CARD.format(card).split("\n")))[0] == name


@pytest.mark.parametrize("text", ["Mia Jansen", "", "   ", "no : card", "x" * 100_000])
def test_what_is_no_card_is_a_name(text: str) -> None:
    """As it stands."""
    assert party_of(text) == (text.strip(), "")


def test_a_first_card_speaks_where_there_are_two() -> None:
    """A card's own property wins over one that is repeated."""
    assert party_of(CARD.format("FN:One\nFN:Two"))[0] == "One"


def test_strings_keep_their_languages() -> None:
    """The standard's attribute is no xml:lang; "x-none" is no language."""
    assert languages(sample("lom").titles) == [("Fractions step by step", "en"), ("Breuken stap voor stap", "nl")]
    none = '<general><title><langstring xml:lang="x-none">T</langstring></title></general>'
    assert languages(_object(none).titles) == [("T", None)]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://ltsc.ieee.org/xsd/LOM",
        "http://ltsc.ieee.org/xsd/lom",
        "http://www.imsglobal.org/xsd/imsmd_v1p2",
        "https://example.org/own",
        "",
    ],
)
@pytest.mark.parametrize("names", [str, str.lower, str.upper])
def test_the_case_of_names_does_not_matter(namespace: str, names: Callable[[str], str]) -> None:
    """Nor does the namespace, where the categories are the standard's."""
    inside = names(
        "<lifeCycle><contribute><role><value>author</value></role><centity><vcard>FN:x</vcard></centity>"
        "<date><dateTime>2000</dateTime></date></contribute></lifeCycle>"
    )
    document = f'<lom xmlns="{namespace}">{inside}</lom>'
    assert [value.text.lower() for value in described(document, known_as="lom").creators] == ["x"]
    assert said(described(document, known_as="lom").dates) == [("2000", "created")]


def test_the_last_step_of_a_path_is_the_subject() -> None:
    """The steps before it are wider."""
    (subject,) = _classified("discipline", ("1", "Science"), ("1.2", "Mathematics")).subjects
    assert (subject.text, subject.parts) == ("Mathematics", (("identifier", "1.2"),))


def test_a_classification_of_access_is_rights() -> None:
    """Its code says in every language what its words say in one."""
    assert said(_classified("access rights", ("OpenAccess", "open toegang")).rights) == [
        ("open toegang", "access"),
        ("OpenAccess", "access"),
    ]


def test_other_classifications_are_relations() -> None:
    """Under their purpose."""
    assert said(_classified("educational level", ("7", "Bachelor")).relations) == [("Bachelor", "educational level")]


def test_what_it_is_based_on_is_a_source_and_other_relations_are_none() -> None:
    """By identifier, or in words."""
    assert said(sample("lom").sources) == [("Fractions, a schoolbook of 1950", "isbasedon")]
    assert ("https://learn.example.org/course/1", "ispartof") in said(sample("lom").relations)


def test_the_identifiers_of_the_record_are_not_the_objects() -> None:
    """They stand in the metadata on metadata."""
    assert [value.text for value in sample("lom").identifiers] == [
        "https://learn.example.org/9",
        "https://learn.example.org/9/index.html",
    ]

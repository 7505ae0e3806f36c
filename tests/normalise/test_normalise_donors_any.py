"""Whatever a statement holds: an answer, the same each time, made of the statement's own words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.descriptions import Description, Donor, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.folding import LONGEST, fold

PIECES = (
    *("Gift of", "the", "Acme Trust", "Jane A. Roe", "and", ",", ";", "&", "Roe Family", "estate of", "in memory of"),
    *("1964", "(NEC)", "[AB/123456]", "funded by", "through", "made possible with support from", "Anonymous"),
    *(
        "Mr. and Mrs.",
        "\u0434\u0430\u0440",
        "\u0424\u043e\u043d\u0434\u0430 \u0410\u043a\u043c\u0435",
        "mit Mitteln der",
        "avec le soutien de",
    ),
    *("https://ror.org/038wwg650", "info:eu-repo/grantAgreement/EC/H2020/1/EU", "\u8d44\u52a9", "\u202e", "&amp;amp;"),
    *("<b>", ".", "(", '"', "Roe, John, 1901-1980"),
)
NAMES = (
    "Acme Trust",
    "Jane A. Roe",
    "Roe Family",
    "Estate of John Doe",
    "Fondation Roe",
    "Mr. and Mrs. John Roe",
    "NSF",
)
LEADS = ("", "Gift of ", "Funded by the ", "Made possible with support from ", "Financé par ", "Schenkung von ")
STATEMENTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.text("aA .,;()&0'\"", max_size=80),
)


def read(text: str) -> tuple[Donor, ...]:
    """Read a value as a donor's, and as prose."""
    value = Value(text=text, element="e")
    declared = normalise_donors(Description(donors=(value,)))
    return (*declared, *normalise_donors(Description(descriptions=(value,))))


def words(text: str) -> set[str]:
    """Return the words of a text, without regard to case."""
    return set(re.findall(r"\w+", fold(text).key.casefold()))


@given(STATEMENTS)
def test_reading_twice_gives_the_same(text: str) -> None:
    """Nothing but the statement decides."""
    assert read(text) == read(text)


@given(STATEMENTS)
def test_names_are_made_of_the_statement(text: str) -> None:
    """No word of a name comes from elsewhere, but for the nameless and the short forms of grant agreements."""
    for donor in read(text):
        own = donor.name == "Anonymous" or donor.rule.startswith("donor/grant-agreement")
        assert own or words(donor.name) <= words(text)
        assert donor.name
        assert donor.statement == text


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True), st.sampled_from(LEADS))
def test_whole_names_come_out_and_read_back_as_they_are(names: list[str], lead: str) -> None:
    """Names that stand alone, in any number behind any lead, are told apart, each once."""
    found = normalise_donors(Description(donors=(Value(text=lead + "; ".join(names)),)))
    assert [donor.name for donor in found] == names
    for donor in found:
        (again,) = normalise_donors(Description(donors=(Value(text=donor.name),)))
        assert (again.name, again.kind) == (donor.name, donor.kind)


@given(STATEMENTS)
def test_the_answer_keeps_to_the_vocabularies(text: str) -> None:
    """Kinds, roles and words of confidence are those of the contract."""
    for donor in read(text):
        assert donor.kind in {"person", "organisation", "family", "anonymous"}
        assert donor.role in {"donor", "donor-estate", "intermediary", "funder", "sponsor"}
        assert donor.confidence in {"exact", "repaired", "named", "inferred"}
        assert re.fullmatch(r"donor/[a-z-]+@\d+", donor.rule)


@pytest.mark.parametrize(
    "text",
    [
        "Gift of Jane A. Roe, 1964",
        "Funded by the Acme Trust, Beta Council (BC) and the Gamma Fund",
        "Roe, Jane, 1901-1980",
        "Gift of Mr. and Mrs. John Roe",
        "Gift of the Estate of Jane Roe",
        "Anonymous gift",
        "Anna and Paul Roe",
        "Gefördert durch die Deutsche Forschungsgemeinschaft",
        "Gift of friends of Jane Roe",
        "Geschenk der Familie Roe",
    ],
)
def test_a_name_read_again_gives_itself(text: str) -> None:
    """What came out reads back as it is, name and kind."""
    found = normalise_donors(Description(donors=(Value(text=text),)))
    assert found
    for donor in found:
        (again,) = normalise_donors(Description(donors=(Value(text=donor.name),)))
        assert (again.name, again.kind) == (donor.name, donor.kind)


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x01", "\u2026", "?!", "\ufffd" * 9, "\u202eabc\u202c", "&#0;", "()[]", ",;,;", "\n"]
)
def test_what_holds_no_name_gives_nobody_or_itself(text: str) -> None:
    """Never an exception."""
    assert all(words(donor.name) <= words(text) for donor in read(text))


def test_a_statement_too_long_says_how_much_was_read() -> None:
    """Whatever stands in its first characters is read, or nothing."""
    text = "Gift of the Acme Trust. " + "x " * LONGEST
    for donor in read(text):
        assert donor.evidence[0].details["characters_read"] == LONGEST

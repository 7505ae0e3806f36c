"""The tables that donors are read with: one case a row."""

import re

import pytest

from ingest.descriptions import Description, Donor, Value
from ingest.normalise.donor_identifiers import canonical_identifier
from ingest.normalise.donor_phrases import Phrase, example, may_credit, phrases
from ingest.normalise.donor_tables import KnownDonor, bundled_donors, known_donor, name_key, scheme_of, suggestions
from ingest.normalise.donors import normalise_donors
from ingest.normalise.party_names import is_body_word, read_name
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, DonorRow, OperatorTables

ROWS = bundled_donors()
NAMES = [name for row in ROWS for name in (row.name, *row.aliases)]
ROLES = [(term, role) for role in ("donor", "funder", "sponsor") for term in table("donor_roles")["terms"][role]]


def declared(text: str, role: str | None = None, own: OperatorTables = NO_TABLES) -> tuple[Donor, ...]:
    """Read a value whose format says that it names a donor."""
    return normalise_donors(Description(donors=(Value(text=text, element="donor", role=role),)), own)


@pytest.mark.parametrize("name", NAMES)
def test_each_known_name_is_one_organisation(name: str) -> None:
    """Commas and conjunctions inside a known name do not split it, and the name stays as it is written."""
    (donor,) = declared(name)
    assert (name_key(donor.name), donor.kind, donor.confidence) == (name_key(name), "organisation", "exact")


@pytest.mark.parametrize("name", [row.name for row in ROWS if "," in row.name or " and " in row.name])
def test_each_name_that_a_joiner_stands_in_stays_whole_beside_another(name: str) -> None:
    """Only the joiner between two names parts them."""
    assert [name_key(donor.name) for donor in declared(f"{name}, Acme Trust and Roe Foundation")] == [
        name_key(name),
        "acme trust",
        "roe foundation",
    ]


@pytest.mark.parametrize("row", [row for row in ROWS if row.identifiers], ids=lambda row: row.name)
def test_each_identifier_is_canonical_and_holds_its_check_digits(row: KnownDonor) -> None:
    """A URI of one of the usual authority files, in the form in which given ones are written too."""
    assert [canonical_identifier(one) for one in row.identifiers] == list(row.identifiers)
    assert "uri" not in map(scheme_of, row.identifiers)
    (donor,) = declared(row.name)
    assert donor.identifier == row.identifiers[0]


def test_no_name_stands_for_two_donors() -> None:
    """Each name and alias of the table belongs to one row."""
    for row in ROWS:
        for name in (row.name, *row.aliases):
            found = known_donor(name, NO_TABLES)
            assert found is not None
            assert found.name == row.name


@pytest.mark.parametrize(("short", "name"), table("grant_funders")["names"].items())
def test_each_short_form_of_a_funder_is_written_out(short: str, name: str) -> None:
    """The table's short forms name funders of grant agreements, whose programme and number are kept."""
    value = Value(text=f"info:eu-repo/grantAgreement/{short}/Programme/1234", element="dc:relation")
    (donor,) = normalise_donors(Description(relations=(value,)))
    assert (donor.name, donor.role, donor.confidence) == (name, "funder", "exact")
    (award,) = donor.evidence[0].details["awards"]
    assert (award["programme"], award["number"]) == ("Programme", "1234")


@pytest.mark.parametrize(
    "phrase", [row for row in phrases() if row.gift], ids=lambda row: f"{row.before[:40]}...{row.behind[:30]}"
)
def test_each_phrase_leads_to_the_names(phrase: Phrase) -> None:
    """What stands where a phrase has its names is the donor, without the words around."""
    assert [(donor.name, donor.role) for donor in declared(example(phrase, "Acme-Stiftung"))] == [
        ("Acme-Stiftung", "donor")
    ]


def test_each_phrase_of_prose_is_seen_at_a_glance() -> None:
    """No text that a phrase stands in is passed over; a text without any is."""
    gifts = [row for row in phrases() if row.gift and not row.declared]
    assert [row for row in gifts if not may_credit(f'Some words; "{example(row, "Acme-Stiftung")}"')] == []
    assert not may_credit("The committee of the party met in Moscow and talked of the harvest.")


@pytest.mark.parametrize("phrase", [row for row in phrases() if not row.gift], ids=lambda row: row.before[:50])
def test_each_phrase_of_a_purchase_or_loan_names_nobody(phrase: Phrase) -> None:
    """Who sold or lent gave nothing."""
    assert declared(example(phrase, "Acme-Stiftung")) == ()


@pytest.mark.parametrize("value", table("credit_lines")["nobody"]["values"])
def test_each_placeholder_names_nobody(value: str) -> None:
    """Whatever the case and the stop."""
    assert declared(value) == ()
    assert declared(f"{value.capitalize()}.") == ()


@pytest.mark.parametrize("phrase", table("credit_lines")["nobody"]["phrases"])
def test_each_sentence_that_nobody_paid_names_nobody(phrase: str) -> None:
    """Wherever it stands, other bodies beside it."""
    assert declared(f"The Acme University tells that this work {phrase} in 2001.") == ()


@pytest.mark.parametrize(("term", "role"), ROLES)
def test_each_role_term_gives_its_role(term: str, role: str) -> None:
    """A role term of the element decides the role, whatever the case."""
    assert [donor.role for donor in declared("Acme Trust", term.upper())] == [role]


@pytest.mark.parametrize("term", table("donor_roles")["terms"]["nobody"])
def test_who_owned_or_sold_is_no_donor(term: str) -> None:
    """Former owners, sellers and lenders gave nothing to the collection."""
    assert declared("Acme Trust", term) == ()


@pytest.mark.parametrize("method", table("donor_roles")["no_gift_methods"])
def test_each_method_that_is_no_gift_names_nobody(method: str) -> None:
    """An acquisition that the format calls a purchase has no donor, whoever its source."""
    value = Value(text="Roe, Jane", role="acquisition", parts=(("method", method.capitalize()),))
    assert normalise_donors(Description(donors=(value,))) == ()


@pytest.mark.parametrize("word", table("party_words")["organisations"]["words"])
def test_each_word_of_bodies_makes_an_organisation(word: str) -> None:
    """A name with the word is a body's, whatever stands around it."""
    assert is_body_word(word)
    assert read_name(f"Zyx {word.capitalize()} Qrs").kind == "organisation"


@pytest.mark.parametrize("words", table("credit_lines")["tails"]["memory"])
def test_each_phrase_of_memory_ends_the_names(words: str) -> None:
    """Who is remembered is no party, and is kept beside it."""
    (donor,) = declared(f"Gift of the Acme-Stiftung {words} Jane Roe")
    assert donor.name == "Acme-Stiftung"
    assert donor.evidence[0].details["in_memory_of"] == ["Jane Roe"]


@pytest.mark.parametrize("words", table("credit_lines")["tails"]["honour"])
def test_each_phrase_of_honour_ends_the_names(words: str) -> None:
    """Who is honoured is no party, and is kept beside it."""
    (donor,) = declared(f"Gift of the Acme-Stiftung {words} Jane Roe and John Doe")
    assert donor.name == "Acme-Stiftung"
    assert donor.evidence[0].details["in_honour_of"] == ["Jane Roe", "John Doe"]


@pytest.mark.parametrize("words", table("credit_lines")["through"]["words"])
def test_each_word_for_through_names_an_intermediary(words: str) -> None:
    """Who passed a gift on has a role of its own."""
    assert [(donor.name, donor.role) for donor in declared(f"Gift of Jane Roe {words} the Acme Society")] == [
        ("Jane Roe", "donor"),
        ("Acme Society", "intermediary"),
    ]


@pytest.mark.parametrize("words", table("party_words")["joiners"]["strong"])
def test_each_strong_joiner_parts_two_parties(words: str) -> None:
    """Both sides are parties, whatever their names."""
    assert [donor.name for donor in declared(f"Gift of the Acme Trust {words} Beta Stiftung")] == [
        "Acme Trust",
        "Beta Stiftung",
    ]


def test_an_own_row_gives_its_name_kind_and_identifiers() -> None:
    """By name or alias, also where the bundled table knows the donor otherwise."""
    row = DonorRow(
        name="Acme Foundation of Exampleland",
        aliases=("AFE", "MacArthur Foundation"),
        kind="family",
        identifiers=("https://ror.org/021nxhr62", "https://example.org/afe"),
    )
    own = OperatorTables(donors=(row,))
    for text in ("Gift of the AFE", "macarthur foundation"):
        (donor,) = declared(text, own=own)
        assert (donor.name, donor.kind, donor.identifier) == (row.name, "family", row.identifiers[0])
        assert (donor.rule, donor.confidence) == ("donor/own-table@1", "exact")
    assert declared("MacArthur Foundation")[0].rule != "donor/own-table@1"


def test_an_own_name_with_a_comma_is_not_split() -> None:
    """The operator's names are protected as the bundled ones are."""
    own = OperatorTables(donors=(DonorRow(name="Roe, Doe and Trust Company"),))
    assert [donor.name for donor in declared("Roe, Doe and Trust Company, Acme Fund", own=own)] == [
        "Roe, Doe and Trust Company",
        "Acme Fund",
    ]


def test_an_alias_keeps_the_name_as_written_beside_the_preferred_one() -> None:
    """What the table knows stands in the evidence."""
    (donor,) = declared("MacArthur Foundation")
    assert donor.name == "MacArthur Foundation"
    assert donor.evidence[0].details["preferred_name"] == "John D. and Catherine T. MacArthur Foundation"
    assert {one["method"] for one in donor.evidence[0].details["identifiers"]} == {"alias"}


def test_a_mistyped_name_is_a_suggestion_and_no_answer() -> None:
    """Fuzzy matches carry a score, and bodies of other countries are none."""
    (found,) = suggestions("Volkswagen Foudation")
    assert (found["name"], found["method"]) == ("VolkswagenStiftung", "fuzzy")
    assert 0 < found["score"] < 1
    assert suggestions("Ruritanian National Science Foundation") == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_is_clean(row: KnownDonor) -> None:
    """No name has blanks at its ends, is empty, or is written twice."""
    names = (row.name, *row.aliases)
    assert all(name == name.strip() and not re.search(r"\s\s", name) for name in names)
    assert len(set(names)) == len(names)

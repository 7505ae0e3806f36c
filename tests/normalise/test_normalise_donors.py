"""Donors: named by the format, by credit lines and by grant agreements; split, told apart and counted once."""

import time

import pytest

from ingest.descriptions import Description, Evidence, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.folding import LONGEST
from ingest.normalise.parties import split_parties
from ingest.normalise.vocabularies import table

CREDIT_LINE = "This document was made possible with support from MacArthur Foundation"


def declared(text: str, role: str | None = None) -> Description:
    """Describe a record whose format names a donor."""
    return Description(donors=(Value(text=text, element="donor", role=role),))


def parties(text: str, role: str | None = None) -> list[tuple[str, str, str]]:
    """Return name, kind and role of each donor of a declared value."""
    return [(donor.name, donor.kind, donor.role) for donor in normalise_donors(declared(text, role))]


def test_the_seed_record_has_two_donors_once_each() -> None:
    """The donor whom the credit line names again keeps both places as evidence."""
    both = "MacArthur Foundation and Leon Levy Foundation"
    description = Description(
        donors=(Value(text=both, element="donor"),),
        descriptions=(
            Value(
                text="The Chinese Embassy conveys Mehmet Shehu's comments on the removal of Khrushchev.", element="d"
            ),
            Value(text=CREDIT_LINE, element="dc:description"),
        ),
    )
    first, second = normalise_donors(description)
    assert [first.name, second.name] == ["MacArthur Foundation", "Leon Levy Foundation"]
    assert {first.kind, second.kind, first.role, second.role} == {"organisation", "donor"}
    assert first.evidence == (
        Evidence(element="donor", statement=both),
        Evidence(element="dc:description", statement=CREDIT_LINE, lead_in="was made possible with support from"),
    )
    assert second.evidence == (Evidence(element="donor", statement=both),)


@pytest.mark.parametrize("name", table("foundations")["names"])
def test_each_known_name_is_one_organisation(name: str) -> None:
    """Commas and conjunctions inside a known name do not split it, alone or beside another."""
    assert [(party.name, party.kind) for party in split_parties(name)] == [(name, "organisation")]
    assert [party.name for party in split_parties(f"{name} and Acme Trust")] == [name, "Acme Trust"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme Fund; Roe, Jane, 1901-1980", [("Acme Fund", "organisation"), ("Roe, Jane", "person")]),
        ("Acme Trust, Beta Council and Gamma Stiftung",
         [("Acme Trust", "organisation"), ("Beta Council", "organisation"), ("Gamma Stiftung", "organisation")]),
        ("Mr. and Mrs. John Roe", [("Mr. and Mrs. John Roe", "family")]),
        ("Anna and Paul Roe", [("Anna Roe", "person"), ("Paul Roe", "person")]),
        ("Anna and Paul Roe Family Foundation", [("Anna and Paul Roe Family Foundation", "organisation")]),
        ("Roe Family", [("Roe Family", "family")]),
        ("Acme Widgets, Inc.", [("Acme Widgets, Inc.", "organisation")]),
        ("Ministry of Culture and Sport", [("Ministry of Culture and Sport", "organisation")]),
        ("Department of History, Example University", [("Department of History, Example University", "organisation")]),
        ("National Example Council (NEC)", [("National Example Council", "organisation")]),
        ("The Acme Trust", [("Acme Trust", "organisation")]),
        ("Jane A. Roe and John B. Doe", [("Jane A. Roe", "person"), ("John B. Doe", "person")]),
        ("Friends of the Library", [("Friends of the Library", "organisation")]),
        ("Anonymous donor", [("Anonymous", "anonymous")]),
        ("various subscribers", [("various subscribers", "anonymous")]),
        ("Lung, and Blood Institute", [("Lung, and Blood Institute", "organisation")]),
    ],
)  # fmt: skip
def test_a_list_is_cut_only_where_both_sides_stand_alone(text: str, expected: list[tuple[str, str]]) -> None:
    """Semicolons always, commas and conjunctions only between whole parties."""
    assert [(party.name, party.kind) for party in split_parties(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gift of Jane A. Roe, 1964", [("Jane A. Roe", "person", "donor")]),
        ("Bequest of Dr. John Doe in memory of Jane Doe", [("Dr. John Doe", "person", "donor")]),
        ("Gift of the Estate of Jane Roe", [("Estate of Jane Roe", "person", "donor-estate")]),
        ("Presented by J. Frank Roe through the Example Art Society 1930",
         [("J. Frank Roe", "person", "donor"), ("Example Art Society", "organisation", "intermediary")]),
        ("Donated by the Roe Family", [("Roe Family", "family", "donor")]),
        ("Schenkung der Familie Roe", [("Familie Roe", "family", "donor")]),
        ("Funded by the Acme Trust", [("Acme Trust", "organisation", "donor")]),
        ("Acme Trust (Funder)", [("Acme Trust", "organisation", "funder")]),
        ("Beta Press, sponsor", [("Beta Press", "organisation", "sponsor")]),
        ("n/a", []),
        ("Purchase", []),
        ("", []),
    ],
)  # fmt: skip
def test_credit_lines_name_parties_and_roles(text: str, expected: list[tuple[str, str, str]]) -> None:
    """The words that lead in and the words behind are cut; funder and sponsor only where a role term says so."""
    assert parties(text) == expected


@pytest.mark.parametrize(
    ("term", "role"), [("Funder", "funder"), ("fnd", "funder"), ("spn", "sponsor"), ("dnr", "donor"), (None, "donor")]
)
def test_the_role_is_what_the_format_says(term: str | None, role: str | None) -> None:
    """A role term of the element decides the role."""
    assert parties("Acme Trust", term) == [("Acme Trust", "organisation", role)]


@pytest.mark.parametrize(
    "text",
    [
        "A report on the revolution, which was supported by the peasants.",
        "Letters about the gift of tongues and gifts from many friends.",
        "Gift of Fire: a study of early settlement.",
        "The ministers discuss financial support from abroad.",
        "The uprising was funded by Moscow and Beijing.",
        "<p>The committee thanks the army for its support.</p>",
    ],
)
def test_prose_that_mentions_support_names_nobody(text: str) -> None:
    """A description is a credit line only where it says so."""
    assert normalise_donors(Description(descriptions=(Value(text=text, element="dc:description"),))) == ()


def test_a_grant_agreement_names_its_funder_with_the_agreement() -> None:
    """The funder's short form is written out, the agreement is the identifier, its title left out."""
    value = Value(text="info:eu-repo/grantAgreement/EC/H2020/123456/EU//EXAMPLE", element="dc:relation")
    (donor,) = normalise_donors(Description(relations=(value,)))
    assert (donor.name, donor.role, donor.kind) == ("European Commission", "funder", "organisation")
    assert donor.identifier == "info:eu-repo/grantAgreement/EC/H2020/123456"


@pytest.mark.parametrize(("short", "name"), table("foundations")["grant_funders"].items())
def test_each_short_form_of_a_funder_is_written_out(short: str, name: str) -> None:
    """The table's short forms name funders of grant agreements."""
    value = Value(text=f"info:eu-repo/grantAgreement/{short}/P/1", element="dc:relation")
    assert [donor.name for donor in normalise_donors(Description(relations=(value,)))] == [name]


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("Acme Trust (https://ror.org/038wwg650)", "https://ror.org/038wwg650"),
        ("Acme Trust http://dx.doi.org/10.13039/100000001", "https://doi.org/10.13039/100000001"),
        ("Acme Trust", None),
    ],
)
def test_an_identifier_given_with_the_name_is_kept(text: str, identifier: str | None) -> None:
    """ROR and Funder Registry identifiers are canonical."""
    (donor,) = normalise_donors(declared(text))
    assert (donor.name, donor.identifier) == ("Acme Trust", identifier)


def test_a_spelled_out_role_wins_over_a_credit_line() -> None:
    """One party, named as funder and in a credit line, is one funder; two spelled-out roles are two."""
    description = Description(
        donors=(Value(text="Acme Trust", role="Funder"), Value(text="Acme Trust", role="Sponsor")),
        descriptions=(Value(text="Funded by the Acme Trust."),),
    )
    assert [(donor.name, donor.role, len(donor.evidence)) for donor in normalise_donors(description)] == [
        ("Acme Trust", "funder", 2),
        ("Acme Trust", "sponsor", 1),
    ]


def test_reading_a_donor_again_changes_nothing() -> None:
    """Each name that came out reads back as itself."""
    for name, kind, role in parties("Acme Trust, Roe Foundation and Jane A. Roe"):
        assert parties(name) == [(name, kind, role)]


@pytest.mark.parametrize(
    "seed", ["A, ", "and ", "Gift of ", "Acme Trust, ", "(", "A. ", "Mr. and Mrs. ", "through the "]
)
def test_a_hostile_value_is_read_in_bounded_time(seed: str) -> None:
    """Repeated fragments up to the limit cost no more than moments."""
    begun = time.perf_counter()
    normalise_donors(declared((seed * LONGEST)[:LONGEST]))
    normalise_donors(declared(seed * LONGEST))
    assert time.perf_counter() - begun < 3

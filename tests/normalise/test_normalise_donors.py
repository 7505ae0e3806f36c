"""Donors: named by the format, by credit lines and by grant agreements; split, told apart and counted once."""

import time

import pytest

from ingest.descriptions import Description, Evidence, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.folding import LONGEST
from ingest.normalise.parties import split_parties

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
    assert [(place.element, place.statement, place.lead_in) for place in first.evidence] == [
        ("donor", both, None),
        ("dc:description", CREDIT_LINE, "was made possible with support from"),
    ]
    assert second.evidence == (Evidence(element="donor", statement=both),)


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
    ("text", "expected"),
    [
        # Names that a joining word or a comma stands in, and lists beside them.
        ("Gift of Anna and Paul Roe and John B. Doe", ["Anna Roe", "Paul Roe", "John B. Doe"]),
        ("Gift of Sir John and Lady Roe", ["Sir John and Lady Roe"]),
        ("Gift of Roe, Doe & Company, Inc.", ["Roe, Doe & Company, Inc."]),
        ("Gift of John Roe, M.D.", ["John Roe, M.D."]),
        ("John A. Roe and Anna B. Roe Memorial Fund", ["John A. Roe and Anna B. Roe Memorial Fund"]),
        ("Gift of the Roe Art and Polytechnic Trust", ["Roe Art and Polytechnic Trust"]),
        ("School of Business and Public Policy at the Example Institute",
         ["School of Business and Public Policy at the Example Institute"]),
        ("Acme Program, Example Department of Natural Resources",
         ["Acme Program, Example Department of Natural Resources"]),
        ("Department of History, the Department of English", ["Department of History", "Department of English"]),
        ("Funded by the Acme Trust, Beta Council (BC), and Gamma Trucks",
         ["Acme Trust", "Beta Council", "Gamma Trucks"]),
        ("Acme Council | Natural Sciences", ["Acme Council | Natural Sciences"]),
        # Who stands behind a comma, and of whom the statement tells who he is.
        ("Gift of Mr. John Roe and his sister, Mrs. Anna Doe", ["Mr. John Roe", "Mrs. Anna Doe"]),
        ("Gift of Jane Roe, granddaughter of the artist, and family", ["Jane Roe", "Roe family"]),
        ("Bequest of John Roe, Curator of Example Art, 1983 - 1989", ["John Roe"]),
        ("Gift of Acme, a Division of Beta Theatres, Inc.", ["Acme"]),
        ("Gift of Jane Roe, Class of 1950, and Mrs. Doe", ["Jane Roe", "Mrs. Doe"]),
        ("Gift of the Class of 1929", ["Class of 1929"]),
        # What was given, and through whom.
        ("Bought with a special grant from the Acme Gallery and donations from the Beta Fund, Lord Roe and others 1919",
         ["Acme Gallery", "Beta Fund", "Lord Roe", "others"]),
        ("Presented by Jane Roe, and presented through the the Beta Fund 1919", ["Jane Roe", "Beta Fund"]),
        ("Supported by a studentship from the Acme Trust (to A.B.) and grants from the Beta Council and AcmeTech",
         ["Acme Trust", "Beta Council", "AcmeTech"]),
        ("Funded by Acme UK via Senior Leader funding to AB Roe, and by Beta Oncology through an award from Gamma UK",
         ["Acme UK", "Beta Oncology", "Gamma UK"]),
        ("Purchase, Roe Bequest and Acme Fund, by exchange, 1952", ["Roe Bequest", "Acme Fund"]),
        ("Acme Fund and gift of Jane Roe", ["Acme Fund", "Jane Roe"]),
        ("Acme Museum, Gift of Jane Roe", ["Jane Roe"]),
        ("Accepted by HM Government in lieu of tax from the Estate of Jane Roe and allocated to the Acme Gallery",
         ["HM Government", "Estate of Jane Roe"]),
        ("From the Roe Family collection.", ["Roe Family"]),
        ("Roe Donation of 1900", ["Roe Donation of 1900"]),
        ("Acme Memorial Fund for the Roe Americana Collection", ["Acme Memorial Fund"]),
        ("Patrons Art Fund: gift of Mr. and Mrs. John Roe", ["Patrons Art Fund", "Mr. and Mrs. John Roe"]),
        ("Funding was provided by a Wellcome Trust Senior Fellowship to A.B. (098765).", ["Wellcome Trust"]),
        ("J.D. is a Royal Society University Research Fellow.", []),
        # Words before and behind the names.
        ("The Acme Council provided financial support for this work.", ["Acme Council"]),
        ("We thank the Acme Trust and the Beta Fund for financial support.", ["Acme Trust", "Beta Fund"]),
        ("Salary support for J. Roe was provided by the Acme Academy.", ["Acme Academy"]),
        ("Dieses Projekt wird durch die Acme-Stiftung gefördert.", ["Acme-Stiftung"]),
        ("Bu proje Acme taraf\u0131ndan desteklenmiştir.", ["Acme"]),
        ("An Acme Universidad fellowship", ["Acme Universidad"]),
        # Somebody unnamed, and nobody.
        ("Presented anonymously", ["Anonymous"]),
        ("Gift of the artist's children", ["the artist's children"]),
        ("Given by a group of anonymous donors", ["Anonymous"]),
        ("Purchased from the Roe family in 1923", []),
        ("Lent by the Trustees of the Acme Museum", []),
        ("Transferred from the reference collection 1984", []),
        ("This research received no specific grant from any funding agency.", []),
        ("A long account of how the family came to own the house and the land around it and of whom they sold it to",
         []),
    ],
)  # fmt: skip
def test_statements_name_their_parties_in_order(text: str, expected: list[str]) -> None:
    """Every trap of the field: names that hold joiners, appositions, means, intermediaries and the nameless."""
    assert [name for name, _, _ in parties(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This work was supported by the Acme Trust.", ["Acme Trust"]),
        ("Publication of this article was funded in part by the Acme Fund.", ["Acme Fund"]),
        ("A long story. Gift of Jane A. Roe.", ["Jane A. Roe"]),
        ("Public lecture sponsored by the Department of History, Example University.",
         ["Department of History, Example University"]),
        ("The projects funded through the Acme Program are shown.", []),
        ("The Acme Cup, a gift of the Class of 1929, is a prize.", []),
        ("Alternative development supported by increased funding is described.", []),
        ("In 1956 he was awarded a grant by his father.", []),
        ("The bequest values and donation of time were important.", []),
    ],
)  # fmt: skip
def test_prose_names_who_paid_for_the_thing_itself(text: str, expected: list[str]) -> None:
    """A credit line opens a sentence, or tells outright who paid for this work; a story of grants is none."""
    found = normalise_donors(Description(descriptions=(Value(text=text, element="dc:description"),)))
    assert [donor.name for donor in found] == expected


@pytest.mark.parametrize(
    ("role", "text", "expected"),
    [
        ("ownership", "Gift of Jane Roe to the library", [("Jane Roe", "donor")]),
        ("custodhist", "Bequeathed by Jane Roe, 1950", [("Jane Roe", "donor")]),
        ("provenance", "Roe Family", [("Roe Family", "donor")]),
        ("acquisition", "Roe, Jane", [("Roe, Jane", "donor")]),
        ("acquisition", "bought at some auction", []),
        ("depositor", "Jane Roe", [("Jane Roe", "donor")]),
        ("creditLine", "Acme Fund, 1917", [("Acme Fund", "donor")]),
        ("funding", "Sponsored by the Acme Agency under contract AB-1234", [("Acme Agency", "funder")]),
        ("funder", "Acme Trust; Beta Council", [("Acme Trust", "funder"), ("Beta Council", "funder")]),
        ("fmo", "Roe, Jane", []),
    ],
)
def test_the_element_decides_what_a_name_in_it_is(role: str, text: str, expected: list[tuple[str, str]]) -> None:
    """Funders pay, donors give, and former owners did neither."""
    assert [(name, found) for name, _, found in parties(text, role)] == expected


def test_a_contributor_is_a_donor_only_by_role() -> None:
    """A role of the format or a term behind the name; another contributor is none."""
    contributors = (
        Value(text="Acme Trust", role="fnd", parts=(("identifier", "038wwg650"),)),
        Value(text="Beta Press (Sponsor)"),
        Value(text="Roe, Jane", role="aut"),
        Value(text="Roe, John, editor"),
    )
    found = normalise_donors(Description(contributors=contributors))
    assert [(donor.name, donor.role) for donor in found] == [("Acme Trust", "funder"), ("Beta Press", "sponsor")]
    assert found[0].identifier == "https://ror.org/038wwg650"


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

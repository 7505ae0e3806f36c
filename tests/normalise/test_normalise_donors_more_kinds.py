"""Donors: thanks, lists of who paid for whom, parts of bodies, kin, addresses and awards without a word before them."""

import pytest

from ingest.descriptions import Description, Donor, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.vocabularies import table

THANKS = table("credit_lines")["thanks"]


def declared(text: str) -> tuple[Donor, ...]:
    """Read a value whose format says that it names a donor."""
    return normalise_donors(Description(donors=(Value(text=text, element="d"),)))


def names(text: str) -> list[str]:
    """Return the names of the donors of a declared value."""
    return [donor.name for donor in declared(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Thanks for money, and for what is none.
        ("The authors thank the Acme Foundation for technical assistance.", []),
        ("We thank Jane Roe for advice and the Acme Trust for financial support.", ["Acme Trust"]),
        ("We thank the Acme Trust for a grant and the Beta Fund for travel funds.", ["Acme Trust", "Beta Fund"]),
        ("We thank the Society for Example for funding.", ["Society for Example"]),
        ("Los autores agradecen al ICE por la beca y a la Dra. Ana Roe por sus comentarios.", ["ICE"]),
        ("Les auteurs remercient la Fondation Acme pour son soutien financier et Jean Roe pour ses conseils.",
         ["Fondation Acme"]),
        ("O autor agradece à Fundação Acme pela bolsa concedida e ao IEB pelo apoio financeiro.",
         ["Fundação Acme", "IEB"]),
        ("Die Autorin dankt der Acme-Stiftung für ein Stipendium.", ["Acme-Stiftung"]),
        # Whom each paid, told before a colon.
        ("Roe: Acme Trust; Doe: Beta Fund", ["Acme Trust", "Beta Fund"]),
        ("Roe: Acme Trust grant 1234; Doe: none", ["Acme Trust"]),
        ("Funder: Acme Trust; Sponsor: Beta Fund", ["Acme Trust", "Beta Fund"]),
        # What is said to be missing, and what no party is.
        ("Acme Foundation no identifier no award", ["Acme Foundation"]),
        ("Acme Agency Without Grant Number", ["Acme Agency"]),
        ("Acme Foundation and a Memorandum of Agreement", ["Acme Foundation"]),
        ("Acme Memorial Fund, for the Roe Collection of Maps", ["Acme Memorial Fund"]),
        ("Este estudo não teve fontes de financiamento externas.", []),
        # A name in a language that writes its words small.
        ("Institut national de la mesure et de la recherche appliquée (INMRA)",
         ["Institut national de la mesure et de la recherche appliquée"]),
        ("Consejo de Investigación e Innovación Ejemplo (CIIE) y Fundación Acme",
         ["Consejo de Investigación e Innovación Ejemplo", "Fundación Acme"]),
        ("European Union (EU)", ["European Union"]),
        # A body, its fields and its offices.
        ("Ministry of Example, Fisheries and Food (MEFF) and Acme Trust",
         ["Ministry of Example, Fisheries and Food", "Acme Trust"]),
        ("Department of Example, Office of Basic Samples, Acme Trust",
         ["Department of Example, Office of Basic Samples", "Acme Trust"]),
        ("Stiftelsen Jan och Anna Roes Minnesfond", ["Stiftelsen Jan och Anna Roes Minnesfond"]),
        ("Supported by the Acme Foundation (to J.R.), NSF CAREER award 1234567 and the Beta Trust",
         ["Acme Foundation", "NSF", "Beta Trust"]),
        ("EC | H2020 | H2020 Priority Example", ["EC"]),
        # Persons: dates of life, kin, first names that share a surname, a shop, an address, a museum.
        ("Bequest of Miss Anna Roe (1851\u20131930), 1930", ["Miss Anna Roe"]),
        ("Gift of John Roe's sister, Miss Anna Roe, 1921", ["Miss Anna Roe"]),
        ("Gift of Anna Roe's nephews", ["Anna Roe's nephews"]),
        ("Gift of Alice, Robert and Mary Roe", ["Alice Roe", "Robert Roe", "Mary Roe"]),
        ("Gift of Roe's, the Acme Fund and Mrs. Anna Doe", ["Roe's", "Acme Fund", "Mrs. Anna Doe"]),
        ("Gift of Jane Roe, Springfield, Illinois", ["Jane Roe"]),
        ("Gift of Jane Roe and the late John Doe", ["Jane Roe", "John Doe"]),
        ("Gift of Mary Roe to the Acme Museum", ["Mary Roe"]),
        ("Donated by the author", ["the author"]),
        ("Gift of the class of 1952", ["class of 1952"]),
        ("Roe, Jane, donor; Doe, John, former owner", ["Roe, Jane"]),
        ("Donation from the personal library of Jane Roe", ["Jane Roe"]),
        ("Source: Jane Roe, 1931", ["Jane Roe"]),
        # Purchases.
        ("Friends of Acme Purchase, Jane Roe Fund", ["Jane Roe Fund"]),
        ("Purchase from the Jane Roe Fund", ["Jane Roe Fund"]),
        ("Purchased from Jane Roe", []),
        ("Purchased with Acme Fund support", ["Acme Fund"]),
        ("Purchased with funds from the Acme Trust (with a contribution from the Beta Fund) 2003",
         ["Acme Trust", "Beta Fund"]),
        # Sentences about a salary, a fee and a grant that somebody holds.
        ("Salary support for the second author came from the Acme Trust. Partial funding was provided by Jane Roe.",
         ["Acme Trust", "Jane Roe"]),
        ("The publication fees were paid by the Acme Fund.", ["Acme Fund"]),
        ("Jane Roe holds an Acme Foundation Senior Fellowship.", ["Acme Foundation"]),
        ("Sponsored by the Acme Foundation, October 12-14, 1999", ["Acme Foundation"]),
    ],
)  # fmt: skip
def test_a_statement_names_its_donors(text: str, expected: list[str]) -> None:
    """The names as they stand there, in order, and nobody else."""
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIH grant RO1 RR01234, the Acme Institute", {"NIH": ["RO1 RR01234"], "Acme Institute": []}),
        ("NSF DEB-1234567, DEB-7654321", {"NSF": ["DEB-1234567", "DEB-7654321"]}),
        ("NSF (DEB-1234567) and Acme Trust (2010-12345)", {"NSF": ["DEB-1234567"], "Acme Trust": ["2010-12345"]}),
        ("Acme-Stiftung, 123456/F40", {"Acme-Stiftung": ["123456/F40"]}),
        ("Funded by the Acme-Stiftung (ACS, Acme Foundation) \u2013 123456789", {"Acme-Stiftung": ["123456789"]}),
        ("Funder: Acme Trust, Award: 098765/Z/12/Z", {"Acme Trust": ["098765/Z/12/Z"]}),
    ],
)
def test_each_award_belongs_to_the_party_before_it(text: str, expected: dict[str, list[str]]) -> None:
    """Whatever stands between a name and its numbers."""
    found = {
        each.name: [one["number"] for one in each.evidence[0].details.get("awards", [])] for each in declared(text)
    }
    assert found == expected


@pytest.mark.parametrize("word", THANKS["words"])
def test_each_word_of_thanks_leaves_out_whom_no_money_is_owed_to(word: str) -> None:
    """Who is thanked for advice is no donor beside who is thanked for a grant."""
    assert "Jane Roe" not in names(f"I {word} the Acme Trust for grants and Jane Roe for advice")


@pytest.mark.parametrize("word", THANKS["for"])
def test_each_word_before_what_for_parts_two_that_are_thanked(word: str) -> None:
    """In the language of the statement."""
    assert names(f"We thank Jane Roe {word} advice and the Acme Trust for funding") == ["Acme Trust"]


@pytest.mark.parametrize("region", table("party_words")["regions"]["words"])
def test_each_region_ends_an_address(region: str) -> None:
    """A town and its region behind a name are no parties."""
    written = region.upper() if len(region) <= len("usa") else region.title()
    assert names(f"Gift of Jane Roe, Exampleton, {written}") == ["Jane Roe"]


@pytest.mark.parametrize("office", table("party_words")["organisations"]["offices"])
def test_each_office_stays_with_its_department(office: str) -> None:
    """The office follows the body that it is a part of."""
    name = f"Department of Example, {office.capitalize()} of Basic Samples"
    assert names(f"Funded by the {name}") == [name]


def test_thanks_for_money_name_who_paid_in_prose_too() -> None:
    """Where those who wrote the text give them; a story that tells of others' thanks names nobody."""

    def in_prose(text: str) -> list[str]:
        description = Description(descriptions=(Value(text=text, element="dc:description"),))
        return [donor.name for donor in normalise_donors(description)]

    assert in_prose("Abstract. We thank the Acme Trust for a grant and the Beta Fund for funding.") == [
        "Acme Trust",
        "Beta Fund",
    ]
    assert in_prose("In the letter the mayor came to thank the Acme Trust for funding the school.") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ACE - Acme Council of Example", "Acme Council of Example"),
        ("Acme Council of Example \u2013 ACE", "Acme Council of Example"),
        ("Financiado por Fundação Acme - FA e Conselho Beta de Exemplo - CBE", "Fundação Acme"),
    ],
)
def test_a_short_form_behind_a_dash_is_no_part_of_the_name(text: str, expected: str) -> None:
    """It is kept beside the name, as one in brackets is."""
    first = declared(text)[0]
    assert first.name == expected
    assert first.evidence[0].details["acronym"] in {"ACE", "FA"}


def test_initials_may_share_a_surname() -> None:
    """Each person has the surname."""
    assert names("Gift of A. B. and C. Roe") == ["A. B. Roe", "C. Roe"]


def test_the_gifts_of_two_persons_are_one_fund() -> None:
    """As museums name what they bought with."""
    assert names("Purchase, Jane Roe and John Doe Gifts, 1998") == ["Jane Roe and John Doe Gifts"]

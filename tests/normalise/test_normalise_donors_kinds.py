"""Donors: kinds of statements that museums, archives, repositories and funders send, each with values of its own."""

import pytest

from ingest.descriptions import Description, Value
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.donors import normalise_donors
from ingest.normalise.vocabularies import table


def names(text: str, role: str | None = None) -> list[str]:
    """Return the names of the donors of a declared value."""
    return [donor.name for donor in normalise_donors(Description(donors=(Value(text=text, element="d", role=role),)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A role behind "as" or in brackets; who has another role gave nothing.
        ("Acme Bank as sponsor and Beta Press as publisher", ["Acme Bank"]),
        ("Acme Foundation as principal funder, Beta University as host", ["Acme Foundation"]),
        ("Acme Bank als Sponsor", ["Acme Bank"]),
        ("Acme como patrocinador", ["Acme"]),
        ("Jane Roe (donor); John Doe (former owner)", ["Jane Roe"]),
        ("Roe, Jane, former owner", []),
        ("Roe, Jane [donor]", ["Roe, Jane"]),
        # A programme in quotes of the body that pays.
        ("Funded by the Programme 'Example Days' of the Acme Arts Council", ["Acme Arts Council"]),
        ("Financiado por el programa «Ejemplo» de la Fundación Acme", ["Fundación Acme"]),
        ("Gefördert durch das Programm „Beispiel“ der Acme-Stiftung", ["Acme-Stiftung"]),
        ("Supported by Programa Operacional Acme 2020", ["Programa Operacional Acme 2020"]),
        # A body before the kind of award it gave, in what and to whom.
        ("Supported by an Acme Society postdoctoral training grant in Insect Science to J.R. and a Beta Council grant",
         ["Acme Society", "Beta Council"]),
        ("Supported by an Acme Trust Early Career Award and the Beta Centre for Imaging",
         ["Acme Trust", "Beta Centre for Imaging"]),
        ("Supported by a Roe Institute of Physics Junior Fellowship", ["Roe Institute of Physics"]),
        ("Funded by the Office of Acme Research grant (N0001)", ["Office of Acme Research"]),
        ("Supported by an ERC starting grant, ExampleProject (123456)", ["ERC"]),
        # For whom the support was, before or around who paid.
        ("To AB: Research grant from the Acme Trust To CD: Beta Council (XY/1234)", ["Acme Trust", "Beta Council"]),
        ("A.B.: Acme Trust (099999); C.D.: Beta Council", ["Acme Trust", "Beta Council"]),
        ("A.B. (Acme Trust), C.D. (Beta Council)", ["Acme Trust", "Beta Council"]),
        ("Funder(s): Acme Trust; Beta Fund", ["Acme Trust", "Beta Fund"]),
        # Continued lists of the Romance languages.
        ("Trabalho suportado pela Fundação Acme e pelo Ministério da Cultura, co-financiado pelo Fundo Beta",
         ["Fundação Acme", "Ministério da Cultura", "Fundo Beta"]),
        ("Ricerca finanziata dal Ministero dell'Università e dalla Fondazione Acme",
         ["Ministero dell'Università", "Fondazione Acme"]),
        ("Bolsa da Fundação Acme", ["Fundação Acme"]),
        # Departments by their field.
        ("Sponsored by Asian Studies and Department of History", ["Asian Studies", "Department of History"]),
        ("Sponsored by Medieval and Renaissance Studies", ["Medieval and Renaissance Studies"]),
        ("Sponsored by the Institute for European and Russian Studies", ["Institute for European and Russian Studies"]),
        ("Acme Foundation and the Humanities Center", ["Acme Foundation", "Humanities Center"]),
        # People whom nobody names, and heirs.
        ("Presented by an Admirer of the Painter 1902", ["Admirer of the Painter"]),
        ("Gift of a friend of the museum", ["a friend of the museum"]),
        ("Dono degli eredi Rossi", ["eredi Rossi"]),
        # Museums and archives.
        ("Gift of Dr. and Mrs. Paul Roe and Family", ["Dr. and Mrs. Paul Roe", "Roe family"]),
        ("Gift of Anna and Paul Lenz Roe", ["Anna Roe", "Paul Lenz Roe"]),
        ("Gift of Anna Roe '40 and John Doe '38", ["Anna Roe", "John Doe"]),
        ("Gift of Anna Roe (by exchange) and Acme Fund", ["Anna Roe", "Acme Fund"]),
        ("From the Collection of Anna Roe, Gift of her children", ["her children"]),
        ("Gift in memory of John Roe by Anna Doe", ["Anna Doe"]),
        ("Donated by Anna Roe, 12 High Street, Exampleton, 1954", ["Anna Roe"]),
        ("Geschenk von Anna Roe, Lindenstraße 12, Musterstadt", ["Anna Roe"]),
        ("Gift; Roe, Anna; 1989/03/02", ["Roe, Anna"]),
        ("Name of donor: Roe, Anna", ["Roe, Anna"]),
        ("Anna Roe donated these letters to the archive in 1999.", ["Anna Roe"]),
        ("The papers were bequeathed to the Acme Library in 1950 by Anna Roe.", ["Anna Roe"]),
        ("Support for this work came from the Acme Foundation.", ["Acme Foundation"]),
        ("Open Access funding enabled and organized by Projekt Acme.", ["Projekt Acme"]),
        ("寄贈\uff1a山田太郎", ["山田太郎"]),
        # Nobody.
        ("Support staff pay rose as increased funding became available.", []),
        ("Anonymous loan", []),
    ],
)  # fmt: skip
def test_each_kind_of_statement_names_its_parties(text: str, expected: list[str]) -> None:
    """Only whoever gave or paid, without role, programme, award, recipient or address."""
    assert names(text) == expected


@pytest.mark.parametrize("word", table("credit_lines")["nobody"]["without"])
@pytest.mark.parametrize("what", ["funding", "financement", "Finanzierung", "finansowania"])
def test_each_denial_of_what_pays_names_nobody(word: str, what: str) -> None:
    """Two lists of words, and something between them."""
    assert names(f"{word.capitalize()} external {what}") == []


@pytest.mark.parametrize("role", table("donor_roles")["in_role"]["others"])
def test_who_had_another_role_gave_nothing(role: str) -> None:
    """The sponsor beside it did."""
    assert names(f"Acme Trust as {role} and Beta Bank as sponsor") == ["Beta Bank"]


@pytest.mark.parametrize("kind", table("party_words")["joiners"]["before_means"])
def test_each_kind_of_award_is_no_part_of_the_name(kind: str) -> None:
    """Between a body and its award."""
    assert names(f"Supported by an Acme Trust {kind} grant") == ["Acme Trust"]


@pytest.mark.parametrize("word", table("party_words")["organisations"]["hyphenated"])
def test_each_last_part_of_a_hyphenated_name_makes_a_body(word: str) -> None:
    """Whatever stands before the hyphen."""
    (donor,) = normalise_donors(Description(donors=(Value(text=f"Roe-Doe-{word.capitalize()}"),)))
    assert (donor.kind, donor.confidence) == ("organisation", "named")


@pytest.mark.parametrize("word", table("party_words")["anonymous"]["single"])
def test_each_word_for_one_unnamed_person_names_nobody(word: str) -> None:
    """With a capital and an article, whose he or she is told."""
    (donor,) = normalise_donors(Description(donors=(Value(text=f"Presented by a {word.capitalize()} of the Poet"),)))
    assert donor.kind == "anonymous"


def test_a_telling_word_stands_wherever_its_phrase_does() -> None:
    """The longest word, of common ones only where the phrase has no other; hyphens and apostrophes part words."""
    assert telling_words(["on the occasion of", "and by", "co-funded"]) == {"occasion", "by", "funded"}
    assert words_in("Co-funded, d'Acme") == {"co", "funded", "d", "acme"}

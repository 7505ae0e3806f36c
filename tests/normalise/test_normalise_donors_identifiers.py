"""Identifiers and awards of donors, given in the text or by the format: canonical, believed only where they hold."""

import pytest

from ingest.descriptions import Description, Donor, Value
from ingest.normalise.donors import normalise_donors


def declared(text: str, *parts: tuple[str, str], role: str | None = None) -> Donor:
    """Read a value that names one donor."""
    value = Value(text=text, element="donor", role=role, parts=parts)
    (donor,) = normalise_donors(Description(donors=(value,)))
    return donor


def numbers(donor: Donor) -> list[str]:
    """Return the numbers of a donor's awards."""
    return [award["number"] for award in donor.evidence[0].details.get("awards", [])]


@pytest.mark.parametrize(
    ("written", "identifier"),
    [
        ("https://ror.org/038wwg650", "https://ror.org/038wwg650"),
        ("ror.org/038WWG650", "https://ror.org/038wwg650"),
        ("http://dx.doi.org/10.13039/100000001", "https://doi.org/10.13039/100000001"),
        ("10.13039/501100000780", "https://doi.org/10.13039/501100000780"),
        ("ISNI: 0000 0001 2281 955X", "https://isni.org/isni/000000012281955X"),
        ("https://isni.org/isni/000000012281955X", "https://isni.org/isni/000000012281955X"),
        ("https://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("GND: 118540238", "https://d-nb.info/gnd/118540238"),
        ("https://d-nb.info/gnd/118540238", "https://d-nb.info/gnd/118540238"),
        ("http://viaf.org/viaf/123456", "https://viaf.org/viaf/123456"),
        ("https://www.wikidata.org/wiki/Q42", "https://www.wikidata.org/entity/Q42"),
        ("http://id.loc.gov/authorities/names/n79021164", "http://id.loc.gov/authorities/names/n79021164"),
    ],
)
def test_an_identifier_in_the_text_or_in_a_part_is_canonical(written: str, identifier: str) -> None:
    """Resolver, scheme and blanks make no difference."""
    for donor in (declared(f"Acme Trust ({written})"), declared("Acme Trust", ("identifier", written))):
        assert (donor.name, donor.identifier) == ("Acme Trust", identifier)
        assert donor.evidence[0].details["identifiers"][0]["method"] == "given"


@pytest.mark.parametrize("written", ["https://ror.org/038wwg651", "https://orcid.org/0000-0002-1825-0098"])
def test_what_fails_its_check_digits_is_no_identifier(written: str) -> None:
    """A mistyped number identifies nobody."""
    assert declared(f"Acme Trust ({written})").identifier is None


@pytest.mark.parametrize(
    ("bare", "identifier"),
    [
        ("038wwg650", "https://ror.org/038wwg650"),
        ("501100000780", "https://doi.org/10.13039/501100000780"),
        ("0000 0001 2281 955X", "https://isni.org/isni/000000012281955X"),
        ("Q42", "https://www.wikidata.org/entity/Q42"),
        ("local:17", "local:17"),
    ],
)
def test_a_bare_identifier_in_a_part_is_completed(bare: str, identifier: str) -> None:
    """The form tells whose it is; what has none stays as it is written."""
    assert declared("Acme Trust", ("identifier", bare)).identifier == identifier


def test_the_awards_that_a_format_keeps_apart_stay_apart() -> None:
    """A part that comes again begins the next award."""
    donor = declared(
        "Acme Trust",
        ("award_number", "A-1"),
        ("award_title", "First"),
        ("award_number", "A-2"),
        ("award_uri", "https://example.org/a2"),
        ("programme", "Second Programme"),
    )
    assert donor.evidence[0].details["awards"] == [
        {"number": "A-1", "title": "First"},
        {"number": "A-2", "uri": "https://example.org/a2", "programme": "Second Programme"},
    ]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Funded by the Acme Trust [AB/C01234/1]", "Acme Trust", ["AB/C01234/1"]),
        ("Funded by the Acme Trust (grant no. 123456)", "Acme Trust", ["123456"]),
        ("Funded by the Acme Trust under grant agreement No 654321", "Acme Trust", ["654321"]),
        ("Funded by the Acme Trust, grants XY-0647899 to ABC and DEF, XY-0725966 to DEF", "Acme Trust",
         ["XY-0647899", "XY-0725966"]),
        ("Acme(123456)Trust", "Acme Trust", ["123456"]),
        ("Supported by the Acme Institute (R01 GM123456 to J.D.)", "Acme Institute", ["R01 GM123456"]),
        ("Acme-Stiftung, Projektnummer 390000000", "Acme-Stiftung", ["390000000"]),
        ("Acme-Stiftung JE 252/36", "Acme-Stiftung", ["JE 252/36"]),
        ("Financiado por la Fundación Acme, proyecto ABC2013-12345-P", "Fundación Acme", ["ABC2013-12345-P"]),
        ("При поддержке Фонда Акме (проект № 18-00-00123)", "Фонда Акме", ["18-00-00123"]),
        ("Funded by the Acme Fund (AF): P12345-N20", "Acme Fund", ["P12345-N20"]),
    ],
)  # fmt: skip
def test_award_numbers_leave_the_name_and_are_kept(text: str, name: str, expected: list[str]) -> None:
    """In brackets, behind a word for them, or bare behind the name."""
    donor = declared(text)
    assert (donor.name, numbers(donor)) == (name, expected)


def test_each_award_stands_with_the_party_before_it() -> None:
    """A list with a number behind each name gives each its own."""
    value = Value(text="Funded by the Acme Trust [AB 12345], Beta Council [CD 67890] and the Gamma Fund.")
    found = normalise_donors(Description(donors=(value,)))
    assert [(donor.name, numbers(donor)) for donor in found] == [
        ("Acme Trust", ["12345"]),
        ("Beta Council", ["67890"]),
        ("Gamma Fund", []),
    ]


def test_a_framework_programme_is_no_party() -> None:
    """Who pays is the Union; the programme stands with the award."""
    donor = declared(
        "This project has received funding from the European Union's Horizon 2020 research and innovation programme "
        "under grant agreement No 654321"
    )
    assert donor.name == "European Union"
    assert donor.evidence[0].details["awards"] == [
        {"number": "654321", "programme": "Horizon 2020 research and innovation programme"}
    ]


@pytest.mark.parametrize(
    ("agreement", "award"),
    [
        ("EC/H2020/123456/EU//EXAMPLE", {"programme": "H2020", "number": "123456", "title": "EXAMPLE"}),
        ("ARC/Discovery Projects/DP0000001", {"programme": "Discovery Projects", "number": "DP0000001"}),
        ("ANR//ANR-10-LABX-0000", {"number": "ANR-10-LABX-0000"}),
        ("WT/000001", {"number": "000001"}),
        ("FCT/3599-PPCDT/12345/PT", {"programme": "3599-PPCDT", "number": "12345"}),
    ],
)
def test_a_grant_agreement_keeps_programme_number_and_title(agreement: str, award: dict[str, str]) -> None:
    """Short forms, forms with blanks, and forms without a programme."""
    donor = declared(f"info:eu-repo/grantAgreement/{agreement}")
    (found,) = donor.evidence[0].details["awards"]
    assert {name: text for name, text in found.items() if name != "uri"} == award
    assert donor.identifier == found["uri"]

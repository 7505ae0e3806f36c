"""CMDI: XML in, description out."""

from collections.abc import Callable

import pytest
from crosswalked import described, languages, said, sample

from ingest.crosswalk.markup import vocabulary
from ingest.descriptions import Description, Value

CMDI = '<CMD xmlns="http://www.clarin.eu/cmd/"><Components><Profile>{}</Profile></Components></CMD>'
NAMES = vocabulary("cmdi_names")
TEXTS = [(name, field, role) for field, names in NAMES["text"].items() for name, role in names.items()]


def _resource(inside: str) -> Description:
    return described(CMDI.format(inside), known_as="cmdi")


@pytest.mark.parametrize(("name", "field", "role"), TEXTS)
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_an_element_goes_by_its_name_whatever_its_profile(
    name: str, field: str, role: str, written: Callable[[str], str]
) -> None:
    """Every row of the table, in any case, at any depth."""
    element = written(name)
    resource = _resource(f"<Outer><Inner><{element}>X</{element}></Inner></Outer>")
    assert getattr(resource, field) == (Value(text="X", element=f"cmdi:{element}", role=role or None),)


@pytest.mark.parametrize(("name", "place"), NAMES["party"].items())
def test_a_component_of_a_party_gives_its_name(name: str, place: str) -> None:
    """Every row of the table: the person, and not the body that the person belongs to."""
    body = "<affiliation><organizationName>Body</organizationName></affiliation>"
    person = f"<personInfo><surname>Roth</surname><givenName>Eva</givenName>{body}</personInfo>"
    field, _, role = place.partition(" ")
    assert said(getattr(_resource(f"<{name}><role>x</role>{person}</{name}>"), field)) == [("Roth, Eva", role or None)]


@pytest.mark.parametrize("name", NAMES["names"]["whole"])
def test_a_body_goes_by_its_name(name: str) -> None:
    """Every row of the table."""
    inside = f"<licensorOrganization><organizationInfo><{name}>Body</{name}></organizationInfo></licensorOrganization>"
    assert said(_resource(inside).contributors) == [("Body", "licensor")]


@pytest.mark.parametrize("name", NAMES["passed_over"]["components"])
def test_what_speaks_of_something_else_is_passed_over(name: str) -> None:
    """Every row of the table: the record, the desk, publications and parts."""
    assert _resource(f"<{name}><title>X</title><licence>CC-BY</licence></{name}>") == Description()


@pytest.mark.parametrize("name", NAMES["project"]["components"])
@pytest.mark.parametrize("funder", NAMES["project"]["funder"])
def test_who_paid_for_the_project_is_a_donor(name: str, funder: str) -> None:
    """With the number and the name of the project beside."""
    inside = f"<projectName>P</projectName><{funder}>F</{funder}><grantNumber>7</grantNumber>"
    (donor,) = _resource(f"<{name}>{inside}</{name}>").donors
    assert (donor.text, donor.role) == ("F", "funder")
    assert donor.parts == (("award_number", "7"), ("award_title", "P"))


@pytest.mark.parametrize("name", NAMES["project"]["funding"])
@pytest.mark.parametrize("body", NAMES["project"]["body"])
def test_in_a_component_on_the_money_the_body_is_the_funder(name: str, body: str) -> None:
    """Every row of the table."""
    (donor,) = _resource(f"<{name}><{body}>B</{body}><code>7</code></{name}>").donors
    assert (donor.text, donor.parts) == ("B", (("award_number", "7"),))


def test_attributes_give_what_the_text_does_not() -> None:
    """The address of a licence, the code of a language, the role of a contributor."""
    resource = _resource(
        '<licence target="https://x.example/l">L</licence><language olac-language="kea">K</language>'
        '<contributor olac-role="speaker">S</contributor>'
    )
    assert said(resource.rights) == [("L", "license"), ("https://x.example/l", "license")]
    assert [value.text for value in resource.languages] == ["kea"]
    assert said(resource.contributors) == [("S", "speaker")]


def test_a_project_that_nobody_is_said_to_have_paid_is_a_relation() -> None:
    """Its name is kept."""
    resource = _resource("<fundingProject><projectInfo><projectName>P</projectName></projectInfo></fundingProject>")
    assert (said(resource.relations), resource.donors) == ([("P", "project")], ())


def test_the_header_gives_link_and_collection() -> None:
    """And the resources the page on which they are shown, not each of the files."""
    resource = sample("cmdi")
    assert said(resource.identifiers) == [
        ("https://hdl.example.org/11/22", "MdSelfLink"),
        ("https://corpora.example.org/letters", "landingPage"),
        ("hdl:11/22", "pid"),
    ]
    assert said(resource.relations) == [("Corpora of Example", "isPartOf")]


def test_rights_name_licence_access_and_holder() -> None:
    """In the order of the record."""
    assert said(sample("cmdi").rights) == [
        ("University of Example", "holder"),
        ("academic", "availability"),
        ("CLARIN ACA", "license"),
        ("https://corpora.example.org/licence", "license"),
    ]


def test_texts_keep_their_languages() -> None:
    """Where the record gives one."""
    assert languages(sample("cmdi").titles) == [("Letters of emigrants", "en"), ("Briefe von Auswanderern", "de")]


def test_paragraphs_are_text_and_no_components() -> None:
    """Text encoders write their availability so."""
    assert said(_resource("<availability><p>Free for <hi>research</hi></p></availability>").rights) == [
        ("Free for research", "availability")
    ]


def test_all_that_stands_in_a_component_on_rights_is_on_rights() -> None:
    """The title of a licence is none of the resource."""
    licence = "<license><title>Open licence</title><uri>https://x.example/l</uri></license>"
    resource = _resource(f"<availability>{licence}<p>For everybody</p></availability>")
    assert said(resource.rights) == [
        ("Open licence", "availability"),
        ("https://x.example/l", "availability"),
        ("For everybody", "availability"),
    ]
    assert (said(_resource(licence).rights)[0], resource.titles) == (("Open licence", "license"), ())


def test_a_size_is_kept_with_its_unit() -> None:
    """They are two elements."""
    resource = _resource("<sizeInfo><size>7</size><sizeUnit>words</sizeUnit></sizeInfo>")
    assert said(resource.formats) == [("7 words", "extent")]


def test_a_record_with_more_components_than_are_looked_at_is_described_by_the_first() -> None:
    """A corpus of sessions may list them all."""
    resource = _resource("<title>T</title>" + "<session><x>1</x></session>" * 15_000 + "<licence>L</licence>")
    assert (said(resource.titles), resource.rights) == ([("T", None)], ())

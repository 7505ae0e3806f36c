"""DDI Codebook: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.descriptions import Description, Value

CODEBOOK = '<codeBook xmlns="ddi:codebook:2_5"><stdyDscr>{}</stdyDscr></codeBook>'
PRODUCTION = "<citation><prodStmt>{}</prodStmt></citation>"


def _study(inside: str) -> Description:
    return described(CODEBOOK.format(inside), known_as="ddi")


def _donors(production: str) -> list[tuple[str, list[str]]]:
    """Give each donor with the numbers of its grants."""
    donors = _study(PRODUCTION.format(production)).donors
    assert all(donor.role == "funder" for donor in donors)
    return [(donor.text, [part for name, part in donor.parts if name == "award_number"]) for donor in donors]


def test_terms_of_use_go_by_what_they_are_on() -> None:
    """The rights in the document are said of the record; a link is a value of its own."""
    assert said(sample("ddi").rights) == [
        ("Example Data Archive", "metadata"),
        ("Copyright University of Example", None),
        ("A declaration of confidentiality is signed.", "confidentiality"),
        ("Only for research. Terms", "restrictions"),
        ("https://archive.example.org/terms", "restrictions"),
        ("Cite the study.", "citation"),
        ("Delete the data after use.", "conditions"),
    ]


@pytest.mark.parametrize(
    ("production", "donors"),
    [
        pytest.param("<fundAg>A</fundAg>", [("A", [])], id="no grant"),
        pytest.param(
            "<fundAg>A</fundAg><grantNo>1</grantNo><grantNo>2</grantNo>", [("A", ["1", "2"])], id="one agency"
        ),
        pytest.param(
            "<fundAg>A</fundAg><fundAg>B</fundAg><grantNo>1</grantNo><grantNo>2</grantNo>",
            [("A", ["1"]), ("B", ["2"])],
            id="two lists in one order",
        ),
        pytest.param(
            "<fundAg>A</fundAg><grantNo>1</grantNo><grantNo>2</grantNo><fundAg>B</fundAg><grantNo>3</grantNo>",
            [("A", ["1", "2"]), ("B", ["3"])],
            id="lists that alternate",
        ),
        pytest.param(
            "<fundAg abbr='X'>A</fundAg><fundAg>B</fundAg>"
            "<grantNo agency='B'>1</grantNo><grantNo agency='X'>2</grantNo>",
            [("A", ["2"]), ("B", ["1"])],
            id="agency named by the grant",
        ),
        pytest.param("<fundAg>A</fundAg><fundAg>B</fundAg><grantNo>1</grantNo>", [("A", []), ("B", [])], id="unclear"),
        pytest.param(
            "<grantNo agency='C'>1</grantNo><grantNo agency='D'/>", [("C", ["1"]), ("D", [])], id="only grants"
        ),
        pytest.param(
            "<fundAg xml:lang='en'>A</fundAg><fundAg xml:lang='fi'>B</fundAg><grantNo>1</grantNo>",
            [("A", ["1"]), ("B", ["1"])],
            id="one agency in two languages",
        ),
        pytest.param(
            "<fundAg xml:lang='en'>A</fundAg><grantNo xml:lang='en'>1</grantNo>"
            "<fundAg xml:lang='fi'>B</fundAg><grantNo xml:lang='fi'>1</grantNo>",
            [("A", ["1"]), ("B", ["1"])],
            id="both lists in two languages",
        ),
    ],
)
def test_a_grant_is_given_to_the_agency_that_it_surely_belongs_to(
    production: str, donors: list[tuple[str, list[str]]]
) -> None:
    """By name, as the only one, by its place, or by the order of both lists."""
    assert _donors(production) == donors


def test_a_grant_of_no_sure_agency_stays_a_relation() -> None:
    """It is not lost, and nobody is said to have paid it."""
    study = _study(PRODUCTION.format("<fundAg>A</fundAg><fundAg>B</fundAg><grantNo>1</grantNo>"))
    assert said(study.relations) == [("1", "grantNo")]


def test_a_depositor_is_no_donor() -> None:
    """Whoever brought the data gave a copy of them, and paid nothing."""
    assert ("Korhonen, Eero", "depositor") in said(sample("ddi").contributors)
    assert [donor.text for donor in sample("ddi").donors] == ["Example Research Council", "Ministry of Transport"]


def test_links_beside_a_name_are_its_identifiers() -> None:
    """They are no part of the name."""
    assert sample("ddi").creators == (
        Value(
            text="Virtanen, Aino",
            lang="en",
            element="ddi:AuthEnty",
            parts=(("identifier", "https://orcid.org/0000-0000-0000-0001"),),
        ),
    )


def test_the_identifier_of_an_affiliation_is_not_the_authors() -> None:
    """Some codebooks write both beside the name."""
    links = "<ExtLink URI='https://x.example/me'/><ExtLink URI='https://x.example/us' role='Affiliation-PID'/>"
    study = _study(f"<citation><rspStmt><AuthEnty>A{links}</AuthEnty></rspStmt></citation>")
    assert [value.parts for value in study.creators] == [(("identifier", "https://x.example/me"),)]


def test_an_acknowledgement_is_no_contributor() -> None:
    """It stands in paragraphs where others name somebody."""
    study = _study("<citation><rspStmt><othId><p>We thank A.</p></othId></rspStmt></citation>")
    assert (said(study.descriptions), study.contributors) == ([("We thank A.", "acknowledgement")], ())


def test_titles_keep_their_languages() -> None:
    """A parallel title says that it is one."""
    assert languages(sample("ddi").titles) == [("Survey of commuting, 2014", "en"), ("Työmatkatutkimus 2014", "fi")]
    assert said(sample("ddi").titles) == [("Survey of commuting, 2014", None), ("Työmatkatutkimus 2014", "parallel")]


def test_dates_are_kept_as_written_with_the_machines_form_beside() -> None:
    """Only the day of production, and that of distribution, are the study's own."""
    assert said(sample("ddi").dates) == [
        ("February 2015", "created"),
        ("2015-03-01", "submitted"),
        ("2015-06-01", "issued"),
        ("2014-05", "collected"),
    ]
    assert sample("ddi").dates[0].parts == (("normal", "2015-02-01"),)


@pytest.mark.parametrize(
    ("inside", "field", "text", "role"),
    [
        ("<method><dataColl><sources><dataSrc>S</dataSrc></sources></dataColl></method>", "sources", "S", "dataSrc"),
        ("<dataAccs><setAvail><origArch>S</origArch></setAvail></dataAccs>", "sources", "S", "origArch"),
        ("<dataAccs><notes>CC0 1.0</notes></dataAccs>", "rights", "CC0 1.0", None),
        ("<dataAccs><useStmt><specPerm>S</specPerm></useStmt></dataAccs>", "rights", "S", "permission"),
        ("<stdyInfo><sumDscr><timePrd event='start'>1990</timePrd></sumDscr></stdyInfo>", "coverage", "1990", "start"),
    ],
)
def test_elements_have_their_places(inside: str, field: str, text: str, role: str | None) -> None:
    """What is said of data, methods and access."""
    assert said(getattr(_study(inside), field)) == [(text, role)]


@pytest.mark.parametrize(
    "namespace", ["", "http://www.icpsr.umich.edu/DDI", "ddi:codebook:2_6", "https://example.org/"]
)
def test_every_version_is_read_by_its_names(namespace: str) -> None:
    """Nesstar's codebooks stand in another namespace, others in none."""
    title = "<stdyDscr><citation><titlStmt><titl>T</titl></titlStmt></citation></stdyDscr>"
    assert said(described(f'<codeBook xmlns="{namespace}">{title}</codeBook>', known_as="ddi").titles) == [("T", None)]


def test_thousands_of_variables_are_not_looked_at() -> None:
    """However many there are, the study is described by what stands before them."""
    variables = "<dataDscr>" + "<var><labl>V</labl></var>" * 20_000 + "</dataDscr>"
    document = CODEBOOK.format("<citation><titlStmt><titl>T</titl></titlStmt></citation>")
    study = described(document.replace("</codeBook>", f"{variables}</codeBook>"), known_as="ddi")
    assert study == Description(titles=(Value(text="T", element="ddi:titl"),))

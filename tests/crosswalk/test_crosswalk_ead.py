"""EAD 2002 and EAD3: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.descriptions import Description, Value

EAD = '<ead xmlns="urn:isbn:1-931666-22-9"><archdesc level="{}">{}</archdesc></ead>'
EAD3 = '<ead xmlns="http://ead3.archivists.org/schema/"><archdesc level="fonds"><did>{}</did></archdesc></ead>'


def _unit(inside: str, level: str = "fonds") -> Description:
    return described(EAD.format(level, inside), known_as="ead")


def _unit3(inside: str) -> Description:
    return described(EAD3.format(inside), known_as="ead3")


def test_a_finding_aid_describes_its_unit_and_not_the_components_below() -> None:
    """Titles, numbers and gifts of series and files belong to the series and files."""
    unit = sample("ead")
    assert said(unit.titles) == [("A guide to the Harlow papers", "titleproper"), ("Papers of Edith Harlow", None)]
    assert [value.text for value in unit.identifiers] == [
        "GB 0000 HARL",
        "https://archives.example.org/fa/17",
        "HARL/1",
    ]
    assert said(unit.types) == [("fonds", "level"), ("Diaries", "genreform")]
    assert [value.text for value in unit.languages] == ["eng", "cym"]


def test_rights_in_access_and_in_use_stand_apart() -> None:
    """A link that is only pointed to is a value of its own; headings are no text of theirs."""
    assert said(sample("ead").rights) == [
        ("Open for research.\nPublic records", "access"),
        ("Copyright is held by the family; see our terms.", "use"),
        ("https://archives.example.org/copying", "use"),
    ]


def test_who_gave_is_said_by_three_elements() -> None:
    """The sponsor paid for the finding aid; how the unit came, and through whose hands, is told in words."""
    assert said(sample("ead").donors) == [
        ("Catalogued with a grant from the Example Trust", "sponsor"),
        ("Kept by the family until 1960.", "custodhist"),
        ("Gift of Owen Harlow, 1961.", "acquisition"),
    ]


def test_repository_and_number_make_one_source() -> None:
    """The originals of what was copied are another."""
    shelfmark, originals = sample("ead").sources
    assert shelfmark == Value(
        text="Northwick Record Office, HARL/1",
        element="ead:unitid",
        role="shelfmark",
        parts=(
            ("repository", "Northwick Record Office"),
            ("ref", "HARL/1"),
            ("collection", "Papers of Edith Harlow"),
        ),
    )
    assert (originals.text, originals.role) == ("Originals in the Northwick Museum, NM 4/2.", "originalsloc")


@pytest.mark.parametrize(
    ("inside", "text", "parts"),
    [
        pytest.param(
            "<unitid>7</unitid><repository>Town Archives<address>Quay 1</address></repository>",
            "Town Archives, 7",
            {"repository": "Town Archives", "ref": "7"},
            id="address left out",
        ),
        pytest.param("<unitid>7</unitid>", "7", {"ref": "7"}, id="no repository"),
        pytest.param(
            "<repository>Town Archives</repository>", "Town Archives", {"repository": "Town Archives"}, id="no number"
        ),
        pytest.param(
            '<unitid type="aspace_uri">x</unitid><unitid>/repositories/1</unitid><unitid>A 1</unitid>',
            "A 1",
            {"ref": "A 1"},
            id="addresses are no shelfmarks",
        ),
        pytest.param(
            "<unittitle>Letter</unittitle><unitid>7</unitid>", "7", {"ref": "7"}, id="an item is no collection"
        ),
    ],
)
def test_a_shelfmark_is_made_of_what_there_is(inside: str, text: str, parts: dict[str, str]) -> None:
    """The title is the collection's only where the unit is a whole one."""
    (source,) = _unit(f"<did>{inside}</did>", level="item").sources
    assert (source.text, dict(source.parts)) == (text, parts)


@pytest.mark.parametrize(
    ("element", "field", "role"),
    [
        ("scopecontent", "descriptions", "scopecontent"),
        ("bioghist", "descriptions", "bioghist"),
        ("odd", "descriptions", "odd"),
        ("processinfo", "descriptions", "processinfo"),
        ("altformavail", "relations", "altformavail"),
        ("separatedmaterial", "relations", "separatedmaterial"),
        ("prefercite", "relations", "prefercite"),
        ("legalstatus", "rights", "legalstatus"),
        ("userestrict", "rights", "use"),
        ("acqinfo", "donors", "acquisition"),
    ],
)
@pytest.mark.parametrize("group", ["{}", "<descgrp>{}</descgrp>", "<admininfo>{}</admininfo>"])
def test_elements_keep_their_place_inside_groups(element: str, field: str, role: str, group: str) -> None:
    """Older finding aids group what newer ones write side by side."""
    unit = _unit(group.format(f"<{element}><head>Heading</head><p>Some</p>\n<p>words.</p></{element}>"))
    assert getattr(unit, field) == (Value(text="Some\nwords.", element=f"ead:{element}", role=role),)


@pytest.mark.parametrize(
    ("date", "text", "role", "normal"),
    [
        ('<unitdate normal="1905/1912">1905-1912</unitdate>', "1905-1912", None, "1905/1912"),
        ('<unitdate datechar="creation">ca. 1900</unitdate>', "ca. 1900", "created", None),
        ('<unitdate type="bulk" normal="1950/1960"/>', "1950/1960", "bulk", "1950/1960"),
        ("<unittitle>Papers, <unitdate>1905</unitdate></unittitle>", "1905", None, None),
    ],
)
def test_dates_are_kept_as_written_with_the_machines_form_beside(
    date: str, text: str, role: str | None, normal: str | None
) -> None:
    """They stand beside the title, or inside it."""
    (value,) = _unit(f"<did>{date}</did>").dates
    assert (value.text, value.role, dict(value.parts).get("normal")) == (text, role, normal)


@pytest.mark.parametrize(
    ("date", "text", "normal"),
    [
        ("<datesingle standarddate='1901'>around 1901</datesingle>", "around 1901", "1901"),
        ("<daterange><fromdate>1901</fromdate><todate>1910</todate></daterange>", "1901 - 1910", None),
        (
            "<daterange><fromdate standarddate='1901'/><todate standarddate='1910'/></daterange>",
            "1901 - 1910",
            "1901/1910",
        ),
    ],
)
def test_structured_dates_of_ead3_are_written_out(date: str, text: str, normal: str | None) -> None:
    """A single date, or the ends of a range."""
    (value,) = _unit3(f"<unitdatestructured>{date}</unitdatestructured>").dates
    assert (value.text, dict(value.parts).get("normal")) == (text, normal)


def test_several_dates_of_a_set_are_several_values() -> None:
    """EAD3 lists them."""
    inside = "<dateset><datesingle>1901</datesingle><datesingle>1903</datesingle></dateset>"
    dates = _unit3(f"<unitdatestructured>{inside}</unitdatestructured>").dates
    assert [value.text for value in dates] == ["1901", "1903"]


def test_ead3_joins_the_parts_of_headings_and_keeps_the_language() -> None:
    """Names with commas, subjects with dashes; the language is that of the nearest element."""
    unit = sample("ead3")
    assert [value.text for value in unit.creators] == ["Lindqvist, Mekaniska verkstad"]
    assert languages(unit.subjects) == [("Industry -- Sweden", "swe")]
    assert said(unit.formats) == [("4 linear metres", None)]
    assert said(unit.rights)[:2] == [
        ("CC0 1.0", "metadata"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "metadata"),
    ]


def test_the_agency_that_maintains_a_finding_aid_has_no_part_in_the_unit() -> None:
    """Neither has its author, nor the language in which it is written."""
    for name in ("ead", "ead3"):
        texts = [
            value.text for field in ("creators", "contributors", "publishers") for value in getattr(sample(name), field)
        ]
        assert not any("Agency" in text or "cataloguer" in text for text in texts)


@pytest.mark.parametrize(
    ("heading", "field", "role"),
    [
        ("<subject>X</subject>", "subjects", None),
        ("<geogname>X</geogname>", "coverage", None),
        ("<genreform>X</genreform>", "types", "genreform"),
        ("<occupation>X</occupation>", "subjects", "occupation"),
        ("<persname>X</persname>", "subjects", None),
        ('<persname role="subject">X</persname>', "subjects", "subject"),
        ('<famname role="Donor (dnr)">X</famname>', "contributors", "Donor"),
        ('<corpname relator="fnd">X</corpname>', "contributors", "fnd"),
        ("<controlaccess><head>More</head><subject>X</subject></controlaccess>", "subjects", None),
    ],
)
def test_headings_go_by_their_type(heading: str, field: str, role: str | None) -> None:
    """A name with a role took part in the unit; one without is what it is about."""
    assert said(getattr(_unit(f"<controlaccess>{heading}</controlaccess>"), field))[-1:] == [("X", role)]


def test_an_origination_names_whoever_made_the_unit() -> None:
    """With the role of each, or the label over all; where no name is tagged, the text is the name."""
    unit = _unit(
        '<did><origination label="Collector"><persname role="photographer">A</persname><famname>B</famname>'
        "</origination><origination>C</origination></did>"
    )
    assert said(unit.creators) == [("A", "photographer"), ("B", "Collector"), ("C", None)]


@pytest.mark.parametrize("label", ["Source", "Donor"])
def test_whoever_the_unit_came_from_did_not_make_it(label: str) -> None:
    """Some finding aids name givers as originations."""
    unit = _unit(f'<did><origination label="{label}"><persname role="Donor (dnr)">A</persname></origination></did>')
    assert (unit.creators, said(unit.contributors)) == ((), [("A", "Donor")])


@pytest.mark.parametrize("material", ["<language langcode='deu'>German</language>.", "<language>deu</language>", "deu"])
def test_languages_are_codes_where_there_are_codes(material: str) -> None:
    """Else names, else the words."""
    unit = _unit(f"<did><langmaterial>{material}</langmaterial></did>")
    assert [value.text for value in unit.languages] == ["deu"]


@pytest.mark.parametrize("namespace", ["", "http://www.openarchives.org/OAI/2.0/", "urn:isbn:1-931666-22-9"])
@pytest.mark.parametrize("around", ["", "ead"])
def test_a_description_alone_is_read_as_a_finding_aid_is(namespace: str, around: str) -> None:
    """Harvesters take it out of its finding aid, and lose the namespace."""
    alone = f'<archdesc xmlns="{namespace}" level="item"><did><unittitle>T</unittitle></did></archdesc>'
    document = f'<{around} xmlns="{namespace}">{alone}</{around}>' if around else alone
    assert said(described(document, known_as="ead").titles) == [("T", None)]


def test_thousands_of_components_are_not_looked_at() -> None:
    """However many there are, the unit is described by what stands above them."""
    component = "<c01><did><unittitle>C</unittitle></did><acqinfo><p>Gift</p></acqinfo></c01>"
    unit = _unit(f"<did><unittitle>T</unittitle></did><dsc>{component * 20_000}</dsc>")
    assert unit == Description(
        titles=(Value(text="T", element="ead:unittitle"),),
        types=(Value(text="fonds", element="ead:archdesc", role="level"),),
    )

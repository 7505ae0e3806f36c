"""MODS: XML in, description out."""

import tomllib
from importlib import resources

import pytest

from ingest.crosswalk import relators
from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</mods>'
)
RELATORS = tomllib.loads(resources.files("ingest.crosswalk").joinpath("vocabularies/relators.toml").read_text("utf-8"))
Told = tuple[str, str | None]


def _described(children: str) -> Description:
    name, description = crosswalk(MODS.format(children).encode(), metadata_prefix="mods")
    assert name == "mods"
    assert description is not None
    return description


def _told(values: tuple[Value, ...]) -> list[Told]:
    return [(value.text, value.role) for value in values]


# --- titles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("info", "title"),
    [
        ("<title>Atlas</title>", "Atlas"),
        ("<nonSort>The</nonSort><title>Atlas</title>", "The Atlas"),
        ("<nonSort>L'</nonSort><title>Atlas</title>", "L'Atlas"),
        ("<nonSort>al-</nonSort><title>Atlas</title>", "al-Atlas"),
        ("<title>Atlas</title><subTitle>a guide</subTitle>", "Atlas: a guide"),
        ("<title>Atlas</title><partNumber>Part 2</partNumber><partName>Rivers</partName>", "Atlas. Part 2, Rivers"),
        ("<subTitle>a guide</subTitle>", "a guide"),
        ("<title>  Atlas\n   of rivers </title>", "Atlas of rivers"),
        ("Atlas", "Atlas"),
    ],
)
def test_a_title_is_put_together_from_its_parts(info: str, title: str) -> None:
    """Articles, subtitles, numbers and names of parts."""
    assert _told(_described(f"<titleInfo>{info}</titleInfo>").titles) == [(title, None)]


@pytest.mark.parametrize("kind", ["abbreviated", "translated", "alternative", "uniform"])
def test_the_type_of_a_title_is_its_role(kind: str) -> None:
    """The title proper has none; an authority's address stays with a uniform title."""
    children = (
        f'<titleInfo type="{kind}" lang="eng" valueURI="https://example.org/t"><title>B</title></titleInfo>'
        "<titleInfo><title>A</title></titleInfo>"
    )
    proper = Value(text="A", element="mods:titleInfo")
    other = Value(
        text="B", element="mods:titleInfo", lang="eng", role=kind, parts=(("identifier", "https://example.org/t"),)
    )
    assert _described(children).titles == (other, proper)


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "heading"),
    [
        ('<namePart type="family">Berg</namePart><namePart type="given">Ida</namePart>', "Berg, Ida"),
        ('<namePart type="given">Ida</namePart><namePart type="family">Berg</namePart>', "Berg, Ida"),
        ('<namePart>Berg, Ida</namePart><namePart type="date">1900-1980</namePart>', "Berg, Ida, 1900-1980"),
        (
            (
                '<namePart type="date">1900-</namePart><namePart type="termsOfAddress">Dr.</namePart>'
                '<namePart type="family">Berg</namePart>'
            ),
            "Berg, Dr., 1900-",
        ),
        ("<displayForm>Dr. Ida Berg</displayForm>", "Dr. Ida Berg"),
        ("<namePart/><displayForm>Dr. Ida Berg</displayForm>", "Dr. Ida Berg"),
        ("Ida Berg", "Ida Berg"),
    ],
)
def test_a_name_is_put_together_as_a_heading(parts: str, heading: str) -> None:
    """Family before given, then terms of address, then dates."""
    assert _told(_described(f"<name>{parts}</name>").creators) == [(heading, None)]


def test_the_units_of_a_body_are_parted_by_a_stop() -> None:
    """The body first, then its department."""
    body = '<name type="corporate"><namePart>Ministry</namePart><namePart>Map Office</namePart></name>'
    assert _told(_described(body).creators) == [("Ministry. Map Office", None)]


@pytest.mark.parametrize(
    ("term", "place"),
    [(term, row) for row in RELATORS["place"] for term in row["terms"]],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_every_relator_of_the_table_has_its_field(term: str, place: dict[str, str]) -> None:
    """By code or by word, in capitals or not, with a stop behind."""
    for written in (term, term.upper(), f"{term}."):
        role = place.get("role", written)
        assert relators.places([(written,)], default="contributors") == [(place["field"], role)]


@pytest.mark.parametrize(
    ("role", "field", "expected"),
    [
        ("", "creators", None),
        ("<role><roleTerm>Editor</roleTerm></role>", "contributors", "Editor"),
        ('<role><roleTerm type="code">edt</roleTerm></role>', "contributors", "edt"),
        ('<role><roleTerm type="code">fmo</roleTerm></role>', "contributors", "fmo"),
        ("<role><roleTerm>Former owner</roleTerm></role>", "contributors", "Former owner"),
        ("<role><roleTerm>depositor</roleTerm></role>", "contributors", "depositor"),
        (
            '<role><roleTerm type="code">dnr</roleTerm><roleTerm type="text">Schenker</roleTerm></role>',
            "donors",
            "donor",
        ),
        ('<role><roleTerm type="code">fnd</roleTerm></role>', "donors", "funder"),
        ('<role><roleTerm valueURI="http://id.loc.gov/vocabulary/relators/spn"/></role>', "donors", "sponsor"),
        ("<role><roleTerm>http://id.loc.gov/vocabulary/relators/pbl</roleTerm></role>", "publishers", None),
        ("<role><roleTerm>Copyright holder</roleTerm></role>", "rights", "holder"),
        ("<role>photographer</role>", "creators", "photographer"),
    ],
)
def test_the_role_of_a_name_says_where_it_goes(role: str, field: str, expected: str | None) -> None:
    """Codes of the relator list, words, and addresses; who has owned a thing did not give it."""
    description = _described(f"<name><namePart>Berg</namePart>{role}</name>")
    values = getattr(description, field)
    assert [value.text for value in values] == ["Berg"]
    assert values[0].role == expected or field == "publishers"
    assert values[0].element == "mods:name"


def test_a_name_with_several_roles_stands_in_each_of_their_fields() -> None:
    """An author who also edits is a creator only; one who also pays is a donor as well."""
    roles = "".join(f"<role><roleTerm>{term}</roleTerm></role>" for term in ("editor", "author", "sponsor"))
    description = _described(f"<name><namePart>Berg</namePart>{roles}</name>")
    assert _told(description.creators) == [("Berg", "author")]
    assert _told(description.donors) == [("Berg", "sponsor")]
    assert description.contributors == ()


def test_the_main_name_is_a_creator_whatever_its_role() -> None:
    """``usage`` says under which name the thing is entered."""
    name = '<name usage="primary"><namePart>Berg</namePart><role><roleTerm>editor</roleTerm></role></name>'
    assert _told(_described(name).creators) == [("Berg", "editor")]


def test_identifiers_and_affiliation_stay_with_the_name() -> None:
    """The type of an identifier is kept before it where it does not show itself."""
    name = (
        '<name valueURI="https://example.org/p/1"><namePart>Berg</namePart><affiliation>Map Office</affiliation>'
        '<nameIdentifier type="gnd">118500001</nameIdentifier>'
        '<nameIdentifier type="orcid">https://orcid.org/0000-0002-1825-0097</nameIdentifier></name>'
    )
    assert _described(name).creators[0].parts == (
        ("identifier", "https://example.org/p/1"),
        ("affiliation", "Map Office"),
        ("identifier", "gnd:118500001"),
        ("identifier", "https://orcid.org/0000-0002-1825-0097"),
    )


# --- origin, language, form ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<dateIssued>ca. 1890</dateIssued>", [("ca. 1890", "issued")]),
        ("<dateCreated>1890</dateCreated>", [("1890", "created")]),
        ("<copyrightDate>c1890</copyrightDate>", [("c1890", "copyrighted")]),
        ("<dateCaptured>2001</dateCaptured>", [("2001", "captured")]),
        ("<dateValid>2001</dateValid>", [("2001", "valid")]),
        ("<dateModified>2001</dateModified>", [("2001", "modified")]),
        ("<dateOther>2001</dateOther>", [("2001", "other")]),
        ('<dateOther type="approved">2001</dateOther>', [("2001", "approved")]),
        (
            '<dateIssued point="start">1890</dateIssued><dateIssued point="end">1895</dateIssued>',
            [("1890/1895", "issued")],
        ),
        (
            '<dateIssued point="end">1895</dateIssued><dateIssued point="start">1890</dateIssued>',
            [("1890/1895", "issued")],
        ),
        ('<dateIssued point="start">1890</dateIssued>', [("1890", "issued")]),
        ('<dateIssued point="end">1895</dateIssued>', [("../1895", "issued")]),
        (
            (
                '<dateIssued encoding="marc" point="start">1890</dateIssued>'
                '<dateIssued encoding="marc" point="end">9999</dateIssued>'
            ),
            [("1890/..", "issued")],
        ),
        (
            '<dateIssued encoding="edtf" point="start">1890</dateIssued><dateCreated point="end">1891</dateCreated>',
            [("1890", "issued"), ("../1891", "created")],
        ),
        ('<dateIssued qualifier="approximate">1890</dateIssued>', [("1890~", "issued")]),
        ('<dateIssued qualifier="questionable">1890-05</dateIssued>', [("1890-05?", "issued")]),
        ('<dateIssued qualifier="inferred">1890</dateIssued>', [("1890", "issued")]),
        ('<dateIssued qualifier="approximate">about 1890</dateIssued>', [("about 1890", "issued")]),
        ("<dateIssued/>", []),
    ],
)
def test_dates_have_their_kind_and_ranges_are_one_value(dates: str, expected: list[Told]) -> None:
    """Qualifiers become the marks of EDTF where the date is plain."""
    found = _told(_described(f"<originInfo>{dates}</originInfo>").dates)
    assert found == expected


def test_dates_of_digitising_are_not_the_things_own() -> None:
    """The event of an origin is stronger than the element."""
    origin = '<originInfo eventType="digitization"><dateIssued>2011</dateIssued></originInfo>'
    assert _told(_described(origin).dates) == [("2011", "captured")]


def test_a_date_keeps_what_is_said_of_it() -> None:
    """Encoding, qualifier and whether it is the key date."""
    origin = (
        '<originInfo><dateIssued encoding="w3cdtf" keyDate="yes" qualifier="inferred">1890</dateIssued></originInfo>'
    )
    assert _described(origin).dates[0].parts == (("encoding", "w3cdtf"), ("qualifier", "inferred"), ("keyDate", "yes"))


def test_a_publisher_keeps_its_place() -> None:
    """In words where there are any; the edition is a note."""
    origin = (
        '<originInfo><place><placeTerm type="code">ne</placeTerm><placeTerm type="text">Utrecht</placeTerm></place>'
        "<publisher>Canal Press</publisher><edition>2nd ed.</edition>"
        "<agent><namePart>Second Press</namePart></agent></originInfo>"
    )
    description = _described(origin)
    assert [(value.text, value.parts) for value in description.publishers] == [
        ("Canal Press", (("place", "Utrecht"),)),
        ("Second Press", (("place", "Utrecht"),)),
    ]
    assert _told(description.descriptions) == [("2nd ed.", "edition")]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ('<languageTerm type="code" authority="iso639-2b">dut</languageTerm>', [("dut", "iso639-2b")]),
        (
            (
                '<languageTerm type="text">Dutch</languageTerm>'
                '<languageTerm type="code" authority="rfc3066">nl</languageTerm>'
            ),
            [("nl", "rfc3066")],
        ),
        (
            (
                '<languageTerm type="code" authority="iso639-2b">dut</languageTerm>'
                '<languageTerm type="code" authority="rfc3066">nl</languageTerm>'
            ),
            [("dut", "iso639-2b")],
        ),
        (
            (
                '<languageTerm type="code" authority="iso639-2b">dut</languageTerm>'
                '<languageTerm type="code" authority="iso639-2b">fry</languageTerm>'
            ),
            [("dut", "iso639-2b"), ("fry", "iso639-2b")],
        ),
        ("<languageTerm>Dutch</languageTerm>", [("Dutch", None)]),
        ("Dutch", [("Dutch", None)]),
        ("<languageTerm/>", []),
    ],
)
def test_a_language_is_given_by_its_code_if_it_has_one(language: str, expected: list[Told]) -> None:
    """The authority is the role; two codes of one authority are two languages, those of two are one."""
    assert _told(_described(f"<language>{language}</language>").languages) == expected


def test_the_language_of_a_summary_is_not_the_things() -> None:
    """``objectPart`` says of what a language is."""
    children = '<language objectPart="summary"><languageTerm type="code">eng</languageTerm></language>'
    assert _described(children).languages == ()


def test_types_and_formats_as_given() -> None:
    """Types of resource and genres, extent, form and media type; notes of the form are descriptions."""
    description = _described(
        '<typeOfResource collection="yes">text</typeOfResource><genre authority="aat">letters</genre>'
        "<physicalDescription><form>paper</form><extent>2 leaves</extent>"
        "<internetMediaType>image/tiff</internetMediaType>"
        "<reformattingQuality>access</reformattingQuality><note>Torn.</note></physicalDescription>"
    )
    assert _told(description.types) == [("text", None), ("letters", "aat")]
    assert _told(description.formats) == [
        ("paper", "form"),
        ("2 leaves", "extent"),
        ("image/tiff", "internetMediaType"),
    ]
    assert _told(description.descriptions) == [("Torn.", "physical description")]


# --- subjects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "subjects", "coverage"),
    [
        ("<subject><topic>Locks</topic></subject>", ["Locks"], []),
        ("<subject><topic>Locks</topic><topic>Weirs</topic></subject>", ["Locks", "Weirs"], []),
        ('<subject authority="lcsh"><topic>Locks</topic><topic>Maps</topic></subject>', ["Locks--Maps"], []),
        (
            "<subject><topic>Locks</topic><geographic>Utrecht</geographic><temporal>1900-1910</temporal></subject>",
            ["Locks--Utrecht--1900-1910"],
            [("Utrecht", "spatial"), ("1900-1910", "temporal")],
        ),
        ("<subject><geographic>Utrecht</geographic></subject>", [], [("Utrecht", "spatial")]),
        ("<subject><temporal>1900-1910</temporal></subject>", [], [("1900-1910", "temporal")]),
        (
            "<subject><name><namePart>Berg, Ida</namePart></name><topic>Portraits</topic></subject>",
            ["Berg, Ida--Portraits"],
            [],
        ),
        ("<subject><titleInfo><nonSort>The</nonSort><title>Atlas</title></titleInfo></subject>", ["The Atlas"], []),
        (
            (
                "<subject><hierarchicalGeographic><city>Utrecht</city><country>Netherlands</country>"
                "</hierarchicalGeographic></subject>"
            ),
            [],
            [("Netherlands--Utrecht", "spatial")],
        ),
        (
            "<subject><cartographics><coordinates>52,5</coordinates><scale>1:1000</scale></cartographics></subject>",
            [],
            [("52,5", "coordinates"), ("1:1000", "scale")],
        ),
        ("<subject>Locks</subject>", ["Locks"], []),
        ("<classification>627.1</classification>", ["627.1"], []),
        ("<subject/>", [], []),
    ],
)
def test_a_subject_is_a_heading_and_its_places_and_times_are_coverage(
    subject: str, subjects: list[str], coverage: list[Told]
) -> None:
    """Parts of a heading are joined; several topics of no authority are keywords."""
    description = _described(subject)
    assert [value.text for value in description.subjects] == subjects
    assert _told(description.coverage) == coverage


def test_a_subject_keeps_authority_address_and_language() -> None:
    """As role, as identifier, and as the value's language."""
    subject = '<subject authority="tgm" valueURI="https://example.org/s" xml:lang="nl"><topic>Sluizen</topic></subject>'
    assert _described(subject).subjects == (
        Value(
            text="Sluizen",
            lang="nl",
            element="mods:subject",
            role="tgm",
            parts=(("identifier", "https://example.org/s"),),
        ),
    )


# --- notes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "field", "role"),
    [
        ("", "descriptions", None),
        ("content", "descriptions", "content"),
        ("ownership", "descriptions", "ownership"),
        ("provenance", "descriptions", "provenance"),
        ("funding", "donors", "funder"),
        ("Funding", "donors", "funder"),
        ("sponsorship", "donors", "sponsor"),
        ("acquisition", "descriptions", "acquisition"),
        ("source note", "sources", "source note"),
        ("sourceNote", "sources", "source note"),
        ("originalVersion", "sources", "original version"),
        ("original version", "sources", "original version"),
        ("restriction", "rights", "restriction"),
        ("preferred citation", "relations", "preferred citation"),
    ],
)
def test_the_type_of_a_note_says_where_it_belongs(kind: str, field: str, role: str | None) -> None:
    """Ownership tells who held a thing, often who holds it now: whether anyone gave it is for the donor rules."""
    description = _described(f'<note type="{kind}">Words.</note>')
    assert _told(getattr(description, field)) == [("Words.", role)]


@pytest.mark.parametrize(
    ("words", "field", "role"),
    [
        ("Gift of Ida Berg, 1990.", "donors", "donor"),
        ("Schenkung Ida Berg", "donors", "donor"),
        ("Purchased from Ida Berg in 1990.", "descriptions", "acquisition"),
        ("Ida Berg, 1990.", "descriptions", "acquisition"),
    ],
)
def test_a_note_of_acquisition_names_a_donor_if_it_says_so(words: str, field: str, role: str) -> None:
    """One who sold the thing is none."""
    assert _told(getattr(_described(f'<note type="acquisition">{words}</note>'), field)) == [(words, role)]


def test_abstract_contents_and_audience() -> None:
    """The element is the role."""
    description = _described(
        "<abstract>About.</abstract><tableOfContents>One. Two.</tableOfContents><targetAudience>adult</targetAudience>"
    )
    assert _told(description.descriptions) == [("About.", "abstract"), ("One. Two.", "tableOfContents")]
    assert _told(description.relations) == [("adult", "audience")]


# --- rights -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            '<accessCondition type="use and reproduction">By permission.</accessCondition>',
            [("By permission.", "use and reproduction")],
        ),
        (
            '<accessCondition xlink:href="https://example.org/t">By permission.</accessCondition>',
            [("By permission.", None), ("https://example.org/t", None)],
        ),
        (
            '<accessCondition xlink:href="https://example.org/t">See https://example.org/t</accessCondition>',
            [("See https://example.org/t", None)],
        ),
        ('<accessCondition type="use" xlink:href="https://example.org/t"/>', [("https://example.org/t", "use")]),
        ('<accessCondition type="embargoEnd">2031-05</accessCondition>', [("2031-05", "embargoEnd")]),
        ('<accessCondition type="rights holder">Ida Berg</accessCondition>', [("Ida Berg", "holder")]),
        ('<accessCondition type="copyrightHolder">Ida Berg</accessCondition>', [("Ida Berg", "holder")]),
        (
            '<accessCondition type="info:eu-repo/semantics/closedAccess"/>',
            [("info:eu-repo/semantics/closedAccess", "type")],
        ),
        ('<accessCondition displayLabel="license">CC BY</accessCondition>', [("CC BY", "license")]),
        ("<accessCondition/>", []),
        (
            (
                '<accessCondition type="use and reproduction"><c:copyright copyright.status="copyrighted" '
                'xmlns:c="http://www.cdlib.org/inside/diglib/copyrightMD"><c:rights.holder><c:name>Ida Berg</c:name>'
                "<c:contact>ida@example.org</c:contact></c:rights.holder><c:general.note>Ask first.</c:general.note>"
                "</c:copyright></accessCondition>"
            ),
            [("copyrighted", "status"), ("Ida Berg", "holder"), ("Ask first.", "use and reproduction")],
        ),
        (
            '<accessCondition xlink:href="https://example.org/t">See <a href="https://example.org/u">there</a>.</accessCondition>',
            [("See there.", None), ("https://example.org/u", None), ("https://example.org/t", None)],
        ),
        (
            '<accessCondition><x:own xmlns:x="https://example.org/x">All of it.</x:own></accessCondition>',
            [("All of it.", None)],
        ),
        (
            '<extension><dcterms:license xmlns:dcterms="http://purl.org/dc/terms/">CC BY</dcterms:license></extension>',
            [("CC BY", "license")],
        ),
    ],
)
def test_an_access_condition_says_its_words_its_address_and_its_type(condition: str, expected: list[Told]) -> None:
    """The type is the role; the address is a value of its own; a type that is an address is a value too."""
    assert _told(_described(condition).rights) == expected


# --- sources and relations -----------------------------------------------------------------------------


def _parts(value: Value) -> dict[str, str]:
    return dict(value.parts)


@pytest.mark.parametrize(
    ("location", "text", "parts"),
    [
        (
            "<physicalLocation>Canal Museum</physicalLocation><shelfLocator>Ms. 4</shelfLocator>",
            "Canal Museum, Ms. 4",
            {"repository": "Canal Museum", "ref": "Ms. 4"},
        ),
        (
            (
                '<physicalLocation authority="marcorg">XxCM</physicalLocation>'
                "<physicalLocation>Canal Museum</physicalLocation>"
            ),
            "Canal Museum",
            {"repository": "Canal Museum"},
        ),
        ('<physicalLocation authority="marcorg">XxCM</physicalLocation>', "XxCM", {"repository": "XxCM"}),
        (
            (
                "<physicalLocation>Canal Museum</physicalLocation><holdingSimple><copyInformation>"
                "<subLocation>Map Room</subLocation><shelfLocator>K 7</shelfLocator></copyInformation></holdingSimple>"
            ),
            "Canal Museum, Map Room, K 7",
            {"repository": "Canal Museum, Map Room", "ref": "K 7"},
        ),
        ("<shelfLocator>Ms. 4</shelfLocator>", "Ms. 4", {"ref": "Ms. 4"}),
        ("Series 2: Letters", "Series 2: Letters", {}),
    ],
)
def test_where_the_thing_is_kept_is_a_source(location: str, text: str, parts: dict[str, str]) -> None:
    """Repository and reference are kept apart."""
    (source,) = _described(f"<location>{location}</location>").sources
    assert (source.text, source.role, _parts(source)) == (text, "location", parts)


def test_addresses_are_identifiers_and_previews_are_relations() -> None:
    """So are manifests, raw files, and the bare names of files."""
    urls = (
        '<url usage="primary">https://example.org/1</url><url access="preview">https://example.org/1.jpg</url>'
        '<url note="iiif-manifest">https://example.org/m</url><url displayLabel="Page 2">p2.tif</url>'
        '<url access="object in context">https://example.org/2</url>'
    )
    description = _described(f"<location>{urls}</location>")
    assert _told(description.identifiers) == [("https://example.org/1", "url"), ("https://example.org/2", "url")]
    assert _told(description.relations) == [
        ("https://example.org/1.jpg", "preview"),
        ("https://example.org/m", "iiif-manifest"),
        ("p2.tif", "Page 2"),
    ]
    assert description.sources == ()


JOURNAL = (
    '<relatedItem type="host"><titleInfo><title>Canal Studies</title></titleInfo>'
    '<identifier type="issn">2049-3630</identifier>{}</relatedItem>'
)
PART = (
    '<part><detail type="volume"><number>12</number></detail><detail type="issue"><caption>no.</caption>'
    '<number>3</number></detail><extent unit="pages"><start>45</start><end>67</end></extent>'
    "<date>May 2010</date></part>"
)


@pytest.mark.parametrize("children", [JOURNAL.format(PART), JOURNAL.format("") + PART, PART + JOURNAL.format("")])
def test_a_journal_keeps_volume_issue_pages_and_year_apart(children: str) -> None:
    """Whether the part stands inside the host or beside it."""
    (source,) = _described(children).sources
    assert source.text == "Canal Studies, 12(3), 45-67, 2010"
    assert source.role == "host"
    assert _parts(source) == {
        "container_title": "Canal Studies",
        "issn": "2049-3630",
        "volume": "12",
        "issue": "3",
        "pages": "45-67",
        "year": "2010",
    }


@pytest.mark.parametrize(
    ("item", "text", "parts"),
    [
        (
            (
                '<relatedItem type="series"><titleInfo><title>Maps</title><partNumber>4</partNumber></titleInfo>'
                "</relatedItem>"
            ),
            "Maps, 4",
            {"container_title": "Maps", "volume": "4"},
        ),
        (
            (
                '<relatedItem type="original"><location><physicalLocation>Canal Museum</physicalLocation>'
                "<shelfLocator>Ms. 4</shelfLocator></location></relatedItem>"
            ),
            "Canal Museum, Ms. 4",
            {"repository": "Canal Museum", "ref": "Ms. 4"},
        ),
        (
            '<relatedItem type="host"><identifier type="doi">10.5555/12345678</identifier></relatedItem>',
            "10.5555/12345678",
            {"doi": "10.5555/12345678"},
        ),
        (
            (
                '<relatedItem type="host"><titleInfo><title>Reports</title></titleInfo>'
                "<originInfo><publisher>Press</publisher>"
                "<dateIssued>c1999.</dateIssued></originInfo><identifier type='isbn'>9780306406157</identifier>"
                "</relatedItem>"
            ),
            "Reports, 1999",
            {"container_title": "Reports", "publisher": "Press", "year": "1999", "isbn": "9780306406157"},
        ),
        (
            '<relatedItem type="host"><identifier type="uri">URN:ISBN:9780306406157</identifier></relatedItem>',
            "9780306406157",
            {"isbn": "9780306406157"},
        ),
        ('<relatedItem type="host" xlink:href="https://example.org/h"/>', "https://example.org/h", {}),
        ('<relatedItem type="host">Berg papers</relatedItem>', "Berg papers", {}),
    ],
)
def test_hosts_originals_and_series_are_sources(item: str, text: str, parts: dict[str, str]) -> None:
    """Written as one line, with their parts beside it."""
    (source,) = _described(item).sources
    assert (source.text, _parts(source)) == (text, parts)


def test_a_note_of_the_original_is_a_source_of_its_own() -> None:
    """Notes for the administration are none."""
    item = '<relatedItem type="original"><note>In the reading room.</note><note type="admin">x</note></relatedItem>'
    assert _told(_described(item).sources) == [("In the reading room.", "original version")]


@pytest.mark.parametrize(
    ("attributes", "role"),
    [
        ('type="isReferencedBy"', "isReferencedBy"),
        ('type="constituent"', "constituent"),
        ('otherType="translation of"', "translation of"),
        ("", "relatedItem"),
    ],
)
def test_other_items_are_relations(attributes: str, role: str) -> None:
    """The type is the role."""
    item = f"<relatedItem {attributes}><titleInfo><title>Locks</title></titleInfo></relatedItem>"
    assert _told(_described(item).relations) == [("Locks", role)]


def test_the_series_of_a_host_is_a_source() -> None:
    """Related items stand inside each other, and are read three deep."""
    item = '<relatedItem type="{}"><titleInfo><title>{}</title></titleInfo>{}</relatedItem>'
    deep = item.format(
        "host", "A", item.format("series", "B", item.format("series", "C", item.format("series", "D", "")))
    )
    assert _told(_described(deep).sources) == [("A", "host"), ("B", "series"), ("C", "series")]


# --- the rest -----------------------------------------------------------------------------------------


def test_identifiers_keep_their_type_and_invalid_ones_are_left_out() -> None:
    """An address may stand in an attribute."""
    description = _described(
        '<identifier type="doi">10.5555/1</identifier><identifier type="isbn" invalid="yes">123</identifier>'
        '<identifier displayLabel="shelf">S 1</identifier>'
    )
    assert _told(description.identifiers) == [("10.5555/1", "doi"), ("S 1", "shelf")]


def test_what_the_record_says_of_itself_is_no_value() -> None:
    """Who catalogued a thing neither holds it nor is its source."""
    info = (
        "<recordInfo><recordContentSource>Catalogue Office</recordContentSource><recordIdentifier>77</recordIdentifier>"
        '<languageOfCataloging><languageTerm type="code">eng</languageTerm></languageOfCataloging></recordInfo>'
    )
    assert _described(info) == Description()


def test_elements_without_namespace_or_in_the_protocols_pass_and_others_do_not() -> None:
    """Harvested records are cut out of responses whose default namespace they lose or take on."""
    description = _described(
        '<abstract xmlns="">One</abstract><abstract xmlns="http://www.openarchives.org/OAI/2.0/">Two</abstract>'
        '<abstract xmlns="https://example.org/other">Three</abstract>'
    )
    assert [value.text for value in description.descriptions] == ["One", "Two"]


@pytest.mark.parametrize("kind", ["Available", "Accessioned"])
def test_dates_of_handling_inside_an_extension_are_dates(kind: str) -> None:
    """DSpace writes them there."""
    description = _described(f"<extension><date{kind}>2022-06-08</date{kind}></extension>")
    assert _told(description.dates) == [("2022-06-08", kind.lower())]


def test_a_root_without_namespace_is_known_by_its_children() -> None:
    """The name alone is not enough."""
    document = "<mods>{}</mods>"
    assert crosswalk(document.format("<titleInfo/>").encode(), metadata_prefix="x")[0] == "mods"
    assert crosswalk(document.format("<patch/>").encode(), metadata_prefix="mods") == ("mods", None)

"""MARC 21 in both of its XML forms: fields in, description out. A field is written ``245 10 $aTitle :$bsubtitle``."""

import tomllib
from importlib import resources
from xml.sax.saxutils import escape

import pytest

from ingest.crosswalk.acquisition import was_given
from ingest.crosswalk.marc_coded import TYPES
from ingest.crosswalk.marc_punctuation import unbracketed, without_end, without_separator
from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

SLIM = '<record xmlns="http://www.loc.gov/MARC21/slim">{}</record>'
TABLES = resources.files("ingest.crosswalk").joinpath("vocabularies")
STOPS = tomllib.loads(TABLES.joinpath("abbreviations.toml").read_text("utf-8"))
ACQUISITION = tomllib.loads(TABLES.joinpath("acquisition.toml").read_text("utf-8"))
Told = tuple[str, str | None]


def _field(line: str) -> str:
    tag, indicators, subfields = line[:3], line[4:6], line[7:].split("$")[1:]
    inside = "".join(f'<subfield code="{text[0]}">{escape(text[1:])}</subfield>' for text in subfields)
    return f'<datafield tag="{tag}" ind1="{indicators[0]}" ind2="{indicators[1]}">{inside}</datafield>'


def _record(*lines: str) -> str:
    return SLIM.format("".join(line if line.startswith("<") else _field(line) for line in lines))


def _described(*lines: str) -> Description:
    name, description = crosswalk(_record(*lines).encode(), metadata_prefix="marc21")
    assert name == "marc21"
    assert description is not None
    return description


def _told(values: tuple[Value, ...]) -> list[Told]:
    return [(value.text, value.role) for value in values]


def _fixed(kind: str = "s", dates: str = "1974    ", language: str = "eng") -> str:
    return f'<controlfield tag="008">{"020311"}{kind}{dates}xx {"":17}{language} d</controlfield>'


# --- codes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "word"), TYPES.items())
def test_the_type_of_the_record_is_given_in_words(code: str, word: str) -> None:
    """The sixth position of the leader."""
    assert _told(_described(f"<leader>00000n{code}m a2200000 a 4500</leader>").types) == [(word, None)]


@pytest.mark.parametrize("leader", ["", "00000", "00000n m", "00000coc  2200000uu 4500"])
def test_a_leader_that_says_nothing_certain_gives_no_type(leader: str) -> None:
    """A kit is what one system says of everything."""
    assert _described(f"<leader>{leader}</leader>").types == ()


@pytest.mark.parametrize(
    ("kind", "dates", "expected"),
    [
        ("s", "1974    ", [("1974", "issued")]),
        ("s", "197u    ", []),
        ("s", "uuuu    ", []),
        ("n", "uuuuuuuu", []),
        ("b", "        ", []),
        ("e", "19740502", [("1974-05-02", "issued")]),
        ("e", "197405  ", [("1974-05", "issued")]),
        ("r", "20151752", [("2015", "issued"), ("1752", "original")]),
        ("t", "19751974", [("1975", "issued"), ("1974", "copyrighted")]),
        ("m", "19701974", [("1970/1974", "issued")]),
        ("m", "19701970", [("1970", "issued")]),
        ("c", "19709999", [("1970/..", "issued")]),
        ("d", "19701974", [("1970/1974", "issued")]),
        ("d", "1970197u", []),
        ("i", "19101918", [("1910/1918", "issued")]),
        ("q", "19701979", []),
        ("|", "||||||||", []),
    ],
)
def test_coded_dates_are_read_where_no_digit_is_missing(kind: str, dates: str, expected: list[Told]) -> None:
    """By the kind of date: single, detailed, reprint, copyright, several, continuing; a questionable one is none."""
    assert _told(_described(_fixed(kind, dates)).dates) == expected


@pytest.mark.parametrize(
    ("coded", "field", "expected"),
    [
        ("ger", "", ["ger"]),
        ("   ", "", []),
        ("|||", "", []),
        ("und", "", []),
        ("zxx", "", []),
        ("mul", "041 0  $ager$afre", ["ger", "fre"]),
        ("ger", "041 1  $ager$hfre", ["ger"]),
        ("ger", "041 0  $agerfrelat", ["ger", "fre", "lat"]),
        ("ger", "041 07 $ade$2rfc3066", ["ger", "de"]),
    ],
)
def test_languages_are_given_by_their_codes_each_once(coded: str, field: str, expected: list[str]) -> None:
    """008 and 041 $a; the language of the original is not the thing's."""
    lines = (_fixed(language=coded), *([field] if field else []))
    assert [language.text for language in _described(*lines).languages] == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("010    $a  2002022641", ("2002022641", "lccn")),
        ("020    $a9780306406157 (pbk.) :$c12.50", ("9780306406157", "isbn")),
        ("020    $a0-306-40615-2", ("0-306-40615-2", "isbn")),
        ("022    $a2049-3630", ("2049-3630", "issn")),
        ("024 7  $a10.5555/1$2doi", ("10.5555/1", "doi")),
        ("024 2  $aM571100511", ("M571100511", "ismn")),
        ("024 8  $ax", ("x", None)),
        ("028 02 $aM 123$bLabel", ("M 123", "publisher number")),
        ("035    $a(OCoLC)123", ("(OCoLC)123", "OCoLC")),
        ("037    $ahep/0007006$9arXiv", ("hep/0007006", "arXiv")),
        ("088    $aR-12", ("R-12", "report number")),
    ],
)
def test_numbers_have_their_kind(field: str, expected: Told) -> None:
    """What is said of the binding or the price is no part of a number."""
    assert _told(_described(field).identifiers) == [expected]


def test_cancelled_numbers_are_left_out() -> None:
    """$z is what the number is not."""
    assert _described("020    $z9780306406157", "022    $z2049-3630").identifiers == ()


# --- names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "where", "expected"),
    [
        ("100 1  $aBerg, Ida,$d1900-1980.", "creators", ("Berg, Ida, 1900-1980", None)),
        ("100 1  $aBerg, Ida,$d1900-", "creators", ("Berg, Ida, 1900-", None)),
        ("100 1  $aBerg, Ida$d1900-1980", "creators", ("Berg, Ida, 1900-1980", None)),
        ("100 1  $aBerg, I. M.", "creators", ("Berg, I. M.", None)),
        ("100 1  $aBerg, Hans, Jr.", "creators", ("Berg, Hans, Jr.", None)),
        ("100 1  $aBerg, Ida.", "creators", ("Berg, Ida.", None)),
        ("100 1  $aBergmann, Johanna.", "creators", ("Bergmann, Johanna", None)),
        ("100 0  $aUrban$bIV,$cPope", "creators", ("Urban IV, Pope", None)),
        ("100 1  $aBerg, Ida,$eeditor.", "creators", ("Berg, Ida", "editor")),
        ("110 2  $aMinistry.$bMap Office.", "creators", ("Ministry. Map Office", None)),
        ("110 2  $aMinistry$bMap Office", "creators", ("Ministry. Map Office", None)),
        (
            "111 2  $aCongress on Locks$n(3rd :$d1911 :$cUtrecht)",
            "creators",
            ("Congress on Locks (3rd : 1911 : Utrecht)", None),
        ),
        ("700 1  $aBerg, Ida,$eauthor.", "creators", ("Berg, Ida", "author")),
        ("700 1  $aBerg, Ida$4aut", "creators", ("Berg, Ida", "aut")),
        ("700 1  $aBerg, Ida", "contributors", ("Berg, Ida", None)),
        ("700 1  $aBerg, Ida,$eformer owner.", "contributors", ("Berg, Ida", "former owner")),
        ("700 1  $aBerg, Ida$4fmo", "contributors", ("Berg, Ida", "fmo")),
        ("700 1  $aBerg, Ida$4dnr", "donors", ("Berg, Ida", "donor")),
        ("700 1  $aBerg, Ida$eSchenkerin$4dnr", "donors", ("Berg, Ida", "donor")),
        ("710 2  $aCanal Fund,$efunder.", "donors", ("Canal Fund", "funder")),
        ("710 2  $aCanal Fund$4http://id.loc.gov/vocabulary/relators/spn", "donors", ("Canal Fund", "sponsor")),
        ("710 2  $aCanal Press$4pbl", "publishers", ("Canal Press", "pbl")),
        ("710 2  $aCanal Fund$4cph", "rights", ("Canal Fund", "holder")),
        ("711 2  $aCongress on Locks$jsponsor", "donors", ("Congress on Locks", "sponsor")),
        ("720    $aIda Berg", "contributors", ("Ida Berg", None)),
        ("700 12 $aBerg, Ida.$tAtlas.", "relations", ("Berg, Ida. Atlas", "related work")),
        ("700 1  $iBased on (work):$aBerg, I.$tAtlas.", "relations", ("Berg, I. Atlas", "Based on (work)")),
    ],
)
def test_a_name_goes_where_its_role_says(field: str, where: str, expected: Told) -> None:
    """Codes and words; punctuation at the ends is taken off where it can not belong to the name."""
    assert _told(getattr(_described(field), where)) == [expected]


def test_identifiers_stay_with_a_name() -> None:
    """As written, with the code of who gave them."""
    field = "100 1  $aBerg, Ida$0(DE-588)118500001$1https://example.org/p$uMap Office"
    assert _described(field).creators[0].parts == (
        ("identifier", "(DE-588)118500001"),
        ("identifier", "https://example.org/p"),
        ("affiliation", "Map Office"),
    )


# --- titles and imprint ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("245 10 $aRiver ports :$ba survey /$cIda Berg.", ("River ports : a survey", None)),
        ("245 10 $aRiver ports$ba survey$cIda Berg", ("River ports : a survey", None)),
        ("245 10 $aRiver ports$h[electronic resource] :$ba survey", ("River ports : a survey", None)),
        ("245 10 $aRiver ports.$nPart 2,$pLocks.", ("River ports. Part 2, Locks", None)),
        ("245 10 $aRiver ports$n2$pLocks", ("River ports. 2, Locks", None)),
        ("245 10 $aRiver ports ...", ("River ports ...", None)),
        ("245 14 $a\u0098The \u009criver ports", ("The river ports", None)),
        ("130 0  $aBible.$lDutch.", ("Bible. Dutch", "uniform")),
        ("240 10 $aWorks.$kSelections", ("Works. Selections", "uniform")),
        ("246 3  $aRiver harbours", ("River harbours", "alternative")),
        ("247 10 $aOld harbours", ("Old harbours", "former")),
        ("210 0  $aRiver p.", ("River p.", "abbreviated")),
        ("242 10 $aHavens", ("Havens", "translated")),
        ("740 0  $aLocks and weirs.", ("Locks and weirs", "alternative")),
    ],
)
def test_titles_are_put_together_with_the_punctuation_they_have(field: str, expected: Told) -> None:
    """Or with that of the ISBD where the library writes none; the general material designation is left out."""
    assert _told(_described(field).titles) == [expected]


def test_the_statement_of_responsibility_and_the_edition_are_notes() -> None:
    """Each has its role; dates inside a title are those of an archive's holdings."""
    description = _described("245 10 $aBerg papers,$f1911-1934 /$cIda Berg.", "250    $a2nd ed.")
    assert _told(description.descriptions) == [("Ida Berg", "statement of responsibility"), ("2nd ed.", "edition")]
    assert _told(description.dates) == [("1911-1934", "created")]


@pytest.mark.parametrize(
    ("field", "publishers", "dates"),
    [
        ("260    $aUtrecht :$bCanal Press,$cc1975.", [("Canal Press", None, ["Utrecht"])], [("c1975", "issued")]),
        ("260    $a[Bern] :$b[Amt],$c[2015]", [("Amt", None, ["Bern"])], [("[2015]", "issued")]),
        (
            "260    $aUtrecht ;$aGent :$bA & Co. ;$aParis :$bB,$c1901-",
            [("A & Co.", None, ["Utrecht", "Gent"]), ("B", None, ["Paris"])],
            [("1901-", "issued")],
        ),
        ("264  1 $aUtrecht$bCanal Press$c1975", [("Canal Press", None, ["Utrecht"])], [("1975", "issued")]),
        ("264  0 $aUtrecht :$bIda Berg,$c1934.", [("Ida Berg", "created", ["Utrecht"])], [("1934", "created")]),
        ("264  2 $bStore,$c1976.", [("Store", "distributed", [])], [("1976", "distributed")]),
        ("264  4 $c©1974", [], [("©1974", "copyrighted")]),
    ],
)
def test_an_imprint_has_publishers_with_their_places_and_dates(
    field: str, publishers: list[tuple[str, str | None, list[str]]], dates: list[Told]
) -> None:
    """In 264 the second indicator says what they were."""
    description = _described(field)
    places = [(value.text, value.role, [place for _, place in value.parts]) for value in description.publishers]
    assert places == publishers
    assert _told(description.dates) == dates


def test_types_and_formats() -> None:
    """Extent, content, media and carrier."""
    description = _described(
        "300    $a212 p. :$bill. ;$c23 cm.", "336    $atext$btxt$2rdacontent", "337    $aunmediated", "338    $avolume"
    )
    assert _told(description.types) == [("text", "content type")]
    assert _told(description.formats) == [
        ("212 p. : ill. ; 23 cm.", "extent"),
        ("unmediated", "media type"),
        ("volume", "carrier type"),
    ]


# --- subjects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "where", "expected"),
    [
        ("650  0 $aHarbors$zNigeria$xHistory.", "subjects", [("Harbors--Nigeria--History", "lcsh")]),
        ("650  7 $aHäfen$2gnd", "subjects", [("Häfen", "gnd")]),
        ("600 10 $aBerg, Ida,$d1900-1980$vPortraits.", "subjects", [("Berg, Ida, 1900-1980--Portraits", "lcsh")]),
        ("610 20 $aMinistry.$bMap Office", "subjects", [("Ministry. Map Office", "lcsh")]),
        ("630 00 $aBible.$pJob", "subjects", [("Bible. Job", "lcsh")]),
        ("651  0 $aUtrecht$xMaps.", "subjects", [("Utrecht--Maps", "lcsh")]),
        ("651  0 $aUtrecht$xMaps.", "coverage", [("Utrecht", "spatial")]),
        ("648  7 $a1900-1910$2fast", "coverage", [("1900-1910", "temporal")]),
        ("653    $alocks$aweirs", "subjects", [("locks", None), ("weirs", None)]),
        ("655  7 $aMaps.$2lcgft", "types", [("Maps", "lcgft")]),
        ("690    $aCanals", "subjects", [("Canals", None)]),
        ("690 C  $aREPORT", "subjects", []),
        ("752    $aNetherlands$dUtrecht.", "coverage", [("Netherlands--Utrecht", "spatial")]),
        ("043    $ae-ne---", "coverage", [("e-ne", "geographic area code")]),
        ("082 04 $a627.1$223", "subjects", [("627.1", "ddc")]),
        ("522    $aProvince of Utrecht.", "coverage", [("Province of Utrecht.", "spatial")]),
    ],
)
def test_subjects_are_headings_with_their_system(field: str, where: str, expected: list[Told]) -> None:
    """Subdivisions are joined as subject headings are written."""
    assert _told(getattr(_described(field), where)) == expected


# --- notes, rights and gifts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "where", "expected"),
    [
        ("500    $aCover title.", "descriptions", ("Cover title.", None)),
        ("502    $aDiss.$cUtrecht$d1934", "descriptions", ("Diss. Utrecht 1934", "thesis")),
        ("505 0  $tOne --$tTwo", "descriptions", ("One -- Two", "tableOfContents")),
        ("520    $aDescribes locks.", "descriptions", ("Describes locks.", "abstract")),
        ("521    $aAges 9-12", "relations", ("Ages 9-12", "audience")),
        ("545    $aIda Berg drew maps.", "descriptions", ("Ida Berg drew maps.", "biographical or historical")),
        ("561    $aOwned by Ida Berg.$5NjP", "descriptions", ("Owned by Ida Berg.", "provenance")),
        ("583    $acatalogued$c2001", "descriptions", ("catalogued 2001", "action")),
    ],
)
def test_notes_have_what_they_are_of_as_their_role(field: str, where: str, expected: Told) -> None:
    """Ownership is a note: whether anyone gave the thing is for the donor rules."""
    assert _told(getattr(_described(field), where)) == [expected]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("506 1  $aClosed until 2040.", [("Closed until 2040.", "restrictions on access")]),
        (
            "506 0  $fUnrestricted online access$2star",
            [("Unrestricted online access", "restrictions on access")],
        ),
        ("506 1  $aEmbargoed.$g20310501", [("Embargoed.", "restrictions on access"), ("20310501", "available")]),
        (
            "540    $aBy permission.$fInC$uhttps://example.org/t",
            [
                ("By permission.", "use and reproduction"),
                ("InC", "use and reproduction"),
                ("https://example.org/t", "use and reproduction"),
            ],
        ),
        (
            "542    $dIda Berg$fCopyright Ida Berg$lin copyright$nAsk.$uhttps://example.org/c",
            [
                ("Ida Berg", "holder"),
                ("Copyright Ida Berg", "copyright"),
                ("in copyright", "status"),
                ("Ask.", "note"),
                ("https://example.org/c", "copyright"),
            ],
        ),
        (
            "856 40 $uhttps://example.org/1$lOnline access$rCC BY",
            [("Online access", "access"), ("CC BY", "use and reproduction")],
        ),
    ],
)
def test_rights_are_read_statement_by_statement(field: str, expected: list[Told]) -> None:
    """Words, standard terms and addresses are values of their own."""
    assert _told(_described(field).rights) == expected


def test_rights_of_a_part_say_of_which() -> None:
    """$3 names the materials."""
    assert _described("540    $3Photographs$aBy permission.").rights[0].parts == (("applies_to", "Photographs"),)


def test_a_holder_keeps_the_year() -> None:
    """The date of copyright is a date as well."""
    description = _described("542    $dIda Berg$g1974")
    assert description.rights[0].parts == (("year", "1974"),)
    assert _told(description.dates) == [("1974", "copyrighted")]


@pytest.mark.parametrize(
    ("field", "text", "parts"),
    [
        ("536    $aCanal Fund$cCF-58", "Canal Fund", {"award_number": "CF-58"}),
        ("536    $aCanal Fund$fP 12", "Canal Fund", {"award_number": "P 12"}),
        (
            "536    $aCanal Fund$bB1$eLocks$fLOCKSTEP",
            "Canal Fund",
            {"award_number": "B1", "programme": "Locks", "award_title": "LOCKSTEP"},
        ),
        ("536    $cCF-58", "CF-58", {"award_number": "CF-58"}),
    ],
)
def test_funding_keeps_numbers_apart(field: str, text: str, parts: dict[str, str]) -> None:
    """Funder, award, programme, project."""
    (donor,) = _described(field).donors
    assert (donor.text, donor.role, dict(donor.parts)) == (text, "funder", parts)


@pytest.mark.parametrize(
    ("words", "given"), [(words, key == "given") for key in ACQUISITION for words in ACQUISITION[key]]
)
def test_every_word_of_the_table_tells_whether_a_thing_was_given(words: str, given: bool) -> None:  # noqa: FBT001
    """In capitals or not."""
    assert was_given(words) is given
    assert was_given(f" {words.capitalize()}.. by Ida Berg") is given or words.endswith(" ")


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("Gift ;", "donor"),
        ("gift", "donor"),
        ("Donation", "donor"),
        ("Bequest", "donor"),
        ("Schenkung", "donor"),
        ("Don", "donor"),
        ("Dar", "donor"),
        ("", "acquisition"),
        ("by hand", "acquisition"),
        ("Purchase", None),
        ("Kauf", None),
        ("Achat", None),
        ("Compra", None),
        ("Покупка", None),
        ("Deposit", None),
        ("Exchange", None),
        ("Transfer", None),
        ("Dauerleihgabe", None),
        ("Pflichtexemplar", None),
    ],
)
def test_who_sold_or_lent_a_thing_did_not_give_it(method: str, role: str | None) -> None:
    """The method of acquisition decides; where it is silent, the donor rules may."""
    description = _described(f"541    $c{method}$aIda Berg ;$d1990.")
    if role is None:
        assert description.donors == ()
        assert [value.role for value in description.descriptions] == ["acquisition"]
    else:
        assert _told(description.donors) == [("Ida Berg", role)]
        assert dict(description.donors[0].parts)["date"] == "1990."


# --- sources and relations -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "role", "text", "parts"),
    [
        (
            "773 0  $tCanal Studies$gVol. 12, no. 3 (2010), p. 45-67$x2049-3630",
            "host",
            "Canal Studies, Vol. 12, no. 3 (2010), p. 45-67",
            {"container_title": "Canal Studies", "issn": "2049-3630"},
        ),
        (
            "773 0  $tCanal Studies$q12:3<45",
            "host",
            "Canal Studies, 12(3), 45",
            {"container_title": "Canal Studies", "volume": "12", "issue": "3", "pages": "45"},
        ),
        (
            "773 08 $tCanal Studies$gvolume:12$gnumber:3$gyear:2010$gpages:45-67",
            "host",
            "Canal Studies, 12(3), 45-67, 2010",
            {"container_title": "Canal Studies", "volume": "12", "issue": "3", "pages": "45-67", "year": "2010"},
        ),
        (
            "773    $pCanal Stud.$v12$n3$c45-67$y2010$a10.5555/1",
            "host",
            "Canal Stud., 12(3), 45-67, 2010",
            {
                "container_title": "Canal Stud.",
                "volume": "12",
                "issue": "3",
                "pages": "45-67",
                "year": "2010",
                "doi": "10.5555/1",
            },
        ),
        ("773 0  $aBerg papers", None, "", {}),
        (
            "490 0  $aInland waters ;$v12",
            "series",
            "Inland waters, 12",
            {"container_title": "Inland waters", "volume": "12"},
        ),
        (
            "830  0 $aInland waters.$pLocks ;$vno. 28585.",
            "series",
            "Inland waters. Locks, no. 28585",
            {"container_title": "Inland waters. Locks", "volume": "no. 28585"},
        ),
        (
            "800 1  $aBerg, Ida.$tMaps ;$v2",
            "series",
            "Berg, Ida. Maps, 2",
            {"container_title": "Maps", "volume": "2"},
        ),
        (
            "534    $pReproduction of:$cUtrecht : Canal Press, 1901.$lCanal Museum",
            "original",
            "Utrecht : Canal Press, 1901. Canal Museum",
            {"publication": "Utrecht : Canal Press, 1901", "repository": "Canal Museum"},
        ),
        (
            "533    $aMicrofilm.$bUtrecht :$cCanal Press,$d1987.",
            "reproduction",
            "Microfilm. Utrecht : Canal Press, 1987.",
            {"publisher": "Canal Press", "year": "1987"},
        ),
        (
            "535 1  $aCanal Museum$bUtrecht",
            "original location",
            "Canal Museum",
            {"repository": "Canal Museum"},
        ),
        (
            "852    $aCanal Museum$bMap Room$hK 7$i.B4",
            "location",
            "Canal Museum, Map Room, K 7 .B4",
            {"repository": "Canal Museum", "ref": "K 7 .B4"},
        ),
        ("852 0  $bMAIN$cSTACKS$hK 7", "location", "MAIN, STACKS, K 7", {"ref": "K 7"}),
        ("850    $aNjP", "location", "NjP", {"repository": "NjP"}),
    ],
)
def test_hosts_series_originals_and_keepers_are_sources(
    field: str, role: str | None, text: str, parts: dict[str, str]
) -> None:
    """Written as one line, with their parts beside it."""
    sources = _described(field).sources
    assert [(source.text, source.role, dict(source.parts)) for source in sources] == (
        [(text, role, parts)] if text else []
    )


def test_a_series_that_is_traced_is_given_as_it_is_traced() -> None:
    """490 with the first indicator 1 says the same as 830."""
    description = _described("490 1  $aWaters ;$v12", "830  0 $aInland waters ;$v12")
    assert [source.text for source in description.sources] == ["Inland waters, 12"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("776 08 $iOnline version:$aBerg, Ida.$tAtlas", ("Berg, Ida. Atlas", "Online version")),
        ("780 00 $tOld studies", ("Old studies", "preceding")),
        ("787    $x2049-3630", ("2049-3630", "related")),
        ("535 2  $aCanal Museum", ("Canal Museum", "location of duplicates")),
        ("856 42 $3Contents$uhttps://example.org/c", ("https://example.org/c", "Contents")),
        ("856 41 $uhttps://example.org/v", ("https://example.org/v", "version of resource")),
        ("730 02 $aBible.$lDutch", ("Bible. Dutch", "related work")),
    ],
)
def test_other_works_are_relations(field: str, expected: Told) -> None:
    """With what they are to this one as the role."""
    assert _told(_described(field).relations) == [expected]


# --- the record ---------------------------------------------------------------------------------------


def test_a_field_in_another_script_is_read_as_the_one_it_is_linked_to() -> None:
    """The tag stands in $6."""
    description = _described("245 10 $6880-01$aReka", "880 10 $6245-01/(N$a川", "880    $6999-00$ax", "880    $ay")
    assert [(title.text, title.element) for title in description.titles] == [("Reka", "marc:245"), ("川", "marc:880")]


def test_who_catalogued_a_thing_is_no_source() -> None:
    """Nor are the numbers of the record itself values."""
    record = (
        '<controlfield tag="001">77</controlfield><controlfield tag="003">XxCM</controlfield>',
        "040    $aXxCM$cXxCM",
    )
    assert _described(*record) == Description()


@pytest.mark.parametrize(
    "document",
    [
        _record("200 1  $aLa rivière$fIda Berg", "700  1 $aBerg$bIda"),
        _record("245 10 $aAtlas").replace("<record", '<record format="UNIMARC"'),
        _record("<leader>00000nz  a2200000n  4500</leader>", "100 1  $aBerg, Ida"),
    ],
    ids=["title in 200", "says so", "authority"],
)
def test_unimarc_and_headings_are_not_understood(document: str) -> None:
    """Their tags mean other things; the format is named all the same."""
    assert crosswalk(document.encode(), metadata_prefix="marc21") == ("marc21", None)


def test_a_collection_is_read_by_its_first_bibliographic_record() -> None:
    """Names and holdings may stand beside it."""
    authority = _record("<leader>00000nz  a2200000n  4500</leader>", "100 1  $aBerg, Ida")
    document = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{authority}{_record("245 10 $aAtlas")}</collection>'
    name, description = crosswalk(document.encode(), metadata_prefix="x")
    assert name == "marc21_collection"
    assert description is not None
    assert [title.text for title in description.titles] == ["Atlas"]


@pytest.mark.parametrize("namespace", ["", "info:lc/xmlns/marcxchange-v2"])
def test_marcxchange_and_bare_records_are_known_by_their_fields(namespace: str) -> None:
    """So are collections of them; a record of anything else is none."""
    record = _record("245 10 $aAtlas").replace("http://www.loc.gov/MARC21/slim", namespace)
    assert crosswalk(record.encode(), metadata_prefix="x")[0] == "marc21"
    assert crosswalk(f"<collection>{record}</collection>".encode(), metadata_prefix="x")[0] == "marc21_collection"
    assert crosswalk(b"<record><row/></record>", metadata_prefix="marc21") == ("record", None)


def test_oai_marc_has_its_own_names_for_the_same() -> None:
    """Quotation marks stand around fixed fields, circumflexes for blanks, the type of record in an attribute."""
    document = (
        '<oai_marc xmlns="http://www.openarchives.org/OAI/1.1/oai_marc" type="e" status="n" level="m">'
        '<fixfield id="8">"910312s1936^^^^sz^^^^^^^^^^^^000^0^ger^d"</fixfield>'
        '<varfield id="20" i1=" " i2=" "><subfield label="a">9780306406157</subfield></varfield>'
        '<varfield id="245" i1="1" i2="0"><subfield label="a">Atlas /</subfield></varfield></oai_marc>'
    )
    name, description = crosswalk(document.encode(), metadata_prefix="x")
    assert name == "oai_marc"
    assert description == Description(
        identifiers=(Value(text="9780306406157", element="marc:020", role="isbn"),),
        titles=(Value(text="Atlas", element="marc:245"),),
        dates=(Value(text="1936", element="marc:008", role="issued"),),
        types=(Value(text="cartographic", element="marc:leader"),),
        languages=(Value(text="ger", element="marc:008"),),
    )


# --- punctuation --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Atlas /", "Atlas"),
        ("Atlas :", "Atlas"),
        ("Atlas,", "Atlas"),
        ("Atlas ;", "Atlas"),
        ("Atlas. -", "Atlas"),
        ("Atlas.", "Atlas"),
        ("Atlas...", "Atlas..."),
        ("1900-", "1900-"),
        ("1900-1980.", "1900-1980"),
        ("Berg, I.", "Berg, I."),
        ("New York.", "New York"),
        ("A & Co.", "A & Co."),
        ("St.", "St."),
        ("7.", "7."),
        ("Rivers (3rd ed.).", "Rivers (3rd ed.)."),
        ("", ""),
        (" / ", " / "),
        (".", "."),
    ],
)
def test_punctuation_at_the_end_goes_where_it_is_the_records(text: str, without: str) -> None:
    """A stop stays that may belong to an abbreviation, an initial or a number."""
    assert without_end(text) == without


@pytest.mark.parametrize("word", STOPS["abbreviations"])
def test_the_stop_of_every_abbreviation_of_the_table_stays(word: str) -> None:
    """With a capital or without."""
    assert without_end(f"Canal {word}.") == f"Canal {word}."
    assert without_end(f"Canal {word.capitalize()}.,") == f"Canal {word.capitalize()}."


@pytest.mark.parametrize("particle", STOPS["particles"])
def test_the_stop_behind_every_particle_of_the_table_goes(particle: str) -> None:
    """An inverted name ends with one."""
    assert without_end(f"Berg, Ida {particle}.") == f"Berg, Ida {particle}"


@pytest.mark.parametrize(
    ("text", "bare"),
    [("[Bern] :", "Bern"), ("[Bern :", "Bern"), ("Bern]", "Bern"), ("Bern [i.e. Biel]", "Bern [i.e. Biel]")],
)
def test_brackets_around_the_whole_go(text: str, bare: str) -> None:
    """The cataloguer's own words are the value all the same."""
    assert unbracketed(text) == bare


def test_long_punctuation_is_taken_off_in_linear_time() -> None:
    """Twenty thousand marks are no trouble."""
    assert without_separator("x" + " /" * 10_000) == "x"

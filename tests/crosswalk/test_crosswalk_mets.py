"""METS: read by what it wraps."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description

METS = (
    '<mets xmlns="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:rts="http://cosimo.stanford.edu/sdr/metsrights/" '
    'xmlns:premis="http://www.loc.gov/premis/v3" xmlns:dv="http://dfg-viewer.de/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#" {}>{}</mets>'
)
MODS = "<mods:mods><mods:titleInfo><mods:title>{}</mods:title></mods:titleInfo></mods:mods>"
MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">{}</subfield></datafield></record>'
)
Told = tuple[str, str | None]


def _section(inside: str, name: str = "") -> str:
    return f'<dmdSec ID="{name}"><mdWrap><xmlData>{inside}</xmlData></mdWrap></dmdSec>'


def _rights(inside: str) -> str:
    return f"<amdSec><rightsMD><mdWrap><xmlData>{inside}</xmlData></mdWrap></rightsMD></amdSec>"


def _described(inside: str, attributes: str = "") -> Description:
    name, description = crosswalk(METS.format(attributes, inside).encode(), metadata_prefix="x")
    assert name == "mets"
    assert description is not None
    return description


def _titles(description: Description) -> list[str]:
    return [title.text for title in description.titles]


@pytest.mark.parametrize(
    "wrapped",
    [
        MODS.format("Atlas"),
        MARC.format("Atlas"),
        "<dc:title>Atlas</dc:title>",
        "<dc:title>Atlas</dc:title><dc:date>1901</dc:date>",
        '<oai:dc xmlns:oai="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:title>Atlas</dc:title></oai:dc>',
        f"<mods:modsCollection>{MODS.format('Atlas')}</mods:modsCollection>",
    ],
    ids=["mods", "marc", "one element", "bare elements", "oai_dc", "collection"],
)
def test_what_is_wrapped_is_read_in_its_own_format(wrapped: str) -> None:
    """Dublin Core may stand there without a root."""
    assert _titles(_described(_section(wrapped))) == ["Atlas"]


@pytest.mark.parametrize(
    ("structure", "title"),
    [
        ("", "One"),
        ('<structMap><div DMDID="b"/></structMap>', "Two"),
        ('<structMap><div><div DMDID="c b"/></div></structMap>', "Three"),
        (
            '<structMap><div DMDID="b"/></structMap><structMap TYPE="LOGICAL"><div DMDID="c"/></structMap>',
            "Three",
        ),
        ('<structMap><div DMDID="missing"/></structMap>', "One"),
    ],
)
def test_of_several_sections_the_one_of_the_whole_is_read(structure: str, title: str) -> None:
    """The first division that names one, the logical structure first; else the first section."""
    sections = "".join(_section(MODS.format(text), name) for name, text in (("a", "One"), ("b", "Two"), ("c", "Three")))
    assert _titles(_described(sections + structure)) == [title]


def test_of_two_sections_of_the_whole_dublin_core_is_not_read() -> None:
    """It repeats the other in fewer words."""
    dublin_core = _section("<dc:title>Short</dc:title>", "a").replace("<mdWrap>", '<mdWrap MDTYPE="DC">')
    structure = '<structMap><div DMDID="a b"/></structMap>'
    assert _titles(_described(dublin_core + _section(MODS.format("Atlas"), "b") + structure)) == ["Atlas"]


def test_a_section_that_is_not_understood_gives_way_to_the_next() -> None:
    """Repositories wrap a format of their own first."""
    sections = _section('<own xmlns="https://example.org/own"/>') + _section(MODS.format("Atlas"))
    assert _titles(_described(sections)) == ["Atlas"]


def test_version_2_writes_its_sections_otherwise() -> None:
    """A section says its use."""
    inside = (
        '<mdSec><md USE="TECHNICAL"><mdWrap><xmlData><dc:title>x</dc:title></xmlData></mdWrap></md>'
        f'<md ID="a" USE="DESCRIPTIVE"><mdWrap><xmlData>{MODS.format("Atlas")}</xmlData></mdWrap></md></mdSec>'
    )
    document = METS.format("", inside).replace("http://www.loc.gov/METS/", "http://www.loc.gov/METS/v2")
    name, description = crosswalk(document.encode(), metadata_prefix="x")
    assert name == "mets"
    assert description is not None
    assert _titles(description) == ["Atlas"]


def test_a_document_of_unknown_metadata_is_not_understood() -> None:
    """It is named as METS all the same."""
    document = METS.format(
        "", _section('<own xmlns="https://example.org/own"/>') + _rights("<dc:rights>CC0</dc:rights>")
    )
    assert crosswalk(document.encode(), metadata_prefix="mets") == ("mets", None)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("<dc:rights>CC0 1.0</dc:rights>", [("CC0 1.0", "rights")]),
        (
            '<oai:dc xmlns:oai="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:rights>CC0</dc:rights></oai:dc>',
            [("CC0", "rights")],
        ),
        ("All rights reserved.", [("All rights reserved.", None)]),
        (
            (
                '<rts:RightsDeclarationMD RIGHTSCATEGORY="COPYRIGHTED"><rts:RightsDeclaration>By permission.'
                "</rts:RightsDeclaration><rts:RightsHolder><rts:RightsHolderName>Ida Berg</rts:RightsHolderName>"
                "</rts:RightsHolder></rts:RightsDeclarationMD>"
            ),
            [("COPYRIGHTED", "status"), ("By permission.", "rights"), ("Ida Berg", "holder")],
        ),
        (
            (
                "<premis:rightsStatement><premis:rightsBasis>copyright</premis:rightsBasis><premis:copyrightInformation>"
                "<premis:copyrightStatus>publicdomain</premis:copyrightStatus><premis:copyrightNote>Died 1901."
                "</premis:copyrightNote></premis:copyrightInformation></premis:rightsStatement>"
            ),
            [("copyright", "basis"), ("publicdomain", "status"), ("Died 1901.", "rights")],
        ),
        (
            "<dv:rights><dv:owner>Canal Museum</dv:owner><dv:license>pdm</dv:license></dv:rights>",
            [("pdm", "license")],
        ),
        (
            '<rdf:RDF><cc:Work><cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/></cc:Work></rdf:RDF>',
            [("http://creativecommons.org/licenses/by/4.0/", "license")],
        ),
        ("<mods:accessCondition>By permission.</mods:accessCondition>", [("By permission.", "rights")]),
    ],
    ids=["dc", "oai_dc", "words", "metsrights", "premis", "dfg", "rdf", "mods"],
)
def test_rights_stand_in_sections_of_their_own(statement: str, expected: list[Told]) -> None:
    """In whichever vocabulary."""
    description = _described(_section(MODS.format("Atlas")) + _rights(statement))
    assert [(value.text, value.role) for value in description.rights] == expected
    assert {value.element for value in description.rights} == {"mets:rightsMD"}


def test_the_licence_of_a_deposit_is_no_licence_for_readers() -> None:
    """It is wrapped in base 64, and grants the repository something."""
    inside = "<amdSec><rightsMD><mdWrap><binData>Q0MgQlk=</binData></mdWrap></rightsMD></amdSec>"
    assert _described(_section(MODS.format("Atlas")) + inside).rights == ()


def test_the_document_says_its_identifier_and_label_behind() -> None:
    """What is wrapped comes first."""
    description = _described(_section(MODS.format("Atlas")), 'OBJID=" obj-1 " LABEL="Atlas, scanned"')
    assert [(value.text, value.role) for value in description.identifiers] == [("obj-1", "OBJID")]
    assert [(value.text, value.role) for value in description.titles] == [("Atlas", None), ("Atlas, scanned", "LABEL")]

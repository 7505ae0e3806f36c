"""DIM, DSpace's fields written out flat: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

DIM = '<dim:dim xmlns:dim="http://www.dspace.org/xmlns/dspace/dim">{}</dim:dim>'


def _field(name: str, text: str, *, attributes: str = "") -> str:
    """Write a field, given as ``schema.element.qualifier``."""
    schema, element, *qualifiers = name.split(".", 2)
    qualifier = f' qualifier="{qualifiers[0]}"' if qualifiers else ""
    return f'<dim:field mdschema="{schema}" element="{element}"{qualifier}{attributes}>{text}</dim:field>'


def _described(*fields: str) -> Description:
    _, description = crosswalk(DIM.format("".join(fields)).encode(), metadata_prefix="oai_dc")
    assert description is not None
    return description


@pytest.mark.parametrize(
    ("name", "field", "element", "role"),
    [
        ("dc.title", "titles", "title", None),
        ("dc.title.alternative", "titles", "title.alternative", "alternative"),
        ("dc.creator", "creators", "creator", None),
        ("dc.contributor.author", "creators", "contributor.author", None),
        ("dc.contributor.advisor", "contributors", "contributor.advisor", "advisor"),
        ("dc.contributor", "contributors", "contributor", None),
        ("dc.contributor.funder", "donors", "contributor.funder", "funder"),
        ("dc.contributor.donor", "donors", "contributor.donor", "donor"),
        ("dc.contributor.sponsor", "donors", "contributor.sponsor", "sponsor"),
        ("dc.description.sponsorship", "donors", "description.sponsorship", "sponsor"),
        ("project.funder.name", "donors", "project.funder.name", "funder"),
        ("dc.description", "descriptions", "description", None),
        ("dc.description.abstract", "descriptions", "description.abstract", "abstract"),
        ("dc.subject.lcsh", "subjects", "subject.lcsh", "lcsh"),
        ("dc.publisher", "publishers", "publisher", None),
        ("dc.date.issued", "dates", "date.issued", "issued"),
        ("dc.date.accessioned", "dates", "date.accessioned", "accessioned"),
        ("dcterms.created", "dates", "dcterms.created", "created"),
        ("dc.date.embargo", "rights", "date.embargo", "embargoEnd"),
        ("dc.description.embargo", "rights", "description.embargo", "embargoEnd"),
        ("local.embargo.terms", "rights", "local.embargo.terms", "embargoEnd"),
        ("local.embargo.liftdate", "rights", "local.embargo.liftdate", "embargoEnd"),
        ("dc.date.embargoStart", "rights", "date.embargoStart", "embargo"),
        ("dc.rights.embargoReason", "rights", "rights.embargoReason", "embargo"),
        ("dc.rights", "rights", "rights", None),
        ("dc.rights.uri", "rights", "rights.uri", "license"),
        ("dc.rights.license", "rights", "rights.license", "license"),
        ("dc.rights.holder", "rights", "rights.holder", "holder"),
        ("dc.rights.accessRights", "rights", "rights.accessRights", "access"),
        ("dcterms.accessRights", "rights", "dcterms.accessRights", "access"),
        ("dc.language.iso", "languages", "language.iso", "iso"),
        ("dc.type", "types", "type", None),
        ("thesis.degree.name", "types", "thesis.degree.name", "degree.name"),
        ("thesis.degree.grantor", "contributors", "thesis.degree.grantor", "degree.grantor"),
        ("thesis.degree.discipline", "subjects", "thesis.degree.discipline", "degree.discipline"),
        ("dc.format.extent", "formats", "format.extent", "extent"),
        ("dc.coverage.spatial", "coverage", "coverage.spatial", "spatial"),
        ("dc.identifier.uri", "identifiers", "identifier.uri", "uri"),
        ("dc.identifier.citation", "relations", "identifier.citation", "bibliographicCitation"),
        ("dc.relation.ispartofseries", "relations", "relation.ispartofseries", "ispartofseries"),
        ("dc.source", "sources", "source", None),
        ("dc.source.uri", "sources", "source.uri", "uri"),
        ("house.shelf.number", "relations", "house.shelf.number", "shelf.number"),
    ],
)
def test_each_field_goes_to_its_place(name: str, field: str, element: str, role: str | None) -> None:
    """The schema is written only where it is not DSpace's own."""
    assert _described(_field(name, "Words")) == Description(
        **{field: (Value(text="Words", element=f"dim:{element}", role=role),)}
    )


def test_the_log_of_the_deposit_is_left_out() -> None:
    """It tells who put a file where, with mail addresses, and nothing of who held the thing."""
    assert _described(_field("dc.description.provenance", "Submitted by A (a@example.org)")) == Description()


def test_a_term_of_access_is_no_licence_wherever_it_stands() -> None:
    """Many keep it in the field that is meant for the licence's address."""
    (value,) = _described(_field("dc.rights.uri", "info:eu-repo/semantics/openAccess")).rights
    assert value.role == "access"


@pytest.mark.parametrize(
    ("attributes", "lang", "parts"),
    [
        ("", None, ()),
        (' lang="pt_PT"', "pt_PT", ()),
        (' lang="*"', None, ()),
        (' lang=""', None, ()),
        (' authority="0a81af48-388e" confidence="600"', None, ()),
        (
            ' authority="https://orcid.org/0000-0002-1825-0097"',
            None,
            (("identifier", "https://orcid.org/0000-0002-1825-0097"),),
        ),
    ],
    ids=["nothing", "a language", "of no language", "an empty language", "a key of DSpace's own", "an address"],
)
def test_language_and_authority_are_attributes(
    attributes: str, lang: str | None, parts: tuple[tuple[str, str], ...]
) -> None:
    """Only an address of an authority file means anything outside."""
    assert _described(_field("dc.contributor.author", "Costa, Rui", attributes=attributes)).creators == (
        Value(text="Costa, Rui", element="dim:contributor.author", lang=lang, parts=parts),
    )


SEA = _field("dc.description.sponsorship", "Sea Council")
LAND = _field("dc.contributor.funder", "Land Council")
FIRST = _field("dc.relation.grantno", "S/1")
AGREEMENT = _field("dc.relation.grantno", "info:eu-repo/grantAgreement/EC/FP7/244909")
SECOND = _field("dc.relation.grantno", "L/2")


@pytest.mark.parametrize(
    ("fields", "awards", "left"),
    [
        ((FIRST, SEA), [("S/1",)], []),
        ((SEA, FIRST, SECOND), [("S/1", "L/2")], []),
        ((SEA, LAND, FIRST, SECOND), [("S/1",), ("L/2",)], []),
        ((SEA, LAND, FIRST), [(), ()], ["S/1"]),
        ((FIRST,), [], ["S/1"]),
        ((SEA, AGREEMENT), [()], ["info:eu-repo/grantAgreement/EC/FP7/244909"]),
    ],
    ids=[
        "one of one",
        "two of one",
        "as many as there are givers",
        "nobody knows whose",
        "nobody's",
        "an agreement that names who gave",
    ],
)
def test_numbers_of_grants_go_to_whom_they_are_of(
    fields: tuple[str, ...], awards: list[tuple[str, ...]], left: list[str]
) -> None:
    """Where that can not be told they are relations."""
    found = _described(*fields)
    assert [tuple(text for _, text in donor.parts) for donor in found.donors] == awards
    assert [value.text for value in found.relations] == left


@pytest.mark.parametrize("name", ["oaire.citation", "dc.source", "dc.bibliographicCitation"])
def test_the_fields_of_a_citation_are_one_source(name: str) -> None:
    """Houses keep journal, volume, issue and pages in different fields; together they tell one thing."""
    parts = {"title": "Revista", "volume": "4", "issue": "1", "startPage": "7", "endPage": "9"}
    fields = [_field(f"{name}.{qualifier}", text) for qualifier, text in parts.items()]
    (source,) = _described(*fields).sources
    assert source.text == "Revista, 4(1), 7-9"
    assert dict(source.parts) == {"container_title": "Revista", "volume": "4", "issue": "1", "pages": "7-9"}


@pytest.mark.parametrize(
    ("document", "known"),
    [
        ('<dim><field element="title">T</field></dim>', True),
        ('<d:dim xmlns:d="https://example.org/"><d:field mdschema="dc" element="title">T</d:field></d:dim>', True),
        ("<dim><x>1</x></dim>", False),
        ("<dim/>", False),
    ],
)
def test_dim_in_another_namespace_is_known_by_its_fields(document: str, *, known: bool) -> None:
    """Without a schema a field is Dublin Core's."""
    description = crosswalk(document.encode(), metadata_prefix="dim")[1]
    assert description == (Description(titles=(Value(text="T", element="dim:title"),)) if known else None)

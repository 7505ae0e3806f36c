"""The Europeana Data Model, its forerunner, and plain Dublin Core in RDF: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:edm="http://www.europeana.eu/schemas/edm/"'
    ' xmlns:ore="http://www.openarchives.org/ore/terms/" xmlns:skos="http://www.w3.org/2004/02/skos/core#"'
    ' xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:cc="http://creativecommons.org/ns#"'
    ' xmlns:odrl="http://www.w3.org/ns/odrl/2/" xmlns:dpla="http://dp.la/about/map/"'
    ' xmlns:ebucore="http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#"'
)
RDF = f"<rdf:RDF {NAMESPACES}>{{}}</rdf:RDF>"
OBJECT = '<edm:ProvidedCHO rdf:about="#thing">{}</edm:ProvidedCHO>'
AGGREGATION = (
    '<ore:Aggregation rdf:about="#all"><edm:aggregatedCHO rdf:resource="#thing"/>{}</ore:Aggregation>'
    '<edm:ProvidedCHO rdf:about="#thing"/>'
)
INC = "http://rightsstatements.org/vocab/InC/1.0/"
PDM = "http://creativecommons.org/publicdomain/mark/1.0/"


def _described(document: str, name: str = "edm") -> Description:
    found, description = crosswalk(document.encode(), metadata_prefix="oai_dc")
    assert found == name
    assert description is not None
    return description


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ('<dc:title xml:lang="fr">Plan</dc:title>', "titles", Value(text="Plan", lang="fr", element="dc:title")),
        ("<dc:rights>© Port</dc:rights>", "rights", Value(text="© Port", element="dc:rights")),
        (
            "<dcterms:provenance>Don</dcterms:provenance>",
            "descriptions",
            Value(text="Don", element="dcterms:provenance", role="provenance"),
        ),
        ("<dc:source>Atlas, p. 3</dc:source>", "sources", Value(text="Atlas, p. 3", element="dc:source")),
        ("<edm:type>IMAGE</edm:type>", "types", Value(text="IMAGE", element="edm:type")),
        ("<edm:year>1911</edm:year>", "dates", Value(text="1911", element="edm:year", role="year")),
        (
            '<dcterms:isPartOf rdf:resource="https://example.org/series"/>',
            "relations",
            Value(text="https://example.org/series", element="dcterms:isPartOf", role="isPartOf"),
        ),
        (
            '<edm:currentLocation rdf:resource="https://example.org/places/1"/>',
            "relations",
            Value(text="https://example.org/places/1", element="edm:currentLocation", role="currentLocation"),
        ),
    ],
)
def test_the_object_is_described_by_its_own_properties(element: str, field: str, value: Value) -> None:
    """Dublin Core's, and those that the model adds."""
    assert _described(RDF.format(OBJECT.format(element))) == Description(**{field: (value,)})


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        (f'<edm:rights rdf:resource="{INC}"/>', "rights", Value(text=INC, element="edm:rights")),
        ("<dc:rights>© Port</dc:rights>", "rights", Value(text="© Port", element="dc:rights")),
        (
            '<edm:dataProvider xml:lang="fr">Archives</edm:dataProvider>',
            "relations",
            Value(text="Archives", lang="fr", element="edm:dataProvider", role="dataProvider"),
        ),
        (
            "<edm:provider>Hub</edm:provider>",
            "relations",
            Value(text="Hub", element="edm:provider", role="provider"),
        ),
        (
            "<edm:intermediateProvider>Region</edm:intermediateProvider>",
            "relations",
            Value(text="Region", element="edm:intermediateProvider", role="intermediateProvider"),
        ),
        (
            '<edm:isShownAt rdf:resource="https://example.org/1"/>',
            "identifiers",
            Value(text="https://example.org/1", element="edm:isShownAt", role="isShownAt"),
        ),
        (
            '<edm:object rdf:resource="https://example.org/1.jpg"/>',
            "relations",
            Value(text="https://example.org/1.jpg", element="edm:object", role="object"),
        ),
    ],
)
def test_the_aggregation_says_what_may_be_done_and_who_provides(element: str, field: str, value: Value) -> None:
    """Who provides the data is no source of the thing."""
    assert _described(RDF.format(AGGREGATION.format(element))) == Description(**{field: (value,)})


def test_pages_add_their_rights_and_formats_once() -> None:
    """The role tells that they may be other than the object's; what pages say besides is not of the object."""
    page = (
        '<edm:WebResource rdf:about="https://example.org/{}.jpg"><dc:description>Page</dc:description>'
        f'<edm:rights rdf:resource="{PDM}"/><ebucore:hasMimeType>image/jpeg</ebucore:hasMimeType></edm:WebResource>'
    )
    views = "".join(f'<edm:hasView rdf:resource="https://example.org/{number}.jpg"/>' for number in (1, 2))
    rights = f'<edm:rights rdf:resource="{INC}"/>'
    found = _described(
        RDF.format(AGGREGATION.format(rights + views) + page.format(1) + page.format(2) + page.format(3))
    )
    assert found.rights == (
        Value(text=INC, element="edm:rights"),
        Value(text=PDM, element="edm:rights", role="webResource"),
    )
    assert found.formats == (Value(text="image/jpeg", element="ebucore:hasMimeType"),)
    assert found.descriptions == ()


CONCEPT = (
    '<skos:Concept rdf:about="https://example.org/t"><skos:altLabel>Charts</skos:altLabel>'
    '<skos:prefLabel xml:lang="fr">Cartes</skos:prefLabel><skos:prefLabel xml:lang="en">Maps</skos:prefLabel>'
    "</skos:Concept>"
)
AGENT = (
    '<edm:Agent rdf:about="#roux"><skos:prefLabel xml:lang="fr">Roux, Jeanne</skos:prefLabel>'
    '<skos:prefLabel xml:lang="en">Roux, Joan</skos:prefLabel></edm:Agent>'
)
IDENTIFIED = (("identifier", "https://example.org/t"),)


@pytest.mark.parametrize(
    ("element", "field", "values"),
    [
        (
            '<dc:subject rdf:resource="https://example.org/t"/>',
            "subjects",
            [("Cartes", "fr", IDENTIFIED), ("Maps", "en", IDENTIFIED)],
        ),
        ('<dc:creator rdf:resource="#roux"/>', "creators", [("Roux, Jeanne", "fr", ())]),
        ('<dc:subject rdf:resource="https://example.org/u"/>', "subjects", [("https://example.org/u", None, ())]),
        (
            (
                '<dc:creator><foaf:Person rdf:about="https://example.org/p"><foaf:name>Roux, Jeanne</foaf:name>'
                "</foaf:Person></dc:creator>"
            ),
            "creators",
            [("Roux, Jeanne", None, (("identifier", "https://example.org/p"),))],
        ),
        (
            '<dc:creator><foaf:Person rdf:about="https://example.org/p"/></dc:creator>',
            "creators",
            [("https://example.org/p", None, ())],
        ),
        (
            (
                "<dcterms:temporal><edm:TimeSpan><edm:begin>1903</edm:begin><edm:end>1906</edm:end></edm:TimeSpan>"
                "</dcterms:temporal>"
            ),
            "coverage",
            [("1903/1906", None, ())],
        ),
        (
            (
                '<dc:creator><rdf:Seq><rdf:li>Roux, Jeanne</rdf:li><rdf:li rdf:resource="https://example.org/p"/><rdf:li/>'
                "</rdf:Seq></dc:creator>"
            ),
            "creators",
            [("Roux, Jeanne", None, ()), ("https://example.org/p", None, ())],
        ),
        (
            '<dc:title rdf:parseType="Literal">On <i>Beroe</i></dc:title>',
            "titles",
            [("On Beroe", None, ())],
        ),
        (
            "<dc:language><rdf:Description><rdf:value>fr</rdf:value></rdf:Description></dc:language>",
            "languages",
            [("fr", None, ())],
        ),
    ],
    ids=[
        "a concept has a name in each language",
        "a person has one name",
        "a resource of another document",
        "a resource inside the property",
        "a resource without a name",
        "a span of time without a name",
        "a sequence of several",
        "words with markup",
        "a value with a class of its own",
    ],
)
def test_resources_are_read_by_their_names(
    element: str, field: str, values: list[tuple[str, str | None, tuple[tuple[str, str], ...]]]
) -> None:
    """Their address is kept beside the name where others can follow it."""
    found = getattr(_described(RDF.format(CONCEPT + OBJECT.format(element) + AGENT)), field)
    assert [(value.text, value.lang, value.parts) for value in found] == values


def test_a_licence_of_the_document_itself_is_the_one_it_inherits_from() -> None:
    """Providers make one of their own to add the day on which it ends."""
    licence = (
        f'<cc:License rdf:about="#licence"><odrl:inheritFrom rdf:resource="{INC}"/>'
        "<cc:deprecatedOn>2031-01-01</cc:deprecatedOn></cc:License>"
    )
    rights = _described(RDF.format(AGGREGATION.format('<edm:rights rdf:resource="#licence"/>') + licence)).rights
    assert rights == (Value(text=INC, element="edm:rights"),)


def test_rights_with_a_name_keep_their_address() -> None:
    """The address decides; the name is what people read."""
    label = '<skos:prefLabel xml:lang="en">In Copyright</skos:prefLabel>'
    statement = f'<dcterms:RightsStatement rdf:about="{INC}">{label}</dcterms:RightsStatement>'
    rights = _described(RDF.format(AGGREGATION.format(f'<edm:rights rdf:resource="{INC}"/>') + statement)).rights
    assert [(value.text, value.lang) for value in rights] == [("In Copyright", "en"), (INC, None)]


def test_a_page_is_read_by_its_address() -> None:
    """Its title is not the thing's."""
    shown = '<edm:isShownBy rdf:resource="https://example.org/1.jpg"/>'
    page = '<edm:WebResource rdf:about="https://example.org/1.jpg"><dc:title>Page 1</dc:title></edm:WebResource>'
    relations = _described(RDF.format(AGGREGATION.format(shown) + page)).relations
    assert [value.text for value in relations] == ["https://example.org/1.jpg"]


def test_many_references_to_many_names_do_not_multiply() -> None:
    """A resource is read once a property, and a hundred of its names: a small record must not become a huge one."""
    names = "<skos:prefLabel>N</skos:prefLabel>" * 3000
    subjects = '<dc:subject rdf:resource="#t"/>' * 3000
    items = '<rdf:li rdf:resource="#t"/>' * 3000
    inside = f"<dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"
    document = RDF.format(
        f"<rdf:Description><dc:title>T</dc:title>{subjects}{inside}</rdf:Description>"
        f'<skos:Concept rdf:about="#t">{names}</skos:Concept>'
    )
    assert len(_described(document, "rdf_dc").subjects) == 200


PROXY = '<ore:Proxy rdf:about="{}"><ore:proxyFor rdf:resource="#thing"/>{}</ore:Proxy>'


@pytest.mark.parametrize(
    ("proxies", "titles"),
    [
        (
            PROXY.format("#e", "<edm:europeanaProxy>true</edm:europeanaProxy><dc:title>Theirs</dc:title>")
            + PROXY.format("#p", "<edm:europeanaProxy>false</edm:europeanaProxy><dc:title>Own</dc:title>")
            + PROXY.format("#q", '<ore:lineage rdf:resource="#p"/><dc:title>Own</dc:title><dc:title>More</dc:title>'),
            ["Own", "More"],
        ),
        (
            PROXY.format("#e", "<edm:europeanaProxy>true</edm:europeanaProxy><dc:title>Theirs</dc:title>"),
            ["Theirs"],
        ),
    ],
    ids=["providers before Europeana, each value once", "Europeana where nobody else speaks"],
)
def test_proxies_speak_for_the_object(proxies: str, titles: list[str]) -> None:
    """In what Europeana gives out, the object itself has no properties."""
    found = _described(RDF.format(AGGREGATION.format("") + proxies)).titles
    assert [title.text for title in found] == titles


def test_of_several_objects_the_first_aggregated_one_is_described() -> None:
    """The others are what it is part of, or made from."""
    document = RDF.format(
        '<edm:ProvidedCHO rdf:about="#whole"><dc:title>Whole</dc:title></edm:ProvidedCHO>'
        + OBJECT.format("<dc:title>Thing</dc:title>")
        + '<ore:Aggregation><edm:aggregatedCHO rdf:resource="#thing"/></ore:Aggregation>'
        '<ore:Aggregation><edm:aggregatedCHO rdf:resource="#whole"/><dc:rights>Of the whole</dc:rights>'
        "</ore:Aggregation>"
    )
    assert _described(document) == Description(titles=(Value(text="Thing", element="dc:title"),))


@pytest.mark.parametrize(
    "document",
    [
        RDF.format(
            '<ore:Aggregation><edm:aggregatedCHO><edm:ProvidedCHO rdf:about="#thing"><dc:title>T</dc:title>'
            "</edm:ProvidedCHO></edm:aggregatedCHO></ore:Aggregation>"
        ),
        (
            f'<ore:Aggregation {NAMESPACES} rdf:about="#all"><edm:aggregatedCHO><dpla:SourceResource>'
            "<dc:title>T</dc:title></dpla:SourceResource></edm:aggregatedCHO></ore:Aggregation>"
        ),
        RDF.format(
            '<rdf:Description rdf:about="#thing"><rdf:type rdf:resource="http://www.europeana.eu/schemas/edm/ProvidedCHO"/>'
            "<dc:title>T</dc:title></rdf:Description>"
        ),
        RDF.format(
            '<edm:ProvidedCHO rdf:ID="thing"><dc:title>T</dc:title></edm:ProvidedCHO>'
            '<ore:Aggregation><edm:aggregatedCHO rdf:resource="#thing"/></ore:Aggregation>'
        ),
    ],
    ids=["inside the aggregation", "the aggregation is the root", "a description with a type", "rdf:ID"],
)
def test_an_object_is_found_however_it_is_written(document: str) -> None:
    """RDF has many ways to write the same."""
    assert _described(document).titles == (Value(text="T", element="dc:title"),)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ('<rdf:Description rdf:about="#a"><dc:title>T</dc:title></rdf:Description>', "T"),
        (
            (
                '<rdf:Description rdf:about="#a"><cc:license rdf:resource="#l"/></rdf:Description>'
                '<foaf:Document rdf:about="#b"><dc:title>T</dc:title></foaf:Document>'
            ),
            "T",
        ),
        (
            (
                '<foaf:Document rdf:about="#file"><dc:format>application/pdf</dc:format></foaf:Document>'
                '<foaf:Document rdf:about="#b"><rdf:type rdf:resource="#Paper"/><dc:title>T</dc:title>'
                '<dc:creator rdf:resource="#p"/></foaf:Document><foaf:Person rdf:about="#p"><foaf:name>N</foaf:name>'
                "</foaf:Person>"
            ),
            "T by N",
        ),
    ],
    ids=["a description", "a resource that has Dublin Core", "the resource that has most of it"],
)
def test_rdf_without_a_model_is_read_as_dublin_core(content: str, title: str) -> None:
    """The resource that has most of its elements is the thing; others are read by their names."""
    found = _described(RDF.format(content), "rdf_dc")
    assert " by ".join(value.text for value in (*found.titles, *found.creators)) == title
    assert (found.types, found.formats, found.relations) == ((), (), ())


@pytest.mark.parametrize(
    "content",
    ["", '<rdf:Description rdf:about="#a"/>', '<foaf:Person rdf:about="#a"><foaf:name>N</foaf:name></foaf:Person>'],
)
def test_rdf_of_other_things_is_not_understood(content: str) -> None:
    """It is kept raw, under the name of its root."""
    assert crosswalk(RDF.format(content).encode(), metadata_prefix="edm") == (
        "RDF http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        None,
    )


ESE = (
    '<europeana:record xmlns:europeana="http://www.europeana.eu/schemas/ese/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">{}</europeana:record>'
)


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        ("<dc:title>Gezicht</dc:title>", "titles", Value(text="Gezicht", element="dc:title")),
        (
            "<europeana:rights>http://www.europeana.eu/rights/rr-f/</europeana:rights>",
            "rights",
            Value(text="http://www.europeana.eu/rights/rr-f/", element="europeana:rights"),
        ),
        ("<europeana:type>IMAGE</europeana:type>", "types", Value(text="IMAGE", element="europeana:type")),
        (
            "<europeana:dataProvider>Stadsarchief</europeana:dataProvider>",
            "relations",
            Value(text="Stadsarchief", element="europeana:dataProvider", role="dataProvider"),
        ),
        (
            "<europeana:language>nl</europeana:language>",
            "relations",
            Value(text="nl", element="europeana:language", role="language"),
        ),
    ],
)
def test_europeana_semantic_elements(element: str, field: str, value: Value) -> None:
    """Language and country are the provider's, not the thing's."""
    assert _described(ESE.format(element), "ese") == Description(**{field: (value,)})

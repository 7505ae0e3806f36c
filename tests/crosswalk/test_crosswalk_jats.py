"""JATS and the NLM tag sets before it: XML in, description out."""

import pytest
from crosswalked import described, languages, said, sample

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

ARTICLE = '<article xmlns:xlink="http://www.w3.org/1999/xlink">{}</article>'
META = "<front><article-meta>{}</article-meta></front>"


def _article(inside: str) -> Description:
    return described(ARTICLE.format(inside), known_as="jats")


def _meta(inside: str) -> Description:
    return _article(META.format(inside))


def _funders(funding: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(donor.text, list(donor.parts)) for donor in _meta(f"<funding-group>{funding}</funding-group>").donors]


def test_permissions_name_notice_holder_licence_and_access() -> None:
    """The licence by its addresses and in its words; the year stands beside the holder."""
    article = sample("jats")
    assert said(article.rights) == [
        ("© 2016 The Moss Group", None),
        ("The Moss Group", "holder"),
        ("https://creativecommons.org/licenses/by/4.0/", "license"),
        ("https://creativecommons.org/licenses/by/4.0/deed", "license"),
        ("Share and adapt with attribution.", "license"),
        ("open-access", "access"),
    ]
    assert [value.parts for value in article.rights[1:4:2]] == [(("year", "2016"),), (("start_date", "2016-03-01"),)]


@pytest.mark.parametrize(
    ("licence", "rights"),
    [
        ('<license xlink:href="https://x.example/l"/>', [("https://x.example/l", "license")]),
        (
            '<license><p>See <ext-link xlink:href="https://x.example/l">here</ext-link>.</p></license>',
            [("https://x.example/l", "license"), ("See here.", "license")],
        ),
        (
            '<license><p>See <ext-link xlink:href="https://x.example/l">https://x.example/l</ext-link></p></license>',
            [("See https://x.example/l", "license")],
        ),
        ("<free_to_read/>", [("free_to_read", "access")]),
        ("<license_ref>https://x.example/l</license_ref>", [("https://x.example/l", "license")]),
    ],
)
@pytest.mark.parametrize("place", ["<permissions>{}</permissions>", "{}"])
def test_a_licence_is_read_from_attribute_link_and_words(
    licence: str, rights: list[tuple[str, str]], place: str
) -> None:
    """In the permissions, or beside them as older tag sets have it."""
    assert said(_meta(place.format(licence)).rights) == rights


@pytest.mark.parametrize(
    ("funding", "funders"),
    [
        pytest.param(
            "<award-group><funding-source>A</funding-source><award-id>1</award-id></award-group>",
            [("A", [("award_number", "1")])],
            id="text",
        ),
        pytest.param(
            "<award-group><funding-source>A<named-content content-type='funder-id'>10.13039/1</named-content>"
            "</funding-source></award-group>",
            [("A", [("identifier", "10.13039/1")])],
            id="number among the words",
        ),
        pytest.param(
            "<award-group><funding-source><institution-wrap><institution>A</institution>"
            "<institution-id>https://ror.org/000000000</institution-id></institution-wrap></funding-source></award-group>",
            [("A", [("identifier", "https://ror.org/000000000")])],
            id="institution",
        ),
        pytest.param(
            "<award-group><funding-source>A</funding-source><funding-source>B</funding-source><award-id>1</award-id>"
            "</award-group>",
            [("A", [("award_number", "1")]), ("B", [("award_number", "1")])],
            id="two bodies, one award",
        ),
        pytest.param(
            "<award-group><funding-source>A</funding-source><award-id xlink:href='https://x.example/1'>1</award-id>"
            "<award-name>N</award-name></award-group>",
            [("A", [("award_number", "1"), ("award_uri", "https://x.example/1"), ("award_title", "N")])],
            id="address and name of the award",
        ),
    ],
)
def test_tagged_funding_gives_bodies_identifiers_and_awards(
    funding: str, funders: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    """Each group by itself."""
    assert _funders(funding) == funders


def test_an_award_of_no_body_is_a_relation() -> None:
    """Nobody is named by a number."""
    article = _meta("<funding-group><award-group><award-id>1</award-id></award-group></funding-group>")
    assert (article.donors, said(article.relations)) == ((), [("1", "award-id")])


@pytest.mark.parametrize(
    ("contracts", "funders"),
    [
        (
            "<contract-num>1</contract-num><contract-sponsor>A</contract-sponsor>",
            [("A", [("award_number", "1")])],
        ),
        (
            "<contract-num rid='b'>1</contract-num><contract-sponsor id='a'>A</contract-sponsor>{}".format(
                "<contract-num rid='a'>2</contract-num><contract-sponsor id='b'>B</contract-sponsor>"
            ),
            [("A", [("award_number", "2")]), ("B", [("award_number", "1")])],
        ),
        (
            "<contract-num>1</contract-num><contract-sponsor>A</contract-sponsor><contract-sponsor>B</contract-sponsor>",
            [("A", []), ("B", [])],
        ),
    ],
)
def test_older_sponsors_get_the_contracts_that_point_to_them(
    contracts: str, funders: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    """Or that stand beside the only one."""
    assert [(donor.text, list(donor.parts)) for donor in _meta(contracts).donors] == funders


@pytest.mark.parametrize(
    "place",
    [
        "<front><article-meta><author-notes>{}</author-notes></article-meta></front>",
        "<front/><back><fn-group>{}</fn-group></back>",
    ],
)
def test_notes_on_funding_are_words_and_other_notes_are_left(place: str) -> None:
    """Wherever they stand."""
    notes = "<fn fn-type='supported-by'><label>1</label><p>Paid by A.</p></fn><fn fn-type='con'><p>B wrote it.</p></fn>"
    assert said(_article(place.format(notes)).descriptions) == [("Paid by A.", "supported-by")]


def test_the_journal_and_the_place_in_it_are_one_source() -> None:
    """Its parts in the order in which they are cited."""
    assert sample("jats").sources == (
        Value(
            text="Journal of Examples 7(2), 11-19 (2016)",
            lang="en",
            element="jats:journal-meta",
            role="host",
            parts=(
                ("container_title", "Journal of Examples"),
                ("issn", "1234-5679"),
                ("volume", "7"),
                ("issue", "2"),
                ("pages", "11-19"),
                ("year", "2016"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("journal", "meta", "text"),
    [
        ("<journal-title>J</journal-title>", "<volume>7</volume>", "J 7"),
        ("<journal-title>J</journal-title>", "<elocation-id>e12</elocation-id>", "J, e12"),
        ("<journal-title>J</journal-title>", "<fpage>3</fpage><lpage>3</lpage>", "J, 3"),
        ("<journal-id>j</journal-id>", "<issue>2</issue>", "j(2)"),
        (
            "<journal-title>J</journal-title>",
            "<pub-date><year>2015</year></pub-date><pub-date pub-type='ppub'><year>2016</year></pub-date>",
            "J (2016)",
        ),
    ],
)
def test_a_source_is_written_from_what_there_is(journal: str, meta: str, text: str) -> None:
    """The year is that of print, where there is one."""
    front = f"<front><journal-meta>{journal}</journal-meta><article-meta>{meta}</article-meta></front>"
    assert [value.text for value in _article(front).sources] == [text]


def test_without_a_journal_there_is_no_source() -> None:
    """Pages alone say nothing."""
    assert _meta("<fpage>3</fpage>").sources == ()


@pytest.mark.parametrize(
    ("parts", "date"),
    [
        ("<day>5</day><month>3</month><year>2016</year>", "2016-03-05"),
        ("<month>3</month><year>2016</year>", "2016-03"),
        ("<day>5</day><year>2016</year>", "2016"),
        ("<season>Spring</season><year>2016</year>", "Spring 2016"),
        ("<month>March</month><year>2016</year>", "March 2016"),
        ("<string-date>in spring</string-date>", "in spring"),
    ],
)
def test_a_date_is_as_precise_as_its_parts(parts: str, date: str) -> None:
    """Nothing is filled in."""
    assert said(_meta(f"<pub-date>{parts}</pub-date>").dates) == [(date, "issued")]


@pytest.mark.parametrize(
    ("contributor", "field", "name", "role"),
    [
        ("<name><surname>A</surname><given-names>B</given-names></name>", "creators", "A, B", None),
        (
            "<name><surname>A</surname><given-names>B</given-names><suffix>Jr</suffix></name>",
            "creators",
            "A, B, Jr",
            None,
        ),
        ("<string-name>B A</string-name>", "creators", "B A", None),
        ("<collab>Group<contrib-group><contrib/></contrib-group></collab>", "creators", "Group", None),
        ("<name><surname>A</surname></name><name><surname>B</surname></name>", "creators", "A", None),
        ("<anonymous/>", "creators", "Anonymous", None),
    ],
)
def test_contributors_are_headings(contributor: str, field: str, name: str, role: str | None) -> None:
    """One name for each."""
    article = _meta(f"<contrib-group><contrib>{contributor}</contrib></contrib-group>")
    assert said(getattr(article, field)) == [(name, role)]


def test_the_orcid_stands_beside_the_name_and_editors_apart() -> None:
    """By the kind of contribution."""
    article = sample("jats")
    assert article.creators[0].parts == (("identifier", "https://orcid.org/0000-0000-0000-0003"),)
    assert said(article.contributors) == [("Farn, Udo", "editor")]


def test_an_abstract_has_lines_and_no_heading_of_its_own() -> None:
    """Those of its sections stay; formulas are not repeated."""
    assert said(sample("jats").descriptions) == [
        ("Aims\nTo count mosses.\nResults\nForty.", "abstract"),
        ("We thank the Society of Ferns for a grant.", "ack"),
    ]
    formula = "<p>x<inline-formula><tex-math>\\x</tex-math></inline-formula></p>"
    assert said(_meta(f"<abstract>{formula}</abstract>").descriptions) == [("x", "abstract")]


def test_titles_are_one_with_their_subtitle_and_translations_say_so() -> None:
    """Markup inside is no boundary."""
    assert languages(sample("jats").titles) == [("Mosses of the north: a survey", "en"), ("Mousses du nord", "fr")]
    assert said(sample("jats").titles)[1] == ("Mousses du nord", "translated")


@pytest.mark.parametrize(
    "namespace",
    ["", "https://jats.nlm.nih.gov/ns/archiving/1.3/", "http://dtd.nlm.nih.gov/2.0/xsd/archivearticle", "urn:other"],
)
def test_articles_are_known_by_what_stands_in_front(namespace: str) -> None:
    """In whatever namespace."""
    front = META.format("<title-group><article-title>T</article-title></title-group>")
    assert said(described(f'<article xmlns="{namespace}">{front}</article>', known_as="jats").titles) == [("T", None)]


def test_an_article_without_front_matter_in_no_namespace_is_another_format() -> None:
    """DocBook has articles too."""
    assert crosswalk(b"<article><title>T</title></article>", metadata_prefix="jats") == ("article", None)


def test_the_text_is_not_looked_at() -> None:
    """However long it is."""
    body = "<body>" + "<p>P <fn fn-type='supported-by'><p>A</p></fn></p>" * 20_000 + "</body>"
    assert _article(f"<front/>{body}") == Description()

"""Rights in prose: what opens and what does not, embargoes, roles, details, spans, and the operator's rows."""

import pytest

from ingest.descriptions import Rights, RightsStatement, Value
from ingest.normalise.rights import normalise_rights
from ingest.operator_tables import OperatorTables, RightsRow

INC = "http://rightsstatements.org/vocab/InC/1.0/"
NOC_US = "http://rightsstatements.org/vocab/NoC-US/1.0/"
BY_4 = "https://creativecommons.org/licenses/by/4.0/"
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
OPEN = {"public-domain", "open-licence"}


def read(*texts: str, role: str | None = None, own: OperatorTables | None = None) -> Rights:
    """Normalise values that have a text and a role."""
    values = [Value(text=text, role=role, element="dc:rights") for text in texts]
    return normalise_rights(values, own) if own else normalise_rights(values)


def only(text: str, role: str | None = None) -> RightsStatement:
    """Return the one statement of a value."""
    (statement,) = read(text, role=role).statements
    return statement


@pytest.mark.parametrize(
    "text",
    [
        # Denied, doubted, or to come.
        *(
            "Public domain?",
            "Public domain: no",
            "Not public domain",
            "Possibly public domain",
            "Believed to be public domain",
        ),
        *(
            "Public domain status undetermined",
            "This photograph was in the public domain",
            "The work will be in the public domain in 2040",
        ),
        *(
            "CC BY 4.0 does not apply",
            "CC BY 4.0?",
            "CC0: no",
            "CC0 waiver declined",
            "No CC BY",
            "Will be released under CC BY 4.0",
        ),
        *(
            "CC BY 4.0 from 2040",
            "CC BY 4.0 pending",
            "Formerly CC BY 4.0",
            "Proposed licence: CC BY 4.0",
            "Similar to CC BY 4.0",
        ),
        *(
            "Choose a licence, e.g. CC BY",
            "What is CC0?",
            "Not under the MIT License",
            "Open Government Licence does not apply",
        ),
        "All rights reserved (formerly CC BY)",
        # Of a part, of the metadata, or of something else.
        *(
            "CC BY 4.0 (text only)",
            "CC BY 4.0 for the text",
            "Cover image: CC BY-SA 4.0",
            "Images: CC0. Text: all rights reserved.",
        ),
        *(
            "Figure 2 is reproduced under CC BY 4.0",
            "This website is licensed under CC BY 4.0",
            "The logo is licensed CC BY 4.0",
        ),
        *(
            "Contains CC BY 4.0 material",
            "Based on a work under CC BY 4.0",
            "Third party material CC BY 4.0",
            "Text CC BY 4.0, images copyright",
        ),
        *(
            "CC0 for metadata",
            "This record is licensed CC0",
            "Die Metadaten stehen unter CC0",
            "CC BY 4.0 (metadata only)",
        ),
        *(
            "Parts of this work are in the public domain",
            "Most of the items are in the public domain",
            "Public Domain (images only)",
        ),
        *("Works by employees are in the public domain", "Items published before 1923 are in the public domain."),
        # Of one place only.
        *(
            "Public domain in Canada",
            "Public domain outside the United States",
            "In the public domain in its country of origin",
        ),
        *("Dieses Werk ist gemeinfrei in Deutschland", "Domaine public au Canada"),
        # With an exception or a limit.
        *(
            "CC BY 4.0, except images",
            "CC BY 4.0 sauf images",
            "CC BY 4.0 ausgenommen Abbildungen",
            "CC BY 4.0 salvo las imágenes",
        ),
        *(
            "CC BY 4.0 for non-commercial use",
            "CC BY 4.0, commercial use requires permission",
            "CC BY 4.0. No derivatives.",
        ),
        *(
            "CC BY with no derivatives",
            "Creative Commons Attribution (no commercial use)",
            "CC0, but please ask",
            "CC BY + NC",
        ),
        *("Creative Commons Namensnennung-Nichtkomerziel 4.0", "Reconocimiento-Nocomerciall 4.0", "CC BY Non-Comm 4.0"),
        *("Public domain / restricted", "Public domain, but permission required", "Public domain; no commercial use"),
        # Denied in other languages.
        *(
            "Dieses Werk ist nicht gemeinfrei.",
            "Ce document n'est pas dans le domaine public",
            "Esta obra no está en el dominio público",
        ),
        *(
            "Esta obra não está em domínio público",
            "Utwór nie jest w domenie publicznej",
            "Kein CC BY 4.0",
            "不是公有领域",
        ),
        *(
            "Esta obra no está bajo una licencia CC BY 4.0",
            "Licencia CC BY 4.0 solo para el texto",
            "ليس في الملكية العامة",
        ),
        # Held back, or taken back further on.
        *("CC BY 4.0 (embargoed until 2040)", "Under embargo; afterwards CC BY 4.0", "CC BY 4.0 upon publication"),
        *(
            "CC BY 4.0 license. Figures excluded.",
            "CC BY 4.0. Exceptions: images.",
            "Public domain. Restrictions apply.",
        ),
        *(
            "Public domain; unverified",
            "Public domain | Restricted",
            "Public domain. Not to be reproduced without permission.",
        ),
        *("Where indicated, CC BY 4.0", "Only items marked CC BY 4.0 may be reused", "Authors can opt for CC BY 4.0"),
        *(
            "Data CC0, article copyright Elsevier",
            "Slides: CC BY 4.0. Video: all rights reserved.",
            "CC BY 4.0 (preprint only)",
        ),
        *(
            "Apache License 2.0 with Commons Clause",
            "MIT License (non-commercial)",
            "BSD-like license",
            "CC BY 4.0, NC",
        ),
        # Words that sound open.
        *(
            "Open Access",
            "Free",
            "Free to use",
            "Royalty-free",
            "No restrictions",
            "Unrestricted use",
            "Open data",
            "Open licence",
        ),
        *(
            "No copyright",
            "Out of copyright",
            "Copyright free",
            "Creative Commons",
            "Licensed under Creative Commons",
            "Attribution",
        ),
        *(
            "Use with attribution",
            "Publisher's licence",
            "Elsevier user license",
            "MIT Press",
            "Massachusetts Institute of Technology (MIT)",
        ),
        *(
            "Public Domain Review",
            "U.S. Government Work",
            "file CC0.txt",
            "see http://example.org/cc-by-4.0",
            "GPL incompatible",
        ),
        *(
            "CC BY or CC BY-NC 4.0",
            "CC BY 4.0 / CC BY-NC 4.0",
            "CC0 or CC BY",
            "Dual licensed: MIT License or commercial",
        ),
        *(
            "Public domain, but no commercial use",
            "This work is in the public domain. Non-commercial use only.",
            "These maps are not free of copyright and may be used with permission only",
            "This film is free of copyright in Canada",
            "Is it free from copyright and may be used? Ask us.",
            "https://example.org/what-the-public-domain-is",
            "https://example.org/terms Public domain in Canada",
            "This map is a work of the United States Government and is not subject to copyright protection.",
            "Open access articles from before 2019 are CC BY 4.0",
        ),
    ],
)
def test_what_is_not_open_is_never_called_open(text: str) -> None:
    """Whatever the reason: no open category, and no URI that opens."""
    rights = read(text)
    assert rights.category not in OPEN
    assert rights.uri not in {BY_4, MARK, ZERO}


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("Except where otherwise noted, this item's license is described as Attribution 4.0 International", BY_4),
        ("CC BY 4.0 unless otherwise stated", BY_4),
        ("You are free to share and adapt under CC BY 4.0", BY_4),
        ("Content of this site is licensed under a CC BY 4.0 license", BY_4),
        ("Dieses Werk ist lizenziert unter einer Creative Commons Namensnennung 4.0 International Lizenz.", BY_4),
        ("Esta obra está bajo una Licencia Creative Commons Atribución 4.0 Internacional.", BY_4),
        ("Tämä teos on lisensoitu Creative Commons Nimeä 4.0 Kansainvälinen -lisenssillä", BY_4),
        ("Dit werk valt onder een Creative Commons Naamsvermelding 4.0 Internationaal Licentie", BY_4),
        ("本作品采用知识共享署名 4.0 国际许可协议进行许可。", BY_4),
        ("Creative Commons Attribution 4.0 International;;info:eu-repo/semantics/openAccess", BY_4),
        ("This image is in the public domain because its copyright has expired.", MARK),
        ("Public domain. No permission required.", MARK),
        ("These maps are free of copyright and may be freely copied.", MARK),
        ("https://example.org/what-is-it Public domain", MARK),
        ("An open access article published by Harbour Press under the terms of the CC BY 4.0 licence.", BY_4),
        ("Domaine public / Public domain", MARK),
        ("To the extent possible under law, the authors have dedicated this work to the public domain under CC0", ZERO),
        ("Licensed under the MIT License", "https://spdx.org/licenses/MIT"),
        ("© Crown Copyright. Licensed under the Open Government Licence v3.0", "https://spdx.org/licenses/OGL-UK-3.0"),
        ("Released under the GNU General Public License v3.0 or later.", "https://spdx.org/licenses/GPL-3.0-or-later"),
        ("Released under the GNU General Public License v3.0", None),
    ],
)
def test_what_is_open_is_called_open(text: str, uri: str | None) -> None:
    """Saying nothing is not a way to be right."""
    rights = read(text)
    assert (rights.category in OPEN, rights.uri, rights.conflict) == (True, uri, False)


@pytest.mark.parametrize(
    "text",
    [
        "This map is a work of the United States Government and is not subject to copyright protection.",
        "As a work of the U.S. federal government it is in the public domain, though not of all countries.",
        "This map is not copyrighted in the U.S.",
        "Without copyright in the United States",
    ],
)
def test_a_work_of_the_american_government_is_free_in_the_united_states(text: str) -> None:
    """What the law of one country says frees the work there, and nobody knows of elsewhere."""
    assert read(text).uri == "http://rightsstatements.org/vocab/NoC-US/1.0/"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("May be consulted in the reading room only", "access-closed"),
        ("This recording has not been released", "access-closed"),
        ("This recording has not been released under any open licence", "unknown"),
    ],
)
def test_access_is_closed_by_what_closes_it(text: str, category: str) -> None:
    """A place in which alone a work is read closes it; that no licence was given does not."""
    assert read(text).category == category


def test_a_waiver_for_the_data_leaves_the_articles_licence() -> None:
    """A licence of the article beside one for its data: the article's decides, the other says what it is of."""
    rights = read(
        f"This article is distributed under the terms of the Creative Commons Attribution License ({BY_4}). The Public "
        f"Domain Dedication waiver ({ZERO}) applies to the data made available in this article, unless otherwise noted."
    )
    assert (rights.uri, rights.conflict) == (BY_4, False)
    assert [statement.details.get("applies_to") for statement in rights.statements] == [
        *(None, "part: applies to the data"),
    ]


@pytest.mark.parametrize(
    ("text", "applies_to", "exception"),
    [
        ("The metadata is available under CC0", "metadata", None),
        ("CC BY 4.0 with the exception of figure 3", None, "figure 3"),
        ("CC BY 4.0 (excluding third-party content)", None, "third-party content"),
        ("Software: CC BY 4.0", "part: software", None),
    ],
)
def test_what_a_licence_is_of_and_what_it_excepts(text: str, applies_to: str | None, exception: str | None) -> None:
    """Parts and exceptions are details of a statement that opens nothing, and it tells which licence it was."""
    details = only(text).details
    assert (details.get("applies_to"), details.get("exception"), details["scheme"]) == (applies_to, exception, "cc")


def test_a_licence_tells_its_scheme_version_port_and_terms() -> None:
    """What its URI says is told apart, beside the element that it stood in and its language."""
    value = Value(text="CC BY-NC-SA 3.0 DE", element="dcterms:license", lang="de")
    (statement,) = normalise_rights([value]).statements
    assert statement.details == {
        "scheme": "cc",
        "version": "3.0",
        "port": "de",
        "terms": ["by", "nc", "sa"],
        "element": "dcterms:license",
        "lang": "de",
    }


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Acceso cerrado hasta 2031-03-31", "2031-03-31"),
        ("Sous embargo jusqu'au 31 décembre 2031", "2031-12-31"),
        ("Acesso embargado até 2031-12-31", "2031-12-31"),
        ("Unter Embargo bis 01.06.2031", "2031-06-01"),
        ("This thesis is under embargo until May 2031.", "2031-05"),
        ("Boxes 4-7 are restricted until January 1, 2040.", "2040-01-01"),
        ("Restricted until 2050", "2050"),
        ("Embargo: 2031-01-01", "2031-01-01"),
        ("2 year embargo, until June 2031", "2031-06"),
        ("Under embargo until 13/02/2031", "2031-02-13"),
        ("Under embargo until 02/03/2031", "2031"),
        ("info:eu-repo/date/embargoEnd/2031-10", "2031-10"),
        ("Closed for 75 years", None),
        ("12 month embargo", None),
        ("Embargoed: 24 months", None),
        ("info:eu-repo/semantics/embargoedAccess", None),
    ],
)
def test_an_embargo_has_the_end_that_is_told_and_no_other(text: str, end: str | None) -> None:
    """Day, month or year as told; of a duration, or of a day that may be two, nothing is computed."""
    rights = read(text)
    assert (rights.category, rights.statements[0].embargo_end) == ("embargoed", end)


@pytest.mark.parametrize("role", ["embargoEnd", "embargo", "Embargo end date"])
def test_a_date_that_the_format_calls_the_end_of_an_embargo_is_one(role: str) -> None:
    """The role alone says what the date is."""
    statement = only("2031-05", role)
    assert (statement.embargo_end, statement.access, statement.rule) == ("2031-05", "embargoed", "rights/embargo-end@3")


def test_the_start_of_an_embargo_is_a_detail() -> None:
    """It ends nothing."""
    statement = only("2030-01-01", "embargoStart")
    assert (statement.embargo_end, statement.details["embargo_start"]) == (None, "2030-01-01")


@pytest.mark.parametrize(
    ("access", "end", "category"),
    [
        ("info:eu-repo/semantics/embargoedAccess", "2031-01-01", "embargoed"),
        ("info:eu-repo/semantics/openAccess", None, "access-only-open"),
    ],
)
def test_a_day_of_availability_ends_an_embargo_only_where_there_is_one(
    access: str, end: str | None, category: str
) -> None:
    """In most repositories it is the day of deposit."""
    values = [Value(text="2031-01-01", role="Available"), Value(text=access)]
    rights = normalise_rights(values)
    assert (rights.statements[0].embargo_end, rights.category) == (end, category)


@pytest.mark.parametrize(
    ("text", "role", "category", "uri"),
    [
        ("open", "accessRights", "access-only-open", None),
        ("restricted", "restriction on access", "access-closed", None),
        ("Public domain", "accessRights", "unknown", None),
        ("CC BY 4.0", "accessRights", "unknown", None),
        ("Apache License 2.0", "accessRights", "unknown", None),
        (BY_4, "accessRights", "open-licence", BY_4),
        ("© 2020 Example House", "accessRights", "in-copyright", INC),
        ("CC BY 4.0", "license", "open-licence", BY_4),
        ("CC BY 4.0", "use and reproduction", "open-licence", BY_4),
        ("CC BY 4.0", "holder", "unknown", None),
        ("CC0", "rightsHolder", "unknown", None),
    ],
)
def test_the_role_of_a_value_says_what_it_can_be(text: str, role: str, category: str, uri: str | None) -> None:
    """An element of access is no licence by its words alone, and a holder is only a holder."""
    rights = read(text, role=role)
    assert (rights.category, rights.uri) == (category, uri)


@pytest.mark.parametrize(
    ("text", "holder", "year"),
    [
        ("Copyright (c) 2019 Jane Doe, John Roe", "Jane Doe, John Roe", "2019"),
        ("Derechos de autor 2020 Revista de Ejemplos", "Revista de Ejemplos", "2020"),
        ("© The Author(s) 1998-2001", "The Author(s)", "1998-2001"),
        ("Copyright 2003 by the Society of Examples.", "Society of Examples", "2003"),
        ("Elsevier, 2012", "Elsevier", "2012"),
        (
            "Copyright to this collection is held by the Example Library, Springfield.",
            "Example Library, Springfield",
            None,
        ),
        ("Example Foundation", "Example Foundation", None),
        ("Courtesy of the Example Library", "Example Library", None),
    ],
)
def test_a_holder_and_the_year_are_told(text: str, holder: str, year: str | None) -> None:
    """As written, without the words that lead to them."""
    statement = only(text)
    assert (statement.holder, statement.details.get("year")) == (holder, year)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Shared as CC BY 4.0 by us", "CC BY 4.0"),
        ("  Shared&nbsp;as <b>CC  BY\N{SOFT HYPHEN} 4.0</b>", "CC  BY\N{SOFT HYPHEN} 4.0"),
        (f'<a href="{BY_4}">here</a>', BY_4),
        ("e\N{COMBINING ACUTE ACCENT}tude: CC BY 4.0", "CC BY 4.0"),
        ("&amp;copy; 2001 Example House", "&amp;copy;"),
        ("Vide 版 CC BY 4.0", "CC BY 4.0"),
    ],
)
def test_a_span_is_where_the_words_stand_in_the_original(text: str, words: str) -> None:
    """Whatever the folding took out in front of them."""
    statement = only(text)
    assert statement.span
    assert text[slice(*statement.span)] == words


def test_the_operators_rows_come_before_the_bundled_ones() -> None:
    """A whole value, or a URI wherever it stands; the first row wins, and what it says is not contradicted."""
    own = OperatorTables(
        rights=(
            RightsRow(values=("Freely usable",), uri=BY_4, code="CC-BY", label="Ours", category="open-licence"),
            RightsRow(values=("All rights reserved", "freely usable"), category="unknown"),
            RightsRow(uris=("http://example.org/terms",), category="restricted-licence", access="open"),
            RightsRow(uris=(BY_4,), category="in-copyright"),
        )
    )
    assert (read("freely USABLE.", own=own).uri, read("Freely usable").uri) == (BY_4, None)
    assert (read("All rights reserved", own=own).category, read("All rights reserved").category) == (
        "unknown",
        "in-copyright",
    )
    assert read("See https://www.example.org/terms/ for more", own=own).statements[0].access == "open"
    (statement,) = read(f"Shared: {BY_4}.", own=own).statements
    assert (statement.category, statement.rule, statement.confidence) == ("in-copyright", "rights/own-table@1", "exact")
    assert statement.span == (8, 8 + len(BY_4))
    assert not read("Freely usable", "All rights reserved", "Public domain", own=own).conflict
    assert read("Public domain", own=own).uri == MARK


@pytest.mark.parametrize(
    ("texts", "category", "uri", "conflict"),
    [
        (["The author(s) hold(s) the copyright. This work is available under CC BY 4.0."], "open-licence", BY_4, False),
        (["The original is in the public domain. The digital image is © Example Museum."], "unknown", None, True),
        (["Public domain in the United States; dedicated with CC0 elsewhere"], "public-domain", ZERO, False),
        (["No copyright", NOC_US], "no-copyright-other", NOC_US, False),
        (["No copyright", BY_4], "unknown", None, True),
        (["Metadata: CC0", "All rights reserved"], "in-copyright", INC, False),
    ],
)
def test_what_contradicts_and_what_does_not(
    texts: list[str], category: str, uri: str | None, *, conflict: bool
) -> None:
    """A statement of a part or of the metadata contradicts nothing; a claim beside a licence does not either."""
    rights = read(*texts)
    assert (rights.category, rights.uri, rights.conflict) == (category, uri, conflict)

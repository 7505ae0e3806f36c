"""Rights in words: licences by name, claims, limits, access, and the decision for a record."""

import time

import pytest

from ingest.descriptions import Rights, Value
from ingest.normalise.folding import LONGEST
from ingest.normalise.rights import RULES, normalise_rights
from ingest.operator_tables import OperatorTables, RightsRow

INC = "http://rightsstatements.org/vocab/InC/1.0/"
NOC_US = "http://rightsstatements.org/vocab/NoC-US/1.0/"
NKC = "http://rightsstatements.org/vocab/NKC/1.0/"
CC = "https://creativecommons.org/licenses/"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
SEED_NOTICE = (
    "The History and Public Policy Program welcomes reuse of Digital Archive materials for research and educational "
    "purposes. Some documents may be subject to copyright, which is retained by the rights holders in accordance with "
    "US and international copyright laws. When possible, rights holders have been contacted for permission to "
    "reproduce their materials. To enquire about this document's rights status or request permission for commercial "
    "use, please contact the History and Public Policy Program at {address}."
)


def read(*texts: str) -> Rights:
    """Normalise values that have nothing but a text."""
    return normalise_rights([Value(text=text, element="dc:rights") for text in texts])


@pytest.mark.parametrize(
    "address", ["[email protected]", "[email\N{NO-BREAK SPACE}protected]", "[email&#160;protected]", "email-protected"]
)
def test_the_polite_notice_of_an_archive_claims_nothing(address: str) -> None:
    """It permits research and education, in the order written, and its masked address is none."""
    notice = SEED_NOTICE.format(address=address)
    rights = read(notice)
    (statement,) = rights.statements
    assert (rights.uri, rights.category, rights.conflict) == (None, "unknown", False)
    assert statement.permits == ("research", "education")
    assert statement.contact == "History and Public Policy Program"
    assert statement.statement == notice
    assert (statement.rule, statement.confidence) == ("rights/host-notice@1", "exact")


def test_a_real_address_is_whom_to_ask() -> None:
    """Where the address is not masked it is the contact."""
    assert read(SEED_NOTICE.format(address="rights@example.org")).statements[0].contact == "rights@example.org"


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("CC BY-NC 4.0", CC + "by-nc/4.0/"),
        ("CC-BY-SA-4.0", CC + "by-sa/4.0/"),
        ("CC BY-ND-NC 2.5", CC + "by-nc-nd/2.5/"),
        ("CCBYNCSA4.0", CC + "by-nc-sa/4.0/"),
        ("cc_by_3.0", CC + "by/3.0/"),
        ("CC BY-ND 3.0 IGO", CC + "by-nd/3.0/igo/"),
        ("CC BY-SA 3.0 DE", CC + "by-sa/3.0/de/"),
        ("Attribution-ShareAlike 4.0 International", CC + "by-sa/4.0/"),
        ("Creative Commons Attribution-NonCommercial-NoDerivs 3.0 Unported License", CC + "by-nc-nd/3.0/"),
        ("Attribution-NonCommercial 2.0 UK: England & Wales", CC + "by-nc/2.0/uk/"),
        ("Creative Commons Attribution-ShareAlike 3.0 Germany [CC BY-SA 3.0]", CC + "by-sa/3.0/de/"),
        ("Creative Commons Namensnennung - Nicht kommerziell 4.0 International", CC + "by-nc/4.0/"),
        ("Licence Creative Commons Attribution - Pas de Modification 4.0", CC + "by-nd/4.0/"),
        ("Shared under the Creative Commons Attribution (CC-BY) 4.0 License.", CC + "by/4.0/"),
        ("Except where otherwise noted, content is under a Creative Commons Attribution 4.0 licence.", CC + "by/4.0/"),
        ("CC0 1.0 Universal", ZERO),
        ("CC-0", ZERO),
        ("No rights reserved", ZERO),
        ("PDM", MARK),
        ("Attribution-Noncomercial 4.0 International", CC + "by-nc/4.0/"),
        ("cc-by_4", CC + "by/4.0/"),
        ("cc-by-nc-nd-40", CC + "by-nc-nd/4.0/"),
        ("CC-BY-SA-3.0-DE", CC + "by-sa/3.0/de/"),
        ("Creative Commons BY-NC-SA 4.0", CC + "by-nc-sa/4.0/"),
        ("Creative Commons Attribution International 4.0", CC + "by/4.0/"),
        ("Public domain (CC0 1.0)", ZERO),
    ],
)
def test_a_licence_with_a_version_has_its_uri(text: str, uri: str | None) -> None:
    """A name with version and port gives the licence's own URI."""
    rights = read(text)
    assert rights.uri == uri
    assert not rights.conflict


@pytest.mark.parametrize(
    ("text", "code", "category"),
    [
        ("CC BY", "CC-BY", "open-licence"),
        ("cc by-nd", "CC-BY-ND", "restricted-licence"),
        ("Creative Commons Attribution-NoDerivs License", "CC-BY-ND", "restricted-licence"),
        ("Creative Commons - Attribution, Non-Commercial, NoDerivatives", "CC-BY-NC-ND", "restricted-licence"),
        ("Open Government Licence", "OGL", "open-licence"),
    ],
)
def test_a_version_is_never_invented(text: str, code: str, category: str | None) -> None:
    """Without a version there is a code and no URI."""
    rights = read(text)
    assert (rights.uri, rights.category, rights.statements[0].code) == (None, category, code)
    assert rights.statements[0].confidence == "named"


@pytest.mark.parametrize(
    "text",
    [
        "This item is not in the public domain",
        "Works not in the public domain cannot be exploited without permission",
        "May be in the public domain",
        "This photograph is believed to be in the public domain.",
        "The text is in the public domain in its country of origin.",
        "Public domain in Freedonia",
        "This article is not licensed under https://creativecommons.org/licenses/by/4.0/",
        "It is not available under a CC BY 4.0 licence",
        "If you are a student, CC BY 4.0 applies",
        "The metadata is available under CC0",
        "Metadata: CC0 1.0",
        "CC BY 4.0 except images",
        "Text: CC BY-SA 4.0; photographs: all rights reserved",
        "Attribution-Noncommercialish 4.0 International",
        "Creative Commons Attribution Noncomercial",
        "CC BY, NC",
        "CC BY-NX 4.0",
        "CC BY NonCommercia 4.0",
        "CC BY 5.0",
        "Creative Commons",
        "Some rights reserved",
        "Attribution required",
        "No copyright statement was found",
        "free",
        "CC BY 4.0. For personal use only.",
        "Public domain | CC BY-SA 4.0",
        "CC0. Commercial use requires permission.",
    ],
)
def test_what_is_not_open_is_never_called_open(text: str) -> None:
    """Negations, conditions, exceptions, misspelt terms and contradictions open nothing."""
    rights = read(text)
    assert rights.category not in {"public-domain", "open-licence"}
    assert rights.uri is None or "creativecommons" not in rights.uri


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("© 2011 Example Publishing Group", "Example Publishing Group"),
        ("Copyright © 2003, Society of Examples. All rights reserved.", "Society of Examples"),
        ("(c) 1999-2004 by Jane Roe", "Jane Roe"),
        ("&copy; Historic Examples", "Historic Examples"),
        ("Copyright Example University", "Example University"),
        ("2014 Example Publishers Limited", "Example Publishers Limited"),
        ("Copyright is held by the author.", None),
        ("The authors are the copyright owners.", None),
        ("This work is protected by copyright.", None),
    ],
)
def test_a_claim_of_copyright_is_in_copyright(text: str, holder: str | None) -> None:
    """Signs, reservations and plain claims are In Copyright, with the holder where one is named."""
    rights = read(text)
    assert (rights.uri, rights.category) == (INC, "in-copyright")
    assert rights.statements[0].holder == holder


@pytest.mark.parametrize(
    "text",
    [
        "Some items may be protected by copyright.",
        "The copyright status is unknown",
        "Reproduction is governed by copyright law.",
        "Example Library does not claim copyright in these works",
        "Please contact the library about copyright questions",
        "1964 October",
        "",
        "https://library.example.org/copyright",
    ],
)
def test_conditional_text_claims_nothing(text: str) -> None:
    """What may be, what is asked, and mere mentions are unknown."""
    assert (read(text).uri, read(text).category) == (None, "unknown")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("info:eu-repo/date/embargoEnd/2031-05-01", "2031-05-01"),
        ("info:eu-repo/date/embargoEnd/2031", "2031"),
        ("Gesperrt bis 31.12.2030", "2030-12-31"),
        ("Embargoed until June 2029", "2029-06"),
    ],
)
def test_an_embargo_keeps_the_precision_of_its_end(text: str, end: str) -> None:
    """Day, month or year, never padded."""
    rights = read(text)
    assert (rights.category, rights.statements[0].embargo_end) == ("embargoed", end)


@pytest.mark.parametrize(
    "text",
    ["For personal, non-commercial use only.", "Users may not reproduce this image.", "Commercial use requires a fee."],
)
def test_a_private_text_that_limits_use_is_a_restricted_licence(text: str) -> None:
    """Limits without a claim of copyright have no URI."""
    assert (read(text).uri, read(text).category) == (None, "restricted-licence")


@pytest.mark.parametrize(
    ("texts", "uri", "category", "conflict"),
    [
        (["© 2020 Jane Roe. All rights reserved.", CC + "by/4.0/"], CC + "by/4.0/", "open-licence", False),
        (["Public domain", CC + "by/4.0/"], None, "unknown", True),
        (["Public domain", ZERO], ZERO, "public-domain", False),
        (["Public domain", NOC_US], NOC_US, "no-copyright-other", False),
        ([CC + "by/4.0/", CC + "by-nc/4.0/"], None, "unknown", True),
        ([CC + "by/3.0/", CC + "by/4.0/"], None, "open-licence", True),
        (["CC BY", CC + "by/4.0/"], CC + "by/4.0/", "open-licence", False),
        ([INC, NOC_US], None, "unknown", True),
        (
            [INC, "http://rightsstatements.org/vocab/InC-EDU/1.0/", "© X"],
            "http://rightsstatements.org/vocab/InC-EDU/1.0/",
            "in-copyright",
            False,
        ),
        (["http://rightsstatements.org/vocab/UND/1.0/", "CC BY 4.0"], None, "unknown", True),
        (["No known copyright restrictions", "Public domain"], None, "unknown", True),
        (["info:eu-repo/semantics/openAccess", "All rights reserved"], INC, "in-copyright", False),
        (["info:eu-repo/semantics/openAccess", "closed access"], None, "access-closed", False),
        (["info:eu-repo/semantics/openAccess", CC + "by-sa/4.0/"], CC + "by-sa/4.0/", "open-licence", False),
        (
            ["http://rightsstatements.org/vocab/NoC-NC/1.0/", "Non-commercial use only"],
            "http://rightsstatements.org/vocab/NoC-NC/1.0/",
            None,
            False,
        ),
        ([], None, "unknown", False),
    ],
)
def test_a_record_is_decided_by_evidence_and_never_by_position(
    texts: list[str],
    uri: str | None,
    category: str | None,
    conflict: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    """The strongest statement decides, in whatever order they come; contradictions have no URI."""
    for order in (texts, texts[::-1]):
        rights = read(*order)
        assert (rights.uri, rights.conflict) == (uri, conflict)
        assert rights.category == (category or "no-copyright-other")
        assert [statement.statement for statement in rights.statements] == order


def test_a_rights_holder_is_no_claim() -> None:
    """A value that the format says is the holder gives the holder and leaves the status open."""
    rights = normalise_rights([Value(text="Example Library", role="holder", element="dcterms:rightsHolder")])
    assert (rights.uri, rights.category, rights.statements[0].holder) == (None, "unknown", "Example Library")


def test_the_original_is_kept_letter_for_letter() -> None:
    """Folding is for matching only."""
    text = "  \N{LEFT DOUBLE QUOTATION MARK}In Copyright\N{RIGHT DOUBLE QUOTATION MARK} &amp;amp; more\\n "
    assert read(text).statements[0].statement == text


def test_no_rule_is_named_none() -> None:
    """What no rule knows says so, to be listed for a person."""
    statement = read("Xyzzy").statements[0]
    assert (statement.rule, statement.confidence) == ("rights/none@1", "none")


def test_of_a_long_value_the_beginning_is_read() -> None:
    """The first characters are read and the rest kept, and the statement says how many were read."""
    text = "CC BY 4.0. " + "x " * LONGEST
    (statement,) = read(text).statements
    assert (statement.uri, statement.statement) == (CC + "by/4.0/", text)
    assert statement.details["characters_read"] == LONGEST
    assert "characters_read" not in read("CC BY 4.0").statements[0].details


def test_nothing_is_opened_where_the_reading_of_a_long_value_breaks_off() -> None:
    """What follows the last word that was read might take it back."""
    beginning = "x " * ((LONGEST - 10) // 2)
    assert read(f"{beginning}CC BY 4.0-NC and more").category == "unknown"


@pytest.mark.parametrize(
    "seed",
    [
        *("(", "© ", "cc by ", "by-nc-", "<a href=", "contact A", "2014 A", "public domain ", "a ", "attribution-"),
        *("http://creativecommons.org/", "copyright remains ", "https://a@b.", "closed until 1", "&amp;"),
        "in the public domain may ",
    ],
)
def test_a_hostile_value_is_read_in_bounded_time(seed: str) -> None:
    """Repeated fragments up to the limit cost no more than moments."""
    begun = time.perf_counter()
    read((seed * LONGEST)[:LONGEST])
    assert time.perf_counter() - begun < 3


def test_every_rule_says_what_it_reads() -> None:
    """The rules stand in one tuple, each a plain function with its docstring."""
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


SPOKEN_OF = {
    "the metadata": (Value(text="CC0 1.0", role="metadata"), "metadata"),
    "a reproduction": (Value(text="CC BY 4.0", role="reproduction"), "part: reproduction"),
    "a file": (
        Value(text="http://creativecommons.org/publicdomain/mark/1.0/", role="webResource"),
        "part: web resource",
    ),
    "what a part names": (Value(text="CC BY 4.0", parts=(("applies_to", "part: cover"),)), "part: cover"),
}


@pytest.mark.parametrize(("value", "applies_to"), SPOKEN_OF.values(), ids=SPOKEN_OF)
def test_what_a_format_says_of_something_else_opens_nothing(value: Value, applies_to: str) -> None:
    """Alone it leaves the record unknown, and beside what is said of the work it changes nothing."""
    alone = normalise_rights([value])
    assert (alone.category, alone.uri) == ("unknown", None)
    assert {statement.details["applies_to"] for statement in alone.statements} == {applies_to}
    closed = normalise_rights([value, Value(text="All rights reserved.")])
    assert closed.category == "in-copyright"
    assert not closed.conflict


@pytest.mark.parametrize(("code", "category"), [("open", "access-only-open"), ("closed", "access-closed")])
def test_an_access_code_of_the_format_is_read(code: str, category: str) -> None:
    """Aggregators tell open from closed by a figure."""
    assert normalise_rights([Value(text="1", role="access", parts=(("access", code),))]).category == category


OWN_ADDRESSES = OperatorTables(
    rights=(
        RightsRow(uris=("http://terms.example.org/free",), category="open-licence"),
        RightsRow(uris=("http://terms.example.org/closed",), category="in-copyright"),
    )
)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("http://terms.example.org/free", "open-licence"),
        ("Licensed under https://www.terms.example.org/free/.", "open-licence"),
        ("Not http://terms.example.org/free", "unknown"),
        ("This work is not licensed under http://terms.example.org/free", "unknown"),
        ("http://terms.example.org/free, except for the images", "unknown"),
        ("The metadata is available under http://terms.example.org/free", "unknown"),
        ("Images: http://terms.example.org/free", "unknown"),
        ("See http://terms.example.org/closed", "in-copyright"),
    ],
)
def test_an_own_address_opens_nothing_that_its_sentence_takes_back(text: str, category: str) -> None:
    """It is looked at in its sentence as a bundled one is."""
    assert normalise_rights([Value(text=text)], OWN_ADDRESSES).category == category


@pytest.mark.parametrize(
    "text",
    [
        "Public domain; non-commercial use only",
        "This work is in the public domain. No derivatives.",
        "Open Data Commons Attribution License, no commercial use",
        "Licensed under the Creative Commons Attribution licence for non-commercial purposes",
        "Released under the MIT License for noncommercial use",
    ],
)
def test_an_open_name_beside_a_limit_that_it_does_not_have_is_neither_open_nor_unknown(text: str) -> None:
    """The limit counts, and no licence is named that says something else."""
    rights = normalise_rights((Value(text=text, element="dc:rights"),))

    assert (rights.category, rights.uri) == ("restricted-licence", None)

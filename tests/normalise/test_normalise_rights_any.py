"""Rights of any value at all: the same answer each time, spans inside the original, nothing opened for nothing."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.descriptions import Rights, Value
from ingest.normalise.folding import fold
from ingest.normalise.rights import normalise_rights
from ingest.normalise.vocabularies import rows, table

OPEN = {"public-domain", "open-licence"}
PIECES = (
    *(
        "CC BY",
        "CC0",
        "4.0",
        "-NC",
        "-ND",
        " SA",
        "Public domain",
        "is in the public domain",
        "not ",
        "except ",
        "images",
        "metadata",
        "all rights reserved",
    ),
    *(
        "©",
        "(c)",
        "2014",
        "Example House",
        "http://creativecommons.org/licenses/by/4.0/",
        "http://rightsstatements.org/vocab/InC/1.0/",
        "/",
        "&amp;",
        "&copy;",
        "<b>",
    ),
    *(
        '<a href="http://creativecommons.org/publicdomain/mark/1.0/">',
        "MIT License",
        "Open Access",
        "info:eu-repo/semantics/openAccess",
        "embargo until 2031",
        ". ",
        "; ",
        " | ",
        "?",
    ),
    *(
        "Attribution",
        "NonCommercial",
        "Namensnennung",
        "署名",
        "مرخص",
        "\u200f",
        "\u00ad",
        "\ufb01",
        "e\u0301",
        "İ",
        "\x00",
        "\ud7a3",
        "if ",
        "some ",
        "for personal use only",
        "Licence Ouverte",
        "gemeinfrei",
    ),
)
texts = st.one_of(
    st.text(max_size=120),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join),
)
roles = st.sampled_from([None, "license", "accessRights", "holder", "embargoEnd", "Available", "use and reproduction"])
values = st.builds(Value, text=texts, role=roles, element=st.just("dc:rights"))
EVIDENCE = re.compile(
    "|".join(
        re.escape(word.casefold())[:60]
        for word in (
            *(
                "cc",
                "by",
                "creativecommons",
                "public",
                "domain",
                "/licenses/",
                "licence",
                "license",
                "rights reserved",
                "attribution",
            ),
            *(
                row["words"].split()[0]
                for row in rows("creative_commons_names")
                if row["part"] in {"by", "mark", "zero"}
            ),
            *table("notices")["public_domain"],
            *(text.split()[-1] for text in table("notices")["in_public_domain"]),
            *(name for row in table("other_licences")["licence"] for name in row["names"]),
            *(text for row in table("notices")["phrase"] for text in row["texts"]),
        )
    )
)


def _read(*given_values: Value) -> Rights:
    return normalise_rights(given_values)


@given(st.lists(values, max_size=4))
def test_any_values_have_an_answer_and_the_same_each_time(some: list[Value]) -> None:
    """Never an exception; one statement or more for every value, quoting it letter for letter."""
    rights = _read(*some)
    assert rights == _read(*some)
    assert {statement.statement for statement in rights.statements} == {value.text for value in some}


@given(values)
def test_every_span_lies_inside_the_original(value: Value) -> None:
    """Start before end, both within the statement."""
    for statement in _read(value).statements:
        if statement.span:
            start, end = statement.span
            assert 0 <= start <= end <= len(statement.statement)


@given(values)
def test_nothing_is_opened_without_evidence(value: Value) -> None:
    """A text without any word of a licence or of the public domain is never open."""
    if not EVIDENCE.search(fold(value.text).key.casefold()):
        assert _read(value).category not in OPEN


@given(texts)
def test_without_the_words_that_opened_it_a_work_is_not_open(text: str) -> None:
    """Taking out what each open statement has read takes the openness away."""
    rights = _read(Value(text=text))
    for _ in range(40):
        opened = [found for found in rights.statements if found.category in OPEN]
        if not opened:
            return
        spans = [found.span or (0, len(text)) for found in opened]
        start, end = spans[0]
        text = f"{text[:start]}\N{FULL BLOCK}{text[end:]}"
        rights = _read(Value(text=text))
    assert rights.category not in OPEN


@given(texts)
def test_the_decision_reads_back_as_itself(text: str) -> None:
    """A URI that was decided for is the whole truth when it is given alone."""
    rights = _read(Value(text=text))
    if rights.uri:
        again = _read(Value(text=rights.uri))
        assert (again.uri, again.category) == (rights.uri, rights.category)


@given(st.lists(values, min_size=2, max_size=4))
def test_no_position_decides(some: list[Value]) -> None:
    """The values in another order have the same decision."""
    first, second = _read(*some), _read(*reversed(some))
    assert (first.uri, first.category, first.conflict) == (second.uri, second.category, second.conflict)

"""Compact forms of volume, issue, year and pages, that punctuation alone tells: "12(3), 45-67", "2010;5:12-19"."""

import re

from ingest.normalise.patterns import late

YEAR = r"(?:1[4-9]|20)\d{2}"
YEARS = rf"{YEAR}(?:\s?[-/]\s?(?:{YEAR}|\d{{2}}(?!\d)))?"
_ONE = r"[A-Za-z]?-?\d{1,7}[A-Za-z]?"
# Behind a number a dash may also stand before a date: "6 - 7 June 2010".
NUMBER = rf"{_ONE}(?:\s?[-/&]\s?{_ONE}(?!\s[^\W\d_]{{3,9}}\s(?:1|20)\d)){{0,2}}(?:,\s?\d{{1,5}}\s?-\s?\d{{1,5}})?"
_SHAPE = str.maketrans(
    {
        **dict.fromkeys("123456789\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "0"),
        **dict.fromkeys("\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9", "0"),
        **dict.fromkeys("VXLC", "I"),
    }
)
_SHAPE_OF_ASCII = bytes.maketrans(b"123456789VXLC", b"000000000IIII")
# A digit or a letter first, since a search goes quickly to it.
_VOLUME = r"(?P<volume>[\dIVXLC](?<=[\s,.;:].)(?:(?<=\d)\d{0,3}(?:-\d{1,3})?|(?<=\D)[IVXLC]{0,7}))"
_FORMS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        (";0", "; 0"),
        re.compile(
            rf"(?P<year>{YEAR})(?:\s[^\W\d_]{{3,9}}\.?(?:\s\d{{1,2}})?)?;\s?(?P<volume>\d{{1,4}})(?!\d|\s?-\s?\d)(?:\s?\((?P<issue>[\w\s/.-]{{1,15}})\))?(?::\s?(?P<pages>{NUMBER}))?(?![^\W_])"
        ),
    ),
    (
        ("0(", "0 (", "I(", "I ("),
        re.compile(
            rf"{_VOLUME}\s?\((?![^()]{{0,20}}{YEAR}\))(?P<issue>[A-Za-z]{{0,4}}\.?\s?\d{{1,4}}(?:\s?[-/+,&]\s?\d{{1,4}})?|[Ss]\d{{0,3}}|[Ss]uppl[\s.\w]{{0,8}})\)(?:\s?:\s?(?P<pages>{NUMBER}))?"
        ),
    ),
    (
        ("):", "),", ") :", ") ,"),
        re.compile(
            rf"{_VOLUME}(?:[,:/]\s?|\.)(?:[Nn]o\.?\s?|[Nn]r\.?\s?)?(?P<issue>\d{{1,4}}(?:-\d{{1,4}})?),?\s\((?:[^()]{{0,20}}[\s/-])?(?P<year>{YEARS})[^()]{{0,24}}\)(?=\s?[:,]\s?(?:pp?\.\s?)?[A-Za-z]?\d)"
        ),
    ),
    (
        ("0 (", "0, ("),
        re.compile(
            rf"(?P<volume>\d(?<=[\s,.;:].)\d{{0,3}})(?:/|\.|[,:]\s?[Nn][or]\.?\s?)(?P<issue>\d{{1,4}}(?:-\d{{1,4}})?),?\s\((?:[^()]{{0,20}}[\s/-])?(?P<year>{YEARS})[^()]{{0,24}}\)"
        ),
    ),
    (
        ("(0000) ",),
        late(
            rf"(?P<volume>[A-Z\d](?<=[\s.].)(?:(?<=\d)\d{{0,4}}|(?<=\D)\d{{1,5}})[A-Z]?)\s?\((?P<year>{YEAR})\)\s(?P<pages>[A-Z]?\d{{1,6}}(?:\s?-\s?[A-Z]?\d{{1,6}})?)(?![\w(])"
        ),
    ),
    (
        ("0:",),
        late(
            rf"(?P<volume>[A-Z\d](?<=[\s.].)(?:(?<=\d)\d{{0,4}}|(?<=\D)\d{{1,5}})):(?P<pages>[A-Z]?\d{{1,6}}(?:-[A-Z]?\d{{1,6}})?),\s?(?P<year>{YEAR})(?!\d)"
        ),
    ),
    (
        ("0000, 0",),
        late(
            rf"(?<=[\s,])(?P<year>{YEAR}),\s(?P<volume>\d{{1,4}})(?:\s?\((?P<issue>\d{{1,4}}(?:-\d{{1,4}})?)\))?,\s(?P<pages>[A-Za-z]?\d{{1,6}}(?:\s?-\s?\d{{1,6}})?)(?=\s?(?:[.,;]|$))"
        ),
    ),
    (
        ("0(", "0 (", "I(", "I ("),
        late(
            rf"{_VOLUME}(?:,(?:\s|(?=\d{{4}}))(?P<pages>[A-Z]?\d{{1,7}}(?:\s?-\s?\d{{1,7}})?))?\s?\((?:[^()]{{0,20}}[\s/-])?(?P<year>{YEARS})[^()]{{0,24}}\)"
        ),
    ),
    (("0:0", "0: 0"), late(r"(?P<volume>\d(?<=[\s,.;].)\d{0,3}):\s?(?P<pages>\d{1,6}\s?-\s?\d{1,6})(?!\d)")),
    (("0/0000",), late(rf"(?P<issue>\d(?<![\d/.-].)\d{{0,2}}(?:-\d{{1,3}})?)/(?P<year>{YEAR})(?![\d/])")),
    (
        ("0/0",),
        late(
            r"(?P<volume>\d(?<=[\s,].)\d{0,2})/(?P<issue>\d{1,3}(?:-\d{1,3})?)"
            r"(?=,\s(?:[^\W\d_]{3,12}(?:-[^\W\d_]{3,12})?\s)?(?:1[4-9]|20)\d\d)"
        ),
    ),
    (
        ("0, 0000, 0",),
        late(rf"(?P<volume>\d(?<=[\s,].)\d{{0,3}}),\s(?P<year>{YEAR}),\s(?P<pages>\d{{1,6}}\s?-\s?\d{{1,6}})(?!\d)"),
    ),
    (
        ("0, 0, 0000", "0, 00, 0000"),
        late(rf"(?<=,\s)(?P<volume>\d{{1,4}}),\s(?P<issue>\d{{1,2}}),\s(?P<year>{YEAR})(?=\s?(?:[.,;:]|$))"),
    ),
    (
        ("0):", "0) :"),
        late(r"(?<=\s)\((?P<issue>\d{1,3})\)\s?:\s?(?P<pages>\d{1,6}(?:\s?-\s?\d{1,6})?)(?!\d)"),
    ),
    (
        (", p", ", a", ", A"),
        late(
            r"(?<=,\s)(?!(?:1[4-9]|20)\d\d,)(?P<volume>\d{1,4}),\s(?:pp?\.?\s?(?P<pages>\d{1,6}\s?-\s?\d{1,6})(?!\d)|(?=[Aa]rt(?:icle|\.)\s\d))"
        ),
    ),
)
COMPACT = tuple(pattern for _, pattern in _FORMS)
"""The forms in the order they are asked."""
_SIGNS = tuple((sign, place) for place, (signs, _) in enumerate(_FORMS) for sign in signs)
"""Of each form the signs of which a text's shape holds one where the form stands, with the form's place."""

_LONGEST_BEFORE_SIGN = 80
"""Characters before its sign in which a form begins."""


def first_signs(shape: str) -> list[tuple[int, int]]:
    """Return the places of the forms that a shape may hold, in their order, each with where its search begins."""
    found: dict[int, int] = {}
    for place, at in [(place, shape.index(sign)) for sign, place in _SIGNS if sign in shape]:
        start = max(0, at - _LONGEST_BEFORE_SIGN)
        found[place] = min(start, found.get(place, start))
    return sorted(found.items())


def shape_of(text: str) -> str:
    """Write every digit as 0 and every Roman one as I: what a text looks like, so that few patterns are asked."""
    if text.isascii():
        return text.encode("ascii").translate(_SHAPE_OF_ASCII).decode("ascii")
    return text.translate(_SHAPE)

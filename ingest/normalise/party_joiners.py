"""What parts the parties of a list whatever their names are, and what was given by them."""

import re
from functools import cache

from ingest.normalise.donor_phrases import alternation
from ingest.normalise.party_names import words_of

_FEW_WORDS = 2
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\"[^\"]{1,120}\"")
_KIN = re.compile(
    r"(?:^(?:his|her|their)\s[\w-]{3,20},\s(?=[A-Z]))|(?:,\s|\s)(?:and|&|und|et|y|e|en|och|og|\u0438)\s(?:his|her|their|seine[rn]?|ihre[rnm]?|son|sa|ses|su|sus|sua|seu|zijn|haar|\u0435\u0433\u043e|\u0435\u0435|\u0435\u0451)\s(?P<kin>[\w-]{2,20}),?\s(?=[A-ZÀ-Þ\u0410-\u042f])"
)


def separated(text: str) -> list[str]:
    """Cut at semicolons outside brackets, and where words stand that no name holds."""
    if ";" in text or "\uff1b" in text:
        text = _BRACKETS.sub(lambda match: match.group().replace(";", ","), text)
    text = _strong_joiners().sub("; ", text) if " " in text else text
    text = _KIN.sub("; ", text)
    return [chunk for chunk in re.split(r"\s?[;\uff1b]\s?", text) if chunk.strip()]


def is_means(chunk: str) -> bool:
    """Whether a piece names no party but what was given: "a special grant"."""
    words = chunk.strip(" .,").split()
    if len(words) < _FEW_WORDS or words[-1].lower() not in words_of("joiners", "means"):
        return False
    given = words[0].lower() in {"a", "an"} and not words[-1].islower()
    return given or all(word.islower() for word in words)


@cache
def given_from() -> re.Pattern[str]:
    """Return the pattern of what was given, up to by whom, where a list begins with it."""
    means = alternation(words_of("joiners", "means"))
    return re.compile(
        rf"^(?:(?:an?|the)\s)?(?:[a-z][\w-]*\s){{0,3}}(?:{means})(?:\s(?:to|for|of|no\.?|number|#)[^;]{{0,80}}?|\s[A-Z\d][^;]{{0,60}}?)?\s(?:from|by)\s(?=\S)"
    )


@cache
def _strong_joiners() -> re.Pattern[str]:
    joined = alternation(words_of("joiners", "strong"))
    means = alternation(words_of("joiners", "means"))
    return re.compile(
        rf"(?:^|,?\s(?:and\s)?)(?:(?:an?|the|by|from)\s){{0,2}}(?:[a-z][\w-]*\s|[A-Z]{{2,6}}\s){{0,3}}?(?:{means})\s(?:to\s[\w.]{{1,30}}\s(?:[\w.]{{1,30}}\s)?)?(?:provided\s)?(?:from|by|of|de|von|van)\s(?=\S)"
        r"|(?:^|,?\sand\s|,\s)(?:(?:an?|the)\s)?(?:(?!and\s|by\s|from\s)[\w.'\u2019-]+\s){0,5}?(?:Grants?|Fellowships?|Awards?|Studentships?|Scholarships?|Bursary|Contracts?)"
        r"(?:\s(?:in|for|on)\s[\w\s]{2,60}?)?\s(?:to\s\S{1,40}\s)?from\s(?=\S)"
        rf"|(?:,\s|\s)(?:{joined})\s(?=\S)"
    )

"""What parts the parties of a list whatever their names are, and what was given by them."""

import re
from functools import cache

from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_stems import telling_words
from ingest.normalise.party_words import words_of
from ingest.normalise.patterns import late

_FEW_WORDS = 2
_BRACKETS = late(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\"[^\"]{1,120}\"")
_SEMICOLON = re.compile(r"\s?[;\uff1b]\s?")


def separated(text: str, words: frozenset[str]) -> list[str]:
    """Cut at semicolons outside brackets, and where words stand that no name holds. ``words``: those in the text."""
    if ";" in text or "\uff1b" in text:
        text = _BRACKETS.sub(lambda match: match.group().replace(";", ","), text)
    if not strong_words().isdisjoint(words):
        text = _strong_joiners().sub("; ", text)
    if not words.isdisjoint(words_of("kin_between", "whose")) or ("'s " in text and not words.isdisjoint(_kin_words())):
        text = _kin().sub("; ", text)
    if ";" not in text and "\uff1b" not in text:
        return [text] if text.strip() else []
    return [chunk for chunk in _SEMICOLON.split(text) if chunk.strip()]


@cache
def strong_words() -> frozenset[str]:
    """Return a word of each phrase that parts a list whatever the names are."""
    return telling_words((*words_of("joiners", "strong"), *words_of("joiners", "means")))


def is_means(chunk: str) -> bool:
    """Whether a piece names no party but what was given: "a special grant"."""
    words = chunk.strip(" .,").split()
    if len(words) < _FEW_WORDS or words[-1].lower() not in words_of("joiners", "means"):
        return False
    given = words[0].lower() in {"a", "an"} and not words[-1].islower()
    return given or all(word.islower() for word in words)


def without_given(text: str, words: frozenset[str]) -> str:
    """Cut what was given, up to by whom, where a list begins with it: "a grant for travel from the Acme Trust"."""
    means = words_of("joiners", "means")
    return text if means.isdisjoint(words) else _given_from().sub("", text)


@cache
def _given_from() -> re.Pattern[str]:
    means = alternation(words_of("joiners", "means"))
    return re.compile(
        rf"^(?:(?:an?|the)\s)?(?:[a-z][\w-]*\s){{0,3}}(?:{means})(?:\s(?:to|for|of|no\.?|number|#)[^;]{{0,80}}?|\s[A-Z\d][^;]{{0,60}}?)?\s(?:from|by)\s(?=\S)"
    )


@cache
def _kin_words() -> frozenset[str]:
    return telling_words(words_of("persons", "kin"))


@cache
def _kin() -> re.Pattern[str]:
    """Return the pattern of whose kin the next party is: "and his daughter, "."""
    whose, kin = alternation(words_of("kin_between", "whose")), alternation(words_of("persons", "kin"))
    return re.compile(
        rf"(?:^(?:(?:his|her|their)\s[\w-]{{3,20}}|[^,;]{{3,60}}'s\s(?:{kin})),\s(?=[A-Z]))"
        rf"|(?:,\s|\s)(?:and|&|und|et|y|e|en|och|og|\u0438)\s(?:{whose})\s(?P<kin>[\w-]{{2,20}}),?\s(?=[A-Z\u00c0-\u00de\u0410-\u042f])"
    )


@cache
def _strong_joiners() -> re.Pattern[str]:
    joined = alternation(words_of("joiners", "strong"))
    means = alternation(words_of("joiners", "means"))
    kinds = alternation(word[0].upper() + word[1:] for word in (*words_of("joiners", "before_means"), "phD"))
    return re.compile(
        rf"(?:^|,?\s(?:and\s)?)(?:(?:an?|the|by|from)\s){{0,2}}(?:[a-z][\w-]*\s|[A-Z]{{2,6}}\s|(?:{kinds})\s){{0,3}}?(?:{means})\s(?:to\s[\w.]{{1,30}}\s(?:[\w.]{{1,30}}\s)?)?(?:provided\s)?(?:from|by|of|de|von|van)\s(?=\S)"
        r"|(?:^|,?\sand\s|,\s)(?:(?:an?|the)\s)?(?:(?!and\s|by\s|from\s)[\w.'\u2019-]+\s){0,5}?(?:Grants?|Fellowships?|Awards?|Studentships?|Scholarships?|Bursary|Contracts?)"
        r"(?:\s(?:in|for|on)\s[\w\s]{2,60}?)?\s(?:to\s\S{1,40}\s)?from\s(?=\S)"
        rf"|(?:,\s|\s)(?:{joined})\s(?=\S)"
    )

"""What was given or through what, told apart from who gave: kinds of awards, quoted programmes, for whom they were."""

import re
from functools import cache

from ingest.normalise.donor_phrases import alternation
from ingest.normalise.party_words import words_of
from ingest.normalise.vocabularies import table

_DOUBLE, _SINGLE = '"\u201c\u201d\u201e\u00ab\u00bb', "'\u2018\u2019\u201a"
_QUOTED = rf"(?:[{_DOUBLE}]\s?[^{_DOUBLE}]{{2,150}}[{_DOUBLE}]|[{_SINGLE}][^{_SINGLE}]{{2,150}}[{_SINGLE}])"
_AWARDED = r"grants?|fellowships?|awards?|studentships?|scholarships?|stipends?|bursary|bursaries|contracts?"
_STEMS = ("grant", "fellowship", "award", "studentship", "scholarship", "stipend", "bursar", "contract")
_FIELD = re.compile(
    rf"\b(?P<means>{_AWARDED})\s(?:in|on)\s(?:the\s)?[A-Z][\w' -]{{2,60}}?(?:\s\([^()]{{1,80}}\))?"
    r"(?=$|[,;.]|\sto\s|\s(?:and|plus)\s(?:an?|the|by)\s)"
)
"""What an award is in: "a training grant in Insect Science"."""
_ACRONYM_BEHIND = re.compile(r"(?<=grant),\s[A-Z][a-z]+[A-Z]\w{0,20}(?=\s\([^()]{0,30}\d|$)")
"""The acronym of the project that an award is for: "an ERC starting grant, ExampleProject (123456)"."""
_FOR_WHOM = re.compile(
    r"(?:^|[\s.;,]\s?)(?:(?:[Tt]o|[Ff]or)\s(?:[A-Z]\.?-?){2,4}|(?:(?<=;\s)|(?<=\.\s)|(?<!.))"
    r"(?:(?:[A-Z]\.){2,4}|(?!EU|EC|UN|UK|US|UN)[A-Z]{2})):\s(?=[^\W\d_])"
)
"""Initials of whoever was paid, before who paid: "To A.B.: Acme Trust"."""
_PAID = re.compile(r"(?:^|(?:;|(?<=\)),|(?<=\))\sand)\s)(?:[A-Z]\.-?){2,4}\s\((?P<body>[^\W\d_][^()]{3,80})\)")
"""The same the other way round: "A.B. (Acme Trust)"."""


def without_recipients(text: str) -> str:
    """Set a semicolon where initials tell for whom the support was that follows; write "Sponsor(s)" as one word."""
    if "(s)" in text:
        text = text.replace("(s)", "s")
    if ":" in text:
        text = _FOR_WHOM.sub("; ", text)
    if ". (" in text or ".(" in text:
        text = _PAID.sub(r"; \g<body>", text)
    return text.removeprefix("; ")


def without_kinds(text: str) -> str:
    """Cut between a body and its award what kind of award it is: "an Acme Trust postdoctoral fellowship in Physics"."""
    if not any(stem in text for stem in _STEMS):
        return text
    return _ACRONYM_BEHIND.sub("", _FIELD.sub(r"\g<means>", _kinds().sub(r" \g<means>", text)))


def without_quoted_programmes(text: str) -> tuple[str, tuple[str, ...]]:
    """Part the quoted names of programmes from whose they are: "the programme 'Example' of the Acme Council"."""
    if not any(quote in text for quote in _DOUBLE + _SINGLE):
        return text, ()
    found = tuple(
        (match["name"] or match["named"]).strip(f" {_DOUBLE}{_SINGLE}") for match in _quoted_programme().finditer(text)
    )
    return (_quoted_programme().sub("", text), found) if found else (text, ())


@cache
def _kinds() -> re.Pattern[str]:
    kinds = alternation(words_of("joiners", "before_means"))
    return re.compile(rf"(?<=[\w).])(?:\s(?:{kinds})){{1,4}}\s(?P<means>{_AWARDED})(?![\w-])")


@cache
def _quoted_programme() -> re.Pattern[str]:
    words = table("credit_lines")["through"]
    kinds = alternation(words["quoted"])
    elided = alternation(word for word in words["quoted_of"] if word.endswith("'"))
    blanked = alternation(word for word in words["quoted_of"] if not word.endswith("'"))
    behind = rf"\s(?:(?:{blanked})\s|(?:{elided}))(?=[^\W\d_a-z])"
    return re.compile(
        rf"(?:(?i:the|das|el|le|il|la|het|der|dem|den)\s)?(?:(?i:{kinds})\s?(?P<name>{_QUOTED})"
        rf"|(?P<named>{_QUOTED})\s(?i:{kinds})){behind}"
    )

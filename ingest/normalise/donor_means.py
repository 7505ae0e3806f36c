"""What was given or through what, told apart from who gave: kinds of awards, quoted programmes, for whom they were."""

import re
from functools import cache

from ingest.normalise.donor_awards import label_words
from ingest.normalise.donor_roles import role_of
from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.party_words import words_of
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_DOUBLE, _SINGLE = '"\u201c\u201d\u201e\u00ab\u00bb', "'\u2018\u2019\u201a"
_QUOTED = rf"(?:[{_DOUBLE}]\s?[^{_DOUBLE}]{{2,150}}[{_DOUBLE}]|[{_SINGLE}][^{_SINGLE}]{{2,150}}[{_SINGLE}])"
_ANY_QUOTE = re.compile(f"[{_DOUBLE}{_SINGLE}]")
_AWARDED_WORDS = frozenset(
    f"{award}{ending}"
    for award in ("grant", "fellowship", "award", "studentship", "scholarship", "stipend", "contract")
    for ending in ("", "s")
) | {"bursary", "bursaries"}
_AWARDED = "|".join(sorted(_AWARDED_WORDS, key=len, reverse=True))
_MEANS_WORD = re.compile(rf"\s(?:{_AWARDED})(?![\w-])")
_FIELD = late(
    rf"\b(?P<means>{_AWARDED})\s(?:in|on)\s(?:the\s)?[A-Z][\w' -]{{2,60}}?(?:\s\([^()]{{1,80}}\))?"
    r"(?=$|[,;.]|\sto\s|\s(?:and|plus)\s(?:an?|the|by)\s)"
)
"""What an award is in: "a training grant in Insect Science"."""
_ACRONYM_BEHIND = late(r"(?<=grant),\s[A-Z][a-z]+[A-Z]\w{0,20}(?=\s\([^()]{0,30}\d|$)")
"""The acronym of the project that an award is for: "an ERC starting grant, ExampleProject (123456)"."""
_FOR_WHOM = re.compile(
    r"(?:^|[\s.;,]\s?)(?:(?:[Tt]o|[Ff]or)\s(?:[A-Z]\.?-?){2,4}|(?:(?<=;\s)|(?<=\.\s)|(?<!.))"
    r"(?:(?:[A-Z]\.){2,4}|(?!EU|EC|UN|UK|US|UN)[A-Z]{2})):\s(?=[^\W\d_])"
)
"""Initials of whoever was paid, before who paid: "To A.B.: Acme Trust"."""
_PAID = late(r"(?:^|(?:;|(?<=\)),|(?<=\))\sand)\s)(?:[A-Z]\.-?){2,4}\s\((?P<body>[^\W\d_][^()]{3,80})\)")
"""The same the other way round: "A.B. (Acme Trust)"."""


_LABEL = re.compile(r"(?:^|(?<=;\s))(?P<label>[^\W\d_a-z][\w'-]{1,30}(?:\s[^\W\d_a-z]\.?)?):\s(?=\S)")
"""A surname before what paid its bearer, one piece of several: "Roe: Acme Trust; Doe: Beta Fund"."""
_NO_STOP = r"\.(?=\S)|(?<=[\s.][A-Z])\.|(?<=\s[A-Z][a-z])\.|(?<=\s[A-Z][a-z][a-z])\."
"""A stop that ends no sentence: behind an initial or a title."""
_SUPPORT = re.compile(r"(?:(?:their|its|his|her|the|generous|kind|continued)\s){0,3}support\b")
_FEWEST_LABELS = 2


def without_recipients(text: str, words: frozenset[str]) -> str:
    """Set a semicolon where initials tell for whom the support was that follows; write "Sponsor(s)" as one word.

    ``words``: those in the text.
    """
    if not _thanks_words().isdisjoint(words):
        text = _thanks().sub(_thanked_with_money, text)
    if "(s)" in text:
        text = text.replace("(s)", "s")
    if ":" in text:
        text = _without_labels(_FOR_WHOM.sub("; ", text))
    if ". (" in text or ".(" in text:
        text = _PAID.sub(r"; \g<body>", text)
    return text.removeprefix("; ")


def _thanked_with_money(match: re.Match[str]) -> str:
    """Leave out whom a sentence thanks for what is no money: "Jane Roe for advice and the Acme Trust for funds"."""
    paid = [f"{names}{word}{what}" for names, word, what in _thanked(match["rest"]) if _is_money(what)]
    return f"{match['thanks']}{('; ' + match['thanks']).join(paid)}" if paid else match.group()


def _thanked(text: str) -> list[tuple[str, str, str]]:
    """Part names, the word for "for" and what for; who has none is left out. "Society for Example" is a name."""
    names, *parted = _for_what().split(text)
    thanked: list[tuple[str, str, str]] = []
    for word, piece in zip(parted[::2], parted[1::2], strict=True):
        if not piece[:1].islower():
            names += word + piece
            continue
        following = _next_thanked().search(piece)
        thanked.append((names.strip(), word, piece[: following.start()] if following else piece))
        names = piece[following.end() :] if following else ""
    return thanked


def _is_money(what: str) -> bool:
    return bool(_SUPPORT.match(what)) or not _money_words().isdisjoint(words_in(what))


@cache
def _money_words() -> frozenset[str]:
    """Return words for what is paid; support and assistance may be of any kind."""
    money = (
        words_of("joiners", "means") | frozenset(table("credit_lines")["nobody"]["what"]) | {"financial", "sponsoring"}
    )
    return money - {"support", "assistance", "contribution"}


@cache
def _thanks_words() -> frozenset[str]:
    return telling_words(table("credit_lines")["thanks"]["words"])


@cache
def _thanks() -> re.Pattern[str]:
    words = alternation(table("credit_lines")["thanks"]["words"])
    return re.compile(rf"(?P<thanks>\b(?i:{words})\s)(?P<rest>(?:[^.;]|{_NO_STOP}){{3,600}})")


@cache
def _for_what() -> re.Pattern[str]:
    return re.compile(rf"(\s(?:{alternation(table('credit_lines')['thanks']['for'])})\s)")


@cache
def _next_thanked() -> re.Pattern[str]:
    """Return the pattern of what joins two that are thanked, before the name of the second."""
    joiners = alternation(table("credit_lines")["thanks"]["joiners"])
    return re.compile(rf",?\s(?:{joiners})\s(?=(?:[^\W\d_A-Z]{{1,3}}\s){{0,2}}[A-Z])|,\s(?=(?:the\s)?[A-Z])")


def _without_labels(text: str) -> str:
    """Cut surnames before what paid their bearers, where two pieces have one that is no word of a credit line."""
    labels = [match["label"].lower() for match in _LABEL.finditer(text)]
    if len(labels) < _FEWEST_LABELS or any(role_of(label) or label in label_words() for label in labels):
        return text
    return _LABEL.sub("", text)


def without_kinds(text: str, words: frozenset[str]) -> str:
    """Cut between a body and its award what kind of award it is: "an Acme Trust postdoctoral fellowship in Physics".

    ``words``: those in the text.
    """
    if words.isdisjoint(_AWARDED_WORDS):
        return text
    if any(text[: match.start()].rsplit(" ", 1)[-1] in _kind_words() for match in _MEANS_WORD.finditer(text)):
        text = _kinds().sub(r" \g<means>", text)
    if "in" in words or "on" in words:
        text = _FIELD.sub(r"\g<means>", text)
    return _ACRONYM_BEHIND.sub("", text) if "grant, " in text else text


def without_quoted_programmes(text: str) -> tuple[str, tuple[str, ...]]:
    """Part the quoted names of programmes from whose they are: "the programme 'Example' of the Acme Council"."""
    if not _ANY_QUOTE.search(text):
        return text, ()
    found = tuple(
        (match["name"] or match["named"]).strip(f" {_DOUBLE}{_SINGLE}") for match in _quoted_programme().finditer(text)
    )
    return (_quoted_programme().sub("", text), found) if found else (text, ())


@cache
def _kind_words() -> frozenset[str]:
    return frozenset(word.rsplit(" ", 1)[-1] for word in words_of("joiners", "before_means"))


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

"""Lists of names behind the words of a credit line: what follows them cut, and what stands among them told apart."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ingest.normalise.donor_awards import label_words, take_awards
from ingest.normalise.donor_means import without_kinds, without_quoted_programmes
from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_statements import end_of_statement, lower
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.donor_tails import by_letter, names_only, without_date
from ingest.normalise.party_joiners import separated, strong_words
from ingest.normalise.party_words import words_of
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_TO_WHOM = late(r"\s\((?:(?:to|for|awarded\sto)\s[^()]{1,80}|by\sexchange)\)")
_RECIPIENT = late(
    r"\s(?:to|for)\s(?:(?:[A-Z]\.){2,4}|[A-Z]{2,4}(?=,?\s(?:from|and)\s|[,;.]|$)|(?:[A-Z]\.\s?){1,3}[A-Z][\w-]+)"
    r"(?:\sand\s(?:[A-Z]\.?){2,4}(?!\w))?"
)
_SIGNS_OF_MORE = re.compile("[\\[\\](){}\"':;\u2018-\u201e\u00ab\u00bb\uff1b\u2116#]")
_CLASS_YEAR = re.compile(r",?\s\(?['\u2019]\d\d\)?(?=[,;]|\s(?:and|&)\s|$)")
"""The year in which a donor left a college: "Jane Roe '40"."""
_INDEFINITE = re.compile(r"^(?:an?|one|some)\s", re.IGNORECASE)
_NEXT_IN_LIST = re.compile(
    r"[,;]\s(?!(?:Jr|Sr|Inc|Ltd|LLC|II|III|IV|Esq)\b)(?:and\s)?|\s(?:and|und|et|y|e|en)\s(?=(?:the|an?|die|der|das|la|le|el|il|de|het)\s)"
)
_QUOTES = str.maketrans(dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e", '"'))
_RELATION = re.compile(r"^(?:his|her|their|my|our)\s(?:\w+\s)?[\w-]{3,20},\s(?=[^\W\d_a-z])")
_PROGRAMME = late(
    r"""(?P<owner>European\s(?:Union|Commission|Community|Communities)|EU|EC)(?:['\u2019?]s)?\s(?:\|\s)?
    (?P<programme>(?:Horizon\s(?:2020|Europe)|(?:Seventh|7th|Sixth|6th|Fifth|5th)\s|FP\d|H2020)[^,;()\[\]]{0,80}?)
    (?=$|[,;(\[]|\s\[|\sunder\s|\sthrough\s|\svia\s|\sand\sthe\s)""",
    re.VERBOSE,
)
_UNION = {"european", "eu", "ec"}
_TO = {"to", "for", "exchange"}


class Names(NamedTuple):
    """Lists of names, not yet split, without what follows them."""

    lists: tuple[tuple[str, bool], ...]
    """In text order; whether its parties passed a gift on."""
    awards: tuple[str, ...] = ()
    in_memory_of: str | None = None
    in_honour_of: str | None = None
    programmes: tuple[str, ...] = ()


def read_names(text: str, *, capitals: bool) -> Names:
    """Cut what follows the names of parties, and tell apart through whom, in whose memory and under which awards."""
    text = text.replace(" (by exchange) and ", "; ")
    text = _CLASS_YEAR.sub("", text) if "'" in text or "\u2019" in text else text
    words = words_in(text)
    if _words_of_more().isdisjoint(words) and not _SIGNS_OF_MORE.search(text):
        names = names_only(text, words, capitals=capitals)
        return Names(lists=((names, False),) if names else ())
    text, memory = _remembered(text, "memory", words)
    text, honour = _remembered(text, "honour", words)
    text, quoted_programmes = without_quoted_programmes(text)
    text, programmes = (text, ()) if _UNION.isdisjoint(words) else _without_programmes(text)
    taken = take_awards(_without_recipient(without_kinds(text, words), words), words)
    quoted = (
        None if taken.text.isascii() and '"' not in taken.text else _legal_quoted().match(taken.text.translate(_QUOTES))
    )
    rest = taken.text[: quoted.end()] if quoted else taken.text
    words = words_in(rest) if taken.numbers else words
    parted = [part for chunk in separated(rest, words) for part in _through(chunk, words)]
    cut = ((names_only(part, words, capitals=capitals), passed_on) for part, passed_on in parted)
    return Names(
        lists=tuple((names, passed_on) for names, passed_on in cut if names),
        awards=taken.numbers,
        in_memory_of=memory,
        in_honour_of=honour,
        programmes=quoted_programmes + programmes,
    )


def _without_recipient(text: str, words: frozenset[str]) -> str:
    """Cut for whom the support was: "(to A.B.)", "to A.B."."""
    if _TO.isdisjoint(words):
        return text
    return _RECIPIENT.sub("", _TO_WHOM.sub("", text) if "(" in text else text)


def _without_programmes(text: str) -> tuple[str, tuple[str, ...]]:
    """Part the framework programmes of the European Union from the name of who pays for them."""
    found = tuple(match["programme"].strip() for match in _PROGRAMME.finditer(text))
    return (_PROGRAMME.sub(r"\g<owner>", text), found) if found else (text, ())


def _through(text: str, words: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Part givers and whoever passed the gift on; terms and programmes passed nothing on."""
    if _told_by("through", "words").isdisjoint(words):
        yield text, False
        return
    match = _through_words().search(lower(text))
    if match is None:
        yield text, False
        return
    rest = text[match.end() :]
    following = _NEXT_IN_LIST.search(rest)
    first = rest[: following.start()] if following else rest
    yield text[: match.start()], False
    if not _INDEFINITE.match(rest) and not _are_means(first):
        yield first, True
    if following and rest[following.end() :].strip(" .,").lower() not in words_of("places"):
        yield from _through(rest[following.end() :], words)


def _are_means(text: str) -> bool:
    """Whether these words name terms or a programme, and nobody."""
    through = {word.strip(".,()") for word in text.split()}
    means, programmes = _words_of_means()
    return not means.isdisjoint(through) or not programmes.isdisjoint(map(str.lower, through))


@cache
def _words_of_means() -> tuple[frozenset[str], frozenset[str]]:
    words = table("credit_lines")["through"]
    return frozenset(words["means"]), frozenset(words["programmes"])


def _remembered(text: str, group: str, words: frozenset[str]) -> tuple[str, str | None]:
    if _told_by("tails", group).isdisjoint(words):
        return text, None
    match = _remembering(group).search(lower(text))
    if match is None:
        return text, None
    end = end_of_statement(text, match.end(), whole=False)
    remembered = _RELATION.sub("", without_date(text[match.end() : end].strip(" .,;")).strip(" .,;"))
    return text[: match.start()], remembered or None


@cache
def _words_of_more() -> frozenset[str]:
    """Return a word of everything that stands in a list beside names: most lists have none, and are names only."""
    more = frozenset().union(*(_told_by("tails", name) for name in ("memory", "honour")), _told_by("through", "words"))
    return more | strong_words() | words_of("kin_between", "whose") | label_words() | _UNION | _TO


@cache
def _told_by(group: str, name: str) -> frozenset[str]:
    return telling_words(table("credit_lines")[group][name])


@cache
def _remembering(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?:,?\s|^)\(?(?:{by_letter(table('credit_lines')['tails'][group])})\s")


@cache
def _through_words() -> re.Pattern[str]:
    return re.compile(rf"\s\(?(?:{alternation(table('credit_lines')['through']['words'])})\s(?:the\s){{0,2}}")


@cache
def _legal_quoted() -> re.Pattern[str]:
    """Return the pattern of a firm's legal form before its name in quotes, which end the name."""
    forms = alternation(words_of("organisations", "forms_before_quotes"))
    return re.compile(rf"(?:{forms})\s\"[^\"]{{1,80}}\"", re.IGNORECASE)

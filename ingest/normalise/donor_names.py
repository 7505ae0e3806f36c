"""Lists of names behind the words of a credit line: what follows them cut, and what stands among them told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.normalise.donor_awards import take_awards
from ingest.normalise.donor_phrases import alternation
from ingest.normalise.donor_statements import end_of_statement, lower
from ingest.normalise.party_joiners import separated
from ingest.normalise.party_names import words_of
from ingest.normalise.vocabularies import table

_DATE = re.compile(
    r"""[,;]?(?<!\sof)\s\(?(?:(?:in|on|am|en|le|el|il|im|dal|od|\u0432|\u0443)\s)?(?:
      (?:(?P<month>[^\W\d_]{3,12})\.?\s(?:\d{1,2},\s)?|\d{1,2}\.?\s[^\W\d_]{3,10}\s)?
      (?:c(?:irc)?a?\.?\s)?(?:1[4-9]|20)\d\d(?:\s?[-/]\s?(?:(?:1[4-9]|20)\d\d|\d\d))?(?:\s?(?:\u0433|\u0440)\.)?
    | \d{1,2}[./]\d{1,2}[./]\d{2,4} | (?:19|20)\d\d[.-]\d{1,4}(?:[.-]\d{1,4}[a-z]?)? )\)?[.,]?$""",
    re.VERBOSE,
)
_TO_WHOM = re.compile(r"\s\((?:to|for|awarded\sto)\s[^()]{1,80}\)")
_RECIPIENT = re.compile(
    r"\s(?:to|for)\s(?:(?:[A-Z]\.){2,4}|[A-Z]{2,4}(?=,?\s(?:from|and)\s|[,;.]|$)|(?:[A-Z]\.\s?){1,3}[A-Z][\w-]+)"
    r"(?:\sand\s(?:[A-Z]\.?){2,4}(?!\w))?"
)
_OPEN_BRACKET = re.compile(r"\s\([^()]*$")
_APPOSITION = re.compile(r",\s(?P<words>[^,;()]{2,90}?)(?=$|,|;|\sand\s|\s&\s)")
_INDEFINITE = re.compile(r"^(?:an?|one|some)\s", re.IGNORECASE)
_NEXT_IN_LIST = re.compile(
    r"[,;]\s(?!(?:Jr|Sr|Inc|Ltd|LLC|II|III|IV|Esq)\b)(?:and\s)?|\s(?:and|und|et|y|e|en)\s(?=(?:the|an?|die|der|das|la|le|el|il|de|het)\s)"
)
_QUOTES = str.maketrans(dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e", '"'))
_RELATION = re.compile(r"^(?:his|her|their|my|our)\s(?:\w+\s)?[\w-]{3,20},\s(?=[^\W\d_a-z])")
_PROGRAMME = re.compile(
    r"""(?P<owner>European\s(?:Union|Commission|Community|Communities)|EU|EC)(?:['\u2019?]s)?\s
    (?P<programme>(?:Horizon\s(?:2020|Europe)|(?:Seventh|7th|Sixth|6th|Fifth|5th)\s|FP\d|H2020)[^,;()\[\]]{0,80}?)
    (?=$|[,;(\[]|\s\[|\sunder\s|\sthrough\s|\svia\s|\sand\sthe\s)""",
    re.VERBOSE,
)
_PURPOSE = re.compile(r"(?<=\bFund)\sfor\sthe\s[^,;]{3,80}\sCollection$")
"""Which collection a fund buys for."""
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Lists of names, not yet split, without what follows them."""

    lists: tuple[tuple[str, bool], ...]
    """In text order; whether its parties passed a gift on."""
    awards: tuple[str, ...] = ()
    in_memory_of: str | None = None
    in_honour_of: str | None = None
    programmes: tuple[str, ...] = ()


def read_names(text: str, *, capitals: bool) -> Names:
    """Cut what follows the names of parties, and tell apart through whom, in whose memory and under which awards."""
    text, memory = _remembered(text, "memory")
    text, honour = _remembered(text, "honour")
    text, programmes = _without_programmes(text)
    taken = take_awards(_RECIPIENT.sub("", _TO_WHOM.sub("", text)))
    quoted = _legal_quoted().match(taken.text.translate(_QUOTES))
    rest = taken.text[: quoted.end()] if quoted else taken.text
    parted = [part for chunk in separated(rest) for part in _through(chunk)]
    cut = ((_cut(part, capitals=capitals), passed_on) for part, passed_on in parted)
    return Names(
        lists=tuple((names, passed_on) for names, passed_on in cut if names),
        awards=taken.numbers,
        in_memory_of=memory,
        in_honour_of=honour,
        programmes=programmes,
    )


def _without_programmes(text: str) -> tuple[str, tuple[str, ...]]:
    """Part the framework programmes of the European Union from the name of who pays for them."""
    found = tuple(match["programme"].strip() for match in _PROGRAMME.finditer(text))
    return (_PROGRAMME.sub(r"\g<owner>", text), found) if found else (text, ())


def _cut(text: str, *, capitals: bool) -> str:
    names = without_tail(text)
    return without_tail(_capital_run(names)) if capitals else names


def without_tail(text: str) -> str:
    """Cut what follows the names of parties: words that end them, a year, an apposition."""
    tail = _tails().search(lower(text))
    names = text[: tail.start()] if tail else text
    names = _PURPOSE.sub("", names)
    for _ in range(_ROUNDS):
        shorter = _OPEN_BRACKET.sub("", without_date(names)).rstrip(" ,;")
        if shorter == names:
            break
        names = shorter
    return _without_appositions(names).strip(" ,;")


def without_date(text: str) -> str:
    """Cut a year or a day from the end; a word before a year goes with it only where it is a month."""
    match = _DATE.search(text)
    if match is None:
        return text
    month = match["month"]
    if month and month.lower().strip(".") not in _months():
        match = _DATE.search(text, match.end("month"))
    return text[: match.start()] if match else text


def _through(text: str) -> Iterator[tuple[str, bool]]:
    """Part givers and whoever passed the gift on; terms and programmes passed nothing on."""
    match = _through_words().search(lower(text))
    if match is None:
        yield text, False
        return
    rest = text[match.end() :]
    following = _NEXT_IN_LIST.search(rest)
    first = rest[: following.start()] if following else rest
    yield text[: match.start()], False
    means = table("credit_lines")["through"]
    words = {word.strip(".,()") for word in first.split()}
    if not (
        _INDEFINITE.match(rest)
        or words & set(means["means"])
        or {word.lower() for word in words} & set(means["programmes"])
    ):
        yield first, True
    if following:
        yield from _through(rest[following.end() :])


def _remembered(text: str, group: str) -> tuple[str, str | None]:
    match = _remembering(group).search(lower(text))
    if match is None:
        return text, None
    end = end_of_statement(text, match.end(), whole=False)
    remembered = _RELATION.sub("", without_date(text[match.end() : end].strip(" .,;")).strip(" .,;"))
    return text[: match.start()], remembered or None


def _without_appositions(text: str) -> str:
    """Cut what tells, between commas, who somebody is: "Jane Roe, the artist's daughter"."""
    if ", " not in text:
        return text

    def cut(match: re.Match[str]) -> str:
        words = match["words"].lower().replace("\u2019", "'").split()
        first = words[0].strip(".")
        told = {"the", "a", "an", "his", "her", "their"}
        kin = words_of("persons", "kin") | words_of("persons", "roles") | words_of("persons", "appositions")
        later = {word.removesuffix("'s").strip(".") for word in words[1:]}
        is_body = match["words"][:1].isupper() and first not in words_of("persons", "appositions")
        apposed = (first in told and (bool(later & kin) or first in {"a", "an"})) or first in words_of(
            "persons", "appositions"
        )
        return "" if apposed and not (is_body and first == "the" and not later & kin) else match.group()

    after = re.search(r",\san?\s(?=[A-Z])", text)
    return _APPOSITION.sub(cut, text[: after.start()] if after else text)


def _capital_run(text: str) -> str:
    """Cut a list of names where words begin that stand in none: they are small and no joining words."""
    allowed = _small_words() | words_of("joiners", "means")
    end = 0
    position = 0
    for match in re.finditer(r"\S+", text):
        word = match.group()
        bare = word.strip("\"'.,;:()[]\u2019\u201c\u201d").replace("\u2019", "'").removesuffix("'s").lower()
        if word[0].islower() and word.lower() == word and bare not in allowed:
            break
        position = match.end()
        if (
            word[0].isupper()
            or word[0].isdigit()
            or bare in _closing_words()
            or bare in words_of("joiners", "means")
            or not word[0].isalpha()
        ):
            end = position
    return text[:end].strip(" ,;")


@cache
def _small_words() -> frozenset[str]:
    return words_of("inside_names") | _closing_words() | words_of("anonymous", "before_people") | words_of("joiners")


@cache
def _closing_words() -> frozenset[str]:
    lists = (
        ("persons", "roles"),
        ("persons", "kin"),
        ("families", "words"),
        ("estates", "words"),
        ("anonymous", "nameless"),
    )
    more = (("anonymous", "with_nameless"), ("anonymous", "people"), ("persons", "suffixes"))
    words = frozenset().union(*(words_of(*names) for names in (*lists, *more)))
    return (
        words
        - words_of("lead_articles")
        - {
            "of",
            "from",
            "by",
            "the",
            "an",
            "collection",
            "source",
            "sources",
            "gift",
            "gifts",
            "bequest",
            "donation",
            "donations",
        }
    ) | {"program"}


@cache
def _months() -> frozenset[str]:
    months = table("months")
    return frozenset(word.lower().strip(".") for word in _texts(months))


def _texts(rows: object) -> Iterator[str]:
    """Return every text of a nested table, keys too."""
    if isinstance(rows, str):
        yield rows
    elif isinstance(rows, dict):
        yield from rows
        for row in rows.values():
            yield from _texts(row)
    elif isinstance(rows, list):
        for row in rows:
            yield from _texts(row)


@cache
def _tails() -> re.Pattern[str]:
    words = table("credit_lines")["tails"]
    listed = [*words["words"], *words["memory"], *words["honour"]]
    return re.compile(rf"(?:,\s|;\s|\s|\s\(|^)(?:{_by_letter(listed)})(?!\w)")


@cache
def _remembering(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?:,?\s|^)\(?(?:{_by_letter(table('credit_lines')['tails'][group])})\s")


@cache
def _through_words() -> re.Pattern[str]:
    return re.compile(rf"\s\(?(?:{alternation(table('credit_lines')['through']['words'])})\s(?:the\s){{0,2}}")


def _by_letter(words: list[str]) -> str:
    """Return an alternation that is grouped by first letter, so that most places are passed at a glance."""
    grouped: dict[str, list[str]] = {}
    for word in words:
        grouped.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{re.escape(letter)}(?:{alternation(rest)})" for letter, rest in sorted(grouped.items()))


@cache
def _legal_quoted() -> re.Pattern[str]:
    """Return the pattern of a firm's legal form before its name in quotes, which end the name."""
    forms = alternation(words_of("organisations", "forms_before_quotes"))
    return re.compile(rf"(?:{forms})\s\"[^\"]{{1,80}}\"", re.IGNORECASE)

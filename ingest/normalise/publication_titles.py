"""Titles of printed sources: which words name the host, and which its author and the article or chapter in it."""

import re
from functools import cache

from ingest.normalise.patterns import late
from ingest.normalise.source_pieces import ENDS, Piece, has_digit, piece
from ingest.normalise.source_words import Words, words, words_of
from ingest.normalise.vocabularies import table

_UPPER = r"[A-Z\u00c0-\u00de\u0100-\u017d\u0400-\u042f\u0370-\u03ab]"
_PARTICLE = r"(?:van|von|de|der|den|da|di|del|della|dos|du|la|le|al|el|bin|ibn|ter|zu|af)"
_WORD = rf"(?:{_UPPER}[\w'\u2019.-]{{0,24}}|{_PARTICLE})"
# One to four capitalised words that stand alone before a title: a person, or several.
_PERSON = rf"{_UPPER}[\w'\u2019.-]{{0,24}}(?:\s{_WORD}){{1,4}}"
_PERSONS = re.compile(
    rf"(?:{_PERSON})(?:(?:,\s|\s(?:and|und|et|y|i|и|&)\s){_PERSON}){{0,4}}(?:,?\s(?:et al\.?|and others))?$"
)
_INVERTED = re.compile(
    rf"{_UPPER}[\w'\u2019-]{{1,24}},?\s(?:{_UPPER}\.[\s-]?){{1,3}}"
    rf"(?:(?:,|;|\s(?:and|&|и))\s{_UPPER}[\w'\u2019-]{{1,24}},?\s(?:{_UPPER}\.?[\s-]?){{1,3}}){{0,8}}(?:,?\set al\.?)?$"
)
_SURNAME_FIRST = late(rf"(?:{_UPPER}[\w'\u2019-]{{1,24}}\s{_UPPER}{{1,3}}(?:,\s)?){{1,8}}$")
# On the text as written: what opens with a curved quote is closed by one, whatever straight ones stand between.
_QUOTED = late(
    r"(?<!\w)(?:\u201c[^\u201c\u201d]{3,400}\u201d|\u201e[^\u201c\u201d\u201e]{3,400}[\u201c\u201d]|\u00ab[^\u00ab\u00bb]{3,400}\u00bb|"
    r"\u2018[^\u2018]{3,400}?\u2019(?=[\s,.;)]|$)|\"[^\"]{3,400}\"|'[^']{3,400}(?:'[a-z][^']{0,300})?'(?!\w))"
)
_ARTICLE = re.compile(r"(?:an?|the|der|die|das|eine?|les?|une?|el|los|una|il|os?|uma)\s", re.IGNORECASE)
_YEAR_BEHIND_AUTHOR = re.compile(r"\.?\s?\((?P<year>(?:1[4-9]|20)\d{2})[a-z]?(?:,\s[^()]{1,20})?\)\.?:?\s")
_IN = late(
    r"(?:^|[.,;:?!]\s|\s)[Ii]n[:.]?\s(?=\S)|"
    r"(?:^|[.,;]\s)(?:\u0412 \u043a\u043d\.|\u0412 \u0441\u0431\.|In|En|Dans|Em|W|V):\s?|\s//\s?"
)
_WITHIN = frozenset({"in", "en", "dans", "em", "w", "v", "\u0432"})
_IN_BEHIND_QUOTES = late(r"[,.]?\s?(?:in|en|dans|em|\u0432 \u043a\u043d\.|\u0432 \u0441\u0431\.)?:?\s", re.IGNORECASE)
# Behind an author stands a title; behind one that ends in a stop, an article of some words and its host.
_TITLE_FOLLOWS = {
    False: re.compile(r"[^\W\d_]{3}"),
    True: re.compile(r"[^\W\d_]{2,30}\W{1,3}\w{1,30}\W{1,3}\w{1,30}[^.?!]{0,300}[.?!]\s\S"),
}
_SENTENCE_ENDS = re.compile(r"[.?!]\s")
_TITLE_ENDS = re.compile(r"[.?!](?<!\b\w.)\s")
_AUTHOR_ENDS = re.compile(r"[:,.](?:(?<=[:,])\s|(?<!\b\w\.)(?<=\.)\s|(?<=,)(?=[A-Z]))")
_ONE_NAME = re.compile(r"[A-Z][a-z]{1,14}")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_WORDS = re.compile(r"\w+")
_LONGEST_AUTHORS = 160
_LONGEST_TITLE = 1_000
_FEWEST_WORDS = 3
"""Words of a title's translation in brackets: a shorter bracket is a place or an abbreviation."""
_EDITORS = late(
    r",?\s\(?(?:eds?\.(?=\)?[,:]?\s)|eds?(?=\)?[,:])|editors?(?=\)?[,:])|hrsg\.?|hg\.|(?:(?<=\()|(?-i:(?=[a-z])))(?:comps?|coords?|orgs?)\.|ред\.|сост\.)\)?[,:]?\s",
    re.IGNORECASE,
)
_EDITING = frozenset(
    {
        *("ed", "eds", "editor", "editors", "hrsg", "hg", "comp", "comps", "coord", "coords", "org", "orgs"),
        *("\u0440\u0435\u0434", "\u0441\u043e\u0441\u0442"),
    }
)
_POSSESSIVE = re.compile(rf"^(?:{_PERSON})'s,?\s")
_BY = late(rf",\sby\s(?={_UPPER})")
_IMPRINT = re.compile(r"\([^\W\d_][^():]{1,60}:\s?[^():\d][^():]{1,100}?,\s(?:1[4-9]|20)\d{2}(?:\s?[-/]\s?\d{2,4})?\)")
_INITIALS_BEHIND = re.compile(
    rf"{_UPPER}[\w'\u2019-]{{1,24}}\s(?:{_UPPER}\.\s?){{1,3}}(?:,\s{_UPPER}[\w'\u2019-]{{1,24}}\s(?:{_UPPER}\.\s?){{1,3}}){{0,5}}(?=[^\W\d_]{{2}}|[^\W\d_]\s)"
)
_INVERTED_IN_FRONT = re.compile(
    rf"{_UPPER}[\w'\u2019-]{{1,24}},\s(?:{_UPPER}\.\s?){{1,3}}"
    rf"(?:(?:;|,|\s(?:and|&|e|y))\s?{_UPPER}[\w'\u2019-]{{1,24}},\s(?:{_UPPER}\.\s?){{1,3}}){{0,8}}(?=[^\W\d_]{{2}}|[AOEY]\s[^\W\d_]{{2}})"
)
# The form of medicine: surnames with bare initials, and a stop before the title: "Roe JA, Doe B. A study."
_BARE = rf"{_UPPER}[\w'\u2019-]{{1,24}}(?:\s{_UPPER}[\w'\u2019-]{{1,24}})?\s{_UPPER}{{1,3}}"
_INITIALS_BARE = re.compile(rf"{_BARE}(?:,\s{_BARE}){{0,20}}(?:,?\set al)?\.\s(?=[^\W\d_])")
_BRACKETED_AT_END = re.compile(r"\s\([^()]{2,160}\)$")


def host_pieces(text: str, key: str, start: int, end: int, *, book: bool) -> tuple[Piece, ...]:
    """Part the words before the numbers into author, title of the part, and title of the host."""
    while start < end and key[start] in ENDS and key[start] not in "\"'([":
        start += 1
    if quoted := _quoted(text, key, start, end):
        return _with_quoted(text, key, (start, end), quoted)
    if "(" in key and (dated := _YEAR_BEHIND_AUTHOR.search(key, start, end)):
        return _author_and_date(text, key, dated, end, book=book)
    if (within := _last_in(key, start, end)) is not None:
        article = piece("article_title", text, start, within[0])
        if initials := _INITIALS_BEHIND.match(key, start, within[0]):
            article = (
                *piece("author", text, *initials.span()),
                *piece("article_title", text, initials.end(), within[0]),
            )
        return (*article, Piece("mark", *within), *_host(text, key, within[1], end))
    if ", by " in key and (by := _BY.search(key, start, end)):
        return (*piece("container_title", text, start, by.start()), *piece("author", text, by.end(), end))
    return _after_author(text, key, start, end, book=book)


def imprint_of(key: str) -> tuple[int, int] | None:
    """Return where place, publisher and year of a book stand in brackets, or None: no journal has them."""
    match = _IMPRINT.search(key) if "(" in key and ":" in key else None
    return match.span() if match else None


def _quoted(text: str, key: str, start: int, end: int) -> re.Match[str] | None:
    """Find a title in quotes that another title follows."""
    match = _QUOTED.search(text, start, end) if any(quote in key for quote in "\"'") else None
    if match is None or not _TWO_LETTERS.search(text, match.end(), end):
        return None
    return match


def _with_quoted(text: str, key: str, span: tuple[int, int], quoted: re.Match[str]) -> tuple[Piece, ...]:
    start, end = span
    at = quoted.end()
    within = _IN_BEHIND_QUOTES.match(key, at, end)
    begin = within.end() if within else at
    return (
        *piece("author", text, start, quoted.start()),
        *piece("article_title", text, quoted.start(), quoted.end()),
        *((Piece("mark", at, begin),) if begin > at else ()),
        *_host(text, key, begin, end),
    )


def _author_and_date(text: str, key: str, dated: re.Match[str], end: int, *, book: bool) -> tuple[Piece, ...]:
    """Read author, year, title, host; of a book the title is the first sentence behind the year."""
    author = (
        *piece("author", text, 0, dated.start()),
        Piece("year", *dated.span("year")),
        Piece("mark", *dated.span()),
    )
    start = dated.end()
    if (within := _last_in(key, start, end)) is not None and not book:
        return (*author, *piece("article_title", text, start, within[0]), *_host(text, key, within[1], end))
    stops = list(_SENTENCE_ENDS.finditer(key[:end].rstrip(" ,.;:")[start:]))
    if not stops or (book and not stops):
        return (*author, *piece("container_title", text, start, end))
    if book:
        at = start + stops[0].start()
        return (*author, *piece("container_title", text, start, at))
    at = start + stops[-1].end()
    return (*author, *piece("article_title", text, start, at), *piece("container_title", text, at, end))


def _last_in(key: str, start: int, end: int) -> tuple[int, int] | None:
    """Find where the words "in: HOST" or a double stroke part the article from its host."""
    found = None
    if _WITHIN.isdisjoint(words_of(key.casefold())) and "//" not in key:
        return None
    for match in _IN.finditer(key, start, end):
        plain = (
            match.group().strip(" .,;:?!").lower() == "in" and ":" not in match.group() and "//" not in match.group()
        )
        if plain and not (match.group()[0] in ".,;:?!" or key[max(0, match.start() - 1)] in "\".')]"):
            continue
        if match.start() > start or match.group().rstrip().endswith(":"):
            found = match
    return found.span() if found else None


def _host(text: str, key: str, start: int, end: int) -> tuple[Piece, ...]:
    """Read the host's title; editors before it are no part of it."""
    editors = _editors(key, start, end)
    if editors and _TITLE_FOLLOWS[False].search(key, editors.end(), end):
        return (
            *piece("editor", text, start, editors.start()),
            Piece("mark", *editors.span()),
            *piece("container_title", text, editors.end(), end),
        )
    return piece("container_title", text, start, end)


def _editors(key: str, start: int, end: int) -> re.Match[str] | None:
    """Find the mark behind the names of editors."""
    return None if _EDITING.isdisjoint(words_of(key.casefold())) else _EDITORS.search(key, start, end)


def _after_author(text: str, key: str, start: int, end: int, *, book: bool) -> tuple[Piece, ...]:
    editors = _editors(key, start, end)
    if editors and editors.end() < end - 3:
        return (
            *piece("editor", text, start, editors.start()),
            Piece("mark", *editors.span()),
            *_title(text, key, editors.end(), end),
        )
    if book and (owner := _POSSESSIVE.match(key[start:end])):
        at = start + owner.end()
        return (
            *piece("author", text, start, at - len(owner.group()) + owner.group().index("'s")),
            Piece("mark", start, at),
            *piece("container_title", text, at, end),
        )
    behind = _INITIALS_BEHIND if book else _INITIALS_BARE
    if initials := (_INVERTED_IN_FRONT.match(key, start, end) or behind.match(key, start, end)):
        author = piece("author", text, *initials.span())
        return (*author, *_title(text, key, initials.end(), end, sentences=not book))
    for stop in _AUTHOR_ENDS.finditer(key[start:end]):
        at, sentences = start + stop.end(), stop.group() == ". " and not book
        if stop.start() > _LONGEST_AUTHORS:
            break
        if not _TITLE_FOLLOWS[sentences].search(key, at, min(end, at + _LONGEST_TITLE)):
            continue
        if looks_like_person(key[start : start + stop.start()], stop.group(), book=book):
            return (
                *piece("author", text, start, start + stop.start()),
                *_title(text, key, at, end, sentences=sentences),
            )
    return _title(text, key, start, end)


def _title(text: str, key: str, start: int, end: int, *, sentences: bool = False) -> tuple[Piece, ...]:
    """Read a title; of "Article. Journal" behind an author the last sentence is the host."""
    stops = list(_TITLE_ENDS.finditer(key[:end].rstrip(" .,;")[start:])) if sentences else []
    if stops:
        at = start + stops[-1].end()
        return (*piece("article_title", text, start, at), *piece("container_title", text, at, end))
    found = piece("container_title", text, start, end)
    if found and (bracket := _translated_title(key[found[0].start : found[0].end])):
        at = found[0].start + bracket
        return (*piece("container_title", text, start, at), *piece("container_title_translated", text, at, end))
    return found


def _translated_title(title: str) -> int | None:
    """Find the translation of a title, which stands in brackets behind it and has at least three words."""
    match = _BRACKETED_AT_END.search(title)
    if match is None or len(match.group().split()) < _FEWEST_WORDS or has_digit(match.group()):
        return None
    return match.start()


def looks_like_person(written: str, stop: str = ", ", *, book: bool = True) -> bool:
    """Tell whether words before a title are its author's name: capitalised, few, and none that titles have."""
    bare = written.strip()
    if _INVERTED.match(bare) or (stop != ", " and _SURNAME_FIRST.match(bare)):
        return True
    if not book and stop == ", ":
        return False
    if _ARTICLE.match(bare) or has_digit(bare) or not _never_in_names().isdisjoint(_WORDS.findall(bare.lower())):
        return False
    if stop == "," and _ONE_NAME.fullmatch(bare):
        return True
    return _PERSONS.match(bare) is not None and _heads().search(bare) is None


@cache
def _heads() -> Words:
    named = table("publications")["words"]
    return words([*named["periodicals"], *named["conferences"], *named["series"]])


@cache
def _never_in_names() -> frozenset[str]:
    return frozenset(table("publications")["words"]["never_in_names"])

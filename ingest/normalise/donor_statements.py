"""Where a statement that names donors begins and ends within a longer text."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.donor_rows import alternation
from ingest.normalise.party_words import is_body_word, words_of
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_STOP = re.compile(
    r"""(?<=[\w)'"\]\u00bb])(?:\.(?=\s["'(\[]?[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff\u0430-\u044f])|[.!?]["']?$
    |\.(?=["']?\s?--)|\.\.\.|\s\.\.\.|\s\.(?=\s)|\s?\[et\sal\.?\]|(?<=\w)\?\s(?=[A-Z])|\u3002
    |\s--?\s(?!Pro[cj]|Grant|Award|[A-Z-]{0,8}\d|[A-Z][A-Za-z]{0,9}[A-Z][a-z]?(?=$|[,;.)]|\s(?:e|y|et|and|und)\s))|--)""",
    re.VERBOSE,
)
# What a stop begins with, perhaps behind a blank: a search goes quickly to it, while the whole pattern would be asked
# at every character.
_STOP_SIGN = re.compile(r"[.!?\u3002\[-]")
_OPENS = re.compile(
    r"""(?:^|[.;!?|:"(\]]\s?|\s--?\s?)(?:credits?:?\s|credit\sline:?\s|(?:museum\s)?purchase,?\s|and\s)?["']?$""",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;!?]\s(?=[^\W\d_a-z])")
_MANY_WORDS = 10
_FEWEST_PARTICLES = 2
_VERB = late(
    r"\s(?:is|are|was|were|has|have|been|will|ist|sind|wird|wurde|wurden|est|sont|\u00e9|s\u00e3o|\u00e8|sono|zijn|werd|rose|grew|became|fell|led|went|came|took|began|ended|met|told|said|wrote|can|could|may|must|thank|thanks|acknowledge|acknowledges|acknowledged|hat|haben|foi|foram|teve|tem|recebeu|fue|fueron|tuvo|tiene|recibi\u00f3|ha|hanno|ont|fut|heeft|hebben|har|zosta\u0142a|zosta\u0142|\u0431\u044b\u043b\u043e|\u0431\u044b\u043b|\u0431\u044b\u043b\u0430)\s"
)
_BEFORE = 40
_LONGEST_STATEMENT = 1000
"""Characters that a statement with names is looked for in; a longer one is cut there."""


def lower(key: str) -> str:
    """Return a key in small letters, of the same length."""
    lowered = key.lower()
    return (
        lowered if len(lowered) == len(key) else "".join(one if len(one.lower()) != 1 else one.lower() for one in key)
    )


def end_of_statement(key: str, start: int, *, whole: bool) -> int:
    """Return where the statement with the names ends; a stop after an initial or a title ends none."""
    if key.count('"', 0, start) % 2 and (quote := key.find('"', start)) >= 0:
        return min(quote, _first_stop(key, start, whole=whole))
    return _first_stop(key, start, whole=whole)


def _first_stop(key: str, start: int, *, whole: bool) -> int:
    end = min(len(key), start + _LONGEST_STATEMENT)
    for match in _stops(key, start, end):
        abbreviated = match.group() == "." and _abbreviated().search(key, max(start, match.start() - 12), match.start())
        if not abbreviated:
            end = match.start()
            break
    semicolon = -1 if whole else key.find(";", start, end)
    while semicolon >= 0 and key.count("(", start, semicolon) > key.count(")", start, semicolon):
        semicolon = key.find(";", semicolon + 1, end)
    return semicolon if semicolon >= 0 else end


def _stops(key: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Find what may end a sentence, in order and none within another."""
    done = start
    for sign in _STOP_SIGN.finditer(key, start, end):
        place = sign.start()
        place -= place > start and key[place - 1].isspace()
        if place >= done and (match := _STOP.match(key, place, end)):
            yield match
            done = match.end()


def start_of_statement(key: str, end: int) -> int:
    """Return where the sentence begins that a place stands in."""
    start = max(0, end - _LONGEST_STATEMENT)
    for match in _SENTENCE.finditer(key, start, end):
        if match.group()[0] != "." or not _abbreviated().search(key, max(0, match.start() - 12), match.start()):
            start = match.end()
    return start


def opens(key: str, start: int) -> bool:
    """Whether a statement begins here, perhaps after the word for what it is."""
    if not start:
        return True
    before = key[max(0, start - _BEFORE) : start]
    match = _OPENS.search(before)
    return bool(match and (match.start() > 0 or start <= _BEFORE or before[0] in ".;!?|:"))


def is_sentence(text: str) -> bool:
    """Whether a value tells something: it has a verb, or most of its many words are small, as in no list of names."""
    words = text.split()
    if _VERB.search(text):
        return True
    if len(words) < _MANY_WORDS or sum(word[0].islower() for word in words) <= len(words) // 2:
        return False
    return not _is_long_name(text, words)


def _is_long_name(text: str, words: list[str]) -> bool:
    """Whether many small words name a body where names are so written: "Institut national de la santé et de …"."""
    if not is_body_word(words[0].lower()) or _SENTENCE.search(text):
        return False
    return sum(word in _small_of_names() for word in words) >= _FEWEST_PARTICLES


@cache
def _small_of_names() -> frozenset[str]:
    """Return small words within names of bodies, in other languages than English."""
    english = {"of", "for", "the", "and", "in", "on", "to", "at", "a", "an", "as", "i", "from", "by", "under", "with"}
    return (
        words_of("inside_names")
        - english
        - {"against", "into", "through", "via", "program", "programme", "its", "part"}
    )


@cache
def _abbreviated() -> re.Pattern[str]:
    """Return the pattern of words whose stop ends no sentence, and of initials."""
    words = alternation(table("credit_lines")["abbreviations"]["words"])
    return re.compile(rf"(?:(?<![^\W\d_])[^\W\d_]|\b(?:{words}))$", re.IGNORECASE)

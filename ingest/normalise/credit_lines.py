"""Credit lines: the words that lead into the names of those who gave or paid, or that follow them."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from ingest.normalise.donor_names import Names, read_names
from ingest.normalise.donor_phrases import MOST_PHRASES, Found, Phrase, behind, find_phrases
from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_statements import end_of_statement, opens, start_of_statement
from ingest.normalise.donor_stems import words_in
from ingest.normalise.donor_tails import without_tail
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_COLON = re.compile(r"(?<=[^\W\d_]):\s(?=[^\W\d_]{2})")
_GOVERNMENT = re.compile(r"\b(?:H\.?\s?M\.?|(?:Her|His)\sMajesty's)\sGovernment\b")
_JOINER_BEHIND = re.compile(r",?\s(?:and|&|und|et|y|e|en|och|og|\u0438)$")
_AUXILIARY = re.compile(
    r"(?:was|were|is|are|has|have|been|be|acknowledg|thank|grateful|receiv|financial|with|under|wird|werden|wurde|worden|ist|\u043f\u0440\u0438|\u0437\u0430)",
    re.IGNORECASE,
)
"""How a phrase begins that makes a statement of its own; a bare participle tells of the noun before it."""
_WORK_BEFORE = late(
    r"\b(?:work|research|study|publication|digiti[sz]ation|workshop|conference|lecture|article|thesis|survey|collection"
    r"|translation|event|exhibition|series|travail|arbeit|studie|trabajo|estudio|trabalho|lavoro)\s$"
)
_WE = re.compile(r"(?:^|\W)(?:we|i|authors?)\s(?:(?:gratefully|also|would\slike\sto|wish\sto|are)\s)?$")
"""Who wrote the text, before thanks: whoever is thanked so for money paid for the work."""
_LONGEST_LIST = 500
_MOST_CREDITS = 10
_NEAR = 120
"""Characters before a phrase within which the words stand that say it is about the thing described."""


class Credit(NamedTuple):
    """The names a credit line holds, not yet split, and the words around them."""

    lead_in: str
    phrase: Phrase
    text: str
    """All that stands where the names are, awards and dates too."""
    names: Names
    start: int
    """Where in the value the words begin that led in."""


def credit_lines(value: Folded, *, whole: bool) -> Iterator[Credit]:
    """Find the credit lines of a text. ``whole``: the value is known to be one, so it need not open a sentence."""
    lowered = value.low
    for found, start, end in _found(lowered, value.key, whole=whole):
        phrase = found.phrase
        if whole or _is_about_the_work(value.key, lowered, found.start, phrase):
            text = value.text[start:end]
            text = _COLON.split(text, 1)[0] if ":" in text else text
            names = read_names(text, capitals=phrase.capitals)
            yield Credit(
                lead_in=value.text[found.start : found.end].strip(),
                phrase=phrase,
                text=text,
                names=names,
                start=found.start,
            )


def before_first_lead(value: Folded, found: tuple[Credit, ...]) -> str:
    """Return the names that stand before the first gift of a credit line: "Acme Fund, and gift of Jane Roe"."""
    return _JOINER_BEHIND.sub("", value.text[: found[0].start][:_LONGEST_LIST].strip(" ,;:"))


def government_gift(value: Folded) -> tuple[str, str] | None:
    """Read a gift in lieu of tax: the government that passed it on, and who gave; None where the value is none."""
    match = _GOVERNMENT.search(value.key) if "overnment" in value.key else None
    lowered = value.low
    if match is None or not re.search("accepted|allocated|lieu", lowered):
        return None
    giver = re.search(r"\bfrom\s", value.key)
    return match.group(), without_tail(value.text[giver.end() :].strip(" ."), words_in(value.key)) if giver else ""


def _found(lowered: str, key: str, *, whole: bool) -> list[tuple[Found, int, int]]:
    """Return each phrase with the start and end of the names, in text order."""
    spans: list[tuple[Found, int, int]] = []

    def taken() -> int:
        """Return up to where the last phrase reaches, in which no other one begins."""
        last = spans[-1] if spans else None
        return max(last[0].end, last[2] if last[0].phrase.behind else 0) if last else 0

    for found in islice(find_phrases(lowered, taken), MOST_PHRASES):
        if len(spans) == _MOST_CREDITS:
            break
        last = spans[-1] if spans else None
        if found.start < taken():
            continue
        names = _names_of(found, lowered, key, whole=whole)
        if names is None or (last and not found.phrase.before and names[0] <= last[0].start):
            continue
        if last and names[0] < last[2]:
            spans[-1] = (last[0], last[1], min(found.start, names[0]))
        spans.append((found, *names))
    return spans


def _names_of(found: Found, lowered: str, key: str, *, whole: bool) -> tuple[int, int] | None:
    """Return where the names of a phrase stand; None where it does not hold here."""
    phrase = found.phrase
    if not phrase.before:
        return start_of_statement(key, found.start), found.start
    if not _has_its_place(phrase, key, found.start, whole=whole):
        return None
    end = end_of_statement(key, found.end, whole=whole)
    if not phrase.behind:
        return found.end, end
    after = behind(phrase.behind).search(lowered, found.end + 1, end)
    return (found.end, after.start()) if after else None


def _has_its_place(phrase: Phrase, key: str, start: int, *, whole: bool) -> bool:
    """Tell whether a phrase may stand here: single words, and words for declared values only, where they open it."""
    if phrase.declared:
        return whole and start == 0
    lone = not phrase.behind and " " not in phrase.before and ":" not in phrase.before
    return not lone or opens(key, start)


def _is_about_the_work(key: str, lowered: str, start: int, phrase: Phrase) -> bool:
    """Tell, in prose, a credit line from a story: it opens a sentence, or says outright who paid for this work."""
    if opens(key, start):
        return True
    if not phrase.outright:
        return False
    sentence = lowered[start_of_statement(key, start) : start]
    if _WE.search(sentence) and lowered.startswith(("thank", "acknowledg", "grateful"), start):
        return True
    if phrase.before and not _AUXILIARY.match(lowered, start):
        return bool(_WORK_BEFORE.search(sentence))
    return not phrase.before or bool(own_work().search(sentence[-_NEAR:]))


@cache
def own_beginnings() -> frozenset[str]:
    """Return the first words of those by which prose speaks of the thing described."""
    return frozenset(re.split(r"\W", words, maxsplit=1)[0] for words in table("credit_lines")["own_work"]["words"])


@cache
def own_work() -> re.Pattern[str]:
    """Return the pattern of the words by which prose speaks of the thing described."""
    return re.compile(rf"(?<!\w)(?:{alternation(table('credit_lines')['own_work']['words'])})(?!\w)")

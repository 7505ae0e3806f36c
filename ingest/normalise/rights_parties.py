"""Whose rights they are, what they permit, and whom to ask."""

import re
from functools import cache

from ingest.normalise.folding import MASKED_ADDRESS, Folded
from ingest.normalise.patterns import late
from ingest.normalise.rights_notices import sign, year_and_holder
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_words import alternatives, pattern
from ingest.normalise.vocabularies import table

_YEARS = r"(?P<year>\d{4}(?:\s?-\s?(?:\d{4}|\d{2}(?!\d)))?)"
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d{2}(?:\s?-\s?(?:1[5-9]|20)\d{2})?(?!\d)")
_PERMITTED_PURPOSE = frozenset({"permit", "purpose"})
_IS_PERMITTED = re.compile(r"\b(?:is|are) permitted\b")
_ADDRESS = late(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b")
_COURTESY = late(
    r"(?:courtesy(?: of)?|property of|provided by|from the collections? of|image from):? (?:the )?", re.IGNORECASE
)
_LONGEST_NAME = 110
_LONGEST_HOLDER = 161


def holder(value: Folded) -> tuple[str | None, str | None]:
    """Return the holder that a notice of copyright names, as written, and the year it gives, where it does."""
    if years := year_and_holder(value):
        return _name(value, *years.span("after" if years["after"] else "before")), _year(value.key)
    year, found = None, sign(value) or _word(value)
    if found:
        start, end = _name_behind(value, found.end()) or found.span()
        year = _year(value.key[found.start() : end + 12])
        if end > found.end() and (name := _name(value, start, end)):
            return name, year
    owned = pattern("owner").search(value.low) or pattern("owned").search(value.low) if "right" in value.low else None
    return (_name(value, *owned.span("name")) if owned else None), year


def _name_behind(value: Folded, start: int) -> tuple[int, int] | None:
    """Return where a name stands behind a sign or word of copyright, as far as a mark, a year or a sentence ends it."""
    begin = pattern("before_holder").match(value.low, start)
    if begin is None:
        return None
    first = begin.end()
    end = pattern("holder_end").search(value.low, first + 2, first + _LONGEST_HOLDER + 12)
    near = end and end.start() - first <= _LONGEST_HOLDER
    name = end and near and pattern("holder_name").fullmatch(value.low, first, end.start())
    return name.span() if name else None


def _word(value: Folded) -> re.Match[str] | None:
    """Return the word for copyright that a value begins with, before a name or a year and a name."""
    return _copyright_words().match(value.low)


def only_a_name(value: Folded) -> bool:
    """Whether a short value names a body and says nothing: its holder or its provider."""
    key = value.key
    if len(key) > _LONGEST_NAME or "holder" not in topics(value) or not key[:1].isupper():
        return False
    if pattern("sentence").search(value.low):
        return False
    return not _holder_words().isdisjoint(re.split(r"[\s,()/]+", value.low.rstrip(".")))


def name_alone(value: Folded) -> str:
    """Return the name that ``only_a_name`` has seen, without the words of courtesy in front."""
    return _COURTESY.sub("", value.text).strip(" .,;")


def permits(value: Folded) -> tuple[str, ...]:
    """Return the purposes for which reuse is welcomed, in the order written."""
    if not topics(value) >= _PERMITTED_PURPOSE:
        return ()
    low = value.low
    told = [next(filter(None, match.groups())) for match in pattern("permits").finditer(low)]
    if match := _IS_PERMITTED.search(low):
        told.append(re.split(r"[.;]", low[max(0, match.start() - 60) : match.start()])[-1])
    for purposes in told:
        if found := tuple(dict.fromkeys(str(each.lastgroup) for each in pattern("purposes").finditer(purposes))):
            return found
    return ()


def contact(value: Folded) -> str | None:
    """Return whom to ask: an electronic address, else a name. A masked address is no address."""
    if "@" in value.key:
        addresses = _ADDRESS.finditer(MASKED_ADDRESS.sub(" ", value.key))
        if address := next((found for found in addresses if f"/{found.group()}" not in value.key), None):
            return address.group()
    match = pattern("contact").search(value.key) if "ontact" in value.key else None
    return value.text[slice(*match.span("name"))].strip(" ,") if match else None


def _name(value: Folded, start: int, end: int) -> str | None:
    """Return a holder's name, its outer marks taken off. "Copyright is held by …" is a sentence, not a name."""
    written = value.text[start:end].strip(" .,:-")
    name = re.sub(r"^(?:the|by|of|for) (?=[^\W\d_a-z])", "", written)
    return name if name and not name[0].islower() else None


def _year(text: str) -> str | None:
    found = _YEAR.search(text)
    return found.group() if found else None


@cache
def _copyright_words() -> re.Pattern[str]:
    return re.compile(
        rf"copyright(?:ed by)?:?\s|(?:{alternatives(table('notices')['copyright_words'])})\s(?=\W{{0,4}}\d{{4}})"
    )


@cache
def _holder_words() -> frozenset[str]:
    return frozenset(table("notices")["holders"]["words"])

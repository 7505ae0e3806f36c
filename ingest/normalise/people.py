"""The people of a source statement: who obtained the document, who translated and who edited it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ingest.normalise.folding import Folded, fold
from ingest.normalise.patterns import late
from ingest.normalise.publication_titles import looks_like_person
from ingest.normalise.source_words import Stems, beginnings, stems, words_of
from ingest.normalise.vocabularies import table

_UPPER = r"(?-i:[A-Z\u00c0-\u00de\u0100-\u017d\u0400-\u042f\u0370-\u03ab\u3400-\u9fff\uac00-\ud7af])"
# Abbreviations and initials end no sentence.
_STOP = re.compile(
    r"[.;\]|/\"\u3002\uff1b,\s](?:"
    r"(?<=\.)(?<!\b\w\.)(?<!\b(?:dr|mr|jr|sr|st|ms)\.)(?<!\bmrs\.)(?<!\bprof\.)(?=\s|[\])\"]|$)|"
    r"(?<=[;\]|/\"\u3002\uff1b])|(?<=\s)\((?=[^()]{2,60}:)|(?<=,)\s(?=\d)|"
    r"(?:(?<=,)\s|(?<=\s))in:?\s(?=" + _UPPER + "))",
    re.IGNORECASE,
)
_AFFILIATION = late(
    r"\s?\(([^()]{1,120})\)(?![.,;)\]]*[^\s.,;)\]])"
    r"|,\s((?:[\w.&'-]{1,30}\s){0,5}(?:University|Institute|College|Academy|Archive)\b[^,;]{0,60})(?![,;]*[^\s,;])"
)
_JUNIOR = re.compile(r",\s(?=(?:Jr|Sr|III?|IV)\b)")
_JUNIOR_KEPT = "\x00"
_EMPTY_BRACKETS = late(r"[(\[]\s?[.;]?\s?[)\]]")
_LONGEST_FRONT = 60
"""Characters before a phrase in which the words that lead up to it stand."""
_WORD = re.compile(r"\w")
_NAME = re.compile(r"[^\W\d_]")
_LONGEST = 4_000
"""Characters of a statement in which people are looked for: what is longer is prose."""
_LONGEST_NAMES = 400
"""Characters behind the verb in which names are looked for."""


class People(NamedTuple):
    """Who did what, and the statement without them."""

    rest: Folded
    roles: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Names by role: ``translator``, ``obtained_by``, ``editor`` and what else the vocabulary names."""
    details: Mapping[str, str | tuple[str, ...]] = MappingProxyType({})
    """``programme`` they worked for, ``translated_from``, ``affiliations``."""

    @property
    def translator(self) -> tuple[str, ...]:
        """Who translated."""
        return self.roles.get("translator", ())

    @property
    def obtained_by(self) -> tuple[str, ...]:
        """Who obtained it."""
        return self.roles.get("obtained_by", ())


def take_people(value: Folded) -> People:
    """Take the people out of a statement; the programme they worked for is neither."""
    if not _stems().stand_in(value.key):
        return People(rest=value)
    phrases = list(_phrases(value))
    if not phrases:
        return People(rest=value)
    roles: dict[str, list[str]] = {}
    details: dict[str, list[str]] = {}
    kept, position = [], 0
    for start, phrase, end in _extents(value.key, phrases):
        names, affiliations = _names(value.text[phrase.end() : end])
        if not names or _names_stand_before(value.key, phrase):
            continue
        for role in _roles_of(phrase):
            roles.setdefault(role, []).extend(names)
        _between(phrase, details)
        details.setdefault("affiliations", []).extend(affiliations)
        kept.append(value.text[position:start])
        position = end
    rest = " ".join([*kept, value.text[position:]]).strip()
    return People(
        rest=fold(_with_one_stop(_EMPTY_BRACKETS.sub("", rest) if "(" in rest or "[" in rest else rest)),
        roles={role: tuple(dict.fromkeys(names)) for role, names in roles.items()},
        details={
            name: found[0] if name != "affiliations" else tuple(found) for name, found in details.items() if found
        },
    )


def _phrases(value: Folded) -> Iterator[tuple[int, re.Match[str]]]:
    """Find the phrases, each with where the words that lead up to it begin."""
    position = 0
    for start in _starts(value.low):
        if start >= position and (phrase := _phrase().match(value.key, start, _LONGEST)):
            yield _front_starts(value.key, position, start), phrase
            position = phrase.end()


def _starts(low: str) -> list[int]:
    """Return where words stand with which a phrase may begin, in order; in plain Latin letters all are told whole."""
    if not low.isascii():
        return [begun.start() for begun in _beginnings().finditer(low, 0, _LONGEST)]
    found = []
    for word in _stems().words & words_of(low):
        start = low.find(word, 0, _LONGEST)
        while start >= 0:
            found.append(start)
            start = low.find(word, start + len(word), _LONGEST)
    return sorted(found)


def _front_starts(key: str, earliest: int, start: int) -> int:
    """Return where the words that lead up to a phrase begin: with a comma or a bracket, an "and", the documents."""
    begin = max(earliest, start - _LONGEST_FRONT)
    before = key[begin:start].rstrip(" ")
    if before.endswith((",", ";", "(", "[")):
        return begin + len(before) - 1
    if not _last_of_front().fullmatch(before[before.rfind(" ") + 1 :].lstrip(",;([")):
        return start
    front = _front().search(key, begin, start)
    return front.start() if front else start


def _extents(key: str, phrases: list[tuple[int, re.Match[str]]]) -> Iterator[tuple[int, re.Match[str], int]]:
    """Give each phrase with where it begins and where its names end: at a stop, or at the next phrase."""
    for index, (start, phrase) in enumerate(phrases):
        following = phrases[index + 1][0] if index + 1 < len(phrases) else len(key)
        limit = min(following, phrase.end() + _LONGEST_NAMES)
        stop = _STOP.search(key, phrase.end(), limit)
        yield start, phrase, stop.start() if stop else limit


def _with_one_stop(text: str) -> str:
    """Write one stop for the punctuation that several sentences have left at the end."""
    bare = text.rstrip(" .,;")
    return f"{bare}." if len(text[len(bare) :].replace(" ", "")) > 1 else text


def _names_stand_before(key: str, phrase: re.Match[str]) -> bool:
    """Tell "Roe and Doe, eds. Title": the names stand before such a mark, and the title behind it."""
    if not phrase["mark"] or phrase.start() > _LONGEST_NAMES:
        return False
    before = key[: phrase.start()].rstrip(" ,(")
    return _roles_of(phrase) == ["editor"] and (before.endswith("et al.") or looks_like_person(before, ": "))


def _roles_of(phrase: re.Match[str]) -> list[str]:
    return _roles((phrase["verbs"] or phrase["mark"]).lower())


@lru_cache(maxsize=256)
def _roles(written: str) -> list[str]:
    return [role for role, words in _words_of_roles() if words.search(written)]


def _between(phrase: re.Match[str], details: dict[str, list[str]]) -> None:
    for name in ("programme", "translated_from"):
        if phrase[name]:
            details.setdefault(name, []).append(phrase[name].strip())


def _names(text: str) -> tuple[list[str], list[str]]:
    affiliations: list[str] = []
    if "(" in text or ", " in text:
        affiliations = [str(one or other).strip() for one, other in _AFFILIATION.findall(text)]
        text = _JUNIOR.sub(_JUNIOR_KEPT, _AFFILIATION.sub("", text).strip(" .,;)]"))
    listed = text.strip(" .,;)]")
    names = [name.replace(_JUNIOR_KEPT, ", ").strip(" ,:") for name in _separator().split(listed)]
    if any(_WORD.search(name) and not _NAME.search(name) for name in names):
        # A number between names: what it is nobody can tell, so that all stays together.
        names = [listed.replace(_JUNIOR_KEPT, ", ")]
    told = [name for name in names if _NAME.search(name)]
    # An institution is named with its place.
    places = [name for name in told[1:] if _places().fullmatch(name)]
    return [name for name in told if name not in places], [*affiliations, *places]


@cache
def _stems() -> Stems:
    return stems([word for role in table("source_people")["role"] for word in [*role["verbs"], *role["marks"]]])


@cache
def _words_of_roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (role["role"], re.compile(rf"(?<![^\W_])(?:{'|'.join([*role['verbs'], *role['marks']])})", re.IGNORECASE))
        for role in table("source_people")["role"]
    )


@cache
def _places() -> re.Pattern[str]:
    words = [*table("archives")["words"]["countries"], *table("publications")["words"]["place_letters"]]
    return re.compile(rf"(?:{'|'.join(words)})\.?", re.IGNORECASE)


@cache
def _separator() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in table("source_people")["and"])
    return re.compile(
        rf",?\s(?:{words}|{'|'.join(table('source_people')['with'])})\s|,\s(?:and\s)?|\u3001", re.IGNORECASE
    )


@cache
def _beginnings() -> re.Pattern[str]:
    return beginnings(
        [word for role in table("source_people")["role"] for word in [*role["verbs"], *role["marks"]]], letters=2
    )


@cache
def _last_of_front() -> re.Pattern[str]:
    data = table("source_people")
    words = [*(re.escape(word) for word in data["and"]), *(word.split(" ")[-1] for word in data["documents"])]
    return re.compile("|".join(words), re.IGNORECASE)


@cache
def _front() -> re.Pattern[str]:
    """Return what may lead up to a phrase: an "and", a bracket, the documents."""
    data = table("source_people")
    both = "|".join(re.escape(word) for word in data["and"])
    return re.compile(rf"(?:\b(?:{both})\s|[,;(\[]\s?)?(?:(?:{'|'.join(data['documents'])})\s){{0,3}}$", re.IGNORECASE)


@cache
def _phrase() -> re.Pattern[str]:
    data = table("source_people")
    verb = "(?:" + "|".join(word for role in data["role"] for word in role["verbs"]) + ")"
    mark = "|".join(word for role in data["role"] for word in role["marks"])
    both = "|".join(re.escape(word) for word in data["and"])
    by = "|".join(re.escape(word) for word in data["by"])
    # With the blank before it, so that the many letters of a capital are written, and read by Python, once.
    name = rf"(?:\sthe(?=\s))?(?:\s{_UPPER}[\w|/'-]{{1,30}}){{1,6}}"
    origin = (
        r"\s(?:from|into|aus dem|\u0441|du|do|del|\u0438\u0437|\u0437)\s(?:the\s)?"
        r"(?P<translated_from>[^\W\d_]{3,20}\.?)"
    )
    return re.compile(
        rf"(?<![^\W_])(?:"
        rf"(?P<verbs>{verb}(?:(?:,\s|,?\s(?:{both})\s){verb}){{0,3}})"
        rf"(?:{origin}(?:\sinto\s\w{{3,15}})?)?(?:\s(?:for|on behalf of)(?P<programme>{name}))?"
        rf"(?:\sespecially)?(?:\s(?:{by})|:)\s"
        rf"|(?P<mark>{mark})(?:\s(?:\u0441|\u0437|z|ze|\u043e\u0442)\s\w{{3,12}}\.?)?\s?(?={_UPPER}))",
        re.IGNORECASE,
    )

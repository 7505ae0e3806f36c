"""Texts that differ only in their numbers are read alike: "Box 12, Folder 3" tells how "Box 70, Folder 8" is read.

To the rules one number is like another of as many digits, but for years, and for those that a check digit or a name
makes their own. Where one of these may stand, each text is read for itself. Of other texts the first of a form are
read; where one tells how the next was read, it tells how all are.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from ingest.descriptions import Json, SourceStatement
from ingest.normalise.archive_tables import bundled_repositories
from ingest.normalise.folding import Folded, fold
from ingest.normalise.remembered import REMEMBERED
from ingest.normalise.source_reading import read_rest_anew, read_text_anew
from ingest.operator_tables import NO_TABLES, OperatorTables

_NUMBER = re.compile("[0-9]+")
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_UNLIKE = "?"
_LONGEST = 400
"""Characters of a text that may be like others: what is longer is prose."""
_YEAR = re.compile(r"(?:1[4-9]|20)\d\d")
_DIGITS_OF_YEAR = 4
_CENTURIES = {"18": "e", "19": "y", "20": "y"}
"""Years that all rules take for such; one before 1900 is none to some of them."""
_DASH = "[-\u2010-\u2015]"
_OF_TABLES = frozenset({"repository_id", "repository_name", "repository_place", "isil"})
"""Parts that a table tells, and no text."""
# In texts with every digit written as 0.
_OF_RULES = (
    r"[^\W\d]0+[^\W\d]|\.[^\W\d]{1,5}0"  # a journal with a number in its name, the ending of a file's
    rf"|(?:{_DASH}|[/&])\s?-?0+\s[^\W\d_]{{3,9}}\s0"  # days of a month
    r"|(?!0)\d|[{}<\\]|&(?! )|://|www\.|isbn"  # other digits, markup, addresses
)
_OF_THEIR_OWN = re.compile(
    rf"{_OF_RULES}|00\.0{{4}}|0{{8}}"  # a DOI, an ISSN
    rf"|0000\s?{_DASH}|{_DASH}\s?0000"  # an ISSN, a date
    rf"|0(?:[ \u2010-\u2015-]?0){{8}}",  # an ISBN
    re.IGNORECASE,
)
_OF_THEIR_OWN_IN_REST = re.compile(rf"{_OF_RULES}|(?<!0)0000\s?{_DASH}|{_DASH}\s?0000(?!0)", re.IGNORECASE)
"""Where identifiers were taken out, what looks like one is none; a date is still one."""


@lru_cache(maxsize=REMEMBERED)
def read_text(text: str, own: OperatorTables = NO_TABLES) -> SourceStatement:
    """Read one text, where that can be by what a text that differs only in its numbers says.

    So is what remains of a text from which people and identifiers were taken out: these differ more than references.
    """
    if own.repositories:
        return read_text_anew(text, own)
    return _read_alike(text, lambda: read_text_anew(text, own, _read_rest))


def _read_rest(rest: Folded, own: OperatorTables) -> SourceStatement:
    return _read_alike(rest.text, lambda: read_rest_anew(rest, own), of_rest=True)


def _read_alike(text: str, read_anew: Callable[[], SourceStatement], *, of_rest: bool = False) -> SourceStatement:
    zeroed = _with_zeros(text) if len(text) <= _LONGEST else ""
    if "0" not in zeroed:
        return read_anew()
    met = _met(zeroed, of_rest)
    if not met:
        # Most forms come once: no more is done for them than to know that they came.
        met.append(True)
        return read_anew()
    numbers = _NUMBER.findall(text)
    kinds = "".join(_kind(number) for number in numbers if len(number) >= _DIGITS_OF_YEAR)
    same = tuple(map(numbers.index, numbers)) if len(set(numbers)) < len(numbers) else ()
    return _form(zeroed, kinds, same, of_rest).read(text, numbers, read_anew)


def _with_zeros(text: str) -> str:
    """Write every digit as 0; in bytes, whose table is looked up several times as fast as a text's."""
    return text.encode("utf-8", "surrogatepass").translate(_ZEROS).decode("utf-8", "surrogatepass")


@lru_cache(maxsize=4096)
def _met(_zeroed: str, _of_rest: bool) -> list[bool]:  # noqa: FBT001 - a part of the key.
    """Return what is empty until a text of this form was met."""
    return []


def _kind(number: str) -> str:
    """Return a letter for what a number of four digits or more is to the rules: a year, or one with no year in it."""
    if len(number) == _DIGITS_OF_YEAR and number[:2] in _CENTURIES:
        return _CENTURIES[number[:2]]
    return _UNLIKE if _YEAR.search(number) else "m"


@lru_cache(maxsize=2048)
def _form(zeroed: str, kinds: str, _same: tuple[int, ...], of_rest: bool) -> "_Form":  # noqa: FBT001 - as above.
    """Return what is known of texts by what they are without their numbers, what these are, and which are the same."""
    own = _OF_THEIR_OWN_IN_REST if of_rest else _OF_THEIR_OWN
    return _Form(is_open=_UNLIKE not in kinds and not own.search(zeroed) and not _has_name_with_number(zeroed))


class _Form:
    """Texts that differ only in their numbers: one of them, and once another was read alike, how all are read.

    Numbers that both have at one place, as that of a record group, may be more than numbers: only texts that have them
    too are read so, until one is met that shares fewer.
    """

    __slots__ = ("_first", "_is_open", "_pattern", "_shared")

    def __init__(self, *, is_open: bool) -> None:
        """``is_open``: no number of these texts may mean something to the rules that others as long do not."""
        self._is_open = is_open
        self._first: tuple[list[str], SourceStatement] | None = None
        self._pattern: SourceStatement | None = None
        self._shared: Mapping[int, str] = {}
        """By their places the numbers that a text must have to be read by the pattern."""

    def read(self, text: str, numbers: list[str], read_anew: Callable[[], SourceStatement]) -> SourceStatement:
        """Read a text by the pattern, or else by the rules, and learn from it."""
        if self._pattern is not None and all(numbers[place] == number for place, number in self._shared.items()):
            return _with(self._pattern, text, lambda held: held.format(*numbers) if "{" in held else held)
        found = read_anew()
        if self._is_open:
            self._learn(text, numbers, found)
        return found

    def _learn(self, text: str, numbers: list[str], found: SourceStatement) -> None:
        if self._first is None:
            self._first = numbers, found
            return
        first, read = self._first
        shared = {place: number for place, number in enumerate(numbers) if number == first[place]}
        fewer = self._pattern is None or len(shared) < len(self._shared)
        if not fewer or not {number for number in numbers if number not in shared.values()}.isdisjoint(first):
            return
        pattern = _pattern(first, shared, read)
        if pattern and _with(pattern, text, lambda held: held.format(*numbers)) == found:
            self._pattern, self._shared = pattern, shared
        else:
            self._pattern, self._is_open = None, False


def _has_name_with_number(zeroed: str) -> bool:
    """Whether the name of a repository may stand in a text that is told from others by its number."""
    low = fold(zeroed).low
    return any(name in low for name in _numbered_names())


@cache
def _numbered_names() -> tuple[str, ...]:
    """Return the names of repositories that have a number, with every digit as 0."""
    forms = (form for _, forms in bundled_repositories() for form in forms if _NUMBER.search(form))
    return tuple({_with_zeros(fold(form).low) for form in forms})


def _pattern(numbers: list[str], shared: Mapping[int, str], read: SourceStatement) -> SourceStatement | None:
    """Write a statement with the place of each number that is not shared in its place; None where one is torn apart."""
    places = {number: f"{{{place}}}" for place, number in enumerate(numbers) if place not in shared}
    of_text = {name: held for name, held in read.parts.items() if name not in _OF_TABLES}
    held = _NUMBER.findall(repr((read.repository, read.ref, read.pages, read.collection, of_text)))
    if any(each not in numbers and any(each in number for number in numbers) for each in held):
        return None
    return _with(read, "", lambda text: _NUMBER.sub(lambda match: places.get(match.group(), match.group()), text))


def _with(read: SourceStatement, text: str, change: Callable[[str], str]) -> SourceStatement:
    """Write a statement of another text, with every word that it has of its text changed so."""
    return SourceStatement(
        statement=text,
        type=read.type,
        repository=read.repository and change(read.repository),
        ref=read.ref and change(read.ref),
        pages=read.pages and change(read.pages),
        collection=read.collection and change(read.collection),
        parts={name: held if name in _OF_TABLES else _changed(held, change) for name, held in read.parts.items()},
        rule=read.rule,
        confidence=read.confidence,
    )


def _changed(held: Json, change: Callable[[str], str]) -> Json:
    if isinstance(held, str):
        return change(held)
    if isinstance(held, dict):
        return {name: _changed(each, change) for name, each in held.items()}
    return [_changed(each, change) for each in held] if isinstance(held, list) else held

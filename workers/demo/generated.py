"""Made-up items in any number, for tests and benchmarks: the same ones every time, computed when they are looked at."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from typing import overload

from workers.demo.items import Item

EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
"""No generated item has an older datestamp, and none lies ten years later."""
DELETED_EVERY = 50
"""One item in so many is deleted."""
_SPAN_SECONDS = 10 * 365 * 24 * 3600
_PREFIX = "oai_dc"
_POOL_LENGTH = 1 << 18
_RIGHTS = (
    "http://rightsstatements.org/vocab/InC/1.0/",
    "https://creativecommons.org/licenses/by/4.0/",
    "All rights reserved.",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "",
)
_TEMPLATE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
    'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
    "<dc:identifier>Record ID {number}</dc:identifier><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>"
    "<dc:date>{year}</dc:date><dc:type>Text</dc:type><dc:language>en</dc:language>"
    "<dc:source>Archive of Made-up Papers, Box {box}, Folder {folder}</dc:source>"
    "<dc:contributor>Donor: The {creator} Foundation</dc:contributor><dc:rights>{rights}</dc:rights>"
    "<dc:description>{description}</dc:description></oai_dc:dc>"
)


class GeneratedItems(Sequence[Item]):
    """``count`` items in oai_dc whose metadata is about ``size`` bytes (at least some 800).

    The item at a position never depends on ``count``. Datestamps are not in the order of the positions; the sets take
    turns; one item in ``DELETED_EVERY`` is deleted.
    """

    def __init__(
        self, count: int, *, size: int = 2000, sets: Sequence[str] = ("letters", "letters:drafts", "minutes")
    ) -> None:
        """Compute nothing yet."""
        self._positions = range(count)
        self._size = size
        self._sets = tuple(sets)

    def __len__(self) -> int:
        """Return the count."""
        return len(self._positions)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        """Compute one item, or those of a slice."""
        if isinstance(index, slice):
            return tuple(self._item(position) for position in self._positions[index])
        return self._item(self._positions[index])

    def _item(self, position: int) -> Item:
        deleted = position % DELETED_EVERY == DELETED_EVERY - 1
        return Item(
            identifier=f"oai:demo.oai-ingest.example:generated/{position}",
            datestamp=(EARLIEST + timedelta(seconds=_scatter(position) % _SPAN_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            formats=_TOMBSTONE if deleted else _Metadata(position, self._size),
            set_specs=(self._sets[position % len(self._sets)],) if self._sets else (),
            deleted=deleted,
        )


_TOMBSTONE: Mapping[str, None] = {_PREFIX: None}


class _Metadata(Mapping[str, bytes]):
    """The one format of an item, written only when it is read."""

    __slots__ = ("_position", "_size")

    def __init__(self, position: int, size: int) -> None:
        self._position = position
        self._size = size

    def __getitem__(self, prefix: str) -> bytes:
        if prefix != _PREFIX:
            raise KeyError(prefix)
        return _metadata(self._position, size=self._size)

    def __contains__(self, prefix: object) -> bool:
        return prefix == _PREFIX

    def __iter__(self) -> Iterator[str]:
        return iter((_PREFIX,))

    def __len__(self) -> int:
        return 1


def _metadata(position: int, *, size: int) -> bytes:
    chance = _scatter(position)
    values = {
        "number": position,
        "title": f"{_words(chance, length=60).title()} & {position}",
        "creator": _words(chance >> 7, length=16).title(),
        "year": 1900 + chance % 100,
        "box": chance % 400,
        "folder": chance % 37,
        "rights": _RIGHTS[chance % len(_RIGHTS)],
    }
    escaped = {name: escape(str(value), quote=False) for name, value in values.items()}
    rest = size - len(_TEMPLATE) - 40
    return _TEMPLATE.format(**escaped, description=_words(chance >> 13, length=max(rest, 1))).encode()


def _scatter(position: int) -> int:
    """Return 60 bits that look like chance: a multiplicative hash, far cheaper than seeding a generator."""
    mixed = (position + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 % (1 << 60)


def _words(chance: int, *, length: int) -> str:
    start = chance % (_POOL_LENGTH - length)
    return _pool()[start : start + length].strip()


@cache
def _pool() -> str:
    """Return a long text of made-up words to cut descriptions from."""
    syllables = ("ba", "den", "for", "gi", "ka", "lo", "mer", "nu", "or", "pe", "ras", "si", "ta", "ul", "vi", "wen")
    words: list[str] = []
    length = 0
    while length < _POOL_LENGTH:
        chance = _scatter(len(words))
        word = "".join(syllables[chance >> shift & 15] for shift in range(20, 24 + 4 * (chance & 3), 4))
        words.append(word)
        length += len(word) + 1
    return " ".join(words)

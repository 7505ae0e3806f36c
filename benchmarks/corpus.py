"""The records that the provider serves: always the same, whatever their number, about 2.09 kB of XML each.

They are in oai_dc, in the order of their identifiers and of their datestamps. Of their rights, donors and sources some
are boilerplate that comes again and again and some are new; one in fifty records is deleted.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from html import escape

from benchmarks.values import DONORS, NAMES, PLACES, RIGHTS, SOURCES, WORDS, filled

DELETED_EVERY, CHANGED_EVERY, SETS = 50, 10, 4
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
PREFIX = "oai_dc"
_DAY = 24 * 60 * 60
_SPAN = 3650 * _DAY
"""Seconds from the first record's datestamp to the last one's."""
_DAYS = (datetime(2016, 3, 7, tzinfo=UTC), datetime(2019, 9, 30, tzinfo=UTC), datetime(2022, 5, 16, tzinfo=UTC))
_REPEATED, _SHARE_REPEATED = 12, {"rights": 0.95, "contributor": 0.8, "source": 0.7}
"""Different statements that come again and again, and the share of records that have one of them."""
_DONOR_SHARE = 0.5
_ANOTHER_TEXT = 1 << 40
"""Added to a record's number for the text that it has after it was changed."""
_DESCRIPTION = 705
_VOCABULARY, _POOL = 3000, 1 << 18
_ROOT = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
    'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)


class Kind(StrEnum):
    """Which repository: one that filled up evenly over ten years, the same one later, one filled on three days."""

    EVEN = "even"
    CHANGED = "changed"
    """One record in ten has other metadata, and a datestamp one second later."""
    CROWDED = "crowded"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """One record: what its header says, and names and texts of its Dublin Core elements in their order."""

    identifier: str
    stamped: datetime
    set_spec: str
    deleted: bool
    elements: tuple[tuple[str, str], ...]

    @property
    def datestamp(self) -> str:
        """The datestamp as the protocol writes it."""
        return f"{self.stamped:%Y-%m-%dT%H:%M:%SZ}"


def made_up(count: int, kind: Kind) -> Iterator[MadeUp]:
    """Make the records of a repository; what a record says does not depend on their count."""
    for number in range(count):
        changed = kind is Kind.CHANGED and number % CHANGED_EVERY == 0
        deleted = number % DELETED_EVERY == DELETED_EVERY - 1
        chance = random.Random(number + _ANOTHER_TEXT * changed)  # noqa: S311 - for always the same text, no secrets.
        yield MadeUp(
            identifier=f"oai:archive.example:{number:08d}",
            stamped=_stamped(number, count, kind) + timedelta(seconds=changed),
            set_spec=f"collection:{number % SETS}",
            deleted=deleted,
            elements=() if deleted else tuple(_elements(number, chance)),
        )


def _stamped(number: int, count: int, kind: Kind) -> datetime:
    if kind is not Kind.CROWDED:
        return BEGINNING + timedelta(seconds=_SPAN * number // count)
    day, within = divmod(number * len(_DAYS), count)
    return _DAYS[day] + timedelta(seconds=_DAY * within // count)


def _elements(number: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    person, place = f"{chance.choice(NAMES)} {chance.choice(PLACES)}{chance.choice(WORDS)}", chance.choice(PLACES)
    yield "title", _text(chance, 70).capitalize()
    yield "creator", person
    yield "creator", f"{chance.choice(PLACES)}, {chance.choice(NAMES)}"
    for _ in range(3):
        yield "subject", _text(chance, 18)
    yield "description", _text(chance, _DESCRIPTION)
    yield "publisher", f"{place} {chance.choice(WORDS).title()} Archive"
    if chance.random() < _DONOR_SHARE:
        yield "contributor", _statement("contributor", DONORS, chance)
    yield "date", f"{chance.randrange(1850, 2026)}-{chance.randrange(1, 13):02d}"
    yield "type", "Text"
    yield "format", "application/pdf"
    yield "identifier", f"https://archive.example/item/{number}"
    yield "identifier", f"Record {number} & copies"
    yield "source", _statement("source", SOURCES, chance)
    yield "language", chance.choice(("en", "de", "fr", "eng", "ru"))
    yield "relation", f"https://archive.example/fonds/{chance.randrange(900)}"
    yield "coverage", place
    yield "rights", _statement("rights", RIGHTS, chance)


def _statement(element: str, forms: tuple[str, ...], chance: random.Random) -> str:
    if chance.random() < _SHARE_REPEATED[element]:
        return chance.choice(_boilerplate(element, forms))
    return filled(chance.choice(forms), chance)


@cache
def _boilerplate(element: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    chance = random.Random(element)  # noqa: S311 - as above.
    return tuple(filled(chance.choice(forms), chance) for _ in range(_REPEATED))


def _text(chance: random.Random, length: int) -> str:
    start = chance.randrange(_POOL - length)
    return _pool()[start : start + length].strip()


@cache
def _pool() -> str:
    """Give a long text of made-up words, some common and most rare, to cut texts from."""
    chance = random.Random("words")  # noqa: S311 - as above.
    syllables = ("ba", "den", "for", "gi", "ka", "lo", "mer", "nu", "or", "pe", "ras", "si", "ta", "ul", "vi", "wen")
    words = ["".join(chance.choices(syllables, k=chance.randrange(1, 5))) for _ in range(_VOCABULARY)]
    common = [1 / (rank + 1) for rank in range(_VOCABULARY)]
    return " ".join(chance.choices(words, common, k=_POOL // 2))[:_POOL]


def as_xml(record: MadeUp) -> bytes:
    """Write a record as the protocol's list has it (section 4.5)."""
    status = ' status="deleted"' if record.deleted else ""
    header = (
        f"<record><header{status}><identifier>{record.identifier}</identifier><datestamp>{record.datestamp}</datestamp>"
        f"<setSpec>{record.set_spec}</setSpec></header>"
    )
    if record.deleted:
        return f"{header}</record>".encode()
    written = "".join(f"<dc:{name}>{escape(text, quote=False)}</dc:{name}>" for name, text in record.elements)
    return f"{header}<metadata>{_ROOT}{written}</oai_dc:dc></metadata></record>".encode()


def digest_of(record: MadeUp) -> bytes:
    """Digest all that a record says; ``digest_of_all`` of these is what a complete harvest reaches."""
    elements = (part for element in record.elements for part in element)
    return digest_of_said(record.identifier, record.datestamp, record.set_spec, str(record.deleted), *elements)


def digest_of_said(*said: str) -> bytes:
    """Digest identifier, datestamp, sets, whether it is deleted, then the names and texts of a record's elements."""
    return blake2b("\0".join(said).encode(), digest_size=16).digest()


def digest_of_all(digests: Iterable[bytes]) -> str:
    """Digest the digests of records, in whatever order they come."""
    return blake2b(b"".join(sorted(digests)), digest_size=16).hexdigest()

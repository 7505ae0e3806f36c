"""The records of a repository as bytes in one piece, rendered once, so that any page of any list is a slice of them."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.corpus import SETS, Kind, as_xml, digest_of, digest_of_all, made_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a complete harvest of a repository has to reach."""

    records: int
    deleted: int
    xml_bytes: int
    """Of the record elements, as served and not compressed."""
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The records of one list, in the order of their datestamps."""

    xml: memoryview
    starts: "array[int]"
    """Where each record begins in ``xml``, and where the last one ends."""
    stamps: "array[int]"
    """The datestamps, in seconds since 1970."""

    def slice(self, first: int, end: int) -> memoryview:
        """Give the bytes of so many records."""
        return self.xml[self.starts[first] : self.starts[end]]

    def between(self, from_: str | None, until: str | None) -> tuple[int, int]:
        """Say where a range of datestamps begins and ends; both ends belong to it, and a day is all of it."""
        first = bisect_left(self.stamps, _seconds(from_)) if from_ else 0
        end = bisect_right(self.stamps, _last_second(until)) if until else len(self.stamps)
        return first, max(first, end)

    def of_set(self, spec: str) -> "Shelf":
        """Copy the records of one set to a shelf of its own."""
        number = next((number for number in range(SETS) if spec == f"collection:{number}"), None)
        chosen = range(number, len(self.stamps), SETS) if number is not None else range(0)
        return _shelf((self.stamps[position], bytes(self.slice(position, position + 1))) for position in chosen)


def fill(count: int, kind: Kind) -> tuple[Shelf, Contents]:
    """Render all records of a repository."""
    digests: list[bytes] = []
    deleted = 0

    def rendered() -> Iterator[tuple[int, bytes]]:
        nonlocal deleted
        for record in made_up(count, kind):
            digests.append(digest_of(record))
            deleted += record.deleted
            yield int(record.stamped.timestamp()), as_xml(record)

    shelf = _shelf(rendered())
    contents = Contents(records=count, deleted=deleted, xml_bytes=len(shelf.xml), digest=digest_of_all(digests))
    return shelf, contents


def _shelf(records: Iterator[tuple[int, bytes]]) -> Shelf:
    xml, starts, stamps = bytearray(), array("Q", [0]), array("Q")
    for stamp, written in records:
        xml += written
        starts.append(len(xml))
        stamps.append(stamp)
    return Shelf(xml=memoryview(xml), starts=starts, stamps=stamps)


def _seconds(date: str) -> int:
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def _last_second(date: str) -> int:
    whole_day = len(date) == len("YYYY-MM-DD")
    return _seconds(date) + (int(timedelta(days=1).total_seconds()) - 1 if whole_day else 0)

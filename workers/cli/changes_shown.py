"""Changes as they are written: lines for people, for programs one array or an object a line."""

from collections.abc import Iterable
from typing import Any, Protocol

from ingest.store.show_changes import ChangesRead, ShownChange
from workers.cli.output import as_line, instant, one_line, write, write_bytes

_LONGEST_CHANGE = len("restored")


class Shown(Protocol):
    """How batches of changes are written, the first one even where it is empty."""

    def tell(self, read: ChangesRead) -> None:
        """Write a batch."""

    def finish(self) -> None:
        """Write what belongs after the last batch."""


def shown_as(*, as_json: bool, follow: bool) -> Shown:
    """Choose how changes are written."""
    if not as_json:
        return Lines(follow=follow)
    return Objects() if follow else Array()


class Objects:
    """An object a line, so that a program can take each as it comes."""

    def tell(self, read: ChangesRead) -> None:
        """Write a line for each change."""
        _write(as_line(_object(change)) for change in read.changes)

    def finish(self) -> None:
        """Write nothing more."""


class Array:
    """One array on one line, written as it is read: a feed does not fit into memory."""

    def __init__(self) -> None:
        """Write nothing yet: a cursor may be refused."""
        self._before = "["

    def tell(self, read: ChangesRead) -> None:
        """Write the batch's part of the array."""
        written = ", ".join(as_line(_object(change)).removesuffix("\n") for change in read.changes)
        if written:
            _write((self._before, written))
            self._before = ", "

    def finish(self) -> None:
        """Close the array."""
        _write(("[]\n",) if self._before == "[" else ("]\n",))


def _write(parts: Iterable[str]) -> None:
    write_bytes("".join(parts).encode("utf-8", "backslashreplace"))


def _object(change: ShownChange) -> dict[str, Any]:
    """Give the columns of ``catalogue_changes``, the cursor as commands take it."""
    return {
        "cursor": str(change.cursor),
        "record_key": change.record_key,
        "namespace": change.namespace,
        "record_id": change.record_id,
        "change": change.change,
        "fields": list(change.fields),
        "version": change.version,
        "merged_into": change.merged_into,
        "changed_at": instant(change.changed_at),
    }


class Lines:
    """A line for each change: its number, when it was, what it was, of which record, and what is new in it."""

    def __init__(self, *, follow: bool) -> None:
        """Write nothing yet."""
        self._follow = follow
        self._any = False

    def tell(self, read: ChangesRead) -> None:
        """Write the lines of a batch, numbers below each other."""
        self._any = self._any or bool(read.changes)
        width = len(str(read.feed.newest))
        write("".join(_line(change, width) for change in read.changes))

    def finish(self) -> None:
        """Say that there was nothing, where that was all."""
        if not self._any and not self._follow:
            write("no changes\n")


def _line(change: ShownChange, width: int) -> str:
    head = f"{change.cursor.number:>{width}}  {instant(change.changed_at)}  {change.change:<{_LONGEST_CHANGE}}"
    name = one_line(f"{change.namespace}:{change.record_id}")
    return f"{head}  {name}{_news(change)}\n"


def _news(change: ShownChange) -> str:
    """Say what is new; of a record that was created all is."""
    if change.merged_into_name is not None:
        return f"  into {one_line(':'.join(change.merged_into_name))}"
    return f"  {', '.join(change.fields)}" if change.fields and change.change != "created" else ""

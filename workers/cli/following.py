"""Follows the change feed: to its end as it is now, or on and on."""

from collections.abc import Iterator

from ingest.errors import DatabaseRefused
from ingest.settings import from_environment
from ingest.store.cursors import Cursor, cursor_from
from ingest.store.engine import Database
from ingest.store.show_changes import ChangesRead, read_changes
from workers.cli.changes_shown import shown_as
from workers.cli.databases import readable
from workers.cli.output import complain, note
from workers.cli.stopping import Stop, stoppable

_AT_ONCE = 1000
_SECONDS_BETWEEN = 1.0
_LONGEST_WAIT = 30.0


def write_changes(since: str | None, *, follow: bool, limit: int | None, as_json: bool) -> int:
    """Write the changes after a cursor and, to standard error, where to go on; returns the exit code, 1 after Ctrl-C.

    Raises CursorRefused: before anything is written where ``since`` is none to go on from, later where the feed was
    renewed or pruned meanwhile.
    """
    begun = None if since is None else cursor_from(since)
    with stoppable("the changes in hand") as stop, readable(from_environment().database_url) as database:
        shown = shown_as(as_json=as_json, follow=follow)
        for read in _batches(database, begun, follow=follow, limit=limit, stop=stop):
            shown.tell(read)
        shown.finish()
        stopped = stop()
    note(f"{'stopped; ' if stopped else ''}go on with --since {read.end}")
    return 1 if stopped else 0


def _batches(
    database: Database, begun: Cursor | None, *, follow: bool, limit: int | None, stop: Stop
) -> Iterator[ChangesRead]:
    """Read batch after batch, the first one even where it is empty; memory holds one of them."""
    read = read_changes(database, begun, most=_AT_ONCE if limit is None else min(limit, _AT_ONCE))
    # What is published while a listing is written belongs to the next one: writers could be faster than its reader.
    last = None if follow else read.feed.newest
    told = 0
    while True:
        yield read
        told += len(read.changes)
        most = _most(read.end, last=last, left=None if limit is None else limit - told)
        if follow and not read.changes:
            stop.wait(_SECONDS_BETWEEN)
        if most <= 0 or stop():
            return
        after = _looked(database, read.end, most, stop) if follow else read_changes(database, read.end, most=most)
        if after is None:
            return
        read = after


def _most(place: Cursor, *, last: int | None, left: int | None) -> int:
    """Say how many changes to read next: none where those asked for have been told."""
    to_the_end = _AT_ONCE if last is None else last - place.number
    return min(_AT_ONCE, to_the_end, _AT_ONCE if left is None else left)


def _looked(database: Database, place: Cursor, most: int, stop: Stop) -> ChangesRead | None:
    """Read as soon as the database lets us; None where a stop was asked for before."""
    seconds = _SECONDS_BETWEEN
    while not stop():
        try:
            return read_changes(database, place, most=most)
        except DatabaseRefused as error:
            complain(f"{error}; looking again")
            stop.wait(seconds)
            seconds = min(2 * seconds, _LONGEST_WAIT)
    return None

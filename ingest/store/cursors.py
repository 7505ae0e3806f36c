"""Places in the change feed: how a cursor is written, and from which ones the feed can be followed."""

import re
from dataclasses import dataclass

from ingest.endpoint_values import quoted
from ingest.errors import CursorRefused

# As many digits as a 64-bit number holds, whatever they are.
_WRITTEN = re.compile(r"([^\s:]+):([0-9]{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in a feed: the changes up to this number have been read, the number's own included."""

    feed_id: str
    number: int
    """0 is before the first change."""

    def __str__(self) -> str:
        """Write the cursor as commands take and tell it, ``FEED_ID:NUMBER``."""
        return f"{self.feed_id}:{self.number}"


def cursor_from(written: str) -> Cursor:
    """Read ``FEED_ID:NUMBER``. Raises CursorRefused for anything else."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        told = f"{quoted(written)} is no cursor, which is written FEED_ID:NUMBER"
        raise CursorRefused(f"{told}; take one that `oai-ingest changes` has told")
    return Cursor(feed_id=found[1], number=int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed as one snapshot shows it: its name, and the numbers of the oldest and the newest change that it holds.

    A feed that holds none has an oldest number that is one more than the newest.
    """

    feed_id: str
    oldest: int
    newest: int

    @property
    def beginning(self) -> Cursor:
        """The place before the oldest change."""
        return Cursor(feed_id=self.feed_id, number=self.oldest - 1)

    @property
    def end(self) -> Cursor:
        """The place after the newest change."""
        return Cursor(feed_id=self.feed_id, number=self.newest)

    def refuse_unless_followed_from(self, cursor: Cursor) -> None:
        """Raise CursorRefused where changes after ``cursor`` would not be all that its holder has not read.

        The place named in its text is as old as this snapshot: who reads everything anew after it, misses nothing.
        """
        if cursor.feed_id != self.feed_id:
            reason = f"{cursor} is a cursor of another feed: of another database, or of this one before it was restored"
        elif cursor.number > self.newest:
            reason = f"{cursor} lies beyond the newest change, {self.newest}, as after a restore from a backup"
        elif cursor.number < self.oldest - 1:
            reason = f"not all changes after {cursor} are kept, the oldest is {self.oldest}"
        else:
            return
        remedy = f"read everything anew, from the views or with `oai-ingest export`, then go on with --since {self.end}"
        raise CursorRefused(f"{reason}; {remedy}")

"""Which item speaks for a record: one pure decision, the same on every database and in every order of arrival."""

from collections.abc import Sequence
from typing import NamedTuple


class Voice(NamedTuple):
    """What of an item decides whether it speaks."""

    item_id: int
    deleted: bool
    understood: bool
    """False where its format is known to no crosswalk, or it brought no metadata: it has nothing to say."""
    priority: int
    """Its endpoint's; smaller speaks first."""
    prefix_position: int
    """Where its metadataPrefix stands in its endpoint's list."""
    datestamp_key: str
    """The datestamp as a sortable instant in UTC, empty where unreadable."""
    endpoint: str
    metadata_prefix: str
    oai_identifier: str


def speaking(voices: Sequence[Voice]) -> Voice | None:
    """Choose the item that speaks; None where there is none.

    Live before deleted, one that was understood before one that was not, endpoint priority, order of prefixes, newest
    datestamp, then names by bytes. Never the order of arrival.
    """
    # Nearly all records have one item, which need not be compared with itself.
    return voices[0] if len(voices) == 1 else min(voices, key=_precedence, default=None)


def _precedence(voice: Voice) -> tuple[object, ...]:
    digits = "".join(filter(str.isdigit, voice.datestamp_key))
    return (
        voice.deleted,
        not voice.understood,
        voice.priority,
        voice.prefix_position,
        -int(digits or "0"),
        voice.endpoint.encode(),
        voice.metadata_prefix.encode(),
        voice.oai_identifier.encode(),
    )

"""What a repository says of its dates and deletions when it identifies itself (protocol section 4.2)."""

from enum import StrEnum


class Granularity(StrEnum):
    """The finest datestamp a repository takes (protocol section 3.3)."""

    DAY = "YYYY-MM-DD"
    SECOND = "YYYY-MM-DDThh:mm:ssZ"


class DeletedRecord(StrEnum):
    """How far a repository keeps track of deletions (protocol section 2.5.1)."""

    NO = "no"
    TRANSIENT = "transient"
    PERSISTENT = "persistent"

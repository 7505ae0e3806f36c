"""Every error of this package, sorted by what the caller does next.

::

    IngestError
      ConfigurationError          a person must change something   -> stop, exit code 2
        DatabaseRefused             unreachable, read-only, too new or not upgraded
        RunRefused                  another run stands in the way, or there is nothing for this one to do
        CursorRefused               a place in the feed from which it can not be followed
      RetriableError              ask again later
        RepositoryUnavailable       refused, reset, timed out, cut off, 429, 5xx
        RecordsUnavailable          GetRecord brings none of the records that a list names
      RestartListError            begin the list again with its original arguments
        BadResumptionToken
      FatalProtocolError          stop this list; the others go on
        NotOaiPmh                   the answer is no OAI-PMH document
        MalformedResponse           the answer is OAI-PMH, but can not be read
        AccessRefused               401, 403 or a challenge page: a person must talk to the repository
        BadArgument, BadVerb, CannotDisseminateFormat, IdDoesNotExist,
        NoMetadataFormats, NoSetHierarchy, UnknownErrorCode
        DeletionsAnnounced          a sweep is not needed: the repository keeps tombstones
      RecordError                 keep the record as a rejection; go on
        NoRecordId, CrosswalkError
      LeaseLost                   another worker has the window; drop it, write nothing

``noRecordsMatch`` is no error: it is an empty page.
"""


class IngestError(Exception):
    """Root of all errors raised on purpose; its text is one line that says what is wrong and what to do."""


class ConfigurationError(IngestError):
    """A person must change an argument, a file or the environment before anything is tried again."""


class DatabaseRefused(ConfigurationError):
    """The database can not be used as it is: unreachable, read-only, newer than the code or not upgraded."""


class RunRefused(ConfigurationError):
    """Another run of the endpoint, with another selection, is active; or there is nothing for this one to do."""


class CursorRefused(ConfigurationError):
    """The feed can not be followed from this cursor: not one, of another feed, of the future, or pruned."""


class RetriableError(IngestError):
    """The same request may succeed later."""

    def __init__(self, message: str, *, retry_after: float | None = None, unreachable: bool = False) -> None:
        """Keep the wait in seconds that the repository asked for, or None where it named none.

        ``unreachable``: nobody is there at all, so that another request would not do better.
        """
        super().__init__(message)
        self.retry_after = retry_after
        self.unreachable = unreachable


class RepositoryUnavailable(RetriableError):
    """The repository could not be reached, was cut off, or answered 429 or 5xx until the page's deadline."""


class RecordsUnavailable(RetriableError):
    """GetRecord brings none of several records that a list names: it is the verb that fails, and not they."""


class RestartListError(IngestError):
    """The list has to be asked for again from its first page."""


class BadResumptionToken(RestartListError):
    """The repository no longer honours the resumptionToken (protocol section 3.6)."""


class FatalProtocolError(IngestError):
    """Asking again will not help: this list ends here, other lists go on."""

    code = ""
    """The protocol's error code (section 3.6), or a word of ours where the protocol has none."""


class NotOaiPmh(FatalProtocolError):
    """The answer's root element is not ``OAI-PMH``: a web page, a login, another format."""

    code = "not-oai-pmh"


class MalformedResponse(FatalProtocolError):
    """The answer could not be parsed as XML, or lacks what the protocol demands of it."""

    code = "malformed-response"


class AccessRefused(FatalProtocolError):
    """The repository refuses us; asking again in a loop would be rude (harvester guidelines, 2)."""

    code = "access-refused"


class BadArgument(FatalProtocolError):
    """``badArgument``."""

    code = "badArgument"


class BadVerb(FatalProtocolError):
    """``badVerb``: usually the base URL is wrong."""

    code = "badVerb"


class CannotDisseminateFormat(FatalProtocolError):
    """``cannotDisseminateFormat``: the metadataPrefix is not offered, for the repository or the item."""

    code = "cannotDisseminateFormat"


class IdDoesNotExist(FatalProtocolError):
    """``idDoesNotExist``."""

    code = "idDoesNotExist"


class NoMetadataFormats(FatalProtocolError):
    """``noMetadataFormats``: the item has no format to give."""

    code = "noMetadataFormats"


class NoSetHierarchy(FatalProtocolError):
    """``noSetHierarchy``: the repository has no sets."""

    code = "noSetHierarchy"


class DeletionsAnnounced(FatalProtocolError):
    """Identify says that deletions are kept for ever (``persistent``): a sweep has nothing to find."""

    code = "deletions-announced"


class UnknownErrorCode(FatalProtocolError):
    """An error code that the protocol does not list; kept as it came."""

    def __init__(self, message: str, *, code: str) -> None:
        """Keep the code as the repository wrote it; it may be empty."""
        super().__init__(message)
        self.code = code


class RecordError(IngestError):
    """One record can not be taken in; it is kept as a rejection and the page goes on."""

    stage = ""
    """Where it failed: ``protocol``, ``crosswalk`` or ``identity``."""
    reason = ""
    """The reason that groups rejections."""


class NoRecordId(RecordError):
    """The endpoint's ``record_id`` pattern matches nothing in the record."""

    stage = "identity"
    reason = "no-record-id"


class CrosswalkError(RecordError):
    """The metadata could not be read as the format it is in."""

    stage = "crosswalk"
    reason = "crosswalk-error"


class LeaseLost(IngestError):
    """The window's lease has passed to another worker; nothing of this page was written."""

"""Ranges and sets that must, and that must not, bring certain records."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from ingest.check.asking import Asking
from ingest.endpoints import Endpoint
from ingest.identify_values import Granularity
from ingest.passport import Answered, Observed, Question
from ingest.plan.windows import GRANULE, in_granularity
from ingest.protocol import datestamps
from ingest.records import Header, Identification, ListRequest, Page

_DAY = timedelta(days=1)
_FIRST_YEAR, _FAR_AHEAD = 1900, timedelta(days=3650)
_NO_SUCH_SET = "no-such-set"

# --- dates ----------------------------------------------------------------------------------------


def ask_dates(observed: Observed, said: Identification, asking: Asking) -> None:
    """Ask for ranges that must, and that must not, bring certain records."""
    at = datestamps.parse(observed.known.datestamp) if observed.known else None
    oldest, newest = _at(observed.oldest), _at(observed.newest)
    if at is None or oldest is None or newest is None:
        return
    form = said.granularity
    if form is Granularity.SECOND:
        second = _range(asking, Question.SECOND_OF_ITS_OWN, observed, form, from_=at, until=at)
        form = Granularity.DAY if second and second.code == "badArgument" else form
    day = _range(asking, Question.DAY_OF_ITS_OWN, observed, Granularity.DAY, from_=at, until=at)
    if form is Granularity.DAY and day and day.code == "badArgument":
        return
    empty = _before_everything(observed, said)
    _range(asking, Question.BEFORE, observed, form, until=_moved(newest, -GRANULE[form]))
    _range(asking, Question.AFTER, observed, form, from_=_moved(oldest, GRANULE[form]))
    _range(asking, Question.NOTHING, observed, form, from_=empty, until=empty)


def _range(
    asking: Asking,
    question: Question,
    observed: Observed,
    form: Granularity,
    *,
    from_: datetime | None = None,
    until: datetime | None = None,
) -> Answered[Page] | None:
    """Ask for a range as a harvest does; headers are enough, where ListIdentifiers is answered at all."""
    listed = asking.pages.get(Question.IDENTIFIERS)
    as_headers = listed is not None and listed.value is not None and question is not Question.SECOND_OF_ITS_OWN
    verb = "ListIdentifiers" if as_headers else "ListRecords"
    request = ListRequest(
        metadata_prefix=observed.prefix,
        from_=in_granularity(from_, form) if from_ else None,
        until=in_granularity(until, form) if until else None,
    )
    return asking.page(question, partial(asking.inquiry.list_of, verb, request)) if from_ or until else None


def _before_everything(observed: Observed, said: Identification) -> datetime | None:
    """Give an instant at which no record changed: before the earliest, or far ahead where that is not known."""
    known = [at for at in (observed.earliest, observed.oldest_at) if at is not None]
    earliest = min(known, default=None)
    if earliest is None or earliest.year <= _FIRST_YEAR:
        return _moved(said.response_date, _FAR_AHEAD)
    return _moved(earliest, -_DAY)


def _at(header: Header | None) -> datetime | None:
    return datestamps.parse(header.datestamp) if header else None


def _moved(at: datetime, by: timedelta) -> datetime | None:
    """Move an instant; None where the calendar ends."""
    try:
        return at + by
    except OverflowError:
        return None


# --- sets -----------------------------------------------------------------------------------------


def ask_sets(observed: Observed, endpoint: Endpoint, asking: Asking) -> Observed:
    """Ask for a set that records name, for its second page, and for a set that nobody has."""
    named = observed.sets.value.sets if observed.sets and observed.sets.value else ()
    if not named or observed.known is None:
        return observed
    set_spec = next(iter([*endpoint.sets, *observed.known.set_specs, *(each.spec for each in named)]))
    prefix = observed.prefix
    inside = ListRequest(metadata_prefix=prefix, set_spec=set_spec)
    nowhere = ListRequest(metadata_prefix=prefix, set_spec=_NO_SUCH_SET)
    answer = asking.page(Question.SET, lambda: asking.inquiry.list_of("ListRecords", inside))
    token = answer.value.token if answer and answer.value else None
    if token is not None and token.value:
        asking.page(Question.SET_CONTINUED, lambda: asking.inquiry.list_of("ListRecords", token))
    asking.page(Question.NO_SUCH_SET, lambda: asking.inquiry.list_of("ListIdentifiers", nowhere))
    return replace(observed, set_spec=set_spec)

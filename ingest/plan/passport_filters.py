"""Whether ``from``, ``until`` and ``set`` choose records, judged by records that must, and must not, come back."""

from collections.abc import Iterator

from ingest.passport import Answered, Finding, Observed, Question, Severity, headers
from ingest.records import Header, Page

# --- dates ----------------------------------------------------------------------------------------

_NOTHING_MATCHES = {"noRecordsMatch", "badArgument"}
"""How a range that holds nothing is answered: some call a date before their first a bad argument."""


def dates(observed: Observed) -> Iterator[Finding]:
    """Judge selective harvesting by datestamp (section 2.7.1)."""
    seconds, day = observed.page(Question.SECOND_OF_ITS_OWN), observed.page(Question.DAY_OF_ITS_OWN)
    if seconds is None and day is None:
        if observed.known is not None and observed.oldest is None:
            text = "records have no datestamp that can be read: what is new can not be told from what is old"
            yield Finding(code="no-datestamps", severity=Severity.WARNING, text=text)
        return
    if _all_refused(seconds, day):
        text = "from and until are refused in every form: only reading everything brings what is new (harvest --full)"
        yield Finding(code="dates-refused", severity=Severity.WARNING, text=text, quirk="ignores_dates")
        return
    if seconds is not None and seconds.code == "badArgument":
        text = "from and until with seconds are refused, although Identify says that seconds are taken"
        yield Finding(code="day-granularity", severity=Severity.WARNING, text=text, quirk="day_granularity")
    if day is not None and day.code == "badArgument":
        text = "from and until without a time of day are refused, which every repository has to take"
        yield Finding(code="days-refused", severity=Severity.NOTE, text=text)
    yield from _choosing(observed)


def _all_refused(*answers: Answered[Page] | None) -> bool:
    asked = [answer for answer in answers if answer is not None]
    return all(answer.code == "badArgument" for answer in asked)


def _choosing(observed: Observed) -> Iterator[Finding]:
    """Tell whether both dates choose, by the first page's records that lie beyond them."""
    until_ignored = _comes_back(observed.newest, observed.page(Question.BEFORE))
    from_ignored = _comes_back(observed.oldest, observed.page(Question.AFTER))
    nothing, first = observed.page(Question.NOTHING), observed.page(Question.FIRST_PAGE)
    everything = nothing is not None and first is not None and bool(nothing.identifiers & first.identifiers)
    if from_ignored or everything:
        seen = "a range that holds nothing brings records" if everything else "from is ignored"
        text = f"{seen}: each harvest reads everything"
        yield Finding(code="ignores-dates", severity=Severity.WARNING, text=text, quirk="ignores_dates")
        return
    if until_ignored:
        text = "until is ignored: leave parallel at 1, for each part would bring all that is newer as well"
        yield Finding(code="until-ignored", severity=Severity.WARNING, text=text)
        return
    yield from _its_own(observed)


def _comes_back(header: Header | None, answer: Answered[Page] | None) -> bool:
    return header is not None and answer is not None and header.identifier in answer.identifiers


def _its_own(observed: Observed) -> Iterator[Finding]:
    """Tell whether a record's own datestamp brings it back, in the finest form that was not refused."""
    forms = (Question.SECOND_OF_ITS_OWN, Question.DAY_OF_ITS_OWN)
    answers = [answer for form in forms if (answer := observed.page(form)) is not None]
    told = [answer for answer in answers if answer.code != "badArgument"]
    known = observed.known
    if not told or known is None:
        return
    if all(known.identifier in answer.identifiers or _may_follow(answer) for answer in told):
        yield Finding(code="dates", severity=Severity.FINE, text="from and until choose by datestamp")
        return
    failed = next(answer for answer in told if known.identifier not in answer.identifiers)
    if failed.value is None and failed.code not in _NOTHING_MATCHES:
        text = f"whether dates choose is not known: {failed.message}"
        yield Finding(code="dates-untried", severity=Severity.NOTE, text=text)
    elif known.identifier in told[-1].identifiers:
        text = f"{known.identifier} comes back under its own day, and not under its own second {known.datestamp}"
        yield Finding(code="own-datestamp", severity=Severity.NOTE, text=text)
    else:
        text = f"{known.identifier} does not come back under its own datestamp {known.datestamp}"
        advice = 'what is new may be missed; declare full_every = "30d"'
        yield Finding(code="own-datestamp", severity=Severity.WARNING, text=f"{text}: {advice}")


def _may_follow(answer: Answered[Page]) -> bool:
    """Whether the record may stand on a later page of the answer."""
    return answer.value is not None and answer.value.token is not None and bool(answer.value.token.value)


# --- sets -----------------------------------------------------------------------------------------


def sets_filter(observed: Observed) -> Iterator[Finding]:
    """Judge selective harvesting by set (section 2.7.2)."""
    of_set, none = observed.page(Question.SET), observed.page(Question.NO_SUCH_SET)
    first = observed.page(Question.FIRST_PAGE)
    if none is not None and first is not None and none.identifiers & first.identifiers:
        text = "a set that does not exist brings records: a misspelt set harvests everything"
        yield Finding(code="unknown-set", severity=Severity.WARNING, text=text)
    if of_set is None or observed.set_spec is None:
        return
    spec = observed.set_spec
    continued = observed.page(Question.SET_CONTINUED)
    if of_set.value is None:
        text = f"the set {spec}, which the repository names, is refused: {of_set.message}"
        yield Finding(code="set-refused", severity=Severity.WARNING, text=text)
    elif strangers := _strangers(of_set, spec):
        text = f"asked for the set {spec}, {strangers} of {len(headers(of_set.value))} records do not name it"
        yield Finding(code="set-filter", severity=Severity.WARNING, text=text)
    elif continued is not None and (strangers := _strangers(continued, spec)):
        text = f"the second page of the set {spec} leaves it: {strangers} records do not name it"
        yield Finding(code="set-lost", severity=Severity.WARNING, text=text)
    elif of_set.identifiers:
        yield Finding(code="set-filter", severity=Severity.FINE, text="records of a set name it")


def _strangers(answer: Answered[Page], spec: str) -> int:
    """Count records that name neither the set nor one below it (section 2.6)."""
    return sum(not any(_within(each, spec) for each in header.set_specs) for header in headers(answer.value))


def _within(each: str, spec: str) -> bool:
    return each == spec or each.startswith(f"{spec}:")

"""Lists, tokens and single records of a repository, judged by what their questions brought."""

from collections.abc import Iterator

from ingest.passport import Answered, Finding, Observed, Question, Severity
from ingest.records import Page, Rejection

_SLOW, _VERY_SLOW = 10.0, 40.0
"""Seconds for one page; requests time out after sixty where the endpoint does not say otherwise."""
_SHORT_LIFE = 600.0
"""Seconds; a token that dies sooner may not outlive a worker's restart."""
_ERRORS = {
    Question.NO_SUCH_IDENTIFIER: ("an unknown identifier", "idDoesNotExist"),
    Question.NO_SUCH_VERB: ("an unknown verb", "badVerb"),
}
_HTTP_ERROR = 400

# --- the first page -------------------------------------------------------------------------------


def lists(observed: Observed) -> Iterator[Finding]:
    """Judge the first page of records (section 4.5)."""
    answer = observed.page(Question.FIRST_PAGE)
    if answer is None:
        return
    page = answer.value
    if observed.unanswered:
        text = f"ListRecords is not answered in {', '.join(observed.unanswered)}, which is offered; it is left out"
        yield Finding(code="format-unanswered", severity=Severity.WARNING, text=text)
    if page is None:
        yield _unanswered(observed, answer)
    elif not page.elements:
        on = page.token is not None and bool(page.token.value)
        seen = "the first page has no records, and the list goes on" if on else "there are no records"
        text = f"{seen} in {observed.prefix}: how lists go on could not be tried"
        yield Finding(code="no-records", severity=Severity.WARNING, text=text)
    else:
        yield _speed(answer, page)
        yield from _condition(page)
        yield from _understanding(observed)


def _unanswered(observed: Observed, answer: Answered[Page]) -> Finding:
    """Tell a list that can not be read at all from one whose records come by themselves."""
    text = f"ListRecords is not answered in {observed.prefix}: {answer.message}"
    single = observed.page(Question.RECORD)
    if single is None or observed.known is None or observed.known.identifier not in single.identifiers:
        return Finding(code="list-records", severity=Severity.FATAL, text=text)
    text += "; ListIdentifiers and GetRecord are, so that what can be read is read in small parts"
    return Finding(code="list-records", severity=Severity.WARNING, text=text)


def _speed(answer: Answered[Page], page: Page) -> Finding:
    told = f"{len(page.elements)} records a page, {answer.seconds:.1f} s"
    if answer.seconds > _VERY_SLOW:
        text = f'{told}: near to the timeout of most harvesters; declare timeout = "5m"'
        return Finding(code="slow", severity=Severity.WARNING, text=text)
    if answer.seconds > _SLOW:
        return Finding(code="slow", severity=Severity.NOTE, text=f"{told}: slow, leave parallel at 1")
    return Finding(code="list-records", severity=Severity.FINE, text=told)


def _condition(page: Page) -> Iterator[Finding]:
    if page.damaged:
        text = "the first page breaks off: only what stands before the break can be read from it"
        yield Finding(code="damaged-page", severity=Severity.WARNING, text=text)
    if page.repairs:
        names = ", ".join(sorted({repair.name for repair in page.repairs}))
        text = f"the first page had to be mended before it could be read ({names}); tell the repository"
        yield Finding(code="repaired", severity=Severity.NOTE, text=text)
    rejected = [each for each in page.elements if isinstance(each, Rejection)]
    if rejected:
        text = f"{len(rejected)} of {len(page.elements)} records can not be taken in: {rejected[0].message}"
        yield Finding(code="rejections", severity=Severity.WARNING, text=text)
    if page.errors:
        text = f"an error stands beside records, against the protocol: {page.errors[0].code}"
        yield Finding(code="error-beside-records", severity=Severity.WARNING, text=text)
    if page.misplaced_token:
        text = "the resumptionToken stands where none may stand: lists can not be read beyond their first page"
        yield Finding(code="misplaced-token", severity=Severity.WARNING, text=text)


def _understanding(observed: Observed) -> Iterator[Finding]:
    promised = any(each.crosswalk and each.format.metadata_prefix == observed.prefix for each in observed.offered)
    if promised and observed.raw:
        found = ", ".join(sorted(observed.raw))
        text = f"{observed.prefix} holds what its namespace does not promise: {found}; such records are kept raw"
        yield Finding(code="format-mismatch", severity=Severity.WARNING, text=text)


# --- tokens ---------------------------------------------------------------------------------------


def tokens(observed: Observed) -> Iterator[Finding]:
    """Judge how a list goes on (section 3.5)."""
    first, second = observed.page(Question.FIRST_PAGE), observed.page(Question.SECOND_PAGE)
    if first is None or first.value is None or not first.value.elements:
        return
    if first.value.token is None or not first.value.token.value:
        yield Finding(code="tokens", severity=Severity.FINE, text="everything is on one page")
    elif second is not None:
        yield from _second(observed, first, second)
        yield from _lifetime(observed.token_lifetime)


def _second(observed: Observed, first: Answered[Page], second: Answered[Page]) -> Iterator[Finding]:
    repeated = observed.page(Question.REPEATED_ARGUMENTS)
    if second.value is None and repeated is not None and repeated.value is not None:
        text = f"a token alone is refused ({second.code}), a token with the metadataPrefix is taken"
        yield Finding(code="repeat-arguments", severity=Severity.WARNING, text=text, quirk="repeat_arguments")
    elif second.code == "repository-unavailable":
        text = f"the second page is not answered: {second.message}; how lists go on is not known, check again"
        yield Finding(code="tokens-untried", severity=Severity.WARNING, text=text)
    elif second.value is None:
        text = f"the token of the first page is refused: {second.message}; lists can be read only in small parts"
        yield Finding(code="token-refused", severity=Severity.WARNING, text=text)
    elif second.identifiers and second.identifiers == first.identifiers:
        text = "the token brings the first page again: nothing beyond it can be read"
        yield Finding(code="token-ignored", severity=Severity.FATAL, text=text)
    elif not second.value.elements:
        text = "the token of the first page brings a page without records"
        yield Finding(code="empty-page", severity=Severity.NOTE, text=text)
    elif _other_format(observed):
        text = f"the second page comes in another format than the first, {', '.join(observed.formats_of_pages[1])}"
        yield Finding(code="format-lost", severity=Severity.WARNING, text=text, quirk="repeat_arguments")
    else:
        yield from _same_again(second, observed.page(Question.SAME_TOKEN))


def _other_format(observed: Observed) -> bool:
    first, second = observed.formats_of_pages
    return bool(first and second) and not first & second


def _same_again(second: Answered[Page], again: Answered[Page] | None) -> Iterator[Finding]:
    if again is None or not second.identifiers:
        return
    if again.identifiers == second.identifiers:
        yield Finding(code="tokens", severity=Severity.FINE, text="a token asked for twice brings the same page")
        return
    if again.value is None and again.code[:3] != "bad":
        # A server that is out of order for a moment says nothing about its tokens.
        text = f"whether a token can be used twice is not known: {again.message}"
        yield Finding(code="tokens-untried", severity=Severity.NOTE, text=text)
        return
    seen = "brings another page" if again.value is not None else f"is refused ({again.code})"
    text = f"a token asked for twice {seen}: after a break lists begin again"
    yield Finding(code="single-use-tokens", severity=Severity.WARNING, text=text, quirk="single_use_tokens")


def _lifetime(seconds: float | None) -> Iterator[Finding]:
    if seconds is not None and seconds < _SHORT_LIFE:
        text = f"tokens live {max(seconds, 0):.0f} s: lists that are put back for longer begin again"
        yield Finding(code="token-lifetime", severity=Severity.NOTE, text=text)


# --- single records -------------------------------------------------------------------------------


def single_records(observed: Observed) -> Iterator[Finding]:
    """Judge ListIdentifiers and GetRecord, by which records are got that spoil their pages."""
    listed, got = observed.page(Question.IDENTIFIERS), observed.page(Question.RECORD)
    if listed is not None and listed.value is None:
        text = (
            f"ListIdentifiers is not answered: {listed.message}; a record that spoils its page can not be passed over"
        )
        yield Finding(code="list-identifiers", severity=Severity.WARNING, text=text)
    elif listed is not None:
        yield Finding(code="list-identifiers", severity=Severity.FINE, text="ListIdentifiers is answered")
    if got is None or observed.known is None:
        return
    if observed.known.identifier in got.identifiers:
        yield Finding(code="get-record", severity=Severity.FINE, text="GetRecord gives the record of the list")
        return
    why = got.message or "another record came"
    text = f"GetRecord fails for {observed.known.identifier}, which the list has: {why}"
    yield Finding(code="get-record", severity=Severity.WARNING, text=text)


def manners(observed: Observed) -> Iterator[Finding]:
    """Judge how errors are told (section 3.6): nothing that a harvest depends on."""
    asked = {question: answer for question in _ERRORS if (answer := observed.page(question)) is not None}
    odd = []
    for question, answer in asked.items():
        what, meant = _ERRORS[question]
        if answer.code != meant:
            odd.append(f"{what} is answered {answer.code or 'as if it were there'}, not {meant}")
        elif answer.status is not None and answer.status >= _HTTP_ERROR:
            odd.append(f"{what} is answered {meant} with HTTP {answer.status}")
    if odd:
        yield Finding(code="error-manners", severity=Severity.NOTE, text="; ".join(odd))
    elif asked:
        yield Finding(code="error-manners", severity=Severity.FINE, text="errors are told as the protocol says")

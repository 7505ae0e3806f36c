"""Lists: the first page, the second by its token, the same token again; then single records."""

import re
from dataclasses import replace
from functools import partial

from ingest.check.asking import Asking
from ingest.check.formats import roots
from ingest.identify_values import Granularity
from ingest.passport import Answered, Observed, Question, headers
from ingest.plan.passport import REFUSING
from ingest.protocol import datestamps
from ingest.records import Identification, Page, ResumptionToken

_GOES_ON = 3
_SPOILT = {"repository-unavailable", "malformed-response"}
"""Answers that one bad record can cause: headers alone, and other records by themselves, may come all the same."""
_FORMS = {
    Granularity.DAY: re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
    Granularity.SECOND: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
}
"""How datestamps are written lawfully (section 2.7.1)."""


def ask_lists(observed: Observed, said: Identification, asking: Asking) -> Observed:
    """Ask for the first page, in the next prefix where the best brings none, and for the one after it."""
    observed = _first_page(replace(observed, earliest=datestamps.parse(said.earliest_datestamp)), asking)
    answer = asking.pages.get(Question.FIRST_PAGE)
    if answer is None:
        return observed
    if answer.value is None:
        return _by_headers(observed, said, asking) if answer.code in _SPOILT else observed
    page = answer.value
    observed = _chosen(observed, page, said)
    token = page.token
    if token is None or not token.value:
        return observed
    expires = datestamps.parse(token.expiration_date)
    lifetime = (expires - (page.response_date or said.response_date)).total_seconds() if expires else None
    second = _continued(observed.prefix, token, asking)
    found = (observed.formats_of_pages[0], frozenset(roots(second, observed.prefix)))
    return replace(observed, token_lifetime=lifetime, formats_of_pages=found)


def _first_page(observed: Observed, asking: Asking) -> Observed:
    """Ask for the first page in the best prefix, and in the next one too where the list goes on in none so far."""
    best, failed = None, []
    for prefix in observed.prefixes:
        answer = asking.page(Question.FIRST_PAGE, partial(_listed, asking, "ListRecords", prefix))
        if answer is None:
            break
        failed += [prefix] if answer.value is None else []
        if best is None or _worth(answer) > _worth(best):
            best, observed = answer, replace(observed, prefix=prefix)
        if _worth(best) == _GOES_ON or answer.code in REFUSING - _SPOILT:
            break
    if best is not None:
        asking.pages[Question.FIRST_PAGE] = best
    if best is not None and best.value is not None:
        left = tuple(prefix for prefix in observed.prefixes if prefix not in failed)
        observed = replace(observed, prefixes=left, unanswered=tuple(failed))
    return observed if observed.prefix else replace(observed, prefix=observed.prefixes[0])


def _worth(answer: Answered[Page]) -> int:
    """Tell how much can be tried by a first page: one without records shows nothing, one with a token most."""
    page = answer.value
    if page is None or not page.elements:
        return 0 if page is None else 1
    return _GOES_ON if page.token and page.token.value else 2


def _by_headers(observed: Observed, said: Identification, asking: Asking) -> Observed:
    """Choose the records by which the rest is tried from ListIdentifiers, where ListRecords fails."""
    headers_alone = _identifiers(observed, asking)
    page = headers_alone.value if headers_alone else None
    return observed if page is None else _chosen(observed, page, said)


def _identifiers(observed: Observed, asking: Asking) -> Answered[Page] | None:
    return asking.page(Question.IDENTIFIERS, lambda: _listed(asking, "ListIdentifiers", observed.prefix))


def _listed(asking: Asking, verb: str, prefix: str, **arguments: str) -> Page:
    return asking.inquiry.page_of(verb, metadataPrefix=prefix, **arguments)


def _continued(prefix: str, token: ResumptionToken, asking: Asking) -> Page | None:
    """Ask for the second page, and for it again; with the prefix beside the token where the token alone is refused."""

    def once() -> Page:
        return asking.inquiry.list_of("ListRecords", token)

    second = asking.page(Question.SECOND_PAGE, once)
    if second is None:
        return None
    if second.value is not None:
        asking.page(Question.SAME_TOKEN, once)
    elif second.code not in {*REFUSING, "repository-unavailable"}:
        asking.page(
            Question.REPEATED_ARGUMENTS, lambda: _listed(asking, "ListRecords", prefix, resumptionToken=token.value)
        )
    return second.value


def _chosen(observed: Observed, page: Page, said: Identification) -> Observed:
    """Choose the records by which the rest is tried, and see which formats came.

    Those with a datestamp in the repository's own form go before others: what it means by ``2013`` only it can tell.
    """
    lawful = [header for header in headers(page) if _FORMS[said.granularity].fullmatch(header.datestamp or "")]
    tried = lawful or headers(page)
    dated = [(at, header) for header in tried if (at := datestamps.parse(header.datestamp)) is not None]
    live = [header for _, header in dated if not header.deleted]
    named = [header for header in live if header.set_specs]
    found = roots(page, observed.prefix)
    oldest = min(dated, key=lambda pair: pair[0], default=None)
    newest = max(dated, key=lambda pair: pair[0], default=None)
    return replace(
        observed,
        known=next(iter([*named, *live, *headers(page)]), None),
        oldest=oldest and oldest[1],
        oldest_at=oldest and oldest[0],
        newest=newest and newest[1],
        formats_of_pages=(frozenset(found), frozenset()),
        raw=frozenset(name for name, taken in found.items() if not taken),
    )


def ask_single_records(observed: Observed, asking: Asking) -> None:
    """Ask for headers alone, and for one record by its identifier."""
    known, prefix = observed.known, observed.prefix
    if Question.IDENTIFIERS not in asking.pages:
        _identifiers(observed, asking)
    if known is not None:
        asking.page(Question.RECORD, lambda: asking.inquiry.get_record(known.identifier, prefix))

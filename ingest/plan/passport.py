"""From what a check has seen to the passport: every judgement in one visible order, the gravest finding first."""

from collections.abc import Callable, Iterator

from ingest.passport import Answered, Finding, Observed, Passport, Severity, Verdict
from ingest.plan.passport_filters import dates, sets_filter
from ingest.plan.passport_identity import connection, formats, identity, sets
from ingest.plan.passport_lists import lists, manners, single_records, tokens
from ingest.records import Identification

JUDGEMENTS: tuple[Callable[[Observed], Iterator[Finding]], ...] = (
    connection,
    identity,
    formats,
    lists,
    tokens,
    single_records,
    dates,
    sets,
    sets_filter,
    manners,
)
"""What is judged of a repository that says who it is, in the order in which a person would ask."""

REFUSING = {"repository-unavailable", "access-refused", "not-oai-pmh"}
"""Answers after which nothing else is asked: nobody is there, we are not wanted, or it is no repository."""

_GRAVITY = (Severity.FATAL, Severity.WARNING, Severity.NOTE, Severity.FINE)


def passport_of(observed: Observed) -> Passport:
    """Judge all that was seen."""
    if observed.identify.value is None:
        findings = [_no_repository(observed.identify)]
    else:
        findings = [finding for judge in JUDGEMENTS for finding in judge(observed)]
        findings += list(_refused_later(observed))
    findings += list(_unasked(observed))
    gravest_first = sorted(findings, key=lambda finding: _GRAVITY.index(finding.severity))
    return Passport(verdict=_verdict(findings), findings=tuple(gravest_first), observed=observed)


def _verdict(findings: list[Finding]) -> Verdict:
    severities = {finding.severity for finding in findings}
    if Severity.FATAL in severities:
        return Verdict.CAN_NOT
    return Verdict.WITH_CARE if Severity.WARNING in severities else Verdict.CAN


def _no_repository(identify: Answered[Identification]) -> Finding:
    """Say why there is no Identify answer: without one there is no harvest."""
    told = identify.message if identify.code in REFUSING else f"Identify is not answered: {identify.message}"
    return Finding(code=identify.code, severity=Severity.FATAL, text=told)


def _refused_later(observed: Observed) -> Iterator[Finding]:
    """Find that the repository answered who it is, and then turned us away."""
    answers = (observed.formats, observed.sets, *observed.pages.values())
    refused = next((each for each in answers if each is not None and each.code == "access-refused"), None)
    if refused is not None:
        yield Finding(code=refused.code, severity=Severity.FATAL, text=refused.message)


def _unasked(observed: Observed) -> Iterator[Finding]:
    if observed.unasked:
        left = ", ".join(observed.unasked)
        text = f"not asked after {observed.requests} requests: {left}; check again when the repository answers well"
        yield Finding(code="not-asked", severity=Severity.NOTE, text=text)

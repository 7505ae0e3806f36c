"""A passport as people read it: the verdict, what to know, the facts; and as JSON."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ingest.passport import Answered, Finding, Observed, OfferedFormat, Passport, Question, Severity, Verdict
from ingest.records import Page
from workers.cli.layout import fields, indented, line, words
from workers.cli.output import counted

VERDICTS = {
    Verdict.CAN: ("can be harvested", "bold green"),
    Verdict.WITH_CARE: ("can be harvested, with care", "bold yellow"),
    Verdict.CAN_NOT: ("can not be harvested", "bold red"),
}
"""How a verdict reads, and its colour."""

_STYLES = {Severity.FATAL: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_MOST_NAMED = 8
_LEAST_SECONDS = 0.001


# --- for people -----------------------------------------------------------------------------------


def passport_shown(passport: Passport) -> Iterator[RenderableType]:
    """Lay out a passport, all but the declaration: what is to be copied is not laid out."""
    yield headline(passport)
    told = [finding for finding in passport.findings if finding.severity is not Severity.FINE]
    if told:
        yield indented(_findings(told))
    observed = passport.observed
    if observed.identify.value is not None:
        yield Text()
        yield indented(fields(_facts(passport)))


def headline(passport: Passport) -> Text:
    """Give the verdict in its colour."""
    told, style = VERDICTS[passport.verdict]
    return line(words(passport.observed.url, "bold"), ": ", words(told, style))


def _findings(findings: list[Finding]) -> Table:
    made = Table.grid(padding=(0, 2))
    made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    for finding in findings:
        made.add_row(words(finding.severity.value, _STYLES[finding.severity]), words(finding.text))
    return made


def _facts(passport: Passport) -> Iterator[tuple[str, RenderableType]]:
    observed = passport.observed
    said = observed.identify.value
    if said is None:
        return
    yield "repository", words(said.repository_name or "-")
    yield "datestamps", words(f"{_granularity(said.granularity.name)}, since {said.earliest_datestamp or '-'}")
    yield "deletions", words({"NO": "not told", "TRANSIENT": "told for a time"}.get(said.deleted_record.name, "told"))
    yield "formats", _formats(observed)
    yield "sets", words(_sets(observed))
    yield "pages", words(_pages(observed))
    fine = [finding.code for finding in passport.findings if finding.severity is Severity.FINE]
    yield "fine", words(", ".join(code.replace("-", " ") for code in fine))
    yield "asked", words(counted(observed.requests, "request"))


def _granularity(name: str) -> str:
    return f"to the {name.lower()}"


def _formats(observed: Observed) -> Text:
    """Name the formats, those first that crosswalks take, with the crosswalk where its name is another."""
    taken = [each for each in observed.offered if each.crosswalk]
    raw = [each.format.metadata_prefix for each in observed.offered if not each.crosswalk]
    names = [_with_crosswalk(each) for each in taken]
    told = [words(_some(names), "green")] if names else []
    told += [words(f"kept raw: {_some(raw)}")] if raw else []
    return Text("; ").join(told) if told else words("-")


def _with_crosswalk(offered: OfferedFormat) -> str:
    prefix = offered.format.metadata_prefix
    return prefix if offered.crosswalk == prefix else f"{prefix} (as {offered.crosswalk})"


def _sets(observed: Observed) -> str:
    answer = observed.sets
    if answer is None or answer.value is None:
        return "none" if answer is not None and answer.code == "noSetHierarchy" else "not known"
    more = " and more" if answer.value.more else ""
    return f"{len(answer.value.sets)}{more}: {_some([each.spec for each in answer.value.sets])}"


def _pages(observed: Observed) -> str:
    """Say how large and how fast pages are, and how many records were announced."""
    answer = observed.page(Question.FIRST_PAGE)
    if answer is None or answer.value is None or not answer.value.elements:
        return "-"
    page, token = answer.value, answer.value.token
    announced = token.complete_list_size if token else None
    of = f" of {announced}" if announced else ""
    where = f" in {observed.prefix}" if len(observed.prefixes) > 1 else ""
    told = f"{len(page.elements)}{of} records{where}, {answer.seconds:.1f} s, {_rate(answer)} a second"
    return f"{told}; {_token_words(observed)}"


def _token_words(observed: Observed) -> str:
    answer = observed.page(Question.FIRST_PAGE)
    token = answer.value.token if answer and answer.value else None
    if token is None or not token.value:
        return "one page holds all"
    if observed.token_lifetime is not None:
        return f"tokens live {_life(observed.token_lifetime)}"
    return "tokens without a date"


def _life(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:.0f} h" if hours >= 1 else f"{max(seconds, 0) / 60:.0f} min"


def _rate(answer: Answered[Page]) -> int:
    return round(len(answer.value.elements if answer.value else ()) / max(answer.seconds, _LEAST_SECONDS))


def _some(names: list[str]) -> str:
    left = len(names) - _MOST_NAMED
    return ", ".join(names) if left <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {left} more"


# --- for programs ---------------------------------------------------------------------------------


def passport_object(passport: Passport, *, endpoint: str | None, stanza: str | None) -> dict[str, Any]:
    """Tell a passport; one that forbids a harvest says why under ``error`` too."""
    observed = passport.observed
    told = {
        "url": observed.url,
        "endpoint": endpoint,
        "verdict": passport.verdict.value,
        "findings": [
            {"code": each.code, "severity": each.severity.value, "text": each.text, "quirk": each.quirk}
            for each in passport.findings
        ],
        "quirks": dict(passport.quirks),
        "identify": _identify_object(observed),
        "formats": [
            {
                "metadata_prefix": each.format.metadata_prefix,
                "namespace": each.format.namespace,
                "crosswalk": each.crosswalk,
            }
            for each in observed.offered
        ],
        "sets": _sets_object(observed),
        "pages": _pages_object(observed),
        "metadata_prefix": list(observed.prefixes),
        "requests": observed.requests,
        "stanza": stanza,
    }
    return told | ({"error": passport.why} if passport.verdict is Verdict.CAN_NOT else {})


def _identify_object(observed: Observed) -> dict[str, Any] | None:
    said = observed.identify.value
    if said is None:
        return None
    return {
        "repository_name": said.repository_name,
        "base_url": said.base_url,
        "protocol_version": said.protocol_version,
        "earliest_datestamp": said.earliest_datestamp,
        "deleted_record": said.deleted_record.value,
        "granularity": said.granularity.value,
        "compression": list(said.compressions),
    }


def _sets_object(observed: Observed) -> dict[str, Any] | None:
    answer = observed.sets
    if answer is None or answer.value is None:
        return {"first_page": [], "more": False} if answer is not None and answer.code == "noSetHierarchy" else None
    return {"first_page": [each.spec for each in answer.value.sets], "more": answer.value.more}


def _pages_object(observed: Observed) -> dict[str, Any] | None:
    answer = observed.page(Question.FIRST_PAGE)
    if answer is None or answer.value is None:
        return None
    token = answer.value.token
    return {
        "metadata_prefix": observed.prefix,
        "records": len(answer.value.elements),
        "seconds": round(answer.seconds, 3),
        "records_a_second": _rate(answer),
        "announced": token.complete_list_size if token else None,
        "token_lifetime": observed.token_lifetime,
        "one_page": token is None or not token.value,
    }

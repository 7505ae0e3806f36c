"""What a repository says of itself, judged: who it is, which formats and sets it offers."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ingest.identify_values import DeletedRecord, Granularity
from ingest.passport import Finding, Observed, Severity
from ingest.records import Identification

_MOST_NAMED = 6
_YEAR_OF_THE_FIRST_WEB = 1900
"""An older earliestDatestamp is a placeholder, not the date of a record in a database."""


def connection(observed: Observed) -> Iterator[Finding]:
    """Judge what credentials and certificates are worth on the way."""
    if observed.credentials_in_clear:
        text = "the credentials travel unencrypted; declare the https address if the repository has one"
        yield Finding(code="credentials-in-clear", severity=Severity.WARNING, text=text)
    if not observed.verify_tls:
        text = "the certificate is not looked at (verify_tls = false)"
        yield Finding(code="certificate-not-verified", severity=Severity.NOTE, text=text)


# --- Identify -------------------------------------------------------------------------------------


def identity(observed: Observed) -> Iterator[Finding]:
    """Judge the answer to Identify (protocol section 4.2)."""
    said = observed.identify.value
    if said is None:
        return
    if said.protocol_version != "2.0":
        text = f"Identify says protocolVersion “{said.protocol_version}”; what is harvested here is 2.0"
        yield Finding(code="protocol-version", severity=Severity.WARNING, text=text)
    yield from _base_url(observed.url, said.base_url)
    yield from _earliest(observed, said)
    yield _deletions(said.deleted_record)


def _base_url(asked: str, said: str) -> Iterator[Finding]:
    if _place(asked) == _place(said):
        return
    same_but_for_scheme = _place(asked)[1:] == _place(said)[1:]
    if same_but_for_scheme and urlsplit(said).scheme == "https":
        text = f"the repository calls itself {said}; declare that address, for it is encrypted"
        yield Finding(code="base-url", severity=Severity.NOTE, text=text)
        return
    text = f"the repository calls itself {said or 'nothing'}, which is not what was asked; see which of the two lasts"
    severity = Severity.NOTE if same_but_for_scheme else Severity.WARNING
    yield Finding(code="base-url", severity=severity, text=text)


def _place(url: str) -> tuple[str, str, str, str]:
    """Take a URL apart so that those of one repository are equal; one that can not be read is equal to itself."""
    try:
        parts = urlsplit(url.strip())
        usual = {"http": 80, "https": 443}
        port = parts.port or usual.get(parts.scheme)
    except ValueError:
        return url, "", "", ""
    named = "" if port in {None, usual.get(parts.scheme)} else f":{port}"
    return parts.scheme, f"{parts.hostname or ''}{named}", parts.path.rstrip("/"), parts.query


def _earliest(observed: Observed, said: Identification) -> Iterator[Finding]:
    told, at = said.earliest_datestamp, observed.earliest
    if told is None or at is None:
        text = f"earliestDatestamp is {f'“{told}”, no date' if told else 'missing'}; long lists are not read in parts"
        yield Finding(code="earliest-datestamp", severity=Severity.NOTE, text=text)
    elif at > said.response_date:
        text = f"earliestDatestamp {told} lies ahead of the repository's own clock"
        yield Finding(code="earliest-datestamp", severity=Severity.WARNING, text=text)
    elif observed.oldest_at is not None and observed.oldest is not None and observed.oldest_at < at:
        text = f"earliestDatestamp {told} is not the earliest: {observed.oldest.identifier} is older"
        yield Finding(code="earliest-datestamp", severity=Severity.NOTE, text=text)
    elif at.year < _YEAR_OF_THE_FIRST_WEB:
        text = f"earliestDatestamp {told} is a placeholder: nothing is known of the oldest record"
        yield Finding(code="earliest-datestamp", severity=Severity.NOTE, text=text)
    elif (len(told) > len(Granularity.DAY)) is not (said.granularity is Granularity.SECOND):
        text = f"earliestDatestamp {told} is not in the granularity that the repository tells, {said.granularity}"
        yield Finding(code="earliest-datestamp", severity=Severity.NOTE, text=text)
    else:
        yield Finding(code="earliest-datestamp", severity=Severity.FINE, text=f"earliestDatestamp {told}")


def _deletions(kept: DeletedRecord) -> Finding:
    if kept is DeletedRecord.PERSISTENT:
        return Finding(code="deletions", severity=Severity.FINE, text="deletions are told, for ever")
    told = "are not told" if kept is DeletedRecord.NO else "are told for a time only"
    text = f"deletions {told} (deletedRecord {kept}): what was removed meanwhile has to be looked for"
    return Finding(code="deletions", severity=Severity.NOTE, text=text)


# --- formats and sets -----------------------------------------------------------------------------


def formats(observed: Observed) -> Iterator[Finding]:
    """Judge the answer to ListMetadataFormats (section 4.4): whether we understand any of it."""
    answer = observed.formats
    if answer is None:
        return
    if answer.value is None:
        text = f"ListMetadataFormats is not answered: {answer.message}; oai_dc was tried"
        yield Finding(code="formats-unanswered", severity=Severity.WARNING, text=text)
        return
    taken = [each.format.metadata_prefix for each in observed.offered if each.crosswalk]
    if taken:
        yield Finding(code="formats", severity=Severity.FINE, text=f"crosswalks take {_some(taken)}")
    else:
        text = "no format that a crosswalk takes: records are kept raw, until one does"
        yield Finding(code="formats", severity=Severity.WARNING, text=text)
    offered = {each.format.metadata_prefix for each in observed.offered}
    if missing := [prefix for prefix in observed.wanted if prefix not in offered]:
        text = f"{_some(missing)} is declared and not offered; mend metadata_prefix"
        yield Finding(code="prefix-not-offered", severity=Severity.WARNING, text=text)
    if "oai_dc" not in offered:
        text = "oai_dc is not offered, although every repository has to"
        yield Finding(code="no-oai-dc", severity=Severity.NOTE, text=text)


def sets(observed: Observed) -> Iterator[Finding]:
    """Judge the answer to ListSets (section 4.6); to have no sets is a fact and no fault."""
    answer = observed.sets
    if answer is None:
        return
    if answer.code == "noSetHierarchy":
        yield Finding(code="sets", severity=Severity.FINE, text="there are no sets")
    elif answer.value is None:
        text = f"ListSets is not answered: {answer.message}; harvest without sets"
        yield Finding(code="sets-unanswered", severity=Severity.NOTE, text=text)
    elif unlawful := [each.spec for each in answer.value.sets if not re.fullmatch(r"[\w.!~*'():-]+", each.spec)]:
        text = f"setSpecs with characters that none may have, such as “{unlawful[0]}”; try them before you declare them"
        yield Finding(code="set-names", severity=Severity.NOTE, text=text)
    else:
        text = f"ListSets names {len(answer.value.sets)}{' and more' if answer.value.more else ''}"
        yield Finding(code="sets", severity=Severity.FINE, text=text)


def _some(names: list[str]) -> str:
    left = len(names) - _MOST_NAMED
    return ", ".join(names) if left <= 1 else f"{', '.join(names[:_MOST_NAMED])} and {left} more"

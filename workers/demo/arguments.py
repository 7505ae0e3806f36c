"""The arguments of a request, checked against what the protocol allows (sections 3.1.1, 3.3 and 4). Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.identify_values import Granularity
from ingest.records import ListRequest, OaiError


class Refused(Exception):
    """The request can not be answered; carries every error that applies (protocol section 3.6)."""

    def __init__(self, *errors: OaiError) -> None:
        """Keep the errors in the order in which they were found."""
        super().__init__("; ".join(f"{error.code}: {error.message}" for error in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verb:
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumable: bool = False

    def allows(self, name: str) -> bool:
        return name in self.required or name in self.optional or (self.resumable and name == "resumptionToken")


_SELECTIVE = _Verb(required=frozenset({"metadataPrefix"}), optional=frozenset({"from", "until", "set"}), resumable=True)
_VERBS = {
    "Identify": _Verb(),
    "ListMetadataFormats": _Verb(optional=frozenset({"identifier"})),
    "ListSets": _Verb(resumable=True),
    "GetRecord": _Verb(required=frozenset({"identifier", "metadataPrefix"})),
    "ListIdentifiers": _SELECTIVE,
    "ListRecords": _SELECTIVE,
}

_UNRESERVED = r"[A-Za-z0-9\-_.!~*'()]+"
_FORMS = {
    "metadataPrefix": re.compile(_UNRESERVED),
    "set": re.compile(rf"{_UNRESERVED}(?::{_UNRESERVED})*"),
    "identifier": re.compile(r"[^\s\x00-\x20\x7f<>\"{}|\\^`\ud800-\udfff\ufffe\uffff]+"),
    "resumptionToken": re.compile(r".+", re.DOTALL),
    "from": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"),
    "until": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"),
}
_DAY_LENGTH = len(Granularity.DAY)


def check_arguments(arguments: Sequence[tuple[str, str]], *, granularity: Granularity) -> Mapping[str, str]:
    """Return the arguments of a lawful request by name, ``verb`` first.

    Raises ``Refused`` with ``badVerb``, or with one ``badArgument`` for each thing that is wrong.
    """
    verbs = [value for name, value in arguments if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise Refused(OaiError(code="badVerb", message=_verb_trouble(verbs)))
    rest = [(name, value) for name, value in arguments if name != "verb"]
    messages = [*_name_troubles(_VERBS[verbs[0]], [name for name, _ in rest]), *_value_troubles(rest)]
    if not messages:
        messages.extend(_range_troubles(dict(rest), granularity=granularity))
    if messages:
        raise Refused(*(OaiError(code="badArgument", message=message) for message in messages))
    return {"verb": verbs[0], **dict(rest)}


def list_request(arguments: Mapping[str, str]) -> ListRequest:
    """Return what a list request without a token selects."""
    return ListRequest(
        metadata_prefix=arguments["metadataPrefix"],
        set_spec=arguments.get("set"),
        from_=arguments.get("from"),
        until=arguments.get("until"),
    )


def _verb_trouble(verbs: Sequence[str]) -> str:
    if not verbs:
        return "The argument verb is missing."
    if len(verbs) > 1:
        return "The argument verb is repeated."
    return f"{verbs[0]!r} is no verb of the protocol; verbs are case-sensitive."


def _name_troubles(verb: _Verb, names: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if not verb.allows(name):
            yield f"The argument {name!r} is not allowed here."
        elif names.count(name) > 1:
            yield f"The argument {name} is repeated."
    if verb.resumable and "resumptionToken" in names:
        if set(names) != {"resumptionToken"}:
            yield "The argument resumptionToken is exclusive: no other may stand beside it."
    else:
        yield from (f"The argument {name} is missing." for name in sorted(verb.required.difference(names)))


def _value_troubles(arguments: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in arguments:
        form = _FORMS.get(name)
        if form is not None and (not form.fullmatch(value) or (name in {"from", "until"} and not _is_date(value))):
            yield f"The argument {name} has no lawful value: {value!r}."


def _is_date(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _range_troubles(arguments: Mapping[str, str], *, granularity: Granularity) -> Iterator[str]:
    dates = [arguments[name] for name in ("from", "until") if name in arguments]
    if granularity is Granularity.DAY and any(len(date) > _DAY_LENGTH for date in dates):
        yield f"The granularity of this repository is {granularity}."
    if len({len(date) for date in dates}) > 1:
        yield "The arguments from and until differ in granularity."
    elif dates != sorted(dates):
        yield "The argument from is later than the argument until."

"""Rights: each value read by named rules, and one decision for the record.

Status, licence, access and party are kept apart. What no rule knows stays unknown; what is said only perhaps, not, or
of the metadata or a part opens nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice

from ingest.descriptions import Json, Rights, RightsStatement, Value
from ingest.normalise import rights_notices, rights_parties, rights_terms
from ingest.normalise.conditions import about_metadata
from ingest.normalise.folding import LONGEST, Folded, comparable, fold
from ingest.normalise.remembered import REMEMBERED
from ingest.normalise.rights_decision import decide, with_embargo, without_repeats
from ingest.normalise.rights_embargo import AVAILABLE, embargo, embargo_of_role
from ingest.normalise.rights_guards import guarded, not_at_the_cut, not_before_access, of_something_else, without_echo
from ingest.normalise.rights_hosts import host_notice
from ingest.normalise.rights_known import (
    ACCESS_TERM,
    LABEL,
    LICENCE_NAME,
    LIMITED_USE,
    STATUS_PHRASE,
    in_copyright,
    known_parts,
    known_value,
)
from ingest.normalise.rights_licences import other_names
from ingest.normalise.rights_names import creative_commons_names
from ingest.normalise.rights_own import own_readings
from ingest.normalise.rights_readings import OPEN, Ranked, Reading, as_statement, of_licence
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_uris import FoundUri, address_spans, find_uris
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables

URI = "rights/uri@1"
_MOST_READINGS = 16
"""Readings of one kind that are taken from one value; a notice has a handful."""
_APPLIES_TO = {
    "metadata": "metadata",
    "reproduction": "part: reproduction",
    "webresource": "part: web resource",
}
"""Roles by which formats say that a value is not of the work itself."""
_ACCESS_CODES = {"open": "access-only-open", "closed": "access-closed", "embargoed": "embargoed"}

Told = Sequence[Reading]


def _uris(value: Folded) -> Told:
    """Read canonical URIs, exact or in another spelling, alone or inside a text."""
    return [_of_uri(value, found) for found in islice(find_uris(value), _MOST_READINGS)]


def _of_uri(value: Folded, found: FoundUri) -> Reading:
    confidence = "named" if found.licence.uri is None else "exact" if found.exact else "repaired"
    return guarded(value, of_licence(found.licence, URI, confidence, (found.start, found.end)))


def _known_parts(value: Folded) -> Told:
    """Read a part, set off by marks, that is one of the known labels, names, phrases and terms."""
    return list(known_parts(value))


def _licence_names(value: Folded) -> Told:
    """Read licences that a text names in words."""
    return [
        guarded(value, of_licence(found.licence, LICENCE_NAME, "named", (found.start, found.end)))
        for find in (creative_commons_names, other_names)
        for found in islice(find(value), _MOST_READINGS)
    ]


def _status_phrases(value: Folded) -> Told:
    """Read sentences that say that the work is in the public domain."""
    return [
        found if found.rule == rights_notices.EXPLANATION else guarded(value, found)
        for found in rights_notices.status_phrase(value)
    ]


def _notices(value: Folded) -> Told:
    """Read claims of copyright, with the holder and the year they name."""
    span = rights_notices.claim(value)
    return (in_copyright(rights_notices.NOTICE, span, *rights_parties.holder(value)),) if span else ()


def _limits(value: Folded) -> Told:
    """Read private texts that limit use without claiming copyright."""
    return tuple(rights_terms.limits(value))


def _access(value: Folded) -> Told:
    """Read embargoes, and terms and sentences that tell who may see the work."""
    found = embargo(value)
    return (found,) if found else rights_terms.access(value)


_RANKS = {
    URI: 0,
    LABEL: 1,
    rights_notices.EXPLANATION: 1,
    LICENCE_NAME: 2,
    STATUS_PHRASE: 3,
    LIMITED_USE: 5,
    ACCESS_TERM: 6,
}
"""How strong what a rule reads is, where it is not as strong as the place of the rule among the rules."""
RULES: Mapping[Callable[[Folded], Told], AbstractSet[str]] = {
    _uris: {"address"},
    _known_parts: {"parts"},
    _licence_names: {"creative commons", "attribution", "mark", "other licence"},
    _status_phrases: {"in_public_domain", "explanation", "america"},
    _notices: {"sign", "all_rights_reserved", "claim", "copyright words", "claims", "number"},
    _limits: {"limit"},
    _access: {"embargo", "kept back", "access term", "closed", "open", "number"},
}
"""The rules, each with the topics of which a value has one where it has anything for the rule.

They stand by the strength of their evidence: a record's decision follows this order and never a value's position.
"""
_STRONGEST, _WEAKEST = -1, len(RULES)


def normalise_rights(values: Sequence[Value], own: OperatorTables = NO_TABLES) -> Rights:
    """Read every value and decide for the record; the operator's own rows come before the bundled ones."""
    if len(values) == 1 and len(values[0].text) <= LONGEST:
        return _answer_once(values[0], own)
    return _decided([reading for value in values for reading in _read(value, own)])


@lru_cache(maxsize=REMEMBERED)
def _answer_once(value: Value, own: OperatorTables) -> Rights:
    """Answer a record with one value, as most have."""
    return _decided(_read_anew(value, own))


def _decided(readings: Sequence[tuple[int, RightsStatement]]) -> Rights:
    if any(statement.rule == AVAILABLE for _, statement in readings):
        readings = _with_availability(readings)
    return decide(readings)


def _with_availability(readings: Sequence[tuple[int, RightsStatement]]) -> list[tuple[int, RightsStatement]]:
    """Take the dates on which a work becomes available as the end of the record's embargo, where it has one."""
    embargoed = with_embargo([statement for _, statement in readings])
    told = {"category": "embargoed", "access": "embargoed"} if embargoed else {"embargo_end": None}
    return [
        (rank, replace(statement, **told) if statement.rule == AVAILABLE else statement) for rank, statement in readings
    ]


def _read(value: Value, own: OperatorTables) -> Sequence[tuple[int, RightsStatement]]:
    """Return the statements of one value, each with the rank of its rule; long values are not remembered."""
    return _read_anew(value, own) if len(value.text) > LONGEST else _read_once(value, own)


@lru_cache(maxsize=REMEMBERED)
def _read_once(value: Value, own: OperatorTables) -> Sequence[tuple[int, RightsStatement]]:
    return _read_anew(value, own)


def _read_anew(value: Value, own: OperatorTables) -> Sequence[tuple[int, RightsStatement]]:
    folded = fold(value.text)
    further = _further(value.element, value.lang, too_long=folded.too_long)
    found = _of_parts(value) or _ranked(folded, value, own)
    if folded.too_long:
        found = [(rank, not_at_the_cut(folded, reading)) for rank, reading in found]
    if applies_to := _applies_to(value):
        found = [(rank, of_something_else(reading, applies_to)) for rank, reading in found]
    return [(rank, as_statement(folded, reading, further)) for rank, reading in found]


@lru_cache(maxsize=256)
def _further(element: str, lang: str | None, *, too_long: bool) -> Mapping[str, Json]:
    told = {"element": element, "lang": lang, "characters_read": LONGEST if too_long else None}
    return {name: each for name, each in told.items() if each}


def _applies_to(value: Value) -> str | None:
    """Say of what a value speaks where the format tells that it is not of the work as a whole."""
    told = next((text for name, text in value.parts if name == "applies_to"), None) if value.parts else None
    return told or (_APPLIES_TO.get(comparable(value.role)) if value.role else None)


def _of_parts(value: Value) -> list[Ranked]:
    """Read the access that a format tells by a code beside the text."""
    access = next((text for name, text in value.parts if name == "access"), None) if value.parts else None
    category = _ACCESS_CODES.get(access or "")
    if category is None:
        return []
    return [(_WEAKEST, Reading(rule="rights/access-code@1", confidence="exact", category=category, access=access))]


def _ranked(folded: Folded, value: Value, own: OperatorTables) -> list[Ranked]:
    """Return all readings of a value, each with the rank of its rule, its terms of use on the strongest."""
    role = value.role
    if own.rights and (own_rows := list(own_readings(folded, own))):
        return [(_STRONGEST, reading) for reading in own_rows]
    if role and (told := _of_role(folded, comparable(role))) is not None:
        return told
    if whole := known_value(folded):
        return [(_RANKS.get(whole.rule, _WEAKEST), whole)]
    if (address := _only_address(folded)) is not None:
        return [(_RANKS[URI], address)]
    if notice := host_notice(folded):
        return [(_WEAKEST, notice)]
    rules = _rules_for(topics(folded))
    found = [(_RANKS.get(reading.rule, rank), reading) for rank, rule in rules for reading in rule(folded)]
    return _with_terms_of_use(folded, without_echo(not_before_access(found)) if len(found) > 1 else found)


@lru_cache(maxsize=1024)
def _rules_for(told: AbstractSet[str]) -> Sequence[tuple[int, Callable[[Folded], Told]]]:
    """Return the rules that look at a value of these topics, each with its rank."""
    return [(rank, rule) for rank, (rule, about) in enumerate(RULES.items()) if not about.isdisjoint(told)]


def _only_address(folded: Folded) -> Reading | None:
    """Read a value that is nothing but the URI of one statement or licence."""
    spans = address_spans(folded) if " " not in folded.key else []
    if len(spans) != 1 or spans[0] != (0, len(folded.key)):
        return None
    return next(iter(_uris(folded)), None)


def _of_role(folded: Folded, role: str) -> list[Ranked] | None:
    """Read a value of which the format itself says what it is; None where that says nothing."""
    if role in _roles("holder"):
        return [(_WEAKEST, Reading(rule="rights/holder@1", confidence="exact", holder=folded.text or None))]
    if found := embargo_of_role(folded, role):
        return [(_WEAKEST, found)]
    return _with_terms_of_use(folded, _told_of_access(folded)) if role in _roles("access") else None


@cache
def _roles(kind: str) -> frozenset[str]:
    return frozenset(table("access")["roles"][kind])


def _told_of_access(folded: Folded) -> list[Ranked]:
    """Read a value of an element that the format keeps for access: by its words alone it is no licence."""
    readings = [(_RANKS[URI], reading) for reading in _uris(folded)]
    whole = known_value(folded, of_access=True)
    parts = (whole,) if whole else known_parts(folded, of_access=True)
    readings += [(_RANKS.get(reading.rule, _WEAKEST), reading) for reading in parts if not _is_licence(reading)]
    if not whole:
        rules = [(rank, rule) for rank, rule in enumerate(RULES) if rule in {_notices, _access}]
        readings += [(rank, reading) for rank, rule in rules for reading in rule(folded)]
    return readings


def _is_licence(reading: Reading) -> bool:
    return reading.category in OPEN or reading.rule == LICENCE_NAME


def _with_terms_of_use(value: Folded, found: list[Ranked]) -> list[Ranked]:
    """Add what the value permits and whom to ask to its strongest reading, or say that nothing more is known."""
    permits, contact = rights_parties.permits(value), rights_parties.contact(value)
    found = without_repeats(found) if len(found) > 1 else found
    if not found:
        return [(_WEAKEST, _nothing_known(value, permits, contact))]
    if permits or contact:
        rank, strongest = found[0]
        found[0] = (rank, strongest._replace(permits=permits, contact=contact))
    return found


def _nothing_known(value: Folded, permits: tuple[str, ...], contact: str | None) -> Reading:
    if permits or contact:
        return Reading(rule="rights/terms-of-use@1", confidence="inferred", permits=permits, contact=contact)
    if about_metadata(value, len(value.key), len(value.key)):
        return Reading(rule="rights/of-metadata@2", confidence="inferred", details={"applies_to": "metadata"})
    if rights_parties.only_a_name(value):
        return Reading(rule="rights/name-only@1", confidence="inferred", holder=rights_parties.name_alone(value))
    return Reading(rule="rights/none@1", confidence="none")

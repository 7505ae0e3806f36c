"""Donors, funders and sponsors: whoever gave or paid, each once, with every place that names them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ingest.descriptions import Description, Donor, Evidence, Value
from ingest.normalise.donor_named import Named
from ingest.normalise.donor_readings import may_tell, read_contributor, read_declared, read_prose
from ingest.normalise.remembered import REMEMBERED
from ingest.operator_tables import NO_TABLES, OperatorTables

_GIVING = {"donor", "funder", "sponsor"}

_Told = tuple[tuple[Value, Named], ...]


class _Reading(NamedTuple):
    """One value read: the parties that it names, and what they make together where no other value names any."""

    told: _Told
    donors: tuple[Donor, ...]


def normalise_donors(description: Description, own: OperatorTables = NO_TABLES) -> tuple[Donor, ...]:
    """Return the donors of a record: those that the format names first, then those of credit lines, each party once.

    ``own``: the operator's rows; where one has a party's name or alias, its name, kind and identifiers are given.
    """
    readings = [_declared(value, own) for value in description.donors]
    contributed = [_contributed(value, own) for value in description.contributors]
    readings += [_credited(value, own) for value in description.descriptions]
    readings += [credited for credited, _ in contributed]
    readings += [_credited_in_rights(value, own) for value in description.rights]
    readings += [_credited(value, own) for value in description.relations]
    readings += [named for _, named in contributed]
    telling = [reading for reading in readings if reading is not None]
    if len(telling) == 1:
        return telling[0].donors
    return _merged([each for reading in telling for each in reading.told])


@lru_cache(maxsize=REMEMBERED)
def _declared(value: Value, own: OperatorTables) -> _Reading | None:
    """Read a value that the format or the endpoint says names a donor."""
    return _reading(value, read_declared(value.text, value.role, value.parts, own))


@lru_cache(maxsize=REMEMBERED)
def _contributed(value: Value, own: OperatorTables) -> tuple[_Reading | None, _Reading | None]:
    """Read a contributor for the credit lines in it, and for a role that it gives its name."""
    return _credited_anew(value, own), _reading(value, read_contributor(value, own))


@lru_cache(maxsize=REMEMBERED)
def _credited_in_rights(value: Value, own: OperatorTables) -> _Reading | None:
    """Read the credit lines of a statement of rights; most are boilerplate that comes again and again."""
    return _credited_anew(value, own)


def _credited(value: Value, own: OperatorTables) -> _Reading | None:
    """Read credit lines in prose; most of it holds no word of any, and is passed over without being remembered."""
    return _credited_once(value, own) if may_tell(value.text) else None


@lru_cache(maxsize=REMEMBERED)
def _credited_once(value: Value, own: OperatorTables) -> _Reading | None:
    return _reading(value, read_prose(value.text, own))


def _credited_anew(value: Value, own: OperatorTables) -> _Reading | None:
    return _reading(value, read_prose(value.text, own)) if may_tell(value.text) else None


def _reading(value: Value, found: tuple[Named, ...]) -> _Reading | None:
    if not found:
        return None
    told = tuple([(value, named) for named in found])
    return _Reading(told, _merged(told))


def _merged(found: Sequence[tuple[Value, Named]]) -> tuple[Donor, ...]:
    """Make one donor of a party that several places name; a plain donor yields to a role that a place spells out."""
    if len(found) == 1:
        return (_donor(*found[0]),)
    donors: list[Donor] = []
    places: dict[str, list[int]] = {}
    for value, named in found:
        known = places.setdefault(named.key, [])
        place = next((place for place in known if _same_role(donors[place].role, named.role)), None)
        if place is None:
            known.append(len(donors))
            donors.append(_donor(value, named))
        else:
            donors[place] = _with_evidence(donors[place], value, named)
    return tuple(donors)


def _same_role(role: str, other: str) -> bool:
    return role == other or ("donor" in {role, other} and {role, other} <= _GIVING)


def _with_evidence(donor: Donor, value: Value, named: Named) -> Donor:
    place = _evidence(value, named)
    evidence = donor.evidence if place in donor.evidence else (*donor.evidence, place)
    role = named.role if donor.role == "donor" else donor.role
    return replace(donor, role=role, identifier=donor.identifier or named.identifier, evidence=evidence)


def _donor(value: Value, named: Named) -> Donor:
    return Donor(
        name=named.party.name,
        kind=named.party.kind,
        role=named.role,
        identifier=named.identifier,
        statement=value.text,
        evidence=(_evidence(value, named),),
        rule=named.rule,
        confidence=named.confidence,
    )


def _evidence(value: Value, named: Named) -> Evidence:
    return Evidence(element=value.element, statement=value.text, lead_in=named.lead_in, details=named.details)

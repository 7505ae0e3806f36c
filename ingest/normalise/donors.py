"""Donors, funders and sponsors: whoever gave or paid, each once, with every place that names them."""

from collections.abc import Iterator
from dataclasses import replace

from ingest.descriptions import Description, Donor, Evidence, Value
from ingest.normalise.donor_named import Named
from ingest.normalise.donor_readings import read_contributor, read_declared, read_prose
from ingest.operator_tables import NO_TABLES, OperatorTables

_GIVING = {"donor", "funder", "sponsor"}


def normalise_donors(description: Description, own: OperatorTables = NO_TABLES) -> tuple[Donor, ...]:
    """Return the donors of a record: those that the format names first, then those of credit lines, each party once.

    ``own``: the operator's rows; where one has a party's name or alias, its name, kind and identifiers are given.
    """
    return _merged([*_declared(description, own), *_credited(description, own)])


def _declared(description: Description, own: OperatorTables) -> Iterator[tuple[Value, Named]]:
    """Read values that the format or the endpoint says name a donor."""
    for value in description.donors:
        for named in read_declared(value.text, value.role, value.parts, own):
            yield value, named


def _credited(description: Description, own: OperatorTables) -> Iterator[tuple[Value, Named]]:
    """Read credit lines and role terms where they stand among other words."""
    for value in (*description.descriptions, *description.contributors, *description.rights, *description.relations):
        for named in read_prose(value.text, own):
            yield value, named
    for value in description.contributors:
        for named in read_contributor(value, own):
            yield value, named


def _merged(found: list[tuple[Value, Named]]) -> tuple[Donor, ...]:
    """Make one donor of a party that several places name; a plain donor yields to a role that a place spells out."""
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

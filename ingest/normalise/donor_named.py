"""A party at one place: what is known of it, by the tables, by the statement, or by nothing but its form."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ingest.descriptions import Json
from ingest.normalise.credit_lines import Credit
from ingest.normalise.donor_identifiers import best_identifier, given_awards, given_identifiers, listed
from ingest.normalise.donor_tables import donor_by_key, key_of, name_key, suggestions
from ingest.normalise.folding import LONGEST, Folded, comparable
from ingest.normalise.parties import Party
from ingest.operator_tables import OperatorTables


class Named(NamedTuple):
    """A party at one place."""

    party: Party
    key: str
    """The form in which two places that name one party are told to do so."""
    role: str
    rule: str
    confidence: str
    identifier: str | None = None
    lead_in: str | None = None
    details: Mapping[str, Json] = MappingProxyType({})


def name_party(
    party: Party,
    role: str,
    credit: Credit | None,
    own: OperatorTables,
    *,
    lead_in: str | None = None,
    details: Mapping[str, Json] | None = None,
    identifiers: tuple[str, ...] = (),
) -> Named:
    """Put together what is known of a party: by the tables, by the statement, or by nothing but its form."""
    key = comparable(party.name)
    known = donor_by_key(key_of(key), own)
    told = dict(details or {})
    if party.acronym:
        told["acronym"] = party.acronym
    if known and known.own:
        party, key = party._replace(name=known.name, kind=known.kind), comparable(known.name)
    elif known and known.name != party.name:
        told["preferred_name"] = known.name
    if known and known.identifiers:
        method = "exact" if name_key(known.name) == key_of(key) else "alias"
        told["identifiers"] = [*listed(identifiers, "given"), *listed(known.identifiers, method)]
    elif identifiers:
        told["identifiers"] = listed(identifiers, "given")
    if not known and not party.certain and (alike := suggestions(party.name)):
        told["suggestions"] = list(alike)
    rule = "donor/own-table@1" if known and known.own else ("donor/credit-line@5" if credit else "donor/named@5")
    return Named(
        party=party,
        key=key,
        role="donor-estate" if party.estate and role == "donor" else role,
        rule=rule,
        confidence="exact" if known else ("named" if party.certain else "inferred"),
        identifier=(best_identifier(identifiers) if identifiers else None)
        or (known.identifiers[0] if known and known.identifiers else None),
        lead_in=credit.lead_in if credit else lead_in,
        details=told,
    )


def with_parts(found: tuple[Named, ...], parts: tuple[tuple[str, str], ...]) -> Iterator[Named]:
    """Add what the format keeps apart: the identifier of the only party, and the awards."""
    identifiers, awards = tuple(given_identifiers(parts)), given_awards(parts)
    for named in found:
        details = dict(named.details)
        if awards:
            details["awards"] = [*awards, *details.get("awards", [])]
        if identifiers and len(found) == 1:
            details["identifiers"] = [*listed(identifiers, "given"), *details.get("identifiers", [])]
            yield named._replace(details=details, identifier=best_identifier(identifiers))
        else:
            yield named._replace(details=details) if awards else named


def with_length(found: tuple[Named, ...], value: Folded) -> tuple[Named, ...]:
    """Tell with each party that only the beginning of the value was read, where it is longer."""
    if not value.too_long:
        return found
    return tuple(named._replace(details={**named.details, "characters_read": LONGEST}) for named in found)

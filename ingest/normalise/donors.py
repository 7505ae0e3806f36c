"""Donors, funders and sponsors: whoever gave or paid, each once, with every place that names them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingest.descriptions import Description, Donor, Evidence, Value
from ingest.normalise.credit_lines import Credit, credit_lines, without_tail
from ingest.normalise.folding import Folded, comparable, fold
from ingest.normalise.parties import Party, split_parties
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables

_ROLE_TERMS = {
    **dict.fromkeys(("funder", "fnd", "fundingagency", "funding", "financer", "grantor"), "funder"),
    **dict.fromkeys(("sponsor", "spn", "sponsoring body"), "sponsor"),
    **dict.fromkeys(("donor", "dnr", "giver"), "donor"),
}
_ROLE_BEHIND = re.compile(
    r"(?:\s?\((?P<bracket>funder|sponsor|donor)\)|,\s(?P<comma>funder|sponsor|donor))\.?$", re.IGNORECASE
)
_GRANT = re.compile(
    r"info:eu-repo/grantAgreement/(?P<funder>[^/\s]{1,80})/(?P<programme>[^/\s]{0,80})/(?P<number>[^/\s]{1,80})",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"[\s(\[]{0,3}(?:https?://)?(?:(?P<ror>(?:www\.)?ror\.org/0[a-z0-9]{8})|(?:(?:dx\.)?doi\.org/)?(?P<funder>10\.13039/\d{4,14}))[)\]]*",
    re.IGNORECASE,
)
_AWARD = re.compile(
    r"\s?[\[(](?:grants?|award|no\.?|project)[^()\[\]]{0,60}[)\]]|\s?[\[(][\w/.-]*\d{3,}[\w/., -]*[)\]]|"
    r",? (?:Projektnummer|Grant(?: No\.?| Number)?|Award(?: No\.?)?) [\w/.-]{3,30}",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:n/?a|none|unknown|purchase|not available|funding information not available|-|\?)|in memory of .*|"
    r".*(?:não|no) (?:há|existiram) entidades financiadoras.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A party at one place."""

    party: Party
    role: str
    value: Value
    rule: str
    confidence: str
    identifier: str | None = None
    lead_in: str | None = None


def normalise_donors(description: Description, own: OperatorTables = NO_TABLES) -> tuple[Donor, ...]:  # noqa: ARG001
    """Return the donors of a record: those that the format names first, then those of credit lines, each party once."""
    return _merged([*_declared(description), *_credited(description)])


def _declared(description: Description) -> Iterator[_Named]:
    """Read values that the format or the endpoint says name a donor."""
    for value in description.donors:
        folded = fold(value.text)
        if not _NOBODY.fullmatch(folded.key.strip(" .")):
            yield from _grant(value) or _credit_line(value, folded, whole=True) or _named_outright(value)


def _credited(description: Description) -> Iterator[_Named]:
    """Read credit lines and role terms where they stand among other words."""
    for value in (*description.descriptions, *description.contributors, *description.rights, *description.relations):
        folded = fold(value.text)
        yield from _grant(value)
        yield from _credit_line(value, folded, whole=False)
    for value in description.contributors:
        if comparable(value.role or "") in _ROLE_TERMS or _ROLE_BEHIND.search(fold(value.text).key):
            yield from _named_outright(value)


def _grant(value: Value) -> list[_Named]:
    """Read an info:eu-repo grant agreement: its funder, and the agreement as identifier."""
    match = _GRANT.search(fold(value.text).key)
    if match is None:
        return []
    funders = table("foundations")["grant_funders"]
    party = Party(name=funders.get(match["funder"], match["funder"]), kind="organisation")
    confidence = "exact" if match["funder"] in funders else "named"
    return [
        _Named(
            party=party,
            role="funder",
            value=value,
            rule="donor/grant-agreement@1",
            confidence=confidence,
            identifier=match.group(),
        )
    ]


def _credit_line(value: Value, folded: Folded, *, whole: bool) -> list[_Named]:
    found: list[_Named] = []
    for credit in credit_lines(folded, whole=whole):
        found += _parties_of(value, credit, credit.donors, _role(value) or "donor", whole=whole)
        if credit.intermediary:
            found += _parties_of(value, credit, credit.intermediary, "intermediary", whole=whole)
    return found


def _parties_of(value: Value, credit: Credit, names: str, role: str, *, whole: bool) -> Iterator[_Named]:
    parties = [party for party in split_parties(_AWARD.sub("", names)) if party.certain or not party.name[:1].islower()]
    if not whole and not all(party.certain for party in parties):
        # Prose that only sounds like a credit line names nobody.
        return
    for party in parties:
        confidence = "named" if party.certain else "inferred"
        own_role = "donor-estate" if party.estate and role == "donor" else role
        yield _Named(
            party=party,
            role=own_role,
            value=value,
            rule="donor/credit-line@1",
            confidence=confidence,
            lead_in=credit.lead_in,
        )


def _named_outright(value: Value) -> Iterator[_Named]:
    """Read a value that holds nothing but names, perhaps with a role term or an identifier behind."""
    folded = fold(value.text)
    identifier = _identifier(folded.key)
    text = _AWARD.sub("", _IDENTIFIER.sub("", folded.text)) if identifier else _AWARD.sub("", folded.text)
    behind = _ROLE_BEHIND.search(text)
    text = _ROLE_BEHIND.sub("", text)
    role = _role(value) or (_ROLE_TERMS[(behind["bracket"] or behind["comma"]).lower()] if behind else "donor")
    parties = split_parties(without_tail(text))
    for party in parties:
        own_role = "donor-estate" if party.estate and role == "donor" else role
        yield _Named(
            party=party,
            role=own_role,
            value=value,
            rule="donor/named@1",
            confidence="named" if party.certain else "inferred",
            identifier=identifier if len(parties) == 1 else None,
        )


def _role(value: Value) -> str | None:
    return _ROLE_TERMS.get(comparable(value.role)) if value.role else None


def _identifier(key: str) -> str | None:
    match = _IDENTIFIER.search(key)
    if match is None:
        return None
    return (
        f"https://{match['ror'].lower().removeprefix('www.')}" if match["ror"] else f"https://doi.org/{match['funder']}"
    )


def _merged(found: list[_Named]) -> tuple[Donor, ...]:
    """Make one donor of a party that several places name; a plain donor yields to a role that a place spells out."""
    donors: list[Donor] = []
    places: dict[str, list[int]] = {}
    for named in found:
        known = places.setdefault(comparable(named.party.name), [])
        place = next((place for place in known if _same_role(donors[place].role, named.role)), None)
        if place is None:
            known.append(len(donors))
            donors.append(_donor(named))
        else:
            donors[place] = _with_evidence(donors[place], named)
    return tuple(donors)


def _same_role(role: str, other: str) -> bool:
    return role == other or ("donor" in {role, other} and {role, other} <= {"donor", "funder", "sponsor"})


def _with_evidence(donor: Donor, named: _Named) -> Donor:
    place = _evidence(named)
    evidence = donor.evidence if place in donor.evidence else (*donor.evidence, place)
    role = named.role if donor.role == "donor" else donor.role
    return replace(donor, role=role, identifier=donor.identifier or named.identifier, evidence=evidence)


def _donor(named: _Named) -> Donor:
    return Donor(
        name=named.party.name,
        kind=named.party.kind,
        role=named.role,
        identifier=named.identifier,
        statement=named.value.text,
        evidence=(_evidence(named),),
        rule=named.rule,
        confidence=named.confidence,
    )


def _evidence(named: _Named) -> Evidence:
    return Evidence(element=named.value.element, statement=named.value.text, lead_in=named.lead_in)

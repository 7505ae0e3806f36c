"""One value read: the parties it names, in text order, with role, evidence and confidence. Nothing of the record."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ingest.descriptions import Json, Value
from ingest.normalise.credit_lines import Credit, before_first_lead, credit_lines, government_gift, own_work
from ingest.normalise.donor_awards import GivenAwards, grant_agreements, take_code_behind
from ingest.normalise.donor_identifiers import (
    best_identifier,
    given_awards,
    given_identifiers,
    listed,
    take_identifiers,
)
from ingest.normalise.donor_names import Names, read_names
from ingest.normalise.donor_phrases import may_credit
from ingest.normalise.donor_roles import GIVING_ROLES, ROLE_BEHIND, is_nobody, role_behind, role_of, was_no_gift
from ingest.normalise.donor_statements import is_sentence
from ingest.normalise.donor_tables import known_donor, name_key, suggestions
from ingest.normalise.folding import LONGEST, Folded, comparable, fold
from ingest.normalise.parties import Party, split_parties
from ingest.normalise.party_names import PLAIN, is_body_word, read_name
from ingest.operator_tables import OperatorTables

_FUND = re.compile(r"\b(?:funds?|bequest|endowment|gifts?|trust|foundation)$", re.IGNORECASE)
_PURCHASE = re.compile(r"^(?:(?:museum|library|gallery)\s)?(?:purchase|gift|by exchange)(?:d)?[,:]\s", re.IGNORECASE)
_PROSE = 14
"""Words from which a value that no credit line is found in is prose, and names nobody unless it is a list of names."""
_NUMBER_LIKE = re.compile(r"(?=.{0,20}\d.{0,20}\d)[A-Z]{0,6}[\d/._-][\w/.-]{2,40}")
_CODE_WORD = re.compile(r",?\s(?P<code>(?=[\w/.-]{0,20}\d{4})[\w/.-]{5,30})(?=\s)")
_LONGEST_LIST = 2000
"""Characters from which a value without any credit line is no list of names."""
_OWNERS = {"provenance", "ownership", "custodhist", "acquisition"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party at one place."""

    party: Party
    key: str
    """The form in which two places that name one party are told to do so."""
    role: str
    rule: str
    confidence: str
    identifier: str | None = None
    lead_in: str | None = None
    details: Mapping[str, Json] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def read_declared(
    text: str, role: str | None, parts: tuple[tuple[str, str], ...], own: OperatorTables
) -> tuple[Named, ...]:
    """Read a value that the format or the endpoint says names a donor."""
    meaning = role_of(role)
    if meaning == "nobody":
        return ()
    value = fold(text)
    if is_nobody(value) or was_no_gift(parts):
        return ()
    found = _agreements(value) or _government(value, own)
    if not found:
        lines = tuple(credit_lines(value, whole=True))
        found = tuple(_credited(value, lines, meaning, own, whole=True) if lines else _outright(value, meaning, own))
        if not found and lines and lines[0].start and lines[0].phrase.gift:
            # The words of a credit line may be a part of a name: "Roe Donation of 1900".
            names = tuple(_outright(value, meaning, own))
            found = names if all(named.confidence != "inferred" for named in names) else ()
    return tuple(_with_parts(_with_length(found, value), parts))


def read_prose(text: str, own: OperatorTables) -> tuple[Named, ...]:
    """Read the credit lines that stand among other words; most texts hold no word of any and are passed over."""
    return _read_prose(text, own) if _may_credit(text) else ()


def read_contributor(value: Value, own: OperatorTables) -> tuple[Named, ...]:
    """Read a contributor that its role, or a term behind the name, calls a funder, sponsor or donor."""
    text, role = value.text, value.role if role_of(value.role) in GIVING_ROLES else None
    if role is None and not ((text[-1:] in ")]." or "," in text) and role_behind(fold(text).text)):
        return ()
    return read_declared(text, role, value.parts, own)


@lru_cache(maxsize=2048)
def _read_prose(text: str, own: OperatorTables) -> tuple[Named, ...]:
    value = fold(text)
    lines = tuple(credit_lines(value, whole=False))
    return tuple(_with_length((*_agreements(value), *_credited(value, lines, None, own, whole=False)), value))


def _may_credit(text: str) -> bool:
    read = fold(text).key if "&" in text else text
    return may_credit(read) or "info:eu-repo/grant" in read


def _agreements(value: Folded) -> tuple[Named, ...]:
    """Read info:eu-repo grant agreements: funder, programme and number, the agreement as identifier."""
    return tuple(
        Named(
            party=Party(name=found.funder, kind="organisation"),
            key=comparable(found.funder),
            role="funder",
            rule="donor/grant-agreement@2",
            confidence="exact" if found.known else "named",
            identifier=found.uri,
            details={"awards": [_award(found.number, found.uri, found.programme, found.title)]},
        )
        for found in grant_agreements(value.key)
    )


def _award(number: str | None, uri: str | None, programme: str | None, title: str | None) -> Json:
    given = {"number": number, "uri": uri, "programme": programme, "title": title}
    return {name: text for name, text in given.items() if text}


def _government(value: Folded, own: OperatorTables) -> tuple[Named, ...]:
    gift = government_gift(value)
    if gift is None:
        return ()
    government = Party(name=gift[0], kind="organisation")
    passed_on = _named(government, "intermediary", None, own, lead_in="accepted by")
    return (passed_on, *(_named(party, "donor", None, own, lead_in="from") for party in split_parties(gift[1], own)))


def _credited(
    value: Folded, found: tuple[Credit, ...], meaning: str | None, own: OperatorTables, *, whole: bool
) -> Iterator[Named]:
    role = meaning if meaning in GIVING_ROLES else "donor"
    if whole and not found[0].phrase.outright:
        for party in split_parties(_PURCHASE.sub("", before_first_lead(value, found)), own):
            if party.certain and _FUND.search(party.name):
                yield _named(party, role, None, own)
    for credit in found:
        if credit.phrase.gift:
            yield from _parties_of(credit, role, own, whole=whole)


def _parties_of(credit: Credit, role: str, own: OperatorTables, *, whole: bool) -> Iterator[Named]:
    found = []
    for names, passed_on in credit.names.lists:
        if own_work().match(names[:1].lower() + names[1:]) and not known_donor(names, own):
            continue
        taken = take_identifiers(names)
        parties = [party for party in split_parties(taken.text, own) if party.certain or _is_proper(party.name)]
        given = taken.identifiers if len(parties) == 1 else ()
        named = [_payer(party, credit, own) for party in parties if not _NUMBER_LIKE.fullmatch(party.name)]
        found += [(party, "intermediary" if passed_on else role, given) for party in named]
    if not whole and not all(party.certain for party, _, _ in found):
        # Prose that only sounds like a credit line names nobody.
        return
    awards = _awards_behind(credit.text, [party.name for party, _, _ in found], credit.names.awards)
    for place, (party, own_role, given) in enumerate(found):
        details = _details_of(replace(credit.names, awards=awards.get(place, ())))
        yield _named(party, own_role, credit, own, details=details, identifiers=given)


def _payer(party: Party, credit: Credit, own: OperatorTables) -> Party:
    """Take two capital words for a firm where somebody paid for work, as for a person where somebody gave a thing."""
    plain = party.kind == "person" and read_name(party.name, own).standing == PLAIN
    return replace(party, kind="organisation") if plain and credit.phrase.outright else party


def _awards_behind(text: str, names: list[str], numbers: tuple[str, ...]) -> Mapping[int, tuple[str, ...]]:
    """Give each award to the party that it stands behind, by place in the list of names."""
    found: dict[int, tuple[str, ...]] = {}
    starts = [text.find(name) for name in names]
    for number in numbers:
        position = text.find(number)
        before = [place for place, start in enumerate(starts) if start <= position]
        place = before[-1] if before else 0
        found[place] = (*found.get(place, ()), number)
    return found


def _is_proper(name: str) -> bool:
    words = name.split()
    named = bool(re.search(r"[^\W\d_]{2}", name)) and not words[0].islower() and ":" not in name
    return named and not (len(words) == 1 and is_body_word(words[0].lower().strip(".")))


def _details_of(names: Names) -> dict[str, Json]:
    details: dict[str, Json] = {}
    if names.awards or names.programmes:
        programme = {"programme": names.programmes[0]} if names.programmes else {}
        details["awards"] = [{"number": number, **programme} for number in names.awards] or [programme]
    for name in ("in_memory_of", "in_honour_of"):
        remembered = getattr(names, name)
        if remembered:
            details[name] = [party.name for party in split_parties(remembered)]
    return details


def _outright(value: Folded, meaning: str | None, own: OperatorTables) -> Iterator[Named]:
    """Read a value that holds nothing but names, perhaps with a role term, an identifier or a number behind."""
    if len(value.text) > _LONGEST_LIST or (is_sentence(value.text) and not known_donor(value.text, own)):
        return
    taken = take_identifiers(value.text)
    behind = role_behind(taken.text)
    text = ROLE_BEHIND.sub("", taken.text) if behind else taken.text
    known = known_donor(text, own)
    text, code = _before_code(text, own)
    names = (
        Names(lists=((text, False),), awards=code)
        if known or code
        else read_names(_PURCHASE.sub("", text), capitals=False)
    )
    role = meaning if meaning in GIVING_ROLES else (behind or "donor")
    found: list[tuple[Party, str]] = []
    numbers = list(names.awards)
    for listed_names, passed_on in names.lists:
        coded = GivenAwards(listed_names, ()) if known else take_code_behind(listed_names)
        numbers += coded.numbers
        found += [(party, "intermediary" if passed_on else role) for party in split_parties(coded.text, own)]
    certain = all(party.certain for party, _ in found)
    if not certain and (len(text.split()) >= _PROSE or meaning in _OWNERS):
        return
    details = _details_of(replace(names, awards=tuple(numbers)))
    for party, own_role in found:
        if party.certain or re.search(r"[^\W\d_]", party.name):
            given = taken.identifiers if len(found) == 1 else ()
            yield _named(party, own_role, None, own, details=details, identifiers=given)


def _before_code(text: str, own: OperatorTables) -> tuple[str, tuple[str, ...]]:
    """Part a known name from the award that stands behind it: "European Commission 123456 Example Project"."""
    match = _CODE_WORD.search(text)
    if match is None or not known_donor(text[: match.start()], own):
        return text, ()
    return text[: match.start()].rstrip(" ,-"), (match["code"],)


def _named(
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
    known = known_donor(party.name, own)
    told = dict(details or {})
    if party.acronym:
        told["acronym"] = party.acronym
    if known and known.own:
        party = replace(party, name=known.name, kind=known.kind)
    elif known and known.name != party.name:
        told["preferred_name"] = known.name
    method = "exact" if known and name_key(known.name) == name_key(party.name) else "alias"
    found = [*listed(identifiers, "given"), *(listed(known.identifiers, method) if known else [])]
    if found:
        told["identifiers"] = found
    if not known and not party.certain and (alike := suggestions(party.name)):
        told["suggestions"] = list(alike)
    rule = "donor/own-table@1" if known and known.own else ("donor/credit-line@2" if credit else "donor/named@2")
    return Named(
        party=party,
        key=comparable(party.name),
        role="donor-estate" if party.estate and role == "donor" else role,
        rule=rule,
        confidence="exact" if known else ("named" if party.certain else "inferred"),
        identifier=best_identifier(identifiers) or (known.identifiers[0] if known and known.identifiers else None),
        lead_in=credit.lead_in if credit else lead_in,
        details=told,
    )


def _with_parts(found: tuple[Named, ...], parts: tuple[tuple[str, str], ...]) -> Iterator[Named]:
    """Add what the format keeps apart: the identifier of the only party, and the awards."""
    identifiers, awards = tuple(given_identifiers(parts)), given_awards(parts)
    for named in found:
        details = dict(named.details)
        if awards:
            details["awards"] = [*awards, *details.get("awards", [])]
        if identifiers and len(found) == 1:
            details["identifiers"] = [*listed(identifiers, "given"), *details.get("identifiers", [])]
            yield replace(named, details=details, identifier=best_identifier(identifiers))
        else:
            yield replace(named, details=details) if awards else named


def _with_length(found: tuple[Named, ...], value: Folded) -> tuple[Named, ...]:
    if not value.too_long:
        return found
    return tuple(replace(named, details={**named.details, "characters_read": LONGEST}) for named in found)

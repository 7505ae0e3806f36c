"""One value read: the parties it names, in text order, with role, evidence and confidence. Nothing of the record."""

import re
from collections.abc import Iterator, Mapping

from ingest.descriptions import Json, Value
from ingest.normalise.credit_lines import (
    Credit,
    before_first_lead,
    credit_lines,
    government_gift,
    own_beginnings,
    own_work,
)
from ingest.normalise.donor_awards import GivenAwards, grant_agreements, take_code_behind
from ingest.normalise.donor_identifiers import take_identifiers
from ingest.normalise.donor_means import without_recipients
from ingest.normalise.donor_named import Named, name_party, with_length, with_parts
from ingest.normalise.donor_names import Names, read_names
from ingest.normalise.donor_phrases import may_credit
from ingest.normalise.donor_roles import (
    GIVING_ROLES,
    ROLE_BEHIND,
    is_nobody,
    named_in_roles,
    role_behind,
    role_of,
    was_no_gift,
)
from ingest.normalise.donor_statements import is_sentence
from ingest.normalise.donor_stems import words_in
from ingest.normalise.donor_tables import known_donor
from ingest.normalise.folding import Folded, comparable, fold
from ingest.normalise.parties import Party, split_parties
from ingest.normalise.party_names import PLAIN, STRONG, read_name
from ingest.normalise.party_words import is_body_word
from ingest.normalise.patterns import late
from ingest.operator_tables import OperatorTables

_FUND = late(r"\b(?:funds?|bequest|endowment|gifts?|trust|foundation)$", re.IGNORECASE)
_PURCHASE = late(
    r"^(?:(?:(?:museum|library|gallery)\s)?|(?-i:(?:[A-Z][\w'.-]{1,20}\s(?:of\s)?){1,4}(?=Purchase)))"
    r"(?:purchase|gift|donation|bequest|by exchange)(?:d)?[,:]\s",
    re.IGNORECASE,
)
_FROM_FUND = re.compile(r"^(?:museum\s)?(?:purchased?|bought|acquired)\sfrom$", re.IGNORECASE)
_PROSE = 14
"""Words from which a value that no credit line is found in is prose, and names nobody unless it is a list of names."""
_NUMBER_LIKE = re.compile(r"(?=.{0,20}\d.{0,20}\d)[A-Z]{0,6}[\d/._-][\w/.-]{2,40}")
_CODE_WORD = re.compile(r",?\s(?P<code>(?=[\w/.-]{0,20}\d{4})[\w/.-]{5,30})(?=\s)")
_BEGINNING = re.compile(r"\w+")
_LETTER, _LETTERS = re.compile(r"[^\W\d_]"), re.compile(r"[^\W\d_]{2}")
_LONGEST_LIST = 2000
"""Characters from which a value without any credit line is no list of names."""
_AGREEMENT_STEM = "info:eu-repo/grantagreement/"
_OWNERS = {"provenance", "ownership", "custodhist", "acquisition"}


def read_declared(
    text: str, role: str | None, parts: tuple[tuple[str, str], ...], own: OperatorTables
) -> tuple[Named, ...]:
    """Read a value that the format or the endpoint says names a donor."""
    meaning = role_of(role)
    if meaning == "nobody":
        return ()
    value = fold(text)
    if is_nobody(value) or (parts and was_no_gift(parts)):
        return ()
    found = with_length(tuple(_read_declared(value, meaning, own)), value)
    return tuple(with_parts(found, parts)) if parts else found


def _read_declared(value: Folded, meaning: str | None, own: OperatorTables) -> Iterator[Named]:
    """Read each part of a value that a role of its own stands behind, as "as sponsor", or else the whole."""
    in_roles = named_in_roles(value)
    if not in_roles:
        yield from _read_whole(value, meaning, own)
    for names, role in in_roles:
        yield from _read_whole(fold(names), meaning if meaning in GIVING_ROLES else role, own)


def _read_whole(value: Folded, meaning: str | None, own: OperatorTables) -> tuple[Named, ...]:
    found = _agreements(value, meaning if meaning in GIVING_ROLES else "donor") or _government(value, own)
    if found:
        return found
    value = _without_recipients(value)
    lines = tuple(credit_lines(value, whole=True))
    found = tuple(_credited(value, lines, meaning, own, whole=True) if lines else _outright(value, meaning, own))
    if not found and lines and lines[0].start and lines[0].phrase.gift:
        # The words of a credit line may be a part of a name: "Roe Donation of 1900".
        names = tuple(_outright(value, meaning, own))
        found = names if all(named.confidence != "inferred" for named in names) else ()
    return found


def _without_recipients(value: Folded) -> Folded:
    text = without_recipients(value.text, words_in(value.low))
    return value if text == value.text else fold(text)


def read_prose(text: str, own: OperatorTables) -> tuple[Named, ...]:
    """Read the credit lines that stand among other words."""
    value = _without_recipients(fold(text))
    lines = tuple(credit_lines(value, whole=False))
    return tuple(with_length((*_agreements(value, "funder"), *_credited(value, lines, None, own, whole=False)), value))


def may_tell(text: str) -> bool:
    """Tell at a glance whether a text may hold a credit line or a grant agreement."""
    read = fold(text).key if "&" in text else text
    return may_credit(read) or ("/" in read and _AGREEMENT_STEM in read.lower())


def read_contributor(value: Value, own: OperatorTables) -> tuple[Named, ...]:
    """Read a contributor that its role, or a term behind the name, calls a funder, sponsor or donor."""
    text, role = value.text, value.role if role_of(value.role) in GIVING_ROLES else None
    if role is None and not ((text[-1:] in ")]." or "," in text) and role_behind(fold(text).text)):
        return ()
    return read_declared(text, role, value.parts, own)


def _agreements(value: Folded, role: str) -> tuple[Named, ...]:
    """Read info:eu-repo grant agreements: funder, programme and number, the agreement as identifier."""
    if _AGREEMENT_STEM not in value.low:
        return ()
    return tuple(
        Named(
            party=Party(name=found.funder, kind="organisation"),
            key=comparable(found.funder),
            role=role,
            rule="donor/grant-agreement@3",
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
    passed_on = name_party(government, "intermediary", None, own, lead_in="accepted by")
    givers = split_parties(gift[1], own)
    return (passed_on, *(name_party(party, "donor", None, own, lead_in="from") for party in givers))


def _credited(
    value: Folded, found: tuple[Credit, ...], meaning: str | None, own: OperatorTables, *, whole: bool
) -> Iterator[Named]:
    role = meaning if meaning in GIVING_ROLES else "donor"
    if whole and found[0].start and not found[0].phrase.outright:
        for party in split_parties(_PURCHASE.sub("", before_first_lead(value, found)), own):
            if party.certain and _FUND.search(party.name):
                yield name_party(party, role, None, own)
    given = [credit for credit in found if credit.phrase.gift]
    if whole and not given:
        yield from _funds_bought_from(found, role, own)
    for credit in given:
        # Out of whose collection a thing came tells who gave it only where nothing else does.
        if not credit.phrase.declared or credit is given[-1]:
            yield from _parties_of(credit, role, own, whole=whole)


def _funds_bought_from(found: tuple[Credit, ...], role: str, own: OperatorTables) -> Iterator[Named]:
    """Read the funds of the house, where a purchase names no seller but them: "Purchase from the Roe Fund"."""
    for credit in found:
        if _FROM_FUND.search(credit.lead_in):
            parties = [party for names, _ in credit.names.lists for party in split_parties(names, own)]
            if all(party.name.endswith((" Fund", " Funds", " Endowment")) for party in parties):
                yield from (name_party(party, role, credit, own) for party in parties)


def _parties_of(credit: Credit, role: str, own: OperatorTables, *, whole: bool) -> Iterator[Named]:
    found = []
    for names, passed_on in credit.names.lists:
        if _is_own_work(names) and read_name(names, own).standing < STRONG:
            continue
        taken = take_identifiers(names)
        parties = [party for party in split_parties(taken.text, own) if party.certain or _is_proper(party.name)]
        given = taken.identifiers if len(parties) == 1 else ()
        named = [
            _payer(party, credit, own)
            for party in parties
            if " " in party.name or not _NUMBER_LIKE.fullmatch(party.name)
        ]
        found += [(party, "intermediary" if passed_on else role, given) for party in named]
    if not whole and not all(party.certain for party, _, _ in found):
        # Prose that only sounds like a credit line names nobody.
        return
    awards = _awards_behind(credit.text, [party.name for party, _, _ in found], credit.names.awards)
    for place, (party, own_role, given) in enumerate(found):
        details = _details_of(credit.names, awards.get(place, ()))
        yield name_party(party, own_role, credit, own, details=details, identifiers=given)


def _is_own_work(names: str) -> bool:
    """Whether the words are about the thing described, as "this work"; "Projekt Example" is a name."""
    first = _BEGINNING.match(names)
    match = (
        own_work().match(names[:1].lower() + names[1:]) if first and first.group().lower() in own_beginnings() else None
    )
    if match is None:
        return False
    named = names[0].isupper() and names[match.end() + 1 : match.end() + 2].isupper()
    return not (named and match.group() in {"projekt", "project"})


def _payer(party: Party, credit: Credit, own: OperatorTables) -> Party:
    """Take two capital words for a firm where somebody paid for work, as for a person where somebody gave a thing."""
    if party.kind != "person" or not credit.phrase.outright:
        return party
    return party._replace(kind="organisation") if read_name(party.name, own).standing == PLAIN else party


def _awards_behind(text: str, names: list[str], numbers: tuple[str, ...]) -> Mapping[int, tuple[str, ...]]:
    """Give each award to the party that it stands behind, by place in the list of names."""
    if not numbers:
        return {}
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
    named = bool(_LETTERS.search(name)) and not words[0].islower() and ":" not in name
    return named and not (len(words) == 1 and is_body_word(words[0].lower().strip(".")))


def _details_of(names: Names, awards: tuple[str, ...]) -> dict[str, Json]:
    details: dict[str, Json] = {}
    if awards or names.programmes:
        programme = {"programme": names.programmes[0]} if names.programmes else {}
        details["awards"] = [{"number": number, **programme} for number in awards] or [programme]
    if names.in_memory_of:
        details["in_memory_of"] = [party.name for party in split_parties(names.in_memory_of)]
    if names.in_honour_of:
        details["in_honour_of"] = [party.name for party in split_parties(names.in_honour_of)]
    return details


def _outright(value: Folded, meaning: str | None, own: OperatorTables) -> Iterator[Named]:
    """Read a value that holds nothing but names, perhaps with a role term, an identifier or a number behind."""
    if len(value.text) > _LONGEST_LIST or (is_sentence(value.text) and not known_donor(value.text, own)):
        return
    taken = take_identifiers(value.text)
    behind = role_behind(taken.text)
    if behind == "nobody":
        return
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
    awards = _awards_behind(text, [party.name for party, _ in found], tuple(numbers))
    certain = all(party.certain for party, _ in found)
    if not certain and (len(text.split()) >= _PROSE or meaning in _OWNERS):
        return
    for place, (party, own_role) in enumerate(found):
        told = len(found) == 1 or not is_nobody(fold(party.name))
        if told and (party.certain or _LETTER.search(party.name)):
            given = taken.identifiers if len(found) == 1 else ()
            details = _details_of(names, awards.get(place, ()))
            yield name_party(party, own_role, None, own, details=details, identifiers=given)


def _before_code(text: str, own: OperatorTables) -> tuple[str, tuple[str, ...]]:
    """Part a known name from the award that stands behind it: "European Commission 123456 Example Project"."""
    match = _CODE_WORD.search(text)
    if match is None or not known_donor(text[: match.start()], own):
        return text, ()
    return text[: match.start()].rstrip(" ,-"), (match["code"],)

"""Rights: each value read by named rules, and one decision for the record.

Status, licence, access and party are kept apart. What no rule knows stays unknown; what is said only perhaps, not, or
of the metadata opens nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from ingest.descriptions import Rights, RightsStatement, Value
from ingest.normalise import rights_names, rights_notices, rights_terms
from ingest.normalise.conditions import about_metadata, about_part, excepted, negated
from ingest.normalise.folding import Folded, fold
from ingest.normalise.rights_uris import find_uris
from ingest.normalise.vocabularies import Licence, rights_statements
from ingest.operator_tables import NO_TABLES, OperatorTables

_OPEN = {"public-domain", "open-licence"}
_LICENCES = {"open-licence", "restricted-licence"}
_STATUS = {"public-domain", "no-copyright-other", "in-copyright", *_LICENCES}
_LIMITED_USE = "rights/limited-use@1"
_CONFIDENCES = ("exact", "repaired", "named", "inferred", "none")
_ACCESS = ("access-only-open", "embargoed", "access-closed")
_LEAST_OPEN_FIRST = (
    *("access-closed", "embargoed", "in-copyright", "unknown", "no-copyright-other", "restricted-licence"),
    *("access-only-open", "open-licence", "public-domain"),
)
_MOST_READINGS = 40
"""Readings of one kind that are taken from one value; a notice has a handful."""


def _uris(value: Folded) -> Iterator[RightsStatement]:
    """Read canonical URIs, exact or in another spelling, alone or inside a text."""
    for found in islice(find_uris(value), _MOST_READINGS):
        confidence = "named" if found.licence.uri is None else "exact" if found.exact else "repaired"
        yield _guarded(value, (found.start, found.end), _named(value, found.licence, "rights/uri@1", confidence))


def _label(value: Folded) -> Iterator[RightsStatement]:
    """Read a value that is, as a whole, the label of a rights statement."""
    if found := rights_names.whole_label(value):
        statement, exact = found
        yield _named(value, statement, "rights/label@1", "exact" if exact else "repaired")


def _licence_names(value: Folded) -> Iterator[RightsStatement]:
    """Read licences named in words."""
    if other := rights_names.other_name(value):
        yield _named(value, other, "rights/licence-name@1", "named")
        return
    for found in islice(rights_names.creative_commons_names(value), _MOST_READINGS):
        statement = _named(value, found.licence, "rights/licence-name@1", "named")
        yield _guarded(value, (found.start, found.end), statement)


def _status_phrases(value: Folded) -> Iterator[RightsStatement]:
    """Read phrases that say whether the work is in copyright or in the public domain."""
    found = rights_notices.whole_phrase(value) or rights_notices.in_public_domain(value)
    if found:
        uri, category = found
        yield _statement(value, "rights/status-phrase@1", "inferred", uri=uri, category=category)


def _notices(value: Folded) -> Iterator[RightsStatement]:
    """Read claims of copyright, with the holder they name."""
    if rights_notices.claims_copyright(value):
        claim = _named(value, rights_statements()["inc"], "rights/notice@1", "inferred")
        yield replace(claim, holder=rights_notices.holder(value))


def _limits(value: Folded) -> Iterator[RightsStatement]:
    """Read private texts that limit use without claiming copyright."""
    if rights_terms.limits_use(value):
        yield _statement(value, _LIMITED_USE, "inferred", category="restricted-licence")


def _access(value: Folded) -> Iterator[RightsStatement]:
    """Read access terms and the end of an embargo."""
    if end := rights_terms.embargo_end(value):
        yield _statement(
            value, "rights/embargo-end@1", "named", category="embargoed", access="embargoed", embargo_end=end
        )
        return
    for access, category in rights_terms.access_terms(value):
        yield _statement(value, "rights/access-term@1", "named", category=category, access=access)


RULES: tuple[Callable[[Folded], Iterator[RightsStatement]], ...] = (
    _uris,
    _label,
    _licence_names,
    _status_phrases,
    _notices,
    _limits,
    _access,
)
"""The rules, strongest evidence first: a record's decision follows this order and never the position of a value."""


def normalise_rights(values: Sequence[Value], own: OperatorTables = NO_TABLES) -> Rights:  # noqa: ARG001
    """Read every value and decide for the record; where strong statements contradict each other there is no URI."""
    readings = [reading for value in values for reading in _read(value)]
    statements = tuple(statement for _, statement in readings)
    ranked = [statement for _, statement in sorted(readings, key=_strength)]
    return _decide(ranked, statements)


def _read(value: Value) -> list[tuple[int, RightsStatement]]:
    """Return the statements of one value, each with the rank of its rule."""
    folded = fold(value.text)
    if folded.too_long:
        return [(len(RULES), _statement(folded, "rights/too-long@1", "none"))]
    if value.role == "holder":
        return [(len(RULES), _statement(folded, "rights/holder@1", "exact", holder=folded.text))]
    found = [(rank, statement) for rank, rule in enumerate(RULES) for statement in rule(folded)]
    return _with_terms_of_use(folded, _without_repeats(found))


def _without_repeats(found: list[tuple[int, RightsStatement]]) -> list[tuple[int, RightsStatement]]:
    """Keep each licence of a value once: the first that names it, and with version rather than without."""
    kept: list[tuple[int, RightsStatement]] = []
    for rank, statement in sorted(found, key=_precision):
        if not any(_says_again(statement, other) for _, other in kept):
            kept.append((rank, statement))
    return sorted(kept, key=lambda reading: reading[0])


def _precision(reading: tuple[int, RightsStatement]) -> tuple[bool, int, int, int]:
    """Sort by evidence, statements with a URI first, and a licence's port before the licence without it."""
    rank, statement = reading
    return statement.uri is None, rank, -len(statement.uri or ""), _CONFIDENCES.index(statement.confidence)


def _says_again(statement: RightsStatement, other: RightsStatement) -> bool:
    same_code = statement.code is not None and statement.code == other.code
    return (statement.uri, statement.category, statement.access, statement.rule) == (
        *(other.uri, other.category, other.access, other.rule),
    ) or (same_code and (statement.uri is None or str(other.uri).startswith(str(statement.uri))))


def _with_terms_of_use(value: Folded, found: list[tuple[int, RightsStatement]]) -> list[tuple[int, RightsStatement]]:
    """Add what the value permits and whom to ask to its strongest statement, or say that nothing more is known."""
    permits, contact = rights_terms.permits(value), rights_terms.contact(value)
    if not found:
        rule, confidence = ("rights/terms-of-use@1", "inferred") if permits or contact else ("rights/none@1", "none")
        found = [(len(RULES), _statement(value, rule, confidence))]
    rank, strongest = found[0]
    return [(rank, replace(strongest, permits=permits, contact=contact)), *found[1:]]


def _guarded(value: Folded, span: tuple[int, int], statement: RightsStatement) -> RightsStatement:
    """Take back a statement that its sentence denies, doubts, or makes of the metadata or of a part."""
    opens = statement.category in _OPEN
    if about_metadata(value, *span):
        rule = "rights/of-metadata@1"
    elif about_part(value, *span):
        rule = "rights/of-part@1"
    elif negated(value, *span) or (opens and excepted(value, *span)):
        rule = "rights/conditional@1"
    else:
        return statement
    return _statement(value, rule, "inferred")


def _named(value: Folded, licence: Licence, rule: str, confidence: str) -> RightsStatement:
    return RightsStatement(
        statement=value.original,
        uri=licence.uri,
        code=licence.code,
        label=licence.label,
        category=licence.category,
        access=licence.access,
        rule=rule,
        confidence=confidence,
    )


def _statement(
    value: Folded,
    rule: str,
    confidence: str,
    *,
    uri: str | None = None,
    category: str = "unknown",
    access: str | None = None,
    embargo_end: str | None = None,
    holder: str | None = None,
) -> RightsStatement:
    return RightsStatement(
        statement=value.original,
        uri=uri,
        category=category,
        access=access,
        embargo_end=embargo_end,
        holder=holder,
        rule=rule,
        confidence=confidence,
    )


def _strength(reading: tuple[int, RightsStatement]) -> tuple[int, int, int, str]:
    """Sort by evidence; among equals the less open comes first, so that no position in the record decides."""
    rank, statement = reading
    openness = _LEAST_OPEN_FIRST.index(statement.category)
    return rank, _CONFIDENCES.index(statement.confidence), openness, statement.uri or "~"


def _decide(ranked: list[RightsStatement], statements: tuple[RightsStatement, ...]) -> Rights:
    """Decide by the strongest statement of status or licence; access decides only where there is none."""
    telling = [found for found in ranked if found.category in _STATUS or found.uri]
    if not telling:
        access = {found.category for found in ranked} & set(_ACCESS)
        return Rights(category=max(access, key=_ACCESS.index, default="unknown"), statements=statements)
    first, *others = telling
    rivals = [other for other in others if _contradicts(first, other)]
    if not rivals:
        return Rights(uri=first.uri, category=first.category, statements=statements)
    agreed = {found.category for found in (first, *rivals)}
    category = first.category if len(agreed) == 1 else "unknown"
    return Rights(category=category, conflict=True, statements=statements)


def _contradicts(first: RightsStatement, other: RightsStatement) -> bool:
    """Whether a weaker statement can not be true of the same work. A claim of copyright beside a licence can."""
    kinds = {first.category, other.category}
    if _LIMITED_USE in {first.rule, other.rule}:
        return bool(kinds & _OPEN)
    if kinds <= _LICENCES:
        return _different_licences(first, other)
    if kinds <= {"in-copyright", *_LICENCES}:
        # A general claim says nothing against a statement that says more; nor does it against a licence.
        return kinds == {"in-copyright"} and first.uri != other.uri and "InC" not in {first.code, other.code}
    if "unknown" in kinds:
        return bool(kinds & {"public-domain", *_LICENCES}) or (kinds == {"unknown"} and first.uri != other.uri)
    return _different_freedoms(first, other)


def _different_freedoms(first: RightsStatement, other: RightsStatement) -> bool:
    if first.category == other.category == "public-domain":
        return first.uri != other.uri and first.rule == other.rule
    # "Public domain" beside "No Copyright - United States" is the wider word for the same thing, if it is the weaker.
    return (first.category, other.category) != ("no-copyright-other", "public-domain") and first.uri != other.uri


def _different_licences(first: RightsStatement, other: RightsStatement) -> bool:
    if first.category != other.category:
        return True
    if first.uri is None or other.uri is None:
        return first.code != other.code
    return first.uri != other.uri

"""Several source values of one record that describe one host become one statement, after each was read."""

from collections.abc import Sequence

from ingest.descriptions import Json, SourceStatement
from ingest.normalise.folding import comparable

_HOSTS = frozenset({"journal", "book", "newspaper", "paper-series"})
_NUMBERS = ("volume", "issue", "year")
_HOST_IDENTIFIERS = frozenset({"issn", "isbn", "doi", "handle", "urn", "control_number"})
_FIELDS = ("repository", "ref", "pages", "collection")
_LISTS = ("issn", "isbn", "translator", "obtained_by", "editor", "people")
_CONFIDENCE = ("exact", "repaired", "named", "inferred", "none")


def merge(statements: Sequence[SourceStatement]) -> tuple[SourceStatement, ...]:
    """Merge what describes one host; what has nothing to do with it stays apart, all in order of their first text."""
    if len(statements) < 2:  # noqa: PLR2004
        return tuple(statements)
    statements = list({(each.statement, repr(each)): each for each in statements}.values())
    groups = _hosts(statements)
    groups = _with_identifiers(statements, groups)
    groups = _with_holders(statements, groups)
    grouped = {place for group in groups for place in group}
    groups += [[place] for place in range(len(statements)) if place not in grouped]
    return tuple(_merged([statements[place] for place in sorted(group)]) for group in sorted(map(sorted, groups)))


def _hosts(statements: Sequence[SourceStatement]) -> list[list[int]]:
    """Group the statements of one journal issue or book: equal numbers, or equal titles that no number parts."""
    groups: list[list[int]] = []
    places = [place for place, each in enumerate(statements) if each.type in _HOSTS and not _is_archival(each)]
    # Those that say most come first, so that the order of the values decides nothing.
    for place in sorted(places, key=lambda each: _weight(statements[each])):
        same = [group for group in groups if all(_same_host(statements[place], statements[other]) for other in group)]
        if len(same) == 1:
            same[0].append(place)
        else:
            groups.append([place])
    return groups


def _weight(statement: SourceStatement) -> tuple[int, str]:
    return -len([each for each in _NUMBERS if statement.parts.get(each)]) - bool(statement.pages), repr(statement)


def _same_host(one: SourceStatement, other: SourceStatement) -> bool:
    if one.pages and other.pages and one.pages != other.pages:
        return False
    told = [(one.parts[name], other.parts[name]) for name in _NUMBERS if one.parts.get(name) and other.parts.get(name)]
    if any(first != second for first, second in told):
        return False
    titles = [
        comparable(str(each.parts["container_title"])) for each in (one, other) if each.parts.get("container_title")
    ]
    if len(titles) < 2:  # noqa: PLR2004
        return True
    return titles[0] == titles[1] or len(told) > 1


def _with_identifiers(statements: Sequence[SourceStatement], hosts: list[list[int]]) -> list[list[int]]:
    """Give the identifiers to the one host of the record; beside several hosts, or none, they stay together."""
    places = [place for place, each in enumerate(statements) if _only_identifies(each)]
    if not places:
        return hosts
    if len(hosts) == 1:
        return [[*hosts[0], *places]]
    return [*hosts, *([places] if not hosts else [[place] for place in places])]


def _only_identifies(statement: SourceStatement) -> bool:
    if statement.type != "identifier" or statement.parts.get("remainder"):
        return False
    return bool(_HOST_IDENTIFIERS & set(statement.parts)) and not any(getattr(statement, name) for name in _FIELDS)


def _with_holders(statements: Sequence[SourceStatement], groups: list[list[int]]) -> list[list[int]]:
    """Join a record's one repository with its one reference or collection: written apart, they mean one place."""
    taken = {place for group in groups for place in group}
    kinds: dict[str, list[int]] = {"repository": [], "ref": [], "collection": [], "whole": []}
    for place, each in enumerate(statements):
        if place not in taken and (kind := _only(each)):
            kinds[kind].append(place)
    several = [kind for kind, places in kinds.items() if len(places) > 1]
    if several or kinds["whole"] or not kinds["repository"] or not (kinds["ref"] or kinds["collection"]):
        return groups
    return [*groups, [place for places in kinds.values() for place in places]]


def _only(statement: SourceStatement) -> str | None:
    """Name the one field of an archive that a statement fills; ``whole`` where it fills several."""
    told = [name for name in _FIELDS if getattr(statement, name)]
    if not told or not _is_archival(statement):
        return None
    if set(told) <= {"ref", "pages"}:
        return "ref"
    return told[0] if len(told) == 1 else "whole"


def _is_archival(statement: SourceStatement) -> bool:
    return bool(statement.repository or statement.ref or statement.collection)


def _merged(group: Sequence[SourceStatement]) -> SourceStatement:
    if len(group) == 1:
        return group[0]
    ranked = sorted(group, key=lambda each: (_CONFIDENCE.index(each.confidence), *_weight(each)))
    ruling = next((each for each in ranked if each.type in _HOSTS or _is_archival(each)), ranked[0])
    fields = {name: next((getattr(each, name) for each in ranked if getattr(each, name)), None) for name in _FIELDS}
    kind = "archival" if fields["repository"] and (fields["ref"] or fields["collection"]) else ruling.type
    return SourceStatement(
        statement=group[0].statement,
        type=kind,
        parts=_merged_parts(group, ranked),
        rule=ruling.rule,
        confidence=ruling.confidence,
        **fields,
    )


def _merged_parts(group: Sequence[SourceStatement], ranked: Sequence[SourceStatement]) -> dict[str, Json]:
    parts: dict[str, Json] = {}
    for each in ranked:
        for name, held in each.parts.items():
            parts.setdefault(name, held)
    for name in _LISTS:
        if any(name in each.parts for each in group):
            listed = [held for each in group for held in each.parts.get(name, [])]
            parts[name] = [held for place, held in enumerate(listed) if held not in listed[:place]]
    remainders = list(dict.fromkeys(str(each.parts["remainder"]) for each in group if each.parts.get("remainder")))
    titles = list(
        dict.fromkeys(str(each.parts["container_title"]) for each in group if each.parts.get("container_title"))
    )
    if remainders:
        parts["remainder"] = "; ".join(remainders)
    if len(titles) > 1:
        parts["container_titles"] = titles
    parts["statements"] = list(dict.fromkeys(each.statement for each in group))
    return parts

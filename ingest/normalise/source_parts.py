"""What was taken out of a source text, people and identifiers, as parts of its statement."""

from collections.abc import Iterable

from ingest.descriptions import Json
from ingest.normalise.identifiers import Identifier, handle_of
from ingest.normalise.people import People

_LISTS = {"issn": "issn", "isbn": "isbn"}


def with_taken_out(parts: dict[str, Json], people: People, identifiers: tuple[Identifier, ...]) -> dict[str, Json]:
    """Add to parts, in place or in their copy, what was taken out of the text that they were read in."""
    if identifiers:
        parts.update(identifier_parts(identifiers))
    if people.roles or isinstance(parts.get("editor"), str):
        return _with_people(parts, people)
    return parts


def _with_people(parts: dict[str, Json], people: People) -> dict[str, Json]:
    """Add the people; editors that stood before a title are a list like those behind one."""
    told = people_parts(people)
    if isinstance(editor := parts.get("editor"), str):
        told["editor"] = [editor, *told.get("editor", [])]
    return {**parts, **told}


def people_parts(people: People) -> dict[str, Json]:
    """Write people as parts: each role with its names, all in order with their roles, and what else is told of them."""
    roles: dict[str, Json] = {role: list(names) for role, names in people.roles.items()}
    details: dict[str, Json] = {
        name: list(held) if isinstance(held, tuple) else held for name, held in people.details.items()
    }
    if len(people.roles) > 0:
        roles["people"] = [{"name": name, "role": role} for role, names in people.roles.items() for name in names]
    return {**roles, **details}


def identifier_parts(identifiers: Iterable[Identifier]) -> dict[str, Json]:
    """Write identifiers as parts: ISSN and ISBN as lists, of others the first, and all where there are more."""
    parts: dict[str, Json] = {}
    for scheme, value, _, _ in identifiers:
        if scheme in _LISTS:
            parts.setdefault(scheme, [])
            parts[scheme] += [value] if value not in parts[scheme] else []
        elif parts.setdefault(scheme, value) != value:
            others = parts.setdefault(f"{scheme}s", [parts[scheme]])
            others += [value] if value not in others else []
        if scheme == "url" and (handle := handle_of(value)):
            parts.setdefault("handle", handle)
    return parts

"""What a format keeps apart of a source is taken as given; its text is read only for what was not."""

import re
from collections.abc import Iterable

from ingest.descriptions import Json, SourceStatement, Value
from ingest.normalise.identifiers import checked
from ingest.normalise.patterns import late
from ingest.normalise.source_alike import read_text
from ingest.normalise.source_kinds import gathers_things
from ingest.normalise.source_pieces import closed_up
from ingest.operator_tables import OperatorTables

RULE = "source/given@2"
_FIELDS = frozenset({"repository", "ref", "pages", "collection"})
_CHECKED = frozenset({"issn", "isbn", "doi"})
_LISTS = frozenset({"issn", "isbn", "translator", "obtained_by", "editor"})
_RANGES = frozenset({"pages", "issue"})
_HOST = frozenset({"container_title", "volume", "issue", "year", "issn", "isbn", "doi"})
_ARCHIVE = frozenset({"repository", "ref", "collection"})
_LABELS = frozenset({"urn", "issn", "isbn", "doi", "info", "http", "https", "org", "dx"})
"""Words of an identifier that are not kept with its value."""
_PRINTED = frozenset({"journal", "book", "newspaper", "paper-series"})
_TYPES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"volume", "issue", "issn"}), "journal"),
    (frozenset({"isbn"}), "book"),
    (frozenset({"ref"}), "archival"),
    (frozenset({"collection"}), "collection"),
)
_OF_A_COLLECTION = {"container_title": "collection", "volume": "ref", "issue": "ref"}
"""What the parts of a series are where it gathers things and no publications."""
_SERIES = late(r"(?P<title>[^;]{2,300}?)\s?;\s(?P<number>[^;]{1,60})")
_WORD = re.compile(r"\w+")
_ROLES = {
    "repository": ("repository", "holder"),
    "location": ("repository", "holder"),
    "shelfmark": ("ref", "archival"),
    "container_title": ("container_title", "journal"),
    "host": ("container_title", "journal"),
    "series": ("container_title", "paper-series"),
}
"""What a bare text of a role is, and the type of its statement."""


def read_value(value: Value, own: OperatorTables) -> SourceStatement:
    """Read one value: what its format gives first, then its text."""
    found = read_text(value.text, own)
    if value.parts:
        return _given(value, found)
    if value.role == "series" and (series := _SERIES.fullmatch(value.text)) and not gathers_things(series["title"]):
        parts: dict[str, Json] = {"container_title": series["title"], "issue": series["number"]}
        return SourceStatement(statement=value.text, type="paper-series", parts=parts, rule=RULE, confidence="exact")
    if value.role in _ROLES and found.rule == "source/none@1" and value.text.strip():
        return _by_role(value, found)
    return found


def _by_role(value: Value, found: SourceStatement) -> SourceStatement:
    """Read a text that no rule knows as what its format says it is."""
    name, kind = _ROLES[str(value.role)]
    parts = {key: part for key, part in found.parts.items() if key != "remainder"}
    held = str(found.parts.get("remainder", value.text))
    fields = {name: held} if name in _FIELDS else {}
    return SourceStatement(
        statement=value.text,
        type=kind,
        parts=parts if fields else {**parts, name: held},
        rule=RULE,
        confidence="exact",
        **fields,
    )


def _given(value: Value, read: SourceStatement) -> SourceStatement:
    given, refused = _parts_of(value.parts)
    if not given and not refused:
        return read
    if value.role == "series" and gathers_things(str(given.get("container_title", ""))):
        given = {_OF_A_COLLECTION.get(name, name): held for name, held in given.items()}
    missing = _missing(given, read, value.role)
    merged = {**missing, **given}
    if (left := _left_over(value, merged, refused)) is not None:
        merged["remainder"] = left
    fields = {name: _text(merged.pop(name)) for name in _FIELDS if name in merged}
    return SourceStatement(
        statement=value.text, type=_type(given, value, read), parts=merged, rule=RULE, confidence="exact", **fields
    )


def _text(held: Json) -> str:
    return "; ".join(held) if isinstance(held, list) else str(held)


def _parts_of(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, Json], list[str]]:
    """Gather what was given by name; an identifier that its check digit refuses is none."""
    given: dict[str, Json] = {}
    refused: list[str] = []
    for name, written in pairs:
        text = written.strip()
        held = checked(name, text) if name in _CHECKED else closed_up(text) if name in _RANGES else text
        if not held:
            refused += [text] if text else []
        elif name in _LISTS:
            given.setdefault(name, [])
            given[name] += [held] if held not in given[name] else []
        elif name not in given:
            given[name] = held
        elif held != given[name]:
            others = given.setdefault(f"{name}s", [given[name]])
            others += [held] if held not in others else []
    return given, refused


def _missing(given: dict[str, Json], read: SourceStatement, value_role: str | None) -> dict[str, Json]:
    """Return what the text adds: nothing of an archive to a printed host, and nothing printed to an archive."""
    fields = {name: getattr(read, name) for name in _FIELDS if getattr(read, name)}
    found = {**fields, **read.parts}
    found.pop("remainder", None)
    hidden = _ARCHIVE if "container_title" in given else frozenset()
    if value_role == "reproduction":
        hidden = frozenset(found) - _CHECKED
    elif _ARCHIVE & set(given):
        hidden |= _HOST - _CHECKED
    elif not hidden and read.confidence == "none":
        hidden = frozenset(found) - _CHECKED
    given_words = _words(*given.values())
    return {
        name: held
        for name, held in found.items()
        if name not in hidden and name not in given and not _repeats(held, given_words)
    }


def _repeats(held: Json, given: frozenset[str]) -> bool:
    """Tell what only repeats words that were given: the format's own text, strung together."""
    return isinstance(held, str) and _words(held) <= given


def _left_over(value: Value, merged: dict[str, Json], refused: list[str]) -> str | None:
    """Return the words of the text that nothing holds, beside the identifiers that were refused."""
    known = _words(*merged.values(), *refused) | _LABELS
    unheld = " ".join(token for token in value.text.split() if not _words(token) <= known)
    return "; ".join([*refused, *([unheld] if unheld else [])]) or None


def _words(*held: Json) -> frozenset[str]:
    texts = (str(each) for one in held for each in (one if isinstance(one, list) else [one]))
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _type(given: dict[str, Json], value: Value, read: SourceStatement) -> str:
    """Name the type by the first of the given parts that tells it; who made a copy is no source."""
    if value.role == "reproduction":
        return "unknown"
    for names, kind in _TYPES:
        if names & set(given):
            return kind
    if "container_title" in given:
        return _type_of_host(given, value, read)
    if "repository" in given:
        return "archival" if read.ref else "holder"
    return "url" if set(given) == {"url"} else "identifier" if set(given) <= {"doi", "url", "identifier"} else read.type


def _type_of_host(given: dict[str, Json], value: Value, read: SourceStatement) -> str:
    if value.role == "series":
        return "paper-series"
    if value.role == "host" and {"pages", "year"} & set(given):
        return "journal"
    return read.type if read.type in _PRINTED else "book"

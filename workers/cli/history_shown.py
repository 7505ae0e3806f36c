"""A record's versions as people read them: when, what changed, field by field, and why."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ingest.store.causes import Cause
from ingest.store.show import ShownRecord
from ingest.store.show_history import Difference, ShownVersion
from workers.cli.layout import fields, indented, line, words
from workers.cli.output import instant

# The repository's own doing reads best by what it did; every other cause by itself.
_BY_THE_REPOSITORY = {
    "created": "a repository brought it",
    "changed": "the repository changed it",
    "deleted": "the repository deleted it",
    "restored": "the repository brought it back",
    "merged": "the repository gave its items another record ID",
    None: "the repository changed it",
}
_WHY: Mapping[str, str] = {
    Cause.ANOTHER_ITEM: "another item spoke",
    Cause.RULES: "the rules, tables or declaration changed",
    Cause.SWEEP: "the repository no longer lists it",
    Cause.APPROVED: "a person approved what was held back",
    Cause.RETIRED: "an endpoint was retired",
    Cause.FORGOTTEN: "a person had it forgotten",
}
# What the metadata repeats of the fields beside it: once is enough.
_REPEATED = {"titles": "title", "creators": "creators", "dates": "date", "languages": "languages"}
# Told first, and without their names; the statement comes last, in quotes.
_PLAIN = ("value", "name", "kind", "role", "category", "type")
_NOT_TOLD = frozenset({"rule", "confidence", "statement", "evidence", "parts"})


def history_shown(record: ShownRecord) -> Iterator[RenderableType]:
    """Lay out the versions of a record, oldest first."""
    oldest = record.history[0].version
    if oldest > 1:
        gone = "version 1 was" if oldest == 2 else f"versions 1 to {oldest - 1} were"  # noqa: PLR2004 - the second.
        yield words(f"{gone} {'erased' if record.forgotten_at else 'pruned'}")
    for version in record.history:
        yield _head(version, record)
        body = _summary(version.content) if version is record.history[0] else _differences(version)
        yield indented(fields(body))


def _head(version: ShownVersion, record: ShownRecord) -> Text:
    into = f" into {record.merged_into}" if version.change == "merged" and version.valid_until is None else ""
    run = "" if version.run is None else f", run {version.run}"
    run += f" of {version.endpoint}" if version.endpoint else ""
    return line(
        words(f"version {version.version}", "bold"),
        f"  {instant(version.valid_from)}  ",
        words(f"{version.change or 'change not kept'}{into}", "bold"),
        f": {_why(version)}{run}",
    )


def _why(version: ShownVersion) -> str:
    if version.cause is None:
        return "why was not kept at that time"
    if version.cause == Cause.REPOSITORY:
        return _BY_THE_REPOSITORY[version.change]
    # A newer program may know causes that this one does not.
    return _WHY.get(version.cause, version.cause)


def _summary(content: Mapping[str, Any]) -> Iterator[tuple[str, RenderableType]]:
    told = {
        "title": content["title"],
        "date": content["date"],
        "rights": f"{content['rights_category']}, {content['rights_uri'] or 'no URI'}",
        "donors": "; ".join(each["name"] for each in content["donors"]),
        "sources": "; ".join(each["statement"] for each in content["sources"]),
    }
    return ((name, words(value)) for name, value in told.items() if value)


def _differences(version: ShownVersion) -> Iterator[tuple[str, RenderableType]]:
    told = {each.field for each in version.differences}
    for each in version.differences:
        name = each.field.removeprefix("metadata.")
        if name == each.field or _REPEATED.get(name, name) not in told:
            yield name.replace("_", " "), _difference(each)
    if not told:
        yield "what it says stayed as it was", ""


def _difference(difference: Difference) -> RenderableType:
    """Tell what went and what came; where only the order is another, the whole."""
    was, becomes = list(_values(difference.was)), list(_values(difference.becomes))
    gone, new = ([each for each in one if each not in other] for one, other in ((was, becomes), (becomes, was)))
    if not gone and not new:
        gone, new = ["; ".join(was)], ["; ".join(becomes)]
    return fields((*_marked("-", gone, "red"), *_marked("+", new, "green")))


def _marked(mark: str, values: Iterable[str], style: str) -> Iterator[tuple[str, Text]]:
    return ((mark, words(value, style)) for value in values)


def _values(value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    return (_text(each) for each in values if each not in (None, "", [], {}))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return _row(value)
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(row: Mapping[str, Any]) -> str:
    """Tell a value with what is known of it, and the statement that it was read from."""
    rest = {**row, **(row.get("parts") or {})}
    told = [_text(rest.pop(name)) for name in _PLAIN if rest.get(name)]
    told += [f"{name.replace('_', ' ')} {_text(value)}" for name, value in rest.items() if value and _is_told(name)]
    return ", ".join(told) + (f" “{row['statement']}”" if row.get("statement") else "")


def _is_told(name: str) -> bool:
    return name not in _NOT_TOLD and name not in _PLAIN

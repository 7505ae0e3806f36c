"""How what a record says now differs from what the new rules would let it say, value by value."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.store.contents import Rows

_LONGEST = 200
"""Characters of a value that are told: enough to know it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that would be told otherwise; equal ones of many records are counted together."""

    field: str
    """``rights``, ``donors``, ``sources``, a column of the record, or ``metadata`` with the name of its field."""
    value: str
    """The statement that is read otherwise; empty where the field has none."""
    was: str
    becomes: str
    rule: str
    """The rules that say so, those of now before those to come; empty where no rule is named."""


def differences(before: Rows, after: Rows) -> Iterator[Difference]:
    """Tell in which values a record would differ, and by which rules; nothing where it would say the same."""
    earlier, later = before.columns(), after.columns()
    for name in ("title", "creators", "date", "languages"):
        yield from _of_column(name, earlier, later)
    yield from _of_metadata(json.loads(earlier["metadata"]), json.loads(later["metadata"]))
    for name, tell in _TELLERS.items():
        yield from _of_statements(name, before.statements(name), after.statements(name), tell)
    was, becomes = _decision(earlier), _decision(later)
    if was != becomes:
        yield Difference(field="rights decision", value="", was=was, becomes=becomes, rule="")


def _of_column(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    was, becomes = (_text(columns[name]) if columns[name] != "[]" else "" for columns in (before, after))
    if before[name] != after[name]:
        # Where there was nothing, the values themselves would make every record a difference of its own.
        yield Difference(field=name, value="", was=was, becomes=becomes if was else "a value", rule="")


def _decision(columns: Mapping[str, Any]) -> str:
    category, uri, conflict = (columns[f"rights_{part}"] for part in ("category", "uri", "conflict"))
    return " ".join(filter(None, (category, uri, "conflict" if conflict else None)))


def _of_metadata(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            was, becomes = (_values(told.get(name, ())) for told in (before, after))
            yield Difference(field=f"metadata {name}", value="", was=was, becomes=becomes, rule="")


def _values(values: Collection[Mapping[str, Any]]) -> str:
    """Tell how many values there are and of which types: texts would make every record a difference of its own."""
    types = sorted({str(value["type"]) for value in values if value.get("type")})
    return f"{len(values)} values" + (f" ({', '.join(types)})" if types else "")


def _of_statements(
    name: str,
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
    tell: Callable[[Mapping[str, Any]], str],
) -> Iterator[Difference]:
    earlier, later = _by_statement(before), _by_statement(after)
    for statement in dict.fromkeys([*earlier, *later]):
        old, new = earlier.get(statement, []), later.get(statement, [])
        if [_read(row) for row in old] == [_read(row) for row in new]:
            continue
        was, becomes = (_text("; ".join(map(tell, rows))) for rows in (old, new))
        rules = " → ".join(", ".join(dict.fromkeys(row["rule"] for row in rows)) or "none" for rows in (old, new))
        yield Difference(field=name, value=_text(statement), was=was, becomes=becomes, rule=rules)


def _by_statement(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["statement"], []).append(row)
    return found


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"rule", "confidence"}}


def _rights(row: Mapping[str, Any]) -> str:
    told = (row["category"], row["uri"] or row["label"], row["access"], row["embargo_end"], row["holder"])
    return " ".join(part for part in told if part)


def _donor(row: Mapping[str, Any]) -> str:
    identifier = f" {row['identifier']}" if row["identifier"] else ""
    return f"{row['name']} ({row['kind']}, {row['role']}){identifier}"


def _source(row: Mapping[str, Any]) -> str:
    named = {name: row[name] for name in ("repository", "ref", "pages", "collection") if row[name]}
    told = [f"{name} {_part(value)}" for name, value in {**named, **json.loads(row["parts"])}.items()]
    return ": ".join(filter(None, (row["type"], ", ".join(told))))


def _part(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_TELLERS = {"rights": _rights, "donors": _donor, "sources": _source}


def _text(value: object) -> str:
    told = "" if value is None else str(value)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"

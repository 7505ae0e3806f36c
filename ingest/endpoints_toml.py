"""Reads ``endpoints.toml``: tables of declarations in, endpoints out, or one line that says what to mend.

A message reads ``FILE:LINE: [ENDPOINT] KEY what is wrong``.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.endpoint_values import quoted
from ingest.endpoints import QUIRKS, Auth, Defaults, Endpoint, FieldRule, Fields, Fuse, RecordIdRule, TrustedOrigin
from ingest.errors import ConfigurationError
from ingest.settings import seconds, size
from ingest.toml_lines import KeyPath, lines_of_keys, read_toml


class _Fault(NamedTuple):
    """What is wrong at a key; the first part of the path is the endpoint's name."""

    path: KeyPath
    message: str


_FILLED_IN = {"name", "trusted_origins", "tables", "operator_tables"}
_MISSPELT = 0.85
"""How alike (0 to 1) a quirk's name is to a known one that must have been meant; others are notes for people."""
_DURATIONS = ("min_interval", "timeout", "page_deadline", "max_list_time", "full_every", "overlap")
_SIZES = ("max_bytes", "max_list_bytes")
_UNITS: Mapping[str, Callable[[str], float | int]] = {
    **dict.fromkeys(_DURATIONS, seconds),
    **dict.fromkeys(_SIZES, size),
}
_RULES = ("fields.rights", "fields.donor", "fields.source")
_TABLES: Mapping[str, Iterable[str]] = {
    "": [key for key in Endpoint.model_fields if key not in _FILLED_IN],
    "fields": Fields.model_fields,
    **dict.fromkeys(_RULES, FieldRule.model_fields),
    "record_id": RecordIdRule.model_fields,
    "defaults": Defaults.model_fields,
    "auth": Auth.model_fields,
    "fuse": Fuse.model_fields,
}
_SHAPES = {
    "metadata_prefix": 'a text or a list of texts: "oai_dc" or ["mods", "oai_dc"]',
    "sets": 'a list of texts: ["first", "second"]',
    "record_id": 'a pattern in quotes or { element = "…", pattern = "…" }',
    **dict.fromkeys(_RULES, 'a table: { element = "…", pattern = "…" }'),
    **dict.fromkeys(_DURATIONS, 'a duration: "200ms", "2s", "5m", "1h", "7d" or a number of seconds'),
    **dict.fromkeys(_SIZES, 'a size: "256MiB", "1GB" or a whole number of bytes'),
    "fuse": "a table: { percent = …, records = … }",
    "auth": 'a table: { basic = "env:NAME" } or { header = "X-Api-Key", value = "env:NAME" }',
}
_KINDS = {
    "string_type": "a text in quotes",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number that is finite",
    "bool_type": "true or false",
    "tuple_type": "a list of texts",
    "too_short": "a list that is not empty",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "literal_error": "{expected}",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
}


def read_endpoints(path: Path) -> tuple[Endpoint, ...]:
    """Read every endpoint that the file declares, in the file's order; ``origin = "trust"`` is resolved.

    Raises ConfigurationError, one line, for the first fault in the file, with the number of further ones.
    """
    text, declared = read_toml(path)
    endpoints, faults = _endpoints(declared)
    faults = faults or list(_renaming_faults(endpoints))
    if faults:
        raise ConfigurationError(_first_of(faults, path=path, lines=lines_of_keys(text)))
    return tuple(_trusting(endpoint, endpoints) for endpoint in endpoints)


# --- from tables to endpoints ---------------------------------------------------------------------


def _endpoints(declared: Mapping[str, Any]) -> tuple[list[Endpoint], list[_Fault]]:
    endpoints: list[Endpoint] = []
    faults: list[_Fault] = []
    for name, table in declared.items():
        if heading := _heading_fault(name, table):
            faults.append(_Fault((name,), heading))
            continue
        faults += [*_misplaced(name, table), *_misspelt_quirks(name, table)]
        values, unread = _with_units(name, table)
        faults += unread
        try:
            endpoints.append(Endpoint.model_validate({"namespace": name, **values, "name": name}))
        except ValidationError as error:
            faults += [_fault(name, detail) for detail in error.errors()]
    return endpoints, faults


def _heading_fault(name: str, table: object) -> str | None:
    if isinstance(table, list):
        return "is a list of tables; write it once, in single brackets"
    if not isinstance(table, dict):
        return "is a key outside a table; put it under the [name] of its endpoint"
    if not re.fullmatch(r"[A-Za-z0-9._/:?=&-]+", name):
        return "is no name: a name has letters, digits and . _ - / : ? = & only"
    return None


def _misplaced(name: str, table: Mapping[str, Any]) -> Iterator[_Fault]:
    """Find keys that pydantic would take: those that only we fill in, and an endpoint's keys in a free table."""
    for key in _FILLED_IN & table.keys():
        yield _Fault((name, key), _unknown_key(name, [key], table[key]))
    for free in ("quirks", "headers"):
        inside = table.get(free)
        if isinstance(inside, dict):
            for key in (key for key in _TABLES[""] if key in inside):
                yield _Fault((name, free, key), _unknown_key(name, [free, key], inside[key]))


def _misspelt_quirks(name: str, table: Mapping[str, Any]) -> Iterator[_Fault]:
    """Find quirks that would change nothing, because the name is not quite that of a known one."""
    quirks = table.get("quirks")
    for key in quirks if isinstance(quirks, dict) else ():
        meant = difflib.get_close_matches(key.lower().replace("-", "_"), QUIRKS, n=1, cutoff=_MISSPELT)
        if meant and key not in QUIRKS:
            hint = f"did you mean {quoted(f'quirks.{meant[0]}')}?"
            yield _Fault((name, "quirks", key), f"unknown quirk {quoted(key)}; {hint}")


def _with_units(name: str, table: Mapping[str, Any]) -> tuple[dict[str, Any], list[_Fault]]:
    """Turn what is written with a unit into seconds and bytes; what can not be turned is left out, with a fault."""
    values = {key: value for key, value in table.items() if key not in _FILLED_IN}
    faults = []
    for key, reader in _UNITS.items():
        written = table.get(key)
        if isinstance(written, str):
            try:
                values[key] = reader(written)
            except ValueError:
                del values[key]
                faults.append(_Fault((name, key), f"{key} must be {_SHAPES[key]}, not {quoted(written)}"))
    return values, faults


def _renaming_faults(endpoints: list[Endpoint]) -> Iterator[_Fault]:
    names = {endpoint.name for endpoint in endpoints}
    heirs: dict[str, str] = {}
    for endpoint in endpoints:
        old = endpoint.renamed_from
        if old is None:
            continue
        heir = old if old in names else heirs.setdefault(old, endpoint.name)
        if heir != endpoint.name or old in names:
            why = "which is still declared" if old in names else f"which [{heir}] names too"
            yield _Fault((endpoint.name, "renamed_from"), f"renamed_from names {quoted(old)}, {why}")


def _trusting(endpoint: Endpoint, endpoints: list[Endpoint]) -> Endpoint:
    """Fill in the origins that an aggregator may speak for.

    An endpoint whose record ID stands in a described field is none of them: an aggregator's provenance tells the
    OAI identifier only, and taking that for the record ID would make a second record beside the endpoint's own.
    """
    if endpoint.origin != "trust":
        return endpoint
    origins = [
        TrustedOrigin(base_url=other.url, namespace=other.namespace, record_id=other.record_id)
        for other in endpoints
        if other.name != endpoint.name and (other.record_id is None or other.record_id.element is None)
    ]
    return endpoint.model_copy(update={"trusted_origins": tuple(dict.fromkeys(origins))})


# --- from pydantic's faults to words --------------------------------------------------------------


def _fault(name: str, detail: ErrorDetails) -> _Fault:
    # Positions in lists have no key of their own.
    keys = [part for part in detail["loc"] if isinstance(part, str)]
    return _Fault((name, *keys), _message(name, keys, detail))


def _message(name: str, keys: list[str], detail: ErrorDetails) -> str:
    key, kind, context = ".".join(keys), detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(name, keys, detail["input"])
    if kind == "missing":
        return f"{key} is missing; add {keys[-1]} = …"
    if kind == "value_error":
        return f"{key} {context['error']}"
    meant = _SHAPES.get(key) if kind.endswith("_type") else None
    meant = meant or _KINDS.get(kind, "another value").format(**context).replace("'", '"')
    return f"{key} must be {meant}{_instead(keys, detail['input'])}"


def _instead(keys: list[str], value: object) -> str:
    """Show what stood there: not what may be a secret, and no whole tables."""
    if keys[0] in {"auth", "headers"} or isinstance(value, dict | list | tuple):
        return ""
    if isinstance(value, str):
        return f", not {quoted(value)}"
    return f", not {value:g}" if isinstance(value, float) else f", not {str(value).lower()}"


def _unknown_key(name: str, keys: list[str], value: object) -> str:
    *parents, key = keys
    known = list(_TABLES.get(".".join(parents), ()))
    close = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.55)
    if isinstance(value, dict) and "url" in value:
        hint = f'a name with a dot stands in quotes: ["{name}.{key}"]'
    elif parents and key in _TABLES[""]:
        hint = f"it belongs directly under [{name}]"
    elif close:
        hint = f"did you mean {quoted('.'.join([*parents, *close]))}?"
    else:
        hint = f"the keys here are {', '.join(known)}"
    return f"unknown key {quoted('.'.join(keys))}; {hint}"


# --- which fault is told, and its line -------------------------------------------------------------


def _first_of(faults: list[_Fault], *, path: Path, lines: Mapping[KeyPath, int]) -> str:
    """Word the fault that stands first in the file; on one line, what stands there before what is missing."""
    first, *others = sorted(faults, key=lambda fault: (_line_of(fault.path, lines), fault.path not in lines))
    more = f" (and {len(others)} more)" if others else ""
    name = first.path[0] if first.path[0].isprintable() else quoted(first.path[0])
    return f"{path}:{_line_of(first.path, lines)}: [{name}] {first.message}{more}"


def _line_of(path: KeyPath, lines: Mapping[KeyPath, int]) -> int:
    """Tell the line of a key, or of the nearest table around it where the key is missing."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)

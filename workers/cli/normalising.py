"""Normalises lines of text as a harvest would, and writes what they mean."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from ingest.descriptions import Description, Rights, SourceStatement, Value
from ingest.operator_tables import OperatorTables
from ingest.operator_tables_toml import read_operator_tables
from ingest.settings import config_folder
from workers.cli.output import write_json

_SOURCE_PARTS = ("type", "repository", "ref", "pages", "collection", "rule", "confidence")
_RIGHTS_PARTS = ("code", "label", "access", "embargo_end", "holder", "permits", "contact")


def rights() -> None:
    """Answer each rights statement of standard input."""
    from ingest.normalise.rights import normalise_rights  # noqa: PLC0415 - each field loads its own rules only.

    tables = _tables()
    _answer_lines(lambda value: _rights_object(normalise_rights([value], tables)))


def donor() -> None:
    """Answer each statement of standard input that names donors."""
    from ingest.normalise.donors import normalise_donors  # noqa: PLC0415 - see above.

    tables = _tables()
    _answer_lines(
        lambda value: {
            "parties": [asdict(each) for each in normalise_donors(Description(donors=(value,)), tables)],
        }
    )


def source() -> None:
    """Answer each source statement of standard input."""
    from ingest.normalise.sources import normalise_sources  # noqa: PLC0415 - see above.

    tables = _tables()
    _answer_lines(lambda value: _source_object(normalise_sources([value], tables)))


def _tables() -> OperatorTables:
    """Read the operator's tables, if there are any: a harvest would read the values with them."""
    return read_operator_tables(config_folder())


def _answer_lines(answer: Callable[[Value], Mapping[str, Any]]) -> None:
    """Answer each line as soon as it has come."""
    for text, replaced in _lines(sys.stdin.buffer):
        told = {"value": text, **(answer(Value(text=text.strip())))}
        write_json({**told, "replaced": True} if replaced else told)


def _lines(stream: BinaryIO) -> Iterator[tuple[str, bool]]:
    """Give each line as text, and whether bytes that are no UTF-8 were replaced in it."""
    for number, line in enumerate(stream):
        content = line.removesuffix(b"\n").removesuffix(b"\r")
        if number == 0:
            content = content.removeprefix(b"\xef\xbb\xbf")
        text = content.decode("utf-8", "replace")
        yield text, text.encode() != content


def _rights_object(rights: Rights) -> dict[str, Any]:
    """Tell the decision, every statement, and at the top what else is known, the deciding statement asked first."""
    told: dict[str, Any] = {"uri": rights.uri, "category": rights.category}
    ordered = sorted(rights.statements, key=lambda each: each.uri != rights.uri)
    for name in _RIGHTS_PARTS:
        known = next((found for each in ordered if (found := getattr(each, name))), None)
        if known:
            told[name] = known
    if rights.conflict:
        told["conflict"] = True
    return {**told, "statements": [asdict(each) for each in rights.statements]}


def _source_object(statements: tuple[SourceStatement, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for statement in statements:
        told |= {name: found for name in _SOURCE_PARTS if (found := getattr(statement, name))}
        told |= statement.parts
    return told

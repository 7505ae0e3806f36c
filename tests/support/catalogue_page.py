"""The page for catalogues: its statements, the results printed below them, and the columns as the contract has them.

Results and columns are written anew, from what the demo repository brings into a new SQLite database, from the root
of the tree by ``PYTHONPATH=.:tests/support python -m catalogue_page``.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harvesting import harvest_here
from sqlalchemy import Connection, create_engine, text

from ingest.normalise.vocabularies import rights_vocabulary
from ingest.store.contract import CONTRACT, ViewContract
from ingest.store.schema import ensure_usable
from workers.demo.records import demo_endpoint, demo_repository
from workers.demo.server import serve

PAGE = Path(__file__).parents[2] / "docs" / "catalogues.md"

_STATEMENTS = re.compile(
    r"(?P<blocks>(?:```sql(?: postgresql| sqlite)?\n.*?```\n\n?)+)(?P<result>```text\n.*?```\n)?", re.DOTALL
)
_BLOCK = re.compile(r"```sql(?: (postgresql|sqlite))?\n(.*?);\n```", re.DOTALL)
_COLUMNS = re.compile(r"(?<=^<!-- The rest of this page)(.*? -->\n).*", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of the page, in the SQL of both databases, with what is printed below it."""

    title: str
    statements: dict[str, str]
    """Dialect -> statement."""
    printed: str


def questions(page: str) -> Iterator[Question]:
    """Give all statements of a page in order, each named by the heading, or the bold word, that it stands under."""
    for found in _STATEMENTS.finditer(page):
        heading = re.findall(r"^(?:#+ |\*\*)(.*?)\.?(?:\*\*.*)?$", page[: found.start()], flags=re.MULTILINE)[-1]
        blocks = _BLOCK.findall(found["blocks"])
        statements = {
            dialect: statement
            for wanted, statement in blocks
            for dialect in ([wanted] if wanted else ("postgresql", "sqlite"))
        }
        yield Question(title=heading, statements=statements, printed=found["result"] or "")


def result(connection: Connection, question: Question) -> str:
    """Ask a question and print its rows as the page does."""
    found = connection.execute(text(question.statements[connection.dialect.name].replace(":", r"\:")))
    rows = [list(found.keys()), *([_cell(value) for value in row] for row in found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    rule = "-+-".join("-" * width for width in widths)
    heading, *lines = (" | ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(("```text", heading, rule, *lines, "```", ""))


def _cell(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def columns_told() -> str:
    """Write the tables of columns."""
    return "".join(_view_told(name, contract) for name, contract in CONTRACT.items())


def _view_told(name: str, contract: ViewContract) -> str:
    rows = (
        f"| `{each.name}` | {each.kind} | {each.meaning}{f' (since 1.{each.since})' if each.since else ''} |"
        for each in contract.columns
    )
    return "\n".join(
        ("", f"### {name}", "", contract.meaning, "", "| column | type | meaning |", "| --- | --- | --- |", *rows, "")
    )


def harvest_demo(database_url: str) -> None:
    """Harvest the demo repository, as the command does."""
    with serve(demo_repository()) as base_url:
        harvest_here(database_url, demo_endpoint(base_url))


def written_anew(page: str, connection: Connection) -> str:
    """Give the page with the results and the columns of now."""
    found = list(_STATEMENTS.finditer(page))
    for match, question in reversed(list(zip(found, questions(page), strict=True))):
        told = match["blocks"].rstrip("\n") + "\n\n" + result(connection, question)
        page = page[: match.start()] + told + ("" if match["result"] else "\n") + page[match.end() :]
    return _COLUMNS.sub(lambda rest: rest[1] + columns_told(), page)


def main(arguments: Sequence[str]) -> None:
    """Write the page."""
    if arguments:
        sys.exit("usage: python -m catalogue_page")
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{folder}/demo.db"
        ensure_usable(database_url, vocabulary=rights_vocabulary())
        harvest_demo(database_url)
        engine = create_engine(database_url)
        with engine.connect() as connection:
            PAGE.write_text(written_anew(PAGE.read_text("utf-8"), connection), "utf-8")
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])

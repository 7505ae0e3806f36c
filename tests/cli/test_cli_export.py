"""``oai-ingest export``: files that are whole or not there, three formats that say the same, and where to go on."""

import csv
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pyarrow import parquet
from sqlalchemy import Engine, event

from ingest.store.contract import CONTRACT
from workers.cli.main import run
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
NESTED = {"creators", "languages", "metadata", "rights", "donors", "sources", "items"}


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory, run_in: Callable[..., Any]) -> Path:
    """Return a folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("harvested")
    assert run_in(folder, "demo", "--json").code == 0
    return folder


@pytest.fixture
def export(harvested: Path, tmp_path: Path, run_in: Callable[..., Any]) -> OaiIngest:
    """Export what the demo has left, in a folder of the test's own."""
    url = f"sqlite:///{harvested / 'oai-ingest-demo.db'}"
    return lambda *arguments: run_in(tmp_path, "export", *arguments, OAI_INGEST_DATABASE_URL=url)


@pytest.fixture
def records(export: OaiIngest) -> list[dict[str, Any]]:
    """Return the records as JSON Lines tell them."""
    return [json.loads(line) for line in export().out.splitlines()]


@pytest.fixture
def many_url() -> Iterator[str]:
    """Serve more records than an export reads at a time, and more than a pipe holds."""
    with serve(DemoRepository(items=GeneratedItems(600), page_size=300)) as url:
        yield url


def _strict(schema: Any) -> Any:
    """Refuse what the schema does not name: a column that a view has gained has to be described."""
    if isinstance(schema, dict):
        closed = {"additionalProperties": False} if "properties" in schema else {}
        return {name: _strict(each) for name, each in schema.items()} | closed
    return [_strict(each) for each in schema] if isinstance(schema, list) else schema


def test_every_line_is_a_record_as_the_schema_says(export: OaiIngest, records: list[dict[str, Any]]) -> None:
    """The schema is published by the command itself, and names every member that there is."""
    schema = json.loads(export("--schema").out)
    validator = jsonschema.Draft202012Validator(
        _strict(schema), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    jsonschema.Draft202012Validator.check_schema(schema)

    assert [error.message for record in records for error in validator.iter_errors(record)] == []
    assert len(records) > 30
    for name in ("rights", "donors", "sources", "items"):
        assert any(record[name] for record in records)


def test_every_column_of_the_views_is_there(export: OaiIngest) -> None:
    """In their order, and none of them may be missing; the record's number and a place stand for themselves."""
    schema = json.loads(export("--schema").out)
    nested = {name: schema["properties"][name]["items"] for name in ("rights", "donors", "sources", "items")}

    assert [*schema["properties"]] == [*_columns("catalogue_records"), *nested]
    for name, told in nested.items():
        assert [*told["properties"]] == _columns(f"catalogue_{name}", without={"record_key", "position"})
    assert all([*told["properties"]] == told["required"] for told in (schema, *nested.values()))


def _columns(view: str, without: Collection[str] = ()) -> list[str]:
    return [column.name for column in CONTRACT[view].columns if column.name not in without]


def test_standard_output_holds_records_alone_and_standard_error_the_cursor(export: OaiIngest) -> None:
    """Which is the feed's end: nothing has changed since."""
    ended = export()
    cursor = ended.err.split()[-1]

    assert ended.code == 0
    assert f"oai-ingest changes --since {cursor}" in ended.err
    assert export("--since", cursor).out == ""


def test_csv_says_the_same(export: OaiIngest, records: list[dict[str, Any]]) -> None:
    """A row of names, a row a record, lists and objects as JSON in their cells."""
    names, *rows = csv.reader(io.StringIO(export("--format", "csv").out, newline=""))

    told = [dict(zip(names, row, strict=True)) for row in rows]
    assert [
        {name: json.loads(value) if name in NESTED else value for name, value in record.items()} for record in told
    ] == [{name: value if name in NESTED else _cell(value) for name, value in record.items()} for record in records]


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def test_parquet_says_the_same(export: OaiIngest, tmp_path: Path, records: list[dict[str, Any]]) -> None:
    """Fields are nested, instants are instants, and the file itself tells the cursor."""
    told = export("--format", "parquet", "--output", "all.parquet", "--json").json
    table = parquet.read_table(tmp_path / "all.parquet")

    assert table.schema.metadata[b"oai_ingest.cursor"].decode() == told["cursor"]
    assert told["records"] == len(records)
    for row, record in zip(table.to_pylist(), records, strict=True):
        assert row["rights"] == [{**each, "details": json.dumps(each["details"])} for each in record["rights"]]
        assert json.loads(row["metadata"]) == record["metadata"]
        assert [each["name"] for each in row["donors"]] == [each["name"] for each in record["donors"]]
        assert [each["sets"] for each in row["items"]] == [each["sets"] for each in record["items"]]
        told_origins = [[json.loads(origin) for origin in each["origins"]] for each in row["items"]]
        assert told_origins == [each["origins"] for each in record["items"]]
        written = datetime.strptime(record["changed_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert row["changed_at"].replace(microsecond=0) == written
        plain = record.keys() - NESTED - {"created_at", "changed_at"}
        assert {name: row[name] for name in plain} == {name: record[name] for name in plain}


def test_a_file_is_there_when_it_is_whole(export: OaiIngest, tmp_path: Path) -> None:
    """With what is promised of every file that the user makes, and nothing left beside it; --json tells of it."""
    told = export("--output", "all.jsonl", "--json").json

    written = (tmp_path / "all.jsonl").read_text()
    assert told == {
        "records": len(written.splitlines()),
        "deleted": sum(json.loads(line)["deleted"] for line in written.splitlines()),
        "format": "jsonl",
        "output": "all.jsonl",
        "since": None,
        "cursor": told["cursor"],
    }
    assert [each.name for each in tmp_path.iterdir()] == ["all.jsonl"]
    assert written == export().out
    (tmp_path / "plain").touch()
    assert (tmp_path / "all.jsonl").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_exists_is_replaced_only_when_that_is_said(export: OaiIngest, tmp_path: Path) -> None:
    """Through a symbolic link too, which stays one."""
    (tmp_path / "kept").write_text("mine")
    (tmp_path / "link").symlink_to("kept")

    refused = export("--output", "link")
    assert (refused.code, (tmp_path / "kept").read_text()) == (2, "mine")
    assert "--overwrite" in refused.error
    assert export("--output", "link", "--overwrite").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept").read_text() == export().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--output", "missing/all.jsonl"), "missing is no folder"),
        (("--output", "."), "is no file"),
        (("--output", "long" * 100), "File name too long"),
        (("--output", "/proc/all.jsonl"), "/proc/all.jsonl can not be written"),
        (("--output", "/dev/null", "--overwrite"), "/dev/null is no file"),
        (("--format", "parquet"), "name it with --output"),
        (("--json",), "name a file with --output"),
        (("--format", "xml"), "xml"),
        (("--since", "yesterday", "--output", "all"), '"yesterday" is no cursor'),
        (("--since", "other:1", "--output", "all"), "of another feed"),
        (("--since", "{feed}:99999", "--output", "all"), "beyond the newest change"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_nothing_is_written(
    export: OaiIngest, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2, before anything was read."""
    feed = export("--without-deleted").err.split()[-1].partition(":")[0]

    refused = export(*(argument.format(feed=feed) for argument in arguments))

    assert refused.code == 2
    assert words in refused.error
    assert refused.out in {"", json.dumps({"error": refused.error}) + "\n"}
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_endpoint_is_one_line(export: OaiIngest) -> None:
    """Exit code 1, as for every thing that is not there."""
    ended = export("--endpoint", "nobody")

    assert (ended.code, ended.out) == (1, "")
    assert 'there is no endpoint "nobody"' in ended.error


def test_a_disk_that_is_full_leaves_nothing(harvested: Path, start: Callable[..., Any], tmp_path: Path) -> None:
    """Exit code 1 and one line; neither half a file nor its beginning under another name."""
    (tmp_path / "oai-ingest.db").symlink_to(harvested / "oai-ingest-demo.db")
    process = start("export", "--output", "all.jsonl", largest_file=40_000)

    _, told = process.communicate(timeout=60)

    assert process.returncode == 1
    assert told.startswith("error: ")
    assert told.count("\n") == 1
    assert "all.jsonl can not be written" in told
    assert not list(tmp_path.glob("*.jsonl")) + list(tmp_path.glob(".oai-ingest*"))


def test_an_export_that_is_stopped_says_that_it_is_not_whole(
    oai_ingest: OaiIngest, start: Callable[..., Any], many_url: str
) -> None:
    """SIGTERM ends it after the records in hand: exit code 1, whole lines, and no cursor to go on from."""
    oai_ingest("harvest", many_url)
    process = start("export")
    # Straight from the pipe: what a reader of lines takes ahead would be missing from the rest.
    first = os.read(process.stdout.fileno(), 1).decode()
    process.send_signal(signal.SIGTERM)
    rest, told = process.communicate(timeout=60)

    assert process.returncode == 1
    lines = (first + rest).splitlines()
    assert all(json.loads(line)["record_id"] for line in lines)
    assert f"stopped after {len(lines)} records" in told
    assert "--since" not in told


def test_a_file_whose_export_is_stopped_is_gone(
    harvested: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the format, and nobody complains: pyarrow would of a file that was closed before its end."""
    monkeypatch.setenv("OAI_INGEST_DATABASE_URL", f"sqlite:///{harvested / 'oai-ingest-demo.db'}")
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    def stop(*_: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    event.listen(Engine, "after_cursor_execute", stop)
    try:
        code = run(["export", "--format", "parquet", "--output", str(tmp_path / "all.parquet")])
    finally:
        event.remove(Engine, "after_cursor_execute", stop)

    assert (code, complaints, list(tmp_path.iterdir())) == (1, [], [])
    assert "no file was kept" in capsys.readouterr().err


def test_a_database_without_records_makes_an_empty_file(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """That is an answer, and no error; a table has its columns all the same."""
    assert oai_ingest("export", "--output", "none.jsonl", "--json").json["records"] == 0
    assert (tmp_path / "none.jsonl").read_bytes() == b""
    assert oai_ingest("export", "--format", "csv").out.startswith("record_key,namespace,record_id,")
    oai_ingest("export", "--format", "parquet", "--output", "none.parquet")
    assert parquet.read_table(tmp_path / "none.parquet").num_rows == 0

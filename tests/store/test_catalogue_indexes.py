"""What catalogues ask for is found by an index: at 100,000 records no question of their page reads a table whole."""

import random
import re
from collections.abc import Iterator

import large_catalogue
import pytest
from catalogue_page import PAGE, questions
from sqlalchemy import Connection, Engine, create_engine, text
from store_pages import harvesting, live, rows

QUESTIONS = [question for question in questions(PAGE.read_text("utf-8")) if not question.title.startswith("5.")]
SMALL = {"endpoints", "feed", "rights_statements"}
_EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}
_WHOLE = {"postgresql": r"Seq Scan on (\w+)", "sqlite": r"^SCAN (\w+)"}
# How SQLite calls what is no table: rows made on the way.
_MADE = {"sorted", "json_each", "SUBQUERY"}
MORE = {
    "records that were merged into one": "SELECT record_key FROM catalogue_records WHERE merged_into = 17",
    "all of an archive's": "SELECT record_key FROM catalogue_sources WHERE repository = 'Archive of nobody'",
    "the items of a record": "SELECT * FROM catalogue_items WHERE record_key = 17",
    "a record with all its statements": """SELECT * FROM catalogue_records AS records
        LEFT JOIN catalogue_rights AS rights ON rights.record_key = records.record_key
        LEFT JOIN catalogue_donors AS donors ON donors.record_key = records.record_key
        LEFT JOIN catalogue_sources AS sources ON sources.record_key = records.record_key
        WHERE records.record_key = 17""",
    "the next page of all records": """SELECT * FROM catalogue_records WHERE record_key > 50000
        ORDER BY record_key LIMIT 1000""",
}


@pytest.fixture
def large(migrated_database_url: str) -> Iterator[Connection]:
    """Return a connection to a large catalogue whose statistics are fresh."""
    engine = create_engine(migrated_database_url)
    with engine.begin() as connection:
        large_catalogue.fill(connection)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


# Heading on the page, or question of ours -> the index that has to answer it, as PostgreSQL names it.
FOUND_BY = {
    "2. A record ID, whosoever it is": "ix_records_record_id",
    "3. Records that may be used freely, a page at a time": "ix_records_rights_category_key",
    "4. Records under one licence, with its name": "ix_records_rights_uri",
    "6. What a donor gave": "ix_record_donors_name",
    "7. What stands in an archive under a reference": "ix_record_sources_repository_ref",
    "8. What a repository has in a set": "uq_items_endpoint_id_metadata_prefix_oai_identifier",
    "Go on": "pk_changes",
    "By time": "ix_records_changed_at",
    "records that were merged into one": "ix_records_merged_into",
    "all of an archive's": "ix_record_sources_repository_ref",
}
# SQLite gives names of its own to what a constraint makes.
_SQLITE_NAMES = {
    "uq_items_endpoint_id_metadata_prefix_oai_identifier": "sqlite_autoindex_items_1",
    "pk_changes": "changes",
}


def test_no_question_reads_a_table_whole(large: Connection) -> None:
    """But for the one that counts all records, and says so."""
    asked = {question.title: question.statements[large.dialect.name] for question in QUESTIONS} | MORE
    plans = {title: _plan(large, statement) for title, statement in asked.items()}
    whole = {title: _read_whole(large, plan) for title, plan in plans.items()}
    assert {title: (tables, plans[title]) for title, tables in whole.items() if tables} == {}
    names = _SQLITE_NAMES if large.dialect.name == "sqlite" else {}
    expected = {title: names.get(index, index) for title, index in FOUND_BY.items()}
    assert {title: plans[title] for title, index in expected.items() if not _mentions(plans[title], index)} == {}


def _mentions(plan: list[str], index: str) -> bool:
    return any(re.search(rf"\b{index}\b", line) for line in plan)


def _plan(connection: Connection, statement: str) -> list[str]:
    found = connection.execute(text(f"{_EXPLAIN[connection.dialect.name]} {statement}".replace(":", r"\:")))
    return [str(row[-1]) for row in found]


def _read_whole(connection: Connection, plan: list[str]) -> set[str]:
    pattern = _WHOLE[connection.dialect.name]
    return {found[1] for line in plan if (found := re.search(pattern, line))} - SMALL - _MADE


def test_what_no_index_can_hold_is_cut_and_its_statement_kept_whole(database: Engine) -> None:
    """PostgreSQL refuses a row that is too long for an index: no name may stop a page, however long it is."""
    chance = random.Random(6)  # noqa: S311 - makes text that can not be compressed, guards nothing.
    words = "".join(chr(chance.randrange(0x10000, 0x1F000)) for _ in range(9000))
    harvesting(database).keep(live("oai:1", "r1", words))
    donor = rows(database, "SELECT name, statement FROM catalogue_donors")
    source = rows(database, "SELECT repository, ref, statement FROM catalogue_sources")
    assert donor == [(words[:500], f"Gift of {words}")]
    assert source == [(f"Archive of {words}"[:250], "f. 1", f"Archive of {words}, f. 1")]

"""Languages that values do not have are left out of records' rows, and every reader is told of them all the same."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, column, literal, select, update
from store_pages import Harvest, harvesting, live, rows

from ingest.store import tables
from ingest.store.contents import read_rows
from ingest.store.digests import to_json
from ingest.store.exported import Chosen, exported
from ingest.store.languages import KEPT, WHOLE, shortened, whole
from ingest.store.show import find_records, read_record

BITS = (KEPT, WHOLE, '"lang":null', '"', "\\", "{", "}", ":", ",", "value", "lang", "null", "é")
TEXT = st.lists(st.sampled_from(BITS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)).map("".join)
VALUE = st.fixed_dictionaries({"value": TEXT, "lang": st.none() | TEXT}, optional={"type": TEXT, "identifier": TEXT})
METADATA = st.dictionaries(st.sampled_from(("titles", "creators", "types")), st.lists(VALUE, min_size=1))
WORDS = f'{WHOLE}{KEPT}\\{KEPT}"lang":null,"value":"'
TOLD = {"titles": [{"value": WORDS, "lang": None}]}


@given(METADATA)
def test_what_was_left_out_is_put_back(metadata: dict[str, Any]) -> None:
    """Whatever the values say, were it the very text that is replaced; and rows from before stay as they are."""
    written = to_json(metadata)
    assert shortened(written).replace(KEPT, WHOLE) == written == written.replace(KEPT, WHOLE)


@given(METADATA)
def test_only_languages_that_are_none_are_left_out(metadata: dict[str, Any]) -> None:
    """Nothing is taken out of a text, and a value of which more is told stays as it is."""
    bare = [value for values in metadata.values() for value in values if value.keys() == {"value", "lang"}]
    kept = json.loads(shortened(to_json(metadata)))
    for value in bare:
        if value["lang"] is None:
            del value["lang"]
    assert kept == metadata


def test_a_database_puts_it_back_likewise(database: Engine) -> None:
    """Both replace from the left, and nothing twice."""
    written = to_json({**TOLD, "types": [{"value": WORDS, "lang": WORDS}, {"value": WORDS, "lang": None, "type": "a"}]})
    row = select(literal(shortened(written)).label("metadata")).subquery()
    with database.connect() as connection:
        assert connection.scalar(select(whole(column("metadata"))).select_from(row)) == written


def test_every_reader_is_told_of_each_language(database: Engine) -> None:
    """The view and the export, what is shown, and what a version keeps; the row alone leaves it out."""
    harvest = _harvested(database)
    ((metadata,),) = rows(database, "SELECT metadata FROM records")
    assert json.loads(metadata) == {"titles": [{"value": WORDS}]}
    assert _told(database) == TOLD
    harvest.keep(live("oai:1", "one", "other words"))
    ((content,),) = rows(database, "SELECT content FROM record_versions")
    assert json.loads(content)["metadata"] == TOLD


def test_a_row_from_before_says_what_it_said(database: Engine) -> None:
    """It is not written anew for that, and is no difference to what comes."""
    harvest = _harvested(database)
    with database.connect() as connection:
        kept = read_rows(connection, [1])
    with database.begin() as connection:
        connection.execute(update(tables.records).values(metadata=whole(tables.records.c.metadata)))
    with database.connect() as connection:
        assert read_rows(connection, [1]) == kept
    assert _told(database) == TOLD
    harvest.keep(live("oai:1", "one", WORDS, rule="by-hand@2"))
    assert rows(database, "SELECT version FROM records") == [(1,)]


def _harvested(database: Engine) -> Harvest:
    harvest = harvesting(database)
    harvest.keep(live("oai:1", "one", WORDS))
    return harvest


def _told(database: Engine) -> Any:
    """Give the metadata of the one record, of which every reader is told alike."""
    (name,) = find_records(database, "one")
    told = [read_record(database, name.record_key).content["metadata"]]
    with exported(database, Chosen()) as records:
        told += [record["metadata"] for batch in records.batches for record in batch]
    ((shown,),) = rows(database, "SELECT metadata FROM catalogue_records")
    told.append(json.loads(shown) if isinstance(shown, str) else shown)
    assert told.count(told[0]) == len(told)
    return told[0]

"""Where items come from: an aggregator's provenance is kept whole, and trusted only where the endpoints declare it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from database_rows import rows
from equality import assert_equal
from harvesting import harvest_here
from letters import described_again
from sqlalchemy import create_engine, text

from ingest.endpoints import Endpoint
from ingest.endpoints_toml import read_endpoints
from ingest.ledger import Verdict
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

DAY = "2024-05-01T12:00:00Z"
ELSEWHERE = "http://elsewhere.example.org/oai"
BETWEEN = "http://between.example.org/oai"
_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></oai_dc:dc>'
)
_PROVENANCE = '<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">{}</provenance>'


def _origin(base_url: str, identifier: str, inner: str = "") -> str:
    return (
        '<originDescription harvestDate="2024-04-30T00:00:00Z" altered="true">'
        f"<baseURL>{base_url}</baseURL><identifier>{identifier}</identifier><datestamp>2024-04-01</datestamp>"
        f"<metadataNamespace>urn:dc</metadataNamespace>{inner}</originDescription>"
    )


def _item(identifier: str, title: str, provenance: str = "") -> Item:
    about = (_PROVENANCE.format(provenance).encode(),) if provenance else ()
    return Item(identifier=identifier, datestamp=DAY, formats={"oai_dc": _DC.format(title).encode()}, about=about)


@dataclass(frozen=True, kw_only=True)
class Two:
    """An archive, and an aggregator that has one item from it by way of a third, one from elsewhere, one of its own."""

    archive: str
    aggregator: str
    folder: Path

    def declared(self, trust: str, *, archive: bool = True) -> dict[str, Endpoint]:
        """Declare both, or the aggregator alone, in a file as an operator would."""
        path = self.folder / "endpoints.toml"
        first = f'[archive]\nurl = "{self.archive}"\nnamespace = "papers"\nrecord_id = "([0-9]+)$"\n' if archive else ""
        path.write_text(f'{first}[aggregator]\nurl = "{self.aggregator}"\npriority = 200\n{trust}\n', encoding="utf-8")
        return {endpoint.name: endpoint for endpoint in read_endpoints(path)}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    """Serve both."""
    with serve(DemoRepository(items=(_item("oai:archive:7", "The letter"),))) as archive:
        through_another = _origin(BETWEEN, "oai:between:a", _origin(archive, "oai:archive:7"))
        items = (
            _item("oai:aggregator:1", "The letter, gathered", through_another),
            _item("oai:aggregator:2", "From elsewhere", _origin(ELSEWHERE, "oai:elsewhere:7")),
            _item("oai:aggregator:3", "Its own"),
        )
        with serve(DemoRepository(items=items)) as aggregator:
            yield Two(archive=archive, aggregator=aggregator, folder=tmp_path)


def _harvested(database_url: str, endpoints: dict[str, Endpoint]) -> None:
    for endpoint in endpoints.values():
        assert harvest_here(database_url, endpoint).verdict is Verdict.COMPLETE


def _placed(database_url: str) -> dict[str, tuple[str, str]]:
    """Say to which record each item belongs."""
    question = """SELECT items.oai_identifier, records.namespace, records.record_id FROM catalogue_items AS items
                    JOIN catalogue_records AS records ON records.record_key = items.record_key"""
    return {row["oai_identifier"]: (row["namespace"], row["record_id"]) for row in rows(database_url, question)}


IN_ITS_ARCHIVE = {"oai:archive:7": ("papers", "7")}
APART = {f"oai:aggregator:{number}": ("aggregator", f"oai:aggregator:{number}") for number in (1, 2, 3)}
JOINED = APART | {"oai:aggregator:1": ("papers", "7")}


@pytest.mark.parametrize(
    ("trust", "archive", "expected"),
    [
        ('origin = "trust"', True, IN_ITS_ARCHIVE | JOINED),
        ("", True, IN_ITS_ARCHIVE | APART),
        ('origin = "trust"', False, APART),
    ],
    ids=["declared and trusted", "not trusted", "not declared"],
)
def test_an_aggregators_item_joins_the_record_of_its_origin_only_where_both_are_declared(
    two: Two, migrated_database_url: str, *, trust: str, archive: bool, expected: dict[str, Any]
) -> None:
    """The innermost origin counts, by the record ID that its own endpoint makes of the identifier."""
    _harvested(migrated_database_url, two.declared(trust, archive=archive))
    assert _placed(migrated_database_url) == expected


def test_the_archive_speaks_for_the_record_that_an_aggregator_joins(two: Two, migrated_database_url: str) -> None:
    """Whoever was harvested first: here the aggregator, whose priority comes behind."""
    _harvested(migrated_database_url, dict(reversed(two.declared('origin = "trust"').items())))
    question = "SELECT endpoint, title FROM catalogue_records WHERE namespace = 'papers'"
    assert rows(migrated_database_url, question) == [{"endpoint": "archive", "title": "The letter"}]


def test_trust_that_is_declared_later_moves_the_item_without_the_network(
    two: Two, migrated_database_url: str, new_database: Any
) -> None:
    """What is kept is enough to place it; the record that it leaves says where it went."""
    _harvested(migrated_database_url, two.declared(""))
    trusting = two.declared('origin = "trust"')
    done = described_again(migrated_database_url, trusting["aggregator"])
    assert (done.items, done.moved, dict(done.changes)) == (3, 1, {"merged": 1})
    assert _placed(migrated_database_url) == IN_ITS_ARCHIVE | JOINED

    back = two.declared("")
    assert described_again(migrated_database_url, back["aggregator"]).moved == 1
    afresh = new_database()
    _harvested(afresh, back)
    assert_equal(migrated_database_url, afresh)


def test_all_that_provenance_names_is_shown_with_the_item(two: Two, migrated_database_url: str) -> None:
    """Whether it is trusted or not; an item without any has an empty list."""
    _harvested(migrated_database_url, two.declared(""))
    question = "SELECT origin_base_url, origin_identifier, origins FROM catalogue_items ORDER BY oai_identifier"
    told = {"datestamp": "2024-04-01", "metadata_namespace": "urn:dc", "harvest_date": "2024-04-30T00:00:00Z"}
    between, archive, elsewhere = (
        {"base_url": base_url, "identifier": identifier, "altered": True} | told
        for base_url, identifier in (
            (BETWEEN, "oai:between:a"),
            (two.archive, "oai:archive:7"),
            (ELSEWHERE, "oai:elsewhere:7"),
        )
    )
    shown = [tuple(row.values()) for row in rows(migrated_database_url, question)]
    assert shown == [
        (two.archive, "oai:archive:7", [between, archive]),
        (ELSEWHERE, "oai:elsewhere:7", [elsewhere]),
        (None, None, []),
        (None, None, []),
    ]


def test_what_was_described_before_is_filled_by_describing_again(two: Two, migrated_database_url: str) -> None:
    """From the provenance that is kept with the item; no catalogue hears of it, as no record reads otherwise."""
    endpoints = two.declared("")
    _harvested(migrated_database_url, endpoints)
    question = "SELECT oai_identifier, origins FROM catalogue_items ORDER BY oai_identifier"
    before = rows(migrated_database_url, question)
    engine = create_engine(migrated_database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE items SET origins = '[]'"))
        older = (
            "UPDATE profiles SET digest = :digest || digest, content = replace(content, '\"rules\":', '\"rules\":-')"
        )
        connection.execute(text(older), {"digest": b"older"})
    engine.dispose()
    done = described_again(migrated_database_url, endpoints["aggregator"])
    assert (done.items, done.changes.total()) == (3, 0)
    assert rows(migrated_database_url, question) == before

"""What the commands read of rejections: summed up, one by one, and those that can be asked for again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from store_pages import change_database, harvesting, live, refused, rows

from ingest.records import Rejection
from ingest.store import tables
from ingest.store.compression import compress
from ingest.store.show_rejections import (
    KeptRejection,
    Wanted,
    kept_declaration,
    newest_rejections,
    read_content,
    read_rejections,
    rejection_groups,
    rejections_to_retry,
)

EVERYTHING = Wanted(released=True)


def without_record_id(identifier: str) -> Rejection:
    """Make a rejection of another stage."""
    return Rejection(
        stage="identity", reason="no-record-id", message="no match", content=b"<dc/>", identifier=identifier
    )


@pytest.fixture
def filled(database: Engine) -> Engine:
    """Keep rejections of two endpoints, in this order: two of one reason, one without identifier, one released."""
    archive = harvesting(database)
    archive.keep(refused("1", b"first"), without_record_id("2"))
    archive.keep(refused(None, b"nameless"), refused("3", b"third" * 1000), refused("4"))
    archive.keep(live("4", "d"))
    harvesting(database, "library", prefixes=("qdc",)).keep(refused("5", "Grüße \x0b".encode()))
    return database


def found(rejections: Any) -> list[str | None]:
    """Give the identifiers of rejections, in order."""
    return [each.identifier for each in rejections]


def test_rejections_are_summed_up_the_most_frequent_first(filled: Engine) -> None:
    """By endpoint, prefix and reason, with an example; what was released does not count."""
    groups = rejection_groups(filled, Wanted())

    assert [(each.endpoint, each.metadata_prefix, each.reason, each.count, each.example) for each in groups] == [
        ("archive", "oai_dc", "unparsable-record", 3, "3"),
        ("archive", "oai_dc", "no-record-id", 1, "2"),
        ("library", "qdc", "unparsable-record", 1, "5"),
    ]
    assert [each.without_identifier for each in groups] == [1, 0, 0]
    assert [each.message for each in groups] == ["not readable", "no match", "not readable"]
    assert groups[0].url == "https://archive.example.org/oai"
    assert groups[0].first_seen_at < groups[0].last_seen_at
    assert groups[0].last_seen_at.tzinfo is not None


def test_one_statement_sums_up_released_ones_too_where_they_are_wanted(filled: Engine) -> None:
    """Nothing is left out that the listing of each would show."""
    groups = rejection_groups(filled, EVERYTHING)

    assert [each.count for each in groups] == [4, 1, 1]
    assert sum(each.count for each in groups) == len(list(newest_rejections(filled, EVERYTHING)))


@pytest.mark.parametrize(
    ("wanted", "identifiers"),
    [
        (Wanted(), ["5", None, "3", "1", "2"]),
        (EVERYTHING, ["5", None, "3", "4", "1", "2"]),
        (Wanted(endpoint="archive"), [None, "3", "1", "2"]),
        (Wanted(reason="no-record-id"), ["2"]),
        (Wanted(endpoint="library", reason="no-record-id"), []),
        (Wanted(endpoint="nobody"), []),
    ],
)
def test_rejections_are_read_newest_first(filled: Engine, wanted: Wanted, identifiers: list[str | None]) -> None:
    """Those of one page were met at one instant: their own order does not matter."""
    read = list(newest_rejections(filled, wanted))

    assert sorted(map(str, found(read))) == sorted(map(str, identifiers))
    assert [each.last_seen_at for each in read] == sorted((each.last_seen_at for each in read), reverse=True)
    assert found(newest_rejections(filled, wanted, most=1)) == found(read[:1])


def test_a_rejection_tells_all_but_its_bytes(filled: Engine) -> None:
    """And how many bytes there are, which are not read for that."""
    (third,) = [each for each in newest_rejections(filled, Wanted()) if each.identifier == "3"]

    assert third == KeptRejection(
        rejection_id=third.rejection_id,
        endpoint_id=third.endpoint_id,
        endpoint="archive",
        metadata_prefix="oai_dc",
        identifier="3",
        stage="protocol",
        reason="unparsable-record",
        message="not readable",
        attempts=1,
        first_seen_at=third.first_seen_at,
        last_seen_at=third.first_seen_at,
        released_at=None,
        run_id=third.run_id,
        length=5000,
    )
    assert read_content(filled, third.rejection_id) == b"third" * 1000


def test_the_bytes_come_exactly_as_they_were_kept(filled: Engine) -> None:
    """However little they look like text."""
    (rejection,) = newest_rejections(filled, Wanted(endpoint="library"))

    content = read_content(filled, rejection.rejection_id)

    assert content == b"Gr\xc3\xbc\xc3\x9fe \x0b"
    assert rejection.length == len(content)


def test_what_is_not_there_is_told_or_left_out(filled: Engine) -> None:
    """One that is asked for by itself has to be there; of many, those are given that are."""
    with pytest.raises(LookupError, match="there is no rejection 999"):
        read_content(filled, 999)
    assert read_rejections(filled, [999]) == {}


def test_rejections_are_read_by_their_numbers_released_or_not(filled: Engine) -> None:
    """So that it can be told what became of each."""
    (one,) = [each for each in newest_rejections(filled, EVERYTHING) if each.released_at]

    assert read_rejections(filled, [one.rejection_id, 999]) == {one.rejection_id: one}


def test_those_are_asked_for_first_that_were_asked_for_last_long_ago(filled: Engine) -> None:
    """Those without identifier, and those that were released, never; so that repeated calls get through all."""
    ago = datetime(2020, 1, 1, tzinfo=UTC)
    change_database(
        filled, f"UPDATE rejections SET last_seen_at = '{ago:%Y-%m-%dT%H:%M:%S.%fZ}' WHERE oai_identifier = '5'"
    )

    assert found(rejections_to_retry(filled, Wanted(), most=2))[0] == "5"
    assert sorted(found(rejections_to_retry(filled, EVERYTHING, most=10))) == ["1", "2", "3", "5"]
    (two,) = rejections_to_retry(filled, Wanted(reason="no-record-id"), most=10)
    assert found(rejections_to_retry(filled, Wanted(ids=(two.rejection_id,)), most=10)) == ["2"]


def test_an_endpoint_that_no_file_declares_is_asked_as_it_was_declared(filled: Engine) -> None:
    """The database keeps the declaration, and whether it came from a file."""
    (one,) = newest_rejections(filled, Wanted(endpoint="library"))

    declaration, in_a_file = kept_declaration(filled, one.endpoint_id)

    assert '"name":"library"' in declaration.replace(" ", "")
    assert in_a_file is True


def test_very_many_rejections_are_summed_up_and_read_a_few_at_a_time(filled: Engine) -> None:
    """Twenty thousand stand for a repository whose every record is rejected."""
    now = datetime.now(UTC)
    (endpoint_id, run_id), *_ = rows(filled, "SELECT endpoint_id, run_id FROM rejections")
    told = {"endpoint_id": endpoint_id, "run_id": run_id, "metadata_prefix": "oai_dc", "stage": "identity"}
    told |= {"reason": "no-record-id", "message": "no match", "first_seen_at": now, "last_seen_at": now}
    many = [
        {**told, "fingerprint": f"m{number}", "oai_identifier": f"m{number}", "content": compress(b"<dc/>")}
        for number in range(20_000)
    ]
    with filled.begin() as connection:
        connection.execute(insert(tables.rejections), many)

    groups = rejection_groups(filled, Wanted(endpoint="archive"))

    assert {each.reason: each.count for each in groups} == {"no-record-id": 20_001, "unparsable-record": 3}
    assert len(list(newest_rejections(filled, Wanted()))) == 20_005
    assert len(rejections_to_retry(filled, Wanted(), most=1000)) == 1000

"""What could not be taken in: kept with its bytes until the same record succeeds."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from store_pages import counts, dead, harvesting, live, refused, rows

from ingest.store.compression import decompress

STATE = "SELECT oai_identifier, attempts, released_at IS NOT NULL FROM rejections ORDER BY id"


def state(database: Engine) -> list[tuple[Any, ...]]:
    """Read each rejection: identifier, how often it was met, whether it was released."""
    return [(name, attempts, bool(released)) for name, attempts, released in rows(database, STATE)]


def test_a_rejection_is_kept_with_its_bytes_and_its_reason(database: Engine) -> None:
    """Enough to find out what was wrong, and to try again."""
    content = b"<record><metadata>\xff\x00 broken"
    kept = harvesting(database).keep(refused("1", content, message="no XML"), live("2", "b"))

    assert counts(kept.window) == {"created": 1, "rejected": 1}
    with database.connect() as connection:
        row = connection.execute(text("SELECT * FROM rejections")).one()
    assert decompress(row.content) == content
    assert (row.stage, row.reason, row.message) == ("protocol", "unparsable-record", "no XML")
    assert (row.oai_identifier, row.metadata_prefix, row.attempts, row.released_at) == ("1", "oai_dc", 1, None)
    assert row.first_seen_at == row.last_seen_at


def test_a_rejection_met_again_is_counted_up_and_shown_as_it_is_now(database: Engine) -> None:
    """First and last seen tell since when."""
    harvest = harvesting(database)
    harvest.keep(refused("1", b"first"))
    harvest.keep(refused("1", b"second", message="worse"))
    with database.connect() as connection:
        row = connection.execute(text("SELECT * FROM rejections")).one()

    assert (row.attempts, decompress(row.content), row.message) == (2, b"second", "worse")
    assert row.first_seen_at < row.last_seen_at


def test_a_rejection_is_released_when_its_record_succeeds(database: Engine) -> None:
    """And only that one; it stays to be seen."""
    harvest = harvesting(database)
    harvest.keep(refused("1"), refused("2"))
    harvest.keep(live("1", "a"))

    assert state(database) == [("1", 1, True), ("2", 1, False)]


def test_a_tombstone_releases_too(database: Engine) -> None:
    """What is deleted needs no mending."""
    harvest = harvesting(database)
    harvest.keep(refused("1"))
    harvest.keep(dead("1"))

    assert state(database) == [("1", 1, True)]


def test_a_released_rejection_that_fails_again_stands_again(database: Engine) -> None:
    """Counted on from where it was."""
    harvest = harvesting(database)
    harvest.keep(refused("1"))
    harvest.keep(live("1", "a"))
    harvest.keep(refused("1"))

    assert state(database) == [("1", 2, False)]


def test_an_unchanged_item_releases_what_was_rejected_between(database: Engine) -> None:
    """The repository sends what it sent before the defect."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"))
    harvest.keep(refused("1"))
    harvest.keep(live("1", "a"))

    assert state(database) == [("1", 1, True)]


def test_a_page_that_brings_a_record_whole_and_broken_leaves_it_rejected(database: Engine) -> None:
    """What is wrong is not hidden by what is right."""
    harvesting(database).keep(live("1", "a"), refused("1"))

    assert state(database) == [("1", 1, False)]


def test_without_an_identifier_the_bytes_tell_which_is_which(database: Engine) -> None:
    """The same bytes are the same rejection."""
    harvest = harvesting(database)
    harvest.keep(refused(None, b"one"), refused(None, b"other"))
    harvest.keep(refused(None, b"one"))

    assert state(database) == [(None, 2, False), (None, 1, False)]


@pytest.mark.parametrize("where", ["another endpoint", "another prefix"])
def test_a_rejection_elsewhere_is_another_one(database: Engine, where: str) -> None:
    """Nor does success there release it."""
    harvest = harvesting(database, "one", prefixes=("oai_dc", "mods"))
    other = harvesting(database, "other") if where == "another endpoint" else harvest
    prefix = "oai_dc" if where == "another endpoint" else "mods"
    harvest.keep(refused("1"), prefix="oai_dc")
    other.keep(refused("1"), prefix=prefix)
    other.keep(live("1", "a"), prefix=prefix)

    assert state(database) == [("1", 1, False), ("1", 1, True)]


def test_a_page_of_nothing_but_rejections_goes_on(database: Engine) -> None:
    """A bad record never stops a page, and a bad page never stops a list."""
    window = harvesting(database).keep(*(refused(str(number)) for number in range(3))).window

    assert (window.state, window.token, window.seen, window.rejected, window.empty_pages) == ("open", "more", 3, 3, 0)

"""The revision of the catalogue's indexes: rows in place that no index could hold, and programs that go on writing."""

import random
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

BEFORE, REVISION = "20261128_2000_described_in_depth", "20261129_0800_catalogue_indexes"

Walk = Callable[[str, str], None]
Opened = Callable[[str], Any]


def test_what_no_index_can_hold_is_cut_before_it_is_indexed(
    database_url: str, walk: Walk, fill: Callable[[str], None], opened: Opened
) -> None:
    """Its statement stays whole, and what is shorter stays as it is."""
    chance = random.Random(6)  # noqa: S311 - makes text that can not be compressed, guards nothing.
    long = "".join(chr(chance.randrange(0x10000, 0x1F000)) for _ in range(3000))
    walk(database_url, BEFORE)
    fill(database_url)
    with opened(database_url) as connection:
        told = {"long": long}
        connection.execute(text("UPDATE record_donors SET name = :long, statement = :long"), told)
        connection.execute(text("UPDATE record_sources SET repository = :long, ref = :long, statement = :long"), told)
    walk(database_url, REVISION)
    with opened(database_url) as connection:
        donor = connection.execute(text("SELECT name, statement FROM record_donors")).one()
        source = connection.execute(text("SELECT repository, ref, statement FROM record_sources")).one()
    assert tuple(donor) == (long[:500], long)
    assert tuple(source) == (long[:250], long[:400], long)


def test_an_older_program_goes_on_writing_items(
    database_url: str, walk: Walk, fill: Callable[[str], None], opened: Opened
) -> None:
    """It knows no origins: its items have none until they are described again."""
    walk(database_url, REVISION)
    fill(database_url)
    with opened(database_url) as connection:
        assert connection.scalar(text("SELECT origins FROM items")) == "[]"

"""The revision that leaves languages out: rows of this program go back to what the one before would have written."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

REVISION = "20261129_1200_no_language"

Walk = Callable[[str, str], None]
Opened = Callable[[str], Any]


def test_the_program_of_before_finds_every_language(
    database_url: str, walk: Walk, fill: Callable[[str], None], opened: Opened
) -> None:
    """What has a language, or more to tell of, has stayed as it was."""
    kept = '{"titles":[{"value":"a"},{"lang":"de","value":"{\\"value\\":"},{"lang":null,"type":"b","value":"c"}]}'
    walk(database_url, REVISION)
    fill(database_url)
    with opened(database_url) as connection:
        connection.execute(text("UPDATE records SET metadata = :kept"), {"kept": kept})
    walk(database_url, "-1")
    with opened(database_url) as connection:
        told = connection.scalar(text("SELECT metadata FROM records"))
        assert connection.scalar(text("SELECT oldest_code FROM schema_state")) == 1
    assert told == kept.replace('[{"value":"a"', '[{"lang":null,"value":"a"')

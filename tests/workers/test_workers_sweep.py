"""A sweep in the hands of workers: queued like a harvest, and its deletions are done when it is finished."""

from pathlib import Path

import pytest
from database_rows import rows
from equality import assert_feed_leads_here
from stack import Stack, declare
from swept_archive import a_day_passes, archive_of

from ingest.ledger import RunKind, Verdict

pytestmark = pytest.mark.xdist_group("stack")

SECONDS = 120


def test_a_queued_sweep_deletes_what_two_have_missed(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path
) -> None:
    """Whoever of several works on it."""
    with archive_of(40) as archive, Stack(migrated_postgresql_url, broker_url, tmp_path) as stack:
        declare(stack.config, {"tested": {"url": archive.url}})
        stack.worker(2)
        stack.ended(stack.queue("tested"), SECONDS)
        archive.gone = {3, 30}
        first = stack.ended(stack.queue("tested", "--sweep"), SECONDS)
        assert [(each.code, each.count) for each in first.reasons] == [("missed-once", 2)]
        a_day_passes(migrated_postgresql_url)
        second = stack.ended(stack.queue("tested", "--sweep"), SECONDS)
    assert (second.kind, second.verdict) == (RunKind.SWEEP, Verdict.COMPLETE)
    assert [(each.code, each.count) for each in second.reasons] == [("missed-twice", 2)]
    gone = rows(migrated_postgresql_url, "SELECT record_id FROM catalogue_records WHERE deleted ORDER BY record_id")
    assert [row["record_id"] for row in gone] == ["oai:swept:003", "oai:swept:030"]
    assert_feed_leads_here(migrated_postgresql_url)

"""A retirement that is killed in the middle: what is left is whole, and the same command ends it."""

import subprocess
import sys
from pathlib import Path

from database_rows import count
from equality import assert_feed_leads_here
from two_archives import Two, retired

from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

RECORDS = 1400
COMMAND = (sys.executable, "-m", "workers.cli.main", "endpoints", "retire", "one", "--yes")


def test_killed_between_two_batches_it_goes_on(archives: Two, migrated_database_url: str, tmp_path: Path) -> None:
    """Seven batches, of which the first has been seen when the process dies."""
    with serve(DemoRepository(items=GeneratedItems(RECORDS), page_size=200)) as url:
        archives.urls["one"] = url
        archives.harvest(migrated_database_url, "one")
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "OAI_INGEST_DATABASE_URL": migrated_database_url}
    process = subprocess.Popen(COMMAND, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    while count(migrated_database_url, "items") == RECORDS:
        assert process.poll() is None
    process.kill()
    process.wait()
    left = count(migrated_database_url, "items")
    assert left < RECORDS
    assert_feed_leads_here(migrated_database_url)
    assert retired(migrated_database_url, "one").items == left
    assert count(migrated_database_url, "items") == 0
    assert_feed_leads_here(migrated_database_url)

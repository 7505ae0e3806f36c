"""Formats that a repository offers, never offered or no longer offers: what a harvest says of them."""

from dataclasses import replace

import pytest
from harvesting import endpoint_at, harvest_here

from ingest.ledger import Run, Verdict
from workers.demo.records import QDC, demo_items
from workers.demo.repository import OAI_DC, DemoRepository
from workers.demo.server import serve

BOTH = DemoRepository(items=demo_items(), formats=(OAI_DC, QDC))
OAI_DC_ALONE = replace(BOTH, formats=(OAI_DC,))


def told(database_url: str, *in_turn: DemoRepository) -> list[tuple[Verdict | None, list[str], set[str]]]:
    """Harvest one repository after the other as the same endpoint; give verdict, reasons and the prefixes read."""
    runs: list[Run] = []
    for repository in in_turn:
        with serve(repository) as base_url:
            runs.append(harvest_here(database_url, endpoint_at(base_url, metadata_prefix=("oai_dc", "qdc"))))
    return [
        (run.verdict, [reason.code for reason in run.reasons], {window.list.metadata_prefix for window in run.windows})
        for run in runs
    ]


def test_a_format_that_is_no_longer_offered_makes_the_next_harvest_partial(migrated_database_url: str) -> None:
    """What was read in it would age unseen; the other format is read all the same."""
    before, after = told(migrated_database_url, BOTH, OAI_DC_ALONE)
    assert before[0] is Verdict.COMPLETE
    assert before[2] == {"oai_dc", "qdc"}
    assert after == (Verdict.PARTIAL, ["prefix-not-offered"], {"oai_dc"})


@pytest.mark.parametrize("times", [1, 2])
def test_a_format_that_was_never_offered_is_a_remark(times: int, migrated_database_url: str) -> None:
    """However often the repository is harvested: nothing that was read is missed."""
    *_, last = told(migrated_database_url, *[OAI_DC_ALONE] * times)
    assert last[0] is Verdict.COMPLETE
    assert "prefix-not-offered" in last[1]
    assert last[2] == {"oai_dc"}

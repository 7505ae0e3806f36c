"""Prunes the database of what is named, after saying how much that is."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ingest.endpoint_values import quoted
from ingest.errors import ConfigurationError
from ingest.settings import from_environment
from ingest.store.engine import Database
from ingest.store.pruning import Before, Prunable, count_prunable, instants_before, oldest_place, prune
from workers.cli.counted_progress import Told, shown_counting
from workers.cli.databases import writable
from workers.cli.output import instant, note, write, write_json
from workers.cli.stopping import Stop, stoppable

# Not as other durations are written: what a bare number or an m took away, nobody brings back.
_AGE = re.compile(r"([0-9]{1,4})\s*([hdwy])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "y": 365 * 24}
_OLDEST = timedelta(days=200 * 365)
"""Whatever is meant by more: nothing is so old, and the calendar has no such year."""
_WORDS = {
    Prunable.VERSIONS: "former versions of records",
    Prunable.CHANGES: "changes of the feed",
    Prunable.REJECTIONS: "settled rejections",
    Prunable.RUNS: "runs",
}


def prune_and_report(ages: Mapping[Prunable, str | None], *, dry_run: bool, as_json: bool) -> int:
    """Say how much is old, take it away unless only that was asked; returns the exit code, 1 where it was stopped.

    Raises ConfigurationError where nothing is named, or an age is none.
    """
    asked = {what: _age(what, written) for what, written in ages.items() if written is not None}
    if not asked:
        raise ConfigurationError(
            "nothing is pruned that is not named; name what and its age, such as --versions-older-than 90d"
        )
    with stoppable("the batch in hand") as stop, writable(from_environment().database_url) as database:
        before = instants_before(database, asked)
        found = count_prunable(database, before)
        if not dry_run:
            for what, number in found.items():
                note(f"to be pruned: {number} {_WORDS[what]} from before {instant(before[what])}")
            pruned = _prune(database, before, found, stop)
        oldest = str(oldest_place(database))
        stopped = stop()
    rows = found if dry_run else pruned
    if as_json:
        write_json(_object(before, rows, oldest=oldest, dry_run=dry_run, stopped=stopped))
    else:
        _tell(before, rows, oldest=oldest, dry_run=dry_run)
    if stopped:
        note("stopped; the same command goes on")
    return 1 if stopped else 0


def _age(what: Prunable, written: str) -> timedelta:
    found = _AGE.fullmatch(written.strip())
    age = None if found is None else timedelta(hours=int(found[1]) * _HOURS[found[2]])
    if age is None or age > _OLDEST:
        raise ConfigurationError(
            f"--{what}-older-than {quoted(written)} is no age; write hours, days, weeks or years, such as 90d or 2y"
        )
    return age


def _prune(database: Database, before: Before, found: Mapping[Prunable, int], stop: Stop) -> dict[Prunable, int]:
    """Take away batch by batch until a stop is asked for; give how many rows went."""
    pruned = dict.fromkeys(before, 0)
    with shown_counting() as tell:
        for what in before:
            if stop():
                break
            for number in prune(database, what, before):
                pruned[what] += number
                tell(Told(name=what, done=pruned[what], of=max(found[what], pruned[what]), things=_WORDS[what]))
                if stop():
                    break
    return pruned


def _object(
    before: Before, rows: Mapping[Prunable, int], *, oldest: str, dry_run: bool, stopped: bool
) -> dict[str, Any]:
    pruned = {str(what): {"before": instant(before[what]), "rows": rows[what]} for what in before}
    return {"dry_run": dry_run, "stopped": stopped, "pruned": pruned, "oldest_cursor": oldest}


def _tell(before: Before, rows: Mapping[Prunable, int], *, oldest: str, dry_run: bool) -> None:
    done = "would be pruned" if dry_run else "pruned"
    for what in before:
        write(f"{done}: {rows[what]} {_WORDS[what]} from before {instant(before[what])}\n")
    if Prunable.CHANGES in before and not dry_run:
        write(f"the feed begins after {oldest} now; whoever has not read up to there reads everything anew\n")

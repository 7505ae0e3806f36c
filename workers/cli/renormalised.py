"""What describing again has changed, or would change: for programs and for people."""

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.renormalise import Compared, Redescribed
from workers.cli import layout
from workers.cli.output import counted, duration, note, one_line, write

_CHANGES = ("created", "changed", "deleted", "restored", "merged")


# --- for programs ---------------------------------------------------------------------------------


def redescribed_object(done: Redescribed) -> dict[str, Any]:
    """Tell what came of one endpoint."""
    return {
        "endpoint": done.endpoint,
        "stale": done.stale,
        "items": done.items,
        "moved": done.moved,
        **{change: done.changes[change] for change in _CHANGES},
        "refused": dict(done.refused),
        "newer": done.newer,
        "left": done.left,
        "stopped": done.stopped,
    }


def compared_object(compared: Compared, limit: int) -> dict[str, Any]:
    """Tell what would change of one endpoint, the most frequent differences first."""
    return {
        "endpoint": compared.endpoint,
        "stale": compared.stale,
        "newer": compared.newer,
        "records": compared.records,
        **{change: compared.changes[change] for change in _CHANGES},
        "refused": dict(compared.refused),
        "differences": [
            {
                "count": count,
                "field": difference.field,
                "value": difference.value,
                "was": difference.was,
                "becomes": difference.becomes,
                "rule": difference.rule,
                "example": compared.examples[difference],
            }
            for difference, count in compared.counts.most_common(limit)
        ],
        "further": _further(compared, limit),
        "stopped": compared.stopped,
    }


def _further(compared: Compared, limit: int) -> int:
    shown = sum(count for _, count in compared.counts.most_common(limit))
    return compared.counts.total() - shown + compared.further


# --- for people -----------------------------------------------------------------------------------


def show_redescribed(done: Sequence[Redescribed], seconds: float, *, of_all: bool) -> None:
    """Write a row for each endpoint of which anything was described again, and what is left to do.

    ``of_all`` is False where endpoints that were asked for could not be looked at.
    """
    busy = [each for each in done if each.stale or each.newer]
    if not busy:
        if done and of_all:
            write("every item is described by the rules and tables of now\n")
        return
    headings = ("endpoint", "items", "moved", *_CHANGES, "left")
    rows = [
        (each.endpoint, each.items, each.moved, *(each.changes[change] for change in _CHANGES), each.left)
        for each in busy
    ]
    layout.show(layout.table(headings, rows, numbers=headings[1:]))
    write(f"{counted(sum(each.items for each in busy), 'item')} described again in {duration(seconds)}\n")
    for each in busy:
        for line in _remarks(each):
            note(line)


def _remarks(done: Redescribed) -> Iterable[str]:
    yield from _refused(done.endpoint, done.refused.items(), done.example)
    yield from _newer(done.endpoint, done.newer)
    if done.stopped:
        yield f"{done.endpoint}: stopped before the end; the same command goes on where it was left"
    elif done.left > done.refused.total():
        yield f"{done.endpoint}: a harvest by an older declaration has brought items meanwhile; run the command again"


def _refused(endpoint: str, refused: Iterable[tuple[str, int]], example: str | None) -> Iterable[str]:
    for reason, count in refused:
        told = f"can not be described as declared now ({reason}); what is kept of them stays as it is"
        yield f"{endpoint}: {counted(count, 'item')} {told}"
    if example:
        yield one_line(f"{endpoint}: the first is {example}")


def _newer(endpoint: str, newer: int) -> Iterable[str]:
    if newer:
        yield f"{endpoint}: {counted(newer, 'item')} described by a newer oai-ingest are left as they are; run that one"


def show_compared(done: Sequence[Compared], limit: int, *, of_all: bool) -> None:
    """Write what would change of each endpoint, the most frequent differences first; ``of_all`` as above."""
    if done and of_all and not any(each.stale for each in done):
        write("nothing would change: every item is described by the rules and tables of now\n")
    for each in done:
        if each.stale:
            _show_compared(each, limit)
        for line in (*_refused(each.endpoint, each.refused.items(), None), *_newer(each.endpoint, each.newer)):
            note(line)


def _show_compared(compared: Compared, limit: int) -> None:
    told = f"{counted(compared.stale, 'item')} to describe again, {counted(compared.records, 'record')} would change"
    write(f"{one_line(compared.endpoint)}: {told}{', stopped before the end' if compared.stopped else ''}\n")
    if not compared.counts:
        return
    rows = [
        (count, each.field, each.value, each.was or "-", each.becomes or "-", each.rule, compared.examples[each])
        for each, count in compared.counts.most_common(limit)
    ]
    headings = ("records", "field", "value", "was", "becomes", "rule", "such as")
    layout.show(layout.table(headings, rows, numbers=headings[:1]))
    if further := _further(compared, limit):
        note(f"and {counted(further, 'further difference')}; see more with --limit")

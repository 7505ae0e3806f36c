"""What came of asking again for rejections, and how it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from ingest.ledger import Run
from ingest.store.show_rejections import KeptRejection, RejectionGroup
from workers.cli import layout
from workers.cli.output import counted, write
from workers.cli.rejection_listing import rejection_object

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of the rejections of one endpoint and prefix."""

    endpoint: str
    metadata_prefix: str
    asked: int
    """How many were asked for; 0 where something stood in the way."""
    released: tuple[KeptRejection, ...] = ()
    rejected: tuple[KeptRejection, ...] = ()
    """Those that are still open, as they are now."""
    run: Run | None = None
    error: str | None = None
    """Why the run did not ask for all of them."""
    stopped: bool = False
    """A person asked for an end; nothing more is begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of a whole call."""

    tried: tuple[Tried, ...]
    left: int
    """Further open rejections that can be asked for, and were not in this call."""
    without_identifier: tuple[tuple[RejectionGroup, str], ...]
    """Those that no repository can be asked for one by one, and the command that reads their list again."""
    named: bool
    """Rejections were named, not only described."""

    @property
    def well(self) -> bool:
        """Whether nothing that was meant is still rejected."""
        missed = self.named and bool(self.without_identifier)
        return not missed and not any(each.rejected or each.error or each.stopped for each in self.tried)


def retried_object(outcome: Retried) -> dict[str, Any]:
    """Tell what came of asking again."""
    tried = outcome.tried
    return {
        "retried": sum(each.asked for each in tried),
        "released": sum(len(each.released) for each in tried),
        "still_rejected": sum(len(each.rejected) for each in tried),
        "left": outcome.left,
        "endpoints": [_object(each) for each in tried],
        "without_identifier": [
            {
                "endpoint": group.endpoint,
                "metadata_prefix": group.metadata_prefix,
                "reason": group.reason,
                "count": group.without_identifier,
                "command": command,
            }
            for group, command in outcome.without_identifier
        ],
    }


def _object(tried: Tried) -> dict[str, Any]:
    told = {
        "endpoint": tried.endpoint,
        "metadata_prefix": tried.metadata_prefix,
        "run": tried.run.run_id if tried.run else None,
        "verdict": tried.run.verdict.value if tried.run and tried.run.verdict else None,
        "retried": tried.asked,
        "released": [each.rejection_id for each in tried.released],
        "still_rejected": [rejection_object(each) for each in tried.rejected],
    }
    return told | ({"error": tried.error} if tried.error else {})


def write_retried(outcome: Retried) -> None:
    """Write for people what came of asking again."""
    for each in outcome.tried:
        layout.show(*_shown(each))
    if not outcome.tried:
        write("there is nothing to ask for again\n")
    if outcome.left:
        write(f"{counted(outcome.left, 'more rejection')} can be asked for; run the same command again\n")
    for group, command in outcome.without_identifier:
        number = counted(group.without_identifier, "rejection")
        write(f"{number} of {group.endpoint}, {group.metadata_prefix}, told no identifier (reason {group.reason}):\n")
        write(f"what became of the records comes only with their list: {command}\n")


def _shown(tried: Tried) -> Iterator[RenderableType]:
    asked = f"{tried.asked} asked again, {len(tried.released)} released" if tried.asked else "none asked again"
    told = f"{asked}, {len(tried.rejected)} still rejected"
    run = f"  (run {tried.run.run_id})" if tried.run else ""
    style = "bold yellow" if tried.rejected else "bold green"
    yield layout.line(f"{tried.endpoint}, {tried.metadata_prefix}: ", layout.words(told, style), run)
    if not tried.rejected or tried.run is None:
        return
    rows = [(each.rejection_id, each.identifier, each.reason, each.message) for each in tried.rejected[:_MOST_SHOWN]]
    yield layout.indented(layout.table(("id", "identifier", "reason", "why"), rows, numbers=("id",)))
    if len(tried.rejected) > _MOST_SHOWN:
        yield layout.indented(layout.words(f"and {len(tried.rejected) - _MOST_SHOWN} more"))

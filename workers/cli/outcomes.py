"""What came of a harvest in this process."""

from dataclasses import dataclass

from ingest.ledger import Run, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run as this process leaves it."""

    run: Run
    gaps: int
    """Gaps of the endpoint that are open now."""
    seconds: float
    seen: int
    """Record elements read by this process; the run's count holds earlier parts too."""
    error: str | None = None
    """What ended the process's work before the run had ended."""

    @property
    def complete(self) -> bool:
        """Whether all was done that was asked."""
        return self.error is None and self.run.verdict is Verdict.COMPLETE

"""What a transaction may find that it needs before it can succeed: it is rolled back, and asked for again with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionsWanted:
    """Nothing was written: these have to be described first. Ask again with them."""

    items: frozenset[int] = frozenset()
    """Stored items that speak from now on."""
    identifiers: frozenset[str] = frozenset()
    """Answers of a page whose item has changed since it was looked up."""


class RolledBack(Exception):
    """Carries out of the transaction what is wanted before it can succeed; None: to begin again will do."""

    def __init__(self, wanted: DescriptionsWanted | None) -> None:
        """Keep what is wanted."""
        super().__init__()
        self.wanted = wanted

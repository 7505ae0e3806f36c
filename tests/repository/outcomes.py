"""What must come out of a misbehaviour, as a row of the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.ledger import Verdict

RECORDS = 45
"""Records of the table's repository: five pages of ten, none deleted."""
PAGES = 5
PLAIN = 2
"""Identify and ListMetadataFormats come before any list."""
UNDISTURBED = PLAIN + PAGES
"""Requests of a harvest that nothing disturbs."""
TRIES = 5
"""How often a page is asked for that does not come, or comes cut off."""
TRIES_OF_BROKEN = 3
"""How often a page is asked for that is not well-formed."""
BY_RECORD = PLAIN + 2 + TRIES + 1 + PAGES + RECORDS + TRIES
"""Two pages, the struck one, one look at the headers, then all headers and each record alone, a bad one several times.
"""
IN_PARTS = 2 * RECORDS + 10
"""As above until a page of headers does not come either; then all of it once more, in parts that are shorter."""
BEGUN_AGAIN = PLAIN + 4 * 3 + 15
"""Four times up to the struck page, then in parts, each of which ends before its third page."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One misbehaviour, or several joined by ``+``, and what a first harvest comes to in the face of it."""

    name: str
    does: str
    """What the harvester does about it, in words for an operator."""
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """The reasons' codes, in order."""
    stored: int = RECORDS
    """Items, live and deleted."""
    rejected: int = 0
    """Rejections kept, those alike once."""
    gaps: int = 0
    most_requests: int
    deleted: int = 0
    """Catalogue records that are deleted."""
    keys: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the endpoint's declaration that the row needs."""
    repairs: tuple[str, ...] = ()
    """The repairs that are named, in the order of their names."""
    least_wait: float = 0.0
    """Seconds that are waited for the repository at least, all in all."""
    most_wait: float | None = None
    """Likewise at most; None: no matter."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the harvest is asked for beside everything: ``from_``, ``until``, ``sets`` and so on."""
    when: str = ""
    """What ``keys`` and ``asked`` come to, in words for an operator: ``with a set``."""
    after: int = RECORDS
    """Live records once a second harvest has met the same repository without the misbehaviour."""

    @property
    def label(self) -> str:
        """Name the row; several may be of one misbehaviour."""
        return f"{self.name}, {self.when}" if self.when else self.name

    @property
    def lacks(self) -> bool:
        """Whether a second harvest has something to bring."""
        return bool(self.gaps or self.rejected or self.deleted or self.stored < self.after)


def complete(name: str, does: str, *reasons: str, most_requests: int = UNDISTURBED, **more: Any) -> Row:
    """Expect all that there is, unless ``stored`` or ``rejected`` say that something is not."""
    return Row(name=name, does=does, verdict=Verdict.COMPLETE, reasons=reasons, most_requests=most_requests, **more)


def partial(  # One argument for each thing that differs from row to row.
    name: str,
    does: str,
    *reasons: str,
    stored: int = 20,
    gaps: int = 1,
    most_requests: int = PLAIN + 3,
    **more: Any,
) -> Row:
    """Expect the two pages before the struck one, and a gap."""
    return Row(
        name=name,
        does=does,
        verdict=Verdict.PARTIAL,
        reasons=reasons,
        stored=stored,
        gaps=gaps,
        most_requests=most_requests,
        **more,
    )


def suspect(name: str, does: str, *reasons: str, most_requests: int = UNDISTURBED, **more: Any) -> Row:
    """Expect a list that ended by the protocol's sign and is not believed."""
    return Row(name=name, does=does, verdict=Verdict.SUSPECT, reasons=reasons, most_requests=most_requests, **more)


def failed(name: str, does: str, reason: str, *, most_requests: int, **more: Any) -> Row:
    """Expect nothing at all, said quickly."""
    return Row(
        name=name,
        does=does,
        verdict=Verdict.FAILED,
        reasons=(reason,),
        stored=0,
        most_requests=most_requests,
        **more,
    )

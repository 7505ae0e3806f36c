"""What follows from a repository that refuses access: its schedule waits until a person has looked. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from ingest.endpoints import Endpoint
from ingest.errors import AccessRefused
from ingest.ledger import Reason


def pauses(reasons: Iterable[Reason], endpoint: Endpoint) -> bool:
    """Whether a run that ended for these reasons ends its endpoint's schedule for now."""
    scheduled = endpoint.schedule is not None or endpoint.sweep is not None
    return scheduled and any(reason.code == AccessRefused.code for reason in reasons)


def with_pause(reasons: tuple[Reason, ...], endpoint: Endpoint) -> tuple[Reason, ...]:
    """Say with the reasons of a run that the schedule is paused by it, and how it goes on."""
    if not pauses(reasons, endpoint):
        return reasons
    told = f"the schedule is paused until `oai-ingest endpoints resume {endpoint.name}`"
    return tuple(
        replace(reason, text=f"{reason.text}; {told}") if reason.code == AccessRefused.code else reason
        for reason in reasons
    )

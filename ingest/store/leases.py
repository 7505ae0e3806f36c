"""The right to work on a window, as a value; see ``windows`` for how it is had and lost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a window; it ends when another lease raises the fence."""

    window_id: int
    run_id: int
    endpoint_id: int
    owner: str
    fence: int

"""The only reader of the environment."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says (docs/operators.md lists the variables); secrets stay out of the repr."""

    database_url: str
    broker_url: str | None
    config: Path
    contact: str | None
    lease_seconds: float
    tick_seconds: float
    slice_seconds: float
    min_interval: float
    max_response_bytes: int
    log_format: str
    flower_auth: str | None

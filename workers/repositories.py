"""From a declaration to the repository that is asked: who we are, how patiently we ask, with which credentials."""

from collections.abc import Callable
from functools import partial
from typing import Any

from ingest.endpoints import Auth, Endpoint
from ingest.errors import ConfigurationError
from ingest.protocol.client import Repository
from ingest.protocol.inquiry import Inquiry
from ingest.settings import Settings, secret
from ingest.store.engine import Database
from ingest.store.hosts import note_retry_after, take_turn
from workers.installed import our_version


def user_agent(contact: str | None) -> str:
    """Say who asks, and whom to write to (harvester guidelines, section 4)."""
    return f"oai-ingest/{our_version()} ({contact})" if contact else f"oai-ingest/{our_version()}"


def open_repository(
    endpoint: Endpoint,
    settings: Settings,
    *,
    wait: Callable[[float], object],
    on_wait: Callable[[float, str], None] | None,
    longest_wait: float | None = None,
) -> Repository:
    """Make the repository of an endpoint; nothing is asked yet. ``longest_wait`` (seconds) bounds its patience further.

    Raises ConfigurationError where a credential is not in the environment or a value can not be sent.
    """
    manners = _manners(endpoint, settings)
    return Repository(endpoint.url, wait=wait, on_wait=on_wait, longest_wait=longest_wait, **manners)


def open_inquiry(
    endpoint: Endpoint,
    settings: Settings,
    *,
    most_requests: int,
    longest_wait: float,
    on_wait: Callable[[float, str], None],
) -> Inquiry:
    """Make the repository of an endpoint for a check, which asks so many times at most; else as above."""
    manners = _manners(endpoint, settings)
    return Inquiry(endpoint.url, most_requests=most_requests, on_wait=on_wait, longest_wait=longest_wait, **manners)


def _manners(endpoint: Endpoint, settings: Settings) -> dict[str, Any]:
    return {
        "user_agent": user_agent(settings.contact),
        "contact": settings.contact,
        "timeout": endpoint.timeout,
        "page_deadline": endpoint.page_deadline,
        "max_bytes": endpoint.max_bytes or settings.max_response_bytes,
        "verify_tls": endpoint.verify_tls,
        "auth": _basic(endpoint.auth),
        "headers": {**endpoint.headers, **_secret_header(endpoint.auth)},
        # A value may begin with the name of a scheme, as ``Bearer`` is.
        "secrets": [part for value in _secret_header(endpoint.auth).values() for part in (value, *value.split()[-1:])],
        "min_interval": max(endpoint.min_interval, settings.min_interval),
        "repeat_arguments": "repeat_arguments" in endpoint.known_quirks,
        "day_granularity": "day_granularity" in endpoint.known_quirks,
    }


def share_pace(repository: Repository, endpoint: Endpoint, settings: Settings, database: Database) -> None:
    """Let all processes that work with this database keep the pace of the endpoint's host together.

    Turns cost a statement a request: they are taken where a pace is declared or several ask at once.
    """
    takes_turns = endpoint.parallel > 1 or max(endpoint.min_interval, settings.min_interval) > 0
    repository.share_pace(
        take_turn=partial(take_turn, database, endpoint.host) if takes_turns else None,
        keep_away=partial(note_retry_after, database, endpoint.host),
    )


def _basic(auth: Auth | None) -> tuple[str, str] | None:
    if auth is None or auth.basic is None:
        return None
    name = auth.basic.removeprefix("env:")
    user, colon, password = secret(name).partition(":")
    if not colon:
        raise ConfigurationError(f"{name} must hold USER:PASSWORD")
    return user, password


def _secret_header(auth: Auth | None) -> dict[str, str]:
    if auth is None or auth.header is None or auth.value is None:
        return {}
    return {auth.header: secret(auth.value.removeprefix("env:"))}

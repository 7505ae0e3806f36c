"""The way to a Redis broker: kombu's own, but what it takes out of a queue is looked at before it counts as a message.

Anything may lie in a Redis list. Kombu reads it without looking, in the loop that the whole worker hangs on: bytes that
are no JSON, or JSON that is no message, end the worker; an object without ``properties`` counts as a lost connection,
and then every task in hand is given out a second time. Here such an item is logged in one line and dropped. Nothing is
lost by it, because the queue is only a hint and the database says what is to be done.
"""

import base64
from typing import Any, Literal

import structlog
from kombu.transport import TRANSPORT_ALIASES, redis
from kombu.utils.json import loads
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

log = structlog.stdlib.get_logger(__name__)

_SCHEMES = ("redis", "rediss")
_LONGEST_REASON = 200
_LONGEST_VALUE = 80


def register() -> None:
    """Let every connection to a Redis broker that this process opens from now on be one of these."""
    # By the scheme and not by Celery's broker_transport, which would take the encryption from a rediss:// address.
    TRANSPORT_ALIASES.update(dict.fromkeys(_SCHEMES, f"{__name__}:Transport"))


def reason(error: Exception) -> str:
    """Tell in a few words why something is no message; what it holds stays out of them as far as possible."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        # Else pydantic names our classes.
        told = "Input should be an object" if first["type"] == "model_type" else first["msg"]
        return f"{where}: {told}"[:_LONGEST_REASON]
    return f"{type(error).__name__}: {error}"[:_LONGEST_REASON]


def shown(value: object) -> str:
    """Cut a value from a message to what is worth a place in a line."""
    return str(value)[:_LONGEST_VALUE]


class Checked(BaseModel):
    """Part of a message; the words of another type are not taken for it."""

    model_config = ConfigDict(strict=True)


class _DeliveryInfo(Checked):
    exchange: str
    routing_key: str


class _Properties(Checked):
    # A key in Redis, so it has to be writable as UTF-8; a length makes pydantic look.
    delivery_tag: str = Field(min_length=1, max_length=255)
    delivery_info: _DeliveryInfo
    body_encoding: Literal["base64", "utf-8"] | None = None


class _Headers(Checked):
    # Nothing of ours is compressed, and what kombu unpacks knows no bounds.
    compression: None = None


class _Envelope(Checked):
    """What kombu reads of every message, be it a task, an event or a command to workers, before anything else looks."""

    properties: _Properties
    headers: _Headers | None = None
    content_type: str | None = Field(default=None, alias="content-type")
    content_encoding: str | None = Field(default=None, alias="content-encoding")
    body: str | None = None

    @field_validator("body")
    @classmethod
    def _decodable(cls, body: str | None, info: ValidationInfo) -> str | None:
        properties: _Properties | None = info.data.get("properties")
        if body and properties and properties.body_encoding == "base64":
            base64.b64decode(body.encode())
        return body


def fault(item: bytes) -> str | None:
    """Tell why an item of a queue is no message, or None where it is one."""
    try:
        # With the same words as kombu's: what passes here passes there.
        content = loads(item.decode(errors="replace"))  # type: ignore[no-untyped-call]  # kombu says no types here.
        _Envelope.model_validate(content)
    except Exception as error:  # noqa: BLE001 - it reads and does nothing else: whatever is raised, the item is to blame.
        return reason(error)
    return None


class Channel(redis.Channel):
    """A channel that hands on messages only, and that is closed by the first attempt."""

    def close(self) -> None:
        """Close, also where the broker is away; whatever the broker's absence raises is raised then."""
        try:
            super().close()  # type: ignore[no-untyped-call]  # kombu says no types here.
        except self.connection_errors:
            # An answer that was still awaited can not be read: kombu leaves the channel open, and closes it again when
            # its connection no longer knows the broker's address, of which the whole worker ends.
            if not self.closed:
                super().close()  # type: ignore[no-untyped-call]  # As above.
            raise

    def _create_client(self, asynchronous: bool = False) -> Any:  # noqa: FBT001, FBT002 - kombu's own.
        client = super()._create_client(asynchronous)  # type: ignore[no-untyped-call]  # As above.
        popped = client.response_callbacks["BRPOP"]

        def checked(response: Any, **options: Any) -> Any:
            found = popped(response, **options)
            # To kombu, nothing means that the wait was in vain; it asks again.
            return found if found and _is_message(found[1], found[0]) else None

        client.set_response_callback("BRPOP", checked)
        return client

    def _handle_message(self, client: Any, response: Any) -> Any:
        told = super()._handle_message(client, response)  # type: ignore[no-untyped-call]  # As above.
        if told["type"].endswith(b"message") and not _is_message(told["data"], told["channel"]):
            return told | {"data": None}  # Kombu passes over what brings nothing.
        return told


class Transport(redis.Transport):
    """The transport whose channels hand on messages only."""

    Channel = Channel


def _is_message(item: bytes, queue: bytes) -> bool:
    why = fault(item)
    if why:
        begins = shown(item.decode(errors="replace"))
        log.warning(
            "dropped what is no message",
            queue=shown(queue.decode(errors="replace")),
            reason=why,
            size=len(item),
            begins=begins,
        )
    return why is None

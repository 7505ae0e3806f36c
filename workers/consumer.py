"""The worker's consumer: Celery's own, but a task message is held against what we send before Celery acts on it.

What Celery makes of a message that it can not use differs with what is wrong: a traceback of seventy lines, an endless
circle of reconnecting, or the end of the worker, with the message back in the queue for the next one. Here it is always
one line, and the message is dropped: the ledger knows what is to be done, and the scheduler sends what is missing.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from inspect import signature
from typing import Annotated, Any, Literal, get_type_hints

import structlog
from celery.worker import consumer
from kombu.message import Message
from pydantic import BeforeValidator, Field, Strict, create_model

from workers.transport import Checked, reason, shown

log = structlog.stdlib.get_logger(__name__)


def _instant(text: object) -> datetime | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise ValueError("is no text")  # noqa: TRY004 - pydantic lists ValueErrors only.
    return datetime.fromisoformat(text).astimezone(UTC)


_Name = Annotated[str, Field(min_length=1, max_length=255)]
_Nothing = Annotated[list[Any], Field(max_length=0)] | Annotated[dict[str, Any], Field(max_length=0)] | None
_Instant = Annotated[datetime | None, BeforeValidator(_instant)]
_KINDS: dict[Any, Any] = {int: Annotated[int, Field(ge=0, lt=2**63)]}
"""The numbers that our tasks are given are ids, and a column of the database holds no greater ones."""
_Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)] | None


class _Embedded(Checked, extra="forbid"):
    """What Celery would send or run after the task; we let nothing follow a task but by the ledger."""

    callbacks: _Nothing = None
    errbacks: _Nothing = None
    chain: _Nothing = None
    chord: _Nothing = None


class _Headers(Checked):
    """What Celery reads of a task's headers (its message protocol, version 2)."""

    task: _Name
    id: _Name
    root_id: _Name | None = None
    parent_id: _Name | None = None
    group: _Name | None = None
    shadow: _Name | None = None
    eta: _Instant = None
    expires: _Instant = None
    retries: Annotated[int, Field(ge=0)] = 0
    timelimit: Annotated[list[_Seconds], Field(min_length=2, max_length=2)] | None = None
    argsrepr: str | None = None
    kwargsrepr: str | None = None
    ignore_result: bool | None = None
    replaced_task_nesting: int | None = None
    stamped_headers: _Nothing = None
    stamps: _Nothing = None
    callbacks: _Nothing = None
    errbacks: _Nothing = None
    chain: _Nothing = None
    chord: _Nothing = None


class _TaskMessage(Checked, from_attributes=True):
    content_type: Literal["application/json"]
    content_encoding: Literal["utf-8"]
    headers: _Headers
    # JSON has lists only.
    payload: Annotated[tuple[list[Any], dict[str, Any], _Embedded], Strict(strict=False)]


def fault(message: Message, tasks: Mapping[str, Any], *, longest_wait: timedelta) -> str | None:
    """Tell why a message is none of a task that we send, or None where it is one.

    ``longest_wait`` is how far ahead a task may be due: later than that, the broker gives it out again meanwhile.
    """
    try:
        read = _TaskMessage.model_validate(message)
        if read.headers.task not in tasks:
            return "there is no such task"
        if read.headers.eta and read.headers.eta - datetime.now(UTC) > longest_wait:
            return f"due more than {longest_wait.total_seconds():.0f} s ahead"
        args, kwargs, _ = read.payload
        _check_arguments(tasks[read.headers.task].run, args, kwargs)
    except Exception as error:  # noqa: BLE001 - it reads and does nothing else: whatever is raised, the message is to blame.
        return reason(error)
    return None


def _check_arguments(work: Callable[..., object], args: list[Any], kwargs: dict[str, Any]) -> None:
    """Raise where these are no arguments of the task's function, by number, name or type."""
    given = signature(work).bind(*args, **kwargs).arguments
    kinds = get_type_hints(work, include_extras=True)
    fields: dict[str, Any] = {name: (_KINDS.get(kinds.get(name), kinds.get(name, Any)), ...) for name in given}
    create_model("Arguments", __base__=Checked, **fields).model_validate(given)


class Consumer(consumer.Consumer):  # type: ignore[misc]  # Celery has no types.
    """A consumer that acts on messages of our tasks and drops all others."""

    def create_task_handler(self, *arguments: Any, **options: Any) -> Callable[[Message], None]:
        """Return what is called with each message of a task queue."""
        act_on = super().create_task_handler(*arguments, **options)
        seconds = self.app.conf.broker_transport_options.get("visibility_timeout", 3600)

        def on_task_received(message: Message) -> None:
            why = fault(message, self.app.tasks, longest_wait=timedelta(seconds=seconds))
            if why is None:
                act_on(message)
            else:
                _drop(message, why)

        return on_task_received

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """Drop what can not be read, a command to workers for one."""
        _drop(message, reason(exc))


def _drop(message: Message, why: str) -> None:
    message.reject()  # type: ignore[no-untyped-call]  # kombu says no types here.
    task, task_id = (shown(message.headers.get(name)) for name in ("task", "id"))
    queue = shown((message.delivery_info or {}).get("routing_key"))
    log.warning("dropped a message", queue=queue, task=task, id=task_id, reason=why)

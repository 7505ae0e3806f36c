"""Garbage in the queue: told of in one line each, dropped, and nothing else is disturbed."""

import base64
import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu.message import Message
from processes import Process, until
from redis import Redis
from small_worker import DONE, GO, QUEUE, small_app

from workers import consumer, transport

WORKER = Path(__file__).parents[1] / "support" / "small_worker.py"
ROOT = Path(__file__).parents[2]
APP = small_app("redis://127.0.0.1:1/0")


def _encoded(body: object) -> str:
    return base64.b64encode(json.dumps(body).encode()).decode()


def _message(
    *, body: object = None, headers: dict[str, Any] | None = None, properties: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Write a message of the task ``note`` as kombu does, with what is given instead of what would be right."""
    return {
        "body": _encoded(body or [[], {"text": "made by hand"}, {"callbacks": None, "chord": None}]),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": "note", "id": str(uuid4()), "eta": None, "retries": 0, **(headers or {})},
        "properties": {
            "delivery_tag": str(uuid4()),
            "delivery_info": {"exchange": "", "routing_key": QUEUE},
            "body_encoding": "base64",
            **(properties or {}),
        },
    }


def _without(message: dict[str, Any], *path: str) -> dict[str, Any]:
    *way, last = path
    part = message
    for step in way:
        part = part[step]
    del part[last]
    return message


Content = bytes | dict[str, Any]
NO_MESSAGE: dict[str, tuple[Content, str]] = {
    "bytes": (b"\xff\xfe\x00\x80", "JSONDecodeError"),
    "nothing": (b"", "JSONDecodeError"),
    "text": (b"hello, world", "JSONDecodeError"),
    "half a message": (json.dumps(_message()).encode()[:300], "JSONDecodeError"),
    "a megabyte of rubbish": (bytes(range(256)) * 4096, "JSONDecodeError"),
    "brackets without end": (b"[" * 100_000, "RecursionError"),
    "null": (b"null", "the whole: Input should be an object"),
    "a number": (b"42", "the whole: Input should be an object"),
    "a list": (b"[1, 2]", "the whole: Input should be an object"),
    "a marked value": (b'{"__type__": "decimal", "__value__": "x"}', "ConversionSyntax"),
    "an empty object": (b"{}", "properties: Field required"),
    "properties that are none": ({**_message(), "properties": None}, "properties: Input should be an object"),
    "no delivery tag": (_without(_message(), "properties", "delivery_tag"), "properties.delivery_tag: Field required"),
    "a delivery tag that is a list": (
        _message(properties={"delivery_tag": [1]}),
        "delivery_tag: Input should be a val",
    ),
    "a delivery tag of half a character": (_message(properties={"delivery_tag": "\ud800"}), "delivery_tag: Input shou"),
    "no delivery info": (_without(_message(), "properties", "delivery_info"), "delivery_info: Field required"),
    "an empty delivery info": (_message(properties={"delivery_info": {}}), "delivery_info.exchange: Field required"),
    "an unknown encoding": (_message(properties={"body_encoding": "rot13"}), "body_encoding: Input should be"),
    "headers that are a list": ({**_message(), "headers": ["task"]}, "headers: Input should be an object"),
    "a compressed body": (_message(headers={"compression": "application/x-gzip"}), "headers.compression: Input should"),
    "a body that is a number": ({**_message(), "body": 7}, "body: Input should be a valid string"),
    "a body that is cut short": ({**_message(), "body": "abcde"}, "body: Value error, Invalid base64"),
    "a content type that is a list": ({**_message(), "content-type": [1]}, "content-type: Input should be a valid str"),
}
NO_TASK_OF_OURS: dict[str, tuple[dict[str, Any], str]] = {
    "no headers": (_without(_message(), "headers"), "headers.task: Field required"),
    "protocol 1": (
        {**_message(body={"task": "note", "id": "1", "args": [], "kwargs": {"text": "old"}}), "headers": {}},
        "headers.task: Field required",
    ),
    "an unknown task": (_message(headers={"task": "nobody.knows"}), "there is no such task"),
    "a name that is a list": (_message(headers={"task": ["note"]}), "headers.task: Input should be a valid string"),
    "no id": (_without(_message(), "headers", "id"), "headers.id: Field required"),
    "an id that is a list": (_message(headers={"id": [7]}), "headers.id: Input should be a valid string"),
    "no body": (_without(_message(), "body"), "payload: Input should be"),
    "a body that is no base64": ({**_message(), "body": "!!!*"}, "payload: Input should be"),
    "a body that is no JSON": ({**_message(), "body": base64.b64encode(b"nope").decode()}, "payload: Error extracting"),
    "a body of one number": (_message(body=7), "payload: Input should be"),
    "a body of three texts": (_message(body=["a", "b", "c"]), "payload.0: Input should be a valid list"),
    "pickle": (
        {**_message(), "content-type": "application/x-python-serialize", "body": _encoded(str(pickle.dumps([])))},
        "content_type: Input should be 'application/json'",
    ),
    "yaml": ({**_message(), "content-type": "application/x-yaml"}, "content_type: Input should be 'application/json'"),
    "no content type": (_without(_message(), "content-type"), "content_type: Input should be 'application/json'"),
    "no arguments": (_message(body=[[], {}, {}]), "TypeError: missing a required"),
    "an unknown argument": (
        _message(body=[[], {"text": "a", "colour": "red"}, {}]),
        "an unexpected keyword argument 'colour'",
    ),
    "arguments without names": (_message(body=[["a"], {"text": "b"}, {}]), "TypeError: too many positional"),
    "an argument of another type": (_message(body=[[], {"text": 7}, {}]), "text: Input should be a valid string"),
    "an id that is a text": (
        _message(headers={"task": "tell"}, body=[[], {"run": "7"}, {}]),
        "run: Input should be a valid",
    ),
    "an id that is true": (
        _message(headers={"task": "tell"}, body=[[], {"run": True}, {}]),
        "run: Input should be a valid",
    ),
    "an id too great": (_message(headers={"task": "tell"}, body=[[], {"run": 2**63}, {}]), "run: Input should be less"),
    "arguments that are a list": (_message(body=[[], ["a"], {}]), "payload.1: Input should be a valid dictionary"),
    "a task to follow": (_message(body=[[], {"text": "a"}, {"chain": [{"task": "note"}]}]), "payload.2.chain"),
    "a time that is none": (_message(headers={"eta": "tomorrow"}), "headers.eta: Value error"),
    "a time that is a number": (_message(headers={"eta": 12}), "headers.eta: Value error"),
    "a time that no clock has": (_message(headers={"eta": "0001-01-01T00:00:00+14:00"}), "OverflowError"),
    "a time too far ahead": (_message(headers={"eta": "9999-12-31T23:59:59+00:00"}), "due more than 60 s ahead"),
    "an expiry that is none": (_message(headers={"expires": "soon"}), "headers.expires: Value error"),
    "one time limit": (_message(headers={"timelimit": [1]}), "headers.timelimit: List should have at least 2"),
    "time limits that are texts": (_message(headers={"timelimit": ["a", "b"]}), "headers.timelimit.0: Input should"),
    "retries that are a text": (_message(headers={"retries": "many"}), "headers.retries: Input should be"),
}


def _item(content: Content) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


# --- told apart -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "why"), NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_what_is_no_message_is_told_apart_before_kombu_reads_it(content: Content, why: str) -> None:
    """Each of these would end a worker, or make it take the connection for lost."""
    assert why in str(transport.fault(_item(content)))


@pytest.mark.parametrize(("content", "why"), NO_TASK_OF_OURS.values(), ids=NO_TASK_OF_OURS)
def test_a_message_of_no_task_of_ours_is_told_apart_before_celery_acts_on_it(content: dict[str, Any], why: str) -> None:
    """It is a message, so the transport hands it on; what is wrong with it is said in a few words."""
    assert transport.fault(_item(content)) is None
    assert why in str(consumer.fault(_received(content), APP.tasks, longest_wait=timedelta(seconds=60)))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"timelimit": [None, None], "retries": 3, "group": None, "parent_id": str(uuid4())},
        {"eta": "2026-11-24T10:00:00.250000+00:00", "timelimit": [660, 600.5], "stamped_headers": None, "stamps": {}},
        {"a header of a later Celery": {"is": "ignored"}},
    ],
)
def test_a_message_of_a_task_of_ours_is_taken(headers: dict[str, Any]) -> None:
    """With all that Celery's senders write into its headers."""
    message = _message(headers=headers)

    assert transport.fault(_item(message)) is None
    assert consumer.fault(_received(message), APP.tasks, longest_wait=timedelta(seconds=60)) is None


def _received(content: dict[str, Any]) -> Message:
    """Make of a message what kombu hands to Celery."""
    return Message(  # type: ignore[no-untyped-call]  # kombu says no types here.
        body=base64.b64decode(content.get("body") or ""),
        content_type=content.get("content-type"),
        content_encoding=content.get("content-encoding"),
        headers=content.get("headers"),
    )


# --- a real worker --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _World:
    url: str
    client: "Redis"
    worker: Process

    def done(self) -> list[str]:
        return [str(each) for each in self.client.lrange(DONE, 0, -1)]

    def send(self, task: str, **arguments: object) -> None:
        with small_app(self.url) as app:
            app.send_task(task, kwargs=arguments)

    def wait_for(self, *what: str) -> None:
        missing = f"{', '.join(what)} to be done"
        until(lambda: set(what) <= set(self.done()), 15, what=missing, tails=lambda: self.worker.tail)

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.worker.log.splitlines()]

    def dropped(self) -> list[dict[str, Any]]:
        return [line for line in self.told() if line["event"].startswith("dropped ")]


@pytest.fixture
def world(broker_url: str, tmp_path: Path) -> Iterator[_World]:
    """Start a worker with two processes."""
    command = [sys.executable, str(WORKER), broker_url, "json", "info"]
    worker = Process(command, log=tmp_path / "worker.log", folder=tmp_path, environment={"PYTHONPATH": str(ROOT)})
    try:
        with Redis.from_url(broker_url, decode_responses=True) as client:
            yield _World(broker_url, client, worker)
    finally:
        worker.kill_all()


def test_garbage_costs_one_line_each_and_disturbs_nothing(world: _World) -> None:
    """A task in hand is not begun again, the next task is done, nothing stays in the broker, no process ends."""
    cases: list[tuple[Content, str]] = [*NO_MESSAGE.values(), *NO_TASK_OF_OURS.values()]
    world.send("wait", text="in hand")
    world.wait_for("in hand began")
    children = world.worker.children()
    for content, _ in cases:
        world.client.lpush(QUEUE, _item(content))
    world.send("note", text="the next")
    world.wait_for("the next")
    world.client.rpush(GO, "go")
    world.wait_for("in hand ended")
    until(lambda: not world.client.exists("unacked"), 5, what="nothing to be left in hand")

    assert world.done() == ["in hand began", "the next", "in hand ended"]
    assert world.client.llen(QUEUE) == 0
    assert world.worker.running
    assert world.worker.children() == children
    lines = world.dropped()
    assert {line["level"] for line in lines} == {"warning"}
    assert [why for (_, why), line in zip(cases, lines, strict=True) if why not in line["reason"]] == []
    assert [line for line in world.told() if line["level"] in {"error", "critical"}] == []


def test_garbage_among_commands_to_workers_is_dropped_too(world: _World) -> None:
    """They come by another way, and the worker answers the next one."""
    world.send("note", text="ready")
    world.wait_for("ready")
    for content in (b"7", b"{}", b"[" * 100_000):
        assert world.client.publish("/0.celery.pidbox", content) == 1

    assert [*small_app(world.url).control.ping(timeout=1)[0].values()] == [{"ok": "pong"}]
    assert [line["queue"] for line in world.dropped()] == ["/0.celery.pidbox"] * 3
    assert world.worker.running

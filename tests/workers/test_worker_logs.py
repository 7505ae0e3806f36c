"""Logs: one line an event, whoever tells it, in two forms; no secret and nothing that breaks a line in either."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from processes import Process, until
from redis import Redis
from small_worker import DONE, small_app
from telling import SECRETS

from ingest.settings import read
from workers.log_lines import hider

SUPPORT = Path(__file__).parents[1] / "support"
ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"}
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\w+) +([\w.]+) (.*)")


def _told(form: str, level: str = "info", **environment: str) -> list[str]:
    """Let a process tell of one thing after another, and give its lines."""
    command = [sys.executable, str(SUPPORT / "telling.py"), form, level]
    ended = subprocess.run(command, env=ENVIRONMENT | environment, capture_output=True, check=True)
    assert ended.stdout == b""
    return ended.stderr.decode().removesuffix("\n").split("\n")


@pytest.fixture(scope="module")
def console() -> list[str]:
    """Return lines for people."""
    return _told("console")


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    """Return lines for machines, read."""
    return [json.loads(line) for line in _told("json")]


def _find(objects: list[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [each for each in objects if each["event"].startswith(event)]


# --- form -----------------------------------------------------------------------------------------


def test_every_line_tells_when_how_grave_who_and_what(console: list[str], objects: list[dict[str, Any]]) -> None:
    """Both forms tell the same events, each once though logging was set up twice."""
    heads = [found.groups() for line in console if (found := LINE.fullmatch(line))]

    assert len(heads) == len(console) == len(objects)
    for (time, level, logger, _), told in zip(heads, objects, strict=True):
        assert (level, logger) == (told["level"], told["logger"])
        assert time[:17] <= told["time"]
        assert list(told)[:4] == ["time", "level", "logger", "event"]


def test_what_is_bound_stands_on_every_line_within(objects: list[dict[str, Any]]) -> None:
    """Whoever tells it: the standard library's loggers and ours; what was bound further out is kept, then gone."""
    (page,), (window,), (ended,) = (_find(objects, event) for event in ("page 14", "window ended", "ended"))

    assert list(page.items())[4:] == [("run", 7), ("endpoint", "wilson-center")]
    assert list(window.items())[4:8] == [("run", 7), ("window", 31), ("endpoint", "wilson-center"), ("pages", 14)]
    assert "run" not in ended


def test_fields_for_people_show_where_each_ends(console: list[str]) -> None:
    """Quoted only where that is needed; what is no text is written as in JSON."""
    assert any('pages=14 title="a title" none=null seconds=0.5' in line for line in console)
    assert any(r'parts=["a", "b"] text="say \"x\"" empty=""' in line for line in console)


def test_nothing_breaks_a_line_or_moves_a_cursor(console: list[str], objects: list[dict[str, Any]]) -> None:
    """Control characters, colours and what turns text around are written so that they do nothing."""
    assert any(r"two\nlines\u2028or three red \x07bell \u202eturned \ud800half" in line for line in console)
    assert [each["event"] for each in _find(objects, "two")] == [
        "two\nlines\\u2028or three red \\x07bell \\u202eturned \\ud800half"
    ]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(console) + "".join(_told("json")))


@pytest.mark.parametrize(("encoding", "is_readable"), [("utf-8", True), ("ascii", False)])
def test_json_is_json_whatever_the_encoding(encoding: str, *, is_readable: bool) -> None:
    """Where standard error can not take a letter, JSON's own escape stands for it."""
    lines = _told("json", PYTHONIOENCODING=encoding)

    assert next(each["event"] for each in map(json.loads, lines) if each["level"] == "warning") == "Лихачёв 馬"
    assert ("Лихачёв 馬" in "\n".join(lines)) is is_readable


@pytest.mark.parametrize(("form", "coloured"), [("console", True), ("json", False)])
def test_only_a_terminal_gets_colours(form: str, console: list[str], *, coloured: bool) -> None:
    """And only in the form for people."""
    ours, theirs = os.openpty()
    command = [sys.executable, str(SUPPORT / "telling.py"), form, "info"]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=theirs), os.fdopen(ours, "rb", buffering=0) as terminal:
        os.close(theirs)
        shown = terminal.read(4096)

    assert (b"\x1b[" in shown) is coloured
    assert "\x1b[" not in "".join(console)


# --- what is shown --------------------------------------------------------------------------------


def test_other_peoples_noise_is_left_out(objects: list[dict[str, Any]]) -> None:
    """What tells of use stays; when debugging, the noise is shown as well."""
    assert _find(objects, "noise") == []
    assert len(_find(objects, "of use")) == 2
    assert [each for each in objects if each["logger"] == "py.warnings"] == []

    debugging = [json.loads(line) for line in _told("json", "debug")]
    assert len(_find(debugging, "noise")) > 1
    assert len(_find(debugging, "only to be seen when debugging")) == 1


def test_no_secret_is_told(console: list[str], objects: list[dict[str, Any]]) -> None:
    """Not in an event, a field, an exception, a traceback; nor is a password in the URL of somebody else."""
    for lines in (console, _told("json"), _told("json", "debug")):
        assert [secret for secret in SECRETS if secret in "\n".join(lines)] == []
    assert [each["event"] for each in _find(objects, "reached")] == [
        "reached postgresql://harvester:***@db.example.org/catalogue",
        "reached redis://:***@broker.example.org:6379/0",
        "reached amqp://somebody:***@example.org/ and http://example.org:8080/oai?verb=Identify",
    ]


@pytest.mark.parametrize(
    ("password", "text", "hidden"),
    [
        ("oai", "oai-ingest and oai, oai_dc, foai", "***-ingest and ***, oai_dc, foai"),
        ("p%40ss%2Fword", "p@ss/word p%40ss%2Fword xp@ss/wordx", "*** *** x***x"),
        ("a@b/c:d", "a@b/c:d", "***"),
        ("", "nothing to hide", "nothing to hide"),
    ],
)
def test_a_secret_is_hidden_as_written_and_as_meant(password: str, text: str, hidden: str) -> None:
    """A very short one only where it stands alone: else it would take letters out of every other word."""
    settings = read({"OAI_INGEST_BROKER_URL": f"redis://:{password}@localhost/0"})

    assert hider(settings)(text) == hidden


# --- exceptions -----------------------------------------------------------------------------------


def test_an_exception_is_told_in_short(objects: list[dict[str, Any]]) -> None:
    """By type, text and the last place in our code; one that never came near our code, by the last place at all."""
    (ours,), (theirs,) = (_find(objects, event) for event in ("told of in short", "somebody else's"))

    assert ours["error"] == 'ConfigurationError: OAI_INGEST_LOG_FORMAT must be "console" or "json", not "runes"'
    assert re.fullmatch(r"ingest/settings\.py:\d+", ours["at"])
    assert theirs["error"] == "ConnectionError: redis://:***@broker.example.org does not answer\nat all"
    assert re.fullmatch(r"tests/support/telling\.py:\d+", theirs["at"])
    assert "exception" not in ours | theirs
    assert all("exception" in json.loads(line) for line in _told("json", "debug") if '"error": ' in line)


def test_a_defect_is_told_with_its_traceback_on_the_same_line(
    console: list[str], objects: list[dict[str, Any]]
) -> None:
    """Whether we tell it or Celery, whose task came to grief in our code."""
    defects = _find(objects, "a defect")

    assert [each["logger"] for each in defects] == ["ingest.work", "workers.tasks", "celery.worker"]
    for each in defects:
        assert each["exception"].startswith("Traceback (most recent call last):\n")
        assert each["exception"].endswith(each["error"].partition(": ")[2])
    assert sum(r'exception="Traceback (most recent call last):\n  File ' in line for line in console) == len(defects)


def test_an_event_that_can_not_be_told_is_told_of(objects: list[dict[str, Any]]) -> None:
    """By its place, without its arguments, which may be anything."""
    assert re.fullmatch(r"an event of .*telling\.py, line \d+, can not be told: TypeError", objects[-1]["event"])


# --- a real worker --------------------------------------------------------------------------------


def test_a_worker_tells_everything_in_the_same_form(broker_url: str, tmp_path: Path) -> None:
    """Its main process and its pool; nothing of a task that comes and succeeds but what the task itself tells."""
    command = [sys.executable, str(SUPPORT / "small_worker.py"), broker_url, "json", "info"]
    worker = Process(command, log=tmp_path / "worker.log", folder=tmp_path, environment=ENVIRONMENT)
    app = small_app(broker_url)
    try:
        app.send_task("tell", kwargs={"run": 7})
        app.send_task("fail")
        app.send_task("note", kwargs={"text": "last"})
        with Redis.from_url(broker_url) as client:
            until(lambda: client.exists(DONE), 15, what="the last task", tails=lambda: worker.tail)
        until(lambda: "raised unexpected" in worker.log, 5, what="the failure", tails=lambda: worker.tail)
    finally:
        worker.kill_all()
    told = [json.loads(line) for line in worker.log.splitlines()]
    about = {"level": "info", "run": 7, "window": 31, "endpoint": "wilson-center"}

    assert [each["event"].partition(" ")[0] for each in told if each["logger"].startswith("celery")] == [
        "Connected",
        "celery@" + os.uname().nodename,
        "Task",
    ]
    assert [{**each, "time": ""} for each in told if "run" in each] == [
        {"time": "", "logger": "ingest.work", "event": "page 14 kept", **about},
        {"time": "", "logger": "workers.tasks", "event": "window ended", "pages": 14, **about},
    ]
    (failure,) = [each for each in told if each["level"] == "error"]
    assert failure["error"].startswith("RuntimeError: no way to redis://")
    assert failure["at"].startswith("tests/support/small_worker.py:")
    assert len(told) == 5

"""``oai-ingest runs watch`` and ``show``: a run while it goes on, whoever works on it, and its end in the exit code."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from subprocess import PIPE
from typing import Any

import ledger_runs
import pytest
from plan_values import run as run_value
from plan_values import window
from processes import until

from ingest.ledger import Run, Window
from ingest.store.engine import open_engine
from ingest.store.show_work import Holder, Work
from ingest.store.windows import abandon_window, put_back_window
from workers.cli.watch_words import progress_words, window_line
from workers.cli.watched import Watcher
from workers.demo.exchange import Answer, Request, Response
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
COMMAND = (sys.executable, "-m", "workers.cli.main")
NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OWNER = "archive-host@4026531836/boot/4711/100"
RECORDS = 300
ROWS, COLUMNS = 24, 100


# --- what is said, whatever is shown --------------------------------------------------------------


def _work(seconds: float, *, alive: bool = False, **told: Any) -> Work:
    """Look so many seconds after noon at a run that was taken up at noon."""
    now = NOW + timedelta(seconds=seconds)
    values: dict[str, Any] = {
        "now": now,
        "holders": {1: Holder(owner=OWNER, until=now, alive=True)} if alive else {},
        "touched_at": NOW,
        "left_alone_until": None,
        "in_flight_elsewhere": 0,
    }
    return Work(**values | told)


def _watcher(*, workers: bool = True) -> Watcher:
    return Watcher(patience=30, workers=workers)


def test_a_rate_is_that_of_the_last_seconds() -> None:
    """What came long before, quickly or slowly, does not count; nor do the seconds before a window was begun."""
    watcher = _watcher()
    for second in range(0, 60, 2):
        watcher.look(run_value(window(seen=100 * second), window()), _work(second))
    sight = watcher.look(run_value(window(seen=6000, state="open"), window(seen=20)), _work(60))
    later = watcher.look(run_value(window(seen=6000), window(seen=60)), _work(62))

    assert sight.rates[1] == pytest.approx(100, abs=1)
    assert later.rates[2] == pytest.approx(60 / 4)
    assert later.rate == pytest.approx(sum((14 * 100 - 200, 60)) / 14, rel=0.2)


def test_one_look_tells_no_rate() -> None:
    """Nothing is known of how fast it went before."""
    sight = _watcher().look(run_value(window(seen=500, read=500, pages=5)), _work(0))

    assert sight.rate == 0
    assert progress_words(sight) == "500 records, 5 pages"


@pytest.mark.parametrize(
    ("run", "work", "code", "words"),
    [
        (run_value(response_date=None), _work(5), "worker", "waits for a worker"),
        (run_value(response_date=None), _work(45), "nobody", "no worker has taken it up for 45 s; is one running"),
        (run_value(window()), _work(45), "nobody", "no worker has taken it up for 45 s"),
        (run_value(window(state="ended")), _work(5), "worker", "waits for a worker"),
        (
            run_value(window(next_try_at=NOW + timedelta(seconds=300))),
            _work(100),
            "put-back",
            "put back, next try in 3 min 20 s",
        ),
        (run_value(window(next_try_at=NOW), window()), _work(5), "worker", ""),
        (run_value(window()), _work(45, in_flight_elsewhere=1), "host-busy", "waits for other runs at archive."),
        (
            run_value(window()),
            _work(45, left_alone_until=NOW + timedelta(hours=1)),
            "left-alone",
            "archive.example.org asks to be left alone until 2026-05-01T13:00:00Z",
        ),
    ],
)
def test_what_a_run_waits_for_is_said(run: Run, work: Work, code: str, words: str) -> None:
    """Where nobody works on it: a worker, the repository, or other runs that have their turn."""
    wait = _watcher().look(run, work).wait

    assert wait is not None
    assert (wait.code, words in wait.text) == (code, True)


@pytest.mark.parametrize(
    ("run", "work"),
    [(run_value(window()), _work(900, alive=True)), (run_value(window(state="ended"), ended_at=NOW), _work(900))],
)
def test_a_run_that_is_worked_on_or_has_ended_waits_for_nothing(run: Run, work: Work) -> None:
    """However long ago it was taken up."""
    assert _watcher().look(run, work).wait is None


def test_nobody_is_missed_before_there_was_time_to_come() -> None:
    """A worker that was seen a moment ago may only be between two slices."""
    watcher = _watcher()
    watcher.look(run_value(window()), _work(300, alive=True))
    between, after = (watcher.look(run_value(window()), _work(second)).wait for second in (310, 340))

    assert between is not None
    assert after is not None
    assert (between.code, after.code) == ("worker", "nobody")


def test_without_workers_there_is_none_to_wait_for() -> None:
    """A SQLite database is worked on by the harvest itself."""
    wait = _watcher(workers=False).look(run_value(window()), _work(45)).wait

    assert wait is not None
    assert wait.text == "nobody has worked on it for 45 s; harvest again to go on"


_PUT_BACK = {"next_try_at": NOW + timedelta(seconds=60), "message": "status 503"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (window(pages=3, read=300, announced=500), "oai_dc: 300 of 500 records, 3 pages, 4711 on archive-host"),
        (window(pages=1, read=9, state="ended"), "oai_dc: 9 records, 1 page, ended, 4711 on archive-host"),
        (
            window(window_id=2, from_="2024-01-01", until="2024-06-30"),
            "oai_dc, from 2024-01-01, until 2024-06-30: 0 records, 0 pages",
        ),
        (window(window_id=2, **_PUT_BACK), "oai_dc: 0 records, 0 pages, next try in 1 min 0 s, status 503"),
        (
            window(window_id=2, state="abandoned", message="the list was cut short"),
            "oai_dc: 0 records, 0 pages, abandoned, the list was cut short",
        ),
    ],
)
def test_a_window_is_a_line(told: Window, words: str) -> None:
    """How far it is, who works on it, and what keeps it from being read."""
    sight = _watcher().look(run_value(told, window(window_id=3)), _work(0, alive=True))

    assert window_line(told, sight) == words


def test_the_whole_is_summed_over_the_parts() -> None:
    """The size is that of the undivided list; what was split is no window that reads."""
    parts = [window(window_id=2, parent_id=1, read=100, announced=120, pages=1), window(window_id=3, parent_id=1)]
    run = run_value(window(state="split", announced=230), *parts)

    words = progress_words(_watcher().look(run, _work(0)))

    assert words == "100 of 230 records, 1 page, 0 of 2 windows done"


# --- runs that go on ------------------------------------------------------------------------------


class Tap:
    """Answers pages after a list's first only as the test lets them go, so that it knows how far a harvest is."""

    def __init__(self) -> None:
        """Let nothing go yet."""
        self.asked = 0
        self._pages = threading.Semaphore(0)

    def __call__(self, request: Request, answer: Answer) -> Response:
        """Wait for a page's turn."""
        if request.argument("resumptionToken"):
            self.asked += 1
            self._pages.acquire(timeout=60)
        return answer(request)

    def let(self, pages: int) -> None:
        """Let so many pages go."""
        self._pages.release(pages)


@pytest.fixture
def tap() -> Iterator[tuple[str, Tap]]:
    """Serve three hundred records in thirty pages, and hold them back."""
    tap = Tap()
    with serve(DemoRepository(items=GeneratedItems(RECORDS), page_size=10), middleware=tap) as url:
        yield url, tap
        tap.let(1000)


@pytest.fixture
def harvest(tap: tuple[str, Tap], tmp_path: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Harvest them two windows at once, and stand before the first page that is held back."""
    with _started(tmp_path, "harvest", tap[0], "--parallel", "2") as (process, _):
        until(lambda: tap[1].asked >= 2, 60, what="two pages to be held back")
        yield process


@contextmanager
def _started(
    folder: Path, *arguments: str, **environment: str
) -> "Iterator[tuple[subprocess.Popen[bytes], list[str]]]":
    """Run a command and gather the lines that it writes to standard output."""
    process, gathered = _popen(folder, arguments, environment, stdout=PIPE, stderr=PIPE), list[str]()
    assert process.stdout is not None
    stream = process.stdout
    reader = threading.Thread(target=lambda: gathered.extend(line.decode() for line in iter(stream.readline, b"")))
    reader.start()
    try:
        yield process, gathered
    finally:
        process.kill()
        process.wait()
        reader.join()
        for each in (process.stdout, process.stderr):
            if each is not None:
                each.close()


def _popen(
    folder: Path, arguments: tuple[str, ...], environment: dict[str, str], **options: Any
) -> "subprocess.Popen[bytes]":
    from_here = {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"}
    return subprocess.Popen([*COMMAND, *arguments], cwd=folder, env=from_here | environment, **options)


def _told(process: "subprocess.Popen[bytes]") -> str:
    """Wait for a command's end, and give what it wrote to standard error."""
    process.wait(60)
    assert process.stderr is not None
    return process.stderr.read().decode()


def test_scripts_read_an_object_a_line_until_the_run_has_ended(
    harvest: "subprocess.Popen[bytes]", tap: tuple[str, Tap], tmp_path: Path
) -> None:
    """Each time something has changed; the last one is that of ``runs show``, and the exit code that of a harvest."""
    with _started(tmp_path, "runs", "watch", "1", "--json") as (watch, lines):
        until(lambda: lines, 30, what="a first line")
        tap[1].let(4)
        until(lambda: len(lines) > 1, 30, what="a second line")
        tap[1].let(RECORDS)
        err = _told(watch)
    told = [json.loads(line) for line in lines]

    assert (watch.returncode, harvest.wait(30), err) == (0, 0, "")
    assert [each["active"] for each in told] == [True] * (len(told) - 1) + [False]
    assert all(before != after for before, after in pairwise(told))
    pages = [each["pages"] for each in told]
    assert pages == sorted(pages)
    first, last = told[0]["windows"], told[-1]["windows"]
    assert {(each["state"], each["owner"] is not None) for each in first} == {
        ("split", False),
        ("open", True),
        ("open", False),
    }
    assert (told[-1]["verdict"], told[-1]["seen"], told[-1]["gaps"]) == ("complete", RECORDS, 0)
    assert {each["parent"] for each in last} == {None, *(e["window"] for e in last if e["state"] == "split")}


def test_people_read_a_line_for_each_window_and_then_the_report(
    harvest: "subprocess.Popen[bytes]", tap: tuple[str, Tap], tmp_path: Path
) -> None:
    """First how far it was, in the end what came of it; no colour into a pipe."""
    with _started(tmp_path, "runs", "watch", "1") as (watch, lines):
        until(lambda: len(lines) > 2, 30, what="the first lines")
        before = list(lines)
        tap[1].let(4)
        until(lambda: len(lines) > len(before), 30, what="a line of how far it is by now")
        tap[1].let(RECORDS)
        err = _told(watch)
    report = next(number for number, line in enumerate(lines) if ": complete  (run 1" in line)

    assert (watch.returncode, harvest.wait(30), err) == (0, 0, "")
    assert re.fullmatch(r"run 1 of \S+: \d+ of 300 records, \d+ pages?, 0 of \d windows done\n", before[0])
    assert all(re.match(r"oai_dc, (from|until) .*: \d+ of \d+ records, 1 page, \d+ on ", line) for line in before[1:])
    assert report > len(before)
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_watching_does_not_stop_the_run(
    harvest: "subprocess.Popen[bytes]", tap: tuple[str, Tap], tmp_path: Path, number: signal.Signals
) -> None:
    """Exit code 1, for how it ends was not seen; a line says that it goes on, and it does."""
    with _started(tmp_path, "runs", "watch", "1", "--json") as (watch, lines):
        until(lambda: lines, 30, what="a first line")
        watch.send_signal(number)
        err = _told(watch)
    tap[1].let(RECORDS)

    assert (watch.returncode, err) == (1, "no longer watching; run 1 goes on as before\n")
    assert harvest.wait(30) == 0


def test_a_run_that_has_ended_is_shown_at_once(oai_ingest: OaiIngest, demo_url: str) -> None:
    """With the exit code of its harvest: 0 where it is complete, 1 for everything else, and for no run at all."""
    oai_ingest("harvest", demo_url)
    oai_ingest("harvest", f"{demo_url}/elsewhere")

    complete, failed = oai_ingest("runs", "watch", "1", "--json"), oai_ingest("runs", "watch", "2")

    assert (complete.code, complete.json["verdict"], complete.err) == (0, "complete", "")
    assert complete.json == {**oai_ingest("runs", "show", "1", "--json").json, "waits": None}
    assert (failed.code, ": failed" in failed.out) == (1, True)
    assert "there is no run 3" in oai_ingest("runs", "watch", "3").error


def test_it_is_said_that_nobody_works_on_a_run(
    harvest: "subprocess.Popen[bytes]", tap: tuple[str, Tap], oai_ingest: OaiIngest, tmp_path: Path
) -> None:
    """A harvest that was stopped waits for the same command; whoever watches is told so, and sees it go on."""
    harvest.terminate()
    tap[1].let(2)
    harvest.wait(30)
    with _started(tmp_path, "runs", "watch", "1", OAI_INGEST_LEASE_SECONDS="1") as (watch, lines):
        until(lambda: any("nobody has worked on it for" in line for line in lines), 30, what="the warning")
        tap[1].let(RECORDS)
        assert oai_ingest("harvest", tap[0]).code == 0
        assert watch.wait(30) == 0

    assert any("the same command goes on where it was left" in line for line in lines)


# --- on a terminal --------------------------------------------------------------------------------


class Terminal:
    """A command on a terminal of its own, and what it has written there."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        """Start the command."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
        self.process = _popen(folder, arguments, {"TERM": "xterm-256color"} | environment, **streams)
        os.close(theirs)
        self._ours, self._gathered = ours, bytearray()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        # Linux tells the end of a terminal as an error.
        with suppress(OSError):
            while content := os.read(self._ours, 65536):
                self._gathered += content

    @property
    def text(self) -> str:
        """All that was written, with what steers the terminal."""
        return self._gathered.decode(errors="replace")

    @property
    def frames(self) -> list[str]:
        """What was drawn, one drawing after the other, without colours."""
        drawn = re.split(r"(?:\r?\x1b\[1A|\x1b\[2K)+", self.text)
        return [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", each) for each in drawn]

    def close(self) -> None:
        """End the command, whatever it does."""
        self.process.kill()
        self.process.wait()
        self._reader.join()
        os.close(self._ours)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Start commands on terminals of their own."""
    opened: list[Terminal] = []

    def start(*arguments: str, **environment: str) -> Terminal:
        opened.append(Terminal(tmp_path, *arguments, **environment))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_on_a_terminal_the_windows_are_drawn_over(
    harvest: "subprocess.Popen[bytes]", tap: tuple[str, Tap], terminal: Callable[..., Terminal]
) -> None:
    """As they stand; in the end the drawing is gone, the report stands there and the cursor is back."""
    watch = terminal("runs", "watch", "1")
    until(lambda: watch.text.count("Ctrl-C ends") > 1, 30, what="two drawings")
    tap[1].let(RECORDS)
    code = watch.process.wait(60)
    drawn = [frame for frame in watch.frames if "worked on by" in frame]

    assert (code, harvest.wait(30)) == (0, 0)
    assert "active  (run 1, full)" in drawn[0]
    assert len(re.findall(r"oai_dc, .* open +1 +\d+ of \d+ .*\d+ on ", drawn[0])) == 2
    assert all("Ctrl-C ends the watching, not the run" in frame for frame in drawn)
    assert ": complete" in watch.frames[-1]
    assert "Ctrl-C" not in watch.frames[-1]
    assert watch.text.rindex("\x1b[?25h") > watch.text.rindex("\x1b[?25l")


@pytest.mark.usefixtures("harvest")
def test_ctrl_c_on_a_terminal_leaves_it_as_it_was(terminal: Callable[..., Terminal]) -> None:
    """The cursor is back, and nothing of the drawing is left but one line."""
    watch = terminal("runs", "watch", "1")
    until(lambda: "Ctrl-C ends" in watch.text, 30, what="the drawing")
    watch.process.send_signal(signal.SIGINT)

    assert watch.process.wait(20) == 1
    assert watch.text.rindex("\x1b[?25h") > watch.text.rindex("\x1b[?25l")
    assert watch.frames[-1].strip().endswith("no longer watching; run 1 goes on as before")


def test_of_hundreds_of_windows_those_in_flight_are_shown(
    terminal: Callable[..., Terminal], migrated_sqlite_url: str
) -> None:
    """They fit on the terminal; the others are summed up."""
    database = open_engine(migrated_sqlite_url)
    run_id = ledger_runs.planned(database, windows=300, parallel=3)
    first, *_ = [ledger_runs.leased(database, run_id) for _ in range(3)]
    abandon_window(database, first, reason="token-loop", message="the same again", lease_seconds=60)
    database.dispose()

    watch = terminal("runs", "watch", str(run_id), OAI_INGEST_DATABASE_URL=migrated_sqlite_url)
    until(lambda: watch.text.count("Ctrl-C ends") > 1, 30, what="two drawings")
    drawn = next(frame for frame in watch.frames if "Ctrl-C ends" in frame)

    assert "1 of 300 windows done" in drawn
    assert drawn.count("process") == 0
    assert drawn.count("set 00") == 2
    assert "and 298 more windows: 1 abandoned, 297 open" in drawn
    assert drawn.count("\n") < ROWS


def test_a_harvest_on_a_terminal_has_a_bar_for_the_whole_and_for_each_part_in_hand(
    tap: tuple[str, Tap], terminal: Callable[..., Terminal]
) -> None:
    """A part that has been read is in the bar of the whole."""
    harvest = terminal("harvest", tap[0], "--parallel", "2")
    until(lambda: re.search(r"- from \d{4}-\d\d-\d\d until \d{4}", harvest.text), 60, what="the bar of a part")
    until(lambda: re.search(r"oai_dc .* [1-9]\d* of 300 records", harvest.text), 60, what="the bar of the whole")
    tap[1].let(RECORDS)

    assert harvest.process.wait(60) == 0
    assert ": complete  (run 1, full)" in harvest.frames[-1]


# --- runs show ------------------------------------------------------------------------------------


def test_a_split_list_is_shown_by_its_parts_in_order_of_time(oai_ingest: OaiIngest) -> None:
    """The window that was split reads nothing itself; scripts see it all the same."""
    with serve(DemoRepository(items=GeneratedItems(RECORDS), page_size=10)) as url:
        oai_ingest("harvest", url, "--parallel", "2")
    out = oai_ingest("runs", "show", "1").out
    windows = oai_ingest("runs", "show", "1", "--json").json["windows"]
    starts = re.findall(r"^ +oai_dc, (?:from (\S+?),? |until)", out, re.MULTILINE)

    assert windows[0]["state"] == "split"
    assert "split" not in out
    assert len(starts) == sum(each["state"] == "ended" for each in windows)
    assert starts == sorted(starts)
    assert starts[0] == ""


def test_windows_that_are_put_back_or_given_up_say_why(oai_ingest: OaiIngest, migrated_sqlite_url: str) -> None:
    """When they are tried again; a reason that holds for many is told once."""
    database = open_engine(migrated_sqlite_url)
    run_id = ledger_runs.planned(database, windows=4, parallel=4)
    for number in range(4):
        lease = ledger_runs.leased(database, run_id)
        if number < 3:
            abandon_window(database, lease, reason="token-loop", message="the same again", lease_seconds=60)
        else:
            put_back_window(database, lease, wait=900, message="status 503", lease_seconds=60)
    database.dispose()

    out = oai_ingest("runs", "show", str(run_id), OAI_INGEST_DATABASE_URL=migrated_sqlite_url).out
    told = oai_ingest("runs", "show", str(run_id), "--json", OAI_INGEST_DATABASE_URL=migrated_sqlite_url).json

    assert "oai_dc, set 000 and 2 more windows: the same again" in out
    assert out.count("the same again") == 1
    assert re.search(r"oai_dc, set 003: put back until \S+Z: status 503", out)
    assert "put back" in out
    assert told["windows"][3]["next_try_at"].endswith("Z")


def test_a_run_of_very_many_windows_is_summed_up(oai_ingest: OaiIngest, migrated_sqlite_url: str) -> None:
    """What is in progress is a row each; all else is a line, and so are many sets."""
    database = open_engine(migrated_sqlite_url)
    run_id = ledger_runs.planned(database, windows=50)
    first, second, *others = ledger_runs.windows_of(database, run_id)
    ledger_runs.leased(database, run_id, window_id=first.window_id)
    ledger_runs.set_window(database, second.window_id, pages=3)
    for each in others[:40]:
        ledger_runs.set_window(database, each.window_id, state="ended", pages=2)
    database.dispose()

    out = oai_ingest("runs", "show", str(run_id), OAI_INGEST_DATABASE_URL=migrated_sqlite_url).out

    assert re.findall(r"set (\d+) +open", out) == ["000", "001"]
    assert "and 48 more windows: 40 ended, 8 open" in out
    assert "sets 000, 001, 002, 003, 004, 005, 006, 007, 008, 009, 010, 011 and 38 more" in " ".join(out.split())

"""``oai-ingest harvest`` against a real repository: the report, the verdict and the exit code."""

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workers.demo.exchange import Answer, Request, Response
from workers.demo.records import demo_repository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]
Slow = tuple[str, list[Request]]
COUNTS = ("created", "changed", "unchanged", "deleted", "restored", "rejected")
KEYS = (
    *("run", "endpoint", "verdict", "reasons", "pages", "seen", *COUNTS),
    *("records", "restarts", "gaps", "repaired", "seconds"),
)


def _declaration(url: str) -> str:
    return f"""
        [wilson]
        url = "{url}"
        metadata_prefix = ["oai_dc", "qdc"]
        sets = ["holdings", "reading-list"]
        record_id = {{ element = "identifier", pattern = '^Record ID (\\d+)$' }}
    """


# --- what is reported -----------------------------------------------------------------------------


def test_the_report_is_one_object_with_the_promised_keys(oai_ingest: OaiIngest, demo_url: str) -> None:
    """Every element seen is exactly one of the six counts."""
    ended = oai_ingest("harvest", demo_url, "--json")

    assert ended.code == 0
    assert tuple(ended.json) == KEYS
    assert ended.json["verdict"] == "complete"
    assert ended.json["seen"] == sum(ended.json[name] for name in COUNTS) > 0


def test_people_read_the_verdict_first(oai_ingest: OaiIngest, demo_url: str) -> None:
    """Then the counts; progress goes to standard error and no colour into a pipe."""
    ended = oai_ingest("harvest", demo_url)

    assert ended.code == 0
    assert ended.out.splitlines()[0].startswith(f"{demo_url.removeprefix('http://')}: complete  (run 1, full)")
    assert "created" in ended.out
    assert "\x1b" not in ended.out + ended.err
    assert "oai_dc: 41 of 41 records" in ended.err


def test_harvesting_again_finds_nothing_new(oai_ingest: OaiIngest, demo_url: str) -> None:
    """What has not changed is not even listed; in full it is listed, and counted as unchanged."""
    first = oai_ingest("harvest", demo_url, "--json").json
    second = oai_ingest("harvest", demo_url, "--json").json
    third = oai_ingest("harvest", demo_url, "--full", "--json").json

    assert second["seen"] == 0
    assert (third["seen"], third["unchanged"]) == (first["seen"], first["seen"])


def test_a_url_is_its_own_endpoint_and_needs_no_configuration(
    oai_ingest: OaiIngest, demo_url: str, tmp_path: Path
) -> None:
    """It is named by host, port and path."""
    assert oai_ingest("harvest", demo_url, "--json").json["endpoint"] == demo_url.removeprefix("http://")
    assert not (tmp_path / "config").exists()


def test_a_declared_endpoint_with_that_url_is_used_instead(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], demo_url: str
) -> None:
    """By name or by URL, it is the same endpoint with the same prefixes and sets."""
    declare(_declaration(demo_url))

    by_url = oai_ingest("harvest", f"{demo_url}/", "--json").json
    by_name = oai_ingest("harvest", "wilson", "--full", "--json").json

    assert (by_url["endpoint"], by_name["endpoint"]) == ("wilson", "wilson")
    assert (by_url["seen"], by_name["unchanged"], by_name["rejected"]) == (60, 59, 1)


def test_prefixes_and_sets_of_the_command_win_over_those_declared(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], demo_url: str
) -> None:
    """Both may be repeated."""
    declare(_declaration(demo_url))

    narrow = oai_ingest("harvest", "wilson", "--prefix", "qdc", "--set", "reading-list", "--json").json
    wide = oai_ingest("harvest", "wilson", "--prefix=qdc", "--prefix=oai_dc", "--set=reading-list", "--json").json

    assert (narrow["seen"], wide["seen"]) == (4, 11)


def test_a_range_reads_only_what_changed_within_it(oai_ingest: OaiIngest, demo_url: str) -> None:
    """Both ends are inclusive."""
    told = oai_ingest("harvest", demo_url, "--from", "2014-01-15", "--until", "2014-01-15T09:30:00Z", "--json").json

    assert (told["verdict"], told["seen"]) == ("complete", 1)


# --- what only the repository can say -------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "path", "code", "words"),
    [
        (("--set", "no-such-set"), "", "unknown-set", "it has: holdings"),
        (("--prefix", "marc21"), "", "cannotDisseminateFormat", "it offers: oai_dc, qdc"),
        ((), "/elsewhere", "not-oai-pmh", ""),
    ],
)
def test_what_the_repository_refuses_is_a_failed_verdict(
    oai_ingest: OaiIngest, demo_url: str, *, arguments: tuple[str, ...], path: str, code: str, words: str
) -> None:
    """Exit code 1, the reason as data, and what the repository has instead."""
    ended = oai_ingest("harvest", f"{demo_url}{path}", *arguments, "--json")

    assert ended.code == 1
    assert ended.json["verdict"] == "failed"
    assert ended.json["reasons"][0]["code"] == code
    assert words in ended.json["reasons"][0]["text"]
    assert ended.json["error"].startswith("failed: ")


def test_a_repository_that_is_not_there_is_a_failed_verdict(oai_ingest: OaiIngest) -> None:
    """People see why on the first lines, and meanwhile what is waited for."""
    ended = oai_ingest("harvest", "http://127.0.0.1:1/oai")

    assert ended.code == 1
    assert ": failed" in ended.out.splitlines()[0]
    assert "connection refused" in ended.out
    assert "asking again in" in ended.err
    assert "Traceback" not in ended.err


# --- stopping -------------------------------------------------------------------------------------


def _wait_for_pages(slow: Slow, number: int) -> None:
    deadline = time.monotonic() + 30
    while len(slow[1]) < number:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_keeps_what_was_read_and_the_same_command_goes_on(
    oai_ingest: OaiIngest, start: Start, slow_url: Slow, number: signal.Signals
) -> None:
    """Partial, because interrupted; the run that is taken up again counts its earlier part and reads the rest only."""
    process = start("harvest", slow_url[0], "--json")
    _wait_for_pages(slow_url, 8)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    stopped = json.loads(out)
    asked_before = len(slow_url[1])

    assert process.returncode == 1
    assert (stopped["verdict"], stopped["reasons"][0]["code"]) == ("partial", "interrupted")
    assert 0 < stopped["seen"] < 300
    assert "Traceback" not in err

    ended = oai_ingest("harvest", slow_url[0], "--json")

    assert (ended.code, ended.json["run"], ended.json["seen"]) == (0, stopped["run"], 300)
    # Identify, the formats are asked for once a run: it was planned before.
    assert len(slow_url[1]) - asked_before <= 31 - stopped["pages"] + 1


@pytest.mark.parametrize("verb", ["Identify", "ListRecords"])
def test_a_stop_does_not_wait_for_what_the_repository_asked_to_wait(start: Start, verb: str) -> None:
    """The wait and its reason are told; a stop in it ends the command, and asks nothing more."""
    asked: list[Request] = []

    def busy(request: Request, answer: Answer) -> Response:
        if request.argument("verb") != verb:
            return answer(request)
        asked.append(request)
        return Response(body=b"busy", status=503, headers=(("Retry-After", "120"),))

    with serve(demo_repository(), middleware=busy) as url:
        process = start("harvest", url, "--json")
        assert process.stderr is not None
        told = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)

    assert "503" in told
    assert "asking again in 2 min 0 s" in told
    assert (process.returncode, json.loads(out)["verdict"]) == (1, "partial")
    assert len(asked) == 1


def test_a_second_ctrl_c_ends_at_once(oai_ingest: OaiIngest, start: Start, slow_url: Slow) -> None:
    """Exit code 130; even so nothing is lost."""
    process = start("harvest", slow_url[0])
    _wait_for_pages(slow_url, 6)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)

    # The page in hand may have ended between the two.
    assert process.returncode in {130, 1}
    assert oai_ingest("harvest", slow_url[0], "--json").json["seen"] == 300


def test_a_run_that_was_cancelled_leaves_gaps_and_makes_room(
    oai_ingest: OaiIngest, start: Start, slow_url: Slow
) -> None:
    """The process that reads loses its window with the page in hand; another selection can then be harvested."""
    process = start("harvest", slow_url[0], "--json")
    _wait_for_pages(slow_url, 6)
    cancelled = oai_ingest("runs", "cancel", "1", "--json")
    out, err = process.communicate(timeout=30)

    assert (cancelled.code, cancelled.json["verdict"], cancelled.json["gaps"]) == (0, "partial", 1)
    assert [reason["code"] for reason in cancelled.json["reasons"]] == ["cancelled"]
    assert (process.returncode, json.loads(out)["verdict"]) == (1, "partial")
    assert "Traceback" not in err
    assert "ended already" in oai_ingest("runs", "cancel", "1").error
    assert oai_ingest("harvest", slow_url[0], "--full", "--json").json["run"] == 2


def test_another_selection_is_refused_while_a_run_is_active(
    oai_ingest: OaiIngest, start: Start, slow_url: Slow
) -> None:
    """The line says which run stands in the way; the same selection joins it and reports its end."""
    process = start("harvest", slow_url[0], "--json")
    _wait_for_pages(slow_url, 5)

    joined = start("harvest", slow_url[0], "--json")
    refused = oai_ingest("harvest", slow_url[0], "--full", "--json")
    shown = oai_ingest("runs", "show", "1")
    told = [json.loads(each.communicate(timeout=60)[0]) for each in (process, joined)]

    assert (refused.code, process.returncode, joined.returncode) == (2, 0, 0)
    assert "run 1" in refused.error
    assert ": active" in shown.out
    assert "works on it" in shown.out
    assert [(each["run"], each["seen"]) for each in told] == [(1, 300), (1, 300)]


def test_a_killed_harvest_is_told_apart_from_one_that_works(
    oai_ingest: OaiIngest, start: Start, slow_url: Slow
) -> None:
    """Whoever looks at the run sees that nobody works on it, and what to do; doing it loses and repeats nothing."""
    process = start("harvest", slow_url[0], "--json")
    _wait_for_pages(slow_url, 6)
    process.kill()
    process.wait()

    assert "is gone; the same harvest takes it up again" in oai_ingest("runs", "show", "1").out
    assert oai_ingest("harvest", slow_url[0], "--json").json["seen"] == 300


# --- disks ----------------------------------------------------------------------------------------


def test_a_full_disk_behind_standard_output_is_one_line(start: Start, demo_url: str) -> None:
    """The harvest itself is done and kept."""
    with Path("/dev/full").open("w") as full:
        process = start("harvest", demo_url, "--json", stdout=full)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert err.splitlines()[-1] == "error: standard output can not be written: No space left on device"
    assert "Traceback" not in err


def test_a_database_that_takes_no_more_in_the_middle_is_one_line(start: Start, slow_url: Slow) -> None:
    """Exit code 1, for by then something was asked and written; the report tells the run, and why it stopped."""
    process = start("harvest", slow_url[0], "--json", largest_file=1_500_000)
    out, err = process.communicate(timeout=60)
    told = json.loads(out)

    assert process.returncode == 1
    assert told["run"] == 1
    assert told["error"]
    assert err.splitlines()[-1] == f"error: {told['error']}"
    assert "Traceback" not in err

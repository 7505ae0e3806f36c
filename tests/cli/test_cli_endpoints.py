"""``oai-ingest endpoints list``, ``pause`` and ``resume``: who is due when, how it went last, and how fresh it is."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ledger_runs
import pytest
from sqlalchemy import Engine

from ingest.endpoints_toml import read_endpoints
from ingest.schedule import begin_what_is_due, take_over
from ingest.store.engine import open_engine
from ingest.store.ledger_tables import endpoints, runs
from ingest.store.schedule import due_endpoints

OaiIngest = Callable[..., Any]
Declare = Callable[[str], Path]
NOWHERE = "http://127.0.0.1:1"
DAILY = f'[daily]\nurl = "{NOWHERE}/daily"\nschedule = "0 3 * * *"\n'
ASKED = f'[asked]\nurl = "{NOWHERE}/asked"\n'
QUIET = f'[quiet]\nurl = "{NOWHERE}/quiet"\nschedule = "0 3 * * *"\npaused = true\n'


@pytest.fixture
def database(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Engine]:
    """Return the database that the command uses."""
    made = Path(migrated_sqlite_url.removeprefix("sqlite:///")).rename(tmp_path / "oai-ingest.db")
    engine = open_engine(f"sqlite:///{made}")
    yield engine
    engine.dispose()


def _as_beat(database: Engine, declarations: Path) -> None:
    """Take the declarations over, as a scheduler does when it sees them."""
    take_over(read_endpoints(declarations), database)


def _by_name(listed: Any) -> dict[str, Any]:
    return {each["endpoint"]: each for each in listed.json}


# --- pausing --------------------------------------------------------------------------------------


def test_a_paused_endpoint_is_not_begun_until_it_is_resumed(
    oai_ingest: OaiIngest, declare: Declare, database: Engine
) -> None:
    """It is due all the time; what was missed is then made up for by one run."""
    _as_beat(database, declare(DAILY))
    ledger_runs.set_clock(database, endpoints, next_due_at=-60)

    paused = oai_ingest("endpoints", "pause", "daily")
    begun_meanwhile = begin_what_is_due(database)
    listed = _by_name(oai_ingest("endpoints", "list", "--json"))
    resumed = oai_ingest("endpoints", "resume", "daily")

    assert (paused.code, resumed.code) == (0, 0)
    assert "daily is paused: the schedule begins no run of it" in paused.out
    assert "`oai-ingest harvest daily` still works" in paused.out
    assert begun_meanwhile == ()
    assert (listed["daily"]["paused"], listed["daily"]["next_due_at"]) == (True, None)
    assert re.match(r"daily is not paused; it was due \S+Z, and is begun when a beat looks next", resumed.out)
    assert len(begin_what_is_due(database)) == 1
    assert begin_what_is_due(database) == ()


def test_pausing_twice_is_pausing_once(oai_ingest: OaiIngest, declare: Declare, database: Engine) -> None:
    """Whoever asks again gets the same answer, and so it is with resuming."""
    _as_beat(database, declare(DAILY))

    for command, paused in (("pause", True), ("pause", True), ("resume", False), ("resume", False)):
        told = oai_ingest("endpoints", command, "daily", "--json").json
        assert (told["endpoint"], told["paused"], told["next_due_at"] is None) == ("daily", paused, paused)


def test_an_endpoint_that_was_only_declared_can_be_paused(oai_ingest: OaiIngest, declare: Declare) -> None:
    """No scheduler and no harvest has met it yet; when one does, it stays paused."""
    declarations = declare(DAILY)

    assert oai_ingest("endpoints", "pause", "daily").code == 0

    database = open_engine(f"sqlite:///{declarations.parents[1] / 'oai-ingest.db'}")
    _as_beat(database, declarations)
    ledger_runs.set_clock(database, endpoints, next_due_at=-60)
    assert due_endpoints(database) == ()
    database.dispose()


def test_one_that_was_renamed_is_paused_under_its_new_name(
    oai_ingest: OaiIngest, declare: Declare, database: Engine
) -> None:
    """It is the same endpoint, whether or not a scheduler has seen the new name."""
    _as_beat(database, declare(DAILY))
    declare(DAILY.replace("[daily]", "[nightly]") + 'renamed_from = "daily"\n')

    told = oai_ingest("endpoints", "pause", "nightly", "--json").json

    assert told["paused"] is True
    assert [each["endpoint"] for each in oai_ingest("endpoints", "list", "--json").json] == ["nightly"]


def test_what_runs_goes_on_and_is_told(oai_ingest: OaiIngest, declare: Declare, database: Engine) -> None:
    """A pause is for the schedule alone: a person's harvest is not even told of it."""
    _as_beat(database, declare(DAILY))
    ledger_runs.set_clock(database, endpoints, next_due_at=-60)
    (run_id,) = begin_what_is_due(database)

    paused = oai_ingest("endpoints", "pause", "daily")
    shown = oai_ingest("runs", "show", str(run_id), "--json").json
    oai_ingest("runs", "cancel", str(run_id))
    harvested = oai_ingest("harvest", "daily", "--json", "--from", "2024-01-01")

    assert f"run {run_id}, which is active, goes on" in paused.out
    assert shown["active"] is True
    assert harvested.json["run"] == run_id + 1


def test_a_declaration_that_pauses_is_stronger_than_a_resume(oai_ingest: OaiIngest, declare: Declare) -> None:
    """Exit code 2: the file has to be changed, and the line says how."""
    declare(QUIET)

    refused = oai_ingest("endpoints", "resume", "quiet", "--json")

    assert refused.code == 2
    assert "config/endpoints.toml declares quiet as paused; take `paused = true` out of it" in refused.error
    assert refused.json["error"] == refused.error


def test_what_has_no_schedule_says_so_when_it_is_resumed(
    oai_ingest: OaiIngest, declare: Declare, demo_url: str
) -> None:
    """It is harvested when asked, as before; so is what was only ever harvested by its URL."""
    declare(ASKED + DAILY)
    oai_ingest("harvest", demo_url)

    asked, daily = (oai_ingest("endpoints", "resume", name).out for name in ("asked", "daily"))
    by_url = oai_ingest("endpoints", "resume", demo_url.removeprefix("http://")).out

    assert "it has no schedule, so that it is harvested only when asked" in asked
    assert "it is not declared, so that it is harvested only when asked" in by_url
    assert "due when a beat has read its declaration" in daily


@pytest.mark.parametrize("command", ["pause", "resume"])
@pytest.mark.parametrize(
    ("name", "words"),
    [("dayly", 'did you mean "daily"?'), ("zenodo", "see `oai-ingest endpoints list`"), ("", "endpoints list")],
)
def test_an_endpoint_that_nobody_knows_is_one_line(
    oai_ingest: OaiIngest, declare: Declare, *, command: str, name: str, words: str
) -> None:
    """Exit code 1, and the names that come near."""
    declare(DAILY)

    ended = oai_ingest("endpoints", command, name)

    assert ended.code == 1
    assert f'there is no endpoint "{name}"' in ended.error
    assert words in ended.error


def test_declarations_that_can_not_be_read_are_told_before_anything_is_written(
    oai_ingest: OaiIngest, declare: Declare, tmp_path: Path
) -> None:
    """Exit code 2, with file and line; no database is made."""
    declare("[daily")

    ended = oai_ingest("endpoints", "pause", "daily")

    assert ended.code == 2
    assert "endpoints.toml:1: not TOML" in ended.error
    assert not (tmp_path / "oai-ingest.db").exists()


# --- the listing ----------------------------------------------------------------------------------


def test_the_listing_says_when_each_is_due(oai_ingest: OaiIngest, declare: Declare, database: Engine) -> None:
    """Next time, or why there is none; one whose time has passed unheeded has no scheduler."""
    late = DAILY.replace("daily", "late")
    _as_beat(database, declare(DAILY + late + ASKED + QUIET))
    ((key,),) = ledger_runs.rows(database, "SELECT id FROM endpoints WHERE name = 'late'")
    ledger_runs.set_clock(database, endpoints, key=key, next_due_at=-600)
    declare(DAILY + late + ASKED + QUIET + DAILY.replace("daily", "new"))

    listed = _by_name(oai_ingest("endpoints", "list", "--json"))
    out = oai_ingest("endpoints", "list").out

    assert list(listed) == ["daily", "late", "asked", "quiet", "new"]
    due = datetime.fromisoformat(listed["daily"]["next_due_at"])
    assert due > datetime.now(UTC)
    assert due.hour == 3
    assert [listed[name]["next_due_at"] for name in ("asked", "quiet", "new")] == [None] * 3
    assert re.search(rf"daily .* {listed['daily']['next_due_at']}\n", out)
    assert re.search(r"late .* \S+Z\n.* overdue, no beat\n", out)
    assert re.search(r"asked .* when asked\n", out)
    assert re.search(r"quiet .* paused\n", out)
    assert re.search(r"new .* 0 3 \* \* \*\n.* no beat yet\n", out)


def test_the_listing_tells_the_last_verdict_beside_a_run_that_goes_on(
    oai_ingest: OaiIngest, declare: Declare, database: Engine, demo_url: str
) -> None:
    """With its date; how fresh an endpoint is does not hang on what is not finished."""
    declare(f'[demo]\nurl = "{demo_url}"\n')
    oai_ingest("harvest", "demo")
    ledger_runs.end_run(database, 1)
    key = ledger_runs.planned(database, "demo", windows=3)

    (told,) = oai_ingest("endpoints", "list", "--json").json
    out = oai_ingest("endpoints", "list").out

    assert (told["last_run"]["run"], told["last_run"]["active"], told["last_run"]["verdict"]) == (key, True, None)
    assert (told["last_ended"]["run"], told["last_ended"]["verdict"]) == (1, "complete")
    assert re.search(rf"demo +41 +{told['complete_until']} +complete +when asked\n", out)
    assert told["last_ended"]["ended_at"] in out
    assert f"run {key} active" in out


def test_the_listing_reads_well_on_a_terminal_of_hundred_columns(
    oai_ingest: OaiIngest, declare: Declare, database: Engine
) -> None:
    """Each endpoint is a row or two, and no row is longer."""
    _as_beat(database, declare(DAILY + ASKED + QUIET))

    lines = oai_ingest("endpoints", "list", COLUMNS="100").out.splitlines()

    assert len(lines) == 2 + 3
    assert max(map(len, lines)) <= 100


def test_an_endpoint_that_is_no_longer_declared_is_listed_last(
    oai_ingest: OaiIngest, declare: Declare, database: Engine
) -> None:
    """Its data stay, and it is not due any more, whatever it was before."""
    _as_beat(database, declare(DAILY + ASKED))
    _as_beat(database, declare(ASKED))

    listed = oai_ingest("endpoints", "list", "--json").json
    out = oai_ingest("endpoints", "list").out

    assert [(each["endpoint"], each["declared"], each["next_due_at"]) for each in listed] == [
        ("asked", True, None),
        ("daily", False, None),
    ]
    assert re.search(r"daily .* undeclared\n", out)


def test_of_many_runs_the_listing_tells_the_newest(oai_ingest: OaiIngest, declare: Declare, database: Engine) -> None:
    """Where none is active, the last run and the last verdict are of one and the same."""
    _as_beat(database, declare(DAILY))
    for _ in range(3):
        run_id = ledger_runs.begun(database, "daily")
        ledger_runs.end_run(database, run_id)
    with database.begin() as connection:
        connection.execute(runs.update().values(verdict="partial"))

    (told,) = oai_ingest("endpoints", "list", "--json").json

    assert told["last_run"] == told["last_ended"]
    assert (told["last_run"]["run"], told["last_run"]["verdict"]) == (run_id, "partial")

"""The words of the command line: short forms, durations, freshness, progress and the safety of what is shown."""

import io
import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from ingest.ledger import Coverage, Gap, ListName, Window
from workers.cli.endpoint_listing import complete_until
from workers.cli.output import as_line, counted, duration, instant, one_line, safe
from workers.cli.pace import Pace
from workers.cli.progress import Lines
from workers.cli.short_forms import short_uri, source_parts

LIST = ListName(metadata_prefix="oai_dc")


@pytest.mark.parametrize(
    ("uri", "short"),
    [
        ("http://rightsstatements.org/vocab/InC-EDU/1.0/", "InC-EDU 1.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC BY-NC 4.0"),
        ("https://creativecommons.org/licenses/by/3.0/de/", "CC BY 3.0 DE"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "PDM 1.0"),
        ("https://spdx.org/licenses/Apache-2.0", "Apache-2.0"),
        ("https://www.example.org/terms/", "example.org/terms"),
        ("urn:x:y", "urn:x:y"),
    ],
)
def test_a_uri_has_a_short_form(uri: str, short: str) -> None:
    """As it stands on a card; what has none stays as it is."""
    assert short_uri(uri) == short


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0.0 s"),
        (0.44, "0.4 s"),
        (9.96, "10.0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3725, "1 h 2 min"),
    ],
)
def test_a_duration_is_told_as_exactly_as_matters(seconds: float, told: str) -> None:
    """Tenths of seconds matter for ten seconds, seconds for an hour."""
    assert duration(seconds) == told


def test_numbers_agree_with_their_words() -> None:
    """One page, two pages, no pages."""
    assert [counted(number, "page") for number in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]


def test_times_are_utc_to_the_second() -> None:
    """In the protocol's own form."""
    assert instant(datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    assert instant(None) is None


@pytest.mark.parametrize("character", list("\n\r\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\x1b"))
def test_an_object_is_one_line_whatever_it_holds(character: str) -> None:
    """Every program's idea of a line's end is escaped, and comes back as it was."""
    line = as_line({"value": f"a{character}b"})

    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"value": f"a{character}b"}


@pytest.mark.parametrize("text", ["\x1b[2J", "\x07", "\x9b31m", "\u202eabc", "\u2066abc", "\r", "\x7f"])
def test_nothing_that_steers_a_terminal_is_shown(text: str) -> None:
    """Escape sequences, bells and direction marks become signs that something was there."""
    assert not set(safe(text)) & set("\x1b\x07\x9b\u202e\u2066\r\x7f")


def test_other_scripts_stay_as_they_are() -> None:
    """Joiners belong to the spelling of several languages."""
    for text in ("می\u200cخو", "नि\u200d", "关于地拉那", "é\u0301"):
        assert safe(text) == text


def test_a_message_of_several_lines_becomes_one() -> None:
    """Whatever raised it."""
    assert one_line("no\n such\t\tthing\r\n") == "no such thing"


# --- freshness ------------------------------------------------------------------------------------

BOUND = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def _gap(from_: str | None) -> Gap:
    return Gap(gap_id=1, list=LIST, from_=from_, until="2026-04-01", reason="damaged-page", message="")


@pytest.mark.parametrize(
    ("coverages", "until"),
    [
        ([], None),
        ([Coverage(list=LIST, bound=BOUND)], "2026-05-01T12:00:00Z"),
        ([Coverage(list=LIST, bound=BOUND, gaps=(_gap("2026-03-01"), _gap("2026-02-01")))], "2026-02-01"),
        ([Coverage(list=LIST, bound=BOUND, gaps=(_gap(None),))], None),
        ([Coverage(list=LIST, bound=BOUND), Coverage(list=LIST, bound=BOUND.replace(month=4))], "2026-04-01T12:00:00Z"),
        ([Coverage(list=LIST, bound=BOUND), Coverage(list=LIST)], None),
    ],
)
def test_an_endpoint_is_complete_until_its_oldest_gap(coverages: list[Coverage], until: str | None) -> None:
    """Else until the bound of the list that lags most; a gap without a start leaves nothing that is certain."""
    assert complete_until(coverages) == until


# --- progress -------------------------------------------------------------------------------------


_SAID = {"window_id", "list", "gap_ids", "state", "token", "announced", "read", "last_length", "pages"}


@pytest.fixture
def window() -> Window:
    """Return a window after its first page."""
    names = {field.name for field in fields(Window)}
    texts = {"from_", "until", "reason", "message"}
    return Window(
        **dict.fromkeys(names - texts - _SAID, 0),
        **dict.fromkeys(texts),
        window_id=7,
        list=LIST,
        gap_ids=(),
        state="open",
        token="t",  # noqa: S106 - a resumptionToken, no password.
        announced=300,
        read=100,
        last_length=100,
        pages=1,
    )


def test_progress_tells_records_pages_pace_and_time_left(window: Window) -> None:
    """As far as the repository announced a size."""
    pace = Pace()
    told = pace.told(window)

    assert told.startswith("100 of 300 records, 1 page, ")
    assert told.endswith(" s left")
    assert "left" not in pace.told(replace(window, announced=None))
    assert pace.told(replace(window, read=300, pages=3, state="ended")).startswith("300 of 300 records, 3 pages, ")


def test_without_a_terminal_a_line_comes_now_and_then(window: Window, capsys: pytest.CaptureFixture[str]) -> None:
    """Quick pages are told when their list has ended; a wait is told at once, with its reason."""
    lines = Lines()
    lines.tell(window)
    lines.tell(replace(window, read=200))
    lines.waiting(12.3, "HTTP 503 Service Unavailable")
    lines.tell(replace(window, read=300, state="ended"))
    err = capsys.readouterr().err.splitlines()

    assert err[0] == "HTTP 503 Service Unavailable; asking again in 12 s"
    assert err[1].startswith("oai_dc: 300 of 300 records")
    assert err[1].endswith(", ended")


def test_a_standard_error_that_is_gone_stops_nothing(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is lost then, and the harvest is not."""
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)

    Lines().tell(replace(window, state="ended"))


def test_the_people_of_a_source_are_named_once_each_by_the_role() -> None:
    """Not a second time as the database keeps them."""
    parts = {"people": [{"name": "Xi Zhao", "role": "translator"}], "translator": ["Xi Zhao"], "year": "1964"}
    source = {"repository": "PRC FMA", "ref": None, "pages": "37-38", "collection": None, "parts": parts}

    told = [("repository", "PRC FMA"), ("pages", "37-38"), ("translator", "Xi Zhao"), ("year", "1964")]
    assert list(source_parts(source)) == told

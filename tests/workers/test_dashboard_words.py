"""The words that whoever watches the dashboard reads: what a task is about, how far it is, how it left its window."""

from typing import Any

import pytest
from plan_values import run, window

from ingest.ledger import ListName
from ingest.store.hints import Hint, Step
from workers.progress import page_words, window_words
from workers.sending import words


@pytest.mark.parametrize(
    ("step", "about", "told"),
    [
        (Step.PLAN, None, "endpoint=archive run=1 incremental"),
        (Step.FINISH, None, "endpoint=archive run=1 incremental"),
        (Step.WORK, {}, "endpoint=archive run=1 window=1 prefix=oai_dc"),
        (
            Step.WORK,
            {"list": ListName(metadata_prefix="mods", set_spec="maps:town"), "from_": "2020-01-01"},
            "endpoint=archive run=1 window=1 prefix=mods set=maps:town from=2020-01-01",
        ),
        (
            Step.WORK,
            {"from_": "2020-01-01T00:00:00Z", "until": "2021-01-01T00:00:00Z"},
            "endpoint=archive run=1 window=1 prefix=oai_dc from=2020-01-01T00:00:00Z until=2021-01-01T00:00:00Z",
        ),
    ],
)
def test_a_message_says_what_it_is_about(step: Step, about: dict[str, Any] | None, told: str) -> None:
    """Endpoint, run and window can be searched for; what the window leaves open is left out."""
    hint = Hint(step=step, run=run(), window=None if about is None else window(**about))

    assert words(hint) == told


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        ({"pages": 14, "read": 1400, "announced": 12300}, "page 14, 1,400 of about 12,300"),
        ({"pages": 14, "read": 1400}, "page 14, 1,400"),
        ({"announced": 12300}, "no page yet of about 12,300"),
        ({}, "no page yet"),
    ],
)
def test_how_far_a_window_is_reads_like_a_sentence(stands: dict[str, Any], told: str) -> None:
    """What the repository has not announced is not made up."""
    assert page_words(window(**stands)) == told


@pytest.mark.parametrize(
    ("stands", "told"),
    [
        ({"state": "open", "pages": 2, "read": 200}, "goes on: page 2, 200"),
        ({"state": "ended", "pages": 2, "read": 200}, "ended: page 2, 200"),
        ({"state": "split", "announced": 9000}, "split into shorter windows: no page yet of about 9,000"),
        ({"state": "abandoned", "message": "the token is gone"}, "given up, a gap is left: the token is gone; no page"),
    ],
)
def test_a_slice_of_work_says_how_it_left_its_window(stands: dict[str, Any], told: str) -> None:
    """Going on, ended, split and given up are told apart by their first word."""
    assert window_words(window(**stands)).startswith(told)

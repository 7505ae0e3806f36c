"""Signs of life while work goes on: given until the work ends or the right to it is lost."""

import logging
import threading
import time
from contextvars import ContextVar
from itertools import pairwise

import pytest
from processes import until

from ingest.errors import DatabaseRefused, LeaseLost
from ingest.heartbeat import beating

QUICKLY = 0.005
PATIENCE = 10
NAME: ContextVar[str] = ContextVar("NAME", default="nobody")


class Beats:
    """Counts beats, and answers them as told, the last answer for ever."""

    def __init__(self, *answers: Exception | None) -> None:
        """Take what is raised at each beat; None: nothing."""
        self.times: list[float] = []
        self.names: list[str] = []
        self._answers = list(answers) or [None]
        self._changed = threading.Condition()

    def __call__(self) -> None:
        """Be called as a beat."""
        with self._changed:
            self.times.append(time.monotonic())
            self.names.append(NAME.get())
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            self._changed.notify_all()
        if answer is not None:
            raise answer

    def wait_for(self, number: int) -> None:
        """Wait until there have been so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.times) >= number, PATIENCE)


def hearts() -> list[str]:
    """Name the threads that give signs of life."""
    return [thread.name for thread in threading.enumerate() if thread.name == "heartbeat"]


def test_signs_of_life_are_given_until_the_work_ends() -> None:
    """And by a thread that ends with it."""
    beats = Beats()
    with beating(beats, seconds=QUICKLY) as heart:
        beats.wait_for(3)
        heart.check()
        assert hearts() == ["heartbeat"]
    number = len(beats.times)
    assert hearts() == []
    time.sleep(4 * QUICKLY)
    assert len(beats.times) == number


def test_the_first_sign_is_given_after_the_interval() -> None:
    """The lease was taken just now; and none comes sooner than the interval after the one before."""
    beats, began = Beats(), time.monotonic()
    with beating(beats, seconds=0.05):
        beats.wait_for(3)
    times = [began, *beats.times]
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(times))


def test_work_that_is_done_sooner_gives_none_and_waits_for_none() -> None:
    """However long the interval."""
    beats, began = Beats(), time.monotonic()
    with beating(beats, seconds=600):
        pass
    assert (beats.times, hearts()) == ([], [])
    assert time.monotonic() - began < PATIENCE


def test_a_right_that_was_lost_is_told_whenever_the_work_asks() -> None:
    """With the very error that said so; then no more signs are given."""
    lost = LeaseLost("window 3 has passed to another worker")
    beats = Beats(None, lost, None)
    with beating(beats, seconds=QUICKLY) as heart:
        beats.wait_for(2)
        until(lambda: heart.lost, PATIENCE, what="the loss to be known")
        for _ in range(2):
            with pytest.raises(LeaseLost) as told:
                heart.check()
            assert told.value is lost
        time.sleep(4 * QUICKLY)
    assert len(beats.times) == 2


def test_a_sign_that_the_database_does_not_take_is_only_missed(caplog: pytest.LogCaptureFixture) -> None:
    """The next one may come in time; it is told of in the log."""
    beats = Beats(DatabaseRefused("the database is not reachable"), None)
    with caplog.at_level(logging.WARNING), beating(beats, seconds=QUICKLY) as heart:
        beats.wait_for(4)
        heart.check()
    (record,) = caplog.records
    assert "the database is not reachable" in record.getMessage()


def test_work_that_fails_ends_the_signs_too() -> None:
    """Its own error is what is told."""
    beats = Beats()

    def work() -> None:
        with beating(beats, seconds=QUICKLY):
            beats.wait_for(1)
            raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        work()
    assert hearts() == []


def test_a_sign_carries_the_names_of_the_work_that_it_is_given_for() -> None:
    """So that what is logged of it says whose it is."""
    beats, token = Beats(), NAME.set("run 7")
    try:
        with beating(beats, seconds=QUICKLY):
            beats.wait_for(1)
    finally:
        NAME.reset(token)
    assert set(beats.names) == {"run 7"}

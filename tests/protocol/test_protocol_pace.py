"""The pace that processes keep together: a turn before each request, and what the repository asks of all of them."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from ingest import errors
from ingest.protocol.client import Repository
from ingest.records import ListRequest

Open = Callable[..., Repository]
ANY = ListRequest(metadata_prefix="oai_dc")


class Pace:
    """A pace kept elsewhere: gives turns, and remembers what it was told."""

    def __init__(self, turns: Iterator[float]) -> None:
        """Take the seconds to wait for each turn."""
        self.asked: list[float] = []
        self.kept_away: list[float] = []
        self._turns = turns

    def take_turn(self, min_interval: float) -> float:
        """Give the next turn."""
        self.asked.append(min_interval)
        return next(self._turns)

    def share(self, repository: Repository) -> Repository:
        """Let a repository keep this pace."""
        repository.share_pace(take_turn=self.take_turn, keep_away=self.kept_away.append)
        return repository


@pytest.fixture
def pace() -> Pace:
    """Return a pace whose turns come after 1, 2, 3, ... seconds."""
    return Pace(map(float, count(1)))


@pytest.fixture
def good(document: Callable[..., bytes], record: Callable[..., str]) -> bytes:
    """Build a page with one record."""
    return document("ListRecords", record())


def test_a_turn_is_taken_before_each_request_and_waited_for(
    *, server: Any, open_repository: Open, good: bytes, waits: Any, pace: Pace
) -> None:
    """With the least seconds between two; the repository's own clock has no say any more."""
    server.script(server.reply(good))
    repository = pace.share(open_repository(server.url, min_interval=30.0))
    for _ in range(3):
        repository.list_records(ANY)

    assert pace.asked == [30.0] * 3
    assert waits.seconds == [1.0, 2.0, 3.0]
    assert len(server.requests) == 3


def test_a_request_that_is_made_again_takes_another_turn(
    *, server: Any, open_repository: Open, good: bytes, waits: Any, pace: Pace
) -> None:
    """It reaches the host as much as the first did."""
    server.script(server.reply(status=503), server.reply(good))
    pace.share(open_repository(server.url, min_interval=30.0)).list_records(ANY)

    assert pace.asked == [30.0, 30.0]
    first, again, second = waits.seconds
    assert (first, second) == (1.0, 2.0)
    assert 0.5 < again < 1.5


def test_without_a_least_interval_a_turn_is_taken_too(
    *, server: Any, open_repository: Open, good: bytes, waits: Any, pace: Pace
) -> None:
    """Another may have been asked for patience meanwhile."""
    server.script(server.reply(good))
    pace.share(open_repository(server.url)).list_records(ANY)

    assert (pace.asked, waits.seconds) == ([0.0], [1.0])


@pytest.mark.parametrize(("min_interval", "waited"), [(0.0, 0), (30.0, 1)])
def test_where_nobody_else_asks_no_turn_is_taken(  # One argument for each fixture.
    *, server: Any, open_repository: Open, good: bytes, waits: Any, min_interval: float, waited: int
) -> None:
    """The repository keeps its own pace, and tells all the same what it is asked for."""
    server.script(server.reply(status=503, Retry_After="5"), server.reply(good))
    repository, kept_away = open_repository(server.url, min_interval=min_interval), []
    repository.share_pace(take_turn=None, keep_away=kept_away.append)
    repository.list_records(ANY)

    assert kept_away == [5.0]
    assert len(waits.seconds) == 1 + waited


def test_a_turn_that_is_due_at_once_is_not_waited_for(
    *, server: Any, open_repository: Open, good: bytes, waits: Any
) -> None:
    """Nobody is asked to wait for no time."""
    server.script(server.reply(good))
    Pace(map(float, [0, 0])).share(open_repository(server.url)).list_records(ANY)

    assert waits.seconds == []


@pytest.mark.parametrize(("turn", "asked"), [(300.0, 1), (300.5, 0)])
def test_a_turn_that_is_further_off_than_a_page_is_waited_for_is_left_for_later(  # One argument for each fixture.
    *, server: Any, open_repository: Open, good: bytes, waits: Any, turn: float, asked: int
) -> None:
    """The host is to be left alone: nothing is asked, and it is said for how long."""
    server.script(server.reply(good))
    repository = Pace(map(float, [turn])).share(open_repository(server.url, page_deadline=300.0))
    if asked:
        repository.list_records(ANY)
    else:
        with pytest.raises(errors.RepositoryUnavailable, match="left alone") as refused:
            repository.list_records(ANY)
        assert refused.value.retry_after == turn

    assert (len(server.requests), waits.seconds) == (asked, [turn] * asked)


def test_a_pace_that_is_not_shared_is_kept_all_the_same(
    *, server: Any, open_repository: Open, good: bytes, waits: Any
) -> None:
    """By this repository alone."""
    server.script(server.reply(good))
    repository = open_repository(server.url, min_interval=30.0)
    for _ in range(2):
        repository.list_records(ANY)

    (wait,) = waits.seconds
    assert 25 < wait <= 30


# --- what the repository asks for -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "header", "told"),
    [
        pytest.param(503, "20", [20.0], id="unavailable"),
        pytest.param(429, "7", [7.0], id="too many requests"),
        pytest.param(503, None, [], id="without a word of how long"),
        pytest.param(503, "0", [], id="for no time at all"),
    ],
)
@pytest.mark.parametrize("min_interval", [0.0, 30.0])
def test_a_wait_that_the_repository_asks_for_is_told_to_all(  # One argument for each fixture.
    *,
    server: Any,
    open_repository: Open,
    good: bytes,
    pace: Pace,
    status: int,
    header: str | None,
    told: list[float],
    min_interval: float,
) -> None:
    """Whether a pace is declared or not."""
    headers = {} if header is None else {"Retry_After": header}
    server.script(server.reply(status=status, **headers), server.reply(good))
    pace.share(open_repository(server.url, min_interval=min_interval)).list_records(ANY)

    assert pace.kept_away == told


def test_a_wait_beyond_the_pages_deadline_is_told_to_all_and_not_waited_for(
    *, server: Any, open_repository: Open, waits: Any, pace: Pace
) -> None:
    """Whoever asks next knows of it; the window is put back."""
    server.script(server.reply(status=503, Retry_After="7200"))
    repository = pace.share(open_repository(server.url))
    with pytest.raises(errors.RepositoryUnavailable) as refused:
        repository.list_records(ANY)

    assert (pace.kept_away, waits.seconds) == ([7200.0], [1.0])
    assert refused.value.retry_after == 7200.0


def test_an_answer_that_asks_for_nothing_tells_nobody(
    *, server: Any, open_repository: Open, good: bytes, pace: Pace
) -> None:
    """A lost connection is no wish of the repository's."""
    server.script(server.hang_up, server.reply(good))
    pace.share(open_repository(server.url)).list_records(ANY)

    assert pace.kept_away == []

"""A run as it is watched: one look after the other, what has moved between them, and what it waits for. No I/O."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.ledger import Run, Window
from ingest.store.show_work import Work
from workers.cli.output import duration, instant
from workers.cli.window_words import next_try_words

_RATE_SECONDS = 15.0
_LATELY_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Why nothing is read at the moment."""

    code: str
    """The same as long as nothing but time has changed."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One look at a run."""

    run: Run
    work: Work
    rates: Mapping[int, float]
    """Window -> record elements a second; windows that are open."""
    rate: float
    """Record elements a second in all."""
    moved: frozenset[int]
    """Windows that were seen to move a moment ago."""
    wait: Wait | None


class Watcher:
    """Remembers earlier looks at a run: how fast it goes, and when somebody was last seen to work on it."""

    def __init__(self, *, patience: float, workers: bool) -> None:
        """Wait ``patience`` seconds before saying that nobody comes; without ``workers`` there are none to wait for."""
        self._patience = patience
        self._workers = workers
        self._looks: deque[tuple[datetime, dict[int, int]]] = deque()
        self._states: dict[int, tuple[object, ...]] = {}
        self._moved_at: dict[int, datetime] = {}
        self._alive_at: datetime | None = None

    def look(self, run: Run, work: Work) -> Sight:
        """Take a look; the clock is the database's, as it stood then."""
        self._note(run, work)
        recent = work.now - timedelta(seconds=_LATELY_SECONDS)
        return Sight(
            run=run,
            work=work,
            rates={each.window_id: self._rate(each.window_id) for each in run.windows if each.state == "open"},
            rate=self._rate_in_all(),
            moved=frozenset(window for window, at in self._moved_at.items() if at >= recent),
            wait=self._wait(run, work),
        )

    def _note(self, run: Run, work: Work) -> None:
        self._looks.append((work.now, {window.window_id: window.seen for window in run.windows}))
        while len(self._looks) > 1 and (work.now - self._looks[0][0]).total_seconds() > _RATE_SECONDS:
            self._looks.popleft()
        states = {window.window_id: _state(window) for window in run.windows}
        first_look = self._alive_at is None and not self._states
        self._moved_at |= {
            key: work.now for key, state in states.items() if not first_look and self._states.get(key) != state
        }
        self._states = states
        if work.alive:
            self._alive_at = work.now

    def _rate(self, window_id: int) -> float:
        """Compare the last look at a window with the oldest that is kept, or the last one before it was begun."""
        read = [(at, seen.get(window_id, 0)) for at, seen in self._looks]
        began = max((at for at, seen in read if not seen), default=read[0][0])
        return _rate([(at, seen) for at, seen in read if at >= began])

    def _rate_in_all(self) -> float:
        return _rate([(at, sum(seen.values())) for at, seen in self._looks])

    def _wait(self, run: Run, work: Work) -> Wait | None:
        if not run.active or work.alive:
            return None
        since = max(work.touched_at, self._alive_at or work.touched_at)
        idle = (work.now - since).total_seconds()
        reason = _reason(run, work)
        if reason is not None:
            return reason
        if idle < self._patience:
            return Wait(code="worker", text="waits for a worker")
        if not self._workers:
            return Wait(code="nobody", text=f"nobody has worked on it for {duration(idle)}; harvest again to go on")
        text = f"no worker has taken it up for {duration(idle)}; is one running, and not busy with other runs?"
        return Wait(code="nobody", text=text)


def _rate(read: Sequence[tuple[datetime, int]]) -> float:
    """Give what was read a second between the first look and the last."""
    (began, before), (now, after) = read[0], read[-1]
    return (after - before) / (now - began).total_seconds() if now > began else 0.0


def _state(window: Window) -> tuple[object, ...]:
    return window.state, window.pages, window.restarts, window.next_try_at


def _reason(run: Run, work: Work) -> Wait | None:
    """Say what a run waits for, where it is no worker."""
    open_windows = [window for window in run.windows if window.state == "open"]
    if work.left_alone_until is not None:
        text = f"{run.host} asks to be left alone until {instant(work.left_alone_until)}"
        return Wait(code="left-alone", text=text)
    tries = [window.next_try_at for window in open_windows if window.next_try_at and window.next_try_at > work.now]
    if tries and len(tries) == len(open_windows):
        return Wait(code="put-back", text=f"put back, {next_try_words(min(tries), work.now)}")
    if open_windows and work.in_flight_elsewhere >= run.parallel:
        return Wait(code="host-busy", text=f"waits for other runs at {run.host}")
    return None

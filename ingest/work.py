"""Work a window: read its list a page at a time, describe what is new, keep each page together with the progress."""

import logging
import math
from contextlib import suppress

from ingest.errors import (
    DatabaseRefused,
    FatalProtocolError,
    IngestError,
    LeaseLost,
    NoSetHierarchy,
    RestartListError,
    RetriableError,
)
from ingest.heartbeat import Heart, beating
from ingest.keep import keep
from ingest.ledger import Window
from ingest.plan.endings import Ending, Next, ending, may_restart
from ingest.plan.splitting import parts_wanted, split
from ingest.protocol.ahead import PageReader, Request
from ingest.records import ListRequest, Page, ResumptionToken
from ingest.store.hosts import note_retry_after
from ingest.store.statistics import refresh_statistics
from ingest.store.windows import (
    abandon_window,
    give_back,
    put_back_window,
    read_window,
    renew_lease,
    restart_window,
    split_window,
)
from ingest.surroundings import Job, Surroundings

_STATISTICS_AFTER_PAGES = (10, 100, 1000)
_SETS_TOLD = 8
_LOOK_SECONDS = 0.2
_BEATS_A_LEASE = 3
_FEWEST_PARTS = 2
_WAITS = (60.0, 300.0, 900.0, 3600.0)
"""Seconds that a window is left alone while its repository is away, longer each time."""

log = logging.getLogger(__name__)


def work_window(job: Job, around: Surroundings) -> None:
    """Read a leased window until it ends, is given up, or a stop is asked for; then the lease is given back.

    Raises LeaseLost where another worker has taken the window.
    """
    reader = PageReader(around.repository.list_records)

    def renew() -> None:
        renew_lease(around.database, job.lease, lease_seconds=around.lease_seconds)

    try:
        with beating(renew, seconds=around.lease_seconds / _BEATS_A_LEASE) as heart:
            _Reading(job, around, reader, heart).run()
    except LeaseLost:
        raise
    except Exception as error:
        if around.patience and not around.stop():
            _leave_for_later(job, around, error)
        raise
    finally:
        reader.close()
        give_back(around.database, job.lease)


def _leave_for_later(job: Job, around: Surroundings, error: Exception) -> None:
    """Leave a window alone for a while that met a refusing database or a defect, or it would be asked for without end.

    A database that refuses is waited for; what fails again and again for another reason is given up.
    """
    seconds, told = around.lease_seconds, f"{type(error).__name__}: {error}"
    with suppress(DatabaseRefused, LeaseLost):
        outages = read_window(around.database, job.lease.window_id).outages
        if outages < around.patience or isinstance(error, DatabaseRefused):
            # A connection that was lost is back in a moment; whatever else it was is given time.
            moment = isinstance(error, DatabaseRefused) and outages == 0
            wait = seconds if moment else _WAITS[min(outages, len(_WAITS) - 1)]
            put_back_window(around.database, job.lease, wait=wait, message=told, lease_seconds=seconds)
        else:
            message = f"a defect of this program ({told}); please report it"
            abandon_window(around.database, job.lease, reason="defect", message=message, lease_seconds=seconds)


class _Reading:
    """One window while it is read: what is asked, what has come, and what follows from it."""

    def __init__(self, job: Job, around: Surroundings, reader: PageReader, heart: Heart) -> None:
        self.job, self.around, self.reader, self.heart = job, around, reader, heart
        self.window = read_window(around.database, job.lease.window_id)

    def run(self) -> None:
        if self.around.stop():
            return
        # The first page of a slice is asked for in any case: however short the slice, the window gets further.
        self.reader.ask(_next_request(self.window))
        while self.window.state == "open" and self.reader.waiting and not self.around.stop():
            self.take_page()
            self.around.tell(self.window)

    def ask(self, request: Request) -> None:
        """Ask for a further page, unless it would be dropped: the slice is over, or a stop is asked for."""
        if not self.around.slice_over() and not self.around.stop():
            self.reader.ask(request)

    def take_page(self) -> None:
        """Read the next page and keep it, or begin the list again, put it back for later, or give it up."""
        try:
            page = self.wait_for_page()
        except RestartListError as error:
            self.begin_again("bad-resumption-token", str(error))
        except RetriableError as error:
            self.put_back(error)
        except FatalProtocolError as error:
            self.give_up(*self.unknown_set() or (error.code, str(error)))
        except (LeaseLost, DatabaseRefused):
            raise
        except Exception as defect:
            if self.around.stop():
                raise
            log.exception("reading window %s failed", self.window.window_id)
            told = f"a defect of this program met the answer ({type(defect).__name__}: {defect}); please report it"
            self.give_up("defect", told)
        else:
            if page is not None:
                self.take_in(page)

    def wait_for_page(self) -> Page | None:
        """Wait for the page asked for; None where a stop is asked for first. Raises LeaseLost."""
        while (page := self.reader.take(_LOOK_SECONDS)) is None:
            if self.around.stop():
                return None
            self.heart.check()
        return page

    def take_in(self, page: Page) -> None:
        """Keep a page, and ask for the next one before that; a list that proves long is split first."""
        unknown = None if page.elements else self.unknown_set()
        follows = ending(page, self.window)
        if unknown is not None:
            self.give_up(*unknown)
        elif follows.next is Next.RESTART:
            self.begin_again(follows.reason or "", follows.message or "")
        elif not self.split(parts_wanted(page, self.window, parallel=self.job.parallel), page.token):
            if follows.next is Next.GOES_ON:
                self.ask(ResumptionToken(value=follows.token or ""))
            self.keep(page, follows)

    def keep(self, page: Page, follows: Ending) -> None:
        kept = keep(page, follows, self.job, self.around, pages_before=self.window.pages)
        self.window = kept.window
        if kept.window.pages in _STATISTICS_AFTER_PAGES:
            # Without them the next pages are slower, and nothing worse.
            with suppress(DatabaseRefused):
                refresh_statistics(self.around.database)
        if kept.loop:
            self.give_up("token-loop", "the repository sends the same elements again and again")
        elif kept.window.state == "open" and kept.window.pages >= (self.job.max_pages or math.inf):
            self.give_up(
                "page-ceiling", f"the list goes on after {kept.window.pages} pages, the most that are declared"
            )

    def split(self, parts: int, token: ResumptionToken | None) -> bool:
        """Put parts in the window's place, if it can be split into as many as two."""
        job = self.job
        if parts < _FEWEST_PARTS or job.response_date is None:
            return False
        planned = split(
            self.window, parts, granularity=job.granularity, earliest=job.earliest, latest=job.response_date
        )
        if len(planned) < _FEWEST_PARTS:
            return False
        announced = token.complete_list_size if token else self.window.announced
        done = split_window(
            self.around.database, job.lease, planned, announced=announced, lease_seconds=self.around.lease_seconds
        )
        self.window = read_window(self.around.database, job.lease.window_id)
        return done

    def begin_again(self, reason: str, message: str) -> None:
        """Begin the list again with its original arguments; where that has not helped before, in two parts."""
        if may_restart(self.window):
            restart_window(
                self.around.database,
                self.job.lease,
                restarts=self.window.restarts,
                lease_seconds=self.around.lease_seconds,
            )
            self.window = read_window(self.around.database, self.job.lease.window_id)
            self.ask(_next_request(self.window))
        elif not self.window.pages or not self.split(_FEWEST_PARTS, None):
            self.give_up(reason, f"{message}; begun again without getting further")

    def put_back(self, error: RetriableError) -> None:
        """Leave the window for later, with all that it has read, unless the repository has been away too often."""
        around, outages = self.around, self.window.outages
        if outages >= around.patience:
            self.give_up("repository-unavailable", str(error))
            return
        wait = max(_WAITS[min(outages, len(_WAITS) - 1)], error.retry_after or 0.0)
        put_back_window(
            around.database, self.job.lease, wait=wait, message=str(error), lease_seconds=around.lease_seconds
        )
        if error.retry_after:
            note_retry_after(around.database, self.job.host, error.retry_after)
        self.window = read_window(around.database, self.job.lease.window_id)

    def give_up(self, reason: str, message: str) -> None:
        seconds = self.around.lease_seconds
        abandon_window(self.around.database, self.job.lease, reason=reason, message=message, lease_seconds=seconds)
        self.window = read_window(self.around.database, self.job.lease.window_id)

    def unknown_set(self) -> tuple[str, str] | None:
        """Say so where a list is empty because the repository has no such set: no error code of its own tells it."""
        spec = self.window.list.set_spec
        if not spec or self.window.pages or self.window.from_ is not None:
            return None
        try:
            known = {entry.spec for entry in self.around.repository.list_sets()}
        except NoSetHierarchy:
            return "unknown-set", f"the repository has no set {spec}: it has no sets at all"
        except IngestError:
            # What is asked here only explains; the list's own answer stands.
            return None
        if any(name == spec or name.startswith(f"{spec}:") for name in known):
            return None
        some = ", ".join(sorted(known)[:_SETS_TOLD]) or "none"
        return "unknown-set", f"the repository has no set {spec}; it has: {some}"


def _next_request(window: Window) -> Request:
    if window.token is not None:
        return ResumptionToken(value=window.token)
    return ListRequest(
        metadata_prefix=window.list.metadata_prefix,
        set_spec=window.list.set_spec or None,
        from_=window.from_,
        until=window.until,
    )

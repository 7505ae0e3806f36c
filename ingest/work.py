"""Work a window: read its list a page at a time, describe what is new, keep each page together with the progress."""

import logging
import math

from ingest.errors import (
    DatabaseRefused,
    FatalProtocolError,
    IngestError,
    LeaseLost,
    NoSetHierarchy,
    RestartListError,
    RetriableError,
)
from ingest.keep import keep
from ingest.ledger import Window
from ingest.plan.endings import Ending, Next, ending, may_restart
from ingest.protocol.ahead import PageReader, Request
from ingest.records import ListRequest, Page, ResumptionToken
from ingest.store.statistics import refresh_statistics
from ingest.store.windows import abandon_window, give_back, read_window, renew_lease, restart_window
from ingest.surroundings import Job, Surroundings

_STATISTICS_AFTER_PAGES = (10, 100, 1000)
_SETS_TOLD = 8

log = logging.getLogger(__name__)


def work_window(job: Job, around: Surroundings) -> None:
    """Read a leased window until it ends, is given up, or a stop is asked for; then the lease is given back.

    Raises LeaseLost where another worker has taken the window.
    """
    reader = PageReader(around.repository.list_records)
    try:
        _Reading(job, around, reader).run()
    finally:
        reader.close()
        give_back(around.database, job.lease)


class _Reading:
    """One window while it is read: what is asked, what has come, and what follows from it."""

    def __init__(self, job: Job, around: Surroundings, reader: PageReader) -> None:
        self.job, self.around, self.reader = job, around, reader
        self.window = read_window(around.database, job.lease.window_id)

    def run(self) -> None:
        self.reader.ask(_next_request(self.window))
        while self.window.state == "open" and not self.around.stop():
            self.take_page()
            self.around.tell(self.window)

    def take_page(self) -> None:
        """Read the next page and keep it, or begin the list again, or give it up."""
        try:
            page = self.wait_for_page()
        except RestartListError as error:
            self.begin_again("bad-resumption-token", str(error))
        except RetriableError as error:
            self.give_up("repository-unavailable", str(error))
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

    def take_in(self, page: Page) -> None:
        """Keep a page, and ask for the next one before that."""
        unknown = None if page.elements else self.unknown_set()
        follows = ending(page, self.window)
        if unknown is not None:
            self.give_up(*unknown)
        elif follows.next is Next.RESTART:
            self.begin_again(follows.reason or "", follows.message or "")
        else:
            if follows.next is Next.GOES_ON:
                self.reader.ask(ResumptionToken(value=follows.token or ""))
            self.keep(page, follows)

    def keep(self, page: Page, follows: Ending) -> None:
        kept = keep(page, follows, self.job, self.around)
        self.window = kept.window
        if kept.window.pages in _STATISTICS_AFTER_PAGES:
            refresh_statistics(self.around.database)
        if kept.loop:
            self.give_up("token-loop", "the repository sends the same elements again and again")
        elif kept.window.state == "open" and kept.window.pages >= (self.job.max_pages or math.inf):
            self.give_up(
                "page-ceiling", f"the list goes on after {kept.window.pages} pages, the most that are declared"
            )

    def wait_for_page(self) -> Page | None:
        """Wait for the page asked for, and renew the lease meanwhile; None where a stop is asked for first."""
        look = min(0.2, self.around.lease_seconds / 10)
        since_renewal = 0.0
        while (page := self.reader.take(look)) is None:
            if self.around.stop():
                return None
            since_renewal += look
            if since_renewal > self.around.lease_seconds / 3:
                renew_lease(self.around.database, self.job.lease, lease_seconds=self.around.lease_seconds)
                since_renewal = 0.0
        return page

    def begin_again(self, reason: str, message: str) -> None:
        """Begin the list again with its original arguments, unless that has not helped before."""
        if not may_restart(self.window):
            self.give_up(reason, f"{message}; begun again without getting further")
            return
        restart_window(self.around.database, self.job.lease, lease_seconds=self.around.lease_seconds)
        self.window = read_window(self.around.database, self.job.lease.window_id)
        self.reader.ask(_next_request(self.window))

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

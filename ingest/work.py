"""Work a window: read its list a page at a time, describe what is new, keep each page together with the progress."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from ingest.asking import Asking
from ingest.errors import (
    AccessRefused,
    BadArgument,
    CannotDisseminateFormat,
    DatabaseRefused,
    FatalProtocolError,
    LeaseLost,
    MalformedResponse,
    NotOaiPmh,
    RestartListError,
    RetriableError,
    UnknownErrorCode,
)
from ingest.heartbeat import beating
from ingest.keep import keep, keep_headers
from ingest.ledger import Verb
from ingest.plan.ceilings import ceiling_passed
from ingest.plan.endings import Ending, Next, ending, nothing_more
from ingest.plan.verdict import ceiling_reached
from ingest.protocol.singly import get_listed, get_named
from ingest.records import Page, Rejection, ResumptionToken
from ingest.setbacks import WAITS, Setbacks, first_request
from ingest.store.runs import elements_of_run
from ingest.store.statistics import refresh_statistics
from ingest.store.windows import abandon_window, give_back, put_back_window, read_window, renew_lease
from ingest.surroundings import Job, Surroundings

_STATISTICS_AFTER_PAGES = (10, 100, 1000)
_BEATS_A_LEASE = 3
_TAKES_NO_DATES = "; where a repository takes no dates at all, declare the quirk ignores_dates: all is read each time"
_MAY_BE_ONE_PAGE = (MalformedResponse, NotOaiPmh, UnknownErrorCode)

log = logging.getLogger(__name__)


def work_window(job: Job, around: Surroundings) -> None:
    """Read a leased window until it ends, is given up, or a stop is asked for; then the lease is given back.

    Raises LeaseLost where another worker has taken the window.
    """

    def renew() -> None:
        renew_lease(around.database, job.lease, lease_seconds=around.lease_seconds)

    try:
        with beating(renew, seconds=around.lease_seconds / _BEATS_A_LEASE) as heart:
            asking = Asking(around, heart)
            try:
                _Reading(job, around, asking).run()
            finally:
                asking.close()
    except LeaseLost:
        raise
    except Exception as error:
        if around.patience and not around.stop():
            _leave_for_later(job, around, error)
        raise
    finally:
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
            wait = seconds if moment else WAITS[min(outages, len(WAITS) - 1)]
            put_back_window(around.database, job.lease, wait=wait, message=told, lease_seconds=seconds)
        else:
            message = f"a defect of this program ({told}); please report it"
            abandon_window(around.database, job.lease, reason="defect", message=message, lease_seconds=seconds)


class _Reading:
    """One window while it is read: what is asked, what has come, and what follows from it."""

    def __init__(self, job: Job, around: Surroundings, asking: Asking) -> None:
        self.job, self.around, self.asking = job, around, asking
        self.setbacks = Setbacks(job, around, asking)
        self.window = read_window(around.database, job.lease.window_id)

    def run(self) -> None:
        if self.around.stop():
            return
        # The first page of a slice is asked for in any case: however short the slice, the window gets further.
        self.asking.ask(self.call(self.window.token))
        while self.window.state == "open" and self.asking.waiting and not self.around.stop():
            self.take_page()
            self.around.tell(self.window)

    def call(self, token: str | None) -> Callable[[], Page]:
        """Say how the page is asked for that a token stands for, or the first one."""
        window, repository = self.window, self.around.repository
        prefix, begun_with = window.list.metadata_prefix, first_request(window)
        request = begun_with if token is None else ResumptionToken(value=token)
        match window.verb:
            case Verb.LIST_RECORDS:
                return partial(repository.list_records, request, begun_with=begun_with)
            case Verb.LIST_IDENTIFIERS:
                return partial(get_listed, repository, request, metadata_prefix=prefix, begun_with=begun_with)
            case Verb.GET_RECORD:
                named = self.job.identifiers
                return partial(get_named, repository, named, metadata_prefix=prefix, position=int(token or 0))
            case Verb.SWEEP:
                return partial(repository.list_identifiers, request, begun_with=begun_with)

    def ask(self, token: str | None) -> None:
        """Ask for a further page, unless it would be dropped: the slice is over, or a stop is asked for."""
        if not self.around.slice_over() and not self.around.stop():
            self.asking.ask(self.call(token))

    def take_page(self) -> None:
        """Read the next page and keep it, or do what its failure asks for."""
        try:
            page = self.asking.take()
        except RestartListError as error:
            self.begin_again("bad-resumption-token", str(error))
        except RetriableError as error:
            if self.setbacks.put_back(self.window, error):
                self.look_and_ask_again()
            else:
                self.look()
        except FatalProtocolError as error:
            self.failed(error)
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

    def failed(self, error: FatalProtocolError) -> None:
        """Do what helps where asking again does not: find the bad page's record, or stop asking."""
        window = self.window
        if isinstance(error, AccessRefused):
            self.setbacks.stop_run(error)
        elif isinstance(error, CannotDisseminateFormat) and window.pages:
            follows = nothing_more(window)
            if follows.next is Next.RESTART:
                self.begin_again(error.code, str(error))
            else:
                self.keep(Page(response_date=None, elements=(), token=None), follows)
            return
        elif unknown := self.setbacks.unknown_set(window):
            self.setbacks.give_up(*unknown)
        elif not isinstance(error, _MAY_BE_ONE_PAGE) or not self.setbacks.narrow(window, error.code, str(error)):
            dated = isinstance(error, BadArgument) and (window.from_ or window.until)
            self.setbacks.give_up(error.code, f"{error}{_TAKES_NO_DATES}" if dated else str(error))
        self.look_and_ask_again()

    def take_in(self, page: Page) -> None:
        """Keep a page, and ask for the next one before that; a list that proves long is split first."""
        asked_for_all = self.window.from_ is None
        unknown = self.setbacks.unknown_set(self.window) if asked_for_all and not page.elements else None
        follows = ending(page, self.window)
        if unknown is not None:
            self.give_up(*unknown)
        elif follows.next is Next.RESTART:
            self.begin_again(follows.reason or "", follows.message or "")
        elif self.is_split(page):
            self.look()
        elif page.damaged:
            self.keep_in_part(page, follows)
        else:
            self.go_on(page, follows)

    def keep_in_part(self, page: Page, follows: Ending) -> None:
        """Keep what is whole of a page that breaks off, and find the rest in another way, or give the list up."""
        self.keep(page, Ending(next=Next.GOES_ON, token=self.window.token))
        reason, message = follows.reason or "", follows.message or ""
        if self.window.state != "open":
            return
        if not self.setbacks.narrow(self.window, reason, message):
            self.setbacks.give_up(reason, message)
        self.look_and_ask_again()

    def is_split(self, page: Page) -> bool:
        """Split a list of which the first page shows that it is long."""
        return self.window.verb is Verb.LIST_RECORDS and self.setbacks.split(self.window, page)

    def go_on(self, page: Page, follows: Ending) -> None:
        """Keep a page while the next one is on its way; where tokens are good for one use, none is asked for ahead."""
        ahead = "single_use_tokens" not in self.job.quirks
        if follows.next is Next.GOES_ON and ahead:
            self.ask(follows.token)
        self.keep(page, follows)
        if follows.next is Next.GOES_ON and not ahead and self.window.state == "open":
            self.ask(follows.token)

    def keep(self, page: Page, follows: Ending) -> None:
        write = keep_headers if self.window.verb is Verb.SWEEP else keep
        kept = write(page, follows, self.job, self.around, window=self.window)
        self.window = kept.window
        if kept.window.pages in _STATISTICS_AFTER_PAGES:
            # Without them the next pages are slower, and nothing worse.
            with suppress(DatabaseRefused):
                refresh_statistics(self.around.database)
        if kept.loop:
            self.give_up("token-loop", "the repository sends the same elements again and again")
        elif kept.window.state == "open":
            self.heed_ceilings(page, kept.seconds)

    def heed_ceilings(self, page: Page, seconds: float) -> None:
        """Stop a list that goes on for too long, and a run that brings more rejections than can be right."""
        job = self.job
        passed = ceiling_passed(
            self.window,
            seconds,
            max_pages=job.max_pages,
            max_bytes=job.max_list_bytes,
            max_seconds=job.max_list_seconds,
        )
        if passed is not None:
            self.give_up(*passed)
        elif any(isinstance(element, Rejection) for element in page.elements):
            rejected, seen = elements_of_run(self.around.database, job.lease.run_id)
            reached = ceiling_reached(rejected, seen, job.rejection_ceiling)
            if reached is not None:
                self.setbacks.stop_run(reached)
                self.look()

    def begin_again(self, reason: str, message: str) -> None:
        self.setbacks.begin_again(self.window, reason, message)
        self.look_and_ask_again()

    def give_up(self, reason: str, message: str) -> None:
        self.setbacks.give_up(reason, message)
        self.look()

    def look(self) -> None:
        self.window = read_window(self.around.database, self.job.lease.window_id)

    def look_and_ask_again(self) -> None:
        """Go on with a window that is to be read from its beginning, in the same way as before or in another."""
        self.look()
        if self.window.state == "open":
            self.ask(self.window.token)

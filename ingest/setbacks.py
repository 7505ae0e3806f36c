"""What becomes of a window whose list can not simply be read on: begun again, put back, narrowed, given up.

Each function alters the ledger and raises LeaseLost where another worker has taken the window.
"""

from dataclasses import dataclass, replace
from functools import partial

from ingest.asking import Asking
from ingest.errors import AccessRefused, IngestError, LeaseLost, NoSetHierarchy, RecordsUnavailable, RetriableError
from ingest.ledger import PlannedWindow, Reason, Verb, Window
from ingest.plan.endings import may_restart
from ingest.plan.narrowing import MOST_NARROWED, MOST_WITHOUT_HEADERS, PARTS, Narrowing, narrowing, pays_no_heed
from ingest.plan.offers import why_no_set
from ingest.plan.splitting import oldest, parts_wanted, split
from ingest.records import ListRequest, Page
from ingest.store.hosts import note_retry_after
from ingest.store.runs import cancel_windows
from ingest.store.window_parts import Narrowed, left_to_read, read_by_headers, split_window
from ingest.store.windows import (
    abandon_window,
    put_back_window,
    restart_window,
)
from ingest.surroundings import Job, Surroundings

WAITS = (60.0, 300.0, 900.0, 3600.0)
"""Seconds that a window is left alone while its repository is away, longer each time."""
_UNAVAILABLE = "repository-unavailable"
_FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Setbacks:
    """One window's ways out."""

    job: Job
    around: Surroundings
    asking: Asking

    def begin_again(self, window: Window, reason: str, message: str) -> None:
        """Begin the list again with its original arguments; where that has not helped before, in two parts."""
        if may_restart(window):
            restart_window(
                self.around.database,
                self.job.lease,
                restarts=window.restarts,
                lease_seconds=self.around.lease_seconds,
            )
        elif not window.read or not self._halved(window, reason=reason, message=message):
            self.give_up(reason, f"{message}; begun again without getting further")

    def put_back(self, window: Window, error: RetriableError) -> bool:
        """Leave the window for later, with all that it has read; True where it can be gone on with at once.

        Where the repository answers all but this page, the page is what ails it, and the window is narrowed; where it
        has been away too often, the window is given up.
        """
        patience, outages = self.around.patience, window.outages
        by_records = isinstance(error, RecordsUnavailable)
        may_be_the_page = not error.unreachable and not error.retry_after and outages >= min(patience, 1)
        parts_by = Verb.LIST_RECORDS if by_records else window.verb
        if (may_be_the_page or by_records) and self.narrow(window, _UNAVAILABLE, str(error), parts_by=parts_by):
            return True
        if outages >= patience:
            self.give_up(_UNAVAILABLE, str(error))
            return False
        wait = max(WAITS[min(outages, len(WAITS) - 1)], error.retry_after or 0.0)
        seconds = self.around.lease_seconds
        put_back_window(self.around.database, self.job.lease, wait=wait, message=str(error), lease_seconds=seconds)
        if error.retry_after:
            note_retry_after(self.around.database, self.job.host, error.retry_after)
        return False

    def narrow(self, window: Window, reason: str, message: str, *, parts_by: Verb | None = None) -> bool:
        """Narrow a window whose page can not be read, down to the record that spoils it.

        True where that was begun, or a stop was asked for; False where it does not help: nothing can be had of any part
        either, the repository pays no heed to dates, or the run's windows have been split often enough. Its parts are
        read ``parts_by`` a verb, or as the window is.
        """
        if window.verb in {Verb.GET_RECORD, Verb.SWEEP}:
            return False
        parts = self._narrower(replace(window, verb=parts_by or window.verb))
        try:
            headers = self._headers(first_request(window))
            if headers.elements:
                return self._narrowed(window, headers, parts, reason=reason, message=message)
            if pays_no_heed(None, window) or not any(self._answers(part) for part in parts):
                return False
        except AccessRefused as refused:
            self.stop_run(refused)
            return True
        except _Stopped:
            return True
        because = Narrowed(reason=reason, message=message, most=MOST_WITHOUT_HEADERS)
        return self._put_in_place(parts, announced=window.announced, because=because)

    def _headers(self, request: ListRequest) -> Page:
        """Ask for headers; a page without any where they can not be had. What went wrong before is what is told."""
        try:
            page = self.asking.aside(partial(self.around.repository.list_identifiers, request))
        except (LeaseLost, AccessRefused):
            raise
        except IngestError:
            return Page(response_date=None, elements=(), token=None, damaged=True)
        if page is None:
            raise _Stopped
        return page

    def _answers(self, part: PlannedWindow) -> bool:
        return not self._headers(first_request(part)).damaged

    def _narrowed(
        self, window: Window, headers: Page, parts: tuple[PlannedWindow, ...], *, reason: str, message: str
    ) -> bool:
        match narrowing(headers, window, parts=len(parts)):
            case Narrowing.RECORD_BY_RECORD:
                seconds, told = self.around.lease_seconds, f"read record by record: {message}"
                read_by_headers(self.around.database, self.job.lease, message=told, lease_seconds=seconds)
                return True
            case Narrowing.SPLIT:
                because = Narrowed(reason=reason, message=message, most=MOST_NARROWED)
                return self._put_in_place(parts, announced=window.announced, because=because)
            case Narrowing.NOTHING:
                return False

    def split(self, window: Window, page: Page) -> bool:
        """Put parts in the window's place, if its first page shows that it is long, and it can be split."""
        job = self.job
        left = partial(left_to_read, self.around.database, window)
        wanted = parts_wanted(page, window, parallel=job.parallel, left=left)
        announced = page.token.complete_list_size if page.token else None
        parts = self._parts(window, wanted, earliest=job.earliest, shown=page)
        return self._put_in_place(parts, announced=announced)

    def _halved(self, window: Window, *, reason: str, message: str) -> bool:
        parts = self._parts(window, _FEWEST_PARTS, earliest=self.job.earliest)
        because = Narrowed(reason=reason, message=message, most=MOST_NARROWED)
        return self._put_in_place(parts, announced=window.announced, because=because)

    def give_up(self, reason: str, message: str) -> None:
        """End the window before the end of its list: what it could not read stays a gap."""
        seconds = self.around.lease_seconds
        abandon_window(self.around.database, self.job.lease, reason=reason, message=message, lease_seconds=seconds)

    def stop_run(self, why: AccessRefused | Reason) -> None:
        """End every window of the run: nothing more is asked of the repository until a person has looked."""
        reason = why if isinstance(why, Reason) else Reason(code=why.code, count=1, text=str(why))
        cancel_windows(self.around.database, self.job.lease.run_id, reason)

    def unknown_set(self, window: Window) -> tuple[str, str] | None:
        """Say so where nothing comes because the repository has no such set: no error code of its own tells it."""
        spec = window.list.set_spec
        if not spec or window.pages:
            return None
        try:
            sets = self.asking.aside(self.around.repository.list_sets)
        except NoSetHierarchy:
            return "unknown-set", str(why_no_set(spec, None))
        except LeaseLost:
            raise
        except IngestError:
            # What is asked here only explains; the list's own answer stands.
            return None
        why = None if sets is None else why_no_set(spec, {entry.spec for entry in sets})
        return None if why is None else ("unknown-set", why)

    def _narrower(self, window: Window) -> tuple[PlannedWindow, ...]:
        latest = self.job.response_date
        return self._parts(window, PARTS, earliest=oldest(self.job.earliest, latest=latest)) if latest else ()

    def _parts(
        self, window: Window, parts: int, *, earliest: str | None, shown: Page | None = None
    ) -> tuple[PlannedWindow, ...]:
        job = self.job
        if parts < _FEWEST_PARTS or job.response_date is None or "ignores_dates" in job.quirks:
            return ()
        if window.verb is Verb.SWEEP:
            return ()
        return split(
            window, parts, granularity=job.granularity, earliest=earliest, latest=job.response_date, shown=shown
        )

    def _put_in_place(
        self,
        parts: tuple[PlannedWindow, ...],
        *,
        announced: int | None,
        because: Narrowed | None = None,
    ) -> bool:
        if len(parts) < _FEWEST_PARTS:
            return False
        return split_window(
            self.around.database,
            self.job.lease,
            parts,
            announced=announced,
            because=because,
            lease_seconds=self.around.lease_seconds,
        )


class _Stopped(Exception):
    """A stop was asked for before there was an answer."""


def first_request(window: Window | PlannedWindow) -> ListRequest:
    """Give the request that begins a window's list."""
    return ListRequest(
        metadata_prefix=window.list.metadata_prefix,
        set_spec=window.list.set_spec or None,
        from_=window.from_,
        until=window.until,
    )

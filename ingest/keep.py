"""A page into the database: what is new or has changed is described, and all of it is written in one transaction."""

import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from ingest.bundled import bundled_digest
from ingest.describe import describe
from ingest.descriptions import Content, Described
from ingest.endpoints import Profile
from ingest.errors import LeaseLost, RetriableError
from ingest.ledger import Window
from ingest.operator_tables import NO_TABLES, OperatorTables
from ingest.plan.endings import Ending, Next
from ingest.plan.outside import Outside, outside
from ingest.profiles import RULES
from ingest.protocol.datestamps import sort_key
from ingest.records import Page, Record, Rejection
from ingest.store.answers import Answer, ItemState, KnownItem, PageWrite, Progress, StoredItem
from ingest.store.digests import MISSED, header_digest, item_digest
from ingest.store.endpoints import mark_described_by, read_operator_tables
from ingest.store.engine import Database
from ingest.store.pages import PageKept, keep_page
from ingest.store.reading import look_up_items, read_stored_items
from ingest.store.wanted import DescriptionsWanted
from ingest.surroundings import Job, Surroundings

log = logging.getLogger(__name__)

Found = TypeVar("Found")
_Take: TypeAlias = Callable[[Record | Rejection, Mapping[str, KnownItem] | None], Answer | Rejection | str]
"""Takes an element beside what is known of a page's items; None: describe nothing yet."""
_MOST_ROUNDS = 20
_LONGEST_NAME = 2000
"""Bytes of an OAI identifier, a record ID or a setSpec that an index of every database can hold."""


def keep(page: Page, follows: Ending, job: Job, around: Surroundings, *, window: Window) -> PageKept:
    """Describe what is new on a page and write it; where the database asks for more descriptions, with them.

    ``window`` is as it stood before the page, so that a page is never counted twice.
    """
    answered = _answered(page, job)
    return _keep(
        page,
        follows,
        job,
        around,
        window=window,
        # Where all was known so far, writing the page is tried first: if all is known again, nothing need be looked up.
        known=None if _brings_little(window) else _look_up(page, job, around),
        take=lambda element, known: _take(element, answered, known, job),
    )


def _brings_little(window: Window) -> bool:
    """Whether most pages of a window have brought nothing that moves anything."""
    moved = window.created + window.changed + window.deleted + window.restored + window.rejected
    return 2 * moved < window.pages


def _keep(  # Keyword-only: how an element is taken is what pages of records and of headers differ in.
    page: Page,
    follows: Ending,
    job: Job,
    around: Surroundings,
    *,
    window: Window,
    known: Mapping[str, KnownItem] | None,
    take: _Take,
) -> PageKept:
    descriptions: dict[ItemState, Described] = {}
    hint = known
    for _round in range(_MOST_ROUNDS):
        taken = [take(element, known) for element in page.elements]
        kept = keep_page(
            around.database,
            PageWrite(
                lease=job.lease,
                pages_before=window.pages,
                voices=job.voices,
                answers=tuple(answer for answer in taken if isinstance(answer, Answer)),
                rejections=tuple(rejection for rejection in taken if isinstance(rejection, Rejection)),
                listed=tuple(identifier for identifier in taken if isinstance(identifier, str)),
                progress=_progress(page, follows, outside(page, window)),
                known=hint,
                descriptions=descriptions,
            ),
            lease_seconds=around.lease_seconds,
        )
        if isinstance(kept, PageKept):
            return kept
        known, hint = kept.known if known is None else known, kept.known
        if known is not None:
            known = {name: item for name, item in known.items() if name not in kept.identifiers}
        for stored in read_stored_items(around.database, kept.items):
            state, described = describe_stored(stored, around.database)
            descriptions[state] = described
    message = f"window {job.lease.window_id}: its records kept moving under other writers; it is taken up again later"
    raise LeaseLost(message)


def keep_headers(page: Page, follows: Ending, job: Job, around: Surroundings, *, window: Window) -> PageKept:
    """Write what a page of headers says: that items are there, that some are deleted, that some are there again.

    No record is asked for. An item that sweeps had missed, and that is listed with the datestamp it had, says again
    what it said; any other live header tells nothing that a harvest would not bring.
    """
    known, answered = _look_up(page, job, around), _answered(page, job)
    stored = _missed_before(known, around)

    def take(element: Record | Rejection, known: Mapping[str, KnownItem] | None) -> Answer | Rejection | str:
        if isinstance(element, Rejection) or element.header.deleted:
            return _take(element, answered, known, job)
        header = element.header
        before = stored.get(header.identifier)
        if before is None or before.record.header.datestamp != header.datestamp:
            return header.identifier
        again = Record(header=header, metadata=before.record.metadata, about=before.record.about)
        return _take(again, answered, known, job)

    return _keep(page, follows, job, around, window=window, known=known, take=take)


def _missed_before(known: Mapping[str, KnownItem], around: Surroundings) -> dict[str, StoredItem]:
    """Read those of a page's items that are deleted because sweeps had missed them, by identifier."""
    missed = [item.item_id for item in known.values() if item.digest == MISSED]
    return {stored.record.header.identifier: stored for stored in read_stored_items(around.database, missed)}


def _look_up(page: Page, job: Job, around: Surroundings) -> dict[str, KnownItem]:
    return look_up_items(
        around.database,
        endpoint_id=job.lease.endpoint_id,
        metadata_prefix=job.voices.metadata_prefix,
        identifiers=[element.header.identifier for element in page.elements if isinstance(element, Record)],
    )


def _answered(page: Page, job: Job) -> str:
    """Say when the repository gave a page, as sortable text."""
    return page.response_date.strftime("%Y-%m-%dT%H:%M:%SZ") if page.response_date else job.run_date


def with_descriptions(step: Callable[..., Found | DescriptionsWanted], database: Database) -> Found:
    """Do a step of the store with the ``descriptions`` that it asks for. Raises RetriableError where it never ends."""
    descriptions: dict[ItemState, Described] = {}
    for _round in range(_MOST_ROUNDS):
        done = step(descriptions=descriptions)
        if not isinstance(done, DescriptionsWanted):
            return done
        for stored in read_stored_items(database, done.items):
            state, described = describe_stored(stored, database)
            descriptions[state] = described
    raise RetriableError("the records keep moving under other writers; run the same command again, it goes on")


def _take(
    element: Record | Rejection, answered: str, known: Mapping[str, KnownItem] | None, job: Job
) -> Answer | Rejection:
    """Make an element what the store takes; it is described only where its item is new or has changed."""
    if isinstance(element, Rejection):
        return element
    header = element.header
    if too_long := _too_long(header.identifier, *header.set_specs):
        return _unkeepable(element, "unparsable-record", "an identifier or setSpec", too_long)
    digest = item_digest(element)
    before = known.get(header.identifier) if known is not None else None
    described = None
    if known is not None and (before is None or before.digest != digest):
        description = describe_or_reject(
            element, metadata_prefix=job.voices.metadata_prefix, profile=job.profile, tables=job.tables
        )
        if isinstance(description, Rejection):
            return description
        described = description
    return Answer(
        record=element,
        digest=digest,
        header_digest=header_digest(header),
        rank=(job.lease.run_id, answered, sort_key(header.datestamp), digest),
        described=described,
    )


def _too_long(*names: str) -> str | None:
    """Give the first of the names that is too long to be kept."""
    for name in names:
        # A character has at most four bytes: most names need not be encoded to be known as short enough.
        if len(name) * 4 > _LONGEST_NAME and len(name.encode()) > _LONGEST_NAME:
            return name
    return None


def _unkeepable(record: Record, reason: str, what: str, name: str) -> Rejection:
    return Rejection(
        stage="identity",
        reason=reason,
        message=f"{what} of {len(name.encode())} bytes can not be kept; the longest is {_LONGEST_NAME}",
        content=record.metadata or record.header.identifier.encode(),
        identifier=record.header.identifier,
    )


def describe_or_reject(
    record: Record, *, metadata_prefix: str, profile: Profile, tables: OperatorTables
) -> Described | Rejection:
    """Describe a record; one that trips over a defect of ours is kept as a rejection, and the page goes on.

    So is one whose record ID is longer than an index of every database can hold.
    """
    try:
        described = describe(record, metadata_prefix=metadata_prefix, profile=profile, tables=tables)
    except Exception as defect:
        log.exception("describing %s failed", record.header.identifier)
        return Rejection(
            stage="crosswalk",
            reason="crosswalk-error",
            message=f"a defect of this program met this record ({type(defect).__name__}: {defect}); please report it",
            content=record.metadata or record.header.identifier.encode(),
            identifier=record.header.identifier,
        )
    if isinstance(described, Described) and described.record_id and _too_long(described.record_id):
        return _unkeepable(record, "no-record-id", "a record ID", described.record_id)
    return described


def describe_stored(stored: StoredItem, database: Database) -> tuple[ItemState, Described]:
    """Describe an item as it is kept, by its own profile; give it with the state of the item that it is good for.

    Where this program can not do that, because a newer one has described the item or its tables are gone, the item is
    marked as described by what this program has: so that whoever can do better knows that it has to.
    """
    tables = read_operator_tables(database, stored.profile.tables)
    if stored.profile.rules > RULES or tables is None:
        ours = {"rules": RULES, "vocabularies": bundled_digest(), **({"tables": ""} if tables is None else {})}
        stored = mark_described_by(database, stored, stored.profile.model_copy(update=ours))
    return stored.state, _described_as_kept(stored, tables or NO_TABLES)


def _described_as_kept(stored: StoredItem, tables: OperatorTables) -> Described:
    described = describe_or_reject(
        stored.record, metadata_prefix=stored.metadata_prefix, profile=stored.profile, tables=tables
    )
    if isinstance(described, Rejection):
        # It was taken in once; a rule that has come since refuses it. It keeps its voice and has nothing to say.
        return Described(namespace=stored.profile.namespace, record_id=None, content=Content(), understood=False)
    return described


def _progress(page: Page, follows: Ending, strays: Outside) -> Progress:
    return Progress(
        token=follows.token,
        ended=follows.next is Next.ENDED,
        reason=follows.reason,
        message=follows.message,
        announced=page.token.complete_list_size if page.token else None,
        size=page.size,
        repairs=page.repairs,
        outside_range=strays.of_range,
        outside_set=strays.of_set,
        damaged=page.damaged,
    )

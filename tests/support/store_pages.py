"""Pages of made-up records on their way into a database, without a network.

An item's metadata is ``<said id="RECORD ID" rule="RULE">TEXT</said>``, a small format of our own; ``<other …>`` is one
that nobody understands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeAlias

from sqlalchemy import Engine, text

from ingest.descriptions import Content, Described, Donor, Evidence, Rights, RightsStatement, SourceStatement
from ingest.endpoints import Endpoint, Profile, RecordIdRule
from ingest.identify_values import DeletedRecord, Granularity
from ingest.ledger import ListName, PlannedWindow, RunKind, RunRequest, Selection, Window
from ingest.protocol.datestamps import sort_key
from ingest.records import Header, Identification, Record, Rejection
from ingest.store import tables
from ingest.store.answers import Answer, PageWrite, Progress, Voices
from ingest.store.digests import header_digest, item_digest
from ingest.store.endpoints import keep_endpoint, keep_profile
from ingest.store.leases import Lease
from ingest.store.owners import this_owner
from ingest.store.pages import DescriptionsWanted, PageKept, keep_page
from ingest.store.reading import look_up_items, read_stored_items
from ingest.store.runs import begin_run, plan_run
from ingest.store.windows import claim_window, read_window

LEASE_SECONDS = 60.0
FROM_METADATA = RecordIdRule(element="identifier", pattern=".+")
Descriptions: TypeAlias = Mapping[tuple[int, bytes], Described]
Dump: TypeAlias = Mapping[str, list[tuple[Any, ...]]]

_FIRST_ANSWER = datetime(2024, 6, 1, tzinfo=UTC)
_SAID = re.compile(rb'<(said|other) id="([^"]*)" rule="([^"]*)">(.*)</(?:said|other)>', re.DOTALL)
_answers = count()


# --- record elements ------------------------------------------------------------------------------


def live(identifier: str, record_id: str, words: str = "words", *, rule: str = "by-hand@1", **header: Any) -> Record:
    """Make a live record that says ``words`` of ``record_id``; ``header``: datestamp and set_specs."""
    return _record(identifier, f'<said id="{record_id}" rule="{rule}">{words}</said>'.encode(), **header)


def raw(identifier: str, record_id: str, words: str = "words", **header: Any) -> Record:
    """Make a live record in a format that nobody understands, whose record ID is known all the same."""
    return _record(identifier, f'<other id="{record_id}" rule="">{words}</other>'.encode(), **header)


def bare(identifier: str, **header: Any) -> Record:
    """Make a live record without metadata."""
    return _record(identifier, None, **header)


def dead(identifier: str, **header: Any) -> Record:
    """Make a tombstone."""
    return _record(identifier, None, deleted=True, **header)


def _record(identifier: str, metadata: bytes | None, *, datestamp: str | None = "2024-01-01", **header: Any) -> Record:
    return Record(header=Header(identifier=identifier, datestamp=datestamp, **header), metadata=metadata)


def refused(identifier: str | None, content: bytes = b"<broken", *, message: str = "not readable") -> Rejection:
    """Make a rejection."""
    return Rejection(
        stage="protocol", reason="unparsable-record", message=message, content=content, identifier=identifier
    )


# --- descriptions ---------------------------------------------------------------------------------


def described(record: Record, profile: Profile) -> Described:
    """Describe a made-up record: every field of its content says the record's words."""
    found = _SAID.fullmatch(record.metadata or b"")
    record_id = record.header.identifier if profile.record_id is None else None
    if found is None or record.header.deleted:
        return Described(namespace=profile.namespace, record_id=record_id, content=Content(), understood=False)
    kind, told_id, rule, words = (part.decode() for part in found.groups())
    return Described(
        namespace=profile.namespace,
        record_id=record_id or told_id,
        content=content(words, rule=rule) if kind == "said" else Content(),
        understood=kind == "said",
        format="said" if kind == "said" else None,
    )


def content(words: str, *, rule: str = "by-hand@1") -> Content:
    """Make a content that has ``words`` in each of its fields."""
    evidence = Evidence(element="dc:contributor", statement=f"Gift of {words}", lead_in="gift of")
    return Content(
        title=words,
        creators=(f"{words}'s author",),
        date="1951",
        languages=("en", "ru"),
        rights=Rights(
            category="in-copyright",
            statements=(RightsStatement(statement=f"© {words}", rule=f"rights/{rule}", confidence="named"),),
        ),
        donors=(
            Donor(
                name=words,
                kind="person",
                role="donor",
                statement=f"Gift of {words}",
                evidence=(evidence,),
                rule=f"donor/{rule}",
                confidence="exact",
            ),
        ),
        sources=(
            SourceStatement(
                statement=f"Archive of {words}, f. 1",
                type="archival",
                repository=f"Archive of {words}",
                ref="f. 1",
                parts={"remainder": words},
                rule=f"source/{rule}",
                confidence="inferred",
            ),
        ),
        metadata={"titles": [{"value": words, "lang": None}]},
    )


# --- a harvest ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Harvest:
    """A run of one endpoint, with a lease on each of its lists."""

    database: Engine
    endpoint: Endpoint
    endpoint_id: int
    run_id: int
    profile: Profile
    profile_id: int
    leases: Mapping[ListName, Lease]

    def keep(self, *elements: Record | Rejection, **how: Any) -> PageKept:
        """Write a page, with the descriptions that the database asks for; ``how`` as in ``page``."""
        page = self.page(*elements, **how)
        while isinstance(kept := keep_page(self.database, page, lease_seconds=LEASE_SECONDS), DescriptionsWanted):
            page = self.with_descriptions(page, kept)
        return kept

    def page(
        self,
        *elements: Record | Rejection,
        prefix: str | None = None,
        set_spec: str | None = None,
        answered: str | None = None,
        then: str | None = "more",
        **progress: Any,
    ) -> PageWrite:
        """Make a page of one list, the endpoint's first unless named; unless told it is answered after all before it.

        What is known with the same digest is not described, as in a harvest. ``then`` is the token that goes on, where
        the list neither ends nor is given up; ``progress``: further fields of Progress.
        """
        prefix = prefix or self.endpoint.metadata_prefix[0]
        set_spec = next(iter(self.endpoint.sets), "") if set_spec is None else set_spec
        lease = self.leases[ListName(metadata_prefix=prefix, set_spec=set_spec)]
        records = [element for element in elements if isinstance(element, Record)]
        names = {record.header.identifier for record in records}
        known = look_up_items(self.database, endpoint_id=self.endpoint_id, metadata_prefix=prefix, identifiers=names)
        digests = {name: item.digest for name, item in known.items()}
        answered = answered or an_instant_later()
        return PageWrite(
            lease=lease,
            pages_before=read_window(self.database, lease.window_id).pages,
            voices=self._voices(prefix),
            answers=tuple(
                answer_of(record, self.profile, run_id=self.run_id, answered=answered, known=digests)
                for record in records
            ),
            rejections=tuple(element for element in elements if isinstance(element, Rejection)),
            progress=Progress(token=None if {"ended", "reason"} & progress.keys() else then, **progress),
        )

    def with_descriptions(self, page: PageWrite, wanted: DescriptionsWanted) -> PageWrite:
        """Add what the database asks for."""
        stored = read_stored_items(self.database, wanted.items)
        told = {item.state: described(item.record, item.profile) for item in stored}
        answers = (
            answer._replace(described=described(answer.record, self.profile))
            if answer.identifier in wanted.identifiers
            else answer
            for answer in page.answers
        )
        return replace(page, answers=tuple(answers), descriptions={**page.descriptions, **told})

    def _voices(self, prefix: str) -> Voices:
        return Voices(
            endpoint=self.endpoint.name,
            metadata_prefix=prefix,
            prefix_position=self.endpoint.metadata_prefix.index(prefix),
            priority=self.endpoint.priority,
            profile_id=self.profile_id,
        )


def answer_of(
    record: Record, profile: Profile, *, run_id: int, answered: str, known: Mapping[str, bytes] | None = None
) -> Answer:
    """Make an answer; it is not described where ``known`` has the item with the same digest."""
    digest = item_digest(record)
    unchanged = (known or {}).get(record.header.identifier) == digest
    return Answer(
        record=record,
        digest=digest,
        header_digest=header_digest(record.header),
        rank=(run_id, answered, sort_key(record.header.datestamp), digest),
        described=None if unchanged else described(record, profile),
    )


def an_instant_later() -> str:
    """Give a responseDate a second after the last one that was given."""
    return (_FIRST_ANSWER + timedelta(seconds=next(_answers))).strftime("%Y-%m-%dT%H:%M:%SZ")


def harvesting(
    database: Engine,
    name: str = "archive",
    *,
    prefixes: tuple[str, ...] = ("oai_dc",),
    sets: tuple[str, ...] = (),
    priority: int = 100,
    namespace: str = "papers",
    record_id: RecordIdRule | None = FROM_METADATA,
    owner: str | None = None,
) -> Harvest:
    """Begin a run of an endpoint and lease every list of it."""
    endpoint = Endpoint(
        name=name,
        url=f"https://{name}.example.org/oai",
        namespace=namespace,
        metadata_prefix=prefixes,
        sets=sets,
        priority=priority,
        record_id=record_id,
    )
    profile = Profile(rules=1, namespace=namespace, record_id=record_id, priority=priority, prefixes=prefixes)
    lists = [ListName(metadata_prefix=prefix, set_spec=spec) for prefix in prefixes for spec in sets or ("",)]
    endpoint_id = keep_endpoint(database, endpoint, declared=True)
    run_id = begin(database, endpoint_id, prefixes=prefixes, sets=sets)
    plan(database, run_id, [PlannedWindow(list=each) for each in lists])
    leases = [claim(database, run_id, owner=owner) for _ in lists]
    return Harvest(
        database=database,
        endpoint=endpoint,
        endpoint_id=endpoint_id,
        run_id=run_id,
        profile=profile,
        profile_id=keep_profile(database, profile),
        leases=dict(zip(lists, leases, strict=True)),
    )


def begin(database: Engine, endpoint_id: int, *, prefixes: tuple[str, ...] = ("oai_dc",), **asked: Any) -> int:
    """Begin a full run."""
    selection = Selection(prefixes=prefixes, **asked)
    request = RunRequest(
        endpoint_id=endpoint_id,
        kind=RunKind.FULL,
        selection=selection,
        declaration="{}",
        host="archive.example.org",
        parallel=100,
    )
    return begin_run(database, request)


def plan(database: Engine, run_id: int, windows: list[PlannedWindow]) -> None:
    """Plan a run with exactly these windows."""
    lists = sorted({window.list for window in windows})
    plan_run(database, run_id, identification=IDENTIFICATION, plan=lambda _coverages: windows, lists=lists)


def claim(database: Engine, run_id: int, *, owner: str | None = None, lease_seconds: float = LEASE_SECONDS) -> Lease:
    """Lease the next window of a run; there has to be one."""
    lease = claim_window(database, run_id=run_id, owner=owner or this_owner(), lease_seconds=lease_seconds)
    assert lease is not None
    return lease


IDENTIFICATION = Identification(
    repository_name="An archive",
    base_url="https://archive.example.org/oai",
    protocol_version="2.0",
    earliest_datestamp="1990-01-01",
    deleted_record=DeletedRecord.PERSISTENT,
    granularity=Granularity.SECOND,
    response_date=datetime(2024, 6, 1, 12, tzinfo=UTC),
)

COUNTS = ("created", "changed", "unchanged", "deleted", "restored", "rejected")


def counts(window: Window) -> dict[str, int]:
    """Give what a window counts of its elements, without what is 0."""
    return {name: getattr(window, name) for name in COUNTS if getattr(window, name)}


# --- looking at a database ------------------------------------------------------------------------


def dump(database: Engine, *, without: tuple[str, ...] = ()) -> Dump:
    """Read every row of every table, but for those named."""
    with database.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in tables.metadata.sorted_tables
            if table.name not in without
        }


def rows(database: Engine, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """Read the rows of a query."""
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def change_database(database: Engine, *statements: str) -> None:
    """Run statements in one transaction."""
    with database.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def changes(database: Engine) -> list[tuple[str, str, int]]:
    """Read the feed: record ID, change, version."""
    return rows(database, "SELECT record_id, change, version FROM catalogue_changes ORDER BY cursor")


def records(database: Engine) -> dict[str, tuple[str | None, bool]]:
    """Read the records: what each says by its title, and whether it is deleted."""
    found = rows(database, "SELECT record_id, title, deleted FROM catalogue_records ORDER BY record_id")
    return {record_id: (title, bool(deleted)) for record_id, title, deleted in found}


def speakers(database: Engine) -> dict[str, str]:
    """Read which item speaks for each record: endpoint, prefix and OAI identifier."""
    query = (
        "SELECT record_id, endpoint, metadata_prefix, oai_identifier FROM catalogue_records WHERE endpoint IS NOT NULL"
    )
    return {record_id: "/".join(names) for record_id, *names in rows(database, query)}


def empty(database: Engine) -> None:
    """Take out all that was harvested; endpoints, runs and windows stay, and keys go on from where they were."""
    names = [table.name for table in reversed(tables.metadata.sorted_tables)]
    harvested = [name for name in names if name.startswith(("item", "record", "changes", "pages", "rejections"))]
    reset = "UPDATE feed SET oldest_cursor = 1, newest_cursor = 0"
    change_database(database, *(f"DELETE FROM {name}" for name in harvested), reset)

"""The demo: a real harvest of the bundled repository over HTTP, then a second one that finds nothing new."""

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule

from ingest.errors import ConfigurationError, DatabaseRefused
from ingest.ledger import Selection
from ingest.settings import Settings, from_environment, names_a_database
from ingest.store.engine import Database
from ingest.store.schema import check
from ingest.store.show import (
    ShownRecord,
    ShownRejection,
    endpoint_names,
    newest_cursor,
    open_rejections,
    read_record,
    written_records,
)
from workers.cli.databases import readable, writable
from workers.cli.harvesting import harvest_here
from workers.cli.layout import indented, line, show, table, words
from workers.cli.outcomes import Outcome
from workers.cli.output import complain, write, write_json
from workers.cli.record_shown import record_shown
from workers.cli.reports import harvest_object
from workers.cli.run_shown import outcome_shown
from workers.cli.selecting import HarvestRequest
from workers.cli.short_forms import short_uri, source_parts
from workers.demo.records import demo_endpoint, demo_repository
from workers.demo.server import serve

OWN_FILE = Path("oai-ingest-demo.db")
SEED = "119198"
_NAME = "demo"
_HEADINGS = ("title", "date", "rights", "donors", "source")
# What dates and rights leave of the width goes to the other columns.
_SHARES = {"title": 4, "donors": 3, "source": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the demo has done."""

    first: Outcome
    again: Outcome
    cursors: tuple[str, str]
    """The feed's newest place after each harvest."""
    records: tuple[ShownRecord, ...]

    @property
    def nothing_changed(self) -> bool:
        moved = ("created", "changed", "deleted", "restored")
        return self.cursors[0] == self.cursors[1] and not any(self.again.run.total(name) for name in moved)

    @property
    def well(self) -> bool:
        return self.first.complete and self.again.complete and self.nothing_changed


def demonstrate(*, as_json: bool) -> int:
    """Run the demo and write what it shows; returns the exit code."""
    settings = from_environment()
    given = names_a_database()
    database_url = settings.database_url if given else f"sqlite:///{OWN_FILE}"
    if given:
        _refuse_unless_empty(database_url)
    else:
        _clear_own_file()
    with ExitStack() as stack:
        base_url = stack.enter_context(serve(demo_repository()))
        database = stack.enter_context(writable(database_url))
        first = _harvest(base_url, settings, database, full=False)
        cursor = newest_cursor(database)
        records = tuple(read_record(database, name.record_key) for name in written_records(database))
        if not as_json:
            show(*_first_part(first, records, open_rejections(database)))
        if not first.complete:
            return _stopped(first, as_json=as_json)
        again = _harvest(base_url, settings, database, full=True)
        shown = _Shown(first=first, again=again, cursors=(cursor, newest_cursor(database)), records=records)
    if as_json:
        write_json(_told(shown, database="OAI_INGEST_DATABASE_URL" if given else str(OWN_FILE)))
    else:
        show(*_second_part(shown))
        if not given:
            write(f"It is all in {OWN_FILE}. To look at it:\n")
            write(f"  OAI_INGEST_DATABASE_URL=sqlite:///{OWN_FILE} oai-ingest records show {SEED}\n")
    return 0 if shown.well else 1


def _harvest(base_url: str, settings: Settings, database: Database, *, full: bool) -> Outcome:
    endpoint = demo_endpoint(base_url)
    selection = Selection(prefixes=endpoint.metadata_prefix, sets=endpoint.sets, full=full)
    request = HarvestRequest(endpoint=endpoint, declared=False, selection=selection)
    return harvest_here(request, settings, nullcontext(database))


def _stopped(first: Outcome, *, as_json: bool) -> int:
    if as_json:
        write_json({"harvest": harvest_object(first), "error": "the demo's harvest did not end complete"})
    complain("the demo's harvest did not end complete; run `oai-ingest demo` again")
    return 1


# --- the database ---------------------------------------------------------------------------------


def _refuse_unless_empty(database_url: str) -> None:
    if check(database_url).current is None:
        return
    with readable(database_url) as database:
        if endpoint_names(database) or written_records(database):
            raise DatabaseRefused(
                "the database that OAI_INGEST_DATABASE_URL names is not empty; unset it, or name an empty one"
            )


def _clear_own_file() -> None:
    """Remove the file of an earlier demo; anything else under that name is somebody's work."""
    if not OWN_FILE.exists() and not OWN_FILE.is_symlink():
        return
    advice = "move it away, or run the demo in another folder"
    try:
        ours = OWN_FILE.is_file() and not OWN_FILE.is_symlink() and _is_of_a_demo(f"sqlite:///{OWN_FILE}")
    except DatabaseRefused as error:
        raise DatabaseRefused(
            f"{OWN_FILE} is there and can not be read as a demo's database ({error}); {advice}"
        ) from error
    if not ours:
        raise DatabaseRefused(f"{OWN_FILE} is there and is no demo's database; {advice}")
    try:
        for ending in ("", "-wal", "-shm"):
            Path(f"{OWN_FILE}{ending}").unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{OWN_FILE} can not be replaced: {error.strerror}; {advice}") from error


def _is_of_a_demo(database_url: str) -> bool:
    report = check(database_url)
    if report.current is None:
        return True  # An empty file: nothing is lost.
    with readable(database_url) as database:
        return set(endpoint_names(database)) <= {_NAME} and all(
            name.namespace == _NAME for name in written_records(database)
        )


# --- what is shown --------------------------------------------------------------------------------


def _first_part(
    first: Outcome, records: tuple[ShownRecord, ...], rejections: tuple[ShownRejection, ...]
) -> Iterator[RenderableType]:
    yield _heading("What came out")
    yield _records_table(records)
    for record in records:
        if record.name.record_id == SEED:
            yield _heading(f"One of them in detail: oai-ingest records show {SEED}")
            yield from record_shown(record, history=False)
    yield _heading("What the harvest says of itself")
    yield from outcome_shown(first)
    for each in rejections:
        who = each.oai_identifier or "without identifier"
        yield indented(words(f"not taken in: {who}: {each.reason}: {each.message}"))


def _second_part(shown: _Shown) -> Iterator[RenderableType]:
    yield _heading("The same harvest again, in full")
    yield from outcome_shown(shown.again)
    if shown.nothing_changed:
        yield line(words("Nothing changed", "bold green"), f": no new cursor in the feed ({shown.cursors[1]}).")
    else:
        yield line(
            words("Something changed", "bold red"), f": the feed went from {shown.cursors[0]} to {shown.cursors[1]}."
        )


def _heading(text: str) -> RenderableType:
    return Padding(Rule(words(text, "bold"), align="left", style="dim"), (1, 0))


def _records_table(records: tuple[ShownRecord, ...]) -> RenderableType:
    made = table(_HEADINGS, (_row(record) for record in records), whole=("date", "rights"))
    for name, share in _SHARES.items():
        made.columns[_HEADINGS.index(name)].ratio = share
    made.expand, made.leading = True, 1
    return made


def _row(record: ShownRecord) -> tuple[object, ...]:
    content = record.content
    title = words(content["title"] or "(no title)", "dim" if record.deleted else "")
    rights = words(content["rights_category"])
    if content["rights_uri"]:
        rights = line(rights, words(f"\n{short_uri(content['rights_uri'])}", "cyan"))
    return (
        line(title, words(" (deleted)", "red")) if record.deleted else title,
        content["date"] or "",
        rights,
        ";\n".join(donor["name"] for donor in content["donors"]),
        ";\n".join(_source_words(source) for source in content["sources"]),
    )


def _source_words(source: dict[str, object]) -> str:
    parts = dict(source_parts(source))
    named = [parts[name] for name in ("repository", "container title", "ref") if name in parts]
    named += [f"pp. {parts['pages']}"] if "pages" in parts else []
    return ", ".join(named) or str(source["statement"])


def _told(shown: _Shown, *, database: str) -> dict[str, object]:
    told = {
        "database": database,
        "records": len(shown.records),
        "harvest": harvest_object(shown.first),
        "again": harvest_object(shown.again),
        "cursors": list(shown.cursors),
        "nothing_changed": shown.nothing_changed,
    }
    return told if shown.well else told | {"error": "harvesting again was expected to change nothing"}

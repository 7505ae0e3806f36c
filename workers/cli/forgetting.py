"""Has a record forgotten: shows what would be erased, and erases it where a person agrees."""

from typing import Any

from ingest.errors import ConfigurationError, DatabaseRefused
from ingest.settings import from_environment
from ingest.store.engine import Database
from ingest.store.forgetting import Forgettable, clear_free_space, forget, keeps_free_space, read_forgettable
from ingest.store.show import ShownRecord, read_record
from workers.cli.agreeing import agreed
from workers.cli.databases import readable, writable
from workers.cli.layout import fields, indented, show, words
from workers.cli.output import counted, instant, note, write, write_json
from workers.cli.record_listing import the_one

_SHOWN = 10


def forget_and_report(name: str, reason: str, *, yes: bool, as_json: bool) -> int:
    """Show what forgetting a record would erase, erase it where that is agreed to; returns the exit code.

    Raises LookupError where there is no such record, or more than one, and ConfigurationError without a reason.
    """
    if not reason.strip():
        raise ConfigurationError("a reason has to say something: it stands beside the record ID from then on")
    database_url = from_environment().database_url
    with readable(database_url) as database:
        record = read_record(database, the_one(database, name).record_key)
        foreseen = read_forgettable(database, record.name.record_key)
    if not as_json:
        _show(record, foreseen)
    if not agreed(f"Forget {record.name} for good?", yes=yes, as_json=as_json):
        if as_json:
            write_json(_object(record, foreseen, forgotten=False, cleared=None))
        else:
            note("nothing was erased; the same command with --yes does it")
        return 0
    with writable(database_url) as database:
        forget(database, record.name.record_key, reason.strip())
        cleared = _cleared(database)
    if as_json:
        write_json(_object(record, foreseen, forgotten=True, cleared=cleared))
    else:
        write(f"{record.name} is forgotten: no harvest brings it back\n")
    return 1 if cleared is False else 0


def _cleared(database: Database) -> bool | None:
    """Take what was erased out of the database's file, or say what keeps it there; None where that is the server's."""
    if not keeps_free_space(database):
        note("the server's files may hold what was erased until it is vacuumed: see docs/operators.md")
        return None
    note("taking what was erased out of the database's file")
    why = "other processes keep the database open; run the same command again when they have ended"
    try:
        if clear_free_space(database):
            return True
    except DatabaseRefused as refused:
        why = str(refused)
    note(f"the database's file may still hold what was erased: {why}")
    return False


def _object(record: ShownRecord, foreseen: Forgettable, *, forgotten: bool, cleared: bool | None) -> dict[str, Any]:
    """Tell what it would erase; ``cleared`` says whether it has left the database's file.

    Null where nothing was erased, or where the file is a server's.
    """
    return {
        "record": str(record.name),
        "forgotten": forgotten or record.forgotten_at is not None,
        "records": [":".join(each) for each in foreseen.records],
        "items": [
            {"endpoint": endpoint, "oai_identifier": identifier, "metadata_prefix": prefix}
            for endpoint, identifier, prefix in foreseen.items
        ],
        "versions": foreseen.versions,
        "rejections": foreseen.rejections,
        "cleared": cleared,
    }


def _show(record: ShownRecord, foreseen: Forgettable) -> None:
    rows = [("title", record.content["title"] or "(no title)")]
    if record.forgotten_at is not None:
        rows = [("forgotten", f"already, {instant(record.forgotten_at)}: {record.forgotten_reason}")]
    merged = [":".join(each) for each in foreseen.records[1:]]
    rows += [("with it", f"{_some(merged)}, merged into it")] if merged else []
    if record.merged_into is not None:
        # Whoever knows it by its former record ID would believe that what its items say is gone.
        rows += [("without", f"{record.merged_into}, into which it was merged: its items went there, and stay")]
    rows += [
        ("items", _some([f"{identifier} of {endpoint} ({prefix})" for endpoint, identifier, prefix in foreseen.items])),
        ("history", f"{counted(foreseen.versions, 'former version')}, {counted(foreseen.rejections, 'rejection')}"),
        ("keep", "the record ID and the identifiers of its items, with the reason; there is no way back"),
    ]
    head = words(f"what forgetting {record.name} erases", "bold")
    show(head, indented(fields((name, words(value)) for name, value in rows)))


def _some(names: list[str]) -> str:
    further = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {further} more" if further > 0 else "") or "none"

"""Finds one record and writes it: for people, as JSON, or the XML as it came."""

from dataclasses import asdict
from typing import Any

from ingest.endpoint_values import quoted
from ingest.settings import from_environment
from ingest.store.engine import Database
from ingest.store.show import RecordName, ShownItem, ShownRecord, find_records, read_record, why_no_record
from ingest.store.show_history import ShownVersion
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.output import instant, write_bytes, write_json
from workers.cli.record_shown import record_shown


def show_and_write(name: str, *, history: bool, xml: bool, as_json: bool) -> None:
    """Write the record that goes by a name. Raises LookupError where there is none, or more than one."""
    with readable(from_environment().database_url) as database:
        record = read_record(database, the_one(database, name).record_key)
    if as_json:
        write_json(record_object(record, history=history, xml=xml))
    elif xml:
        write_bytes(_speaking_xml(record))
    else:
        layout.show(*record_shown(record, history=history))


def the_one(database: Database, name: str) -> RecordName:
    """Find the record that goes by a name. Raises LookupError where there is none, or more than one."""
    found = find_records(database, name)
    if not found:
        why = why_no_record(database, name)
        raise LookupError(f"there is no record {quoted(name)}" + (f": {why}" if why else ""))
    if len(found) > 1:
        choices = ", ".join(map(str, found))
        raise LookupError(f"{quoted(name)} is a record ID in {len(found)} namespaces; name one of {choices}")
    return found[0]


def _speaking_xml(record: ShownRecord) -> bytes:
    xml = next((item.xml for item in record.items if item.speaks), None)
    if record.forgotten_at is not None:
        raise LookupError(f"{record.name} was forgotten {instant(record.forgotten_at)}: {record.forgotten_reason}")
    if xml is None:
        raise LookupError(f"the item that speaks for {record.name} came without metadata")
    return xml


def record_object(record: ShownRecord, *, history: bool, xml: bool) -> dict[str, Any]:
    """Tell a record with the names that the catalogue's views use."""
    speaking = next((item for item in record.items if item.speaks), None)
    told = {
        "record_key": record.name.record_key,
        "namespace": record.name.namespace,
        "record_id": record.name.record_id,
        "endpoint": speaking.endpoint if speaking else None,
        "oai_identifier": speaking.oai_identifier if speaking else None,
        "metadata_prefix": speaking.metadata_prefix if speaking else None,
        "datestamp": speaking.datestamp if speaking else None,
        **record.content,
        "version": record.version,
        "deleted": record.deleted,
        "merged_into": None if record.merged_into is None else str(record.merged_into),
        "created_at": instant(record.created_at),
        "changed_at": instant(record.changed_at),
        "forgotten_at": instant(record.forgotten_at),
        "forgotten_reason": record.forgotten_reason,
        "items": [_item_object(item, xml=xml) for item in record.items],
    }
    if history:
        told["history"] = [_version_object(version) for version in record.history]
    return told


def _version_object(version: ShownVersion) -> dict[str, Any]:
    return asdict(version) | {"valid_from": instant(version.valid_from), "valid_until": instant(version.valid_until)}


def _item_object(item: ShownItem, *, xml: bool) -> dict[str, Any]:
    told = asdict(item) | {"first_seen_at": instant(item.first_seen_at), "sets": list(item.sets)}
    content = told.pop("xml")
    if not xml:
        del told["about"]
        return told
    return told | {"xml": None if content is None else content.decode(), "about": list(item.about)}

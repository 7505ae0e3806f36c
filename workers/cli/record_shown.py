"""A record as people read it: each field with the text it was read from, and the rule that read it."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from ingest.store.show import ShownItem, ShownRecord
from workers.cli.history_shown import history_shown
from workers.cli.layout import fields, indented, line, words
from workers.cli.output import instant
from workers.cli.short_forms import source_parts

Row = Mapping[str, Any]
_SHOWN_ALREADY = {"titles", "creators", "languages", "rights", "donors", "sources"}


def record_shown(record: ShownRecord, *, history: bool) -> Iterator[RenderableType]:
    """Lay out a whole record."""
    yield line(words(_title(record), "bold"))
    yield indented(fields(_rows(record)))
    if history:
        yield from history_shown(record)


def _title(record: ShownRecord) -> str:
    return "(forgotten)" if record.forgotten_at else record.content["title"] or "(no title)"


def _rows(record: ShownRecord) -> Iterator[tuple[str, RenderableType]]:
    yield "record ID", _identity(record)
    if record.forgotten_at:
        yield "state", words(f"forgotten {instant(record.forgotten_at)}, for good", "bold red")
        yield "reason", words(record.forgotten_reason or "")
    else:
        yield from _content(record)
    yield "items", Group(*(_item(each) for each in record.items))


def _content(record: ShownRecord) -> Iterator[tuple[str, RenderableType]]:
    content = record.content
    if record.deleted:
        gone = "deleted: no repository has it any more; below is what it last said"
        yield "state", words(f"merged into {record.merged_into}" if record.merged_into else gone, "bold red")
    for name, values in (("creators", content["creators"]), ("date", [content["date"]])):
        if any(values):
            yield name, words("; ".join(filter(None, values)))
    yield "languages", words(", ".join(content["languages"]) or "not told")
    yield "rights", _rights(content)
    if content["donors"]:
        yield "donors", Group(*(_donor(each) for each in content["donors"]))
    if content["sources"]:
        yield "sources", Group(*(_source(each) for each in content["sources"]))
    for name, values in content["metadata"].items():
        if name not in _SHOWN_ALREADY or (name == "titles" and len(values) > 1):
            yield name, Group(*(words(each["value"]) for each in values))


def _identity(record: ShownRecord) -> Text:
    told = f"  (namespace {record.name.namespace}, version {record.version}, changed {instant(record.changed_at)})"
    return line(words(record.name.record_id, "bold"), words(told))


def _rights(content: Row) -> RenderableType:
    decision = [words(content["rights_category"], "bold"), words(f", {content['rights_uri'] or 'no URI'}")]
    return Group(line(*decision), *(_right(each) for each in content["rights"]))


def _right(statement: Row) -> RenderableType:
    known = [statement["label"]] if statement["label"] else []
    known += [f"{name.replace('_', ' ')} {statement[name]}" for name in ("access", "embargo_end") if statement[name]]
    known += [f"held by {statement['holder']}"] if statement["holder"] else []
    known += [f"permits {', '.join(statement['permits'])}"] if statement["permits"] else []
    known += [f"contact {statement['contact']}"] if statement["contact"] else []
    return _read_from(statement, statement["statement"], first=words("; ".join(known)))


def _donor(donor: Row) -> RenderableType:
    told: list[str | Text] = [words(donor["name"], "bold"), f", {donor['kind']}, {donor['role']}"]
    told += [f", {donor['identifier']}"] if donor["identifier"] else []
    places = [
        indented(line(f"{each['element']}: ", words(f"“{each['statement']}”", "italic"))) for each in donor["evidence"]
    ]
    return Group(line(*told, _rule(donor)), *places)


def _source(source: Row) -> RenderableType:
    parts = [f"{name} {value}" for name, value in source_parts(source)]
    return _read_from(source, source["statement"], first=line(words(source["type"], "bold"), f": {'; '.join(parts)}"))


def _read_from(row: Row, statement: str, *, first: Text) -> RenderableType:
    """Give what was read, by which rule, and the original text."""
    return Group(line(first, _rule(row)), indented(words(f"“{statement}”", "italic")))


def _rule(row: Row) -> Text:
    return words(f"  [{row['rule']}, {row['confidence']}]", "dim")


def _item(item: ShownItem) -> RenderableType:
    told = [f"{item.endpoint}, {item.metadata_prefix}, {item.datestamp or 'no datestamp'}"]
    told += [f"sets {', '.join(item.sets)}"] if item.sets else []
    told += ["deleted"] if item.deleted else []
    told += ["format kept raw"] if not item.understood and not item.deleted else []
    told += [f"from {item.origin_base_url} ({item.origin_identifier})"] if item.origin_base_url else []
    told += [f"by way of {each['base_url']} ({each['identifier']})" for each in reversed(item.origins[:-1])]
    voice = words(" speaks", "bold green") if item.speaks else words("")
    return Group(line(item.oai_identifier, voice), indented(words("; ".join(told))))

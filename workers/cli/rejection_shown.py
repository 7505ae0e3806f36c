"""Rejections as people read them: summed up by reason, and one by one with the bytes."""

from collections.abc import Iterator

from lxml import etree
from rich.console import Group, RenderableType
from rich.text import Text

from ingest.store.show_rejections import KeptRejection, RejectionGroup
from workers.cli import layout
from workers.cli.output import counted, instant

_MOST_GROUPS = 40
_LONGEST_SHOWN = 16_384
"""Bytes of a rejected record that people are shown; the rest is there for ``--bytes``."""
_LONGEST_MESSAGE = 300
_LAST_OF_A_BYTE = 0xFF


def rejections_shown(groups: tuple[RejectionGroup, ...], newest: tuple[KeptRejection, ...]) -> Iterator[RenderableType]:
    """Lay out rejections summed up, and the newest of them one by one."""
    number = sum(group.count for group in groups)
    yield layout.words(counted(number, "rejection"), "bold")
    yield from map(_group, groups[:_MOST_GROUPS])
    if len(groups) > _MOST_GROUPS:
        left = groups[_MOST_GROUPS:]
        told = f"and {counted(sum(group.count for group in left), 'more rejection')} of {counted(len(left), 'list')}"
        yield layout.words(f"{told}; name one with --endpoint or --reason")
    yield layout.words("")
    headings = ("id", "identifier", "reason", "last seen", "tries")
    yield layout.table(headings, map(_row, newest), numbers=("id", "tries"), whole=("last seen",))
    if number > len(newest):
        yield layout.words(f"and {number - len(newest)} more, met before these; --json lists each of them")


def _group(group: RejectionGroup) -> RenderableType:
    where = f"{group.endpoint}, {group.metadata_prefix}: "
    rows: list[tuple[str, RenderableType]] = [("seen", layout.words(_seen(group)))]
    rows.append(("example", layout.words(group.example or "without identifier")))
    rows.append(("why", layout.words(_shortened(group.message))))
    head = layout.line(where, layout.words(group.reason, "bold yellow"), f", {group.count}")
    return layout.indented(Group(head, layout.indented(layout.fields(rows))))


def _seen(group: RejectionGroup) -> str:
    first, last = instant(group.first_seen_at), instant(group.last_seen_at)
    return f"first {first}, last {last}" if first != last else f"{last}"


def _row(rejection: KeptRejection) -> tuple[object, ...]:
    return (
        rejection.rejection_id,
        rejection.identifier or layout.words("none", "dim"),
        _reason(rejection),
        instant(rejection.last_seen_at),
        rejection.attempts,
    )


def _reason(rejection: KeptRejection) -> Text:
    if rejection.released_at is None:
        return layout.words(rejection.reason)
    return layout.line(rejection.reason, layout.words(", released", "green"))


def _shortened(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else f"{message[: _LONGEST_MESSAGE - 1]}…"


def rejection_shown(rejection: KeptRejection, content: bytes) -> Iterator[RenderableType]:
    """Lay out one rejection with its bytes."""
    state = f"released {instant(rejection.released_at)}" if rejection.released_at else "open"
    yield layout.line(layout.words(f"rejection {rejection.rejection_id}: {rejection.reason}", "bold"), f", {state}")
    rows = [
        ("why", rejection.message),
        ("identifier", rejection.identifier or "none: the record does not tell it"),
        ("endpoint", f"{rejection.endpoint}, {rejection.metadata_prefix}"),
        ("stage", rejection.stage),
        ("first seen", instant(rejection.first_seen_at)),
        ("last seen", f"{instant(rejection.last_seen_at)}, by run {rejection.run_id}"),
        ("tries", rejection.attempts),
        ("bytes", len(content)),
    ]
    yield layout.indented(layout.fields((name, layout.words(value)) for name, value in rows))
    yield layout.words("")
    yield layout.words(_readable(content[:_LONGEST_SHOWN]))
    if len(content) > _LONGEST_SHOWN:
        yield layout.words(f"… {len(content) - _LONGEST_SHOWN} bytes more, which --bytes writes", "dim")


def _readable(content: bytes) -> str:
    """Give bytes as text: XML set out in lines, and whatever does not show by itself as an escape."""
    text = _set_out(content).decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return "".join(each if each.isprintable() or each in "\n\t" else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number <= _LAST_OF_A_BYTE else f"\\u{number:04x}"


def _set_out(content: bytes) -> bytes:
    """Set well-formed XML out in lines; leave anything else as it is."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return content
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8")

"""A taste of a repository as people read it: each record in a few lines, and that nothing was stored."""

import json
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ingest.records import Rejection
from ingest.sample import Sample, Sampled
from ingest.store.contents import rows_of
from workers.cli.layout import fields, indented, line, words
from workers.cli.output import counted, duration
from workers.cli.short_forms import short_uri, source_parts


def sample_shown(sample: Sample, *, seconds: float) -> Iterator[RenderableType]:
    """Lay out each record, and what came in all."""
    for element in sample.elements:
        yield _headline(element)
        yield indented(fields(_rows(element)))
        yield words("")
    seen = len(sample.elements)
    told = f"{counted(seen, 'record')} of {sample.metadata_prefix}" if sample.metadata_prefix else "no record"
    told += f" in {counted(sample.pages, 'page')}, {duration(seconds)}"
    told += f"; {sample.rejected} of them would be rejected" if sample.rejected else ""
    told += "; there are no more" if sample.whole else ""
    yield line(words(told, "bold"), "; nothing was stored")


def _headline(element: Sampled) -> Text:
    said = element.said
    if isinstance(said, Rejection):
        return line(words("rejected", "bold red"), f": {said.reason}")
    if element.header is not None and element.header.deleted:
        return words("(deleted)", "bold red")
    return words(said.content.title or "(no title)", "bold")


def _rows(element: Sampled) -> Iterator[tuple[str, RenderableType]]:
    header, said = element.header, element.said
    yield "identifier", words(element.identifier or "none")
    if header is not None:
        sets = f"; sets {', '.join(header.set_specs)}" if header.set_specs else ""
        yield "datestamp", words(f"{header.datestamp or 'none'}{sets}")
    if isinstance(said, Rejection):
        yield "why", words(said.message)
        return
    if said.record_id not in {None, element.identifier}:
        yield "record ID", words(said.record_id)
    if header is not None and header.deleted:
        return
    if not said.understood:
        yield "content", words("came without metadata, or in a format that no crosswalk knows: kept as it is")
        return
    content = json.loads(rows_of(said.content).as_json())
    uri = content["rights_uri"]
    yield "rights", words(content["rights_category"] + (f", {short_uri(uri)}: {uri}" if uri else ""))
    if content["donors"]:
        yield "donors", words("; ".join(donor["name"] for donor in content["donors"]))
    if content["sources"]:
        yield "source", words("\n".join(map(_source_words, content["sources"])))


def _source_words(source: dict[str, Any]) -> str:
    parts = "; ".join(f"{name} {value}" for name, value in source_parts(source) if name != "remainder")
    return f"{source['type']}: {parts}" if parts else source["statement"]

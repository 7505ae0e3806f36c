"""The formats that a repository offers and sends, and which crosswalk takes each."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from ingest.check.asking import Asking
from ingest.crosswalk import registry
from ingest.errors import CrosswalkError
from ingest.passport import Observed, OfferedFormat
from ingest.records import MetadataFormat, Page, Record

_USUAL = "oai_dc"
_MOST_LOOKED_AT = 50
"""Records of a page whose format is looked at."""


def ask_formats(observed: Observed, asking: Asking) -> Observed:
    """Ask which formats there are, and choose those that a harvest should ask for."""
    answer = asking.ask("ListMetadataFormats", asking.inquiry.list_metadata_formats)
    offered = tuple(
        OfferedFormat(format=each, crosswalk=crosswalk_of(each)) for each in (answer.value or () if answer else ())
    )
    present = {each.format.metadata_prefix for each in offered}
    wanted = tuple(prefix for prefix in observed.wanted if prefix in present)
    return replace(observed, formats=answer, offered=offered, prefixes=wanted or _best(offered))


def crosswalk_of(offered: MetadataFormat) -> str | None:
    """Name the crosswalk that takes a format: by its XML namespace, else by what its prefix hints at."""
    namespace = _bare(offered.namespace)
    for known in registry.FORMATS:
        if any(_bare(each) == namespace for each, _ in known.roots if each):
            return known.name
    prefix = offered.metadata_prefix.lower()
    hinted = (known.name for known in registry.FORMATS if prefix in (known.name, *known.loose_roots))
    return next(hinted, None)


def _bare(namespace: str) -> str:
    return namespace.strip().rstrip("/#").removeprefix("https://").removeprefix("http://").lower()


def _best(offered: Iterable[OfferedFormat]) -> tuple[str, ...]:
    """Choose the richest format that a crosswalk takes, and oai_dc behind it for what has no other."""
    taken = [each for each in offered if each.crosswalk]
    richer = [each.format.metadata_prefix for each in taken if each.crosswalk != _USUAL]
    plain = [each.format.metadata_prefix for each in taken if each.crosswalk == _USUAL]
    return tuple(richer[:1] + sorted(plain, key=lambda prefix: prefix != _USUAL)[:1]) or (_USUAL,)


def roots(page: Page | None, prefix: str) -> dict[str, bool]:
    """Name the formats of a page's first records, and say of each whether a crosswalk takes it."""
    records = (each for each in (page.elements if page else ()) if isinstance(each, Record) and each.metadata)
    roots = {}
    for record in islice(records, _MOST_LOOKED_AT):
        try:
            name, description = registry.crosswalk(record.metadata or b"", metadata_prefix=prefix)
        except CrosswalkError:
            name, description = "what no crosswalk can read", None
        roots[name] = description is not None
    return roots

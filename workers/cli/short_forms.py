"""Short forms for tables: what a catalogue person would write on a card."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_FORMS = (
    (re.compile(r"https?://rightsstatements\.org/vocab/([^/]+)/([\d.]+)/?"), r"\1 \2"),
    (re.compile(r"https?://creativecommons\.org/publicdomain/zero/([\d.]+)/?"), r"CC0 \1"),
    (re.compile(r"https?://creativecommons\.org/publicdomain/mark/([\d.]+)/?"), r"PDM \1"),
    (re.compile(r"https?://creativecommons\.org/licenses/([^/]+)/([\d.]+)/(?:([a-z]{2,})/)?"), r"CC \1 \2 \3"),
    (re.compile(r"https?://spdx\.org/licenses/(.+?)/?"), r"\1"),
    (re.compile(r"https?://(?:www\.)?(.+?)/?"), r"\1"),
)
_SOURCE_FIELDS = ("repository", "ref", "pages", "collection")


def short_uri(uri: str) -> str:
    """Shorten the URI of a rights statement or licence: ``InC-EDU 1.0``, ``CC BY 4.0``."""
    for pattern, form in _FORMS:
        match = pattern.fullmatch(uri)
        if match:
            text = match.expand(form).strip()
            return text.upper() if text.startswith("CC ") else text
    return uri


def source_parts(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name the parts of a source statement, as a table holds it, in reading order.

    ``people`` is left out: each of them stands under the name of the role as well.
    """
    parts = {**{name: source[name] for name in _SOURCE_FIELDS}, **source["parts"]}
    for name, value in parts.items():
        if value and name != "people":
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield name.replace("_", " "), text

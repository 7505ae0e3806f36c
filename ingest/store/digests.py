"""Digests that tell whether anything has changed: 16 bytes of BLAKE2b over an unambiguous writing."""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from ingest.descriptions import Content
from ingest.endpoints import Profile
from ingest.records import Header, Record

_NOTHING_YET = blake2b(digest_size=16)
"""Is copied, which takes a fifth of the time that beginning takes."""

# What no view shows, or shows only to tell how a value was found.
_UNREAD = ("rule", "confidence", "code", "span")


def digest(parts: Iterable[bytes]) -> bytes:
    """Digest a sequence of parts; each is preceded by its length, so that no two sequences look alike."""
    hasher = _NOTHING_YET.copy()
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big"))
        hasher.update(part)
    return hasher.digest()


def item_digest(record: Record) -> bytes:
    """Cover status, metadata and ``about``, not the header: decides whether an item is described again."""
    status = b"deleted" if record.header.deleted else b"live"
    return digest([status, record.metadata or b"", *record.about])


MISSED = digest([b"missed"])
"""The item digest of an item that sweeps have missed: none that a repository's answer can have."""

FORGOTTEN = b"\xff" * 16
"""The digests of an item whose record was forgotten: greater than any that an answer has but by chance."""


def header_digest(header: Header) -> bytes:
    """Cover what of a header moves without the item: datestamp and sets."""
    return digest([part.encode() for part in (header.datestamp or "", *sorted(header.set_specs))])


def record_digest(content: Content) -> bytes:
    """Cover what catalogues read: decides version and change."""
    return digest([_written(content, _read_by_catalogues)])


def profile_digest(profile: Profile) -> bytes:
    """Cover everything a description depends on besides the item."""
    return digest([_written(profile.model_dump(mode="json"), _whole)])


_EMPTY: Mapping[type, str] = {tuple: "[]", list: "[]", dict: "{}"}


def to_json(value: Any) -> str:
    """Write JSON in one way: sorted keys, no blanks, text as it is, our frozen values as objects."""
    # Most of what records keep as JSON is empty.
    return (not value and _EMPTY.get(type(value))) or _written(value, _whole).decode()


def _written(value: Any, as_object: Callable[[Any], dict[str, Any]]) -> bytes:
    try:
        return orjson.dumps(value, default=as_object, option=_OPTIONS)
    except TypeError:
        # What orjson does not write and the standard library does, to the same bytes where both do: integers of more
        # than 64 bits, and names that are numbers.
        written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=as_object)
        return written.encode()


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


def _whole(value: Any) -> dict[str, Any]:
    """Give one of our values as a JSON object: what is written so has no slots, and its fields at hand as they are."""
    try:
        fields: dict[str, Any] = vars(value)
    except TypeError:
        # A mapping that is no dictionary.
        return dict(value)
    return fields


def _read_by_catalogues(value: Any) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = vars(value).copy()
    except TypeError:
        return dict(value)
    for name in _UNREAD:
        fields.pop(name, None)
    return fields

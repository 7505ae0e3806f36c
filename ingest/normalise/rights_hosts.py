"""Notices that one house puts on all its records, known by their fingerprint, and what they mean there."""

import re
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from typing import Any

from ingest.normalise.folding import MASKED_ADDRESS, Folded
from ingest.normalise.patterns import late
from ingest.normalise.rights_parties import contact
from ingest.normalise.rights_readings import Reading
from ingest.normalise.vocabularies import table

RULE = "rights/host-notice@1"
_ADDRESS = late(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_LENGTH_OF_BEGINNING = 12


def host_notice(value: Folded) -> Reading | None:
    """Read a notice that the table of hosts knows; a real address in it is whom to ask, else whom the table names."""
    if value.low[:_LENGTH_OF_BEGINNING] not in _beginnings():
        return None
    row = _notices().get(fingerprint(value))
    if row is None:
        return None
    asked = contact(value) if "@" in value.key else None
    return Reading(
        rule=RULE,
        confidence="exact",
        category=row["category"],
        permits=tuple(row.get("permits", ())),
        contact=asked or row.get("contact"),
    )


def fingerprint(value: Folded) -> str:
    """Return what is the same for a notice however its address is masked and its blanks and marks are written."""
    bare = _ADDRESS.sub(" ", MASKED_ADDRESS.sub(" ", value.low))
    return blake2b(_NO_LETTERS.sub("", bare).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@cache
def _notices() -> Mapping[str, Mapping[str, Any]]:
    return {row["fingerprint"]: row for row in table("host_notices")["notice"]}


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(row["begins"][:_LENGTH_OF_BEGINNING].lower() for row in table("host_notices")["notice"])

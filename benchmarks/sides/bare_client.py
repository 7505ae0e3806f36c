"""A client that only follows the tokens: what serving costs at most."""

import re
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks.clock import Clock
from benchmarks.corpus import PREFIX

_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)<")
_TAIL = 300


def run(clock: Clock, *, url: str) -> dict[str, Any]:
    """Fetch a whole list and count its records."""
    split = urlsplit(url)
    connection, records = HTTPConnection(split.netloc), 0
    asked: str | None = f"metadataPrefix={PREFIX}"
    with clock:
        while asked is not None:
            connection.request("GET", f"{split.path}?verb=ListRecords&{asked}")
            body = connection.getresponse().read()
            records += body.count(b"<record>")
            token = _TOKEN.search(body, len(body) - _TAIL)
            asked = f"resumptionToken={quote(token[1])}" if token else None
    return {"records": records}

"""resumptionTokens that say all about themselves (protocol section 3.5). Pure.

The server remembers nothing: the same token gives the same page again, and a server started anew honours it. The text
is a query string on purpose: its ``&``, ``=``, ``%`` and ``:`` reach the server only from a harvester that encodes a
token exactly once, and a checksum at its end gives away whatever alters or cuts it.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from zlib import crc32

from ingest.identify_values import Granularity
from ingest.records import ListRequest, OaiError
from workers.demo.arguments import Refused, check_arguments, list_request

_CURSOR = re.compile(r"[1-9][0-9]{0,11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """Where a list goes on: which verb, which selection (None for ListSets), and how many were given so far."""

    verb: str
    request: ListRequest | None
    cursor: int
    expires: str
    """``YYYY-MM-DDThh:mm:ssZ``; at this instant the token is no longer honoured."""


def encode_token(continuation: Continuation) -> str:
    """Write the continuation as a token."""
    place = {"verb": continuation.verb, "cursor": continuation.cursor, "expires": continuation.expires}
    told = urlencode({**_arguments(continuation.request), **place})
    return f"{told}&check={crc32(told.encode()):08x}"


def decode_token(token: str, *, verb: str, now: str) -> Continuation:
    """Read a token that ``encode_token`` wrote for this verb.

    Raises ``Refused`` with ``badResumptionToken`` for any other text, for another verb's token, and for an expired one.
    """
    fields = dict(parse_qsl(token))
    cursor, expires = fields.pop("cursor", ""), fields.pop("expires", "")
    # The checksum is compared with the rest, when the token is written again.
    fields.pop("check", None)
    if fields.get("verb") != verb or not _CURSOR.fullmatch(cursor):
        raise refused_token("This repository did not issue the token for this verb.")
    continuation = Continuation(verb=verb, request=_request(fields), cursor=int(cursor), expires=expires)
    if encode_token(continuation) != token:
        raise refused_token("This repository did not issue the token.")
    if expires <= now:
        raise refused_token("The token has expired.")
    return continuation


def refused_token(message: str) -> Refused:
    """Return the refusal of a token, to be raised."""
    return Refused(OaiError(code="badResumptionToken", message=message))


def _arguments(request: ListRequest | None) -> dict[str, str]:
    if request is None:
        return {}
    named = {
        "metadataPrefix": request.metadata_prefix,
        "set": request.set_spec,
        "from": request.from_,
        "until": request.until,
    }
    return {name: value for name, value in named.items() if value is not None}


def _request(fields: dict[str, str]) -> ListRequest | None:
    try:
        arguments = check_arguments(list(fields.items()), granularity=Granularity.SECOND)
    except Refused as refused:
        raise refused_token("This repository did not issue the token.") from refused
    return list_request(arguments) if "metadataPrefix" in arguments else None

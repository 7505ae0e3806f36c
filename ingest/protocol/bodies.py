"""Reading a response's body: whole, unpacked, and never beyond a bound, whatever was announced."""

import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from urllib3 import BaseHTTPResponse

from ingest.errors import MalformedResponse
from ingest.protocol.faults import TransportFault
from ingest.protocol.retrying import Fault

_PIECE = 65536
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PACKED = {"gzip", "x-gzip", "deflate"}
_PLAIN = {"", "identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one response may cost."""

    max_bytes: int
    """As received, and as unpacked."""
    seconds: float
    """From its first byte to its last: a server that drips would otherwise hold a worker for ever."""


def read(raw: BaseHTTPResponse, bounds: Bounds) -> bytes:
    """Read a body to its end.

    Raises TransportFault where it is cut off or takes too long, MalformedResponse where it is too large or packed in
    a way that was not asked for; the errors of the library where the connection fails.
    """
    encoding = raw.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _PACKED | _PLAIN:
        raise MalformedResponse(f"the answer is packed as “{encoding}”, which was not asked for")
    pieces = _within(bounds.max_bytes, _received(raw, bounds.seconds))
    if encoding in _PACKED:
        pieces = _within(bounds.max_bytes, _unpacked(pieces))
    return b"".join(pieces)


def _received(raw: BaseHTTPResponse, seconds: float) -> Iterator[bytes]:
    # read1 comes back with what is there: the clock is looked at however slowly the bytes arrive.
    finish_by = time.monotonic() + seconds
    while piece := raw.read1(_PIECE, decode_content=False):
        yield piece
        if time.monotonic() > finish_by:
            raise TransportFault(Fault(reason=f"the answer took longer than {seconds:g} s"))


def _unpacked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip (any number of members) and zlib, a bounded piece at a time."""
    unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
    began = False
    for piece in pieces:
        rest = piece
        while rest and not (unpacking.eof and not rest.startswith(b"\x1f")):
            if unpacking.eof:
                unpacking = zlib.decompressobj(_GZIP_OR_ZLIB)
            began = True
            yield unpacking.decompress(rest, _PIECE)
            rest = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
    while began and not unpacking.eof and (piece := unpacking.decompress(b"", _PIECE)):
        yield piece
    if began and not unpacking.eof:
        raise TransportFault(Fault(reason="the compressed answer was cut off"))


def _within(max_bytes: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise MalformedResponse(
                f"the answer is larger than {max_bytes} bytes; raise max_bytes if it is meant to be"
            )
        yield piece

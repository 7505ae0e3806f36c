"""A repository that answers as fast as it can, or as slowly as it is told to: one process, one thread, HTTP/1.1.

``python -m benchmarks.provider RECORDS KIND...`` renders the records, prints one line of JSON with its port and what
each kind contains, and serves until its standard input ends. The path of a base URL says how it is to answer:
``/kind=even,page=100,wait=200/oai`` gives pages of 100 records, each list request answered after 200 milliseconds;
``gzip=1`` compresses what is asked for, ``days=1`` gives datestamps no finer than days.
"""

import asyncio
import gzip
import json
import sys
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from urllib.parse import parse_qsl, urlsplit

from benchmarks.corpus import BEGINNING, PREFIX, SETS, Kind
from benchmarks.shelf import Shelf, fill

_ANSWERED_AT = "2026-01-01T00:00:00Z"
_ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ '
    f'http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"><responseDate>{_ANSWERED_AT}</responseDate>'
    "<request>http://archive.example/oai</request>"
)
_END = "</OAI-PMH>\n"
_FORMAT = (
    f"<ListMetadataFormats><metadataFormat><metadataPrefix>{PREFIX}</metadataPrefix>"
    "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema><metadataNamespace>"
    "http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></ListMetadataFormats>"
)
_NAMED_SETS = "".join(
    f"<set><setSpec>collection:{number}</setSpec><setName>Collection {number}</setName></set>" for number in range(SETS)
)
_COMPRESSED_KEPT = 10_000
"""Compressed pages that are kept, so that each is compressed once."""


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How a base URL wants to be answered."""

    kind: Kind = Kind.EVEN
    page: int = 100
    wait: int = 0
    gzip: bool = False
    days: bool = False

    @classmethod
    def of_path(cls, path: str) -> "Manners":
        """Read them from the first part of a path."""
        told = dict(part.split("=") for part in path.split("/")[1].split(",") if part)
        return cls(
            kind=Kind(told.get("kind", cls.kind)),
            page=int(told.get("page", cls.page)),
            wait=int(told.get("wait", cls.wait)),
            gzip=told.get("gzip") == "1",
            days=told.get("days") == "1",
        )


class Provider:
    """The answers to requests, as pieces of bytes that are put together by whoever sends them."""

    def __init__(self, shelves: dict[Kind, Shelf]) -> None:
        """Take what there is to serve."""
        self._shelves = shelves
        self._of_set = lru_cache(lambda kind, spec: shelves[kind].of_set(spec))
        self._compressed = lru_cache(_COMPRESSED_KEPT)(self._compress)

    def answer(self, target: str) -> tuple[float, list[bytes | memoryview]]:
        """Give the seconds after which to answer, and headers and body."""
        split = urlsplit(target)
        manners, arguments = Manners.of_path(split.path), tuple(sorted(parse_qsl(split.query)))
        listed = dict(arguments).get("verb") == "ListRecords"
        if manners.gzip:
            body: list[bytes | memoryview] = [self._compressed(manners, arguments)]
        else:
            body = self._body(manners, dict(arguments))
        coding = b"Content-Encoding: gzip\r\n" if manners.gzip else b""
        length = sum(map(len, body))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n%sContent-Length: %d\r\n\r\n"
        return manners.wait / 1000 * listed, [head % (coding, length), *body]

    def _compress(self, manners: Manners, arguments: tuple[tuple[str, str], ...]) -> bytes:
        return gzip.compress(b"".join(self._body(manners, dict(arguments))), compresslevel=1, mtime=0)

    def _body(self, manners: Manners, arguments: dict[str, str]) -> list[bytes | memoryview]:
        match arguments.get("verb"):
            case "ListRecords":
                return self._page(manners, arguments)
            case "Identify":
                said = _identify("YYYY-MM-DD" if manners.days else "YYYY-MM-DDThh:mm:ssZ")
            case "ListMetadataFormats":
                said = _FORMAT
            case "ListSets":
                said = f"<ListSets>{_NAMED_SETS}</ListSets>"
            case _:
                said = '<error code="badVerb">this repository lists records, sets and formats, and identifies</error>'
        return [f"{_ANSWER}{said}{_END}".encode()]

    def _page(self, manners: Manners, arguments: dict[str, str]) -> list[bytes | memoryview]:
        """Give one page; a token says which set, where the page begins, where the list begins and where it ends."""
        if "resumptionToken" in arguments:
            spec, *places = arguments["resumptionToken"].split("!")
            start, first, end = map(int, places)
            shelf = self._shelf(manners.kind, spec)
        else:
            spec = arguments.get("set", "")
            shelf = self._shelf(manners.kind, spec)
            first, end = shelf.between(arguments.get("from"), arguments.get("until"))
            start = first
        if first == end:
            return [f'{_ANSWER}<error code="noRecordsMatch">nothing matches</error>{_END}'.encode()]
        following = min(start + manners.page, end)
        token = f"{spec}!{following}!{first}!{end}" if following < end else ""
        told = f'<resumptionToken completeListSize="{end - first}" cursor="{start - first}">{token}</resumptionToken>'
        # A list that is complete in one page needs no token (protocol section 3.5).
        last = told if token or start > first else ""
        return [
            f"{_ANSWER}<ListRecords>".encode(),
            shelf.slice(start, following),
            f"{last}</ListRecords>{_END}".encode(),
        ]

    def _shelf(self, kind: Kind, spec: str) -> Shelf:
        return self._of_set(kind, spec) if spec else self._shelves[kind]


def _identify(granularity: str) -> str:
    return (
        "<Identify><repositoryName>Made-up archive</repositoryName><baseURL>http://archive.example/oai</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>archive@archive.example</adminEmail>"
        f"<earliestDatestamp>{BEGINNING:%Y-%m-%dT%H:%M:%SZ}</earliestDatestamp>"
        f"<deletedRecord>persistent</deletedRecord><granularity>{granularity}</granularity></Identify>"
    )


class _Connection(asyncio.Protocol):
    """One client; its requests are answered one after the other."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    @cached_property
    def _writes(self) -> asyncio.WriteTransport:
        if not isinstance(self._transport, asyncio.WriteTransport):
            raise TypeError("the connection can not be written to")
        return self._transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            wait, pieces = self._provider.answer(head.split(b" ", 2)[1].decode())
            if wait:
                asyncio.get_running_loop().call_later(wait, self._send, pieces)
            else:
                self._send(pieces)

    def _send(self, pieces: list[bytes | memoryview]) -> None:
        if not self._writes.is_closing():
            self._writes.writelines(pieces)


async def serve(provider: Provider, told: dict[str, object]) -> None:
    """Serve on any free port of this machine until standard input ends; say which, once, with what else is to tell."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(provider), "127.0.0.1", 0, backlog=128)
    print(json.dumps({"port": server.sockets[0].getsockname()[1], **told}), flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


def main(count: int, kinds: list[Kind]) -> None:
    """Render, then serve."""
    filled = {kind: fill(count, kind) for kind in kinds}
    contents = {str(kind): asdict(contents) for kind, (_, contents) in filled.items()}
    asyncio.run(serve(Provider({kind: shelf for kind, (shelf, _) in filled.items()}), {"contents": contents}))


if __name__ == "__main__":
    main(int(sys.argv[1]), [Kind(name) for name in sys.argv[2:]])

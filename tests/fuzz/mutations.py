"""Mutated OAI-PMH pages for fuzzing: real answers where they are at hand, and a page of our own, changed at random.

A mutation is plain data, so that a failing example can be read, written down and applied again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "open"
LONGEST = 2_000_000
"""Bytes beyond which a mutation is not applied, so that a run makes many pages and not a few huge ones."""
_RANGE = 1 << 24

_RECORDS = "".join(
    f"<record><header><identifier>oai:example.org:item/{number}</identifier><datestamp>2024-01-0{number}</datestamp>"
    "<setSpec>a:b</setSpec></header><metadata>"
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Smith &amp; Sons, Köln <![CDATA[<b>]]></dc:title><!-- é --></oai_dc:dc></metadata></record>"
    for number in range(1, 4)
)
OWN_PAGE = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    '<responseDate>2024-05-06T07:08:09Z</responseDate><request verb="ListRecords">http://127.0.0.1/oai</request>'
    f'<ListRecords>{_RECORDS}<resumptionToken completeListSize="9" cursor="0">next/3</resumptionToken>'
    "</ListRecords></OAI-PMH>"
).encode()

_LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
_ENCODINGS = (b"ISO-8859-1", b"windows-1252", b"UTF-16", b"ascii", b"UTF-7", b"Shift_JIS", b"EBCDIC-CP-US", b"none")
_NAMES = (b"OAI-PMH", b"ListRecords", b"ListIdentifiers", b"GetRecord", b"record", b"header", b"identifier")
_MORE_NAMES = (b"metadata", b"about", b"resumptionToken", b"error", b"responseDate", b"o:record", b"a", b"dc:title")
FRAGMENTS: tuple[bytes, ...] = (
    # Tags of the protocol and of payloads, whole and broken.
    *(b"<" + name + end for name in (*_NAMES, *_MORE_NAMES) for end in (b">", b"/>", b"")),
    *(b"</" + name + b">" for name in (*_NAMES, *_MORE_NAMES)),
    *(b"<", b">", b"</", b"/>", b"<>", b"</>", b"< a>", b"<1>", b'<a b="', b"<a b='>", b"<a b=c>", b'="', b'"', b"'"),
    b'<header status="deleted"><identifier>oai:b:1</identifier></header>',
    b"<resumptionToken>more</resumptionToken>",
    # References and entities.
    *(b"&", b"&amp;", b"&nbsp;", b"&bogus;", b"&;", b"&#0;", b"&#x0B;", b"&#xFFFF;", b"&#55357;&#56832;", b"&#xD83D;"),
    *(b"&#99999999999999999999;", b"&#x", b"&#", b"&#65", b"&#65;", b"&lt;record&gt;", b"&" + b"a" * 100 + b";"),
    # Document types.
    *(b"<!DOCTYPE html>", b"<!doctype OAI-PMH", b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', b"<!ELEMENT a ANY>"),
    b'<!DOCTYPE x [<!ENTITY l0 "lol">' + _LAUGHS + b"]>&l9;",
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>&e;',
    # What markup does not reach.
    *(b"<![CDATA[", b"]]>", b"<![CDATA[]]>", b"<!--", b"-->", b"--", b"<!-- -- -->", b"<?", b"?>", b"<?x y?>", b"<!"),
    # Declarations of encodings and byte order marks.
    *(b'<?xml version="1.0" encoding="' + name + b'"?>' for name in _ENCODINGS),
    *(b'<?xml version="1.0"?>', b"<?xml", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<"),
    b"\x00\x00\xfe\xff",
    # Characters and bytes that XML or UTF-8 forbid.
    *(b"\x00", b"\x01", b"\x0b", b"\x0c", b"\x1b", b"\x1f", b"\x7f", b"\xef\xbf\xbf", b"\xef\xbf\xbe", b"\xc2\x85"),
    *(b"\x80", b"\xe9", b"\x93", b"\xff", b"\xc0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0\xbd"),
    b"\xf4\x90\x80\x80",
    # Namespaces.
    *(b' xmlns=""', b' xmlns="urn:x"', b' xmlns:x="a b"', b" xmlns:xml='urn:y'", b' xmlns="http://[', b' xmlns:a=""'),
    *(b' xsi:type="x"', b"<x:y/>", b"<:a/>", b"<a:/>", b"<a:b:c/>", b' a="1" a="2"'),
    b' xmlns="http://openarchives.org/OAI/2.0"',
    # Other pages' words.
    *(b"<html><head><title>Just a moment...</title>", b"Warning: mysql_query() on line 5"),
    *(b'{"status": 1}', b"\n", b" "),
)


@dataclass(frozen=True, slots=True)
class Flip:
    """Set a byte."""

    place: int
    byte: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep what stands between two places."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Delete:
    """Drop some bytes."""

    place: int
    length: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """Copy some bytes to another place, some times."""

    place: int
    length: int
    to: int
    times: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Exchange two neighbouring slices."""

    place: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert a fragment some times."""

    place: int
    fragment: bytes
    times: int


@dataclass(frozen=True, slots=True)
class Splice:
    """Go on with another page."""

    place: int
    page: str
    other_place: int


Mutation = Flip | Keep | Delete | Repeat | Swap | Insert | Splice


def pages(largest: int) -> dict[str, Callable[[], bytes]]:
    """Give readers of the pages that mutations begin with, by name, none of them larger than so many bytes."""
    found: dict[str, Callable[[], bytes]] = {"own": lambda: OWN_PAGE}
    for path in sorted(CORPUS.rglob("*.*")) if CORPUS.is_dir() else ():
        if path.is_file() and path.stat().st_size <= largest and b"OAI-PMH" in path.read_bytes():
            found[str(path.relative_to(CORPUS))] = path.read_bytes
    return found


def mutations(names: list[str]) -> st.SearchStrategy[tuple[str, list[Mutation]]]:
    """Choose a page by name and what is done to it."""
    place, length = st.integers(0, _RANGE), st.integers(0, 4000)
    times = st.one_of(st.integers(1, 3), st.integers(1, 300), st.integers(1, 100_000))
    fragment = st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8))
    name = st.sampled_from(names)
    one = st.one_of(
        st.builds(Flip, place, st.integers(0, 255)),
        st.builds(Keep, st.just(0), place),
        st.builds(Delete, place, length),
        st.builds(Repeat, place, length, place, st.one_of(st.just(1), st.integers(1, 300))),
        st.builds(Swap, place, length, length),
        st.builds(Insert, place, fragment, times),
        st.builds(Insert, place, fragment, st.just(1)),
        st.builds(Keep, st.integers(0, 600), place),
        st.builds(Splice, place, name, place),
    )
    return st.tuples(name, st.lists(one, min_size=1, max_size=8))


def mutated(start: str, changes: list[Mutation], read: dict[str, Callable[[], bytes]]) -> bytes:
    """Apply mutations to a page, in order."""
    body = read[start]()
    for change in changes:
        body = _applied(body, change, read)
    return body


def _applied(body: bytes, change: Mutation, read: dict[str, Callable[[], bytes]]) -> bytes:  # noqa: PLR0911  # One for each kind.
    match change:
        case Flip(place, byte):
            at = _at(body, place)
            return body[:at] + bytes([byte]) + body[at + 1 :]
        case Keep(start, end):
            first, last = sorted((_at(body, start), _at(body, end)))
            return body[first:last]
        case Delete(place, length):
            at = _at(body, place)
            return body[:at] + body[at + length :]
        case Repeat(place, length, to, times):
            at, other = _at(body, place), _at(body, to)
            return _inserted(body, other, body[at : at + length], times)
        case Swap(place, first, second):
            at = _at(body, place)
            middle, end = at + first, at + first + second
            return body[:at] + body[middle:end] + body[at:middle] + body[end:]
        case Insert(place, fragment, times):
            return _inserted(body, _at(body, place), fragment, times)
        case Splice(place, page, other_place):
            other = read[page]()
            return body[: _at(body, place)] + other[_at(other, other_place) :]


def _inserted(body: bytes, at: int, fragment: bytes, times: int) -> bytes:
    times = min(times, max(0, LONGEST - len(body)) // max(1, len(fragment)))
    return body[:at] + fragment * times + body[at:]


def _at(body: bytes, place: int) -> int:
    """Find a place in the bytes: two of three are moved to where a tag begins or ends, where most goes wrong."""
    at = place // 3 % (len(body) + 1)
    if place % 3 == 0:
        return at
    edge = body.find(b"<" if place % 3 == 1 else b">", at)
    return at if edge < 0 else edge + (place % 3 == 2)

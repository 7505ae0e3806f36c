"""An answer's bytes as UTF-8, whatever they were: the declared encoding is obeyed first."""

import codecs
import re

from ingest.protocol.markup import root_start
from ingest.protocol.touched import Touched
from ingest.records import Repair

WRONG_ENCODING = "wrong-encoding"
INVALID_BYTES = "invalid-utf-8"

_DECLARED = re.compile(rb"""(<\?xml\b[^<>]*?\bencoding\s*=\s*["'])([^"'<>]*)(["'][^<>]*>)""")
# Encodings in which ASCII is itself, so that their declaration can be read; Python knows others that no page is in.
_ASCII_BASED = re.compile(
    r"ascii|utf-8(-sig)?|iso8859-\d+|latin_1|cp\d{3,4}|koi8-[rtu]|mac-\w+|tis-620|euc_\w+|gb\w+|big5\w*|"
    r"shift_jis\w*|iso2022_\w+|johab|hz|kz1048|ptcp154"
)
_HEAD = 65536
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_CHARACTER = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|"
    rb"\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_SURROGATES = rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]"
_STEPS = re.compile(
    rb"(?:" + _CHARACTER + rb")++|((?:" + _SURROGATES + rb")++)|((?:(?!" + _CHARACTER + rb"|" + _SURROGATES + rb")"
    rb"[\x80-\xff])++)"
)
"""Characters, which are stepped over whole lest a tail be taken for a fault; pairs of halves; no characters."""


_WINDOWS_1252 = tuple(bytes([byte]).decode("windows-1252", "replace").encode() for byte in range(256))


def transcoded(body: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Give the text in UTF-8 with what had to be assumed for it; bytes that were none to begin with are left.

    Obeying a declaration that holds is no repair. Where it fails or names no encoding, bytes that are valid UTF-8 are
    taken as that.
    """
    if body.startswith(codecs.BOM_UTF8):
        return _declared_utf8(body), ()
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body, encoding)
    declared = _DECLARED.search(body, 0, min(len(body), root_start(body[:_HEAD]) or _HEAD))
    name = "utf-8" if declared is None else declared[2].decode("ascii", "replace").strip()
    known = _known(name)
    if known in {"utf-8", "utf-8-sig"}:
        # The parser knows fewer names of it than Python.
        is_taken = declared is None or declared[2].lower() in {b"utf-8", b"utf8"}
        return (body, ()) if is_taken else (_declared_utf8(body), (Repair(name=WRONG_ENCODING),))
    return (_as_declared(body, known) if known else None) or _not_as_declared(body, known)


def valid(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Make text valid UTF-8: runs of bytes that are none are read as windows-1252, halves of pairs as a whole."""
    try:
        text.decode()
    except UnicodeDecodeError:
        touched = Touched(text)
        return _STEPS.sub(lambda match: _read(match, touched), text), touched.repairs(INVALID_BYTES)
    return text, ()


def _read(match: re.Match[bytes], touched: Touched) -> bytes:
    pairs, others = match.groups()
    if pairs is None and others is None:
        return match[0]
    touched.note(match.start())
    if others:
        return b"".join([_WINDOWS_1252[byte] for byte in others])
    return pairs.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _ASCII_BASED.fullmatch(found) else None


def _as_declared(body: bytes, encoding: str) -> tuple[bytes, tuple[Repair, ...]] | None:
    try:
        return _declared_utf8(body.decode(encoding).encode()), ()
    except UnicodeError:
        return None


def _not_as_declared(body: bytes, encoding: str | None) -> tuple[bytes, tuple[Repair, ...]]:
    try:
        body.decode()
    except UnicodeDecodeError:
        if encoding:
            return _decoded(body, encoding)
    return _declared_utf8(body), (Repair(name=WRONG_ENCODING),)


def _decoded(body: bytes, encoding: str) -> tuple[bytes, tuple[Repair, ...]]:
    try:
        return _declared_utf8(body.decode(encoding).encode()), ()
    except UnicodeError:
        return _declared_utf8(body.decode(encoding, "replace").encode()), (Repair(name=INVALID_BYTES),)


def _declared_utf8(text: bytes) -> bytes:
    end = min(len(text), _HEAD)
    return _DECLARED.sub(rb"\1UTF-8\3", text[:end], count=1) + text[end:]

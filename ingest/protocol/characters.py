"""Named repairs of characters and references, on text that is valid UTF-8: each changes only what no parser takes.

Comments and CDATA sections are left as they are, but for characters that may stand nowhere in XML 1.0.
"""

import re
from collections.abc import Callable
from html.entities import html5
from xml.sax.saxutils import escape

from ingest.protocol.markup import INSTRUCTION, UNPARSED
from ingest.protocol.touched import Touched
from ingest.records import Repair

ILLEGAL_CHARACTERS = "illegal-characters"
UNDEFINED_ENTITY = "undefined-entity"
BARE_AMPERSAND = "bare-ampersand"

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]++|\xef\xbf[\xbe\xbf]")
_SKIPPED = UNPARSED + rb"|" + INSTRUCTION
_NUMBER = rb"&#(?:x[0-9A-Fa-f]++|[0-9]++);"
_NUMBERS = re.compile(_SKIPPED + rb"|((?:" + _NUMBER + rb")++)", re.DOTALL)
_EACH_NUMBER = re.compile(_NUMBER)
_DEFINED = rb"(?:(?:amp|lt|gt|quot|apos)|#x[0-9A-Fa-f]++|#[0-9]++);"
_AMPERSAND = re.compile(
    _SKIPPED + rb"|&(?!" + _DEFINED + rb")(?:([A-Za-z][A-Za-z0-9]{1,63}+);|([^\s&;<>\"'#=?/\x00-\x20]{1,63}+;)?)",
    re.DOTALL,
)
_HIGH, _LOW, _AFTER_LOW, _END = 0xD800, 0xDC00, 0xE000, 0x10FFFF
_MOST_DIGITS = 7


def legal(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Drop characters that XML 1.0 forbids, written as such or as a reference; pair the halves of a pair."""
    touched = Touched(text)
    text = _CONTROL.sub(_noting(touched, lambda _: b""), text)
    found = touched.repairs(ILLEGAL_CHARACTERS)
    if b"&#" in text:
        touched = Touched(text)
        text = _NUMBERS.sub(_noting(touched, lambda match: _legal_numbers(match[1]) if match[1] else match[0]), text)
        found += touched.repairs(ILLEGAL_CHARACTERS)
    return text, tuple(dict.fromkeys(found))


def referenced(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Make every ampersand begin a reference that XML knows: by HTML's names, else as the character itself."""
    if b"&" not in text:
        return text, ()
    entities, bare = Touched(text), Touched(text)

    def mend(match: re.Match[bytes]) -> bytes:
        if match[0][:1] != b"&":
            return match[0]
        named, other = match.groups()
        (entities if named or other else bare).note(match.start())
        return _character(named) if named else b"&amp;" + match[0][1:]

    mended = _AMPERSAND.sub(mend, text)
    return mended, (*entities.repairs(UNDEFINED_ENTITY), *bare.repairs(BARE_AMPERSAND))


def _noting(touched: Touched, mend: Callable[[re.Match[bytes]], bytes]) -> Callable[[re.Match[bytes]], bytes]:
    def mended(match: re.Match[bytes]) -> bytes:
        result = mend(match)
        if result != match[0]:
            touched.note(match.start())
        return result

    return mended


def _character(name: bytes) -> bytes:
    known = html5.get(name.decode() + ";")
    return b"&amp;" + name + b";" if known is None else escape(known, {'"': "&quot;", "'": "&apos;"}).encode()


def _legal_numbers(run: bytes) -> bytes:
    """Keep the legal references of a run as they are written; a pair becomes one, what is left of pairs goes."""
    kept: list[bytes] = []
    high = None
    for reference in _EACH_NUMBER.findall(run):
        number = _number(reference)
        if high is not None and _LOW <= number < _AFTER_LOW:
            kept.append(b"&#x%X;" % (0x10000 + ((high - _HIGH) << 10) + (number - _LOW)))
        elif _is_legal(number):
            kept.append(reference)
        high = number if _HIGH <= number < _LOW else None
    return b"".join(kept)


def _number(reference: bytes) -> int:
    hexadecimal = reference[2:3] == b"x"
    digits = reference[3 if hexadecimal else 2 : -1].lstrip(b"0")
    return int(digits or b"0", 16 if hexadecimal else 10) if len(digits) <= _MOST_DIGITS else _END + 1


def _is_legal(number: int) -> bool:
    in_planes = number <= _END and not _HIGH <= number < _AFTER_LOW and number not in {0xFFFE, 0xFFFF}
    return number in {0x9, 0xA, 0xD} or (number >= 0x20 and in_planes)  # noqa: PLR2004  # The production Char of XML 1.0.

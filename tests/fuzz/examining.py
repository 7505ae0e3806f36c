"""What must hold of every page, whatever its bytes are: errors of the tree, bounded time, nothing invented."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import process_time

from ingest.errors import IngestError
from ingest.protocol import pages
from ingest.protocol.answers import HttpAnswer, judge
from ingest.protocol.cutting import salvage
from ingest.protocol.encodings import transcoded
from ingest.protocol.envelope import Envelope
from ingest.protocol.retrying import retry_after_in_words
from ingest.records import Page, Record

SECONDS, SECONDS_PER_MB = 5.0, 5.0
"""CPU time that one reading of a page may take: many times what the worst take, also where others use the same core,
and no room for what grows faster than the page."""

_LISTS = ("ListRecords", "ListIdentifiers", "GetRecord")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BETWEEN = re.compile(r"<!\[CDATA\[|\]\]>|</?[^<>]*>")
_NUMBER = re.compile(r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_UNIT = re.compile("record|header")
_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Examined:
    """How the readings of one page ended."""

    outcome: str
    salvaged: str
    seconds: float
    """CPU time of the slower reading."""


def examine(body: bytes) -> Examined:
    """Read a page in both ways; raises AssertionError, or whatever a reading raises that it must not."""
    answer = HttpAnswer(status=200, reason="OK", headers={}, body=body)
    outcome, seconds = _timed(lambda: _outcome(body, judge(answer)), body)
    salvaged, longer = _timed(lambda: _saved(body), body)
    _, words = _timed(lambda: str(retry_after_in_words(body)), body)
    return Examined(outcome, salvaged, max(seconds, longer, words))


def _timed(read: Callable[[], str], body: bytes) -> tuple[str, float]:
    begun = process_time()
    words = ""
    try:
        outcome = read()
    except IngestError as error:
        outcome, words = type(error).__name__, str(error)
    taken = process_time() - begun
    allowed = SECONDS + SECONDS_PER_MB * len(body) / 1e6
    assert taken <= allowed, f"{taken:.1f} s of CPU time for {len(body)} bytes"
    assert "\n" not in words, "an error's text is one line"
    return outcome, taken


def _outcome(body: bytes, envelope: Envelope) -> str:
    for read in (pages.identification, pages.metadata_formats, pages.sets):
        with suppress(IngestError):
            read(envelope)
    for verb in _LISTS:
        if envelope.verb_element(verb) is not None:
            found = pages.page(envelope, verb)
            _nothing_is_invented(found, body)
            how = "repaired" if found.repairs else "as it came"
            return f"a list with rejections, {how}" if _rejections(found) else f"a list, {how}"
    pages.page(envelope, "ListRecords")
    return "another answer"


def _saved(body: bytes) -> str:
    envelope = salvage(body)
    assert envelope.damaged
    for verb in _LISTS:
        if envelope.verb_element(verb) is not None:
            found = pages.page(envelope, verb)
            assert found.damaged
            assert found.token is None, "an answer that broke off never tells how the list goes on"
            _nothing_is_invented(found, body)
            return f"saved {'records' if any(isinstance(it, Record) for it in found.elements) else 'rejections'}"
    raise AssertionError("what is saved is a list")


def _rejections(page: Page) -> bool:
    return not all(isinstance(element, Record) for element in page.elements)


def _nothing_is_invented(page: Page, body: bytes) -> None:
    """Every word of an identifier or token stands in the text, as often as there are elements that say it."""
    text = transcoded(body)[0].decode("utf-8", "replace")
    assert len(page.elements) <= len(_UNIT.findall(text)), "more elements than tags"
    said = Counter(element.header.identifier for element in page.elements if isinstance(element, Record))
    if page.token:
        said[page.token.value] += 1
    missing = {(word, times) for value, times in said.items() for word in _WORD.findall(value)}
    for written in _written(text) if missing else ():
        # Where tags are taken out a word may run on into the next.
        missing = {(word, times) for word, times in missing if written.count(word) < times}
        if not missing:
            return
    assert not missing, f"these words stand in no text: {missing}"


def _written(text: str) -> Iterator[str]:
    """Write a text as it may be meant: with and without what can part a word, references as what they refer to."""
    without_comments = _without(_without(text, "<!--", "-->"), "<?", "?>")
    for between in (text, _BETWEEN.sub("", without_comments)):
        for illegal in ("", " "):
            yield _UNSEEN.sub(illegal, _NUMBER.sub(lambda match: _character(match, illegal), between))  # noqa: B023  # Used at once.


def _without(text: str, opener: str, closer: str) -> str:
    """Take out what stands between two marks. No pattern does that in linear time where many are opened."""
    kept, place = [], 0
    while (begins := text.find(opener, place)) >= 0 and (ends := text.find(closer, begins + len(opener))) >= 0:
        kept.append(text[place:begins])
        place = ends + len(closer)
    return "".join(kept) + text[place:]


def _character(match: re.Match[str], illegal: str) -> str:
    number = int(match[1], 16) if match[1] else int(match[2][:9])
    if 0xD800 <= number < 0xE000 or number in {0xFFFE, 0xFFFF} or number > 0x10FFFF:
        return illegal
    return chr(number) if number < 0x80 else "\xa0"

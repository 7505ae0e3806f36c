"""The people of a source statement: who obtained the document and who translated it."""

import re
from dataclasses import dataclass

from ingest.normalise.folding import Folded, fold

_VERB = r"(?:obtained|contributed|provided|translated|edited|transcribed|translation|trans\.)"
_PHRASE = re.compile(
    rf"(?:\band\s|[,;(\[]\s?)?\b(?P<verbs>{_VERB}(?:\s(?:and|&)\s{_VERB})?)(?:\s(?:for|from)\s[A-Z][\w|/-]{{1,30}})?\sby\s",
    re.IGNORECASE,
)
_STOP = re.compile(r"(?<!\b[A-ZÀ-Þ])\.(?:\s|\]|\)|$)|[;\]|]")
_BRACKETS = re.compile(r"\s?\([^()]{0,120}\)")
_BETWEEN = re.compile(r",?\s(?:and|with|&)\s|,\s(?:and\s)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who obtained and who translated, and the statement without them."""

    rest: Folded
    translator: tuple[str, ...] = ()
    obtained_by: tuple[str, ...] = ()


def take_people(value: Folded) -> People:
    """Take the people out of a statement; the programme they worked for is neither."""
    phrases = list(_PHRASE.finditer(value.key))
    translator: list[str] = []
    obtained_by: list[str] = []
    kept, position = [], 0
    for index, phrase in enumerate(phrases):
        stop = _STOP.search(value.key, phrase.end())
        following = phrases[index + 1].start() if index + 1 < len(phrases) else len(value.key)
        end = min(stop.start() if stop else len(value.key), following)
        names = _names(value.text[phrase.end() : end])
        verbs = phrase["verbs"].lower()
        translator += names if "trans" in verbs else []
        obtained_by += names if re.search("obtained|contributed|provided", verbs) else []
        kept.append(value.text[position : phrase.start()])
        position = end
    rest = " ".join([*kept, value.text[position:]]).strip()
    return People(
        rest=fold(re.sub(r"\s*(?:\.\s*){2,}$", ".", rest)),
        translator=tuple(dict.fromkeys(translator)),
        obtained_by=tuple(dict.fromkeys(obtained_by)),
    )


def _names(text: str) -> list[str]:
    bare = _BRACKETS.sub("", text).strip(" .,;)]")
    return [name.strip(" ,") for name in _BETWEEN.split(bare) if name.strip(" ,")]

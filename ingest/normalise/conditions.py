"""Tell what a notice says from what it says only perhaps, not, or of something else.

A work that is not open must never be called open, so every reading that would open one is looked at in its sentence.
"""

import re
from functools import cache, lru_cache

from ingest.normalise.folding import Folded
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_words import alternatives, pattern
from ingest.normalise.vocabularies import rows

_LIMITS = frozenset({"licence limit", "licence term"})
_MAY_END = re.compile("[.!?;|\u3002\uff01\uff1f\uff1b]")
_LONGEST_SENTENCE = 800
"""Characters of a sentence that are looked at on either side of a span."""


def sentence(value: Folded, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after a span within its sentence, as far as sentences reach."""
    return _sentence(value.key, value.low, start, end)


@lru_cache(maxsize=32)
def _sentence(key: str, low: str, start: int, end: int) -> tuple[str, str]:
    first, last = max(0, start - _LONGEST_SENTENCE), end + _LONGEST_SENTENCE
    ends = pattern("sentence_end")
    begin = first
    if start and _MAY_END.search(key, first, start):
        # The end of the search lies past the span's start, so that its first letter can show that a sentence begins.
        places = (match.end() for match in ends.finditer(key, first, start + 1))
        begin = max((place for place in places if place <= start), default=first)
    stop = ends.search(key, end, last) if _MAY_END.search(key, end, last) else None
    return low[begin:start], low[end : stop.start() if stop else last]


def about_metadata(value: Folded, start: int, end: int) -> bool:
    """Whether the sentence speaks of the metadata and not of the work."""
    if "metadata" not in topics(value):
        return False
    before, after = sentence(value, start, end)
    return bool((before and pattern("of_metadata").search(before)) or pattern("metadata_behind").match(after))


def about_part(value: Folded, start: int, end: int) -> str | None:
    """Return the words that say that only a part is meant (``images:``, ``applies to the data``), or None."""
    if "part" not in topics(value):
        return None
    before, after = sentence(value, start, end)
    in_front = before and (
        pattern("label_of_part").search(before)
        or _one_part_of_several(value, before)
        or pattern("subject_apart").search(before[-120:])
    )
    found = in_front or (after and (pattern("applies_to_part").match(after) or pattern("limit_behind").match(after)))
    return found.group().strip(" ;,.|:()[]-") if found else None


def _one_part_of_several(value: Folded, before: str) -> re.Match[str] | None:
    """Return the part that stands directly in front, without a colon, where the value names more than one."""
    found = pattern("part_directly").search(before)
    return found if found and len(pattern("any_part").findall(value.low)) > 1 else None


def negated(value: Folded, start: int, end: int) -> bool:
    """Whether a negation, doubt or condition stands before the span in its sentence."""
    before, _ = sentence(value, start, end)
    return bool(before and pattern("denies").search(before))


def doubted(value: Folded, start: int, end: int) -> bool:
    """Whether the words in front only speak of a licence: of one that is to come, of another, of others' works.

    That is enough not to open a work, and not enough to deny a claim.
    """
    before, _ = sentence(value, start, end)
    return bool(before and pattern("doubts").search(before))


def excepted(value: Folded, start: int, end: int) -> bool:
    """Whether an exception, doubt or limit follows the span in its sentence."""
    _, after = sentence(value, start, end)
    return bool(after and pattern("after").search(after))


def exception(value: Folded, start: int, end: int) -> str | None:
    """Return what the sentence excepts from what the span says (``images``), or None."""
    _, after = sentence(value, start, end)
    found = pattern("exception").search(after)
    return found["what"].strip(" ,") if found else None


def restrained(value: Folded) -> bool:
    """Whether the value says anywhere that something is left out, restricted or not verified."""
    return "restraint" in topics(value) and bool(pattern("restrains").search(value.low))


def names_a_limit(value: Folded) -> bool:
    """Whether the value speaks of a limit that no open licence has: no commercial use, or no derivatives."""
    if topics(value).isdisjoint(_LIMITS):
        return False
    return bool(_limits().search(value.low)) and not pattern("both_commercial").search(value.low)


@cache
def _limits() -> re.Pattern[str]:
    """Build one pattern of all words for the two terms, in every language, blanks and hyphens free."""
    words = alternatives(
        (row["words"] for row in rows("creative_commons_names") if row["part"] in {"nc", "nd"}), joined=True
    )
    bare = r"(?<!, )(?:nc|nd)|non?[\s-]{0,2}com\w{1,12}|no[\s-]{0,2}deriv\w{0,8}"
    return re.compile(rf"(?<![^\W_])(?:{bare}|{words})(?![^\W_])|非営利|非商|비영리|改変禁止|변경금지")

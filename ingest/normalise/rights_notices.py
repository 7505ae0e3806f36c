"""What a notice says of status in words of its own: public domain, or copyright and whose."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from ingest.normalise.conditions import about_metadata, about_part, doubted, excepted, negated
from ingest.normalise.folding import Folded
from ingest.normalise.rights_grouping import grouped
from ingest.normalise.rights_known import STATUS_PHRASE, public_domain
from ingest.normalise.rights_readings import Reading, Span, of_licence
from ingest.normalise.rights_topics import WIDE, beginnings, topics, word_beginnings
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.rights_words import alternatives, part, pattern
from ingest.normalise.vocabularies import rights_statements, table

NOTICE = "rights/notice@3"
EXPLANATION = "rights/explanation@1"
_RESERVED_BEHIND = re.compile(r"[.,;]?\s?all rights reserved$", re.IGNORECASE)
_CLAIMS = frozenset({"sign", "all_rights_reserved", "claim", "copyright words", "claims"})
"""Topics of which every claim has one, but that of a year and a holder alone."""
_AMERICA = frozenset({"us", "usa", "united states"})


def status_phrase(value: Folded) -> Iterator[Reading]:
    """Read a sentence that says outright that the work is in the public domain, everywhere or in the United States."""
    told = topics(value)
    free = next(_in_public_domain(value), None) if "in_public_domain" in told else None
    if free:
        yield free
    if "explanation" in told:
        yield from _explained(value)
    if not free and "america" in told and "american work" in told:
        match = pattern("american_work").search(value.low)
        if match and not (negated(value, *match.span()) or about_part(value, *match.span())):
            yield of_licence(rights_statements()["noc-us"], STATUS_PHRASE, "inferred", match.span())


def _explained(value: Folded) -> Iterator[Reading]:
    for row in table("notices")["explanation"]:
        for text in row["texts"]:
            start = value.low.find(text)
            if start >= 0:
                licence = rights_statements()[row["code"].lower()]
                yield of_licence(licence, EXPLANATION, "named", (start, start + len(text)))


def claim(value: Folded) -> Span | None:
    """Return where copyright is claimed: by a sign, all rights reserved, or a sentence that says so without doubt."""
    if not _CLAIMS.isdisjoint(topics(value)) and (found := _claim(value)):
        return found
    years = year_and_holder(value)
    return years.span() if years else None


def year_and_holder(value: Folded) -> re.Match[str] | None:
    """Return a value that is nothing but a year and a holder, in either order."""
    bare = value.key.rstrip(" .")
    if value.low.endswith("reserved", 0, len(bare)):
        bare = _RESERVED_BEHIND.sub("", bare).rstrip(" .")
    # The year stands at the beginning, or behind a blank at the end.
    if not (bare[:4].isdigit() or (bare[-4:].isdigit() and bare[-5:-4] == " ")):
        return None
    match = pattern("year_and_holder").fullmatch(bare)
    return None if match and match["after"] and pattern("month_or_place").match(match["after"].lower()) else match


def sign(value: Folded) -> re.Match[str] | None:
    """Return the first sign of copyright, ``©`` or what stands for it."""
    if "sign" not in topics(value):
        return None
    return pattern("sign_in_front").match(value.key) or pattern("sign").search(value.key)


def _in_public_domain(value: Folded) -> Iterator[Reading]:
    for match in (
        *_sentences("in_public_domain", value.low),
        *pattern("public_domain_alone").finditer(value.low),
    ):
        if _doubtful(value, match) or address_holds(value, match.end() - 1):
            continue
        behind = value.low[match.end() : match.end() + 80]
        where = pattern("somewhere_only").match(behind)
        if where is None or pattern("everywhere").match(behind):
            yield public_domain(STATUS_PHRASE, match.span())
            return
        if (where["place"] or "").replace(".", "") in _AMERICA:
            span = (match.start(), match.end() + where.end())
            yield of_licence(rights_statements()["noc-us"], STATUS_PHRASE, "inferred", span)
            return


def _claim(value: Folded) -> Span | None:
    low, told = value.low, topics(value)
    if (found := sign(value)) and not about_part(value, *found.span()) and not _claims_nothing(low):
        return found.span()
    for match in _reserved().finditer(low) if "all_rights_reserved" in told else ():
        if not pattern("some_reserved").search(low[: match.start()]) and not about_part(value, *match.span()):
            return match.span()
    if "claim" in told and not _claims_nothing(low):
        for match in _claims(low):
            if not (address_holds(value, match.start()) or negated(value, *match.span())):
                return match.span()
    if "copyright words" in told and (word := _word_and_year().match(low)):
        return word.span()
    for match in _sentences("claims", low) if "claims" in told else ():
        if not negated(value, *match.span()):
            return match.span()
    return None


def _claims(low: str) -> Iterator[re.Match[str]]:
    """Yield sentences that claim copyright: first such as must begin the value."""
    in_front = pattern("claim_in_front").match(low)
    if in_front:
        yield in_front
    yield from pattern("claim").finditer(low, in_front.end() if in_front else 0)


def _claims_nothing(low: str) -> bool:
    return ("copyright" in low or "no claim" in low) and bool(pattern("no_claim").search(low))


def _doubtful(value: Folded, match: re.Match[str]) -> bool:
    span = match.span()
    return bool(
        negated(value, *span)
        or doubted(value, *span)
        or excepted(value, *span)
        or about_metadata(value, *span)
        or about_part(value, *span)
    )


def address_holds(value: Folded, place: int) -> bool:
    """Whether a place in the text is inside a web address."""
    return any(start <= place < end for start, end in address_spans(value))


@cache
def _word_and_year() -> re.Pattern[str]:
    words = alternatives(table("notices")["copyright_words"])
    return re.compile(
        rf"(?:©\s)?(?:{words})\s?(?:(?:\(c\)|©)?\s?:?\s?(?=\d{{4}})|:\s(?=[^\W\d_])(?!{part('no_holder')}))"
    )


def _sentences(name: str, low: str) -> Iterator[re.Match[str]]:
    """Find the sentences of a list, one behind the other.

    They are looked for by how the words of the value begin: the pattern of all would take long to make, and of most
    no value has a word.
    """
    listed = _by_beginning(name)
    told = [listed[beginning] for beginning in listed.keys() & word_beginnings(low)]
    patterns, position = [*map(_any_of, told), *(() if low.isascii() else _wide(name))], 0
    while found := _first(patterns, low, position):
        yield found
        position = found.end()


def _first(patterns: Iterable[re.Pattern[str]], low: str, start: int) -> re.Match[str] | None:
    found = (match for pattern in patterns if (match := pattern.search(low, start)))
    return min(found, key=lambda match: match.start(), default=None)


@cache
def _by_beginning(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the sentences of a list by how they begin, but for those of scripts without blanks."""
    found: dict[str, list[str]] = {}
    for text in table("notices")[name]:
        for beginning in () if WIDE.search(text) else beginnings(text):
            found.setdefault(beginning, []).append(text)
    return {beginning: tuple(texts) for beginning, texts in found.items()}


@lru_cache(maxsize=512)
def _any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(grouped([rf"(?<![^\W_])(?:{alternatives(texts)})(?![^\W_])"]))


@cache
def _wide(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the pattern of the sentences of a list in scripts without blanks, where it has any."""
    texts = list(filter(WIDE.search, table("notices")[name]))
    return (re.compile(alternatives(texts)),) if texts else ()


@cache
def _reserved() -> re.Pattern[str]:
    plain = [text for text in table("notices")["all_rights_reserved"] if not WIDE.search(text)]
    sentences = grouped([_any_of(tuple(plain)).pattern, *(wide.pattern for wide in _wide("all_rights_reserved"))])
    return re.compile(rf"{sentences}|tous droits\b[^.;]{{1,80}}\bréservés")

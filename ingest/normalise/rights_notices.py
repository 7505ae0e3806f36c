"""What a notice says of status in words of its own: public domain, or copyright and whose."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.conditions import about_metadata, about_part, excepted, negated
from ingest.normalise.folding import Folded, comparable
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.vocabularies import creative_commons, rights_statements, table

PUBLIC_DOMAIN_MARK = "publicdomain/mark/1.0/"
_IN_PUBLIC_DOMAIN = re.compile(
    r"(?:\b(?:is|are) (?:now )?(?:in|part of) the public domain|^public domain(?=\s?(?:[.;:/,(|]|$)))", re.IGNORECASE
)
_SOMEWHERE_ONLY = re.compile(
    r"^\W{0,3}(?:in|within|under the laws? of|according to) (?:the )?"
    r"(?P<place>U\.?S\.?(?:A\.?)?\b|united states|[A-Z]\w+)|"
    r"^\W{0,3}(?:in (?:its|their|the|your|some|many|other)\b|and may|unless|but|only|if\b)",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"©|℗|\(c\)(?=\s?(?:\d{4}|copyright))|^\(c\)\s|\bcopyright\s?\(c\)|^(?:copyright\s)?\?\?\s?(?=\d{4}\s[A-Z])",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"""^copyright(?:ed\b(?!\swork)|\s?:?\s(?!and\b|law|info|status|notice|polic|clear|restr|unknown|undet|not\b|may\b|
    permission|question|statement|protection|is\b|term|act\b|office|holder|owner)(?=[\d(]|[A-Z]))
    |\bcopyright\s(?:to\sth[ei]s?\s\w+\s)?(?:is|are)\s(?:held|owned|retained|reserved|vested)
    |\bcopyright\s(?:of|in)\s[^.;]{1,80}\s(?:is|are)\s(?:held|owned|retained|reserved)
    |\bcopyright\s(?:remains|belongs|held\sby|owned\sby|retained\sby)|\bcopyright\sand\s[^.;]{1,80}\sare\sheld\sby
    |\b(?:is|are)\s(?:in\scopyright|under\scopyright|copyrighted|copyright\sby|copyright\s©|protected\sby\s[^.;]{0,30}copyright
    |subject\sto\scopyright|the\scopyright\s(?:owners?|holders?))|\bretains?\s(?:the\s|their\s|his\s|her\s)?copyrights?\b
    |\bhold\stheir\sown\scopyright|\bcopyright\s(?:owner|holder)\s(?:of|for)\s[^.;]{1,80}\sis\b""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR_AND_HOLDER = re.compile(
    r"\d{4}(?:\s?-\s?\d{4})?,? (?P<after>[^\W\d_][^;:|]{2,90})|(?P<before>[^\W\d_][^;:|\d]{2,80}\b(?:AG|Ltd\.?|Limited|"
    r"Inc\.?|GmbH|B\.?V\.?|LLC|KG|S\.p\.A\.|Verlag|Publishers?|Press)),? \d{4}"
)
_MONTH_OR_PLACE = re.compile(
    r"(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}|spring|summer|autumn|winter|pages?|p|edition)\b",
    re.IGNORECASE,
)
_NO_CLAIM = re.compile(
    r"\b(?:does|do) not (?:claim|own|hold) (?:any |the )?copyright|\bno copyright (?:is )?(?:claimed|asserted)|"
    r"\bno longer (?:in|under) copyright|\bfree (?:of|from) copyright|\bnot? (?:\w+ )?copyrighted\b",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:[\s:,?©℗-]|\(c\)|copyright\b|by\b|\d{4})*(?P<name>[^\W\d_][^;|()<>©]{1,160}?)"
    r"(?=\s?[;|(<©\[]|\.\s|\.?$|,? ?\d{4}|,? all rights| https?:)",
    re.IGNORECASE,
)


def whole_phrase(value: Folded) -> tuple[str | None, str] | None:
    """Return URI and category of a value that is, as a whole, a phrase with one meaning."""
    return _phrases().get(comparable(value.original))


def in_public_domain(value: Folded) -> tuple[str, str] | None:
    """Return URI and category where a sentence says outright that the work is in the public domain."""
    for match in _IN_PUBLIC_DOMAIN.finditer(value.key):
        where = _SOMEWHERE_ONLY.match(value.key[match.end() :])
        if _doubtful(value, match):
            continue
        if where is None:
            mark = creative_commons()[PUBLIC_DOMAIN_MARK]
            return str(mark.uri), mark.category
        if (where["place"] or "").lower().replace(".", "") in {"us", "usa", "united states"}:
            american = rights_statements()["noc-us"]
            return str(american.uri), american.category
    return None


def claims_copyright(value: Folded) -> bool:
    """Whether the notice claims copyright: a sign, all rights reserved, or a sentence that says so without doubt."""
    if _NO_CLAIM.search(value.key):
        return False
    strong = next((found for found in _strong_signs(value) if not about_part(value, *found.span())), None)
    if strong:
        return True
    claims = (found for found in _CLAIM.finditer(value.key) if not _in_address(value, found))
    return any(not negated(value, *found.span()) for found in claims) or bool(_year_and_holder(value))


def holder(value: Folded) -> str | None:
    """Return the holder that a notice of copyright names, as written."""
    if years := _year_and_holder(value):
        return value.text[slice(*years.span("after" if years["after"] else "before"))].strip(" .")
    sign = _SIGN.search(value.key) or re.match(r"copyright:?\s", value.key, re.IGNORECASE)
    match = _HOLDER.match(value.key, sign.start()) if sign else None
    name = value.text[slice(*match.span("name"))].strip(" .,") if match else ""
    # "Copyright is held by …" is a sentence, not a name behind a sign.
    return name if name and not name[0].islower() else None


def _strong_signs(value: Folded) -> Iterator[re.Match[str]]:
    yield from _SIGN.finditer(value.key)
    yield from _reserved().finditer(value.key)


def _year_and_holder(value: Folded) -> re.Match[str] | None:
    match = _YEAR_AND_HOLDER.fullmatch(value.key.removesuffix("All rights reserved").rstrip(" ."))
    return None if match and match["after"] and _MONTH_OR_PLACE.match(match["after"]) else match


def _doubtful(value: Folded, match: re.Match[str]) -> bool:
    span = match.span()
    return negated(value, *span) or excepted(value, *span) or about_metadata(value, *span) or about_part(value, *span)


def _in_address(value: Folded, match: re.Match[str]) -> bool:
    return any(start <= match.start() < end for start, end in address_spans(value))


@cache
def _phrases() -> dict[str, tuple[str | None, str]]:
    notices = table("notices")
    mark = creative_commons()[PUBLIC_DOMAIN_MARK]
    found = {comparable(text): (mark.uri, mark.category) for text in notices["public_domain"]}
    for row in notices["phrase"]:
        found |= {comparable(text): (row["uri"], row["category"]) for text in row["texts"]}
    return found


@cache
def _reserved() -> re.Pattern[str]:
    texts = (re.escape(text).replace(r"\ ", r"\s") for text in table("notices")["all_rights_reserved"])
    return re.compile(rf"(?<!no )(?:{'|'.join(texts)}|\btous droits\b[^.;]{{1,80}}\bréservés)", re.IGNORECASE)

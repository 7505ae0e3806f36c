"""What role terms say of a donor, and what values say that there is none."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice

from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.donor_tails import without_date
from ingest.normalise.folding import Folded, comparable
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

ROLE_BEHIND = re.compile(r"(?:\s?[(\[](?P<bracket>[^()\[\]]{3,30})[)\]]|,\s(?P<comma>[^,()\[\]]{3,30}))\.?$")
_JOINER = late(r"^\s?[,;]?\s?(?:(?:and|und|et|y|e|i|en|och|og)\s)?", re.IGNORECASE)
GIVING_ROLES = {"donor", "funder", "sponsor"}
_FEW_WORDS = 6
_MOST_OF_DATE = 4
"""Words that a value with nothing but a date has at most."""
_MOST_ROLES = 50


@lru_cache(maxsize=256)
def role_of(term: str | None) -> str | None:
    """Return what a role term means: ``donor``, ``funder``, ``sponsor``, an owner's term, ``nobody``; None: nothing."""
    return (
        _role_terms().get(comparable(term).replace("_", " ").replace("http://id.loc.gov/vocabulary/relators/", ""))
        if term
        else None
    )


def is_nobody(value: Folded) -> bool:
    """Whether a value says that nobody gave or paid, or that it is not known who."""
    key = value.low.strip(" .,;:!()[]")
    values, phrases, without, what = _nobody()
    words = words_in(value.low)
    first = key.split(" ", 1)[0]
    dated = key[-1:].isdigit() and (len(words) <= _MOST_OF_DATE or first.strip(",;") in _nobody_beginnings())
    bare = without_date(f" {key}").strip(" .,;") if dated else key
    if not words or not bare or key in values or bare in values:
        return True
    if len(words) <= _FEW_WORDS and not what.isdisjoint(words) and first in without:
        return True
    denying = _nobody_words().keys() & words
    if denying and any(phrase in key for word in denying for phrase in _nobody_words()[word]):
        return True
    return not key.isascii() and any(phrase in key for phrase in phrases)


def was_no_gift(parts: tuple[tuple[str, str], ...]) -> bool:
    """Whether the format says that the thing was bought, lent or exchanged."""
    methods = table("donor_roles")["no_gift_methods"]
    return any(name == "method" and any(word in value.lower() for word in methods) for name, value in parts)


def role_behind(text: str) -> str | None:
    """Return the role that a term behind a name tells, ``nobody`` for an owner's: "Example Trust (Funder)"."""
    match = ROLE_BEHIND.search(text)
    meaning = role_of((match["bracket"] or match["comma"]).strip()) if match else None
    return meaning if meaning in GIVING_ROLES or meaning == "nobody" else None


def named_in_roles(value: Folded) -> tuple[tuple[str, str], ...]:
    """Return names with the giving role that "as" tells behind them: "Acme Trust as sponsor and Beta Press as host".

    Who has another role gave nothing; what has none behind it is told as a donor's name. Empty where nothing is told.
    """
    words = words_in(value.low)
    listed = ";" in value.key and ("(" in value.key or "[" in value.key or not _role_words().isdisjoint(words))
    if not listed and _role_joiners().isdisjoint(words):
        return ()
    found: list[tuple[str, str]] = []
    end = 0
    for match in islice(_in_role().finditer(value.low), _MOST_ROLES):
        if match["role"] or listed:
            found.append(
                (value.text[end : match.start()], role_of(match["role"] or match["bracket"] or match["comma"]) or "")
            )
            end = match.end()
    if found and value.text[end:].strip(" .,;"):
        found.append((value.text[end:], "donor"))
    return tuple((_JOINER.sub("", names), role) for names, role in found if role in GIVING_ROLES)


@cache
def _role_joiners() -> frozenset[str]:
    return telling_words(table("donor_roles")["in_role"]["joiners"])


@cache
def _role_words() -> frozenset[str]:
    return telling_words(_role_terms())


@cache
def _in_role() -> re.Pattern[str]:
    words = table("donor_roles")["in_role"]
    roles = alternation(
        [*(term for term, meaning in _role_terms().items() if meaning in {*GIVING_ROLES, "nobody"}), *words["others"]]
    )
    joined = rf"\s(?:{alternation(words['joiners'])})\s(?:(?:{alternation(words['between'])})\s)?(?P<role>{roles})"
    return re.compile(
        rf"(?:{joined}|\s?[(\[](?P<bracket>{roles})[)\]]|,\s(?P<comma>{roles})(?=\.?$|;))(?=$|[,;.]|\s(?:and|und|et|y|e|i|en|och|og)\s)"
    )


@cache
def _role_terms() -> Mapping[str, str]:
    return {comparable(term): meaning for meaning, terms in table("donor_roles")["terms"].items() for term in terms}


@cache
def _nobody_words() -> Mapping[str, tuple[str, ...]]:
    """Return the sentences by a word of each: the one that denies, which other statements seldom have."""
    _, _, without, _ = _nobody()
    found: dict[str, tuple[str, ...]] = {}
    for phrase in filter(str.isascii, table("credit_lines")["nobody"]["phrases"]):
        word = min(without & words_in(phrase) or telling_words([phrase]))
        found[word] = (*found.get(word, ()), phrase)
    return found


@cache
def _nobody_beginnings() -> frozenset[str]:
    """Return the first words of the values that name nobody."""
    return frozenset(value.split(" ", 1)[0].strip(",;") for value in _nobody()[0])


@cache
def _nobody() -> tuple[frozenset[str], tuple[str, ...], frozenset[str], frozenset[str]]:
    words = table("credit_lines")["nobody"]
    values = frozenset(value.strip(" .") for value in words["values"])
    # Sentences in ASCII are looked for by a word of theirs.
    phrases = tuple(phrase for phrase in words["phrases"] if not phrase.isascii())
    return values, phrases, frozenset(words["without"]), frozenset(words["what"])

"""The words that parties are told apart by, made ready for use."""

from functools import cache, lru_cache

from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_ELIDED = late(r"^(?:l|d|dell|all|dall|nell|sull|un|del|dels)['\u2019]")


@cache
def words_of(group: str, name: str = "words") -> frozenset[str]:
    """Return a list of the table of words of parties."""
    return frozenset(table("party_words")[group][name])


@cache
def words_of_all(*lists: tuple[str, str]) -> frozenset[str]:
    """Return the words of several lists, each named by its group and its own name."""
    return frozenset[str]().union(*(words_of(group, name) for group, name in lists))


@cache
def given_names() -> frozenset[str]:
    """Return the given names that tell a person from a firm."""
    return frozenset(table("party_words")["given_names"]["names"].split())


@lru_cache(maxsize=16384)
def is_body_word(word: str) -> bool:
    """Whether a word, in small letters, is one of those by which bodies are called."""
    words, endings, stems, hyphenated = _body_words()
    if "'" in word or "\u2019" in word:
        word = _ELIDED.sub("", word)
    return (
        word in words
        or (len(word) > len("fonds") and word.endswith(endings))
        or word.startswith(stems)
        or ("-" in word and word.rsplit("-", 1)[1] in hyphenated)
    )


@cache
def _body_words() -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...], frozenset[str]]:
    bodies = table("party_words")["organisations"]
    return (
        frozenset(bodies["words"]),
        tuple(bodies["endings"]),
        tuple(bodies["stems"]),
        frozenset(bodies["hyphenated"]),
    )

"""How a row of the table of credit lines is written: tokens that must stand there, or may, with their alternatives."""

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\S+")
_WORD = re.compile(r"\w[\w-]*")
UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""A letter of a script that sets no blanks between words."""
_SOME_WORDS = r"(?:[^;.]|(?<=\W\w)\.|\.(?=\S)){1,80}?\s"
"""What a ``~`` in a row stands for: words within the sentence."""


def alternation(words: Iterable[str]) -> str:
    """Return a pattern's source that matches any of the words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def first_word(words: str) -> str:
    """Return the first word of some, with its hyphens; of signs without any word, all of them."""
    match = _WORD.match(words)
    return match.group() if match else words


def obligatory(words: str) -> list[str]:
    """Return the tokens of a row from the first that must be there."""
    tokens = tokens_of(words)
    first = next(place for place, token in enumerate(tokens) if not token.startswith("["))
    return tokens[first:]


def last_source(template: str) -> str:
    """Return the pattern of words that nothing need follow, as those behind the names."""
    *tokens, last = tokens_of(template)
    ending = "" if UNSPACED.search(template) else r"(?!\w)"
    return "".join(map(source_of, tokens)) + f"(?:{alternation(alternatives_of(last))}){ending}"


def source_of(token: str) -> str:
    """Return the pattern of a token, with what parts it from the next."""
    words = "|".join(_spaced(word) for word in sorted(alternatives_of(token), key=len, reverse=True))
    return f"(?:{words}){'?' if token.startswith('[') else ''}"


def _spaced(word: str) -> str:
    """Write a word with the blank behind it; none must follow an elision, a colon or a script without blanks."""
    if word == "~":
        return _SOME_WORDS
    source = re.escape(word).replace(r"\ ", r"\s")
    if word.endswith("'"):
        return source
    if word.endswith(":"):
        return f"{source.removesuffix(':')}\\s?:\\s?"
    return source + (r"\s?" if UNSPACED.search(word) else r"\s")


def tokens_of(template: str) -> list[str]:
    """Part a row into words, brackets that must stand there, and square ones that need not."""
    return _TOKEN.findall(template)


def alternatives_of(token: str) -> list[str]:
    """Return what a token may be: one of those in its brackets, or itself."""
    grouped = token[0] in "[(" and token[-1] in ")]"
    return token[1:-1].split("|") if grouped else [token]

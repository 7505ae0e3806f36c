"""Write many alternatives as one pattern that the machine of regular expressions runs through fast.

That machine tries alternatives one after the other at every character. Grouped by their first letters, most of them
are passed over with one comparison, and where every one begins with a letter, so are most characters.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\]){0,400}\]|[()|]", re.DOTALL)
"""A bar or a bracket; what is escaped or in a class is none."""
_BOUNDARIES = {"\\b": r"\w", "(?<![^\\W_])": r"[^\W_]"}
"""What says that a word begins, each with what may then not stand in front of its first letter."""
_LITERAL = re.compile(r"[^\W_](?![?*+{])")
_GROUP = "(?:"


def grouped(alternatives: Iterable[str]) -> str:
    """Return one pattern that matches what the alternatives match, those that begin words grouped by their letters.

    Of alternatives that match at one place the earlier is still taken, but one whose beginning is no plain letter
    comes after all that begin with one.
    """
    rests: dict[tuple[str, str], list[str]] = {}
    others: list[str] = []
    for alternative in (part for written in alternatives for part in _split(written)):
        boundary = next((each for each in _BOUNDARIES if alternative.startswith(each)), "")
        for body in _opened(alternative[len(boundary) :]):
            if _LITERAL.match(body):
                rests.setdefault((body[0], boundary), []).append(body[1:])
            else:
                others.append(boundary + body)
    return "|".join((*(_behind(*start, bodies) for start, bodies in rests.items()), *others))


def tree(words: Sequence[Sequence[str]]) -> str:
    """Return one pattern that matches any of the words, each given by its letters as a pattern writes them.

    Common beginnings are written once; of two words that match at one place, the longer is taken.
    """
    if len(words) == 1:
        return "".join(words[0])
    rests: dict[str, list[Sequence[str]]] = {}
    for word in filter(None, words):
        rests.setdefault(word[0], []).append(word[1:])
    written = [letter + tree(behind) for letter, behind in rests.items()]
    ended = [] if all(words) else [""]
    return written[0] if len(written) == 1 and not ended else f"{_GROUP}{'|'.join([*written, *ended])})"


def _behind(letter: str, boundary: str, bodies: list[str]) -> str:
    """Return the alternatives behind a letter; that a word begins with it is looked at once the letter is there."""
    front = f"(?<!{_BOUNDARIES[boundary]}{letter})" if boundary else ""
    return f"{letter}{front}{_tree(bodies)}"


def _tree(bodies: list[str]) -> str:
    """Group alternatives by their next letter, as far as none without a letter stands between them."""
    if len(bodies) == 1:
        return bodies[0] if len(_split(bodies[0])) == 1 else f"{_GROUP}{bodies[0]})"
    entries: list[tuple[str, list[str]]] = []
    since = 0
    for body in bodies:
        if not _LITERAL.match(body):
            entries.append(("", [body]))
            since = len(entries)
            continue
        same = next((rests for letter, rests in entries[since:] if letter == body[0]), None)
        if same is None:
            entries.append((body[0], [body[1:]]))
        else:
            same.append(body[1:])
    written = [letter + _tree(rests) if letter else rests[0] for letter, rests in entries]
    return written[0] if len(written) == 1 else f"{_GROUP}{'|'.join(written)})"


def _opened(body: str) -> Iterator[str]:
    """Yield the alternatives of a group that a body begins with, each with the rest, unless the rest has a name."""
    signs = _signs(body) if body.startswith(_GROUP) else ()
    end = next((place for sign, place, depth in signs if sign == ")" and depth == 0), None)
    rest = "" if end is None else body[end + 1 :]
    if end is None or rest[:1] in {"?", "*", "+", "{"} or "(?P<" in rest:
        yield body
        return
    for part in _split(body[len(_GROUP) : end]):
        for opened in _opened(part):
            yield opened + rest


def _split(written: str) -> list[str]:
    """Split a pattern at the bars that stand in no group."""
    parts, start = [], 0
    for sign, place, depth in _signs(written) if "|" in written else ():
        if sign == "|" and depth == 0:
            parts.append(written[start:place])
            start = place + 1
    return [*parts, written[start:]]


def _signs(written: str) -> Iterator[tuple[str, int, int]]:
    """Yield bars and brackets with their places and the number of groups they stand in; brackets stand outside."""
    depth = 0
    for found in _SIGN.finditer(written):
        sign = found.group()
        depth -= sign == ")"
        yield sign, found.start(), depth
        depth += sign == "("

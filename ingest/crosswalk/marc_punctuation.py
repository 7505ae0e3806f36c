"""Punctuation of the ISBD at the ends of MARC's subfields, which leads over to what stands next in the record."""

import re
import tomllib
from functools import cache
from importlib import resources

_SEPARATORS = " /:;,=-"
_SHORT = re.compile(r"(?:^|[\s(.,-])(?:\w{1,3}|[^\Waeiouyäöüáéíóúåøæ\d]{1,6})$|\W$|(?:^|\D)\d{1,2}$")
"""What a stop may belong to: a word of up to three letters, or without a vowel, or a number of one or two digits."""

_LONGEST = 12
"""Characters at the end in which that can be told."""


@cache
def _words(kind: str) -> frozenset[str]:
    """Give the ``abbreviations`` that keep their stop, or the ``particles`` that never have one."""
    text = resources.files(__package__).joinpath("vocabularies", "abbreviations.toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)[kind])


def without_separator(text: str) -> str:
    """Take away marks that introduce the next element; a stop stays."""
    bare = text.rstrip(_SEPARATORS)
    tail = text[len(bare) :]
    # A hyphen right behind a word or a year is its own.
    hyphens = len(tail) - len(tail.lstrip("-"))
    return text[: len(bare) + hyphens] if bare else text


def without_end(text: str) -> str:
    """Take away the same marks, and a last stop where it can not belong to an abbreviation, an initial or a number."""
    text = without_separator(text)
    if not text.endswith(".") or text.endswith(".."):
        return text
    bare = text[:-1].rstrip()
    last = bare.rpartition(" ")[2].lower().strip("([.")
    short = _SHORT.search(bare[-_LONGEST:]) and last not in _words("particles")
    return text if not bare or short or last in _words("abbreviations") else without_separator(bare)


def unbracketed(text: str) -> str:
    """Take away brackets around the whole: ``[Bern]`` is what the cataloguer supplies, and ``[Bern`` is cut off."""
    text = without_end(text)
    if text.startswith("[") and text.find("]") in (-1, len(text) - 1):
        return text.strip("[]").strip()
    return text.rstrip("]").rstrip() if text.endswith("]") and "[" not in text else text


def after_stop(first: str, second: str) -> str:
    """Write two parts of a heading with one stop between them: a name and the work, a body and its unit."""
    if not first or not second:
        return first or second
    return f"{first} {second}" if first.endswith((".", "-")) else f"{first}. {second}"

"""Languages as BCP 47 tags where certain, else as written.

Codes are those of ISO 639-1, -2 (both sets) and -3 and the tags of BCP 47 itself, in any case; what the registry has
replaced is written in its current form. A value may hold several languages: all of its parts are known, or it stays
as written.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

from ingest.descriptions import Value
from ingest.normalise.date_words import alternatives, plain
from ingest.normalise.folding import fold
from ingest.normalise.language_codes import TWO_LETTERS
from ingest.normalise.patterns import late
from ingest.normalise.remembered import REMEMBERED
from ingest.normalise.vocabularies import table

LONGEST_LIST = 300
"""Characters; what is longer is a text about languages."""
_MOST_LANGUAGES = 30
_BETWEEN_LISTS = late(r"[;|]|\s//?\s")
_CODES = late(r"[A-Za-z]{2,3}(?:\s[A-Za-z]{2,3}){1,20}")
_RUN_TOGETHER = late(r"(?:[a-z]{3}){2,20}|(?:[A-Z]{3}){2,20}")
_CODE = late(r"[A-Za-z]{2,3}|[Ii]-[A-Za-z]{2,8}|[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){1,6}")
_OLD_EXTENSION = late(r"[a-z]{2,3}[-_][a-z]{3}", re.IGNORECASE)
_EXTENDED = frozenset({"ar", "ara", "chi", "kok", "ms", "msa", "sgn", "sw", "uz", "zh", "zho"})
_ENCODING = late(r"\.(?:utf-?8|iso-?8859-\d{1,2})$", re.IGNORECASE)
_IN_BRACKETS = late(r"(.{2,60}?)\s?[(\[]\s?([^()\[\]]{2,40})[)\]]")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
_LONGEST_CODE = 3


def normalise_languages(values: Sequence[Value]) -> tuple[str, ...]:
    """Return each language once, in order; empty values are left out."""
    if len(values) == 1 and len(values[0].text) <= LONGEST_LIST:
        return _tags_once(values[0].text)
    return tuple(dict.fromkeys(tag for value in values for tag in _tags(value.text)))


@lru_cache(maxsize=REMEMBERED)
def _tags_once(text: str) -> tuple[str, ...]:
    """Return the languages of a record with one value, as most have."""
    return tuple(dict.fromkeys(_tags(text)))


def _tags(text: str) -> tuple[str, ...]:
    written = text.strip()
    if not written:
        return ()
    return (_read(written) if len(written) <= LONGEST_LIST else None) or (written,)


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> tuple[str, ...] | None:
    """Return the tags of the languages that a value names, or None where not all of it is known."""
    key = _ENCODING.sub("", fold(text).key.strip(" .,;:|/\"'"))
    if tag := _tag(key):
        return (tag,)
    return _of_list(key) or _of_codes(key)


def _of_list(key: str) -> tuple[str, ...] | None:
    """Split at semicolons and read each part, else at what stands between two languages."""
    parts = _parts(_BETWEEN_LISTS, key)
    if len(parts) > 1:
        several = [_read(part) for part in parts]
        return tuple(tag for tags in several for tag in tags or ()) if all(several) else None
    parts = _parts(_between_languages(), key)
    tags = [tag for part in parts if (tag := _tag(part))]
    return tuple(tags) if tags and len(tags) == len(parts) else None


def _parts(separator: re.Pattern[str], key: str) -> list[str]:
    parts = separator.split(key, maxsplit=_MOST_LANGUAGES)
    return [bare for part in parts if (bare := part.strip())]


def _of_codes(key: str) -> tuple[str, ...] | None:
    """Read codes between blanks (en fr), and codes of three letters run together as MARC once wrote them (engfre)."""
    if _CODES.fullmatch(key):
        codes = key.split()
    elif _RUN_TOGETHER.fullmatch(key):
        codes = [key[start : start + _LONGEST_CODE] for start in range(0, len(key), _LONGEST_CODE)]
    else:
        return None
    tags = [_code(code) for code in codes]
    known = [tag for tag in tags if tag in _tags_with_names()]
    return tuple(known) if len(known) == len(codes) else None


def _tag(text: str) -> str | None:
    """Return the tag of one language's code, address or name, or None where it is none of them."""
    if text.isascii() and (code := _code(_without_address(text))):
        return code
    if text.isascii() and len(text) <= _LONGEST_CODE:
        return None
    return _named(plain(text))


def _without_address(text: str) -> str:
    bare = _SCHEME.sub("", text.strip("<>/"))
    prefix = next((prefix for prefix in _prefixes() if bare[: len(prefix)].lower() == prefix), "")
    return bare[len(prefix) :].strip() if prefix else text


def _code(text: str) -> str | None:
    if not _CODE.fullmatch(text):
        return None
    small = text.lower()
    if kept := table("languages")["codes"].get(small):
        return str(kept)
    usual = TWO_LETTERS.get(small, small)
    if len(usual) == len("en") and usual in _tags_with_names():
        return usual
    return _any_code(text)


def _any_code(text: str) -> str | None:
    """Return the tag that a code of BCP 47 is written as today, or None where there is none."""
    import langcodes  # noqa: PLC0415 - slow to load, and most records do without.
    from langcodes.tag_parser import LanguageTagError  # noqa: PLC0415 - see above.

    if _OLD_EXTENSION.fullmatch(text) and text[: -len("-abc")].lower() not in _EXTENDED:
        return None
    try:
        tag = langcodes.standardize_tag(text)
    except LanguageTagError:
        return None
    # "Old" is a word: with one capital only the codes of languages that have a name here are codes.
    word = text.istitle() and len(text) == _LONGEST_CODE and tag not in _tags_with_names()
    return tag if langcodes.tag_is_valid(tag) and not word else None


def _named(key: str) -> str | None:
    """Return the tag of a name, perhaps with a country or a code in brackets, or with the word "language"."""
    bare = key.strip(" .,;:\"'")
    if (found := _names().get(bare)) or not bare:
        return found
    if match := _IN_BRACKETS.fullmatch(bare):
        return _with_brackets(_names().get(match[1]) or _code(match[1]), match[2])
    first, _, rest = bare.partition(" ")
    if first.strip(":.") in _words("before") and (found := _names().get(rest.strip())):
        return found
    rest, _, last = bare.rpartition(" ")
    return _names().get(rest.strip()) if last in _words("after") else None


def _with_brackets(tag: str | None, within: str) -> str | None:
    if tag is None:
        return None
    if region := _regions().get(within):
        return f"{tag}-{region}" if "-" not in tag else None
    other = _names().get(within) or _code(within)
    return other if other and (other == tag or other.startswith(f"{tag}-")) else None


@cache
def _names() -> Mapping[str, str]:
    rows = (line.split("\t") for line in _lines())
    return {plain(name).strip("'"): tag for tag, *names in rows for name in names}


@cache
def _tags_with_names() -> frozenset[str]:
    return frozenset(line.split("\t", 1)[0] for line in _lines())


@cache
def _lines() -> tuple[str, ...]:
    file = resources.files(__package__).joinpath("vocabularies", "language_names.tsv")
    return tuple(line for line in file.read_text("utf-8").splitlines() if not line.startswith("#"))


@cache
def _prefixes() -> tuple[str, ...]:
    return tuple(table("languages")["addresses"]["prefixes"])


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(plain(word) for word in table("languages")["words"][name])


@cache
def _between_languages() -> re.Pattern[str]:
    return re.compile(rf"[,/&+_-]|\s{alternatives(table('languages')['words']['and'])}\s", re.IGNORECASE)


@cache
def _regions() -> Mapping[str, str]:
    return {plain(name): region for region, names in table("languages")["regions"].items() for name in names}

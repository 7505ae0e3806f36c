"""What one name says of its bearer: a person, a body, a family or somebody unnamed, and whether it is a whole name."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.donor_tables import donor_by_key, key_of
from ingest.normalise.folding import comparable_key, fold
from ingest.normalise.party_words import given_names, is_body_word, words_of, words_of_all
from ingest.normalise.patterns import late
from ingest.normalise.remembered import REMEMBERED
from ingest.operator_tables import NO_TABLES, OperatorTables

_WORD = re.compile(r"[^\s,;()\[\]\"/]+")
_ACRONYM = re.compile(
    r"(?=[A-ZÀ-Þ\u0410-\u042fŠŽČ0-9&/.-]{2,14}$)(?:[A-ZÀ-Þ\u0410-\u042fŠŽČ][A-ZÀ-Þ\u0410-\u042fŠŽČ0-9]*)(?:[&/-][A-ZÀ-Þ0-9]+)?"
)
_CAMEL = re.compile(r"[A-Z][a-z]{2,}[A-Z]\w{2,}(?:\s[A-Z]\w*)?")
_NAME_WORD = r"(?:[Oo]'|[Dd]'|[Mm]c|[Mm]ac)?[^\W\d_a-zß-öø-ÿ\u0430-\u044f\u03b1-\u03c9][\w'\u2019.?-]*"
_PROPER = re.compile(_NAME_WORD)
_DIGIT = re.compile(r"\d")
_COMMA = re.compile(r",(?!\s(?:Jr|Sr|I|Esq|M|Ph|C|O))")
_INITIAL = re.compile(r"^(?:(?:[^\W\d_]\.-?){1,4}|[^\W\d_a-zà-öø-ÿ\u0430-\u044f])$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_SHORT_NAME = late(r"[\u4e00-\u9fff\u3040-\u30ff]{2,5}(?:氏|先生|女士|様)?|[\uac00-\ud7af]{2,4}(?:\s?씨)?")
_LIFE_DATES = re.compile(
    r",?\s\(?(?:b\.\s?|d\.\s?|ca\.\s?|active\s|born\s|died\s)?\d{4}\??(?:\s?[-\u2013\u2014]\s?(?:ca\.\s?)?(?:\d{4})?\??)?\)?$"
)
_INVERTED = re.compile(
    rf"(?:(?:[a-z]{{1,4}}\s){{0,2}}{_NAME_WORD})(?:[\s-]{_NAME_WORD}){{0,2}},\s{_NAME_WORD}(?:\s(?:(?:de|van|von|der)\s)?{_NAME_WORD}){{0,3}}"
    rf"(?:\s\([^()]{{2,40}}\))?(?:,\s(?:Sir|Lady|Mrs\.?|Dr\.?|Jr\.?|Sr\.?|Baron|Earl of {_NAME_WORD}))?"
)
_PLURAL_KIN = {
    "children",
    "sons",
    "daughters",
    "heirs",
    "descendants",
    "parents",
    "grandchildren",
    "nephews",
    "nieces",
    "cousins",
    "siblings",
    "erben",
    "kinderen",
    "eredi",
    "herederos",
    "herdeiros",
    "erven",
    "héritiers",
}
_ANONYMOUS = (("anonymous", "nameless"), ("anonymous", "with_nameless"), ("anonymous", "wishes"))
_ROLES = (
    ("persons", "roles"),
    ("persons", "kin"),
    ("lead_articles", "words"),
    ("persons", "possessive"),
    ("persons", "joined_roles"),
)
_AFTER_PEOPLE = {"of", "de", "der", "des", "di", "van", "from", "and", "in", "du", "del", "dell'artista", "av"}
_OF = {"of", "for", "de", "du", "für", "di", "da", "do", "del", "van", "der", "des"}
_MOST_NAMES = 6
_FEW_NAMES = 2
_SOME_NAMES = 4
_LONG_WORD = 9
"""Letters from which a single word that bodies are called by is a name: "Kulturstiftung" is, "Library" is none."""

STRONG, PLAIN, PART = 2, 1, 0
"""How surely a text is a whole name: by a word or form that says so; by nothing but capitals; not by itself."""


class Name(NamedTuple):
    """What a name is, and how surely it is a whole one."""

    kind: str
    standing: int
    estate: bool = False


@lru_cache(maxsize=REMEMBERED)
def read_name(text: str, own: OperatorTables = NO_TABLES) -> Name:
    """Read one name. What is none at all is called an organisation that does not stand alone."""
    key = fold(text).key
    known = donor_by_key(key_of(comparable_key(key)), own)
    if known:
        return Name(known.kind, STRONG)
    words = _words(key)
    if not _words_of_people().isdisjoint(words):
        found = _unnamed(key, words) or _family(key, words)
        if found:
            return found
    return _body(key, words) or _person(key, words)


@cache
def _words_of_people() -> frozenset[str]:
    """Return a word of every name of somebody unnamed, of a family, a couple and an estate: most names have none."""
    lists = (("anonymous", "nameless"), ("anonymous", "people"), ("anonymous", "single"), ("estates", "words"))
    return words_of_all(*lists, ("families", "words"), ("persons", "kin"), *_ROLES) | _PLURAL_KIN | titles()


def is_inverted(key: str) -> bool:
    """Whether a text is one heading, surname first: "Roe, Jane, 1901-1980"."""
    bare = _LIFE_DATES.sub("", key)
    if not _INVERTED.fullmatch(bare):
        return False
    words = _words(bare)
    after = bare.split(",")[1].split()
    return not any(is_body_word(word) for word in words) and (
        bare != key
        or bool(_INITIAL.search(after[-1]))
        or after[0].lower() in given_names()
        or len(bare.split(",")[0].split()) == 1
    )


def without_life_dates(text: str) -> str:
    """Cut the years of life from behind a heading."""
    return _LIFE_DATES.sub("", text)


def _unnamed(key: str, words: list[str]) -> Name | None:
    """Read somebody without a name: anonymous, in a role, or a crowd."""
    if not words_of("anonymous", "nameless").isdisjoint(words):
        return Name("anonymous", STRONG) if words_of_all(*_ANONYMOUS).issuperset(words) else None
    if not words:
        return None
    if key[0].islower() or key.startswith("The "):
        bare = [word.removesuffix("'s") for word in words]
        if words_of_all(*_ROLES).issuperset(bare):
            return Name("family" if bare[-1] in _PLURAL_KIN else "person", STRONG)
    return _crowd(key, words)


def _crowd(key: str, words: list[str]) -> Name | None:
    """Read people whom nobody names: "several subscribers", "an Admirer of the Painter"."""
    people, before = words_of("anonymous", "people"), words_of("anonymous", "before_people")
    last = len(words) - 1
    place = next((place for place, word in enumerate(words) if word not in before or place == last), last)
    word = words[place]
    follows = place == last or words[place + 1] in _AFTER_PEOPLE
    if follows and word in words_of("anonymous", "single") and (last or word in people):
        return Name("anonymous", STRONG)
    if word not in people or (word == "collection" and place == 0):
        return None
    small = key.split()[place : place + 1] == [word] or last == 0
    if follows and not small and place == 0:
        return Name("organisation", STRONG)
    return Name("anonymous", STRONG) if follows and small else None


def _family(key: str, words: list[str]) -> Name | None:
    """Read a family, a couple under one name, or an estate."""
    if not words:
        return None
    if any(word in words_of("estates") for word in (words[0], words[-1])) or "estate of" in key.lower():
        return Name("person", STRONG, estate=True)
    body = any(is_body_word(word) for word in words)
    if not body and any(word in words_of("families") for word in words):
        return Name("family", STRONG if len(words) > 1 else PART)
    if not body and (_are_kin_of(key, words) or is_couple(key)):
        return Name("family", STRONG)
    if (
        words[-1] in words_of("persons", "kin")
        and len(words) > 1
        and key.rsplit(maxsplit=1)[-1].islower()
        and words[0] not in words_of("persons", "possessive")
    ):
        return Name("family" if words[-1] in _PLURAL_KIN else "person", STRONG)
    return None


def _are_kin_of(key: str, words: list[str]) -> bool:
    """Whether a name is that of somebody's heirs: "eredi Rossi"."""
    return len(words) > 1 and words[0] in _PLURAL_KIN and key[0].islower() and key.split()[1][0].isupper()


def is_couple(key: str) -> bool:
    """Whether a name is a couple's: "Mr. and Mrs. John Roe", "Sir John and Lady Roe", "M. et Mme Roe"."""
    return not titles().isdisjoint(words_in(key)) and bool(couples().match(key.lower()))


@cache
def titles() -> frozenset[str]:
    """Return a word of each title of persons."""
    return telling_words(words_of("persons", "titles"))


@cache
def couples() -> re.Pattern[str]:
    """Return the pattern, for small letters, of how a couple under one name is written."""
    titled = "|".join(sorted(words_of("persons", "titles"), key=len, reverse=True))
    wives = "|".join(sorted(words_of("persons", "wives")))
    joined = r"(?:and|&|et|und|y|e|en|och|og|\u0438)"
    return re.compile(
        rf"(?<!\w)(?:the\s)?(?:hon\.?\s)?(?:{titled})\.?\s{joined}\s(?:{titled})\.?\s"
        rf"|(?<!\w)(?:{titled})\.?\s[^\s,]{{2,30}}\s{joined}\s(?:{wives})\.?\s"
        rf"(?=[^\s,]{{2,40}}(?:$|[,;]|\s{joined}\s))"
    )


def _body(key: str, words: list[str]) -> Name | None:
    """Read a body: by one of the words that bodies are called by, by a legal form, or as an acronym."""
    heads = [word for word in words if is_body_word(word)]
    if heads:
        return Name("organisation", PART if _is_half(key, words, heads) else STRONG)
    if _ACRONYM.fullmatch(key) or _CAMEL.fullmatch(key):
        return Name("organisation", STRONG)
    if len(words) == 1 and key.endswith("'s") and key[0].isupper():
        # A shop is called after whose it is.
        return Name("organisation", PLAIN)
    return None


def _is_half(key: str, words: list[str], heads: list[str]) -> bool:
    """Whether a body's name is only a part of one: a lone short word, or common words alone."""
    if len(words) == 1:
        return len(words[0]) < _LONG_WORD and not _UNSPACED.search(key)
    common = words_of("organisations", "generic").union(heads)
    return common.issuperset(words) and not _headed(words)


def _headed(words: list[str]) -> bool:
    """Whether a name of common words only is a body's all the same: "Department of Education"."""
    if words[1].startswith(("dell'", "d'", "l'")):
        return True
    return len(words) > _FEW_NAMES and words[1] in _OF


def _person(key: str, words: list[str]) -> Name:
    if _UNSPACED.search(key):
        return Name("person" if _SHORT_NAME.fullmatch(key) else "organisation", STRONG)
    generic = words_of("organisations", "generic")
    plain = key.replace(",", "").split()
    titled = len(words) > 1 and words[0].strip(".") in words_of("persons", "titles")
    if titled and words[1] in {"of", "de", "von"} and plain[0][0].isupper():
        return Name("person", STRONG)
    names = _names_alone(plain, titled=titled)
    comma = "," in key and _COMMA.search(key)
    if len(names) + titled < _FEW_NAMES or comma or not _are_proper(names) or generic.issuperset(words):
        return Name("organisation", PART)
    initials = [bool(_INITIAL.search(word)) for word in names]
    particled = len(plain) > len(names) and len(names) <= _SOME_NAMES
    if titled or particled or any(initials[:-1]) or names[0].lower() in given_names():
        return Name("person", STRONG)
    if not generic.isdisjoint(words) or key.lower() in words_of("places"):
        return Name("organisation", PART)
    adjective = len(names) >= _SOME_NAMES or any(word in words_of("organisations", "adjectives") for word in words)
    return Name("organisation" if adjective else "person", PLAIN)


def _are_proper(names: list[str]) -> bool:
    """Whether these may be the names of one person: a few words with capitals, no digit, and no initial at the end."""
    if not 0 < len(names) <= _MOST_NAMES or _DIGIT.search("".join(names)) or not all(map(_PROPER.fullmatch, names)):
        return False
    return not _INITIAL.search(names[-1]) or bool(_INITIAL.search(names[0]))


def _names_alone(plain: list[str], *, titled: bool) -> list[str]:
    """Return the words of a person's name without particles and suffixes, and where it has a title, without titles."""
    particles, small = words_of("persons", "particles"), words_of("persons", "suffixes")
    if titled:
        small |= words_of("persons", "titles")
    return [word for word in plain if word not in particles and word.lower().strip(".") not in small]


def _words(key: str) -> list[str]:
    return list(filter(None, [word.strip(".:?!'") for word in _WORD.findall(key.lower())]))

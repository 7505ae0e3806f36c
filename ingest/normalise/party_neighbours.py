"""Whether a text stands as a party alone, and whether two such texts may be two parties."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.normalise.donor_tables import known_donor
from ingest.normalise.folding import fold
from ingest.normalise.party_names import PART, PLAIN, STRONG, Name, read_name
from ingest.normalise.party_surnames import SHARED_SURNAME, are_persons
from ingest.normalise.party_words import given_names, is_body_word, words_of, words_of_all
from ingest.normalise.patterns import late
from ingest.normalise.remembered import REMEMBERED
from ingest.operator_tables import OperatorTables

ACRONYM = late(
    r"\s?\((?!(?:U\.?S\.?(?:A\.?)?|U\.?K\.?|(?<!Union\s\()EU|GB|England|Firm|Org)\))(?P<acronym>[A-ZÀ-Þ\u0410-\u042f](?=[\w&/+-]{0,14}[A-ZÀ-Þ\u0410-\u042f])[\w&/+-]{1,15}(?:[\s-][A-Z]{1,4})?)\)"
)
_JOINED_BEHIND = re.compile(r",\s|,?\s(?:and|&|und|et|y|e|en|och|og|\u0438)\s")
_JOINED = re.compile(r"\w|&")
_PREPOSITION = re.compile(r"\s(?:of|for)\s")
_BEHIND_HEAD = late(r",\s|\s(?:of|for|at|in|from|to|on|de|du|des|del|di|da|do|f\u00fcr|der|van|voor)\s")
_FEW_WORDS = 2
_ENDS_IN_ARTICLE = re.compile(
    r"\s(?:la|le|les|d[eiu]|del|dei|della|dalla?|der|die|das|des|dem|el|los|il|het|das?|dos?|au?)\s$"
)
_SUFFIX = re.compile(
    r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V|I\.P|Esq|M\.D|Ph\.?D|SpA|S\.p\.A|UK|USA)\b)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:the(?:\s(?:the|late))?|a|an|die|der|das|dem|den|des|la|le|les|el|los|las|il|lo|gli|het|o|os|as|de)\s(?=\S)",
    re.IGNORECASE,
)
_MEANS_UNSPACED = late(
    r"(?:\u79d1\u5b66\u7814\u7a76\u8cbb(?:\u88dc\u52a9\u91d1|\u52a9\u6210\u4e8b\u696d|\u52a9\u6210\u91d1)?|\u79d1\u7814\u8cbb|\u7814\u7a76\u52a9\u6210|\u52a9\u6210\u91d1|\u8865\u52a9\u91d1|\u5956\u5b66\u91d1)[\w-]{0,30}$"
)
"""What was given, in scripts without blanks: grants-in-aid, subsidies, scholarships."""
INDEFINITE = re.compile(r"an?\s", re.IGNORECASE)
_ELISION = re.compile(r"[lL]['\u2019](?=[^\W\d_])")


@lru_cache(maxsize=REMEMBERED)
def stands_alone(piece: str, own: OperatorTables) -> bool:
    """Whether a text reads as one whole party without its neighbours."""
    bare = without_article(without_acronym(piece))
    bare = without_means(bare, own, indefinite=bool(INDEFINITE.match(piece)))
    name = read_name(bare, own)
    acronym = ACRONYM.search(piece) if "(" in piece else None
    if _begins_with_topics(bare) or _goes_on_behind(piece, acronym):
        return False
    if name.kind == "organisation" and (_begins_small(bare) or not _first_segment_stands(bare, own)):
        return False
    if piece[:4] == "the " and bare[:1].isupper() and (len(bare.split()) > _FEW_WORDS or _is_part(bare)):
        return True
    if name.standing > PART or _is_short_for(acronym, bare) or _is_known_award(bare, own):
        return True
    shared = SHARED_SURNAME.fullmatch(fold(piece).key)
    return bool(shared and are_persons(shared))


def _is_short_for(acronym: re.Match[str] | None, name: str) -> bool:
    """Whether a short form in brackets may be one of this name alone, and not of what stands before it too."""
    first = acronym["acronym"][0].lower() if acronym else ""
    return bool(first) and any(word[0].lower() == first for word in name.split())


def _begins_with_topics(name: str) -> bool:
    """Whether these are the last fields of a body named before, or they and another: "Food and the Acme Trust"."""
    first, _, rest = name.lower().partition(" ")
    generic = words_of("organisations", "generic")
    return first in generic and (" and the " in f" {rest}" or generic.issuperset(rest.split()))


def _goes_on_behind(piece: str, acronym: re.Match[str] | None) -> bool:
    """Whether something is joined to a short form in brackets, before which a party ends."""
    return bool(acronym and _JOINED_BEHIND.match(piece, acronym.end()))


def _is_known_award(name: str, own: OperatorTables) -> bool:
    """Whether the short form of a known body stands before the short form of an award: "NSF CAREER"."""
    return name.isupper() and " " in name and bool(known_donor(name.split(" ", 1)[0], own))


def _is_part(text: str) -> bool:
    """Whether two words name a part of a body: "the Humanities Center", not "the Library Services"."""
    first, _, last = text.lower().partition(" ")
    return is_body_word(last) and not is_body_word(first) and last not in words_of("organisations", "generic")


def _begins_small(text: str) -> bool:
    return text[:1].islower() and text[:2].islower() and text.split(" ", 1)[0].islower()


def _first_segment_stands(text: str, own: OperatorTables) -> bool:
    """Whether what stands before the first comma is a name by itself, so that "Science, Example University" is none."""
    first, comma, rest = text.partition(", ")
    if not comma or known_donor(text, own) or _SUFFIX.match(f", {rest}"):
        return True
    return read_name(without_article(without_acronym(first)), own).standing > PART


class _Cut(NamedTuple):
    """A cut that may be made: what stands left and right of it, and between."""

    piece: str
    following: str
    left: Name
    right: Name
    article: bool
    """Whether an article opens what follows, which then is a party of its own."""
    joined: bool
    """Whether a word joins the two, not a comma only."""
    comma: bool


def may_neighbour(piece: str, separator: str, rest: list[str], own: OperatorTables) -> bool:
    """Refuse cuts between parts of one body: a department and its university, one half of a firm's name, a place."""
    left, right = (_read_side(without_article(without_acronym(side)), own) for side in (piece, rest[0]))
    if "|" in separator or "+" in separator:
        return STRONG == left.standing == right.standing
    article = bool(_ARTICLE.match(rest[0]) or _ENDS_IN_ARTICLE.search(separator))
    joined = bool(_JOINED.search(separator))
    cut = _Cut(piece, rest[0], left, right, article, joined, "," in separator)
    if not joined and _is_part_of(piece, rest[0], own):
        return False
    return not _halves_a_name(cut, own) and _may_follow(cut, own)


def _read_side(name: str, own: OperatorTables) -> Name:
    return Name("organisation", STRONG) if _is_known_award(name, own) else read_name(name, own)


def _halves_a_name(cut: _Cut, own: OperatorTables) -> bool:
    """Whether a cut would part a body's name at an "and" within it."""
    plain = cut.left.standing == PLAIN and cut.right.kind == "organisation" and not cut.article
    if plain and not ACRONYM.search(cut.piece) and not known_donor(cut.following, own):
        return cut.joined or len(cut.piece.split()) <= _FEW_WORDS
    if not cut.joined or cut.article:
        return False
    if _is_of_a_couple(cut):
        return True
    if cut.following.lower().endswith("studies") and not is_body_word(cut.piece.rsplit(" ", 1)[-1].lower()):
        return True
    if cut.right.standing == PART:
        return bool(_PREPOSITION.search(cut.piece))
    body = cut.right.kind == "organisation" and cut.right.standing == STRONG
    return body and not plain and not _begins_with_body(cut.following, own)


def _is_of_a_couple(cut: _Cut) -> bool:
    """Whether a body is called after two persons: "Stiftelsen Jan" and "Anna Roes Minnesfond" are one."""
    before, after = cut.piece.lower().split(), cut.following.lower().split()
    named = before[-1] in given_names() and after[0] in given_names()
    return named and len(before) == _FEW_WORDS and is_body_word(before[0])


def _may_follow(cut: _Cut, own: OperatorTables) -> bool:
    """Whether parties of these kinds may stand side by side like this."""
    left, right = cut.left, cut.right
    if known_donor(cut.piece, own) or (left.kind == right.kind != "anonymous"):
        return True
    if left.kind == "person" and right.kind == "organisation":
        role = cut.piece.lower().startswith("the ") and cut.piece[4:5].islower()
        return cut.article or left.estate or role or bool(known_donor(cut.following, own))
    if left.kind == right.kind == "anonymous":
        return " " in cut.piece
    if right.standing == PLAIN and right.kind == "person":
        if cut.comma and not cut.joined:
            return len(cut.following.split()) > _FEW_WORDS
        return cut.article or cut.comma or not _PREPOSITION.search(cut.piece) or bool(ACRONYM.search(cut.piece))
    return True


def _begins_with_body(text: str, own: OperatorTables) -> bool:
    """Whether the words up to the first preposition name the body: "Public Policy at the Example School" does not."""
    bare = without_article(without_acronym(text))
    first = _BEHIND_HEAD.split(bare, maxsplit=1)[0]
    return (
        first == bare
        or bool(known_donor(bare, own))
        or (
            read_name(first, own).kind != "person"
            and (
                any(is_body_word(word.strip(".").lower()) for word in first.split())
                or read_name(first, own).standing == STRONG
            )
        )
    )


def _is_part_of(piece: str, following: str, own: OperatorTables) -> bool:
    after = [word.strip(".") for word in following.lower().split()]
    if _words_of_parts().isdisjoint(after):
        return False
    last = [word.strip(".") for word in piece.rsplit(", ", 1)[-1].lower().split()]
    last = last[1:] if last[:1] == ["the"] else last
    parts, parents = words_of("organisations", "parts"), words_of("organisations", "parents")
    if after[:1] == ["the"] or known_donor(following, own):
        return False
    offices = words_of("organisations", "offices")
    if after and after[0] in offices and not (parents | offices).isdisjoint(last):
        return True
    if known_donor(piece, own):
        return False
    if after and after[-1] in {"collection", "collections"} and read_name(piece, own).kind == "organisation":
        return True
    heads = {last[0], last[-1]} if last else set()
    return (bool(heads & parts) and any(word in parents for word in after)) or (
        any(word.startswith(("univers", "colleg")) for word in last) and bool(after) and after[0] in parts
    )


@cache
def _words_of_parts() -> frozenset[str]:
    """Return words of which one stands in what follows a part, or is a part, of a body."""
    lists = (("organisations", "parts"), ("organisations", "parents"), ("organisations", "offices"))
    return words_of_all(*lists) | {"collection", "collections"}


def without_acronym(text: str) -> str:
    """Cut the short form in brackets out of a name."""
    return ACRONYM.sub("", text) if "(" in text else text


def without_article(text: str) -> str:
    """Cut a leading article; before somebody's role it stays: "the artist"."""
    text = text.strip(" ,")
    match = _ARTICLE.match(text)
    if match is None:
        return _ELISION.sub("", text, count=1) if _ELISION.match(text) else text
    after = text[match.end() :]
    first = after.split(" ", 1)[0].lower().replace("\u2019", "'").removesuffix("'s")
    role = first in words_of("persons", "roles") or first in words_of("persons", "kin")
    lone = match.group().strip().lower() in {"de", "o", "os", "as", "a"} and (text[0].isupper() or after[:1].islower())
    return text if role or lone else after


def without_means(text: str, own: OperatorTables, *, indefinite: bool = False) -> str:
    """Cut what was given from behind who gave it: "Example University fellowship", "NSF Graduate Fellowship".

    ``indefinite``: "a" or "an" stood before, so that a capital award is one of many, and no name's own word.
    """
    words = text.split()
    if len(words) < _FEW_WORDS:
        unspaced = None if text.isascii() else _MEANS_UNSPACED.search(text, 2)
        return text[: unspaced.start()] if unspaced else text
    if words[-1].lower().strip(".") not in words_of("joiners", "means_and_projects"):
        return text
    small = words[-1].islower()
    while len(words) > 1 and words[-1].islower():
        words.pop()
    bare = " ".join(words).removesuffix("'s") if small else text
    ends = range(len(words) - 1, 0, -1)
    known = next((start for end in ends if known_donor(start := " ".join(words[:end]), own)), None)
    return (known and known.rstrip(",")) or (_up_to_body(words) if indefinite and not small else None) or bare


def _up_to_body(words: list[str]) -> str | None:
    """Return a name up to its last word that bodies are called by, and what it is of: "Roe Institute of Physics"."""
    end = next((end for end in range(len(words) - 1, 1, -1) if is_body_word(words[end - 1].lower())), None)
    if end is None:
        return None
    return " ".join(words[: end + 2] if words[end] in {"of", "for"} else words[:end])

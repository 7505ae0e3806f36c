"""Whether a text stands as a party alone, and whether two such texts may be two parties."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.normalise.donor_tables import known_donor
from ingest.normalise.folding import fold
from ingest.normalise.party_names import PART, PLAIN, STRONG, Name, is_body_word, read_name, words_of
from ingest.operator_tables import OperatorTables

ACRONYM = re.compile(
    r"\s?\((?!(?:U\.?S\.?(?:A\.?)?|U\.?K\.?|EU|GB|England|Firm|Org)\))(?P<acronym>[A-ZÀ-Þ\u0410-\u042f](?=[\w&/+-]{0,14}[A-ZÀ-Þ\u0410-\u042f])[\w&/+-]{1,15}(?:[\s-][A-Z]{1,4})?)\)"
)
_PREPOSITION = re.compile(r"\s(?:of|for)\s")
_FEW_WORDS = 2
_ENDS_IN_ARTICLE = re.compile(
    r"\s(?:la|le|les|d[eiu]|del|dei|della|dalla?|der|die|das|des|dem|el|los|il|het|das?|dos?|au?)\s$"
)
_SUFFIX = re.compile(
    r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V|I\.P|Esq|M\.D|Ph\.?D|SpA|S\.p\.A|UK|USA)\b)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:the(?:\sthe)?|a|an|die|der|das|dem|den|des|la|le|les|el|los|las|il|lo|gli|het|o|os|as|de)\s(?=\S)",
    re.IGNORECASE,
)
_ELISION = re.compile(r"[lL]['\u2019](?=[^\W\d_])")
SHARED_SURNAME = re.compile(
    r"(?P<one>[^\W\d_][\w'-]+(?:\s[^\W\d_]\.)?)\s(?:and|&|und|et|y|e|en|och|og|\u0438)\s"
    r"(?P<two>[^\W\d_][\w'-]+(?:\s[^\W\d_]\.)?)\s(?P<surname>(?:(?:de|van|von|der|di|la)\s){0,3}[^\W\d_][\w'-]+(?:,?\s(?:Jr|Sr|II|III)\.?)?)"
)


def are_persons(shared: re.Match[str]) -> bool:
    """Whether two first names and a surname are two persons, and no firm or couple."""
    words = shared.group().lower().replace(".", "").split()
    titles = words_of("persons", "titles") | words_of("families")
    return (
        not any(is_body_word(word) or word in titles for word in words)
        and shared["one"][0].isupper()
        and shared["two"][0].isupper()
    )


@lru_cache(maxsize=4096)
def stands_alone(piece: str, own: OperatorTables) -> bool:
    """Whether a text reads as one whole party without its neighbours."""
    bare = without_article(ACRONYM.sub("", piece))
    name = read_name(bare, own)
    if name.kind == "organisation" and (_begins_small(bare) or not _first_segment_stands(bare, own)):
        return False
    if piece[:4] == "the " and len(bare.split()) > _FEW_WORDS and bare[:1].isupper():
        return True
    shared = SHARED_SURNAME.fullmatch(fold(piece).key)
    return name.standing > PART or bool(ACRONYM.search(piece)) or bool(shared and are_persons(shared))


def _begins_small(text: str) -> bool:
    return text[:1].islower() and text[:2].islower() and text.split(" ", 1)[0].islower()


def _first_segment_stands(text: str, own: OperatorTables) -> bool:
    """Whether what stands before the first comma is a name by itself, so that "Science, Example University" is none."""
    first, comma, rest = text.partition(", ")
    if not comma or known_donor(text, own) or _SUFFIX.match(f", {rest}"):
        return True
    return read_name(without_article(ACRONYM.sub("", first)), own).standing > PART


@dataclass(frozen=True, slots=True)
class _Cut:
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
    left, right = (read_name(without_article(ACRONYM.sub("", side)), own) for side in (piece, rest[0]))
    if re.search(r"[|+]", separator):
        return STRONG == left.standing == right.standing
    article = bool(_ARTICLE.match(rest[0]) or _ENDS_IN_ARTICLE.search(separator))
    joined = bool(re.search(r"\w|&", separator))
    cut = _Cut(piece, rest[0], left, right, article, joined, "," in separator)
    if not joined and _is_part_of(piece, rest[0], own):
        return False
    return not _halves_a_name(cut, own) and _may_follow(cut, own)


def _halves_a_name(cut: _Cut, own: OperatorTables) -> bool:
    """Whether a cut would part a body's name at an "and" within it."""
    plain = cut.left.standing == PLAIN and cut.right.kind == "organisation" and not cut.article
    if plain and not ACRONYM.search(cut.piece) and not known_donor(cut.following, own):
        return cut.joined or len(cut.piece.split()) <= _FEW_WORDS
    if not cut.joined or cut.article:
        return False
    if cut.right.standing == PART:
        return bool(_PREPOSITION.search(cut.piece))
    body = cut.right.kind == "organisation" and cut.right.standing == STRONG
    return body and not plain and not _begins_with_body(cut.following, own)


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
    bare = without_article(ACRONYM.sub("", text))
    first = re.split(r",\s|\s(?:of|for|at|in|from|to|on|de|du|des|del|di|da|do|für|der|van|voor)\s", bare, maxsplit=1)[
        0
    ]
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
    last = [word.lower().strip(".") for word in piece.rsplit(", ", 1)[-1].split()]
    last = last[1:] if last[:1] == ["the"] else last
    after = [word.lower().strip(".") for word in following.split()]
    parts, parents = words_of("organisations", "parts"), words_of("organisations", "parents")
    if known_donor(piece, own) or known_donor(following, own) or after[:1] == ["the"]:
        return False
    if after and after[-1] in {"collection", "collections"} and read_name(piece, own).kind == "organisation":
        return True
    heads = {last[0], last[-1]} if last else set()
    return (bool(heads & parts) and any(word in parents for word in after)) or (
        any(word.startswith(("univers", "colleg")) for word in last) and bool(after) and after[0] in parts
    )


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

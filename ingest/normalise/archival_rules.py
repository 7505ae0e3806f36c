"""Rules for archival values: a repository that the tables know, one that only its words give away, or none named."""

import re
from functools import cache, lru_cache

from ingest.normalise.archival import Reference, is_street, read_reference
from ingest.normalise.archives import (
    Found,
    find_repository,
    is_building,
    is_country,
    is_department,
    is_holding,
    tradition_of,
    with_place,
)
from ingest.normalise.folding import Folded
from ingest.normalise.publication_titles import imprint_of
from ingest.normalise.publications import is_periodical
from ingest.normalise.source_kinds import is_archives_of, is_named_collection
from ingest.normalise.source_pieces import ENDS, MARK, Piece, Reading, has_digit, part_of, piece
from ingest.normalise.source_words import Words, is_sentence, words
from ingest.normalise.vocabularies import table
from ingest.operator_tables import OperatorTables

# A stop ends a member unless it belongs to an abbreviation; a box may have a letter for its number.
_STOP = r"(?:(?<=[Bb]ox\s\w)|(?<=[Ff]older\s\w)|(?<!\b[^\W\d_])(?<!\b[^\W\d_]{2})(?<!\b[^\W\d_]{3}))\.\s(?=[^\W\d_a-z])"
_MEMBER = re.compile(rf"(?:^|[,;]\s|{_STOP}|\s-\s|:\s)(?P<words>[^,;]+?)(?=[,;]\s|{_STOP}|\s-\s|:\s|\s*$)")
_QUOTED = re.compile(r"^\W*[\"'].*[\"']\W*(?:\([^()]{1,60}\))?\W*$")
_BRACKETED = re.compile(r"^(?P<collection>[^()]{3,200}?)\s\((?P<repository>[^()]{3,120})\)$")
_LEVELS = (
    "fonds?", "fondo", "fundo", "opis", "box", "folder", "dosar", "karton", r"kart\.", "legajo", "busta", r"fasc\.",
    "caja", r"ф\.", "фонд", r"оп\.", "zespół", r"sygn\.", "location no", "negative no", "accession no", "call no",
    r"inv\.\s?č", "nachlass", "bestand",
)  # fmt: skip
# A sentence in small letters describes one thing ("Old ledger book"); a plural, or a collection, names many.
_DESCRIPTION = re.compile(r"\W*\w[\w-]*(?:\s[^\W\dA-Z_][\w-]*){0,5}(?<!s)(?<!collection)\W*")
_ANOTHER = re.compile(r";\s|,?\sand\s(?=[^\W\d_a-z])")
_PLACE = re.compile(r"\(?[^\W\d_a-z][\w.'()-]{1,24}(?:\s[^\W\d_a-z][\w.'()-]{1,24}){0,2}\)?")
_LONGEST_ACRONYM = 5
_LONGEST_SENTENCE = 12
"""Words of a sentence that may say no more than who keeps a thing."""


def read_known(value: Folded, own: OperatorTables) -> Reading | None:
    """Read a reference by the grammar of a repository that the tables know; alone it is a holder."""
    found = _archive_behind_portal(value, find_repository(value, own), own)
    if found is None or _publishes(value.key, found):
        return None
    if house := _written_out(value, found):
        found = house
    after = read_reference(value, found.end, _before_another(value, found.end, own), found.row.tradition)
    if value.key[: found.start].strip(ENDS).casefold() in {"", "the"}:
        return _known(found, after, (Piece(MARK, 0, found.start),))
    before = value.key[: found.start]
    if after.has("ref") or after.has("pages"):
        return _known(found, after, _title_or_collection(value, found.start, after))
    if is_periodical(before) and not is_named_collection(before.strip(ENDS)):
        return None
    return _known(
        found, _before(value, found.start, found.row.tradition), after.pieces if after.has("collection") else ()
    )


def _publishes(key: str, found: Found) -> bool:
    """Tell the publisher of a book, whose name stands between place and year, from the keeper of a document."""
    imprint = imprint_of(key) if found.start > 0 else None
    return imprint is not None and imprint[0] < found.start < imprint[1]


def _before_another(value: Folded, start: int, own: OperatorTables) -> int:
    """Return where a reference to another archive begins behind a semicolon or an "and", or the end."""
    stop = _ANOTHER.search(value.key, start) if "; " in value.key or " and " in value.key else None
    if stop is None:
        return len(value.key)
    behind = find_repository(part_of(value, stop.end()), own)
    return stop.start() if behind is not None and behind.start == 0 else len(value.key)


def _archive_behind_portal(value: Folded, found: Found | None, own: OperatorTables) -> Found | None:
    """Prefer the archive that keeps a document to the portal before it that only shows it."""
    if found is None or found.row.tradition != "general":
        return found
    start = found.end
    while start < len(value.key) and value.key[start] in ENDS:
        start += 1
    behind = find_repository(part_of(value, start), own)
    if behind is None or behind.start > 0 or behind.row.tradition == "general":
        return found
    return Found(start=start, end=start + behind.end, row=behind.row)


def _written_out(value: Folded, found: Found) -> Found | None:
    """Take in the full name before a short form in brackets."""
    before = value.key[: found.start]
    if not before.endswith("(") or not is_building(before) or has_digit(before):
        return None
    start = len(before) - len(before.lstrip(ENDS))
    end = found.end
    if value.key[end : end + 1] == ")":
        end = with_place(value, end + 1, found.row)
    return Found(start=start, end=end, row=found.row)


def _title_or_collection(value: Folded, end: int, after: Reference) -> tuple[Piece, ...]:
    """Read what stands before a repository whose reference stands behind it."""
    before = value.key[:end]
    if _QUOTED.match(before):
        return piece("title", value.text, 0, end)
    if is_named_collection(before.strip(ENDS)) and not after.has("collection"):
        return piece("collection", value.text, 0, end)
    return ()


def _before(value: Folded, end: int, tradition: str) -> Reference:
    """Read what stands before its repository: collection and reference, or words that are neither."""
    while end and value.key[end - 1] in ENDS and value.key[end - 1] not in ")]":
        end -= 1
    found = read_reference(value, 0, end, tradition)
    held = value.key[:end]
    if _DESCRIPTION.fullmatch(held):
        return Reference(pieces=(), details={})
    if found.has("ref") or found.has("pages") or is_named_collection(held.strip(ENDS)) or tradition == "american":
        return found
    return Reference(pieces=(), details={}) if len(held.split()) > 1 and not _QUOTED.match(held) else found


def _known(found: Found, reference: Reference, more: tuple[Piece, ...] = ()) -> Reading:
    row = found.row
    details = {
        "repository_name": row.name,
        "repository_id": row.id,
        "repository_place": _place(row.place),
        "isil": row.isil,
    }
    kind = "archival" if any(each.name != MARK for each in reference.pieces) else "holder"
    return Reading(
        type=kind,
        rule="own-table@2" if row.own else f"{kind}@3",
        confidence="exact" if row.own else "named",
        pieces=(Piece("repository", found.start, found.end), *reference.pieces, *more),
        details={**{name: held for name, held in details.items() if held}, **reference.details},
    )


def _place(place: str | None) -> str | None:
    return place.split("|")[0] if place else None


def read_described(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a repository that nobody has put into the table by the words for its house, in front or behind."""
    if not is_building(value.key) or is_archives_of(value.key) or _is_prose(value) or imprint_of(value.key):
        return None
    if bracketed := _BRACKETED.match(value.key):
        return _in_brackets(value, bracketed)
    members = list(_MEMBER.finditer(value.key))
    houses = [place for place, member in enumerate(members) if _is_house(member["words"])]
    if not houses or _is_title(value.key):
        return None
    first = houses[0]
    tradition = tradition_of(members[first]["words"])
    if first == 0:
        span = _span(members, 0)
        return inferred(span, read_reference(value, span[1], len(value.text), tradition))
    first = _first_of_house(members, first)
    span = _span(members, first)
    after = read_reference(value, span[1], len(value.text), tradition)
    if after.has("ref"):
        return inferred(span, after, _title_or_collection(value, span[0], after))
    behind = value.key[span[1] :].strip(ENDS)
    return inferred(
        span, _before(value, span[0], tradition), after.pieces if after.has("collection") and is_holding(behind) else ()
    )


def read_described_with_levels(value: Folded, own: OperatorTables) -> Reading | None:
    """Read a described repository before any printed source, where a level that only archives have stands behind it."""
    return read_described(value, own) if _level().search(value.key) and is_building(value.key) else None


def _is_prose(value: Folded) -> bool:
    """Tell a long sentence, which describes a thing: what house it tells of keeps nothing."""
    return value.key.count(" ") > _LONGEST_SENTENCE and is_sentence(value.low)


@lru_cache(maxsize=256)
def _is_house(words: str) -> bool:
    return is_building(words) and not is_named_collection(words.strip(" .")) and not has_digit(words)


def _is_title(key: str) -> bool:
    """Tell the name of a periodical that holds the word for a house: its own head stands behind that word."""
    bare = key.strip(" .;")
    return (
        is_periodical(bare)
        and ", " not in bare
        and "; " not in bare
        and not is_department(bare)
        and _behind_house(bare)
    )


def _behind_house(bare: str) -> bool:
    houses = list(_houses().finditer(bare))
    return not houses or is_periodical(bare[houses[-1].end() :]) or is_periodical(bare[: houses[0].start()])


def _first_of_house(members: list[re.Match[str]], first: int) -> int:
    """Go back to the department or university that stands before its house."""
    while first > 0 and (is_department(members[first - 1]["words"]) or _is_house(members[first - 1]["words"])):
        first -= 1
    return first


def _span(members: list[re.Match[str]], first: int) -> tuple[int, int]:
    last = members[_last_of_house(members, first)]
    return members[first].start("words"), last.start("words") + len(last["words"].rstrip(" ."))


def _last_of_house(members: list[re.Match[str]], first: int) -> int:
    last = first
    for place in range(first + 1, len(members)):
        words = members[place]["words"].strip(" .")
        named = _is_house(words) or is_country(words) or is_department(words) or _is_place(words)
        if not named or _is_kept(words) or is_street(words) or has_digit(words) or members[place].group()[0] in ":;":
            break
        last = place
    return last


def _is_kept(words: str) -> bool:
    """Tell what a house keeps from a department that is named after it: "Department of Special Collections"."""
    return is_holding(words) and not (is_department(words) and words.rstrip(" .").casefold().endswith("collections"))


def _is_place(words: str) -> bool:
    if words.isupper() and len(words.replace("-", "")) <= _LONGEST_ACRONYM:
        return False
    return _PLACE.fullmatch(words) is not None and not is_named_collection(words)


def inferred(span: tuple[int, int], reference: Reference, more: tuple[Piece, ...] = ()) -> Reading:
    """Make the reading of a repository that only its words give away."""
    kind = "archival" if any(each.name != MARK for each in reference.pieces) else "holder"
    pieces = (Piece("repository", span[0], span[1]), *reference.pieces, *more)
    return Reading(type=kind, rule=f"{kind}@3", confidence="inferred", pieces=pieces, details=reference.details)


def _in_brackets(value: Folded, match: re.Match[str]) -> Reading | None:
    if is_building(match["collection"]) or not _is_house(match["repository"]):
        return None
    pieces = (
        *piece("collection", value.text, *match.span("collection")),
        *piece("repository", value.text, *match.span("repository")),
    )
    return Reading(type="collection", rule="collection@3", confidence="inferred", pieces=pieces)


@cache
def _level() -> Words:
    return words(_LEVELS)


@cache
def _houses() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(table('archives')['words']['buildings'])})(?!\w)", re.IGNORECASE)

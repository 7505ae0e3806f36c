"""Sources: where the described thing stands, as ``dc:source`` says: archive, journal, book, identifier or holder."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict

from ingest.descriptions import Json, SourceStatement, Value
from ingest.normalise import identifiers
from ingest.normalise.archives import Archival, parse_archival
from ingest.normalise.folding import Folded, fold
from ingest.normalise.people import People, take_people
from ingest.normalise.publications import Printed, parse_book, parse_deposited, parse_journal, parse_title_and_pages
from ingest.operator_tables import NO_TABLES, OperatorTables

_LABEL = re.compile(r"^(?:\d{1,3}\s)?(?:source:\s){1,2}", re.IGNORECASE)
_COLLECTION = re.compile(r"[^;:]{3,120}\b(?:collection|papers|records|photographs|oral history)", re.IGNORECASE)
# A range of years alone is no reference.
_REFERENCE = re.compile(
    r"(?i:box|folder|carton|reel|photo|mss?|add ms|mss eur)\s(?=\D{0,20}\d)[^;]{1,80}|"
    r"(?!\d{4}-\d{4}$)(?=[^\d]{0,40}\d)[^\W_]{1,30}(?:[./_-][^\W_]{1,30}){1,8}"
)


def _identifier(value: Folded) -> SourceStatement | None:
    """Read a value that holds nothing but an ISSN, ISBN, DOI or web address."""
    if identifiers.without_identifiers(value.text):
        return None
    parts = _identifier_parts(value.text)
    kind = "url" if list(parts) == ["url"] else "identifier"
    return _statement(value, kind, "identifier@1", "exact", parts=parts) if parts else None


def _known_archive(value: Folded) -> SourceStatement | None:
    """Read an archival reference by the grammar of a repository that the tables know; alone it is a holder."""
    found = parse_archival(value)
    return _archival(value, found) if found is not None and found.known else None


def _inferred_archive(value: Folded) -> SourceStatement | None:
    """Read an archival reference whose repository only its words give away."""
    found = parse_archival(value)
    return None if found is None else _archival(value, found)


def _archival(value: Folded, found: Archival) -> SourceStatement:
    kind = "archival" if found.ref or found.pages or found.known else "holder"
    return SourceStatement(
        statement=value.original,
        type=kind,
        repository=found.repository,
        ref=found.ref,
        pages=found.pages,
        collection=found.collection,
        parts=_present(repository_name=found.repository_name, remainder=found.remainder),
        rule=f"source/{kind}@1",
        confidence="named" if found.known else "inferred",
    )


def _issue(value: Folded) -> SourceStatement | None:
    """Read an issue of a journal by volume and number: titles too may begin with "Archives of" or end in "Museum"."""
    return _printed(value, parse_deposited(value) or parse_journal(value))


def _book(value: Folded) -> SourceStatement | None:
    """Read a printed book."""
    return _printed(value, parse_book(value))


def _journal(value: Folded) -> SourceStatement | None:
    """Read a journal of which volume and number are missing."""
    return _printed(value, parse_title_and_pages(value))


def _collection(value: Folded) -> SourceStatement | None:
    """Read a value that is the name of a collection and nothing more."""
    bare = value.text.strip(" .")
    if not _COLLECTION.fullmatch(bare):
        return None
    return SourceStatement(
        statement=value.original, type="collection", collection=bare, rule="source/collection@1", confidence="inferred"
    )


def _reference(value: Folded) -> SourceStatement | None:
    """Read a reference that names no repository: a box and folder, a shelf mark, a file name."""
    bare = value.text.strip(" .")
    if not _REFERENCE.fullmatch(bare):
        return None
    return SourceStatement(
        statement=value.original, type="archival", ref=bare, rule="source/reference@1", confidence="inferred"
    )


RULES: tuple[Callable[[Folded], SourceStatement | None], ...] = (
    _identifier,
    _known_archive,
    _issue,
    _inferred_archive,
    _book,
    _journal,
    _collection,
    _reference,
)
"""The rules in the order they are asked; the first that knows the value answers."""


def normalise_sources(values: Sequence[Value], own: OperatorTables = NO_TABLES) -> tuple[SourceStatement, ...]:  # noqa: ARG001
    """Read every source statement by the first rule that knows it; what no rule knows is kept as remainder."""
    return tuple(_read(value.text) for value in values)


def _read(text: str) -> SourceStatement:
    folded = fold(text)
    if folded.too_long:
        return _unknown(text, "too-long@1", text)
    people = take_people(fold(_LABEL.sub("", folded.text)))
    rest = Folded(original=text, text=people.rest.text, key=people.rest.key)
    found = next((found for rule in RULES if (found := rule(rest))), None)
    if found is None:
        found = _unknown(
            text,
            "people@1" if people.translator or people.obtained_by else "none@1",
            rest.text if rest.text.strip(" .,;") else None,
        )
    return _with_people(found, people)


def _with_people(found: SourceStatement, people: People) -> SourceStatement:
    parts = {**found.parts, **_present(translator=list(people.translator), obtained_by=list(people.obtained_by))}
    return SourceStatement(**{**_fields(found), "parts": parts})


def _fields(found: SourceStatement) -> dict[str, Json]:
    return {name: getattr(found, name) for name in SourceStatement.__slots__}


def _printed(value: Folded, found: Printed | None) -> SourceStatement | None:
    if found is None:
        return None
    parts = {key: part for key, part in asdict(found).items() if key not in {"type", "pages"} and part}
    parts |= _identifier_parts(value.text)
    return _statement(value, found.type, f"{found.type}@1", "inferred", parts=parts, pages=found.pages)


def _identifier_parts(text: str) -> dict[str, Json]:
    return _present(
        issn=identifiers.issns(text), isbn=identifiers.isbns(text), doi=identifiers.doi(text), url=identifiers.url(text)
    )


def _unknown(text: str, rule: str, remainder: str | None) -> SourceStatement:
    confidence = "inferred" if rule.startswith("people") else "none"
    parts = _present(remainder=remainder)
    return SourceStatement(statement=text, type="unknown", parts=parts, rule=f"source/{rule}", confidence=confidence)


def _statement(
    value: Folded, kind: str, rule: str, confidence: str, *, parts: dict[str, Json], pages: str | None = None
) -> SourceStatement:
    return SourceStatement(
        statement=value.original, type=kind, pages=pages, parts=parts, rule=f"source/{rule}", confidence=confidence
    )


def _present(**parts: Json) -> dict[str, Json]:
    return {key: part for key, part in parts.items() if part}

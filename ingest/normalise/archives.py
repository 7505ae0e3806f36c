"""Archival references: the repository is found first, and its tradition picks the grammar of the rest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest.normalise.folding import Folded, fold
from ingest.normalise.vocabularies import table

_PAGES_STAND_WITHIN = 160
"""Characters at the end of a reference in which its pages are looked for."""
# A short form ends where a stop, a number, a bracket or a level's mark follows; before another word the name goes on.
_FORM_ENDS = r"(?=\s*$|\s?[,.;:(]|\s\d|\s[^\W\d_]{1,6}\.\s?[^\W_]|\s(?:fond|opis)\b)"
_HOLDINGS = re.compile(
    r"\b(?:(?<!special )collections?|papers|records|files?|fonds?|series|albums?)\s*$|\d", re.IGNORECASE
)
_LEVEL_MARKED = re.compile(
    r"(?P<form>[^\W\d_a-z][\w. -]{1,24}?)[,.]?\s(?=(?:[fFфФ]\.\s?|[Ff]ond\s|[Фф]онд\s)[^\W_a-z])"
)
_AMERICAN_REFERENCE = re.compile(
    r"(?i:lot|box|folder|entry|item|carton|roll|national archives identifier)\b|"
    r"(?!RG\b|SA\b)[A-Z]{2,5}\s(?:\d|[A-Z]{3})|\d{3}(?:\.\w|/)"
)
_MARKING = re.compile(
    r"\.\s(?=(?:top secret|secret|confidential|limited official use|official use|unclassified|no classification|"
    r"restricted)\b)",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\.\s(?=(?:the|this|see|it|also|a copy|cited|reprinted|copy)\s)", re.IGNORECASE)
_ENDS = " ,.;:()\uff0c\uff1a\u3002"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archival:
    """An archival reference, parsed."""

    repository: str
    repository_name: str | None
    known: bool
    """Whether the repository stands in the table of archives."""
    collection: str | None = None
    ref: str | None = None
    pages: str | None = None
    remainder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    written: str
    rest: str
    name: str | None = None
    tradition: str = "general"
    known: bool = False


def parse_archival(value: Folded) -> Archival | None:
    """Read an archival reference, or return None where no repository is named."""
    repository = _known_in_front(value) or _known_behind(value) or _described(value) or _marked(value)
    if repository is None:
        return None
    rest, remarks = _without_remarks(repository)
    ref, pages = _reference_and_pages(rest, repository.tradition)
    collection, ref = _collection(ref, repository.tradition)
    return Archival(
        repository=repository.written,
        repository_name=repository.name,
        known=repository.known,
        collection=collection or None,
        ref=ref or None,
        pages=pages,
        remainder=remarks or None,
    )


def _known_in_front(value: Folded) -> _Repository | None:
    match = _forms().match(value.key.lstrip("( "))
    if match is None:
        return None
    offset = len(value.key) - len(value.key.lstrip("( "))
    start, end = (place + offset for place in match.span("form"))
    return _known(value.text[start:end], value.text[end:])


def _known_behind(value: Folded) -> _Repository | None:
    """Find an archive named after the reference, as references in quotes have it."""
    bare = value.text.rstrip(" .,;")
    key = value.key[: len(bare)]
    form = next((form for form in _archives() if key.casefold().endswith(form)), None)
    if form is None or not re.search(r"[,.\"]\s$", key[: -len(form)]):
        return None
    return _known(bare[-len(form) :], bare[: -len(form)].strip(' ,.;"\u201c\u201d'))


def _known(written: str, rest: str) -> _Repository:
    row = _archives()[_form_key(written)]
    return _Repository(written=written, rest=rest, name=row.get("name"), tradition=row["tradition"], known=True)


def _described(value: Folded) -> _Repository | None:
    """Take the leading parts that describe a building and its place, up to its holdings."""
    parts = re.split(r",\s|;\s", value.text)
    if not _buildings().search(fold(parts[0]).key) or _HOLDINGS.search(parts[0]):
        return None
    count = next((index for index, part in enumerate(parts) if _HOLDINGS.search(part) or '"' in part), len(parts))
    written = value.text[: sum(len(part) + 2 for part in parts[:count]) - 2]
    return _Repository(written=written.strip(" .,;"), rest=value.text[len(written) :])


def _marked(value: Folded) -> _Repository | None:
    """Take a short form that nobody knows, where a fond follows it."""
    match = _LEVEL_MARKED.match(value.key)
    if match is None:
        return None
    return _Repository(
        written=value.text[slice(*match.span("form"))], rest=value.text[match.end() :], tradition="russian"
    )


def _without_remarks(repository: _Repository) -> tuple[str, str]:
    marking = _MARKING if repository.tradition == "american" else _REMARK
    rest, *remarks = marking.split(repository.rest, maxsplit=1)
    return rest, remarks[0] if remarks else ""


def _reference_and_pages(text: str, tradition: str) -> tuple[str, str | None]:
    rest = fold(_labels().sub("", text.strip(_ENDS)).strip(_ENDS))
    start = max(_end_of_reference(rest.key, tradition), len(rest.key) - _PAGES_STAND_WITHIN)
    match = _pages(tradition).search(rest.key, start)
    if match is None:
        return rest.text.strip(_ENDS), None
    group = next(name for name, found in match.groupdict().items() if found)
    pages = re.sub(r"\s*([-\u2010-\u2015])\s*", r"\1", rest.text[slice(*match.span(group))])
    return rest.text[: match.start()].strip(_ENDS), pages.strip(_ENDS)


def _end_of_reference(key: str, tradition: str) -> int:
    """Return where a reference of the tradition's own shape ends: no number inside it is a page."""
    match = re.match(table("archives")["traditions"][tradition].get("reference", ""), key)
    return match.end() if match else 0


def _collection(ref: str, tradition: str) -> tuple[str, str]:
    """Tell era or record group from box, lot and file in an American reference."""
    if tradition != "american":
        return "", ref
    parts = re.split(r"(?:,|\.|:)\s", ref)
    first = next((place for place, part in enumerate(parts) if _AMERICAN_REFERENCE.match(part)), len(parts))
    at = ref.find(parts[first]) if first < len(parts) else len(ref)
    return ref[:at].strip(_ENDS), ref[at:].strip(_ENDS)


@cache
def _pages(tradition: str) -> re.Pattern[str]:
    grammar: Mapping[str, Any] = table("archives")["traditions"][tradition]
    before = "|".join(grammar["marks"])
    number = rf"\d{{1,5}}(?:\s?(?:{'|'.join(table('archives')['words']['verso'])})\b\.?)?"
    numbers = rf"{number}(?:\s?[-,]\s?(?:{before})?\s?{number})*"
    forms = [rf"(?:^|[\s,.;])(?:{before})\s?(?P<marked>{numbers})"]
    if behind := "|".join(grammar.get("marks_behind", ())):
        forms = [rf"(?:^|[\s,.;])(?:第\s?)?(?P<behind>{numbers})(?:{behind})", *forms]
    if "reference" in grammar:
        forms.append(rf"(?<=[\w]),\s?(?P<bare>{numbers})")
    return re.compile(rf"(?:{'|'.join(forms)})[\s.)]*$", re.IGNORECASE)


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(table('archives')['words']['labels'])})")


@cache
def _buildings() -> re.Pattern[str]:
    return re.compile("|".join(table("archives")["words"]["buildings"]), re.IGNORECASE)


@cache
def _archives() -> Mapping[str, Mapping[str, Any]]:
    """Return the table's rows by each form, longest first."""
    rows: Sequence[Mapping[str, Any]] = table("archives")["archive"]
    found = {
        _form_key(form): row for row in rows for form in [*row["forms"], *([row["name"]] if "name" in row else [])]
    }
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


@cache
def _forms() -> re.Pattern[str]:
    spelt = "|".join(re.escape(form) for form in _archives())
    return re.compile(rf"(?P<form>(?:{spelt})(?:\s\([^()]{{1,60}}\))?){_FORM_ENDS}", re.IGNORECASE)


def _form_key(written: str) -> str:
    return re.sub(r"\s\([^()]{1,60}\)$", "", fold(written).key).casefold()

"""The table of repositories: the bundled one and the operator's, found by the first words of their forms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from ingest.normalise.folding import fold
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import rows
from ingest.operator_tables import OperatorTables, RepositoryRow

# Scripts without blanks are told apart by their first two characters, all others by their first word.
WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]{2}|[^\W\d_\u3040-\u9fff\uac00-\ud7af]+")
_UNPARTED = late(r"[\u3040-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Repository:
    """A row of the table of repositories; without a name it is a form that many share, and only picks the grammar."""

    id: str | None
    name: str | None
    place: str | None
    isil: str | None
    tradition: str
    own: bool = False
    """Whether the operator's table has it."""


@cache
def bundled_repositories() -> tuple[tuple[Repository, tuple[str, ...]], ...]:
    """Read the bundled table: each repository with the forms that references use."""
    return tuple(map(_bundled, rows("repositories")))


def _bundled(row: Mapping[str, str]) -> tuple[Repository, tuple[str, ...]]:
    found = Repository(
        row["id"] or None, row["name"] or None, row["place"] or None, row["isil"] or None, row["tradition"]
    )
    written = [row["forms"], row["other_names"], row["name"]]
    forms = (form.strip() for cell in written for form in (cell or "").split("|"))
    return found, tuple(dict.fromkeys(form for form in forms if form))


def _own(row: RepositoryRow) -> tuple[Repository, tuple[str, ...]]:
    names = (row.name,) if row.name else ()
    return Repository(None, row.name, row.place, row.isil, row.tradition, own=True), (*row.forms, *names)


class Form(NamedTuple):
    """A form that a repository is named by."""

    before: str
    """What stands in it before its first word: a bracket, a quote."""
    exact: str | None
    """How it is written, where its case counts."""
    row: Repository


class Forms(NamedTuple):
    """Forms that begin alike, by what they are from their first word on, in small letters."""

    lengths: tuple[int, ...]
    """How long they are, longest first."""
    by_text: Mapping[str, Form]


NO_FORMS = Forms((), {})


class Begun:
    """Forms that begin with one word, told apart when a text has it for the first time: most words never come."""

    def __init__(self, written: Sequence[tuple[re.Match[str], str, Repository]]) -> None:
        """Keep forms: where their first word stands in small letters, how they are written, and whose they are."""
        self._written = written

    @cached_property
    def by_second(self) -> Mapping[str, Forms]:
        """The forms by their second word, with what parts it from the first; by nothing those that have but one."""
        found: dict[str, dict[str, Form]] = {}
        for word, form, row in self._written:
            low = word.string
            # What is written in capitals only is looked for as written: NA is an archive, na a word.
            exact = form == form.upper() and not row.own and form != form.lower()
            entry = Form(low[: word.start()], form[word.start() :] if exact else None, row)
            found.setdefault(_second_word(low, word), {}).setdefault(low[word.start() :], entry)
        return {second: _forms(held) for second, held in found.items()}


@lru_cache(maxsize=8)
def forms_by_words(own: OperatorTables) -> Mapping[str, Begun]:
    """Return the forms by their first word; an operator's wins over a bundled."""
    forms: dict[str, tuple[str, Repository]] = {}
    for row, written in (*map(_own, own.repositories), *bundled_repositories()):
        for form in written:
            folded = fold(form)
            forms.setdefault(folded.low, (folded.key, row))
    begun: dict[str, list[tuple[re.Match[str], str, Repository]]] = {}
    for low, (form, row) in forms.items():
        if word := WORD.search(low):
            begun.setdefault(word.group(), []).append((word, form, row))
    return {first: Begun(written) for first, written in begun.items()}


def _forms(held: Mapping[str, Form]) -> Forms:
    return Forms(tuple(sorted({len(form) for form in held}, reverse=True)), held)


def _second_word(form: str, word: re.Match[str]) -> str:
    """Return the second word of a form with what parts it from the first; nothing where it has but one.

    Where blanks part no words, a form may end within what looks like one: its first characters alone find it.
    """
    second = WORD.search(form, word.end())
    if second is None or not (word.group() + second.group()).isalpha():
        return ""
    if not form.isascii() and _UNPARTED.search(form):
        return ""
    return form[word.end() : second.end()]

"""A format written as a table of its elements, and the one walk down the tree along the names that the table knows.

What a table does not name is passed over with all that it holds: a record costs what its description costs, however
many components, variables or pages of text stand beside it.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from lxml.etree import _Element

from ingest.crosswalk.elements import folded, language_of, local_name, text_of
from ingest.descriptions import Description, Value

Found: TypeAlias = Iterator[tuple[str, Value]]
"""Values with the names of their fields, in document order."""
Reader: TypeAlias = Callable[[_Element], Found]
Table: TypeAlias = Mapping[str, "str | Reader | Table"]
"""Names of child elements: the field of each, its role behind a blank; what reads it; or the table of its children."""


def rows(field: str, names: str) -> dict[str, str]:
    """Give the rows of elements whose own name is the role of what they say."""
    return {name: f"{field} {name}" for name in names.split()}


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """Read one data file of words that a format uses, such as ``lido_events``."""
    return tomllib.loads(resources.files(__package__).joinpath("vocabularies", f"{name}.toml").read_text("utf-8"))


def description_of(found: Iterable[tuple[str, Value]]) -> Description:
    """Sort what was found by field."""
    fields: dict[str, list[Value]] = {}
    for field, value in found:
        fields.setdefault(field, []).append(value)
    return Description(**{field: tuple(values) for field, values in fields.items()})


def _text(element: _Element) -> str:
    return folded(text_of(element))


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How one format marks up what it says."""

    prefix: str
    """What stands before the names of its elements where a catalogue person writes them."""
    text: Callable[[_Element], str] = _text
    language: Callable[[_Element], str | None] = language_of
    name: Callable[[_Element], str] = local_name
    """The name under which an element stands in the tables."""

    def found(
        self,
        field: str,
        element: _Element,
        text: str | None = None,
        *,
        role: str | None = None,
        parts: Iterable[tuple[str, str | None]] = (),
        name: str | None = None,
    ) -> Found:
        """Give one value: ``text``, or what the element says; nothing where that is empty. Parts without text go."""
        said = self.text(element) if text is None else text.strip()
        if said:
            yield (
                field,
                Value(
                    text=said,
                    lang=self.language(element),
                    element=f"{self.prefix}:{name or local_name(element)}",
                    role=role.strip() or None if role else None,
                    parts=tuple((key, part) for key, part in parts if part),
                ),
            )

    def walk(self, element: _Element, table: Table) -> Found:
        """Read the children of ``element`` that the table names, and theirs."""
        waiting = [(element.iterchildren("*"), table)]
        while waiting:
            children, names = waiting[-1]
            child = next(children, None)
            if child is None:
                waiting.pop()
                continue
            place = names.get(self.name(child))
            if isinstance(place, Mapping):
                waiting.append((child.iterchildren("*"), place))
            elif isinstance(place, str):
                field, _, role = place.partition(" ")
                yield from self.found(field, child, role=role)
            elif place is not None:
                yield from place(child)

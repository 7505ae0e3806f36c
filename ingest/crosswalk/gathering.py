"""What a crosswalk has found so far: values by field, in the order in which they were found."""

from collections import defaultdict
from collections.abc import Iterable

from ingest.descriptions import Description, Value

Parts = tuple[tuple[str, str], ...]
"""The parts of one value, by the names that ``ingest.descriptions.Value`` gives."""


class Gathering:
    """The values of one record while it is read; made into a description at the end."""

    __slots__ = ("_fields",)

    def __init__(self) -> None:
        """Begin with nothing."""
        self._fields: defaultdict[str, list[Value]] = defaultdict(list)

    def __len__(self) -> int:
        """Count the values."""
        return sum(map(len, self._fields.values()))

    def add(
        self,
        field: str,
        text: str,
        element: str,
        *,
        lang: str | None = None,
        role: str | None = None,
        parts: Parts = (),
    ) -> None:
        """Add a value, blanks at its ends taken off; one without text is left out, and an empty role is none."""
        if text := text.strip():
            said = role.strip() if role else None
            self._fields[field].append(Value(text, lang, element, said or None, parts))

    def extend(self, field: str, values: Iterable[Value]) -> None:
        """Add values that are ready."""
        self._fields[field].extend(values)

    def take(self, field: str) -> list[Value]:
        """Take all values of a field out again."""
        return self._fields.pop(field, [])

    def description(self) -> Description:
        """Give all that was found."""
        return Description(**{field: tuple(values) for field, values in self._fields.items()})

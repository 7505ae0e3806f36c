"""Numbers of grants that a flat format keeps apart from the names of those who gave the grants."""

from collections.abc import Sequence

from ingest.descriptions import Value


def with_awards(donors: Sequence[Value], awards: Sequence[tuple[str, Value]]) -> tuple[list[Value], list[Value]]:
    """Give the donors with their awards as parts, and the awards of which no one can tell whose they are.

    ``awards`` are pairs of a part's name and a value. One donor has all of them; several have one each, in order,
    where there are as many of a kind as there are donors.
    """
    parts: list[list[tuple[str, str]]] = [list(donor.parts) for donor in donors]
    left: list[Value] = []
    for name in dict.fromkeys(name for name, _ in awards):
        values = [value for kind, value in awards if kind == name]
        if len(donors) == 1:
            parts[0] += [(name, value.text) for value in values]
        elif len(values) == len(donors):
            for of_donor, value in zip(parts, values, strict=True):
                of_donor.append((name, value.text))
        else:
            left += values
    return [donor._replace(parts=tuple(own)) for donor, own in zip(donors, parts, strict=True)], left

"""The languages of described values: left out of what a record keeps where a value has none, which is nearly always.

JSON is written with sorted keys and without blanks, so that ``{"value":`` begins each value that was shortened and
nothing else: of what a value tells ``value`` sorts last, and in a text its quote would be escaped. Rows from before are
read as they are.
"""

from typing import Any

from sqlalchemy import ColumnElement, func

WHOLE = '{"lang":null,"value":'
"""How a value without a language begins, as catalogues read it."""
KEPT = '{"value":'
"""How it begins in a record's row."""


def shortened(metadata: str) -> str:
    """Give a record's metadata as its row keeps it."""
    return metadata.replace(WHOLE, KEPT)


def whole(metadata: ColumnElement[Any]) -> ColumnElement[str]:
    """Read metadata from a record's row as catalogues read it; the view does the same."""
    return func.replace(metadata, KEPT, WHOLE)

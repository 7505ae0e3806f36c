"""Patterns that few values are asked for are made when the first one is.

The rules have some four hundred patterns, of which a harvest asks for half, and to make one takes Python as long as to
search with it a thousand times. What many values are asked for, and what is short, is compiled at once by ``re``: a
late pattern takes a little longer to ask.
"""

import re
from functools import cached_property
from typing import Any, cast


def late(written: str, flags: int = 0) -> re.Pattern[str]:
    """Return what is used as the pattern that ``re.compile`` makes, and makes it when it is first used."""
    return cast("re.Pattern[str]", _Late(written, flags))


class _Late:
    """A pattern to be: whatever is asked of it is asked of the pattern, and remembered."""

    def __init__(self, written: str, flags: int) -> None:
        self._written, self._flags = written, flags

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return re.compile(self._written, self._flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._made, name)
        setattr(self, name, found)
        return found

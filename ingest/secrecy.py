"""Secrets in texts that others have written: what hides them."""

import re
from collections.abc import Callable, Iterable

_SHORT = 6
"""Characters below which a secret is hidden only where it stands alone: else ``oai`` would hide half of every line."""


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return what writes ``***`` in the place of each of the secrets."""
    # The longest first: one secret may be the beginning of another.
    patterns = [_pattern(each) for each in sorted({each for each in secrets if each}, key=len, reverse=True)]
    if not patterns:
        return str
    secret = re.compile("|".join(patterns))
    return lambda text: secret.sub("***", text)


def _pattern(secret: str) -> str:
    return re.escape(secret) if len(secret) >= _SHORT else rf"(?<!\w){re.escape(secret)}(?!\w)"

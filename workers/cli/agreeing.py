"""Whether a person agrees to what was shown: what can not be taken back is done for nobody who was not asked."""

import sys

import typer


def agreed(question: str, *, yes: bool, as_json: bool) -> bool:
    """Tell whether to go on: by ``--yes``, or by the answer of a person at a terminal; nobody there is no agreement."""
    if yes:
        return True
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return typer.confirm(question, err=True)

"""How seldom a process that describes records looks for garbage."""

import gc

_MADE_BETWEEN, _OLDER_BETWEEN = 10_000, 10


def look_seldom() -> None:
    """Look for garbage once in ten thousand new objects, and never among those that are loaded by now.

    The values of a page are many, live until it is written, and do not hold each other, so that they go by themselves.
    Looking through them once in seven hundred, as Python does, took a tenth to a third of a harvest.
    """
    gc.freeze()
    gc.set_threshold(_MADE_BETWEEN, _OLDER_BETWEEN, _OLDER_BETWEEN)

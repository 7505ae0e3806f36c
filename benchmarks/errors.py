"""Why a figure does not count."""


class Wrong(Exception):
    """What was measured is not what was to be measured; the text says in one line how."""

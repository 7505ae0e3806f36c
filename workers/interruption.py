"""The word by which a wait says that it was cut short."""


class Interrupted(Exception):
    """A wait was cut short because a stop was asked for: the request that it stood before must not be made."""

"""How many answers each reader of values remembers."""

REMEMBERED = 1024
"""Enough for what a repository says again and again; what it says once fills the memory of a process no further."""

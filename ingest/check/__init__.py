"""A check: a repository is asked, in about twenty requests, what a harvest needs to know of it."""

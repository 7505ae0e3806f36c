"""Persons who share a surname that stands but once: two first names, several, or initials."""

import re

from ingest.normalise.party_words import given_names, is_body_word, words_of_all

SHARED_SURNAME = re.compile(
    r"(?P<one>[^\W\d_][\w'-]+(?:\s[^\W\d_]\.)?)\s(?:and|&|und|et|y|e|en|och|og|\u0438)\s"
    r"(?P<two>[^\W\d_][\w'-]+(?:\s(?:[^\W\d_]\.|(?!de\s|van\s|von\s|der\s|di\s|la\s)[^\W\d_][\w'-]+))?)\s(?P<surname>(?:(?:de|van|von|der|di|la)\s){0,3}[^\W\d_][\w'-]+(?:,?\s(?:Jr|Sr|II|III)\.?)?)"
)
_LISTED_FIRST_NAMES = re.compile(
    r"(?P<firsts>[^\W\d_][\w'-]+(?:,\s[^\W\d_][\w'-]+){1,6}),?\s(?:and|&|und|et|y|e|en|och|og|\u0438)\s"
    r"(?P<last>[^\W\d_][\w'-]+)\s(?P<surname>[^\W\d_][\w'-]+)"
)
"""First names that share a surname: "Ann, Robert and Mary Roe"."""
_SHARED_BY_INITIALS = re.compile(
    r"(?P<one>(?:[A-Z]\.\s?){1,4})\s?(?:and|&|und|et|y|e|en|och|og)\s(?P<two>(?:[A-Z]\.\s?){1,4})"
    r"(?P<surname>[^\W\d_][\w'-]+)"
)
"""The same with initials: "A. B. and C. Roe"."""


def sharing_a_surname(key: str) -> list[str]:
    """Return the names of persons who share a surname, each with it; none where the text is anything else."""
    initials = _SHARED_BY_INITIALS.fullmatch(key) if "." in key else None
    if initials:
        return [f"{initials[first].strip()} {initials['surname']}" for first in ("one", "two")]
    two = SHARED_SURNAME.fullmatch(key)
    if two and are_persons(two):
        return [f"{two[first]} {two['surname']}" for first in ("one", "two")]
    listed = _LISTED_FIRST_NAMES.fullmatch(key) if "," in key else None
    firsts = [*listed["firsts"].split(", "), listed["last"]] if listed else []
    given = listed and all(first.lower() in given_names() for first in firsts)
    return [f"{first} {listed['surname']}" for first in firsts] if listed and given else []


def are_persons(shared: re.Match[str]) -> bool:
    """Whether two first names and a surname are two persons, and no firm or couple."""
    words = shared.group().lower().replace(".", "").split()
    titles = words_of_all(("persons", "titles"), ("families", "words"))
    firsts = {shared[one].split()[0].lower() for one in ("one", "two")}
    if len(shared["two"].split()) > 1 and "." not in shared["two"] and not firsts <= given_names():
        return False
    return (
        not any(is_body_word(word) or word in titles for word in words)
        and shared["one"][0].isupper()
        and shared["two"][0].isupper()
    )

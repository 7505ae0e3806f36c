"""Names out of vCards (RFC 2426, RFC 6350), which Learning Object Metadata writes where it names somebody."""

import re
from collections.abc import Iterator

from ingest.crosswalk.elements import folded

_PROPERTIES = (
    "BEGIN|END|VERSION|FN|N|ORG|NICKNAME|EMAIL|URL|UID|TEL|ADR|LABEL|TITLE|ROLE|NOTE|BDAY|REV|PRODID|SOURCE|NAME|PHOTO|"
    "LOGO|KEY|GEO|TZ|LANG|CATEGORIES|MAILER|SORT-STRING|KIND|X-[A-Z-]{1,40}"
)
# Repositories fold the lines of a card into one, or indent them: a property begins wherever its name stands alone.
_PROPERTY = re.compile(rf"(?:^|\s)(?:[\w-]{{1,20}}\.)?({_PROPERTIES})(?:;[^:\s]{{1,100}})?:", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_LONGEST = 20_000
"""Characters of a card that are read; pictures in it are longer."""


def party_of(text: str) -> tuple[str, str]:
    """Give the name and the address of whoever a card is of; a text that is no card is the name itself.

    The name is the formatted one, else surname and forename, else the organisation.
    """
    properties = dict(reversed(list(_properties(text[:_LONGEST]))))
    if not properties:
        return folded(text), ""
    names = (_plain(properties.get("FN", "")), _inverted(properties.get("N", "")), _body(properties.get("ORG", "")))
    return next(filter(None, names), ""), _plain(properties.get("URL", "")) or _plain(properties.get("UID", ""))


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """Give name and value of each property, as written."""
    found = list(_PROPERTY.finditer(text))
    ends = [match.start() for match in found] + [len(text)]
    for match, end in zip(found, ends[1:], strict=True):
        yield match[1].upper(), folded(text[match.end() : end])


def _plain(value: str) -> str:
    return folded(_ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], value))


def _components(value: str) -> list[str]:
    """Split a value at its semicolons; escaped ones are part of what is written."""
    return [_plain(component) for component in re.split(r"(?<!\\);", value)]


def _inverted(value: str) -> str:
    return ", ".join(filter(None, _components(value)[:2]))


def _body(value: str) -> str:
    return ", ".join(filter(None, _components(value)))

"""Where a thing was published, when a format keeps title, volume, issue and pages of its container apart."""

import re
from collections.abc import Iterable

from ingest.crosswalk.gathering import Parts

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


def year_in(date: str) -> str:
    """Give the first four digits that stand alone, or an empty text."""
    found = _YEAR.search(date)
    return found[0] if found else ""


def joined(found: Iterable[tuple[str, str]]) -> Parts:
    """Give the parts in their order, without empty ones, first and last page as one range ``pages``."""
    kept = [(name, text) for name, text in found if text]
    first, last = (next((text for name, text in kept if name == end), "") for end in ("first_page", "last_page"))
    pages = f"{first}-{last}" if first and last and first != last else first or last
    others = [(name, text) for name, text in kept if name not in ("first_page", "last_page")]
    return (*others, ("pages", pages)) if pages else tuple(others)


def words(parts: Parts) -> str:
    """Write the parts as people read them, ``Title, 5(2), 10-20, 2021``; of other parts alone, the first."""
    of = dict(reversed(parts))
    volume, issue = of.get("volume", ""), of.get("issue", "")
    number = f"{volume}({issue})" if issue else volume
    conference = [of.get("conference", ""), of.get("conference_place", ""), of.get("conference_date", "")]
    written = [of.get("container_title", ""), of.get("edition", ""), number, of.get("pages", ""), *conference]
    text = ", ".join(filter(None, [*written, of.get("year", "")]))
    return text or next((text for _, text in parts), "")

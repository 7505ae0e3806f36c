"""arXiv's own formats: ``arXiv``, with a name for each author, and ``arXivRaw``, with every version of the paper."""

import re

from lxml.etree import _Element

from ingest.crosswalk.elements import folded
from ingest.crosswalk.markup import Found, Markup, Table, description_of
from ingest.descriptions import Description

NAMES = (
    ("http://arxiv.org/OAI/arXiv/", "arXiv"),
    ("http://arxiv.org/OAI/arXivOld/", "arXivOld"),
    # Harvesters that store the record without its namespace leave it in the protocol's, or in none.
    ("http://www.openarchives.org/OAI/2.0/", "arXiv"),
    ("", "arXiv"),
)
"""Namespace and name of the root element."""
RAW_NAMES = (
    ("http://arxiv.org/OAI/arXivRaw/", "arXivRaw"),
    ("http://www.openarchives.org/OAI/2.0/", "arXivRaw"),
    ("", "arXivRaw"),
)
"""Namespace and name of the root element of ``arXivRaw``."""

_ARXIV = Markup(prefix="arXiv")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MAIL_DATE = re.compile(r"\b(?P<day>[0-3]?[0-9]) (?P<month>[A-Z][a-z]{2}) (?P<year>[12][0-9]{3})\b")
_BETWEEN_AUTHORS = re.compile(r", and |, | and ")


def read(root: _Element) -> Description:
    """Read a paper. What its comments say of funding stays there, among the descriptions."""
    return description_of(_ARXIV.walk(root, _TABLE))


def _author(element: _Element) -> Found:
    """Read an author: surname, forenames and what stands behind the name, as one heading."""
    parts = [folded(element.findtext(f"{{*}}{name}") or "") for name in ("keyname", "forenames", "suffix")]
    return _ARXIV.found("creators", element, ", ".join(filter(None, parts)))


def _authors(element: _Element) -> Found:
    """Read the authors; those of ``arXivRaw`` are one text with commas between the names, affiliations in brackets."""
    text = _ARXIV.text(element)
    if len(element):
        yield from _ARXIV.walk(element, {"author": _author})
    elif "(" in text:
        # Commas and "and" stand inside affiliations too: where a name ends can not be told.
        yield from _ARXIV.found("creators", element)
    else:
        for name in _BETWEEN_AUTHORS.split(text):
            yield from _ARXIV.found("creators", element, name)


def _categories(element: _Element) -> Found:
    """Read the categories, with blanks between them."""
    for category in _ARXIV.text(element).split():
        yield from _ARXIV.found("subjects", element, category)


def _version(element: _Element) -> Found:
    """Read when a version was sent: the first made the paper, the later ones changed it."""
    first = element.get("version", "v1").strip().lower() == "v1"
    for day in element.iterchildren("{*}date"):
        normal = [("normal", _day(_ARXIV.text(day)))]
        yield from _ARXIV.found("dates", day, role="created" if first else "modified", parts=normal)


def _day(text: str) -> str:
    """Write the day of a mail's date (RFC 5322) by the standard's calendar: ``Fri, 1 Feb 2019``, ``2019-02-01``."""
    match = _MAIL_DATE.search(text)
    if match is None or match["month"] not in _MONTHS:
        return ""
    return f"{match['year']}-{_MONTHS.index(match['month']) + 1:02}-{int(match['day']):02}"


_TABLE: Table = {
    "id": "identifiers arXiv",
    "doi": "identifiers doi",
    "report-no": "identifiers report-no",
    "title": "titles",
    "authors": _authors,
    "submitter": "contributors submitter",
    "categories": _categories,
    "msc-class": "subjects msc-class",
    "acm-class": "subjects acm-class",
    "abstract": "descriptions abstract",
    "comments": "descriptions comments",
    "created": "dates created",
    "updated": "dates modified",
    "version": _version,
    "journal-ref": "sources journal-ref",
    "license": "rights license",
    "proxy": "contributors proxy",
}

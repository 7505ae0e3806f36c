"""Publishers and dates in a MODS record."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name, words_of
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.mods_names import heading
from ingest.crosswalk.mods_titles import lang_of

_ROLES = MappingProxyType(
    {
        "dateIssued": "issued",
        "dateCreated": "created",
        "dateCaptured": "captured",
        "dateValid": "valid",
        "dateModified": "modified",
        "copyrightDate": "copyrighted",
        "dateOther": "other",
        "displayDate": "displayDate",
    }
)
_EVENTS = MappingProxyType(
    {
        "digitization": "captured",
        "digitisation": "captured",
        "reproduction": "captured",
        "capture": "captured",
        "copyright": "copyrighted",
        "modification": "modified",
        "validity": "valid",
        "distribution": "distributed",
        "manufacture": "manufactured",
    }
)
"""Events of which the dates are not those of the thing's making or issue, whatever their element's name."""

_PLAIN = re.compile(r"-?\d{4}(?:-\d\d){0,2}")
_DOUBTS = MappingProxyType({"approximate": "~", "questionable": "?"})


_End = tuple[tuple[str, str | None], str | None]
"""Name and encoding of a date, and which end of a range it is."""


def origin(element: _Element, found: Gathering) -> None:
    """Read one origin; the two ends of a range are one date, written ``start/end``."""
    event = _EVENTS.get((element.get("eventType") or "").lower())
    ranges = {(_series(child), child.get("point")): child for child in element.iterchildren("*") if child.get("point")}
    place = _place(element)
    for child in element.iterchildren("*"):
        local = local_name(child)
        if local in _ROLES:
            _date(child, ranges, event, found)
        elif local in ("publisher", "agent"):
            text = words_of(child) if local == "publisher" else heading(child)
            parts: Parts = (("place", place),) if place else ()
            found.add("publishers", text, f"mods:{local}", lang=lang_of(child), role=event, parts=parts)
        elif local == "edition":
            found.add("descriptions", words_of(child), "mods:edition", lang=lang_of(child), role="edition")


def extension_date(element: _Element, found: Gathering) -> None:
    """Read a date that a repository keeps outside of the format's elements, such as ``dateAvailable``."""
    local = local_name(element)
    role = local.removeprefix("date").lower()
    found.add("dates", words_of(element), f"mods:{local}", lang=lang_of(element), role=role)


def _place(element: _Element) -> str:
    """Give the places in words, parted by semicolons; codes only where there are no words."""
    places = (place for place in element.iterchildren("*") if local_name(place) == "place")
    terms = [term for place in places for term in place.iterchildren("*") if words_of(term)]
    words = [words_of(term) for term in terms if term.get("type") != "code"]
    return "; ".join(words or map(words_of, terms))


def _series(date: _Element) -> tuple[str, str | None]:
    return local_name(date), date.get("encoding")


def _date(element: _Element, ranges: Mapping[_End, _Element], event: str | None, found: Gathering) -> None:
    """Read a date; the end of a range is told with its start, if it has one."""
    local, text, point, series = local_name(element), _written(element), element.get("point"), _series(element)
    if point == "end":
        text = "" if not text or (series, "start") in ranges else f"../{text}"
    elif point == "start" and text and (end := ranges.get((series, "end"))) is not None:
        text = f"{text}/{_written(end) or '..'}"
    role = event or (local == "dateOther" and element.get("type")) or _ROLES[local]
    found.add("dates", text, f"mods:{local}", lang=lang_of(element), role=role, parts=_attributes(element))


def _written(element: _Element) -> str:
    """Give the date with the mark of EDTF for its qualifier; 9999, MARC's end of what goes on, is an open end."""
    words = words_of(element)
    if words == "9999" and element.get("point") == "end":
        return ".."
    doubt = _DOUBTS.get((element.get("qualifier") or "").lower(), "")
    return words + doubt if doubt and _PLAIN.fullmatch(words) else words


def _attributes(element: _Element) -> Parts:
    names = ("encoding", "qualifier", "keyDate")
    return tuple((name, value) for name in names if (value := (element.get(name) or "").strip()))

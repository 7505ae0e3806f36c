"""What a MARC record says in codes and numbers: leader, 008 and the fields below 100."""

import re
from types import MappingProxyType

from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.marc_fields import DataField, Marc, Reader

TYPES = MappingProxyType(
    {
        "a": "text",
        "t": "text",
        "c": "notated music",
        "d": "notated music",
        "e": "cartographic",
        "f": "cartographic",
        "g": "moving image",
        "i": "sound recording-nonmusical",
        "j": "sound recording-musical",
        "k": "still image",
        "m": "software, multimedia",
        "p": "mixed material",
        "r": "three dimensional object",
    }
)
"""The type of the record, in the words that MODS has for it. ``o``, a kit, is left out: a widespread system writes it
into every leader."""

_NO_LANGUAGE = ("", "und", "zxx", "mul", "xxx")
_STANDARD_NUMBERS = {"0": "isrc", "1": "upc", "2": "ismn", "3": "ean", "4": "sici"}
_ISBN = re.compile(r"[\d-]{9,16}[\dXx]")
_YEAR = re.compile(r"\d{4}")
_PREFIXED = re.compile(r"\(([^()]{1,40})\)")


def coded(marc: Marc, found: Gathering) -> None:
    """Read the leader and 008: type, dates and language where the code leaves no doubt."""
    fixed = marc.control.get("008", "")
    found.add("types", TYPES.get(marc.type_of_record, ""), "marc:leader", lang=marc.lang)
    for date, role in _dates(fixed[6:7], fixed[7:11], fixed[11:15]):
        found.add("dates", date, "marc:008", lang=marc.lang, role=role)
    code = _language(fixed[35:38])
    if code and not any(code in _codes(field) for field in marc.fields if field.tag == "041" and not field.linked):
        found.add("languages", code, "marc:008", lang=marc.lang)


def _dates(kind: str, first: str, second: str) -> list[tuple[str, str]]:
    """Read the dates of 008 by their kind; a date with a ``u`` for a digit that is not known is none."""
    one, two = bool(_YEAR.fullmatch(first)), bool(_YEAR.fullmatch(second))
    if not one or first == "9999":
        return []
    if kind in ("s", "p"):
        return [(first, "issued")]
    if kind == "e":
        month, day = second[:2].strip(), second[2:].strip()
        return [("-".join(part for part in (first, month, day) if part.isdecimal()), "issued")]
    if kind in ("r", "t"):
        return [(first, "issued"), *([(second, "original" if kind == "r" else "copyrighted")] if two else [])]
    if kind in ("c", "d", "i", "k", "m") and two:
        return [(f"{first}/..", "issued")] if second == "9999" else [(_range(first, second), "issued")]
    return []


def _range(first: str, second: str) -> str:
    return first if first == second else f"{first}/{second}"


def _language(code: str) -> str:
    """Give a code of three letters, or an empty text where it names no language."""
    code = code.strip().lower()
    return code if code.isalpha() and len(code) == 3 and code not in _NO_LANGUAGE else ""  # noqa: PLR2004 - MARC's codes


def _codes(field: DataField) -> list[str]:
    """Give the codes of 041, which older records write together: ``engfre``."""
    codes: list[str] = []
    for text in field.all("ad"):
        joined = field.second != "7" and text.isalpha() and len(text) % 3 == 0
        codes += [text[place : place + 3] for place in range(0, len(text), 3)] if joined else [text]
    return [code for code in codes if code.lower() not in _NO_LANGUAGE]


def _languages(field: DataField, marc: Marc, found: Gathering) -> None:
    role = field.first_of("2") if field.second == "7" else None
    for code in _codes(field):
        found.add("languages", code, field.element, lang=marc.lang, role=role)


def _number(role: str) -> Reader:
    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        for text in field.all("a"):
            found.add("identifiers", text, field.element, lang=marc.lang, role=role)

    return read


def _isbn(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read an ISBN without what is said of the binding behind it."""
    for text in field.all("a"):
        number = _ISBN.match(text)
        found.add("identifiers", number[0] if number else text, field.element, lang=marc.lang, role="isbn")


def _issn(field: DataField, marc: Marc, found: Gathering) -> None:
    found.add("identifiers", field.first_of("a") or field.first_of("l"), field.element, lang=marc.lang, role="issn")


def _standard_number(field: DataField, marc: Marc, found: Gathering) -> None:
    role = field.first_of("2") if field.first == "7" else _STANDARD_NUMBERS.get(field.first)
    for text in field.all("a"):
        found.add("identifiers", text, field.element, lang=marc.lang, role=role)


def _system_number(field: DataField, marc: Marc, found: Gathering) -> None:
    for text in field.all("a"):
        system = _PREFIXED.match(text)
        role = system[1] if system else field.first_of("9") or None
        found.add("identifiers", text, field.element, lang=marc.lang, role=role)


def _areas(field: DataField, marc: Marc, found: Gathering) -> None:
    for text in field.all("a"):
        found.add("coverage", text.rstrip("-"), field.element, lang=marc.lang, role="geographic area code")


def _coordinates(field: DataField, marc: Marc, found: Gathering) -> None:
    found.add("coverage", " ".join(field.all("defg")), field.element, lang=marc.lang, role="coordinates")


def _special_dates(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read the dates of creation, which are coded here where 008 has no room for them."""
    start, end = field.first_of("k"), field.first_of("l")
    found.add("dates", f"{start}/{end}" if start and end else start, field.element, lang=marc.lang, role="created")


CODED: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "010": _number("lccn"),
        "015": _number("national bibliography number"),
        "016": _number("national bibliographic agency control number"),
        "020": _isbn,
        "022": _issn,
        "024": _standard_number,
        "027": _number("technical report number"),
        "028": _number("publisher number"),
        "030": _number("coden"),
        "034": _coordinates,
        "035": _system_number,
        "037": _system_number,
        "041": _languages,
        "043": _areas,
        "046": _special_dates,
        "086": _number("government document classification number"),
        "088": _number("report number"),
    }
)
"""What reads a field, by its tag."""

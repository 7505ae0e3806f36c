"""Titles and imprint of a MARC record: 130, 210 to 264, 300 to 347, 730 and 740."""

from types import MappingProxyType

from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.marc_fields import DataField, Marc, Reader
from ingest.crosswalk.marc_names import about
from ingest.crosswalk.marc_punctuation import unbracketed, without_end, without_separator

_MARKS = MappingProxyType({"b": " : ", "n": ". ", "p": ", "})
"""What stands before a subfield where a record has no punctuation of its own, as many libraries now do."""

_ENDS = (":", ";", "=", "/", ".", ",")
_EVENTS = MappingProxyType({"0": "created", "2": "distributed", "3": "manufactured", "4": "copyrighted"})
"""What a statement of 264 is of, by its second indicator; the others are of publication."""


def title_of(field: DataField, codes: str = "abnpks") -> str:
    """Put a title together from its subfields, with the punctuation that the record has, or else with our own."""
    title = ""
    for code, text in field.subfields:
        if code in codes:
            mark = " " if not title or title.endswith(_ENDS) else _MARKS.get(code, " ")
            title = f"{title}{mark}{text}".strip()
    return without_end(title)


def _title_proper(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read 245: the title, the dates of what it names, and who the title page says is responsible."""
    found.add("titles", title_of(field), field.element, lang=marc.lang)
    for text in field.all("fg"):
        found.add("dates", without_end(text), field.element, lang=marc.lang, role="created")
    statement, role = without_end(field.first_of("c")), "statement of responsibility"
    found.add("descriptions", statement, field.element, lang=marc.lang, role=role)


def _title(role: str) -> Reader:
    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        codes = "abnpf" if role in ("alternative", "former") else "abnpklrsm"
        found.add("titles", title_of(field, codes), field.element, lang=marc.lang, role=role, parts=about(field))

    return read


def _related_title(field: DataField, marc: Marc, found: Gathering) -> None:
    role = without_separator(field.first_of("i")) or "related work"
    text = title_of(field, "anpkls")
    found.add("relations", text, field.element, lang=marc.lang, role=role, parts=about(field))


def _edition(field: DataField, marc: Marc, found: Gathering) -> None:
    text = without_separator(" ".join(field.all("ab")))
    found.add("descriptions", text, field.element, lang=marc.lang, role="edition")


def _imprint(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read publishers, each with the places before it, and dates; in 264 the second indicator says of what they are."""
    event = _EVENTS.get(field.second) if field.tag == "264" else None
    fallback = "created" if field.tag == "269" else "issued"
    towns: list[str] = []
    for code, text in field.subfields:
        if code == "a":
            towns.append(unbracketed(text))
        elif code == "b":
            parts: Parts = tuple(("place", town) for town in towns)
            found.add("publishers", unbracketed(text), field.element, lang=marc.lang, role=event, parts=parts)
            towns = []
        elif code == "c" and not field.linked:
            found.add("dates", _date(text), field.element, lang=marc.lang, role=event or fallback)


def _date(text: str) -> str:
    text = without_separator(text)
    return text if text.endswith("..") else text.removesuffix(".")


def _extent(field: DataField, marc: Marc, found: Gathering) -> None:
    text = without_separator(" ".join(field.all("abcefg")))
    found.add("formats", text, field.element, lang=marc.lang, role="extent")


def _term(target: str, role: str, codes: str = "a") -> Reader:
    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        for text in field.all(codes):
            found.add(target, without_end(text), field.element, lang=marc.lang, role=role, parts=about(field))

    return read


TITLES: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "130": _title("uniform"),
        "210": _title("abbreviated"),
        "222": _title("key"),
        "240": _title("uniform"),
        "242": _title("translated"),
        "243": _title("collective"),
        "245": _title_proper,
        "246": _title("alternative"),
        "247": _title("former"),
        "740": _title("alternative"),
        "730": _related_title,
        "250": _edition,
        "260": _imprint,
        "264": _imprint,
        "269": _imprint,
        "300": _extent,
        "336": _term("types", "content type"),
        "337": _term("formats", "media type"),
        "338": _term("formats", "carrier type"),
        "340": _term("formats", "medium", "ad"),
        "347": _term("formats", "digital file", "ab"),
        "380": _term("types", "form of work"),
    }
)
"""What reads a field, by its tag; 269 is where physics libraries keep the date of a preprint."""

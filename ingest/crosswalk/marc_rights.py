"""Rights and gifts in a MARC record: 506 and 540, 542, 536, 541, and the terms beside an address in 856."""

from types import MappingProxyType

from ingest.crosswalk.acquisition import was_given
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.marc_fields import DataField, Marc, Reader
from ingest.crosswalk.marc_punctuation import without_end, without_separator


def _terms(role: str) -> Reader:
    """Read the terms of access or use: the words, then each standard term, date and address beside them."""

    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        parts: Parts = (("applies_to", field.first_of("3")),) if field.first_of("3") else ()
        for text, own in (
            (" ".join(field.all("abcde")), role),
            *((text, role) for text in field.all("f")),
            *((text, "available") for text in field.all("g")),
            *((text, role) for text in field.all("u")),
        ):
            found.add("rights", text, field.element, lang=marc.lang, role=own, parts=parts)

    return read


def _copyright(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read the information relating to copyright: holders with the year, statements, status, notes, addresses."""
    year = without_end(field.first_of("g"))
    for code, text in field.subfields:
        if code == "d":
            parts: Parts = (("year", year),) if year else ()
            found.add("rights", without_end(text), field.element, lang=marc.lang, role="holder", parts=parts)
        elif role := {"e": "contact", "f": "copyright", "l": "status", "n": "note", "u": "copyright"}.get(code):
            found.add("rights", text, field.element, lang=marc.lang, role=role)
        elif role := {"g": "copyrighted", "i": "issued", "j": "created"}.get(code):
            found.add("dates", without_end(text), field.element, lang=marc.lang, role=role)


def _funding(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read a funding note; $f is the project's number, where physics libraries keep its acronym."""
    names = {"b": "award_number", "c": "award_number", "d": "award_number", "e": "programme", "u": "award_uri"}
    parts: list[tuple[str, str]] = []
    for code, text in field.subfields:
        if code in names:
            parts.append((names[code], without_end(text)))
        elif code in "fr":
            numbered = any(map(str.isdecimal, text))
            parts.append(("award_number" if numbered else "award_title", without_end(text)))
        elif code in "01":
            parts.append(("identifier", text))
    text = " ".join(field.all("a")) or " ".join(field.all("bcdef"))
    found.add("donors", without_end(text), field.element, lang=marc.lang, role="funder", parts=tuple(parts))


def _acquisition(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read from whom the thing came: one who sold, lent or exchanged it gave nothing."""
    method = without_end(" ".join(field.all("c")))
    source = without_end(" ".join(field.all("a")))
    given = was_given(method)
    if given is False or not source:
        text = " ".join(field.all("acdhn"))
        found.add("descriptions", text if source or method else "", field.element, lang=marc.lang, role="acquisition")
        return
    names = {"c": "method", "d": "date", "e": "accession_number", "0": "identifier", "1": "identifier"}
    parts = tuple((names[code], without_separator(text)) for code, text in field.subfields if code in names)
    role = "donor" if given else "acquisition"
    found.add("donors", source, field.element, lang=marc.lang, role=role, parts=parts)


def _access(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read an electronic location: the address, and the terms that stand beside it since 2019."""
    label = field.first_of("3")
    for text in field.all("u"):
        if field.second == "2":
            found.add("relations", text, field.element, lang=marc.lang, role=label or "related resource")
        elif field.second == "1":
            found.add("relations", text, field.element, lang=marc.lang, role=label or "version of resource")
        else:
            found.add("identifiers", text, field.element, lang=marc.lang, role="url")
    for codes, role in (("ln", "access"), ("rt", "use and reproduction")):
        for text in field.all(codes):
            found.add("rights", text, field.element, lang=marc.lang, role=role)


RIGHTS: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "506": _terms("restrictions on access"),
        "540": _terms("use and reproduction"),
        "542": _copyright,
        "536": _funding,
        "541": _acquisition,
        "856": _access,
        "857": _access,
    }
)
"""What reads a field, by its tag."""

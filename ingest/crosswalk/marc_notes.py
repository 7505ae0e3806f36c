"""Notes of a MARC record, 351, 362 and 500 to 590, each with what it is a note of as its role."""

from types import MappingProxyType

from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.marc_fields import DataField, Marc, Reader

_CONTROL = "0123456789w"
"""Subfields that link, number or limit a field and belong to no note."""


def words(field: DataField, *, without: str = "") -> str:
    """Write a note out, its subfields in order, without those that only control it."""
    return " ".join(text for code, text in field.subfields if code not in _CONTROL and code not in without)


def _note(role: str | None, target: str = "descriptions", without: str = "") -> Reader:
    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        parts = (("applies_to", field.first_of("3")),) if field.first_of("3") else ()
        found.add(target, words(field, without=without), field.element, lang=marc.lang, role=role, parts=parts)

    return read


NOTES: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "255": _note("cartographic", "coverage"),
        "351": _note("arrangement"),
        "362": _note("dates of publication"),
        "500": _note(None),
        "501": _note("with"),
        "502": _note("thesis"),
        "504": _note("bibliography"),
        "505": _note("tableOfContents"),
        "507": _note("scale"),
        "508": _note("credits"),
        "510": _note("references", without="u"),
        "511": _note("performer"),
        "513": _note("type of report"),
        "515": _note("numbering"),
        "516": _note("type of computer file"),
        "518": _note("date and place of event"),
        "520": _note("abstract", without="u"),
        "521": _note("audience", "relations"),
        "522": _note("spatial", "coverage"),
        "524": _note("preferred citation"),
        "525": _note("supplement"),
        "530": _note("additional physical form", without="u"),
        "538": _note("system details", without="u"),
        "544": _note("related materials", "relations"),
        "545": _note("biographical or historical", without="u"),
        "546": _note("language"),
        "547": _note("former title"),
        "550": _note("issuing body"),
        "555": _note("finding aid", "relations"),
        # Who held the thing; whether anyone there gave it is for the donor rules to say.
        "561": _note("provenance", without="u"),
        "562": _note("copy"),
        "563": _note("binding", without="u"),
        "580": _note("linking", "relations"),
        "581": _note("publications", "relations"),
        "583": _note("action", without="ux"),
        "585": _note("exhibitions"),
        "586": _note("awards"),
        "588": _note("source of description"),
        "590": _note("local"),
    }
)
"""What reads a field, by its tag."""

"""LIDO, Lightweight Information Describing Objects, 1.0 and 1.1: how museums hand on what they know of an object.

Three rights stand apart: those in the object (``rightsWorkSet``), those in a picture of it (``rightsResource``, role
``reproduction``) and those in the record (``recordRights``, role ``metadata``). A record whose description is given
in several languages has a ``descriptiveMetadata`` for each; all are read, each value with its language.
"""

from functools import partial

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name, outermost
from ingest.crosswalk.lido_events import event
from ingest.crosswalk.lido_parts import (
    LIDO,
    actors,
    address,
    all_terms,
    appellations,
    attribute,
    materials,
    measurements,
    name_of_actor,
    places,
    term_of,
)
from ingest.crosswalk.markup import Found, Reader, Table, description_of
from ingest.descriptions import Description

_NAMESPACES = (
    "http://www.lido-schema.org",
    "http://www.lido-schema.org/",
    "",
    # Repositories that write no namespace leave it in the protocol's.
    "http://www.openarchives.org/OAI/2.0/",
)
NAMES = tuple((namespace, root) for namespace in _NAMESPACES for root in ("lido", "lidoWrap"))
"""Namespace and name of the root element."""

_PRINTED_NUMBERS = ("isbn", "issn")


def read(root: _Element) -> Description:
    """Read a record, or the first record of a wrap."""
    record = root if local_name(root) == "lido" else root.find("{*}lido")
    return description_of(() if record is None else LIDO.walk(record, _RECORD))


def _identifier(element: _Element) -> Found:
    """Read a number, of the type that it gives."""
    return LIDO.found("identifiers", element, role=attribute(element, "type") or local_name(element))


# --- what the object is ---------------------------------------------------------------------------


def _classification(element: _Element) -> Found:
    kind = attribute(element, "type")
    field = "types" if kind.lower().endswith("type") else "subjects"
    return all_terms(field, element, role=kind or "classification")


def _titles(element: _Element) -> Found:
    """Read the titles of a set; the alternative ones say so."""
    preferred = appellations(element)
    for value in appellations(element, others=True):
        role = None if value in preferred else "alternative"
        yield from LIDO.found("titles", value, role=role, name="titleSet")


def _inscriptions(element: _Element) -> Found:
    for value in outermost(element, "inscriptionTranscription", "descriptiveNoteValue"):
        yield from LIDO.found("descriptions", value, role="inscription", name="inscriptions")


def _notes(element: _Element) -> Found:
    """Read a description; repositories put a credit line, and who held the thing, here too, and say so in the type."""
    kind = attribute(element, "type")
    field, role = ("donors", "creditLine") if "credit" in kind.lower() else ("descriptions", kind)
    for value in outermost(element, "descriptiveNoteValue"):
        yield from LIDO.found(field, value, role=role, name="objectDescriptionSet")


def _repository(element: _Element) -> Found:
    """Read who holds the object, and under which number: both together are the source."""
    numbers = list(element.iterchildren("{*}workID"))
    for number in numbers:
        yield from _identifier(number)
    marks = [number for number in numbers if attribute(number, "type").lower() not in _PRINTED_NUMBERS]
    body = element.find("{*}repositoryName")
    name = "" if body is None else name_of_actor(body)
    mark = next(filter(None, map(LIDO.text, marks)), "")
    role = "former" if "former" in attribute(element, "type").lower() else "shelfmark"
    yield from LIDO.found(
        "sources",
        element if body is None else body,
        ", ".join(filter(None, (name, mark))),
        role=role,
        parts=[("repository", name), ("ref", mark)],
        name="repositorySet",
    )


_IDENTIFICATION: Table = {
    "titleWrap": {"titleSet": _titles},
    "inscriptionsWrap": {"inscriptions": _inscriptions},
    "repositoryWrap": {"repositorySet": _repository},
    "displayStateEditionWrap": {"displayState": "descriptions state", "displayEdition": "descriptions edition"},
    "objectDescriptionWrap": {"objectDescriptionSet": _notes},
    "objectMeasurementsWrap": {"objectMeasurementsSet": measurements},
    "objectMaterialsTechWrap": {"objectMaterialsTechSet": materials},
}

# --- what it shows, and what it belongs to --------------------------------------------------------


def _subject(element: _Element) -> Found:
    """Read what the object shows, piece by piece, or else the words for all of it."""
    pieces = [value for subject in element.iterchildren("{*}subject") for value in LIDO.walk(subject, _SUBJECT)]
    yield from pieces or LIDO.walk(element, {"displaySubject": "subjects"})


_SUBJECT: Table = {
    "subjectConcept": partial(all_terms, "subjects"),
    "subjectActor": partial(actors, "subjects"),
    "subjectDate": {"displayDate": "coverage date"},
    "subjectEvent": {"displayEvent": "subjects event"},
    "subjectPlace": places,
    "subjectObject": {"displayObject": "subjects object"},
}


def _related_work(element: _Element) -> Found:
    """Read a related work: the words for it, else its address or number; how it is related is its role."""
    role = term_of(element.find("{*}relatedWorkRelType"))
    shown = next(element.iter("{*}displayObject", "{*}objectNote", "{*}objectWebResource", "{*}objectID"), None)
    if shown is not None:
        yield from LIDO.found("relations", shown, role=role, name="relatedWorkSet")


# --- rights, record and pictures ------------------------------------------------------------------


def _rights(role: str | None) -> Reader:
    """Give the reader of a set of rights; ``role`` says in what they are, None: in the object itself."""

    def read_set(element: _Element) -> Found:
        name = local_name(element)
        for inner in element.iterchildren("{*}rightsType", "{*}rightsHolder", "{*}creditLine"):
            kind = local_name(inner)
            if kind == "rightsType":
                yield from _rights_type(inner, role, name)
            elif kind == "rightsHolder":
                yield from LIDO.found("rights", inner, name_of_actor(inner), role=role or "holder")
            elif role is None:
                yield from LIDO.found("donors", inner, role="creditLine")
            else:
                # The line under a picture credits who took it.
                yield from LIDO.found("rights", inner, role=role)

    return read_set


def _rights_type(element: _Element, role: str | None, name: str) -> Found:
    """Read a statement's URI and its terms, or the bare text that some write in their place."""
    uri = address(element)
    found = [value for _, value in all_terms("rights", element, role=role)]
    if uri and not any(uri in value.text for value in found):
        yield from LIDO.found("rights", element, uri if ":" in uri or not found else "", role=role, name=name)
    for value in found:
        yield from LIDO.found("rights", element, value.text, role=role, name=name)
    if not uri and not found:
        yield from LIDO.found("rights", element, role=role, name=name)


def _source_of_record(element: _Element) -> Found:
    return LIDO.found("publishers", element, name_of_actor(element), role="recordSource")


_PICTURE: Table = {
    "resourceRepresentation": {"linkResource": "relations resource"},
    "rightsResource": _rights("reproduction"),
}
_RECORD: Table = {
    "lidoRecID": _identifier,
    "objectPublishedID": _identifier,
    "category": partial(all_terms, "types", role="category"),
    "descriptiveMetadata": {
        "objectClassificationWrap": {
            "objectWorkTypeWrap": {"objectWorkType": partial(all_terms, "types")},
            "classificationWrap": {"classification": _classification},
        },
        "objectIdentificationWrap": _IDENTIFICATION,
        "eventWrap": {"eventSet": event},
        "objectRelationWrap": {
            "subjectWrap": {"subjectSet": _subject},
            "relatedWorksWrap": {"relatedWorkSet": _related_work},
        },
    },
    "administrativeMetadata": {
        "rightsWorkWrap": {"rightsWorkSet": _rights(None)},
        "recordWrap": {
            "recordID": _identifier,
            "recordSource": _source_of_record,
            "recordRights": _rights("metadata"),
            "recordInfoSet": {"recordInfoLink": "identifiers recordInfoLink"},
        },
        "resourceWrap": {"resourceSet": _PICTURE},
    },
}

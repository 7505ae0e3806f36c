"""The pieces of geographic metadata: texts in several languages, codes, responsible parties, constraints, extents."""

from functools import partial
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.elements import XML_LANG, folded, link_of, local_name, outermost
from ingest.crosswalk.markup import Found, Markup, Reader

_RECORDS = ("MD_Metadata", "MI_Metadata")
_SEE_ELSEWHERE = ("otherrestrictions", "otherrestictions")
"""The code that only points to the words beside it, and the way the first edition of the code list misspelt it."""


def text_of_property(element: _Element) -> str:
    """Give what a property says: its character string or anchor, its code, or text that stands in it bare."""
    for child in element.iterchildren("{*}*"):
        if local_name(child) != "PT_FreeText":
            return _code(child.get("codeListValue", "")) or folded("".join(child.itertext()))
    return folded(element.text or "")


def _code(value: str) -> str:
    """Give a code without the name of its list, which some put before it: ``MD_ScopeCode_dataset``."""
    return folded(value).rpartition("Code_")[2]


def _language(element: _Element) -> str | None:
    """Give the language of the record around an element, as the record writes it."""
    record = next((around for around in element.iterancestors() if local_name(around) in _RECORDS), None)
    language = None if record is None else record.find("{*}language")
    own = element.get(XML_LANG)
    return own or (None if language is None else text_of_property(language) or None)


def _language_of_translation(element: _Element) -> str | None:
    """Give the language that a translated string's locale stands for, or the locale where the record explains none."""
    name = element.get("locale", "").strip().lstrip("#")
    record = next((around for around in element.iterancestors() if local_name(around) in _RECORDS), None)
    for locale in () if record is None else record.iterfind("{*}locale/{*}PT_Locale"):
        language = locale.find("{*}languageCode")
        if language is not None and name in (locale.get("id"), locale.get("uuid")):
            return text_of_property(language) or name
    return name or None


ISO = Markup(prefix="gmd", text=text_of_property, language=lambda _: None)
_WORDS = Markup(prefix="gmd", text=text_of_property, language=_language)
_TRANSLATION = Markup(prefix="gmd", text=lambda element: folded(element.text or ""), language=_language_of_translation)


def words(field: str, role: str | None = None) -> Reader:
    """Give the reader of a text in words: in the record's language, then its translations."""
    return partial(_read_words, field, role)


def _read_words(field: str, role: str | None, element: _Element) -> Found:
    yield from _WORDS.found(field, element, role=role)
    for translation in outermost(element, "LocalisedCharacterString"):
        yield from _TRANSLATION.found(field, translation, role=role, name=local_name(element))


# --- responsible parties --------------------------------------------------------------------------

_FIELDS = MappingProxyType(
    {
        **dict.fromkeys(("author", "coauthor", "principalinvestigator", "originator"), ("creators", "")),
        "publisher": ("publishers", ""),
        **dict.fromkeys(("distributor", "resourceprovider"), ("publishers", None)),
        **dict.fromkeys(("sponsor", "funder"), ("donors", None)),
        "rightsholder": ("rights", "holder"),
    }
)
"""Field and role by the code of a party's role; None: the code itself."""
_NAMES_OF_PERSONS = ("{*}individualName", "{*}CI_Individual/{*}name")
_NAMES_OF_BODIES = ("{*}organisationName", "{*}CI_Organisation/{*}name", "{*}positionName")


def party(element: _Element) -> Found:
    """Read who is responsible: the person for what persons make, the body for what bodies pay and publish."""
    code = element.find("{*}*/{*}role")
    kind = "" if code is None else text_of_property(code)
    field, role = _FIELDS.get(kind.lower(), ("contributors", None))
    person, body = _named(element, _NAMES_OF_PERSONS), _named(element, _NAMES_OF_BODIES)
    named = person if person is not None and (field in ("creators", "contributors") or body is None) else body
    if named is not None:
        links = [link_of(inner) for inner in named.iter("{*}Anchor")]
        parts = [("identifier", next(iter(links), ""))]
        role = kind if role is None else role
        yield from ISO.found(field, element, text_of_property(named), role=role, parts=parts)


def _named(element: _Element, paths: tuple[str, ...]) -> _Element | None:
    found = (name for path in paths for name in element.iterfind(f".//{path}"))
    return next(filter(text_of_property, found), None)


# --- constraints ----------------------------------------------------------------------------------


def constraints(role: str | None) -> Reader:
    """Give the reader of constraints; ``role`` says what they are on, None: the data."""
    return partial(_read_constraints, role)


def _read_constraints(role: str | None, element: _Element) -> Found:
    for constraint in element.iterchildren("{*}*"):
        yield from _WORDS.walk(
            constraint,
            {
                "useLimitation": partial(_constraint, role or "use"),
                "otherConstraints": partial(_constraint, role),
                "accessConstraints": partial(_constraint_code, role or "access"),
                "useConstraints": partial(_constraint_code, role or "use"),
                "classification": partial(_constraint_code, role or "access"),
                "reference": {"CI_Citation": {"title": partial(_constraint, role)}},
            },
        )


def _constraint(role: str | None, element: _Element) -> Found:
    """Read a constraint in words, and the address that an anchor gives beside them."""
    yield from _read_words("rights", role, element)
    said = text_of_property(element)
    for anchor in outermost(element, "Anchor"):
        if (link := link_of(anchor)) not in said:
            yield from ISO.found("rights", element, link, role=role)


def _constraint_code(role: str, element: _Element) -> Found:
    if text_of_property(element).lower() not in _SEE_ELSEWHERE:
        yield from ISO.found("rights", element, role=role)


# --- dates and extents ----------------------------------------------------------------------------

_DATES = MappingProxyType({"creation": "created", "publication": "issued", "revision": "modified"})


def date(element: _Element) -> Found:
    """Read a date of the data, of the kind that its code names."""
    day, code = element.find("{*}CI_Date/{*}date"), element.find("{*}CI_Date/{*}dateType")
    kind = "" if code is None else text_of_property(code)
    if day is not None:
        yield from ISO.found("dates", element, text_of_property(day), role=_DATES.get(kind, kind))


def keywords(element: _Element) -> Found:
    """Read a set of keywords; those on places and times speak of what is covered."""
    code = element.find("{*}type")
    kind = "" if code is None else text_of_property(code)
    field = "coverage" if kind in ("place", "temporal") else "subjects"
    for keyword in element.iterchildren("{*}keyword"):
        yield from _read_words(field, kind, keyword)


_LIMITS = (
    ("northlimit", "northBoundLatitude"),
    ("southlimit", "southBoundLatitude"),
    ("westlimit", "westBoundLongitude"),
    ("eastlimit", "eastBoundLongitude"),
)


def box(element: _Element) -> Found:
    """Write a bounding box as the DCMI Box Encoding Scheme has it."""
    limits = [(name, element.find(f"{{*}}{limit}")) for name, limit in _LIMITS]
    said = [f"{name}={text_of_property(limit)}" for name, limit in limits if limit is not None]
    yield from ISO.found("coverage", element, "; ".join(said), role="box")


def period(element: _Element) -> Found:
    """Read an instant, or a period as its two ends."""
    ends = map(text_of_position, outermost(element, "beginPosition", "endPosition", "timePosition"))
    yield from ISO.found("coverage", element, "/".join(filter(None, ends)), role="temporal")


def text_of_position(element: _Element) -> str:
    """Give a position in time: its text, or the word that stands for an unknown one, such as ``now``."""
    return folded(element.text or "") or element.get("indeterminatePosition", "").strip()


def linkage(element: _Element) -> Found:
    """Read an address on the network; what it is for is its role."""
    address, code = element.find("{*}*/{*}linkage"), element.find("{*}*/{*}function")
    role = "" if code is None else text_of_property(code)
    if address is not None:
        yield from ISO.found("relations", element, text_of_property(address), role=role or "onLine")


def identifier(element: _Element) -> Found:
    """Read an identifier; the space in which its code is unique is its role."""
    code, space = element.find("{*}*/{*}code"), element.find("{*}*/{*}codeSpace")
    role = "" if space is None else text_of_property(space)
    if code is not None:
        yield from ISO.found("identifiers", element, text_of_property(code), role=role)

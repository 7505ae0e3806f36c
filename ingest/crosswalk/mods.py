"""The Metadata Object Description Schema of the Library of Congress, version 3 (https://www.loc.gov/standards/mods/).

``recordInfo`` speaks of the catalogue's record and not of the thing: who catalogued it, in ``recordContentSource``,
neither holds it nor is what it derives from, so nothing of it becomes a value.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.acquisition import was_given
from ingest.crosswalk.elements import children_of, link_of, local_name, name_of, text_of, words_of
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.mods_names import name
from ingest.crosswalk.mods_origins import extension_date, origin
from ingest.crosswalk.mods_related import location, part, related
from ingest.crosswalk.mods_subjects import classification, subject
from ingest.crosswalk.mods_titles import identifier_text, lang_of, title_text, value_identifiers
from ingest.crosswalk.rights_metadata import statements
from ingest.descriptions import Description

_NAMESPACES = ("http://www.loc.gov/mods/v3", "http://www.loc.gov/mods/", "http://www.loc.gov/mods")

NAMES = tuple((namespace, "mods") for namespace in _NAMESPACES)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("mods",)
"""The root's name in other namespaces, or in none."""

COLLECTION_NAMES = tuple((namespace, "modsCollection") for namespace in _NAMESPACES)
"""The root around several records; repositories put one into it."""

_OAI = "http://www.openarchives.org/OAI/2.0/"
_OF_OTHER_CONTENT = ("summary", "abstract", "table of contents", "accompanying", "original", "libretto")
_MEANT = ("rights", "license", "licence", "license_ref", "accessrights", "rightsholder", "donor", "funder", "sponsor")
_HOLDERS = ("rightsholder", "copyrightholder", "holder")
_NOTES = MappingProxyType(
    {
        "funding": ("donors", "funder"),
        "funder": ("donors", "funder"),
        "funding information": ("donors", "funder"),
        "sponsor": ("donors", "sponsor"),
        "sponsorship": ("donors", "sponsor"),
        "donor": ("donors", "donor"),
        "gift": ("donors", "donor"),
        "acquisition": ("descriptions", "acquisition"),
        "immediate source of acquisition": ("descriptions", "acquisition"),
        "source note": ("sources", "source note"),
        "source": ("sources", "source"),
        "original version": ("sources", "original version"),
        "original location": ("sources", "original location"),
        "reproduction": ("sources", "reproduction"),
        "rights": ("rights", "rights"),
        "access": ("rights", "access"),
        "restriction": ("rights", "restriction"),
        "restrictions": ("rights", "restrictions"),
        "preferred citation": ("relations", "preferred citation"),
    }
)
"""Types of a note, and where it belongs by them. Ownership and provenance tell who held a thing, often only who holds
it now: such notes stay descriptions, where the rules for donors find a gift that one tells of."""


def holds(root: _Element) -> bool:
    """Tell whether any child of ``root`` is named as elements of this format are."""
    return any(local_name(child) in ("titleInfo", "originInfo", "typeOfResource") for child in root.iterchildren("*"))


def records(root: _Element) -> tuple[_Element, ...]:
    """Give the records of a collection."""
    return tuple(root.iterchildren("{*}mods"))


def read(root: _Element) -> Description:
    """Read a record; elements without a namespace, or in the protocol's own, pass for the format's."""
    found, readers = Gathering(), _readers(name_of(root)[0])
    for child in root.iterchildren("*"):
        if reader := readers.get(str(child.tag)):
            reader(child, found)
    return found.description()


@lru_cache(maxsize=64)
def _readers(own: str) -> Mapping[str, Callable[[_Element, Gathering], None]]:
    """Give what reads an element by its whole tag, for records of the namespace ``own``."""
    starts = ("", *(f"{{{namespace}}}" for namespace in (own, _OAI) if namespace))
    return {start + local: reader for start in starts for local, reader in _READERS.items()}


def _title(element: _Element, found: Gathering) -> None:
    role = element.get("type") or element.get("otherType")
    parts = value_identifiers(element)
    found.add("titles", title_text(element), "mods:titleInfo", lang=lang_of(element), role=role, parts=parts)


def _type(element: _Element, found: Gathering) -> None:
    role = element.get("type") or element.get("authority")
    name = f"mods:{local_name(element)}"
    found.add("types", words_of(element), name, lang=lang_of(element), role=role, parts=value_identifiers(element))


def _language(element: _Element, found: Gathering) -> None:
    """Read the terms of one language: its codes, those of one authority, or else its names."""
    part_of = (element.get("objectPart") or "").lower()
    if part_of.startswith(_OF_OTHER_CONTENT):
        return
    terms = [term for term in element.iterchildren("*") if local_name(term) == "languageTerm" and words_of(term)]
    codes = [term for term in terms if term.get("type") == "code"]
    chosen = codes or terms
    for term in chosen or [element]:
        authority = term.get("authority")
        if not chosen or authority == chosen[0].get("authority"):
            found.add("languages", words_of(term), "mods:languageTerm", lang=lang_of(term), role=authority)


def _physical(element: _Element, found: Gathering) -> None:
    for child in element.iterchildren("*"):
        local = local_name(child)
        if local == "note":
            role = child.get("type") or "physical description"
            found.add("descriptions", text_of(child), "mods:note", lang=lang_of(child), role=role)
        elif local != "reformattingQuality":
            found.add("formats", words_of(child), f"mods:{local}", lang=lang_of(child), role=local)


def _described(element: _Element, found: Gathering) -> None:
    local = local_name(element)
    found.add("descriptions", text_of(element), f"mods:{local}", lang=lang_of(element), role=local)


def _audience(element: _Element, found: Gathering) -> None:
    found.add("relations", words_of(element), "mods:targetAudience", lang=lang_of(element), role="audience")


def _note(element: _Element, found: Gathering) -> None:
    kind = element.get("type") or element.get("displayLabel")
    field, role = _NOTES.get(_spaced(kind or ""), ("descriptions", kind))
    if role == "acquisition":
        # Prose: one who sold the thing is no donor, and one whom it does not say to have given it may be anybody.
        field, role = ("donors", "donor") if was_given(words_of(element)) else ("descriptions", role)
    found.add(field, text_of(element), "mods:note", lang=lang_of(element), role=role)


@lru_cache(maxsize=1024)
def _spaced(kind: str) -> str:
    """Write a type as words in small letters: ``originalVersion`` and ``Original_version`` are ``original version``."""
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in kind.replace("_", " "))
    return " ".join((kind if kind.isupper() else words).replace("_", " ").lower().split())


def _access(element: _Element, found: Gathering) -> None:
    """Read the words, the address beside them, and the type where an address in it says more than they do."""
    kind, lang = (element.get("type") or element.get("displayLabel") or "").strip(), lang_of(element)
    role = "holder" if _spaced(kind).replace(" ", "") in _HOLDERS else kind
    if "/" in kind:
        found.add("rights", kind, "mods:accessCondition", lang=lang, role="type")
    words, link = words_of(element), link_of(element)
    if len(element):
        statements(element, found, "mods:accessCondition", role=role or None)
    else:
        found.add("rights", element.text or "", "mods:accessCondition", lang=lang, role=role)
    if link not in words:
        found.add("rights", link, "mods:accessCondition", lang=lang, role=role)


def _identifier(element: _Element, found: Gathering) -> None:
    if element.get("invalid") != "yes":
        role = element.get("type") or element.get("displayLabel")
        found.add("identifiers", identifier_text(element), "mods:identifier", lang=lang_of(element), role=role)


def _extension(element: _Element, found: Gathering) -> None:
    """Take dates that repositories keep here, and whatever is named as rights or donors in any vocabulary."""
    children = children_of(element)
    for date in ("dateAccessioned", "dateAvailable", "dateAccepted"):
        for child in children.get(date, ()):
            extension_date(child, found)
    if not any(local.lower() in _MEANT for local in children):
        return
    inside = dublin_core.read(element)
    found.extend("rights", inside.rights)
    found.extend("donors", inside.donors)


_READERS: MappingProxyType[str, Callable[[_Element, Gathering], None]] = MappingProxyType(
    {
        "titleInfo": _title,
        "name": name,
        "typeOfResource": _type,
        "genre": _type,
        "originInfo": origin,
        "language": _language,
        "physicalDescription": _physical,
        "abstract": _described,
        "tableOfContents": _described,
        "targetAudience": _audience,
        "note": _note,
        "subject": subject,
        "classification": classification,
        "relatedItem": related,
        "identifier": _identifier,
        "location": location,
        "accessCondition": _access,
        "part": part,
        "extension": _extension,
    }
)

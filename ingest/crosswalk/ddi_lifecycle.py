"""DDI Lifecycle 3.0 to 3.3: the study of an instance, also where it comes in fragments.

A fragment is one element with a number, to which others refer: agencies, persons and places are looked up where only
their number is given. What the instance says of itself is said of the record: its rights have the role ``metadata``.
The first study is read; variables, questions and code lists are not walked.
"""

from functools import cache, partial

from lxml.etree import _Element

from ingest.crosswalk.ddi_references import LIFECYCLE, Lookup, lookup_in, names_of, strings, texts
from ingest.crosswalk.elements import local_name
from ingest.crosswalk.markup import Found, Table, description_of
from ingest.descriptions import Description

_VERSIONS = ("3_0", "3_1", "3_2", "3_3")
NAMES = (
    *((f"ddi:instance:{version}", root) for version in _VERSIONS for root in ("DDIInstance", "FragmentInstance")),
    *((f"ddi:studyunit:{version}", "StudyUnit") for version in _VERSIONS),
    *((namespace, "DDIInstance") for namespace in ("", "http://www.openarchives.org/OAI/2.0/")),
)
"""Namespace and name of the root element."""
LOOSE_NAMES = ("ddiinstance", "fragmentinstance")
"""Names of roots in other namespaces."""


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, holds a study or what stands around one."""
    names = ("StudyUnit", "Fragment", "ResourcePackage", "Group", "Citation")
    return next(root.iterchildren(*(f"{{*}}{name}" for name in names)), None) is not None


def read(root: _Element) -> Description:
    """Read the first study; without one, the group, or else the instance."""
    lookup = cache(partial(lookup_in, root))
    study = next(root.iter("{*}StudyUnit"), None)
    unit = next(root.iter("{*}Group"), root) if study is None else study
    found = [] if unit is root else list(LIFECYCLE.walk(root, _INSTANCE))
    found += LIFECYCLE.walk(unit, _unit(lookup))
    found += LIFECYCLE.walk(root, {"Fragment": _parts(lookup)})
    return description_of(found)


_INSTANCE: Table = {"Citation": {"Copyright": strings("rights", "metadata")}}


def _unit(lookup: Lookup) -> Table:
    return {
        "UserID": _user_number,
        "Citation": _citation(lookup),
        "Abstract": strings("descriptions", "abstract"),
        "Purpose": strings("descriptions", "purpose"),
        "SeriesStatement": {"SeriesName": strings("relations", "series")},
        "FundingInformation": partial(_funding, lookup),
        "Coverage": _coverage(lookup),
        "KindOfData": "types",
        "OtherMaterial": _material,
        "Embargo": {"Date": {"EndDate": "rights embargoEnd"}},
        **_parts(lookup),
    }


def _parts(lookup: Lookup) -> Table:
    """Give what stands inside the study, or beside it in fragments of its own."""
    return {
        "DataCollection": {
            "CollectionEvent": {
                "DataCollectorOrganizationReference": partial(_reference, lookup, "contributors", "dataCollector"),
                "DataCollectionDate": dict.fromkeys(("SimpleDate", "StartDate", "EndDate"), "dates collected"),
                "DataSource": {"Description": strings("sources", "dataSource")},
            },
        },
        "Archive": {
            "ArchiveSpecific": {
                "Item": {"CallNumber": "sources shelfmark", "ItemFormat": "formats", "Access": _ACCESS},
                "Collection": {"CallNumber": "sources shelfmark", "ItemFormat": "formats", "Access": _ACCESS},
                "DefaultAccess": _ACCESS,
            },
        },
    }


_ACCESS: Table = {
    "AccessTypeName": strings("rights", "access"),
    "ConfidentialityStatement": strings("rights", "confidentiality"),
    "AccessPermission": {"Statement": strings("rights", "permission")},
    "Restrictions": strings("rights", "restrictions"),
    "CitationRequirement": strings("rights", "citation"),
    "DepositRequirement": strings("rights", "deposit"),
    "AccessConditions": strings("rights", "conditions"),
    "Disclaimer": strings("rights", "disclaimer"),
    "Description": strings("rights", "conditions"),
}

# --- citation -------------------------------------------------------------------------------------


def _citation(lookup: Lookup) -> Table:
    return {
        "Title": strings("titles", None),
        "SubTitle": strings("titles", "subtitle"),
        "AlternateTitle": strings("titles", "alternative"),
        "Creator": partial(_party, lookup, "creators"),
        "Contributor": partial(_party, lookup, "contributors"),
        "Publisher": partial(_party, lookup, "publishers"),
        "PublicationDate": dict.fromkeys(("SimpleDate", "StartDate"), "dates issued"),
        "Language": "languages",
        "InternationalIdentifier": _identifier,
        "Copyright": strings("rights", None),
        "TypeOfResource": "types",
    }


def _user_number(element: _Element) -> Found:
    return LIFECYCLE.found("identifiers", element, role=element.get("typeOfUserID") or element.get("type"))


def _identifier(element: _Element) -> Found:
    """Read an identifier and who manages it; the text alone, and its type, up to 3.1."""
    content = element.find("{*}IdentifierContent")
    agency = element.findtext("{*}ManagingAgency") or element.get("type")
    said = LIFECYCLE.text(element if content is None else content)
    return LIFECYCLE.found("identifiers", element, said, role=agency)


def _party(lookup: Lookup, field: str, element: _Element) -> Found:
    """Read a person or a body by name, or else by the number under which it is described elsewhere."""
    role = element.find(f"{{*}}{local_name(element)}Role")
    said = None if role is None else LIFECYCLE.text(role)
    named = [name for name in element.iterchildren("{*}*") if local_name(name).endswith("Name")]
    for name in named:
        for text in texts(name):
            yield from LIFECYCLE.found(field, text, role=said, name=local_name(element))
    references = element.iterchildren(f"{{*}}{local_name(element)}Reference")
    for reference in () if named else references:
        yield from _reference(lookup, field, said, reference, name=local_name(element))
    if not len(element):
        yield from LIFECYCLE.found(field, element)


def _reference(lookup: Lookup, field: str, role: str | None, element: _Element, *, name: str | None = None) -> Found:
    identifier, names = names_of(lookup, element)
    for text, said in names:
        parts = [("identifier", identifier)]
        yield from LIFECYCLE.found(field, text, said, role=role, parts=parts, name=name or local_name(element))


# --- funding, coverage, other material ------------------------------------------------------------


def _funding(lookup: Lookup, element: _Element) -> Found:
    """Read who paid, with the numbers of the grants; words on it stand in for a body that is not named."""
    awards = [LIFECYCLE.text(number) for number in element.iterchildren("{*}GrantNumber")]
    named = False
    for reference in element.iterchildren("{*}AgencyOrganizationReference"):
        identifier, names = names_of(lookup, reference)
        named = named or bool(names)
        parts = [("identifier", identifier), *(("award_number", award) for award in awards)]
        for text, said in names:
            yield from LIFECYCLE.found("donors", text, said, role="funder", parts=parts, name="FundingInformation")
    for award in () if named else awards:
        yield from LIFECYCLE.found("relations", element, award, role="grantNumber")
    for words in element.iterchildren("{*}Description"):
        yield from strings("descriptions" if named else "donors", "funding")(words)


def _coverage(lookup: Lookup) -> Table:
    return {
        "TopicalCoverage": {"Subject": "subjects", "Keyword": "subjects"},
        "SpatialCoverage": {
            "GeographicLocationReference": partial(_reference, lookup, "coverage", None),
            "Country": "coverage",
            "CountryCode": "coverage",
            "Description": strings("coverage", None),
        },
        "TemporalCoverage": {"ReferenceDate": _time},
    }


def _time(element: _Element) -> Found:
    ends = map(LIFECYCLE.text, element.iterchildren("{*}SimpleDate", "{*}StartDate", "{*}EndDate"))
    return LIFECYCLE.found("coverage", element, "/".join(filter(None, ends)))


def _material(element: _Element) -> Found:
    """Read other material: its title, else what describes it, else where it lies."""
    kind = element.find("{*}TypeOfMaterial")
    role = None if kind is None else LIFECYCLE.text(kind)
    title, words = element.find("{*}Citation/{*}Title"), element.find("{*}Description")
    given = [text for place in (title, words) if place is not None for text in texts(place)]
    for text in given or element.iterchildren("{*}ExternalURLReference"):
        yield from LIFECYCLE.found("relations", text, role=role, name="OtherMaterial")

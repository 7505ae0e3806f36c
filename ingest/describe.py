"""One harvested record, described: which record of the catalogue it belongs to, and what it would say of it.

Pure: the same record and the same profile always give the same answer. Nothing here asks the network or a clock.
"""

import re
from collections.abc import Iterator
from typing import Literal

from ingest.crosswalk.about import origins
from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Content, Described, Description, Json, Origin, Value
from ingest.endpoints import FieldRule, Profile, RecordIdRule
from ingest.errors import NoRecordId, RecordError
from ingest.normalise.dates import normalise_dates
from ingest.normalise.donors import normalise_donors
from ingest.normalise.languages import normalise_languages
from ingest.normalise.rights import normalise_rights
from ingest.normalise.rights_embargo import is_date_of_embargo
from ingest.normalise.sources import normalise_sources
from ingest.operator_tables import NO_TABLES, OperatorTables
from ingest.records import Record, Rejection

_Target = Literal["rights", "donors", "sources"]


def describe(
    record: Record, *, metadata_prefix: str, profile: Profile, tables: OperatorTables = NO_TABLES
) -> Described | Rejection:
    """Describe one record; where that can not be done, say at which stage and why, with the record's bytes.

    ``tables`` are the operator's, of which the profile knows the digest.
    A tombstone, a live record without metadata and one in a format that no crosswalk knows are described too:
    not understood, without content, and without a record ID where only the metadata could tell it.
    """
    try:
        format_name, description = _read(record, metadata_prefix)
        found = origins(record.about)
        namespace, record_id = _identity(record, found[-1] if found else None, description, profile)
    except RecordError as error:
        return _rejection(record, error)
    return Described(
        namespace=namespace,
        record_id=record_id,
        content=Content() if description is None else _content(description, profile, tables),
        understood=description is not None,
        format=format_name,
        origins=found,
    )


def _read(record: Record, metadata_prefix: str) -> tuple[str | None, Description | None]:
    # A deletion wins over metadata that a repository sends along with it.
    if record.header.deleted or record.metadata is None:
        return None, None
    return crosswalk(record.metadata, metadata_prefix=metadata_prefix, tree=record.tree)


def _rejection(record: Record, error: RecordError) -> Rejection:
    identifier = record.header.identifier
    return Rejection(
        stage=error.stage,
        reason=error.reason,
        message=" ".join(str(error).split()),
        content=identifier.encode() if record.metadata is None else record.metadata,
        identifier=identifier,
    )


# --- the fields that the endpoint declares --------------------------------------------------------


def _with_declared_fields(description: Description, profile: Profile) -> Description:
    declared = profile.fields
    description = _moved(description, declared.donor, "donors")
    description = _moved(description, declared.rights, "rights")
    return _moved(description, declared.source, "sources")


def _moved(description: Description, rule: FieldRule | None, target: _Target) -> Description:
    """Move the values that the rule matches to ``target``, cut down to what its pattern takes of them."""
    if rule is None:
        return description
    moved: list[Value] = []
    left: dict[str, list[Value]] = {name: [] for name in Description._fields}
    for name, value in _values(description):
        taken = _match(rule.pattern, value.text) if _is_named(rule.element, name, value) else None
        if taken is None:
            left[name].append(value)
        else:
            (left[name] if name == target else moved).append(value._replace(text=taken))
    left[target].extend(moved)
    return Description(**{name: tuple(values) for name, values in left.items()})


def _values(description: Description) -> Iterator[tuple[str, Value]]:
    """Give every value with the name of its field; within a field in document order."""
    return ((name, value) for name, values in description._asdict().items() for value in values)


def _is_named(element: str, field: str, value: Value) -> bool:
    """Tell whether a declaration's ``element`` means a value of a field.

    ``contributor`` and ``contributors`` mean the field, whatever the format; any other plain name, and a name with
    its prefix, mean the elements of that name. ``dc:`` and ``dcterms:`` are one vocabulary.
    """
    if ":" in element:
        return element.replace("dcterms:", "dc:", 1) == value.element.replace("dcterms:", "dc:", 1)
    return element in (field, field.removesuffix("s"), value.element.rpartition(":")[2])


def _match(pattern: str, text: str) -> str | None:
    """Give group 1 of the first match, or the whole match of a pattern without groups; None where it is empty."""
    match = re.search(pattern, text)
    if match is None:
        return None
    return (match[1 if match.re.groups else 0] or "").strip() or None


# --- identity -------------------------------------------------------------------------------------


def _identity(
    record: Record, found: Origin | None, description: Description | None, profile: Profile
) -> tuple[str, str | None]:
    """Give namespace and record ID: those of the first repository where the endpoint trusts its name.

    Raises NoRecordId where a live record's metadata, or its OAI identifier, is at hand and does not tell it.
    """
    namespace, rule, identifier = profile.namespace, profile.record_id, record.header.identifier
    for trusted in profile.trusted_origins:
        if found is not None and _base_url(trusted.base_url) == _base_url(found.base_url):
            namespace, rule, identifier = trusted.namespace, trusted.record_id, found.identifier
            break
    if rule is None:
        return namespace, identifier
    return namespace, _record_id(rule, identifier, description, deleted=record.header.deleted)


def _record_id(rule: RecordIdRule, identifier: str, description: Description | None, *, deleted: bool) -> str | None:
    if rule.element is None:
        texts = [identifier]
    elif description is None:
        return None
    else:
        texts = [value.text for name, value in _values(description) if _is_named(rule.element, name, value)]
    record_id = next(filter(None, (_match(rule.pattern, text) for text in texts)), None)
    if record_id is None and not deleted:
        place = rule.element or "the OAI identifier"
        raise NoRecordId(f"The record_id pattern {rule.pattern} matches nothing in {place}; correct the declaration.")
    return record_id


def _base_url(written: str) -> str:
    """Write a base URL as it is compared: the case of scheme and host does not count, nor does a last stroke."""
    return re.sub("^[^/]*//[^/]*", lambda start: start[0].lower(), written.strip()).rstrip("/")


# --- content --------------------------------------------------------------------------------------


def _content(description: Description, profile: Profile, tables: OperatorTables) -> Content:
    description, defaults = _with_declared_fields(description, profile), profile.defaults
    donors = normalise_donors(description, tables)
    if not donors and defaults.donor:
        donors = normalise_donors(Description(donors=_default(defaults.donor)), tables)
    rights = (*(description.rights or _default(defaults.rights)), *_embargoes(description.dates))
    return Content(
        title=_title(description.titles),
        creators=tuple(creator.text for creator in description.creators),
        date=normalise_dates(description.dates),
        languages=normalise_languages(description.languages),
        rights=normalise_rights(rights, tables),
        donors=donors,
        sources=normalise_sources(description.sources or _default(defaults.source), tables),
        metadata=_metadata(description),
    )


def _default(text: str | None) -> tuple[Value, ...]:
    """Give what the endpoint says for a silent record; the element tells that no record says it."""
    return (Value(text=text, element="default"),) if text else ()


def _embargoes(dates: tuple[Value, ...]) -> tuple[Value, ...]:
    """Give the dates that say when an embargo ends: they stand among the dates, and speak of rights."""
    return tuple(date for date in dates if is_date_of_embargo(date))


def _title(titles: tuple[Value, ...]) -> str | None:
    """Give the first title that is not an alternative one, or else the first."""
    return next((title.text for title in titles if title.role is None), titles[0].text if titles else None)


def _metadata(description: Description) -> dict[str, Json]:
    metadata: dict[str, Json] = {}
    for name, values in zip(Description._fields, description, strict=True):
        if values:
            # Most values are a text and its language.
            metadata[name] = told = []
            for text, lang, _element, role, parts in values:
                plain = role is None and not parts
                told.append({"value": text, "lang": lang} if plain else _told(text, lang, role, parts))
    return metadata


def _told(text: str, lang: str | None, role: str | None, parts: tuple[tuple[str, str], ...]) -> dict[str, Json]:
    told: dict[str, Json] = {"value": text, "lang": lang}
    if role is not None:
        told["type"] = role
    identifier = next((part for name, part in parts if name == "identifier"), None)
    if identifier is not None:
        told["identifier"] = identifier
    return told

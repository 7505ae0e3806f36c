"""The contract with catalogues as data: every column of every view, its type, its meaning, and since when it is there.

The one place where a column's meaning is written: PostgreSQL gets it as the column's comment, and
``docs/catalogues.md`` is held to it. A column that is added goes to the end of its view and raises ``MINOR``. Whatever
else would change a view is a new version: its views get names of their own (``catalogue_records_2``), the feed's
``catalogue_feed_2`` says ``contract_version`` 2, and the views of the version before stay as they are beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

VERSION = 1
"""Raised, with views of new names, when a column is renamed, removed, or comes to mean something else."""
MINOR = 2
"""Raised when a column is added at the end of a view, or a view is added; 0 again with each version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewColumn:
    """One column of a view."""

    name: str
    kind: str
    """PostgreSQL's type. On SQLite jsonb, timestamptz and text are text; bigint, integer and boolean are integers."""
    meaning: str
    """One sentence or two, for who reads the view; the same on both databases."""
    since: int
    """The minor number of the contract with which it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewContract:
    """One view: what a row of it is, and its columns in order."""

    meaning: str
    columns: tuple[ViewColumn, ...]


def _view(
    meaning: str, *columns: tuple[str, str, str], later: tuple[tuple[int, str, str, str], ...] = ()
) -> ViewContract:
    first = (ViewColumn(name=name, kind=kind, meaning=told, since=0) for name, kind, told in columns)
    added = (ViewColumn(name=name, kind=kind, meaning=told, since=since) for since, name, kind, told in later)
    return ViewContract(meaning=meaning, columns=(*first, *added))


_BIGINT, _INTEGER, _BOOLEAN, _TEXT, _JSON, _INSTANT = "bigint", "integer", "boolean", "text", "jsonb", "timestamptz"
_KEY = ("record_key", _BIGINT, "The record's number: the same in all views, never given out again.")
_POSITION = ("position", _INTEGER, "Place in the record's order, from 0 without holes.")
_RULE = ("rule", _TEXT, "The rule that read it, as field/name@number.")
_CONFIDENCE = ("confidence", _TEXT, "How the rule knows: exact, repaired, named, inferred or none.")
_STATEMENT = "The original text, letter for letter."

CONTRACT: Mapping[str, ViewContract] = {
    "catalogue_records": _view(
        "One row a record, deleted and merged ones too: what the item that speaks for it says.",
        _KEY,
        ("namespace", _TEXT, "Whose record IDs these are; endpoints that share one share records."),
        ("record_id", _TEXT, "The record ID, unique in its namespace."),
        ("endpoint", _TEXT, "The endpoint of the item that speaks; null where no item is left."),
        ("oai_identifier", _TEXT, "The OAI identifier of the item that speaks."),
        ("metadata_prefix", _TEXT, "The metadataPrefix of the item that speaks."),
        ("datestamp", _TEXT, "The datestamp of the item that speaks, as the repository wrote it."),
        ("title", _TEXT, "The first title that is not an alternative one."),
        ("creators", _JSON, "Creators as written, in order: array of text."),
        ("date", _TEXT, "The described thing's date: EDTF where certain, else as written."),
        ("languages", _JSON, "Languages: array of text, BCP 47 where certain, else as written."),
        ("rights_uri", _TEXT, "The rights statement or licence that decides; null where none does."),
        (
            "rights_category",
            _TEXT,
            "What may be done with it, by the category of the deciding statement; unknown if none.",
        ),
        ("metadata", _JSON, "Everything described: object of field name to array of {value, lang}, in document order."),
        ("version", _INTEGER, "How often what the record says, or its state, has changed, from 1."),
        ("deleted", _BOOLEAN, "No live item is left; the row and its content stay as they last were."),
        ("merged_into", _BIGINT, "The record_key of the record to which all its items have gone."),
        ("created_at", _INSTANT, "When its record ID was first seen here."),
        ("changed_at", _INSTANT, "When its version was written."),
        later=(
            (
                1,
                "rights_conflict",
                _BOOLEAN,
                "Statements of equal strength contradict each other: see catalogue_rights.",
            ),
        ),
    ),
    "catalogue_rights": _view(
        "One row a rights statement of a record, in order.",
        _KEY,
        _POSITION,
        ("statement", _TEXT, _STATEMENT),
        ("uri", _TEXT, "The statement or licence that it is, by its canonical URI."),
        ("label", _TEXT, "The name that goes with the URI or the rule."),
        ("category", _TEXT, "What this statement says may be done; unknown where no rule knew."),
        ("access", _TEXT, "Who may look, where it says so: open, restricted, closed, embargoed, metadata-only."),
        ("embargo_end", _TEXT, "When an embargo ends: a year, a month or a day."),
        ("holder", _TEXT, "Who holds the rights, as written."),
        ("permits", _JSON, "Uses that it allows in words: array of text."),
        ("contact", _TEXT, "Whom to ask."),
        _RULE,
        _CONFIDENCE,
        later=(
            (
                1,
                "details",
                _JSON,
                "What else it tells: object; scheme, version, port, terms, applies_to, year and others.",
            ),
        ),
    ),
    "catalogue_donors": _view(
        "One row a party that gave or paid, each once a record, in order.",
        _KEY,
        _POSITION,
        ("name", _TEXT, "The party's name; its first 500 characters."),
        ("kind", _TEXT, "person, organisation, family or anonymous."),
        ("role", _TEXT, "donor, donor-estate, intermediary, funder or sponsor."),
        (
            "identifier",
            _TEXT,
            "The record's own identifier of the party, or that of a known party of exactly this name.",
        ),
        ("statement", _TEXT, "The original text of the first place that names the party, letter for letter."),
        (
            "evidence",
            _JSON,
            "Each place that names the party: array of {element, statement, lead_in} and what was found there.",
        ),
        _RULE,
        _CONFIDENCE,
    ),
    "catalogue_sources": _view(
        "One row a statement of where the described thing stands or appeared, in order.",
        _KEY,
        _POSITION,
        ("statement", _TEXT, _STATEMENT),
        (
            "type",
            _TEXT,
            "archival, journal, book, newspaper, collection, paper-series, holder, identifier, url, file or unknown.",
        ),
        (
            "repository",
            _TEXT,
            "The archive that holds the original, as the statement names it; its first 250 characters.",
        ),
        ("ref", _TEXT, "The archive's reference; its first 400 characters."),
        ("pages", _TEXT, "Pages or leaves, as written."),
        ("collection", _TEXT, "The collection within the archive."),
        (
            "parts",
            _JSON,
            "All parts that were found: object; container_title, volume, issue, year, levels, remainder and others.",
        ),
        _RULE,
        _CONFIDENCE,
    ),
    "catalogue_items": _view(
        "One row an item: what one endpoint's repository has under one identifier and metadataPrefix.",
        (
            "record_key",
            _BIGINT,
            "The record it belongs to; null where that is not known, as of a tombstone never seen live.",
        ),
        ("endpoint", _TEXT, "The endpoint it was harvested from."),
        ("oai_identifier", _TEXT, "Its OAI identifier."),
        ("metadata_prefix", _TEXT, "The metadataPrefix it was asked for with."),
        ("datestamp", _TEXT, "Its datestamp, as the repository wrote it."),
        ("deleted", _BOOLEAN, "The repository has deleted it."),
        ("speaks", _BOOLEAN, "Its content is what the record says."),
        ("sets", _JSON, "The sets that its header names: array of text, sorted by bytes."),
        ("origin_base_url", _TEXT, "Base URL of the repository it first came from, where an aggregator says so."),
        ("origin_identifier", _TEXT, "Its OAI identifier there."),
        ("first_seen_at", _INSTANT, "When it was first harvested."),
        later=(
            (
                2,
                "origins",
                _JSON,
                "All that its provenance names, the origin last: array of {base_url, identifier} and more where told.",
            ),
        ),
    ),
    "catalogue_changes": _view(
        "One row a change of a record: the feed, numbered without holes in the order in which changes became visible.",
        ("cursor", _BIGINT, "The change's number in its feed."),
        _KEY,
        ("namespace", _TEXT, "The record's namespace."),
        ("record_id", _TEXT, "The record ID."),
        ("change", _TEXT, "created, changed, deleted, restored or merged."),
        ("fields", _JSON, "Fields that read otherwise than before: array of text; of a new record those that it has."),
        ("version", _INTEGER, "The record's version after the change."),
        ("merged_into", _BIGINT, "Of a merged record: the record_key of the other."),
        ("changed_at", _INSTANT, "When it was written; no order follows from it."),
    ),
    "catalogue_feed": _view(
        "Exactly one row: which feed this is, and how far it reaches.",
        ("feed_id", _TEXT, "The feed's name: another one means that cursors from before are void."),
        (
            "oldest_cursor",
            _BIGINT,
            "The oldest change that is still there: a reader that is further behind begins again.",
        ),
        ("newest_cursor", _BIGINT, "The newest change; 0 where there was none."),
        ("contract_version", _INTEGER, "The version of these views; they only grow within one."),
        later=((2, "contract_minor", _INTEGER, "Raised whenever a column or a view was added."),),
    ),
    "catalogue_vocabulary": _view(
        "One row a controlled rights statement or licence.",
        ("uri", _TEXT, "Its canonical URI, as in rights_uri and catalogue_rights.uri."),
        ("label", _TEXT, "Its name."),
        ("scheme", _TEXT, "rightsstatements or creative-commons."),
        ("category", _TEXT, "The category that it means."),
    ),
}
"""View name -> its contract; nothing else is promised to other programs."""

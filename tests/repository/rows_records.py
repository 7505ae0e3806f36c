"""What must come out of single records that are not as they should be."""

from outcomes import RECORDS, UNDISTURBED, Row, complete, partial

ROWS: tuple[Row, ...] = (
    # Headers.
    complete("headers_without_datestamp", "keeps the record without one"),
    complete(
        "records_without_identifier",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        stored=RECORDS - 2,
        rejected=2,
    ),
    complete("header_in_another_order", "goes by the names of elements, and not by their order"),
    complete("identifiers_with_blanks_around", "takes the blanks around an identifier for no part of it"),
    complete("identifiers_of_many_kinds", "takes whatever names a record as it is, within this repository"),
    complete("private_addresses_in_identifiers", "takes whatever names a record as it is, and asks nothing there"),
    # Datestamps.
    complete("datestamps_in_many_forms", "keeps each as it came, and reads it where it can"),
    complete("unreadable_datestamps", "keeps each as it came; no harvest depends on them"),
    # Deletions.
    complete(
        "deletions_where_none_are_tracked", "goes by the header: the record is deleted, and can come back", deleted=10
    ),
    complete("deleted_with_metadata", "goes by the header: the record is deleted", deleted=1),
    # Metadata.
    complete("live_without_metadata", "keeps the record, empty, and counts it", "no-metadata"),
    complete(
        "one_record_spoilt",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        stored=RECORDS - 5,
        rejected=5,
    ),
    complete(
        "dublin_core_without_a_root",
        "puts the root around them, and says at which record",
        "repaired",
        repairs=("metadata-wrapped",),
    ),
    complete("dublin_core_without_namespaces", "reads it as Dublin Core"),
    complete("qualified_terms_in_plain_dublin_core", "reads these terms too"),
    complete(
        "marked_not_to_be_harvested",
        "takes it in as it came, mark and all: what was sent is not dropped in silence",
    ),
    partial(
        "many_rejections",
        "stops asking once more than a hundred, or the share that the endpoint allows, can not be taken in",
        "rejection-ceiling",
        "rejections",
        stored=40,
        rejected=1,
        most_requests=UNDISTURBED,
    ),
    complete("prefixes_on_the_protocol", "goes by namespaces, whatever the prefixes"),
)

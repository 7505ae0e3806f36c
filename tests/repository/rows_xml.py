"""What must come out where pages are not the XML that they should be."""

from outcomes import BY_RECORD, IN_PARTS, RECORDS, TRIES_OF_BROKEN, UNDISTURBED, Row, complete, failed, partial

CUT_OUT = UNDISTURBED + TRIES_OF_BROKEN - 1
"""No more than a look whether the page comes well when it is asked for again."""

ROWS: tuple[Row, ...] = (
    # Around the root.
    complete(
        "declarations_inside_records",
        "drops declarations that do not begin the page, and says so",
        "repaired",
        repairs=("declaration-inside",),
    ),
    complete(
        "blank_lines_before",
        "drops what stands before the declaration, and says so",
        "repaired",
        repairs=("junk-before-root",),
    ),
    complete(
        "notice_before", "cuts off what stands before the root, and says so", "repaired", repairs=("junk-before-root",)
    ),
    complete(
        "notice_after", "cuts off what stands after the root, and says so", "repaired", repairs=("junk-after-root",)
    ),
    # Tags.
    complete(
        "unclosed_tag",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete(
        "crossed_tags",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete(
        "every_record_of_a_page_crossed",
        "keeps each record's bytes as a rejection, and goes on with the next page",
        "rejections",
        "repaired",
        stored=RECORDS - 10,
        rejected=10,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete(
        "end_of_cdata_in_text",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete("cdata_of_many_kinds", "reads the text, whatever tags it seems to hold"),
    complete("end_tags_in_comments", "takes no tag in a comment for one"),
    complete(
        "end_tags_in_comments+unclosed_tag",
        "takes no tag in a comment for one, also where records are cut out one by one",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete(
        "cdata_of_many_kinds+crossed_tags",
        "takes no tag in a text for one, also where records are cut out one by one",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    complete(
        "deep_nesting",
        "keeps the record's bytes as a rejection, and takes the others in",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
    # Pages that break off.
    complete("cut_in_mid_record_once", "asks for the page again", most_requests=UNDISTURBED + 1),
    complete(
        "cut_between_records",
        "never takes the cut for the end, and reads the list by headers and in shorter parts",
        "repaired",
        "restarts",
        most_requests=IN_PARTS,
        repairs=("records-cut-out",),
    ),
    partial(
        "cut_between_records",
        "never takes the cut for the end; where dates can not be asked for either, the list is a gap",
        "damaged-page",
        "repaired",
        "restarts",
        keys={"quirks": {"ignores_dates": True}},
        when="with `quirks.ignores_dates = true`",
        stored=25,
        most_requests=BY_RECORD,
        repairs=("records-cut-out",),
    ),
    complete(
        "cut_between_records_only",
        "reads the list record by record",
        "repaired",
        "restarts",
        most_requests=BY_RECORD,
        repairs=("records-cut-out",),
    ),
    complete(
        "cut_after_the_last_record",
        "reads the list record by record",
        "repaired",
        "restarts",
        most_requests=BY_RECORD,
        repairs=("records-cut-out",),
    ),
    complete(
        "last_page_cut_after_the_last_record",
        "does not take it for the end of the list, and reads the list record by record",
        "repaired",
        "restarts",
        most_requests=BY_RECORD + 2,
        repairs=("records-cut-out",),
    ),
    # Bodies that are no XML.
    complete(
        "json_with_status_200",
        "does not take it for an empty list, and reads the list by headers and in shorter parts",
        "restarts",
        most_requests=IN_PARTS,
    ),
    # Document types.
    complete(
        "billion_laughs",
        "expands nothing, and keeps the record that only comes so as a rejection",
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    complete(
        "external_entity",
        "fetches nothing, and keeps the record that only comes so as a rejection",
        "rejections",
        "restarts",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=BY_RECORD,
    ),
    failed(
        "document_type_everywhere",
        "refuses document types, and asks for nothing more",
        "malformed-response",
        most_requests=1,
    ),
    complete(
        "crossed_in_lists_only",
        "keeps the record's bytes as a rejection; `rejections retry` asks for it alone",
        "rejections",
        "repaired",
        stored=RECORDS - 1,
        rejected=1,
        most_requests=CUT_OUT,
        repairs=("records-cut-out",),
    ),
)

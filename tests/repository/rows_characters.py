"""What must come out where an answer's characters are not what they should be."""

from outcomes import UNDISTURBED, Row, complete

ROWS: tuple[Row, ...] = (
    complete(
        "vertical_tab",
        "leaves out characters that XML forbids, and says at which record",
        "repaired",
        repairs=("illegal-characters",),
    ),
    complete(
        "control_characters",
        "leaves out characters that XML forbids, and says at which record",
        "repaired",
        repairs=("illegal-characters",),
    ),
    complete(
        "references_to_illegal_characters",
        "leaves such references out, and says at which record",
        "repaired",
        repairs=("illegal-characters",),
    ),
    complete(
        "surrogates_as_references",
        "pairs the halves, leaves out what has no other half, and says so",
        "repaired",
        repairs=("illegal-characters",),
    ),
    complete(
        "latin_1_bytes",
        "reads bytes that are no UTF-8 as windows-1252, and says at which record",
        "repaired",
        repairs=("invalid-utf-8",),
    ),
    complete(
        "windows_1252_bytes",
        "reads bytes that are no UTF-8 as windows-1252, and says so",
        "repaired",
        repairs=("invalid-utf-8",),
    ),
    complete(
        "declared_as_ascii",
        "takes a page as UTF-8 that is not what it declares, and says so",
        "repaired",
        repairs=("wrong-encoding",),
    ),
    complete(
        "declared_as_no_encoding",
        "takes a page as UTF-8 whose encoding nobody knows, and says so",
        "repaired",
        repairs=("wrong-encoding",),
    ),
    complete(
        "declared_as_utf_16",
        "takes a page as UTF-8 that is not what it declares, and says so",
        "repaired",
        repairs=("wrong-encoding",),
    ),
    complete("latin_1", "obeys the declared encoding"),
    complete("utf_16", "obeys the byte order mark"),
    complete("byte_order_mark", "takes it for what it is"),
    complete("another_content_type", "parses the bytes as XML does, whatever HTTP says of them"),
    complete(
        "bare_ampersand",
        "takes the ampersand as the character, and says at which record",
        "repaired",
        repairs=("bare-ampersand",),
    ),
    complete(
        "entities_of_html",
        "puts the characters in their place, and says at which record",
        "repaired",
        repairs=("undefined-entity",),
    ),
    complete(
        "entity_that_nobody_knows",
        "keeps it as text, and says at which record",
        "repaired",
        repairs=("undefined-entity",),
    ),
    complete("escaped_twice", "keeps the text as it came"),
    complete("broken_before_it_came_here", "keeps the text as it came: what it was before is a guess"),
    complete(
        "bare_ampersand+vertical_tab+notice_after",
        "mends one thing after the other, and names each",
        "repaired",
        repairs=("bare-ampersand", "illegal-characters", "junk-after-root"),
    ),
    complete(
        "declared_as_ascii+cut_in_mid_record_once",
        "asks again for the page that broke off, and mends it",
        "repaired",
        most_requests=UNDISTURBED + 1,
        repairs=("wrong-encoding",),
    ),
)

"""What is wrong with an answer's characters: forbidden ones, encodings, references; and text that only looks wrong."""

from collections.abc import Callable

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import altered, in_lists, one_record
from workers.demo.exchange import Answer, Response

_DESCRIPTION = b"<dc:description>"
_DECLARED = b'encoding="UTF-8"'
WORDS = "Grüße aus Köln"
"""What stands before the victim's own description where an encoding is tried."""


def described(record: bytes, text: bytes) -> bytes:
    """Put bytes before the text of a record's description."""
    return record.replace(_DESCRIPTION, _DESCRIPTION + text, 1)


def _describing(text: bytes) -> Callable[[Asked, Answer], Response]:
    """Put bytes before the victim's description, and before no other."""
    return lambda asked, answer: one_record(answer(asked.request), lambda record: described(record, text))


def _encoded(asked: Asked, answer: Answer, encoding: str, declared: str) -> Response:
    """Write the lists in an encoding, and declare that one or another; the victim says what ASCII can not."""

    def encode(body: bytes) -> bytes:
        return body.replace(_DECLARED, b'encoding="%b"' % declared.encode(), 1).decode().encode(encoding)

    return altered(_describing(WORDS.encode())(asked, answer), encode)


# --- characters that XML forbids ------------------------------------------------------------------


@misbehaviour("D14", "F12")
def vertical_tab(asked: Asked, answer: Answer) -> Response:
    """Put a vertical tab into one record.

    Seen: Dataverse (issue 8306), where it came out of PDF files.
    """
    return _describing(b"one\x0btwo")(asked, answer)


@misbehaviour("D14", "F12")
def control_characters(asked: Asked, answer: Answer) -> Response:
    """Put the characters 0x03 and 0x1A into one record.

    Seen: TreeBASE (issue 193), Dataverse (issue 8306).
    """
    return _describing(b"one\x03two\x1athree")(asked, answer)


@misbehaviour("D14", "F12")
def references_to_illegal_characters(asked: Asked, answer: Answer) -> Response:
    """Write a vertical tab and the character 0x03 as numeric references in one record.

    Seen: repositories whose software escapes what it should have left out.
    """
    return _describing(b"one&#11;two&#x3;three")(asked, answer)


@misbehaviour("D18")
def surrogates_as_references(asked: Asked, answer: Answer) -> Response:
    """Write a character beyond the first plane as two references, one for each half of its pair; and half of another.

    Seen: lobid (lobid-gnd issue 336).
    """
    return _describing(b"one &#55357;&#56832; two&#xD83D; three")(asked, answer)


# --- encodings ------------------------------------------------------------------------------------


@misbehaviour("D15")
def latin_1_bytes(asked: Asked, answer: Answer) -> Response:
    """Put Latin-1 into one record of pages that are UTF-8.

    Seen: metha (issue 1); catalogues that were filled from several sources.
    """
    return _describing(WORDS.encode("iso-8859-1"))(asked, answer)


@misbehaviour("D15")
def windows_1252_bytes(asked: Asked, answer: Answer) -> Response:
    """Put the quotation marks and dashes of Windows into one record of pages that are UTF-8.

    Seen: texts that were pasted from word processors.
    """
    return _describing("“one” \N{EN DASH} two".encode("windows-1252"))(asked, answer)


@misbehaviour("D15", "F15")
@in_lists
def declared_as_ascii(asked: Asked, answer: Answer) -> Response:
    """Declare US-ASCII and send UTF-8.

    Seen: servers whose XML declaration is a template that nobody looks at.
    """
    return _encoded(asked, answer, "utf-8", "US-ASCII")


@misbehaviour("D15", "F15")
@in_lists
def declared_as_no_encoding(asked: Asked, answer: Answer) -> Response:
    """Declare an encoding that does not exist and send UTF-8.

    Seen: servers that write the name of a database's collation.
    """
    return _encoded(asked, answer, "utf-8", "utf8mb4")


@misbehaviour("D15", "F15")
@in_lists
def declared_as_utf_16(asked: Asked, answer: Answer) -> Response:
    """Declare UTF-16 and send UTF-8.

    Seen: documents that were written in memory by Windows and sent otherwise.
    """
    return _encoded(asked, answer, "utf-8", "UTF-16")


@misbehaviour("D15")
@in_lists
def latin_1(asked: Asked, answer: Answer) -> Response:
    """Write the lists in ISO-8859-1 and declare it, against the protocol (section 3.2).

    Seen: LINGUIST List.
    """
    return _encoded(asked, answer, "iso-8859-1", "ISO-8859-1")


@misbehaviour("D15")
@in_lists
def utf_16(asked: Asked, answer: Answer) -> Response:
    """Write the lists in UTF-16 with a byte order mark and declare it, against the protocol (section 3.2).

    Seen: servers that run on Windows.
    """
    return _encoded(asked, answer, "utf-16", "UTF-16")


@misbehaviour("D19")
def byte_order_mark(asked: Asked, answer: Answer) -> Response:
    """Begin every answer with the byte order mark of UTF-8.

    Seen: PHP files that an editor of Windows saved.
    """
    return altered(answer(asked.request), lambda body: b"\xef\xbb\xbf" + body)


@misbehaviour("D31")
def another_content_type(asked: Asked, answer: Answer) -> Response:
    """Call every answer ``text/html`` in Latin-1, while it is XML in UTF-8.

    Seen: sickle (issue 22, pull request 9).
    """
    response = _describing(WORDS.encode())(asked, answer)
    return Response(body=response.body, status=response.status, content_type="text/html; charset=iso-8859-1")


# --- references -----------------------------------------------------------------------------------


@misbehaviour("D17", "F12")
def bare_ampersand(asked: Asked, answer: Answer) -> Response:
    """Leave two ampersands of one record as they are.

    Seen: findsorguk (issue 843); wherever XML is written by hand.
    """
    return _describing(b"Smith & Sons, ?a=1&b=2 ")(asked, answer)


@misbehaviour("D16")
def entities_of_html(asked: Asked, answer: Answer) -> Response:
    """Use, in one record, entities that only HTML knows.

    Seen: ep.eur.nl.
    """
    return _describing(b"caf&eacute;&nbsp;&ndash; ")(asked, answer)


@misbehaviour("D16")
def entity_that_nobody_knows(asked: Asked, answer: Answer) -> Response:
    """Use, in one record, an entity that neither XML nor HTML knows.

    Seen: ep.eur.nl.
    """
    return _describing(b"one &bogus; two ")(asked, answer)


# --- what only looks wrong ------------------------------------------------------------------------


@misbehaviour("D29")
def escaped_twice(asked: Asked, answer: Answer) -> Response:
    """Escape the markup and the entities of one record's description twice.

    Seen: in the values of a third of all repositories that were looked at.
    """
    return _describing(b"&lt;p&gt;Smith &amp;amp; Sons&lt;/p&gt; ")(asked, answer)


@misbehaviour("D30")
def broken_before_it_came_here(asked: Asked, answer: Answer) -> Response:
    """Send, in good UTF-8, a text that was read in a wrong encoding before, and one that lost a letter.

    Seen: NODC, K-State, CiteSeerX.
    """
    return _describing("KÃ¶ln, M\ufffdnchen ".encode())(asked, answer)

"""What goes wrong below HTTP and in the body: resets, silence, wrong lengths, cut and overgrown answers."""

import gzip
import socket

from watching import Asked

from hostile.naming import misbehaviour
from hostile.shaping import STRUCK, altered, at_the_third_page
from workers.demo.exchange import Answer, Connection, Response, Writer

HUGE = 12_000_000
"""Characters in one text node; libxml2 by itself stops at ten million."""
BOMB = 40_000_000
"""Bytes that a few kilobytes of gzip unpack to."""


# --- connections ----------------------------------------------------------------------------------


def _head(length: int, more: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n{more}\r\n".encode()


@misbehaviour("D4", "F10")
@at_the_third_page
def server_down_mid_list(_asked: Asked, _answer: Answer) -> Writer:
    """Reset every connection that asks for the third page of a list.

    Seen: servers whose process dies of one page and is started again at once.
    """
    return lambda connection: connection.reset()


@misbehaviour("F10")
def reset_once(asked: Asked, answer: Answer) -> Response | Writer:
    """Reset the connection the first time that each page is asked for.

    Seen: load balancers that close connections which they hold to be idle.
    """
    return (lambda connection: connection.reset()) if asked.times == 1 else answer(asked.request)


@misbehaviour("F13")
def reset_in_mid_body(asked: Asked, answer: Answer) -> Response | Writer:
    """Send half of the third page and reset the connection, the first time.

    Seen: eScholarship (jschol issue 898).
    """
    response = answer(asked.request)
    if asked.page != STRUCK or asked.times > 1:
        return response

    def write(connection: Connection) -> None:
        connection.send(_head(len(response.body)) + response.body[: len(response.body) // 2])
        connection.reset()

    return write


@misbehaviour("F13")
def closed_without_a_word(asked: Asked, answer: Answer) -> Response | Writer:
    """Close the connection before the first byte of the third page, the first time.

    Seen: servers that end idle connections at the moment in which a request arrives.
    """
    return (lambda _connection: None) if asked.page == STRUCK and asked.times == 1 else answer(asked.request)


@misbehaviour("F13")
@at_the_third_page
def connection_cut_in_mid_page(asked: Asked, answer: Answer) -> Writer:
    """End the connection before as many bytes of the third page have been sent as HTTP announced.

    Seen: eScholarship (jschol issue 898).
    """
    body = answer(asked.request).body
    return lambda connection: connection.send(_head(len(body)) + body[: len(body) // 2])


@misbehaviour("F13")
def half_closed(asked: Asked, answer: Answer) -> Response | Writer:
    """Stop sending in the middle of the third page, the first time, and keep the connection open for reading.

    Seen: proxies that lost the server behind them.
    """
    response = answer(asked.request)
    if asked.page != STRUCK or asked.times > 1:
        return response

    def write(connection: Connection) -> None:
        connection.send(_head(len(response.body)) + response.body[: len(response.body) // 2])
        # The demo server's connection has no word for it: no other test closes one half.
        connection._socket.shutdown(socket.SHUT_WR)  # noqa: SLF001 - see above.
        connection.pause(0.2)

    return write


@misbehaviour("D10")
def silent_at_first(asked: Asked, answer: Answer) -> Response | Writer:
    """Send nothing at all for the third page, the first time, for longer than anybody waits.

    Seen: Oregon Digital (oregondigital issue 1054), pyoai issue 14.
    """
    if asked.page != STRUCK or asked.times > 1:
        return answer(asked.request)
    return lambda connection: connection.pause(30)


@misbehaviour("D10")
def slow_drip(asked: Asked, answer: Answer) -> Response | Writer:
    """Send the third page a byte at a time, the first time.

    Seen: servers that hold a connection open while they think; harvesters have no deadline for that.
    """
    response = answer(asked.request)
    if asked.page != STRUCK or asked.times > 1:
        return response

    def write(connection: Connection) -> None:
        connection.send(_head(len(response.body)))
        for position in range(len(response.body)):
            connection.send(response.body[position : position + 1])
            connection.pause(0.02)

    return write


# --- bodies ---------------------------------------------------------------------------------------


@misbehaviour("D21", "F13")
@at_the_third_page
def truncated_page(asked: Asked, answer: Answer) -> Response:
    """Break the third page off in the middle of a record, while HTTP says that it is whole.

    Seen: eScholarship (jschol issue 898), Dataverse (issue 8306).
    """
    return altered(answer(asked.request), lambda body: body[: len(body) // 2])


@misbehaviour("F13")
def content_length_too_long(asked: Asked, answer: Answer) -> Response | Writer:
    """Announce a hundred bytes more than the third page has, every time, and close the connection after it.

    Seen: servers that count characters, or add the length of a notice that is never sent.
    """
    response = answer(asked.request)
    if asked.page != STRUCK:
        return response
    return lambda connection: connection.send(_head(len(response.body) + 100) + response.body)


@misbehaviour("F13")
def content_length_too_short(asked: Asked, answer: Answer) -> Response | Writer:
    """Announce a hundred bytes less than the third page has, so that HTTP cuts it off.

    Seen: servers that count characters and send UTF-8.
    """
    response = answer(asked.request)
    if asked.page != STRUCK:
        return response
    return lambda connection: connection.send(_head(len(response.body) - 100) + response.body)


@misbehaviour("F13")
def truncated_gzip(asked: Asked, answer: Answer) -> Response | Writer:
    """Cut the third page off in its compressed form, the first time, with a Content-Length that fits what is sent.

    Seen: caches that kept half of an answer.
    """
    response = answer(asked.request)
    if asked.page != STRUCK or asked.times > 1:
        return response
    packed = gzip.compress(response.body)[:-200]
    return lambda connection: connection.send(_head(len(packed), "Content-Encoding: gzip\r\n") + packed)


@misbehaviour("F14")
@at_the_third_page
def gzip_bomb(asked: Asked, answer: Answer) -> Response:
    """Send, as the third page, a few kilobytes that unpack to forty megabytes.

    Seen: as an attack on whatever unpacks what it is sent.
    """
    return altered(
        answer(asked.request), lambda body: body.replace(b"<ListRecords>", b"<ListRecords>" + b" " * BOMB, 1)
    )


@misbehaviour("D25", "F14")
@at_the_third_page
def huge_text_node(asked: Asked, answer: Answer) -> Response:
    """Put more into one description than libxml2 by itself takes in a text node.

    Seen: sickle (pull request 55), where the rest of the page and its token were lost unseen; metha issue 35.
    """
    opening = b"<dc:description>"
    return altered(answer(asked.request), lambda body: body.replace(opening, opening + b"w" * HUGE, 1))


@misbehaviour("F6")
def empty_body(asked: Asked, answer: Answer) -> Response:
    """Answer the third page with status 200 and nothing else, the first time.

    Seen: RecordManager (changelog of 2.1), Wellcome Collection.
    """
    return Response(body=b"") if asked.page == STRUCK and asked.times == 1 else answer(asked.request)


@misbehaviour("F6")
@at_the_third_page
def empty_body_for_ever(_asked: Asked, _answer: Answer) -> Response:
    """Answer the third page of a list with status 200 and nothing else, every time.

    Seen: RecordManager (changelog of 2.1).
    """
    return Response(body=b"")


@misbehaviour("D31")
def content_type_of_a_web_page(asked: Asked, answer: Answer) -> Response:
    """Call every answer ``text/html`` in Latin-1, although it is XML in UTF-8.

    Seen: sickle issues 9 and 22.
    """
    response = answer(asked.request)
    return Response(body=response.body, content_type="text/html; charset=iso-8859-1")

"""What an active run has read, one row a page: for circles, and for counts without what came twice."""

from array import array
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, bindparam, insert, select

from ingest.ledger import Window
from ingest.store import ledger_tables
from ingest.store.answers import KnownItem, PageWrite
from ingest.store.digests import digest
from ingest.store.driver import ask
from ingest.store.rejections import fingerprint

_MOST_ALIKE = 50
"""Pages with the same elements that are taken from one list before it counts as endless."""


_pages = ledger_tables.pages.c
_NOTED = insert(ledger_tables.pages)
_ALIKE = (
    select(_pages.token_digest)
    .where(
        _pages.window_id == bindparam("the_window"),
        _pages.elements_digest == bindparam("elements"),
        _pages.restart == bindparam("begun"),
    )
    .limit(_MOST_ALIKE)
)


def keep_page_row(connection: Connection, page: PageWrite, *, window: Window, known: Mapping[str, KnownItem]) -> bool:
    """Note what a page brought; True where its list goes in a circle."""
    token = digest([(page.progress.token or "").encode()])
    elements = digest(sorted(_names(page)))
    heard = bool(page.progress.token) and not page.progress.damaged
    loop = heard and _goes_in_a_circle(connection, window, token=token, elements=elements)
    values = {
        "window_id": page.lease.window_id,
        "position": window.pages,
        "restart": window.restarts,
        "token_digest": token,
        "elements_digest": elements,
        "items": array("q", sorted(item.item_id for item in known.values())).tobytes(),
        "records": array("q", sorted({i.record_key for i in known.values() if i.record_key is not None})).tobytes(),
    }
    ask(connection, _NOTED, values)
    return loop


def _names(page: PageWrite) -> Iterator[bytes]:
    yield from (answer.identifier.encode() for answer in page.answers)
    yield from (identifier.encode() for identifier in page.listed)
    yield from (fingerprint(rejection).encode() for rejection in page.rejections)


def _goes_in_a_circle(connection: Connection, window: Window, *, token: bytes, elements: bytes) -> bool:
    """Tell a circle: elements that came before with this very token, or far too often whatever the token.

    The same token with other elements is progress; so are a few pages alike, and empty ones, which are counted apart.
    """
    if window.empty_pages:
        return False
    asked = {"the_window": window.window_id, "elements": elements, "begun": window.restarts}
    tokens = ask(connection, _ALIKE, asked)
    return (token,) in tokens or len(tokens) == _MOST_ALIKE

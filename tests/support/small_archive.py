"""A repository of a few records of which a test says which can be taken in: mended and broken while it is served."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from workers.demo.exchange import Answer, Request, Response
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

DAY = "2024-05-01"
_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</oai_dc:dc>'
)
_TWO_ROOTS = b'<a xmlns="urn:a"/><b xmlns="urn:b">Gr\xc3\xbc\xc3\x9fe</b>'


class SmallArchive:
    """So many records, ``oai:small:1`` and so on, in pages of three."""

    def __init__(
        self, records: int, *, broken: Sequence[int] = (), nameless: Sequence[int] = (), words: str = "Letter"
    ) -> None:
        """Serve records, of which those named are broken (metadata with two roots) or have no identifier.

        ``words`` begin each title, which the record's number ends.
        """
        self.records = records
        self.words = words
        self.broken = set(broken)
        self.nameless = set(nameless)
        self.asked: list[Request] = []

    def answer(self, arguments: Sequence[tuple[str, str]], *, base_url: str) -> bytes:
        """Answer as the records are now."""
        items = tuple(map(self._item, range(1, self.records + 1)))
        return DemoRepository(items=items, page_size=3).answer(arguments, base_url=base_url)

    def verbs(self) -> list[str | None]:
        """Name what was asked so far, in order."""
        return [request.argument("verb") for request in self.asked]

    def _item(self, number: int) -> Item:
        whole = _DC.format(f"<dc:title>{self.words} {number}</dc:title><dc:rights>CC BY 4.0</dc:rights>").encode()
        return Item(
            identifier="" if number in self.nameless else f"oai:small:{number}",
            datestamp=f"{DAY}T12:00:{number:02}Z",
            formats={"oai_dc": _TWO_ROOTS if number in self.broken else whole},
        )


@contextmanager
def served(archive: SmallArchive) -> Iterator[str]:
    """Serve an archive, which notes what is asked of it, and yield its base URL."""

    def noting(request: Request, answer: Answer) -> Response:
        archive.asked.append(request)
        return answer(request)

    with serve(archive, middleware=noting) as url:
        yield url

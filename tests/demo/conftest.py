"""What the demo repository's tests share: an answer that is checked against the protocol's shape before it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from ingest.records import MetadataFormat, Set
from workers.demo.items import Item
from workers.demo.repository import OAI_DC, DemoRepository

OAI = "{http://www.openarchives.org/OAI/2.0/}"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """An answer as its tests ask about it."""

    root: etree._Element

    @property
    def echo(self) -> dict[str, str]:
        """The attributes of ``request``."""
        return dict(self.root[1].attrib)

    @property
    def errors(self) -> list[str]:
        """The error codes, in order."""
        return [error.attrib["code"] for error in self.root.iterchildren(f"{OAI}error")]

    def texts(self, name: str) -> list[str]:
        """Return the texts of all elements of this name in the protocol's namespace."""
        return [element.text or "" for element in self.root.iter(f"{OAI}{name}")]

    @property
    def token(self) -> etree._Element | None:
        """The resumptionToken element, or None."""
        return next(self.root.iter(f"{OAI}resumptionToken"), None)


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def read_answer() -> Callable[[bytes], Answer]:
    """Read an answer that has the shape which the protocol demands."""
    shape = etree.RelaxNG(etree.parse(Path(__file__).with_name("answer.rng")))

    def read(answer: bytes) -> Answer:
        root = etree.fromstring(answer)
        shape.assertValid(root)
        return Answer(root)

    return read


@pytest.fixture
def ask(read_answer: Callable[[bytes], Answer]) -> Ask:
    """Ask a repository with arguments given as pairs, and read the answer."""

    def asked(repository: DemoRepository, *arguments: tuple[str, str]) -> Answer:
        return read_answer(repository.answer(arguments))

    return asked


@pytest.fixture
def pages(ask: Ask) -> Callable[..., Iterator[Answer]]:
    """Follow a list over all its pages."""

    def follow(repository: DemoRepository, verb: str, *arguments: tuple[str, str]) -> Iterator[Answer]:
        page = ask(repository, ("verb", verb), *arguments)
        yield page
        while page.token is not None and page.token.text:
            page = ask(repository, ("verb", verb), ("resumptionToken", page.token.text))
            yield page

    return follow


def _item(number: int) -> Item:
    return Item(
        identifier=f"oai:demo.oai-ingest.example:{number}",
        datestamp=f"2020-01-{number:02d}T12:00:00Z",
        formats={"oai_dc": b'<x xmlns="urn:x">%d &amp; more</x>' % number},
    )


@pytest.fixture
def small() -> DemoRepository:
    """Six items with a fixed clock: sets, a tombstone, one in two formats, one without metadata, one without format."""
    two = {"oai_dc": b'<x xmlns="urn:x"/>', "mods": b'<m xmlns="urn:m">\xe2\x9c\x93</m>'}
    return DemoRepository(
        items=(
            replace(_item(3), set_specs=("a:b",)),
            replace(_item(1), set_specs=("a", "c")),
            replace(_item(2), formats=two, about=(b'<p xmlns="urn:p"/>', b'<q xmlns="urn:q"/>')),
            replace(_item(4), set_specs=("ab",), deleted=True),
            replace(_item(5), formats={"oai_dc": None}),
            replace(_item(6), formats={}),
        ),
        formats=(OAI_DC, MetadataFormat(metadata_prefix="mods", schema="http://x.example/m.xsd", namespace="urn:m")),
        sets=(Set(spec="a", name="A & B"), Set(spec="a:b", name="B"), Set(spec="c", name="C")),
        page_size=100,
        now=lambda: NOW,
    )

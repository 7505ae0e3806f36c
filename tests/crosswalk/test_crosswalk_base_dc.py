"""BASE's format: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

BASE_DC = (
    '<base_dc:dc xmlns:base_dc="http://oai.base-search.net/base_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "{}</base_dc:dc>"
)


@pytest.mark.parametrize(
    ("element", "description"),
    [
        ("<dc:title>T</dc:title>", Description(titles=(Value(text="T", element="dc:title"),))),
        (
            "<base_dc:rightsnorm>CC-BY</base_dc:rightsnorm>",
            Description(rights=(Value(text="CC-BY", element="base_dc:rightsnorm"),)),
        ),
        (
            "<base_dc:rights>Some words</base_dc:rights>",
            Description(rights=(Value(text="Some words", element="base_dc:rights"),)),
        ),
        (
            "<base_dc:oa>1</base_dc:oa>",
            Description(rights=(Value(text="1", element="base_dc:oa", role="access", parts=(("access", "open"),)),)),
        ),
        (
            "<base_dc:oa>0</base_dc:oa>",
            Description(rights=(Value(text="0", element="base_dc:oa", role="access", parts=(("access", "closed"),)),)),
        ),
        ("<base_dc:oa>2</base_dc:oa>", Description()),
        (
            '<base_dc:autoclasscode type="ddc">551</base_dc:autoclasscode>',
            Description(subjects=(Value(text="551", element="base_dc:autoclasscode", role="ddc"),)),
        ),
        (
            "<base_dc:collname>Open Papers</base_dc:collname>",
            Description(relations=(Value(text="Open Papers", element="base_dc:collname", role="collname"),)),
        ),
        (
            "<base_dc:year>1999</base_dc:year>",
            Description(dates=(Value(text="1999", element="base_dc:year", role="year"),)),
        ),
        ("<base_dc:lang>unknown</base_dc:lang>", Description()),
        (
            "<base_dc:lang>deu</base_dc:lang>",
            Description(languages=(Value(text="deu", element="base_dc:lang"),)),
        ),
        (
            "<base_dc:link>https://example.org/9</base_dc:link>",
            Description(identifiers=(Value(text="https://example.org/9", element="base_dc:link", role="link"),)),
        ),
    ],
)
def test_what_base_adds_to_dublin_core(element: str, description: Description) -> None:
    """A code that says that BASE does not know says nothing; the repository is no source of the thing."""
    assert crosswalk(BASE_DC.format(element).encode(), metadata_prefix="oai_dc") == ("base_dc", description)

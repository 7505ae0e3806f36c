"""Where an aggregator says that it has a record from."""

import pytest

from ingest.crosswalk.about import origin
from ingest.descriptions import Origin

PROVENANCE = (
    '<about xmlns="http://www.openarchives.org/OAI/2.0/">'
    '<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">{}</provenance></about>'
)
FIRST = (
    "<originDescription><baseURL> http://first.example.org/oai </baseURL><identifier>oai:first:1</identifier>"
    "<datestamp>2001-01-01</datestamp></originDescription>"
)
SECOND = (
    "<originDescription><baseURL>http://second.example.org/oai</baseURL><identifier>oai:second:1</identifier>"
    "{}</originDescription>"
)
AT_FIRST = Origin(base_url="http://first.example.org/oai", identifier="oai:first:1")
AT_SECOND = Origin(base_url="http://second.example.org/oai", identifier="oai:second:1")


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ((), None),
        ((PROVENANCE.format(FIRST),), AT_FIRST),
        ((PROVENANCE.format(SECOND.format(FIRST)),), AT_FIRST),
        ((PROVENANCE.format(SECOND.format("<originDescription/>")),), AT_SECOND),
        ((PROVENANCE.format(""), PROVENANCE.format(FIRST)), AT_FIRST),
        (("<about><rights>Some words</rights></about>", PROVENANCE.format(FIRST)), AT_FIRST),
        (("<about>", PROVENANCE.format(FIRST)), AT_FIRST),
        (("no XML",), None),
        (("<originDescription><baseURL>b</baseURL><identifier>i</identifier></originDescription>",), None),
    ],
    ids=[
        "no container",
        "one repository",
        "an aggregator of aggregators: the innermost",
        "an innermost that says nothing",
        "an empty container",
        "another kind of container",
        "a container that can not be read",
        "nothing that can be read",
        "the same names in no namespace",
    ],
)
def test_origin_is_the_first_repository_named(about: tuple[str, ...], expected: Origin | None) -> None:
    """The innermost originDescription of the first container that has one."""
    assert origin(tuple(container.encode() for container in about)) == expected


def test_origin_may_be_given_without_the_element_around_it() -> None:
    """The container alone is read as well as the about element with the container inside."""
    container = f'<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">{FIRST}</provenance>'
    assert origin((container.encode(),)) == AT_FIRST

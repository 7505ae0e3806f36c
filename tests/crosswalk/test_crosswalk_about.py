"""Where an aggregator says that it has a record from."""

from typing import Any

import pytest

from ingest.crosswalk.about import origins
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
AT_FIRST = Origin(base_url="http://first.example.org/oai", identifier="oai:first:1", datestamp="2001-01-01")
AT_SECOND = Origin(base_url="http://second.example.org/oai", identifier="oai:second:1")


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ((), ()),
        ((PROVENANCE.format(FIRST),), (AT_FIRST,)),
        ((PROVENANCE.format(SECOND.format(FIRST)),), (AT_SECOND, AT_FIRST)),
        ((PROVENANCE.format(SECOND.format("<originDescription/>")),), (AT_SECOND,)),
        ((PROVENANCE.format(f"<originDescription>{FIRST}</originDescription>"),), (AT_FIRST,)),
        ((PROVENANCE.format(SECOND.format("") + SECOND.format(FIRST) + FIRST),), (AT_SECOND, AT_FIRST)),
        ((PROVENANCE.format(FIRST + SECOND.format("")),), (AT_FIRST,)),
        ((PROVENANCE.format(""), PROVENANCE.format(FIRST)), (AT_FIRST,)),
        ((PROVENANCE.format(SECOND.format("")), PROVENANCE.format(FIRST)), (AT_SECOND,)),
        (("<about><rights>Some words</rights></about>", PROVENANCE.format(FIRST)), (AT_FIRST,)),
        (("<about>", PROVENANCE.format(FIRST)), (AT_FIRST,)),
        (("no XML",), ()),
        (("<originDescription><baseURL>b</baseURL><identifier>i</identifier></originDescription>",), ()),
    ],
    ids=[
        "no container",
        "one repository",
        "an aggregator of aggregators",
        "an innermost that says nothing",
        "an outermost that says nothing",
        "several beside each other: the deepest",
        "several that are equally deep: the first",
        "an empty container",
        "two containers: the first",
        "another kind of container",
        "a container that can not be read",
        "nothing that can be read",
        "the same names in no namespace",
    ],
)
def test_origins_are_those_of_the_first_container_that_names_any(
    about: tuple[str, ...], expected: tuple[Origin, ...]
) -> None:
    """From the outermost originDescription, whom this repository asked, to the innermost, where the item is at home."""
    assert origins(tuple(container.encode() for container in about)) == expected


def test_origins_may_be_given_without_the_element_around_them() -> None:
    """The container alone is read as well as the about element with the container inside."""
    container = f'<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">{FIRST}</provenance>'
    assert origins((container.encode(),)) == (AT_FIRST,)


@pytest.mark.parametrize(
    ("written", "altered"),
    [("true", True), ("1", True), (" false ", False), ("0", False), ("", None), ("maybe", None)],
)
def test_an_origin_tells_all_that_the_guidelines_provide_for(written: str, altered: Any) -> None:
    """As written, but for the one truth value."""
    told = (
        f'<originDescription harvestDate=" 2002-02-02T14:10:02Z " altered="{written}">'
        "<baseURL>http://first.example.org/oai</baseURL><identifier>oai:first:1</identifier>"
        "<datestamp>2001-01-01</datestamp>"
        "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></originDescription>"
    )
    (found,) = origins((PROVENANCE.format(told).encode(),))
    assert found == Origin(
        base_url="http://first.example.org/oai",
        identifier="oai:first:1",
        datestamp="2001-01-01",
        metadata_namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
        harvest_date="2002-02-02T14:10:02Z",
        altered=altered,
    )

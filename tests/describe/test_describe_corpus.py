"""Real responses, where they are at hand: whatever repositories send, describing it raises nothing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from ingest.describe import describe
from ingest.descriptions import Described
from ingest.endpoints import Profile
from ingest.profiles import RULES
from ingest.records import Header, Record

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
PROFILE = Profile(rules=RULES, namespace="corpus")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus of real responses at {CORPUS}")


def _records() -> Iterator[Record]:
    """Give every record of every well-formed response, its metadata and about cut out as they stand."""
    for path in sorted(CORPUS.glob("open/**/*.xml")):
        try:
            document = etree.parse(path, PARSER)
        except etree.XMLSyntaxError:
            continue
        for number, element in enumerate(document.iter("{*}record")):
            metadata = element.find("{*}metadata/*")
            if metadata is not None:
                yield Record(
                    header=Header(identifier=f"{path.name}:{number}", datestamp=None),
                    metadata=etree.tostring(metadata, encoding="utf-8", with_tail=False),
                    about=tuple(etree.tostring(about, with_tail=False) for about in element.findall("{*}about")),
                )


def test_every_record_of_the_corpus_is_described() -> None:
    """None raises, none is rejected; Dublin Core is understood, and most of it has a title."""
    outcomes = [describe(record, metadata_prefix="oai_dc", profile=PROFILE) for record in _records()]
    described = [outcome for outcome in outcomes if isinstance(outcome, Described)]
    assert len(described) == len(outcomes)
    understood = [outcome for outcome in described if outcome.understood]
    formats = Counter(outcome.format for outcome in understood)
    assert formats["oai_dc"] > 5000
    assert formats["qualified_dc"] > 15
    assert sum(outcome.content.title is not None for outcome in understood) > 0.9 * len(understood)
    assert any(outcome.origin for outcome in described)

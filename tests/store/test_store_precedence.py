"""Which item speaks for a record."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.store.precedence import Voice, speaking

VOICE = Voice(
    item_id=1,
    deleted=False,
    understood=True,
    priority=100,
    prefix_position=0,
    datestamp_key="2024-01-01T00:00:00Z",
    endpoint="b",
    metadata_prefix="oai_dc",
    oai_identifier="oai:b:1",
)


def voice(**different: object) -> Voice:
    """Make another item's voice."""
    return VOICE._replace(item_id=2, **different)


# Each loser is better in all that follows in the order.
BEST = {"endpoint": "a", "metadata_prefix": "a", "oai_identifier": "a"}
NEWEST = {**BEST, "datestamp_key": "2025-01-01T00:00:00Z"}
FIRST_PREFIX = {**NEWEST, "prefix_position": -1}
FIRST_ENDPOINT = {**FIRST_PREFIX, "priority": 1}
CASES = {
    "live before deleted": (VOICE, voice(**FIRST_ENDPOINT, deleted=True)),
    "understood before not understood": (VOICE, voice(**FIRST_ENDPOINT, understood=False)),
    "live and not understood before deleted": (VOICE._replace(understood=False), voice(**FIRST_ENDPOINT, deleted=True)),
    "the endpoint's priority": (VOICE, voice(**FIRST_PREFIX, priority=101)),
    "the order of prefixes": (VOICE, voice(**NEWEST, prefix_position=1)),
    "the newest datestamp": (VOICE, voice(**BEST, datestamp_key="2023-12-31T23:59:59Z")),
    "a day stands for its first second": (
        VOICE._replace(datestamp_key="2024-01-01T00:00:01Z"),
        voice(**BEST, datestamp_key="2024-01-01T00:00:00Z"),
    ),
    "any datestamp before one that can not be read": (VOICE, voice(**BEST, datestamp_key="")),
    "a year before 1000 before none": (
        VOICE._replace(datestamp_key="0001-01-01T00:00:00Z"),
        voice(**BEST, datestamp_key=""),
    ),
    "the endpoint's name": (VOICE, voice(endpoint="c", metadata_prefix="a", oai_identifier="a")),
    "names by bytes, capitals first": (VOICE._replace(endpoint="Z"), voice(endpoint="a")),
    "names by bytes, not by language": (VOICE._replace(endpoint="z"), voice(endpoint="\u00e4")),
    "names by code points beyond 16 bits": (VOICE._replace(endpoint="\uffee"), voice(endpoint="\U00010000")),
    "the prefix's name": (VOICE, voice(metadata_prefix="qdc", oai_identifier="a")),
    "the identifier": (VOICE, voice(oai_identifier="oai:b:10")),
}


@pytest.mark.parametrize(("winner", "loser"), CASES.values(), ids=CASES.keys())
def test_the_order_of_precedence(winner: Voice, loser: Voice) -> None:
    """Each criterion is stronger than all that follow it, in either order of arrival."""
    assert speaking((winner, loser)) == winner
    assert speaking((loser, winner)) == winner


def test_no_item_no_voice() -> None:
    """A record that all items have left has nobody who speaks."""
    assert speaking(()) is None


VOICES = st.builds(
    Voice,
    item_id=st.integers(1, 9),
    deleted=st.booleans(),
    understood=st.booleans(),
    priority=st.sampled_from([1, 100]),
    prefix_position=st.sampled_from([0, 1]),
    datestamp_key=st.sampled_from(["", "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"]),
    endpoint=st.sampled_from(["a", "A", "\u00e4", "\uffee", "\U00010000"]),
    metadata_prefix=st.sampled_from(["oai_dc", "mods"]),
    oai_identifier=st.sampled_from(["oai:1", "oai:2", "OAI:1"]),
)


def name(one: Voice) -> tuple[str, str, str]:
    """Name an item as the database does: no two have the same."""
    return one.endpoint, one.metadata_prefix, one.oai_identifier


@given(st.lists(VOICES, min_size=1, max_size=5, unique_by=name))
def test_the_order_of_arrival_never_matters(voices: list[Voice]) -> None:
    """The same items give the same speaker in every order."""
    assert len({speaking(order) for order in permutations(voices)}) == 1

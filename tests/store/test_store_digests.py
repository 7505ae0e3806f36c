"""What each digest covers, and what it leaves out."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_pages import content, dead, live

from ingest.descriptions import Content, Rights
from ingest.endpoints import Profile
from ingest.records import Record
from ingest.store.digests import digest, header_digest, item_digest, profile_digest, record_digest, to_json

ITEM = live("oai:a:1", "r", "words", set_specs=("maps", "plans"))
CONTENT = content("words")


def with_header(**different: object) -> Record:
    """Give the item another header."""
    return replace(ITEM, header=ITEM.header._replace(**different))


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        pytest.param(with_header(datestamp="2024-02-02"), False, id="datestamp"),
        pytest.param(with_header(datestamp=None), False, id="no datestamp"),
        pytest.param(with_header(set_specs=()), False, id="sets"),
        pytest.param(with_header(identifier="oai:a:2"), False, id="identifier"),
        pytest.param(with_header(deleted=True), True, id="status"),
        pytest.param(replace(ITEM, metadata=b"<other/>"), True, id="metadata"),
        pytest.param(replace(ITEM, metadata=None), True, id="no metadata"),
        pytest.param(replace(ITEM, about=(b"<a/>",)), True, id="about"),
    ],
)
def test_the_item_digest_covers_status_metadata_and_about(record: Record, counts: bool) -> None:  # noqa: FBT001 - a case's expected answer.
    """The header does not decide whether an item is described again."""
    assert (item_digest(record) != item_digest(ITEM)) is counts


def test_about_and_metadata_do_not_flow_into_each_other() -> None:
    """Every part has its own length in front."""
    one = replace(ITEM, metadata=b"<a/>", about=(b"<b/>", b"<c/>"))
    other = replace(ITEM, metadata=b"<a/>", about=(b"<b/><c/>",))

    assert item_digest(one) != item_digest(other)


def test_all_tombstones_without_about_are_alike() -> None:
    """A tombstone says nothing but that it is one."""
    assert item_digest(dead("oai:a:1")) == item_digest(dead("oai:a:2", datestamp="2020-01-01"))


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        pytest.param(with_header(datestamp="2024-02-02"), True, id="datestamp"),
        pytest.param(with_header(datestamp=None), True, id="no datestamp"),
        pytest.param(with_header(set_specs=("maps",)), True, id="fewer sets"),
        pytest.param(with_header(set_specs=("mapsplans",)), True, id="sets that read alike"),
        pytest.param(with_header(set_specs=("plans", "maps")), False, id="order of sets"),
        pytest.param(with_header(deleted=True), False, id="status, which the item digest covers"),
    ],
)
def test_the_header_digest_covers_datestamp_and_sets(record: Record, counts: bool) -> None:  # noqa: FBT001 - a case's expected answer.
    """What moves without the item."""
    assert (header_digest(record.header) != header_digest(ITEM.header)) is counts


def changed(name: str, **different: object) -> Content:
    """Change the first of a content's statements, donors or sources."""
    if name == "statements":
        (statement,) = CONTENT.rights.statements
        return replace(CONTENT, rights=replace(CONTENT.rights, statements=(replace(statement, **different),)))
    (one,) = getattr(CONTENT, name)
    return replace(CONTENT, **{name: (replace(one, **different),)})


READ = {
    "title": replace(CONTENT, title="other"),
    "no title": replace(CONTENT, title=None),
    "creators": replace(CONTENT, creators=("other",)),
    "order of languages": replace(CONTENT, languages=("ru", "en")),
    "date": replace(CONTENT, date="1952"),
    "metadata": replace(CONTENT, metadata={"titles": [{"value": "words", "lang": "en"}]}),
    "rights category": replace(CONTENT, rights=replace(CONTENT.rights, category="unknown")),
    "rights uri": replace(CONTENT, rights=replace(CONTENT.rights, uri="https://example.org/rights")),
    "no rights": replace(CONTENT, rights=Rights()),
    "a rights statement's label": changed("statements", label="In copyright"),
    "a rights statement's holder": changed("statements", holder="An archive"),
    "a rights statement's permits": changed("statements", permits=("copy",)),
    "a rights statement's details": changed("statements", details={"version": "4.0"}),
    "a conflict of rights": replace(CONTENT, rights=replace(CONTENT.rights, conflict=True)),
    "a donor's role": changed("donors", role="funder"),
    "a donor's evidence": changed("donors", evidence=()),
    "a source's ref": changed("sources", ref="f. 2"),
    "a source's parts": changed("sources", parts={}),
}


@pytest.mark.parametrize("other", READ.values(), ids=READ)
def test_the_record_digest_covers_what_catalogues_read(other: Content) -> None:
    """A version and a change follow from it."""
    assert record_digest(other) != record_digest(CONTENT)


UNREAD = {
    "all rules": content("words", rule="by-list@2"),
    "a right's confidence": changed("statements", confidence="exact"),
    "a right's code": changed("statements", code="InC"),
    "where a right's words stand": changed("statements", span=(0, 2)),
    "a donor's confidence": changed("donors", confidence="inferred"),
    "a source's confidence": changed("sources", confidence="none"),
    "the order in which metadata fields stand": replace(CONTENT, metadata=dict(reversed(CONTENT.metadata.items()))),
}


@pytest.mark.parametrize("other", UNREAD.values(), ids=UNREAD)
def test_the_record_digest_leaves_out_what_no_view_shows(other: Content) -> None:
    """How a value was found is no change for a catalogue."""
    assert record_digest(other) == record_digest(CONTENT)


@pytest.mark.parametrize(
    "different",
    [
        pytest.param({"rules": 2}, id="rules"),
        pytest.param({"namespace": "maps"}, id="namespace"),
        pytest.param({"priority": 1}, id="priority"),
        pytest.param({"prefixes": ("mods",)}, id="prefixes"),
        pytest.param({"record_id": {"pattern": "[0-9]+"}}, id="record_id"),
        pytest.param({"defaults": {"rights": "unknown"}}, id="defaults"),
        pytest.param({"fields": {"donor": {"element": "contributor", "pattern": "Gift of (.+)"}}}, id="fields"),
    ],
)
def test_the_profile_digest_covers_all_of_a_profile(different: dict[str, object]) -> None:
    """Whatever a description depends on."""
    profile = Profile(rules=1, namespace="papers")

    other = Profile.model_validate({"rules": 1, "namespace": "papers", **different})

    assert profile_digest(other) != profile_digest(profile)
    assert profile_digest(Profile(rules=1, namespace="papers")) == profile_digest(profile)


@given(st.lists(st.binary(max_size=3), max_size=4), st.lists(st.binary(max_size=3), max_size=4))
def test_different_parts_have_different_digests(one: list[bytes], other: list[bytes]) -> None:
    """No two sequences of parts look alike to the digest."""
    assert (digest(one) == digest(other)) == (one == other)


@pytest.mark.parametrize("function", [item_digest, lambda record: header_digest(record.header)])
def test_digests_have_sixteen_bytes(function: Callable[[Record], bytes]) -> None:
    """They are kept with every item."""
    assert len(function(ITEM)) == 16


def test_json_is_written_in_one_way() -> None:
    """Keys sorted, no blanks, letters as they are."""
    assert to_json({"ü": [1, None], "a": True}) == '{"a":true,"ü":[1,null]}'


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(JSON)
def test_json_is_written_as_the_standard_library_writes_it(value: object) -> None:
    """Digests of databases in use were made of those bytes."""
    assert to_json(value) == json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

"""A record's history: every version, what made it, why and by which run, and where it differs from the one before."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, event, text
from store_pages import dead, described, harvesting, live

from ingest.store.causes import Cause
from ingest.store.endpoints import keep_profile
from ingest.store.engine import open_engine
from ingest.store.restating import Restated, Restatement, restate
from ingest.store.show import ShownRecord, find_records, read_record
from ingest.store.show_history import Difference, differences
from ingest.store.stale import known_profiles, stale_batches


def _shown(database: Engine, record_id: str = "one") -> ShownRecord:
    (name,) = find_records(database, record_id)
    return read_record(database, name.record_key)


def _told(record: ShownRecord) -> list[tuple[Any, ...]]:
    return [(each.version, each.change, each.cause, each.run) for each in record.history]


def test_what_a_repository_did_is_told_with_its_run(database: Engine) -> None:
    """It brought it, changed it, deleted it, brought it back; and the newest version stands among them."""
    first, words = harvesting(database), ("first", "second")
    first.keep(live("oai:1", "one", words[0]))
    first.keep(live("oai:1", "one", words[1]))
    first.keep(dead("oai:1"))
    first.keep(live("oai:1", "one", words[1]))

    record = _shown(database)

    run = first.run_id
    assert _told(record) == [
        (1, "created", Cause.REPOSITORY, run),
        (2, "changed", Cause.REPOSITORY, run),
        (3, "deleted", Cause.REPOSITORY, run),
        (4, "restored", Cause.REPOSITORY, run),
    ]
    assert {each.endpoint for each in record.history} == {"archive"}
    assert [each.deleted for each in record.history] == [False, False, True, False]
    assert [each.valid_from for each in record.history][1:] == [each.valid_until for each in record.history][:-1]
    assert record.history[-1].valid_until is None
    assert record.history[-1].content == record.content
    by_field = {each.field: each for each in record.history[1].differences}
    assert (by_field["title"].was, by_field["title"].becomes) == words
    assert by_field["creators"].becomes == ["second's author"]
    assert by_field["donors"].was[0]["name"] == "first"
    assert by_field["metadata.titles"].becomes == [{"lang": None, "value": "second"}]
    assert record.history[2].differences == record.history[3].differences == ()


def test_what_is_written_while_a_record_is_read_is_not_half_of_it(database: Engine, migrated_database_url: str) -> None:
    """Its content, its versions and its items are of one moment."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one", "first"))
    reader = open_engine(migrated_database_url)
    (name,) = find_records(reader, "one")
    meanwhile = [live("oai:1", "one", "second")]

    @event.listens_for(reader, "after_cursor_execute")
    def changed_meanwhile(*told: Any) -> None:
        if meanwhile and "FROM records" in told[2]:
            archive.keep(meanwhile.pop())

    record = read_record(reader, name.record_key)
    reader.dispose()

    assert (record.version, record.content["title"]) == (1, "first")
    assert [(each.version, each.content["title"]) for each in record.history] == [(1, "first")]


def test_another_item_that_speaks_is_told_as_that(database: Engine) -> None:
    """By the run that made it speak, whichever endpoint's it is."""
    second = harvesting(database, "second", priority=2)
    second.keep(live("oai:2", "one", "theirs"))
    first = harvesting(database, "first", priority=1)
    first.keep(live("oai:1", "one", "ours"))
    first.keep(dead("oai:1"))
    second.keep(live("oai:2", "one", "newer"))

    assert _told(_shown(database)) == [
        (1, "created", Cause.REPOSITORY, second.run_id),
        (2, "changed", Cause.ANOTHER_ITEM, first.run_id),
        (3, "changed", Cause.ANOTHER_ITEM, first.run_id),
        (4, "changed", Cause.REPOSITORY, second.run_id),
    ]


def test_a_record_that_its_items_have_left_is_merged_by_the_repository(database: Engine) -> None:
    """Where the repository gave them another record ID."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one"))
    archive.keep(live("oai:1", "two"))

    record = _shown(database)

    assert _told(record)[-1] == (2, "merged", Cause.REPOSITORY, archive.run_id)
    assert record.merged_into == _shown(database, "two").name
    assert record.history[-1].deleted


def test_describing_again_is_told_as_the_rules_doing(database: Engine) -> None:
    """No run did it; a record that others have taken up is merged, and says into which."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one", "old"), live("oai:2", "two", "old"))
    profile = archive.profile.model_copy(update={"rules": 2})
    profiles = known_profiles(database, keep_profile(database, profile), rules=2)
    (batch,) = stale_batches(database, archive.endpoint_id, lambda: profiles)
    voices = replace(archive.page().voices, profile_id=profiles.current)
    told = [described(each.record, profile) for each in batch]
    moved = [each._replace(record_id="two", content=told[0].content) for each in told]
    restated = restate(
        database,
        [Restatement(item=item, described=each, voices=voices) for item, each in zip(batch, moved, strict=True)],
        descriptions={},
    )
    assert isinstance(restated, Restated)

    one = _shown(database)
    assert _told(one)[-1] == (2, "merged", Cause.RULES, None)
    assert one.merged_into == _shown(database, "two").name


def test_a_version_from_before_causes_were_kept_says_so(database: Engine) -> None:
    """None is made up for it: neither cause nor run."""
    archive = harvesting(database)
    archive.keep(live("oai:1", "one", "first"))
    with database.begin() as connection:
        connection.execute(text("UPDATE records SET cause = NULL, cause_run_id = NULL"))
    archive.keep(live("oai:1", "one", "second"))

    assert _told(_shown(database)) == [
        (1, "created", None, None),
        (2, "changed", Cause.REPOSITORY, archive.run_id),
    ]


def test_only_what_catalogues_read_is_a_difference() -> None:
    """Neither rules, nor what older versions did not hold, nor an empty list for nothing."""
    empty: dict[str, Any] = {"creators": [], "rights": [], "donors": [], "sources": [], "metadata": {}}
    row = {"statement": "©", "category": "in-copyright", "rule": "rights/a@1", "confidence": "named"}
    before = empty | {"title": None, "rights": [row]}
    after = empty | {
        "title": "",
        "rights_conflict": False,
        "rights": [row | {"rule": "rights/a@2", "confidence": "exact", "details": {}}],
        "metadata": {"subjects": []},
    }

    assert list(differences(before, after)) == []
    assert list(differences(before, after | {"rights_conflict": True, "metadata": {"subjects": [{"value": "x"}]}})) == [
        Difference(field="rights_conflict", was=None, becomes=True),
        Difference(field="metadata.subjects", was=[], becomes=[{"value": "x"}]),
    ]

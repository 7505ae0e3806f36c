"""``oai-ingest harvest --identifier``: single items, each asked for by itself."""

from collections.abc import Callable
from typing import Any

import pytest
from small_archive import SmallArchive, served

OaiIngest = Callable[..., Any]
NOBODY = "http://127.0.0.1:1/oai"


def test_the_items_that_are_named_are_asked_for_and_no_list(oai_ingest: OaiIngest) -> None:
    """Each once, in the order given; the report is that of any harvest."""
    small = SmallArchive(5)
    named = [part for number in (4, 2, 4) for part in ("--identifier", f"oai:small:{number}")]
    with served(small) as url:
        ended = oai_ingest("harvest", url, *named, "--json")
        run = oai_ingest("runs", "show", str(ended.json["run"]), "--json").json
        shown = oai_ingest("runs", "show", str(ended.json["run"])).out

    assert (ended.code, ended.json["verdict"]) == (0, "complete")
    assert (ended.json["seen"], ended.json["created"], ended.json["records"]) == (2, 2, 2)
    asked = [request.argument("identifier") for request in small.asked if request.argument("verb") == "GetRecord"]
    assert asked == ["oai:small:4", "oai:small:2"]
    assert "ListRecords" not in small.verbs()
    assert (run["kind"], run["gaps"]) == ("ranged", 0)
    assert run["selection"]["identifiers"] == ["oai:small:4", "oai:small:2"]
    assert run["selection"]["sets"] == []
    assert "asked for          oai_dc; 2 items: oai:small:4, oai:small:2" in shown


def test_an_item_that_can_not_be_had_makes_the_run_partial(oai_ingest: OaiIngest) -> None:
    """Whoever asks for an item by its name is told that it has not come, and what has come is kept."""
    with served(SmallArchive(2)) as url:
        ended = oai_ingest("harvest", url, "--identifier", "oai:small:1", "--identifier", "oai:small:9", "--json")

    (reason, _rejections) = ended.json["reasons"]
    assert (ended.code, ended.json["verdict"], ended.json["created"]) == (1, "partial", 1)
    assert (reason["code"], reason["count"]) == ("items-not-had", 1)


def test_the_next_harvest_reads_what_it_would_have_read(oai_ingest: OaiIngest) -> None:
    """Single items say nothing of how far the list has been read."""
    with served(SmallArchive(5)) as url:
        oai_ingest("harvest", url, "--identifier", "oai:small:1")
        ended = oai_ingest("harvest", url, "--json").json

    assert (ended["verdict"], ended["seen"], ended["created"], ended["unchanged"]) == ("complete", 5, 4, 1)


def test_a_declared_set_does_not_matter(oai_ingest: OaiIngest, declare: Callable[[str], Any]) -> None:
    """An item is asked for by its name, whichever set it is in."""
    with served(SmallArchive(3)) as url:
        declare(f'[letters]\nurl = "{url}"\nsets = ["elsewhere"]')
        ended = oai_ingest("harvest", "letters", "--identifier", "oai:small:3", "--json").json

    assert (ended["verdict"], ended["created"]) == ("complete", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2024-01-01"), "leave out --from, or --identifier"),
        (("--until", "2024-01-01"), "leave out --until, or --identifier"),
        (("--set", "a"), "leave out --set, or --identifier"),
        (("--full",), "leave out --full, or --identifier"),
        (("--identifier", " "), '--identifier " " is no identifier that an item can have'),
        (("--identifier", "a\tb"), "is no identifier"),
    ],
)
def test_what_does_not_go_together_is_refused(oai_ingest: OaiIngest, arguments: tuple[str, ...], words: str) -> None:
    """With exit code 2, before anything is asked or written."""
    ended = oai_ingest("harvest", NOBODY, "--identifier", "oai:small:1", *arguments)

    assert ended.code == 2
    assert words in ended.error

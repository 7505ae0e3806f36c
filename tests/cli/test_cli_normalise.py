"""``oai-ingest normalise``: one line in, one JSON object out, whatever the line."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

OaiIngest = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]


def _objects(ended: Any) -> list[dict[str, Any]]:
    assert ended.code == 0, ended.err
    assert ended.err == ""
    return [json.loads(line) for line in ended.out.splitlines()]


@pytest.mark.parametrize("field", ["rights", "donor", "source"])
def test_every_line_has_an_answer(oai_ingest: OaiIngest, field: str) -> None:
    """Blank lines, odd blanks, line ends of other systems and a last line without an end each give one object."""
    content = "one\n\n  \ntwo\r\nthree\u2028four\x85five\n\x00\x1b[31m\nlast".encode()

    told = _objects(oai_ingest("normalise", field, content=content))

    assert [each["value"] for each in told] == [
        "one",
        "",
        "  ",
        "two",
        "three\u2028four\x85five",
        "\x00\x1b[31m",
        "last",
    ]


def test_no_input_is_no_output(oai_ingest: OaiIngest) -> None:
    """Nothing in, nothing out, and all is well."""
    assert _objects(oai_ingest("normalise", "rights")) == []


def test_bytes_that_are_no_text_are_replaced_and_said_so(oai_ingest: OaiIngest) -> None:
    """A value from a broken export is still answered; one that really holds the sign is not called broken."""
    told = _objects(oai_ingest("normalise", "source", content=b"caf\xe9\n\xef\xbf\xbd\n"))

    assert told[0]["value"] == "caf\N{REPLACEMENT CHARACTER}"
    assert told[0]["replaced"] is True
    assert "replaced" not in told[1]


def test_an_editors_byte_order_mark_is_no_part_of_the_first_value(oai_ingest: OaiIngest) -> None:
    """Files saved on some systems begin with one."""
    assert _objects(oai_ingest("normalise", "donor", content=b"\xef\xbb\xbfLeon Levy\n"))[0]["value"] == "Leon Levy"


@pytest.mark.parametrize(
    ("statement", "uri", "category"),
    [
        (
            "https://creativecommons.org/licenses/by/4.0/",
            "https://creativecommons.org/licenses/by/4.0/",
            "open-licence",
        ),
        ("http://rightsstatements.org/vocab/InC/1.0/", "http://rightsstatements.org/vocab/InC/1.0/", "in-copyright"),
        ("ask the librarian", None, "unknown"),
    ],
)
def test_rights_have_uri_category_and_statements(
    oai_ingest: OaiIngest, statement: str, uri: str | None, category: str
) -> None:
    """What no rule knows is unknown and has no URI; the statement stays letter for letter."""
    (told,) = _objects(oai_ingest("normalise", "rights", content=f"{statement}\n".encode()))

    assert (told["uri"], told["category"]) == (uri, category)
    assert told["statements"][0]["statement"] == statement


def test_what_else_rights_say_stands_beside_the_category(oai_ingest: OaiIngest) -> None:
    """The end of an embargo and a holder need no search through the statements."""
    embargoed, held = _objects(
        oai_ingest(
            "normalise", "rights", content="Gesperrt bis 31.12.2040\n© 1979 Ministry of Foreign Affairs\n".encode()
        )
    )

    assert (embargoed["category"], embargoed["embargo_end"]) == ("embargoed", "2040-12-31")
    assert (held["category"], held["holder"]) == ("in-copyright", "Ministry of Foreign Affairs")


def test_a_donor_line_gives_its_parties_in_order(oai_ingest: OaiIngest) -> None:
    """Each with name, kind and role."""
    (told,) = _objects(oai_ingest("normalise", "donor", content=b"MacArthur Foundation and Leon Levy Foundation\n"))

    assert [(each["name"], each["kind"], each["role"]) for each in told["parties"]] == [
        ("MacArthur Foundation", "organisation", "donor"),
        ("Leon Levy Foundation", "organisation", "donor"),
    ]


def test_a_source_line_gives_its_parts_beside_each_other(oai_ingest: OaiIngest) -> None:
    """Lists where there may be several, else text; what was not found is not there."""
    (told,) = _objects(
        oai_ingest("normalise", "source", content=b"PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao.\n")
    )

    assert (told["repository"], told["ref"], told["pages"]) == ("PRC FMA", "109-02809-01", "37-38")
    assert told["translator"] == ["Xi Zhao"]
    assert "isbn" not in told


def test_neither_database_nor_settings_are_needed(oai_ingest: OaiIngest) -> None:
    """The three commands work where nothing else would."""
    ended = oai_ingest(
        "normalise", "donor", content=b"x\n", OAI_INGEST_DATABASE_URL="nonsense", OAI_INGEST_CONFIG="/no"
    )

    assert len(_objects(ended)) == 1


def test_a_line_is_answered_before_the_next_one_comes(start: Start) -> None:
    """A program may keep the command open and ask value by value."""
    process = start("normalise", "rights")
    assert process.stdin is not None
    assert process.stdout is not None
    for value in ("CC BY 4.0", "CC0"):
        process.stdin.write(f"{value}\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["value"] == value
    process.stdin.close()
    assert process.wait(timeout=20) == 0

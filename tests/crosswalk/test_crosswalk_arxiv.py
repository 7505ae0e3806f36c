"""arXiv and arXivRaw: XML in, description out."""

import pytest
from crosswalked import described, said, sample


def test_a_paper_is_described_field_by_field() -> None:
    """Comments stay among the descriptions, funding in them or not."""
    paper = sample("arXiv")
    assert [value.text for value in paper.creators] == ["Noether, E.", "King, M. L., Jr"]
    assert [value.text for value in paper.subjects] == ["math-ph", "hep-th", "70S10"]
    assert said(paper.identifiers) == [
        ("2001.00001", "arXiv"),
        ("EX-2020-1", "report-no"),
        ("10.1234/jep.12.34", "doi"),
    ]
    assert said(paper.dates) == [("2020-01-01", "created"), ("2020-02-02", "modified")]
    assert said(paper.descriptions) == [
        ("12 pages, funded by the Example Council", "comments"),
        ("Symmetries are studied in examples.", "abstract"),
    ]
    assert said(paper.rights) == [("http://creativecommons.org/licenses/by/4.0/", "license")]
    assert said(paper.sources) == [("J. Ex. Phys. 12 (2020) 34-56", "journal-ref")]
    assert paper.donors == ()


def test_versions_say_when_a_paper_was_made_and_changed() -> None:
    """The first is its date; the calendar's form is a part."""
    dates = sample("arXivRaw").dates
    assert said(dates) == [("Fri, 1 Feb 2019 10:20:30 GMT", "created"), ("Sun, 10 Mar 2019 01:02:03 GMT", "modified")]
    assert [dict(value.parts)["normal"] for value in dates] == ["2019-02-01", "2019-03-10"]


@pytest.mark.parametrize("written", ["yesterday", "Fri, 99 Xyz 2019", ""])
def test_a_date_in_no_calendar_has_no_form_beside_it(written: str) -> None:
    """It is kept as written."""
    document = f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><version><date>{written}</date></version></arXivRaw>'
    dates = described(document, known_as="arXivRaw").dates
    assert [(value.text, value.parts) for value in dates] == ([(written, ())] if written else [])


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("A. One", ["A. One"]),
        ("A. One and B. Two", ["A. One", "B. Two"]),
        ("A. One, B. Two, and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One, B. Two and C. Three", ["A. One", "B. Two", "C. Three"]),
        ("A. One (Here, and There), B. Two", ["A. One (Here, and There), B. Two"]),
        ("Anderson Sandys", ["Anderson Sandys"]),
    ],
)
def test_authors_in_one_text_are_told_apart_unless_affiliations_stand_between(written: str, names: list[str]) -> None:
    """Commas and "and" stand inside affiliations too."""
    document = f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><authors>{written}</authors></arXivRaw>'
    assert [value.text for value in described(document, known_as="arXivRaw").creators] == names


@pytest.mark.parametrize("namespace", ["http://arxiv.org/OAI/arXiv/", "http://www.openarchives.org/OAI/2.0/", ""])
def test_a_line_break_in_a_title_is_a_blank(namespace: str) -> None:
    """Whatever namespace a harvester left."""
    document = f'<arXiv xmlns="{namespace}"><title>On\n  examples</title></arXiv>'
    assert said(described(document, known_as="arXiv").titles) == [("On examples", None)]

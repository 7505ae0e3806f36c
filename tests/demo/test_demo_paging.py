"""Lists of several pages: every item once, tokens that need no memory, and the protocol's sign at the end."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from workers.demo.generated import GeneratedItems
from workers.demo.records import SETS, demo_items, demo_repository
from workers.demo.repository import DemoRepository

Ask = Callable[..., Any]
Pages = Callable[..., Iterator[Any]]


@pytest.mark.parametrize("page_size", [1, 7, 40, 41, 100])
@pytest.mark.parametrize("prefix", ["oai_dc", "qdc"])
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_paging_brings_every_item_exactly_once(pages: Pages, verb: str, prefix: str, page_size: int) -> None:
    """In the order of the items, whatever the page size."""
    repository = replace(demo_repository(), page_size=page_size)
    read = list(pages(repository, verb, ("metadataPrefix", prefix)))
    expected = [item.identifier for item in demo_items() if prefix in item.formats]
    headers = [header for page in read for header in page.root.iter("{*}header")]
    assert [header[0].text for header in headers] == expected
    assert len(read) == -(-len(expected) // page_size)


@pytest.mark.parametrize(
    "filters",
    [
        (("set", "holdings"),),
        (("set", "reading-list"),),
        (("set", "holdings:library"), ("from", "2019-01-01")),
        (("from", "2016-01-01"), ("until", "2018-12-31")),
        (("from", "2016-01-01T00:00:01Z"), ("until", "2022-02-22T22:22:22Z"), ("set", "holdings:collections")),
    ],
)
def test_a_token_keeps_the_selection(pages: Pages, filters: tuple[tuple[str, str], ...]) -> None:
    """Page by page the list is that of one great page."""
    repository = demo_repository()
    (whole,) = pages(replace(repository, page_size=1000), "ListIdentifiers", ("metadataPrefix", "oai_dc"), *filters)
    by_twos = list(pages(replace(repository, page_size=2), "ListIdentifiers", ("metadataPrefix", "oai_dc"), *filters))
    assert len(by_twos) > 1
    assert [name for page in by_twos for name in page.texts("identifier")] == whole.texts("identifier")


def test_the_token_counts_and_ends_as_the_protocol_says(pages: Pages, small: DemoRepository) -> None:
    """Section 3.5: cursor, completeListSize and expirationDate; an empty element on the last page."""
    tokens = [page.token for page in pages(replace(small, page_size=2), "ListRecords", ("metadataPrefix", "oai_dc"))]
    assert [token.get("cursor") for token in tokens] == ["0", "2", "4"]
    assert {token.get("completeListSize") for token in tokens} == {"5"}
    assert [token.get("expirationDate") for token in tokens] == ["2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z", None]
    assert [bool(token.text) for token in tokens] == [True, True, False]


def test_a_list_of_one_page_has_no_token(ask: Ask, small: DemoRepository) -> None:
    """A page that is just full is the last one."""
    repository = replace(small, page_size=5)
    assert ask(repository, ("verb", "ListRecords"), ("metadataPrefix", "oai_dc")).token is None


def test_sets_are_paged_too(pages: Pages) -> None:
    """Section 4.6."""
    read = list(pages(replace(demo_repository(), page_size=2), "ListSets"))
    assert [len(page.texts("set")) for page in read] == [2, 2, 1]
    assert [spec for page in read for spec in page.texts("setSpec")] == [known.spec for known in SETS]


def test_a_token_asked_again_gives_the_same_page_even_by_a_server_started_anew(ask: Ask, small: DemoRepository) -> None:
    """Section 3.5.1; the token says all, so no memory is lost."""
    first = ask(replace(small, page_size=2), ("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))
    request = (("verb", "ListRecords"), ("resumptionToken", first.token.text))
    answers = {replace(small, page_size=2).answer(request) for _ in range(3)}
    assert len(answers) == 1


def _token(ask: Ask, repository: DemoRepository) -> str:
    page = ask(repository, ("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))
    assert page.token is not None
    return str(page.token.text)


ALTERATIONS: dict[str, Callable[[str], str]] = {
    "another case": str.upper,
    "a blank at its end": lambda token: f"{token} ",
    "a character less": lambda token: token[:-1],
    "decoded once too often": lambda token: token.replace("%3A", ":"),
    "encoded once too often": lambda token: token.replace("%", "%25").replace("&", "%26"),
    "a cursor of another script": lambda token: token.replace("cursor=2", "cursor=\N{FULLWIDTH DIGIT TWO}"),
    "a cursor that was never given": lambda token: token.replace("cursor=2", "cursor=0"),
    "a cursor beyond the list": lambda token: token.replace("cursor=2", "cursor=5"),
    "an unlawful prefix": lambda token: token.replace("oai_dc", "oai%20dc"),
    "no prefix": lambda token: token.replace("metadataPrefix=oai_dc&", ""),
    "a field more": lambda token: f"{token}&x=y",
}


@pytest.mark.parametrize("alter", ALTERATIONS.values(), ids=ALTERATIONS.keys())
def test_a_token_that_was_not_issued_is_refused(ask: Ask, small: DemoRepository, alter: Callable[[str], str]) -> None:
    """A harvester that alters a token in any way is found out."""
    repository = replace(small, page_size=2)
    altered = alter(_token(ask, repository))
    assert ask(repository, ("verb", "ListRecords"), ("resumptionToken", altered)).errors == ["badResumptionToken"]


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListSets"])
def test_a_token_of_another_verb_is_refused(ask: Ask, small: DemoRepository, verb: str) -> None:
    """Each list has tokens of its own."""
    repository = replace(small, page_size=2)
    request = (("verb", verb), ("resumptionToken", _token(ask, repository)))
    assert ask(repository, *request).errors == ["badResumptionToken"]


@pytest.mark.parametrize(("age", "errors"), [(86399, []), (86400, ["badResumptionToken"])])
def test_a_token_is_honoured_until_its_expiration_date(
    ask: Ask, small: DemoRepository, age: int, errors: list[str]
) -> None:
    """Section 3.5."""
    repository = replace(small, page_size=2)
    token = _token(ask, repository)
    issued = small.now()
    later = replace(repository, now=lambda: issued + timedelta(seconds=age))
    assert ask(later, ("verb", "ListRecords"), ("resumptionToken", token)).errors == errors


def test_a_list_that_became_shorter_is_refused_and_not_cut(ask: Ask, small: DemoRepository) -> None:
    """Items that went away between two pages are a reason to begin again."""
    token = _token(ask, replace(small, page_size=4))
    shorter = replace(small, items=small.items[:3])
    assert ask(shorter, ("verb", "ListRecords"), ("resumptionToken", token)).errors == ["badResumptionToken"]


@pytest.mark.parametrize("uniform", [True, False])
def test_a_hundred_thousand_items_are_paged_without_omission(pages: Pages, *, uniform: bool) -> None:
    """The promise that every item is in every format changes the effort, never the list."""
    repository = DemoRepository(
        items=GeneratedItems(100_000), every_item_in_every_format=uniform, page_size=20_000, token_lifetime=timedelta(1)
    )
    counted: Counter[str] = Counter()
    for page in pages(repository, "ListIdentifiers", ("metadataPrefix", "oai_dc")):
        counted.update(page.texts("identifier"))
        assert page.token.get("completeListSize") == "100000"
    assert len(counted) == counted.total() == 100_000

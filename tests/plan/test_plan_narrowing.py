"""How a window whose page can not be read is narrowed, and what of a page was not asked for."""

from typing import Any

import pytest
from plan_values import window

from ingest.ledger import ListName, Verb, Window
from ingest.plan.narrowing import MOST_AT_ONCE, MOST_UNDIVIDED, Narrowing, narrowing, pays_no_heed
from ingest.plan.outside import Outside, outside
from ingest.records import Header, Page, Record, Rejection, ResumptionToken

RANGE = {"from_": "2024-01-01T00:00:00Z", "until": "2024-01-31T00:00:00Z"}
INSIDE, BEFORE = "2024-01-10T00:00:00Z", "2023-12-31T23:59:59Z"


def record(datestamp: str | None = INSIDE, *sets: str) -> Record:
    """Make a record of which datestamp and sets matter."""
    return Record(header=Header(identifier="oai:a:1", datestamp=datestamp, set_specs=sets), metadata=None)


def headers(number: int = 10, *, more: int | None = None, stamp: str | None = INSIDE, **told: Any) -> Page:
    """Make a first page of headers; ``more``: the list goes on, and announces so many (0: it does not say)."""
    token = None if more is None else ResumptionToken(value="t", complete_list_size=more or None)
    return Page(**{"response_date": None, "elements": (record(stamp),) * number, "token": token} | told)


BY_HEADERS = {"verb": Verb.LIST_IDENTIFIERS}
BY_RECORD, SPLIT, NOTHING = Narrowing.RECORD_BY_RECORD, Narrowing.SPLIT, Narrowing.NOTHING
CASES: dict[str, tuple[Page, dict[str, Any], int, Narrowing]] = {
    "a short list": (headers(), {}, 4, BY_RECORD),
    "a short list that can not be split": (headers(), {}, 0, BY_RECORD),
    "as many as are asked for at once": (headers(more=MOST_AT_ONCE), {}, 4, BY_RECORD),
    "one more": (headers(more=MOST_AT_ONCE + 1), {}, 4, SPLIT),
    "an unknown number": (headers(more=0), {}, 4, SPLIT),
    "an unknown number that can not be split": (headers(more=0), {}, 0, BY_RECORD),
    "many that can not be split": (headers(more=MOST_UNDIVIDED), {}, 1, BY_RECORD),
    "too many that can not be split": (headers(more=MOST_UNDIVIDED + 1), {}, 1, NOTHING),
    "no headers": (headers(0), {}, 4, NOTHING),
    "headers that break off": (headers(damaged=True), {}, 4, SPLIT),
    "headers that break off and can not be split": (headers(damaged=True), {}, 0, NOTHING),
    "a short list without heed to dates": (headers(stamp=BEFORE), RANGE, 4, BY_RECORD),
    "a long list without heed to dates": (headers(more=5000, stamp=BEFORE), RANGE, 4, NOTHING),
    "a long list without heed to dates that can not be split": (headers(more=500, stamp=BEFORE), RANGE, 0, NOTHING),
    "a long list of which pages showed that before": (headers(more=500), RANGE | {"outside_range": 1}, 4, NOTHING),
    "read by its headers already": (headers(), BY_HEADERS, 4, SPLIT),
    "read by its headers already, and not to be split": (headers(), BY_HEADERS, 1, NOTHING),
    "read by its headers already, without heed to dates": (headers(stamp=BEFORE), BY_HEADERS | RANGE, 4, NOTHING),
}


@pytest.mark.parametrize(("first", "told", "parts", "expected"), CASES.values(), ids=CASES)
def test_a_window_is_narrowed_by_what_its_headers_show(
    first: Page, told: dict[str, Any], parts: int, expected: Narrowing
) -> None:
    """Few records are asked for alone, many are split in time; where neither helps nothing is asked in vain."""
    assert narrowing(first, window(**told), parts=parts) is expected


def test_without_headers_only_what_has_been_read_tells_of_the_heed_to_dates() -> None:
    """None yet: it may be paid."""
    assert not pays_no_heed(None, window(**RANGE))
    assert pays_no_heed(None, window(**RANGE, outside_range=1))


LETTERS = ListName(metadata_prefix="oai_dc", set_spec="letters")
STRAYS: dict[str, tuple[Window, Record | Rejection, Outside]] = {
    "no range, no set": (window(), record("1900-01-01"), Outside(0, 0)),
    "inside": (window(**RANGE), record(), Outside(0, 0)),
    "before": (window(**RANGE), record(BEFORE), Outside(1, 0)),
    "after": (window(**RANGE), record("2024-02-01T00:00:00Z"), Outside(1, 0)),
    "after, on the last day": (window(**RANGE), record("2024-01-31T00:00:01Z"), Outside(0, 0)),
    "in days": (window(**RANGE), record("2024-02-01"), Outside(1, 0)),
    "no end": (window(from_=RANGE["from_"]), record("2090-01-01"), Outside(0, 0)),
    "no start": (window(until=RANGE["until"]), record("1900-01-01"), Outside(0, 0)),
    "no datestamp": (window(**RANGE), record(None), Outside(0, 0)),
    "no date": (window(**RANGE), record("yesterday"), Outside(0, 0)),
    "of the set": (window(list=LETTERS), record(INSIDE, "letters"), Outside(0, 0)),
    "of a set inside it": (window(list=LETTERS), record(INSIDE, "letters:old"), Outside(0, 0)),
    "of several": (window(list=LETTERS), record(INSIDE, "minutes", "letters"), Outside(0, 0)),
    "of another": (window(list=LETTERS), record(INSIDE, "minutes"), Outside(0, 1)),
    "of another that begins alike": (window(list=LETTERS), record(INSIDE, "letters2"), Outside(0, 1)),
    "of no set": (window(list=LETTERS), record(INSIDE), Outside(0, 0)),
    "both": (window(list=LETTERS, **RANGE), record(BEFORE, "minutes"), Outside(1, 1)),
    "what could not be read": (
        window(list=LETTERS, **RANGE),
        Rejection(stage="protocol", reason="no-identifier", message="", content=b""),
        Outside(0, 0),
    ),
}


@pytest.mark.parametrize(("over", "element", "expected"), STRAYS.values(), ids=STRAYS)
def test_what_was_not_asked_for_is_counted(over: Window, element: Record | Rejection, expected: Outside) -> None:
    """By days, for some repositories know no others; a set holds the sets inside it; what tells nothing is let be."""
    assert outside(Page(response_date=None, elements=(element,), token=None), over) == expected

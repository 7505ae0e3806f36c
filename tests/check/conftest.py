"""What the tests of a check share: a repository over real HTTP with a fault in front of it, and its passport."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from watching import Fault, Watch, polite

from ingest.check.checking import MOST_REQUESTS, check
from ingest.endpoints import Endpoint
from ingest.passport import Passport
from ingest.protocol.inquiry import Inquiry
from ingest.records import Set
from workers.demo.exchange import Answering
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

Checked: TypeAlias = Callable[..., tuple[Passport, Watch]]
SETS = ("letters", "letters:drafts", "minutes")


def generated(count: int = 35, **keys: Any) -> DemoRepository:
    """Return a polite repository with so many records, ten a page, in three sets."""
    sets = tuple(Set(spec=name, name=name) for name in SETS)
    return DemoRepository(items=GeneratedItems(count, size=800, sets=SETS), **{"sets": sets, "page_size": 10} | keys)


@pytest.fixture
def repository() -> Callable[..., DemoRepository]:
    """Make polite repositories."""
    return generated


@pytest.fixture
def checked() -> Checked:
    """Check a repository behind a fault, without waiting where one would wait; also give what was asked."""

    def run(
        fault: Fault = polite,
        behind: Answering | None = None,
        *,
        path: str = "",
        declared: bool = False,
        headers: dict[str, str] | None = None,
        **keys: Any,
    ) -> tuple[Passport, Watch]:
        watch = Watch(fault=fault)
        with serve(behind or generated(), middleware=watch) as url:
            endpoint = Endpoint(**{"name": "tested", "namespace": "tested", "url": url + path} | keys)
            inquiry = Inquiry(
                endpoint.url,
                most_requests=MOST_REQUESTS,
                user_agent="tests",
                headers=headers,
                longest_wait=60.0,
                wait=lambda _: None,
            )
            with inquiry:
                passport = check(endpoint, inquiry, declared=declared)
        assert passport.observed.requests == len(watch.log) <= MOST_REQUESTS
        return passport, watch

    return run

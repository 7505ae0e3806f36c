"""What the tests of describing again share: a repository of letters."""

from collections.abc import Callable, Iterator

import pytest
from letters import RECORDS, Letters

from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve


@pytest.fixture(scope="session")
def letters(new_database: Callable[[], str]) -> Iterator[Letters]:
    """Serve the letters."""
    with serve(DemoRepository(items=GeneratedItems(RECORDS, size=900), page_size=150)) as url:
        yield Letters(url=url, new_database=new_database)

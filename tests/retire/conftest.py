"""What the tests of retiring and forgetting share: two repositories that have some records in common."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from small_archive import SmallArchive, served
from two_archives import Two


@pytest.fixture
def archives() -> Iterator[Two]:
    """Serve both."""
    one, two = SmallArchive(7, words="Wombat"), SmallArchive(3, words="Quokka")
    with ExitStack() as stack:
        urls = {"one": stack.enter_context(served(one)), "two": stack.enter_context(served(two))}
        yield Two(one=one, two=two, urls=urls)

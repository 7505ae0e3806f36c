"""Pages that were mutated at random are read or refused with an error of the tree, in bounded time, without invention.

A bounded run, always the same; `make fuzz` goes on for an hour with pages that nobody has seen.
"""

from examining import examine
from hypothesis import HealthCheck, Phase, given, settings
from mutations import Mutation, mutated, mutations, pages

PAGES = pages(largest=30_000)


@settings(
    max_examples=800,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
@given(mutations(list(PAGES)))
def test_a_mutated_page_is_read_or_refused(example: tuple[str, list[Mutation]]) -> None:
    """Whatever was done to it."""
    examine(mutated(*example, PAGES))

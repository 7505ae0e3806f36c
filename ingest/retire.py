"""Take an endpoint's voice away: batch by batch, each whole, with the words of those who speak from then on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from ingest.keep import with_descriptions
from ingest.store.engine import Database
from ingest.store.retiring import begin_retiring, retire_batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """How far retiring an endpoint is, or how it ended."""

    items: int = 0
    """Taken away."""
    changes: Counter[str] = field(default_factory=Counter)
    """Records by what was published of them: ``deleted``, or ``changed`` where another item says something else."""
    stopped: bool = False


def retire(name: str, database: Database, *, stop: Callable[[], bool], tell: Callable[[Retired], None]) -> Retired:
    """Retire an endpoint that the database knows; what was interrupted goes on when it is asked for again.

    ``stop`` is looked at between batches, ``tell`` told how far it is after each. Raises RunRefused where a run of the
    endpoint is active, or where it is harvested or declared anew meanwhile.
    """
    endpoint_id = begin_retiring(database, name)
    done = Retired()
    while not stop():
        batch = with_descriptions(partial(retire_batch, database, endpoint_id), database)
        if not batch.items:
            return done
        done = Retired(items=done.items + batch.items, changes=done.changes + batch.changes)
        tell(done)
    return replace(done, stopped=True)

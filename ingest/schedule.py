"""What is due is begun: any number of processes may look, and each run is begun once."""

import logging
import random
from collections.abc import Iterable

from ingest.endpoints import Endpoint, declared
from ingest.errors import ConfigurationError, RunRefused
from ingest.ledger import Coverage, RunRequest
from ingest.plan.due import due_selection, next_due, next_sweep, sweep_selection
from ingest.plan.windows import as_answered, kind_of, lists_of
from ingest.store.endpoints import endpoint_coverages
from ingest.store.engine import Database
from ingest.store.schedule import Due, Times, begin_due, declare, due_endpoints, put_off_sweep
from ingest.sweep import check_sweep

log = logging.getLogger(__name__)


def take_over(endpoints: Iterable[Endpoint], database: Database) -> None:
    """Let the schedule be what is declared now; changed times count from now on."""
    declare(database, endpoints, Times(next_due=next_due, next_sweep=next_sweep))


def begin_what_is_due(database: Database) -> tuple[int, ...]:
    """Begin a run for each endpoint whose time has come, and give their numbers.

    Others may do so at the same moment: each goes through them in an order of its own, so that they share them instead
    of waiting for each other at every one.
    """
    begun = []
    due_now = due_endpoints(database)
    in_an_order_of_its_own = random.sample(due_now, len(due_now))
    # An endpoint's harvest before its sweep, which may wait for a quarter of an hour.
    for due in sorted(in_an_order_of_its_own, key=lambda due: due.sweep):
        try:
            endpoint = declared(due.declaration)
        except ConfigurationError as error:
            log.warning("an endpoint is due and can not be begun: %s", error)
            continue
        run_id = _begin(endpoint, due, database)
        if run_id is not None:
            begun.append(run_id)
            log.info("run %s of %s is due since %s", run_id, endpoint.name, due.due_at)
    return tuple(begun)


def _begin(endpoint: Endpoint, due: Due, database: Database) -> int | None:
    request = _request(endpoint, due, database)
    if not due.sweep:
        return begin_due(database, due, request=request, next_due_at=next_due(endpoint, due.now))
    next_due_at = next_sweep(endpoint, due.now)
    try:
        check_sweep(request.selection, endpoint, due.endpoint_id, database)
    except RunRefused as refused:
        log.info("a sweep is due and not begun: %s", refused)
        put_off_sweep(database, due, next_due_at=next_due_at)
        return None
    return begin_due(database, due, request=request, next_due_at=next_due_at)


def _request(endpoint: Endpoint, due: Due, database: Database) -> RunRequest:
    coverages = {coverage.list: coverage for coverage in endpoint_coverages(database, due.endpoint_id)}
    new = sweep_selection(endpoint) if due.sweep else due_selection(endpoint, coverages.values(), due.now)
    selection = as_answered(new, endpoint.known_quirks)
    wanted = [coverages.get(name, Coverage(list=name)) for name in lists_of(selection)]
    return RunRequest(
        endpoint_id=due.endpoint_id,
        kind=kind_of(selection, wanted),
        selection=selection,
        declaration=endpoint.model_dump_json(),
        host=endpoint.host,
        parallel=endpoint.parallel,
        scheduled=True,
    )

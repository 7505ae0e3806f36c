"""Starts what runs for long: Celery's worker and its beat."""

import os
from pathlib import Path

from celery import signals
from celery.apps.beat import Beat

from ingest.errors import ConfigurationError
from ingest.settings import from_environment
from workers import logs
from workers.app import QUEUES, app, connect
from workers.cli.starting import when_ready
from workers.scheduler import LedgerScheduler
from workers.tasks import finish_run, plan_run, work_window

TASKS = (plan_run, work_window, finish_run)
"""Named so that they are loaded: a worker knows the tasks that were declared."""


def work(  # Keyword-only, one for each option.
    *,
    concurrency: int | None,
    queues: tuple[str, ...],
    name: str | None,
    alive_file: Path | None,
    wait: bool,
    log_level: logs.Level,
) -> None:
    """Run a worker until it is stopped. Raises ConfigurationError where it can not begin."""
    if unknown := set(queues) - set(QUEUES):
        raise ConfigurationError(f"there is no queue {', '.join(sorted(unknown))}; there are {' and '.join(QUEUES)}")
    settings = from_environment()
    connect(settings)
    logs.configure(settings, level=log_level)
    when_ready(settings, wait=wait)
    arguments = ["--quiet", "worker", "--queues", ",".join(queues or QUEUES), "--hostname", f"{name or 'worker'}@%h"]
    arguments += ["--concurrency", str(concurrency or os.cpu_count() or 1)]
    # Workers of ours have nothing to tell each other: what they share stands in the ledger.
    arguments += ["--without-mingle", "--without-gossip"]
    if alive_file is not None:
        # Sent every two seconds by the loop that takes messages, as long as it is connected and not stuck.
        signals.heartbeat_sent.connect(lambda **_: alive_file.touch(), weak=False)
    app.worker_main(arguments)


def schedule(*, alive_file: Path | None, wait: bool, log_level: logs.Level) -> None:
    """Run a beat until it is stopped. Raises ConfigurationError where it can not begin."""
    settings = from_environment()
    connect(settings)
    logs.configure(settings, level=log_level)
    when_ready(settings, wait=wait)
    LedgerScheduler.alive_file = alive_file
    Beat(app=app, scheduler=LedgerScheduler, loglevel=log_level.upper(), quiet=True, redirect_stdouts=False).run()

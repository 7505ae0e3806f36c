"""Commands of the product as forks of a process that has loaded its packages: loading takes longer than most commands.

A command is a process of its own all the same, with its own environment, folder, streams and exit code. What is not
the same is how Python starts, which the tests of starting, of signals and of terminals look at: those start their own.

``python forked_commands.py SOCKET`` is the process that is forked. It ends with its standard input.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

ENVIRONMENT = os.environ  # noqa: TID251 - a command has one of its own.
ROOT = Path(__file__).parents[2]
LOADED = (
    "alembic.command", "celery", "kombu.transport.redis", "langcodes", "psycopg", "redis", "sickle",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "rich.table", "rich.progress", "structlog",
)  # fmt: skip
"""Packages that commands load when they need them."""
ALONE = "services"
"""What workers and schedulers are started by: its modules make what is shared with each fork."""
COMMAND_SECONDS = 120
_LONGEST_ORDER = 1_000_000


@cache
def _socket_path() -> str:
    """Start the process that is forked, and give its address when it has loaded everything."""
    folder = tempfile.TemporaryDirectory(prefix="commands-")
    path = f"{folder.name}/socket"
    environment = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-P", __file__, path], env=environment, **pipes)
    atexit.register(folder.cleanup)
    atexit.register(process.communicate)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return path


def run_command(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], content: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command to its end with this on its standard input, and give its exit code and what it wrote."""
    with ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write(content)
        streams[0].seek(0)
        connection = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
        connection.connect(_socket_path())
        order = {"arguments": arguments, "folder": str(folder), "environment": environment}
        socket.send_fds(connection, [json.dumps(order).encode()], [each.fileno() for each in streams])
        code = int(connection.recv(_LONGEST_ORDER))
        for each in streams:
            each.seek(0)
        return subprocess.CompletedProcess(arguments, code, streams[1].read(), streams[2].read())


# --- the process that is forked -------------------------------------------------------------------


def serve(path: str) -> None:
    """Load everything, then fork for each connection, until standard input ends."""
    # Nobody here waits for those who answer: who has ended is forgotten at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    commands = importlib.import_module("workers.cli")
    ours = (each.name for each in pkgutil.iter_modules(commands.__path__) if each.name != ALONE)
    for name in (*LOADED, *(f"workers.cli.{each}" for each in ours)):
        importlib.import_module(name)
    gc.freeze()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(path)
        listener.listen(64)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    listener.close()
                    answer(connection)


def answer(connection: socket.socket) -> NoReturn:
    """Run the command that is ordered, tell its exit code, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order, streams, *_ = socket.recv_fds(connection, _LONGEST_ORDER, 3)
    child = os.fork()
    if child == 0:
        become(streams, **json.loads(order))
    _, status = os.waitpid(child, 0)
    connection.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def become(streams: list[int], *, arguments: list[str], folder: str, environment: dict[str, str]) -> None:
    """Be the command until its end: its streams, its folder, its environment and no other."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    ENVIRONMENT.clear()
    ENVIRONMENT.update(environment)
    sys.argv[1:] = arguments
    signal.alarm(COMMAND_SECONDS)
    try:
        importlib.import_module("workers.cli.main").main()
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        # Taking apart all that was loaded would take as long as loading it.
        os._exit(int(ended.code or 0))


if __name__ == "__main__":
    serve(sys.argv[1])

"""Who owns a lease: a process, named so that one on the same host can tell whether it is still alive."""

import os
import socket
from functools import cache
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def _host() -> str:
    """Name the host, and where process ids are counted: two containers may share the one and not the other."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}@{space.strip('pid:[]')}"


@cache
def _boot() -> str:
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "-"


def this_owner() -> str:
    """Name this process: host, boot, process id and the process's own start, which tells a reused id from this one."""
    pid = os.getpid()
    return f"{_host()}/{_boot()}/{pid}/{_started(pid) or '-'}"


def is_dead(owner: str) -> bool:
    """Whether the owner is known to be gone: a process of this host that no longer runs. Unknown is not dead."""
    match owner.split("/"):
        case [host, boot, pid, started] if host == _host() and pid.isdigit():
            if boot != _boot():
                return True
            return not _alive(int(pid)) or (started != "-" and _started(int(pid)) != started)
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(pid: int) -> str | None:
    """Give the process's start in clock ticks since boot, where the system tells it."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the command in brackets and may hold blanks; the start is the 22nd.
    state, *rest = status.rpartition(")")[2].split()
    return None if state == "Z" else rest[18]

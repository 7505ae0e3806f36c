"""Who owns a lease, and whether that process still lives."""

import os
import subprocess
import sys

import pytest

from ingest.store.owners import is_dead, this_owner

OWNER = [sys.executable, "-c", "from ingest.store.owners import this_owner; print(this_owner(), flush=True); input()"]


def parts() -> list[str]:
    """Give this process's host, boot, id and start."""
    return this_owner().rsplit("/", 3)


def test_this_process_is_alive() -> None:
    """It is asking."""
    assert not is_dead(this_owner())


def test_the_owner_names_host_boot_process_and_start() -> None:
    """Four parts, and always the same for one process."""
    host, boot, pid, started = parts()

    assert host
    assert boot
    assert int(pid) == os.getpid()
    assert started.isdigit() or started == "-"
    assert this_owner() == this_owner()


def test_a_child_lives_until_it_has_ended() -> None:
    """Dead from the moment on that it is only waited for."""
    with subprocess.Popen(OWNER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        alive = not is_dead(owner)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        while_unburied = is_dead(owner)
    assert alive
    assert while_unburied
    assert is_dead(owner)


@pytest.mark.parametrize(
    ("replaced", "dead"),
    [
        pytest.param({1: "another-boot"}, True, id="before this host started"),
        pytest.param({3: "1"}, True, id="a process id used again"),
        pytest.param({3: "-"}, False, id="a start that was not to be had"),
        pytest.param({0: "another-host"}, False, id="another host"),
        pytest.param({0: f"{parts()[0]}1", 2: "999999999"}, False, id="a container that counts its processes apart"),
        pytest.param({0: "another-host", 1: "another-boot", 2: "999999999"}, False, id="all else of another host"),
        pytest.param({2: "999999999"}, True, id="no such process"),
    ],
)
def test_an_owner_is_dead_only_where_this_host_knows_it(replaced: dict[int, str], dead: bool) -> None:  # noqa: FBT001 - a case's expected answer.
    """What can not be known is not dead."""
    owner = "/".join(replaced.get(place, part) for place, part in enumerate(parts()))

    assert is_dead(owner) is dead


@pytest.mark.parametrize("owner", ["", "worker", "a/b", "host/boot/pid/start"])
def test_an_owner_written_otherwise_is_not_dead(owner: str) -> None:
    """Another version may write owners in another way."""
    assert not is_dead(owner)

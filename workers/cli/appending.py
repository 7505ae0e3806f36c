"""Appends declarations to ``endpoints.toml``: what stands there stays as it is, and a reader never sees half a file."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.endpoints_toml import read_endpoints
from ingest.errors import ConfigurationError

FILE = "endpoints.toml"


def append(config: Path, table: str) -> Path:
    """Append a table to the file in a folder, both made where they are missing; returns the file's path.

    The file that would result is read first: raises ConfigurationError where it says what no endpoint may, a name that
    is declared already included, or where it can not be written.
    """
    path = config / FILE
    try:
        config.mkdir(parents=True, exist_ok=True)
        # A link is followed: the file that it leads to is the one that is versioned.
        place = path.resolve()
        with _alone(place.parent):
            before = place.read_bytes() if place.exists() else b""
            _replace(place, _joined(before, table))
    except OSError as error:
        raise ConfigurationError(f"{path} can not be written: {error.strerror}") from error
    return path


def check_writable(config: Path) -> None:
    """Raise ConfigurationError where nothing could be appended, which is better known before anything is asked."""
    path = config / FILE
    # A file is replaced by another in its folder; a folder that is missing is made in the next one above.
    folder = path.resolve().parent
    folder = next(each for each in (folder, *folder.parents) if each.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK) or path.is_dir():
        raise ConfigurationError(f"{path} can not be written; check its folder, or name another in OAI_INGEST_CONFIG")


def _joined(before: bytes, table: str) -> bytes:
    """Put the table behind what stands there, a blank line between, in the line ends of the file."""
    end = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before.strip() else end if before.endswith(b"\n") else 2 * end
    return before + gap + table.encode().replace(b"\n", end)


def _replace(place: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        made.chmod(place.stat().st_mode & 0o7777 if place.exists() else 0o644)
        _check(made, place)
        made.replace(place)
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise


def _check(made: Path, place: Path) -> None:
    try:
        read_endpoints(made)
    except ConfigurationError as error:
        told = str(error).replace(str(made), str(place))
        raise ConfigurationError(f"nothing was added, for the file would not be valid: {told}") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes of ours from appending meanwhile: what they append would be lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

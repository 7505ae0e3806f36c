"""A file that is there when it is whole: written beside its place under another name, then renamed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ingest.errors import ConfigurationError, IngestError


class FileNotWritten(IngestError):
    """The file could not be written to its end: a full disk, most often."""


def refuse_unless_writable(place: Path, *, overwrite: bool) -> None:
    """Raise ConfigurationError where a file can not be written to ``place``, or one is there that is to be kept."""
    try:
        exists = place.exists()
    except OSError as error:
        # A folder that may not be looked into, or a name that is too long.
        raise _not_begun(place, error) from error
    if exists and not place.is_file():
        raise ConfigurationError(f"{place} is no file; name another one with --output")
    if exists and not overwrite:
        raise ConfigurationError(f"{place} exists; name another file, or say --overwrite")
    if not place.parent.is_dir():
        raise ConfigurationError(f"{place.parent} is no folder; make it, or name another file with --output")
    if not os.access(place.parent, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{place.parent} can not be written; make it writable, or name another file")


def _not_begun(place: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{place} can not be written: {error.strerror}; name another file with --output")


@contextmanager
def written_whole(place: Path, *, overwrite: bool) -> Iterator[IO[bytes]]:
    """Open a file that gets its name when all went well, and is gone otherwise.

    Raises ConfigurationError where it can not be begun, and FileNotWritten where it can not be written to its end.
    """
    # Through a symbolic link, so that it is the file that is replaced and not the link.
    place = Path(os.path.realpath(place))
    part = place.parent / f".oai-ingest-{secrets.token_hex(8)}.part"
    try:
        opened = part.open("xb")
    except OSError as error:
        raise _not_begun(place, error) from error
    try:
        with opened as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _name(part, place, overwrite=overwrite)
    except OSError as error:
        raise FileNotWritten(f"{place} can not be written: {error.strerror}; nothing was kept") from error
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, place: Path, *, overwrite: bool) -> None:
    if not overwrite:
        # Unlike a renaming, a link does not replace what has come to be there meanwhile.
        try:
            os.link(part, place)
        except FileExistsError as error:
            raise ConfigurationError(f"{place} exists by now; name another file, or say --overwrite") from error
        except OSError:
            # A file system without links.
            part.rename(place)
        return
    part.replace(place)
    with suppress(OSError):
        _sync(place.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

#!/usr/bin/env python3
"""Make ``.venv``, which every make target works in: exactly the locked packages, checked by their hashes.

It costs nothing the second time: a stamp, written last, says what the environment was made from. An environment
without that stamp is half made, one with another lock's is out of date; both are made again from nothing, so that no
leftover package can hide a missing one. A change of ``pyproject.toml`` alone only installs the checkout again.

One environment serves the tests and the demo. Leaving the tools out of the demo's would save about ten of thirty
seconds once, and cost a second environment to keep right; that the run-time packages suffice alone is proven where
it matters, by the wheel's demo in ``.ci/run``.

The syntax is kept to what old versions of Python 3 read, so that they can be told which one is needed.
"""

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "made-from"
PACKAGES = ("requirements/dev.txt", "requirements/run.txt", "tools/setup.py")
CHECKOUT = ("pyproject.toml",)
OLDEST = (3, 11)


def main() -> None:
    """Make the environment unless it is there."""
    if sys.version_info < OLDEST:
        found = sys.version.split()[0]
        sys.exit(
            f"Python 3.11 or newer is needed; {sys.executable} is {found}. Name another: make PYTHON=python3.12 test"
        )
    wanted = [_fingerprint(*PACKAGES), _fingerprint(*CHECKOUT)]
    made = STAMP.read_text().split() if STAMP.is_file() else []
    if made != wanted:
        try:
            _make(with_packages=made[:1] != wanted[:1])
        except subprocess.CalledProcessError as failure:
            sys.exit(f"Could not make .venv: '{_words(failure.cmd)}' failed. {_advice(failure)}")
        STAMP.write_text("\n".join(wanted))


def _fingerprint(*names: str) -> str:
    # The checkout's place counts because scripts in an environment name their interpreter by its whole path.
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def _make(*, with_packages: bool) -> None:
    started = time.monotonic()
    if with_packages:
        _say("Making .venv with the locked packages, about half a minute, once ...")
        venv.create(str(VENV), clear=True, symlinks=True, with_pip=True)
        _pip("install", "--require-hashes", "-r", "requirements/dev.txt")
    # The build backend is in the lock: taken from there, no package of the build is left unpinned.
    _pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    _say(f"Made .venv in {time.monotonic() - started:.0f} s.")


def _pip(*arguments: str) -> None:
    # Quiet twice: the first leaves out what is done, the second warnings about this machine's package sources.
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check"]
    subprocess.run(command + list(arguments), cwd=str(ROOT), check=True)  # noqa: S603 - the arguments stand above.


def _words(command: object) -> str:
    return " ".join(command) if isinstance(command, (list, tuple)) else str(command)


def _advice(failure: subprocess.CalledProcessError) -> str:
    if "ensurepip" in _words(failure.cmd):
        return "Install Python's own venv module (Debian and Ubuntu: the package python3-venv)."
    return "What pip said stands above; the next call starts from nothing."


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""The commands of this tree: make, the gate and the import contract."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def test_make_help_lists_every_target() -> None:
    """Whatever can be made says so, with a line about it."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z][\w-]*):", MAKEFILE, flags=re.MULTILINE)
    listed = dict(re.findall(r"^make ([\w-]+) +(\S.*)$", shown, flags=re.MULTILINE))

    assert {"demo", "test", "lint", "test-all", "lock", "wheel", "clean", "bench"} <= set(targets)
    assert list(listed) == targets


def test_every_target_is_one_line() -> None:
    """Where there is no make, a person can type that line."""
    recipes = re.findall(r"^[a-z][\w-]*:.*\n((?:\t.*\n)*)", MAKEFILE, flags=re.MULTILINE)

    assert [recipe for recipe in recipes if recipe.count("\n") != 1] == []


def test_the_gate_can_be_run_and_reads_as_a_shell_script() -> None:
    """The file is executable, its syntax is right, and it runs the very command that people run."""
    gate = ROOT / ".ci" / "run"

    assert gate.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", gate], check=False).returncode == 0
    assert "make test" in gate.read_text("utf-8")


@pytest.mark.parametrize("file", ["Makefile", ".ci/run", "tools/setup.py"])
def test_setting_up_names_no_host(file: str) -> None:
    """Packages come from wherever the machine's own settings say."""
    assert "://" not in (ROOT / file).read_text("utf-8")


def test_the_import_contract_holds() -> None:
    """The layers in pyproject.toml are what the code does."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr

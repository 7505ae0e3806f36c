"""Labelled values written for this project: every trap of the three fields, and how many of them must be right.

A case is a line of ``cases/*.jsonl``; ``tools/score.py --show 50`` tells which are answered otherwise.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from scoring import FILES, Rate, Score, read_labels, score

CASES = Path(__file__).parent / "cases"
SCORE = Path(__file__).parents[2] / "tools" / "score.py"
FLOORS = {
    "rights": {"category": 0.95, "uri": 0.97},
    "donor": {"whole value": 0.85, "party F1": 0.93},
    "source": {"part F1": 0.88},
}


def of(field: str) -> Score:
    """Score one field on the project's own cases."""
    return score(field, read_labels(CASES / f"{FILES[field]}.jsonl"))


@pytest.mark.parametrize("field", FILES)
def test_enough_of_the_cases_are_answered_right(field: str) -> None:
    """No rate is under its floor; the misses are told where one is."""
    found = of(field)
    short = {name: found.rates[name].value for name, floor in FLOORS[field].items() if found.rates[name].value < floor}
    assert short == {}, [f"{miss.label}: {miss.value} -> {miss.answered}, not {miss.wanted}" for miss in found.misses]


def test_nothing_is_called_open_that_is_not() -> None:
    """A false open sends a reader into somebody's rights: there is no floor for it but none."""
    assert of("rights").false_open == 0


@pytest.mark.parametrize("field", FILES)
def test_every_case_says_what_it_is_for(field: str) -> None:
    """One value, one answer, one reason; no value twice."""
    cases = read_labels(CASES / f"{FILES[field]}.jsonl")
    assert [case["id"] for case in cases if not case["why"] or case["field"] != field] == []
    assert [value for value, count in Counter(case["value"] for case in cases).items() if count > 1] == []
    assert [case["id"] for case in cases if case["expected"] in case.get("also_ok", ())] == []


def test_the_nearest_accepted_answer_counts(tmp_path: Path) -> None:
    """Where several answers are right, any of them is; what is said of nothing is silence, not an error."""
    labels = [
        {"id": "1", "field": "rights", "value": "CC BY 4.0", "expected": {"uri": None, "category": "unknown"},
         "also_ok": [{"uri": "http://creativecommons.org/licenses/by/4.0", "category": "open-licence"}]},
        {"id": "2", "field": "rights", "value": "...", "expected": {"uri": None, "category": "in-copyright"}},
    ]  # fmt: skip
    (tmp_path / "rights.one.jsonl").write_text("\n".join(json.dumps(label) for label in labels), "utf-8")

    found = score("rights", read_labels(tmp_path / "rights.*.jsonl"))
    assert (found.rates["category"], found.unknown) == (Rate(right=1, of=2), Rate(right=1, of=1))
    assert [miss.label for miss in found.misses] == ["2"]
    assert found.false_open == 0


def test_a_licence_where_there_is_none_is_false_open() -> None:
    """It is counted apart, since no rate shows it."""
    label = {"id": "1", "value": "CC BY 4.0", "expected": {"uri": None, "category": "unknown"}}
    assert score("rights", [label]).false_open == 1


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a person does."""
    return subprocess.run([sys.executable, str(SCORE), *arguments], capture_output=True, text=True, check=True)


def test_the_script_scores_the_labels_of_a_folder_beside_the_own_cases(tmp_path: Path) -> None:
    """One object as JSON, a set of labels each with its fields and figures."""
    label = {"id": "1", "field": "rights", "value": "CC0", "expected": {"uri": None, "category": "unknown"}, "why": "x"}
    (tmp_path / "rights.some.jsonl").write_text(json.dumps(label), "utf-8")

    figures = json.loads(told(str(tmp_path), "--json", "--field", "rights", "--field", "donor").stdout)
    assert {name: set(fields) for name, fields in figures.items()} == {
        "own cases": {"rights", "donor"},
        "labels": {"rights"},
    }
    assert figures["labels"]["rights"] == {
        "category": 0, "uri": 0, "embargo": 1, "values": 1, "unknown": 0, "false-open": 1
    }  # fmt: skip


def test_the_script_says_where_no_labels_are(tmp_path: Path) -> None:
    """The own cases are scored all the same, and the misses shown that were asked for."""
    done = told(str(tmp_path / "none"), "--field", "source", "--show", "1")
    assert "No labelled values in" in done.stderr
    assert done.stdout.startswith("own cases source whole value ")

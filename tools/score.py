#!/usr/bin/env python3
"""Score the normalisers of rights, donor and source on labelled values.

``python tools/score.py [FOLDER]`` reads the project's own cases and every ``rights.*.jsonl``, ``donors.*.jsonl`` and
``sources.*.jsonl`` of the folder, where it is there, and prints a line a field. What is counted:

- rights: right category, right URI, embargo ends found, and false-open: what is called open and is not;
- donor: whole values right, F1 of the parties' names, parties with kind and role right;
- source: whole values right, F1, precision and recall of the parts;
- of each, unknown: values of which nothing is said although the label says something.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from scoring import FILES, Score, read_labels, score  # noqa: E402 - the tests' support is no package.

OWN_CASES = ROOT / "tests" / "normalise" / "cases"
LABELS = ROOT.parent / "shared" / "corpus" / "labels"


def main() -> None:
    """Score every set of labels that is there."""
    options = _options()
    told: dict[str, dict[str, object]] = {}
    for name, field, pattern in _sets(options.labels, options.field or list(FILES)):
        found = score(field, read_labels(pattern))
        told.setdefault(name, {})[field] = _figures(found)
        if not options.json:
            _print(name, field, found, options.show)
    if options.json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the normalisers on labelled values.")
    parser.add_argument("labels", type=Path, nargs="?", default=LABELS, help="a folder of labelled values")
    parser.add_argument("--field", choices=sorted(FILES), action="append", help="this field only; may be repeated")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="also print so many misses a field")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def _sets(folder: Path, fields: list[str]) -> Iterator[tuple[str, str, Path]]:
    """Give the name of each set of labels, the field, and the files' path with their pattern."""
    yield from (("own cases", field, OWN_CASES / f"{FILES[field]}.jsonl") for field in fields)
    patterns = [(field, f"{FILES[field]}.*.jsonl") for field in fields]
    present = [(field, pattern) for field, pattern in patterns if any(folder.glob(pattern))]
    if not present:
        sys.stderr.write(f"No labelled values in {folder}: only the project's own cases are scored.\n")
    yield from (("labels", field, folder / pattern) for field, pattern in present)


def _figures(found: Score) -> dict[str, object]:
    figures: dict[str, object] = {name: round(rate.value, 4) for name, rate in found.rates.items()}
    figures |= {"values": found.values, "unknown": round(found.unknown.share, 4)}
    return figures if found.false_open is None else figures | {"false-open": found.false_open}


def _print(name: str, field: str, found: Score, show: int) -> None:
    rates = [f"{told} {rate.value:.3f} ({rate.right}/{rate.of})" for told, rate in found.rates.items()]
    if found.false_open is not None:
        rates.append(f"false-open {found.false_open}")
    rates.append(f"unknown {found.unknown.share:.3f} ({found.unknown.right}/{found.unknown.of})")
    sys.stdout.write(f"{name:<9} {field:<6} {', '.join(rates)}\n")
    for miss in found.misses[:show]:
        sys.stdout.write(f"    {json.dumps(asdict(miss), ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()

"""How near the normalisers of rights, donor and source come to labelled values.

A label is a JSON object a line: ``id``, ``field``, ``value``, ``expected``, ``why``, and where several answers are
right ``also_ok``, the others. An answer is compared with the nearest of them, without regard to case, blanks, kinds of
dash and quote, outer punctuation and a leading article. A rate that counts nothing is 1.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.descriptions import Description, Donor, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.rights import normalise_rights
from ingest.normalise.sources import normalise_sources

FILES = {"rights": "rights", "donor": "donors", "source": "sources"}
OPEN = frozenset({"public-domain", "open-licence"})
SOURCE_PARTS = (
    "repository",
    "ref",
    "pages",
    "collection",
    "translator",
    "obtained_by",
    "issn",
    "isbn",
    "doi",
    "url",
    "container_title",
    "volume",
    "issue",
    "year",
)
Label = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """Between 0 and 1."""
        return self.right / self.of if self.of else 1.0

    @property
    def share(self) -> float:
        """As value, but 0 where there is nothing to count: of what should not be."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A label and what was answered instead."""

    label: str
    value: str
    wanted: Any
    answered: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one field."""

    values: int
    rates: Mapping[str, Rate]
    """By name; the F1 is told as twice the hits of all that was found and wanted."""
    unknown: Rate
    """Values of which nothing was said although the label says something."""
    false_open: int | None = None
    """Values called open that no accepted answer calls so; of rights only."""
    misses: Sequence[Miss] = ()


def read_labels(path: Path) -> list[Label]:
    """Read the labels of one file, or of every file of the pattern ``rights.*.jsonl`` where the path is such one."""
    return [
        json.loads(line)
        for file in sorted(path.parent.glob(path.name))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def score(field: str, labels: Iterable[Label]) -> Score:
    """Answer the value of each label in this process and compare."""
    return _SCORES[field](list(labels))


def _rights(labels: Sequence[Label]) -> Score:
    right = {"category": 0, "uri": 0}
    embargoes = [0, 0]
    unknown = [0, 0]
    false_open = 0
    misses = []
    for label in labels:
        answer = normalise_rights([_value(label)])
        found = {"category": answer.category, "uri": _uri(answer.uri)}
        accepted = [{"category": each["category"], "uri": _uri(each["uri"])} for each in _accepted(label)]
        best = max(([found[key] == each[key] for key in right] for each in accepted), key=sum)
        right = {key: right[key] + same for key, same in zip(right, best, strict=True)}
        false_open += found["category"] in OPEN and not any(each["category"] in OPEN for each in accepted)
        if all(each["category"] != "unknown" for each in accepted):
            unknown = [unknown[0] + (found["category"] == "unknown"), unknown[1] + 1]
        if end := label["expected"].get("embargo_end"):
            ends = {statement.embargo_end for statement in answer.statements}
            embargoes = [embargoes[0] + (end in ends), embargoes[1] + 1]
        if not all(best):
            misses.append(_miss(label, accepted[0], found))
    return Score(
        values=len(labels),
        rates={key: Rate(right=right[key], of=len(labels)) for key in right} | {"embargo": _rate(embargoes)},
        unknown=_rate(unknown),
        false_open=false_open,
        misses=misses,
    )


def _donors(labels: Sequence[Label]) -> Score:
    whole = hits = told = 0
    with_kind_and_role = [0, 0]
    unknown = [0, 0]
    misses = []
    for label in labels:
        found = [_party(donor) for donor in normalise_donors(Description(donors=(_value(label),)))]
        accepted = [
            [(_folded(party["name"]), party["kind"], party["role"]) for party in each["parties"]]
            for each in _accepted(label)
        ]
        names = _names(found)
        wanted_names = _nearest([_names(answer) for answer in accepted], names)
        wanted = _nearest([answer for answer in accepted if _names(answer) == wanted_names], found)
        hits += 2 * len(set(wanted_names) & set(names))
        told += len(set(wanted_names)) + len(set(names))
        whole += wanted_names == names
        with_kind_and_role[0] += sum(party in found for party in wanted)
        with_kind_and_role[1] += len(wanted)
        if all(accepted):
            unknown = [unknown[0] + (not found), unknown[1] + 1]
        if wanted != found:
            misses.append(_miss(label, wanted, found))
    return Score(
        values=len(labels),
        rates={
            "whole value": Rate(right=whole, of=len(labels)),
            "party F1": Rate(right=hits, of=told),
            "kind and role": _rate(with_kind_and_role),
        },
        unknown=_rate(unknown),
        misses=misses,
    )


def _sources(labels: Sequence[Label]) -> Score:
    whole = hits = found_parts = wanted_parts = 0
    unknown = [0, 0]
    misses = []
    for label in labels:
        answered, types = _source(label)
        found = _parts(answered)
        accepted = [_parts(each) for each in _accepted(label)]
        wanted = _nearest(accepted, found)
        hits += len(wanted & found)
        found_parts += len(found)
        wanted_parts += len(wanted)
        whole += wanted == found
        if all(accepted):
            unknown = [unknown[0] + (types <= {"unknown"}), unknown[1] + 1]
        if wanted != found:
            misses.append(_miss(label, sorted(wanted - found), sorted(found - wanted)))
    return Score(
        values=len(labels),
        rates={
            "whole value": Rate(right=whole, of=len(labels)),
            "part F1": Rate(right=2 * hits, of=found_parts + wanted_parts),
            "precision": Rate(right=hits, of=found_parts),
            "recall": Rate(right=hits, of=wanted_parts),
        },
        unknown=_rate(unknown),
        misses=misses,
    )


_SCORES: Mapping[str, Callable[[Sequence[Label]], Score]] = {"rights": _rights, "donor": _donors, "source": _sources}


def _value(label: Label) -> Value:
    return Value(text=label["value"].replace("\n", " ").strip())


def _accepted(label: Label) -> list[Mapping[str, Any]]:
    return [label["expected"], *label.get("also_ok", ())]


def _party(donor: Donor) -> tuple[str, str, str]:
    return _folded(donor.name), donor.kind, donor.role


def _source(label: Label) -> tuple[dict[str, list[str]], set[str]]:
    """Return the parts of every statement that the value holds, and the statements' types."""
    statements = normalise_sources([_value(label)])
    answered: dict[str, list[str]] = {}
    for statement in statements:
        read = {name: getattr(statement, name, None) for name in SOURCE_PARTS} | dict(statement.parts)
        for name in SOURCE_PARTS:
            answered[name] = answered.get(name, []) + _listed(read.get(name))
    return answered, {statement.type for statement in statements}


def _parts(answer: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(name, _folded(text)) for name in SOURCE_PARTS for text in _listed(answer.get(name))}


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [value] if isinstance(value, str) else list(value)


def _nearest(accepted: Sequence[Any], found: Any) -> Any:
    """Return the accepted answer that is the found one, else the one that shares most with it, the first if several."""

    def nearness(wanted: Any) -> tuple[bool, float]:
        shared = len(set(wanted) & set(found))
        return wanted == found, Rate(right=2 * shared, of=len(set(wanted)) + len(set(found))).value

    return max(accepted, key=nearness)


def _names(parties: Sequence[tuple[str, str, str]]) -> list[str]:
    return [name for name, _, _ in parties]


def _rate(counted: Sequence[int]) -> Rate:
    return Rate(right=counted[0], of=counted[1])


def _miss(label: Label, wanted: Any, answered: Any) -> Miss:
    return Miss(label=label["id"], value=label["value"], wanted=wanted, answered=answered)


def _uri(uri: str | None) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", (uri or "").strip().casefold()).rstrip("/")


def _folded(text: str) -> str:
    """Fold what does not count: case, blanks, kinds of dash and quote, outer punctuation, a leading article."""
    plain = "".join("-" if unicodedata.category(letter) == "Pd" else letter for letter in text)
    plain = re.sub("[\u2018-\u201b`\u00b4\u02bc]", "'", plain)
    plain = re.sub("[\u201c-\u201f\u00ab\u00bb]", '"', plain)
    plain = re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", plain)).strip(" .,;:\"'()[]").casefold()
    return plain.removeprefix("the ")

"""Misbehaviours by name: the decorator that registers one, and the ways to find it."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from watching import Fault

from hostile.deviations import DEVIATIONS

_FaultT = TypeVar("_FaultT", bound=Fault)
_SEEN = "Seen:"
_registered: dict[str, "Misbehaviour"] = {}


@dataclass(frozen=True, kw_only=True)
class Misbehaviour:
    """One thing that a repository does wrong, and where that was seen."""

    name: str
    family: str
    """The module that it stands in."""
    does: str
    """What the repository does, in one sentence or several."""
    seen: str
    """Where, as its docstring says; empty where it says nothing."""
    deviations: tuple[str, ...]
    """Keys of ``deviations.DEVIATIONS``."""
    fault: Fault


def misbehaviour(*deviations: str) -> Callable[[_FaultT], _FaultT]:
    """Register a function under its own name, and as an example of the deviations."""
    unknown = set(deviations).difference(DEVIATIONS)
    if unknown:
        raise ValueError(f"no such deviations: {sorted(unknown)}")

    def register(fault: _FaultT) -> _FaultT:
        name, told = fault.__name__, inspect.getdoc(fault) or ""
        does, _, seen = told.partition(_SEEN)
        if name in _registered:
            raise ValueError(f"two misbehaviours are called {name}")
        _registered[name] = Misbehaviour(
            name=name,
            family=fault.__module__.rpartition(".")[2],
            does=" ".join(does.split()),
            seen=" ".join(seen.split()),
            deviations=deviations,
            fault=fault,
        )
        return fault

    return register


@cache
def all_named() -> Mapping[str, Misbehaviour]:
    """Give all misbehaviours of all modules of this package: by module, and as they stand there."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"hostile.{module.name}")
    # A module that somebody imported before comes first otherwise.
    return {each.name: each for each in sorted(_registered.values(), key=lambda each: each.family)}


def named(name: str) -> Misbehaviour:
    """Give a misbehaviour by its name; raises KeyError where there is none."""
    return all_named()[name]

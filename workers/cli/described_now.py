"""How each endpoint's items are described now: as the file declares it, else as it was when last harvested."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.declarations import with_tables
from ingest.endpoints import Endpoint, declared
from ingest.errors import ConfigurationError
from ingest.operator_tables import OperatorTables


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """An endpoint that a file declares, that the database knows, or both."""

    name: str
    """As it is called now."""
    kept_as: str | None
    """As the database calls it: by an older name until a harvest takes the new one over; None: not known there."""
    in_file: Endpoint | None = None
    """Its declaration in the file."""
    endpoint: Endpoint | None = None
    """What describes its items, with the operator's tables of now; None where ``fault`` says why."""
    declared: bool = True
    """Whether a file declares it, or did when it was last harvested."""
    fault: str | None = None


def described_now(
    in_file: Iterable[Endpoint], kept: Mapping[str, tuple[str, bool]], tables: OperatorTables
) -> tuple[Now, ...]:
    """Pair what the file declares with what the database keeps: the file's order first, then the database's.

    ``kept`` is what ``ingest.store.endpoints.kept_declarations`` gives. An endpoint that is renamed in the file and not
    yet in the database is one endpoint.
    """
    of_file = [Now(name=each.name, kept_as=_kept_as(each, kept), in_file=each, endpoint=each) for each in in_file]
    taken = {each.kept_as for each in of_file}
    return (*of_file, *(_as_kept(name, *kept[name], tables) for name in kept if name not in taken))


def _kept_as(endpoint: Endpoint, kept: Mapping[str, tuple[str, bool]]) -> str | None:
    return next((name for name in (endpoint.name, endpoint.renamed_from) if name in kept), None)


def _as_kept(name: str, text: str, was_in_file: bool, tables: OperatorTables) -> Now:  # noqa: FBT001 - as it is kept.
    try:
        endpoint = with_tables(declared(text), tables)
    except ConfigurationError as error:
        return Now(name=name, kept_as=name, declared=was_in_file, fault=str(error))
    return Now(name=name, kept_as=name, endpoint=endpoint, declared=was_in_file)

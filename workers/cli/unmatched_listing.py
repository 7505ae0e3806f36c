"""Reads what no rule knew from the database and writes it."""

from ingest.normalise.donor_roles import is_nobody
from ingest.normalise.folding import fold
from ingest.settings import from_environment
from ingest.store.unmatched import UnmatchedValue, unmatched_values
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.output import note, write, write_json
from workers.cli.rejection_listing import check_endpoint

_KNOWN = {"donor": lambda statement: is_nobody(fold(statement))}
"""What is known of a statement although nothing came of it."""
_FILES = {"rights": "rights.toml", "donor": "donors.toml", "source": "repositories.toml"}
_LONGEST = 300
"""Characters of a value that a table shows; JSON has all of it."""


def list_and_write(field: str, *, endpoint: str | None, limit: int, as_json: bool) -> None:
    """Write the most frequent values of a field that no rule knew. Raises LookupError for an unknown endpoint."""
    settings = from_environment()
    with readable(settings.database_url) as database:
        check_endpoint(endpoint, database, settings)
        found = unmatched_values(database, field, endpoint=endpoint, limit=limit, known=_KNOWN.get(field))
    if as_json:
        write_json([_object(each) for each in found])
    elif found:
        rows = [(each.count, _short(each.value), f"{each.namespace}:{each.record_id}") for each in found]
        layout.show(layout.table(("records", "value", "such as"), rows, numbers=("records",)))
        note(f"say what they mean in {settings.config / _FILES[field]}, then run `oai-ingest renormalise --diff`")
    else:
        write(f"every {field} statement is known to some rule\n")


def _object(value: UnmatchedValue) -> dict[str, object]:
    return {"value": value.value, "count": value.count, "example": f"{value.namespace}:{value.record_id}"}


def _short(value: str) -> str:
    folded = " ".join(value.split())
    return folded if len(folded) <= _LONGEST else f"{folded[: _LONGEST - 1]}…"

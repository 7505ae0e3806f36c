"""What the operator's folder declares: the endpoints, and the tables that their records are described with."""

from pathlib import Path

from ingest.endpoints import Endpoint
from ingest.endpoints_toml import read_endpoints
from ingest.operator_tables import OperatorTables
from ingest.operator_tables_toml import FILES, read_operator_tables

ENDPOINTS = "endpoints.toml"


def read_declarations(folder: Path) -> tuple[Endpoint, ...]:
    """Read every endpoint that is declared, with the operator's tables. Raises ConfigurationError for the first fault.

    A folder without the file of endpoints declares none.
    """
    tables = read_operator_tables(folder)
    path = folder / ENDPOINTS
    return tuple(with_tables(endpoint, tables) for endpoint in read_endpoints(path)) if path.exists() else ()


def with_tables(endpoint: Endpoint, tables: OperatorTables) -> Endpoint:
    """Let the records of an endpoint be described with the operator's tables."""
    return endpoint.model_copy(update={"tables": tables.digest, "operator_tables": tables})


def declaring_files(folder: Path) -> tuple[Path, ...]:
    """Name the files that a declaration is read from, whether they are there or not."""
    return tuple(folder / name for name in (ENDPOINTS, *(file for file, _, _ in FILES.values())))

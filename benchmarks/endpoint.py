"""The made-up repository as an operator would declare it."""

from ingest.endpoints import Endpoint
from ingest.settings import Settings, read

NAME = "archive"


def declared(url: str, *, parallel: int = 1) -> Endpoint:
    """Declare it under a name that does not depend on where it is served."""
    return Endpoint(name=NAME, namespace=NAME, url=url, parallel=parallel)


def settings_of() -> Settings:
    """Give the settings of an empty environment, the defaults of everybody."""
    return read({})

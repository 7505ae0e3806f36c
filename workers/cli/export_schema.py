"""The JSON Schema of an exported record, from which the other formats take their columns too."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_FILE = "exported_record.schema.json"


def schema_text() -> str:
    """Give the schema as it is published."""
    return resources.files("workers.cli").joinpath(_FILE).read_text(encoding="utf-8")


@cache
def record_columns() -> Mapping[str, Mapping[str, Any]]:
    """Give the schema of each member of a record, in their order."""
    properties: Mapping[str, Mapping[str, Any]] = json.loads(schema_text())["properties"]
    return properties

"""Records as crosswalks read them, for tests that say what one element becomes."""

from pathlib import Path

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

SAMPLES = Path(__file__).parents[1] / "crosswalk" / "samples"


def described(document: str | bytes, *, known_as: str) -> Description:
    """Describe a document, which has to be recognised as the format of this name."""
    xml = document if isinstance(document, bytes) else document.encode()
    name, description = crosswalk(xml, metadata_prefix="oai_dc")
    assert name == known_as
    assert description is not None
    return description


def sample(name: str) -> Description:
    """Describe the sample record of a format."""
    return described((SAMPLES / f"{name}.xml").read_bytes(), known_as=name)


def said(values: tuple[Value, ...]) -> list[tuple[str, str | None]]:
    """Give text and role of each value."""
    return [(value.text, value.role) for value in values]


def languages(values: tuple[Value, ...]) -> list[tuple[str, str | None]]:
    """Give text and language of each value."""
    return [(value.text, value.lang) for value in values]

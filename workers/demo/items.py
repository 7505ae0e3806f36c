"""An item as the demo repository holds it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item (protocol section 2.3) with its record in each format that it is offered in.

    ``datestamp`` has the form ``YYYY-MM-DDThh:mm:ssZ``. ``formats`` maps each metadataPrefix to the UTF-8 XML of one
    element that carries all its namespace declarations and no XML declaration, or to None where the live record has
    no metadata; of a deleted item only the prefixes count. ``about`` holds the XML inside each ``about`` element. The
    bytes go out exactly as they are.
    """

    identifier: str
    datestamp: str
    formats: Mapping[str, bytes | None]
    set_specs: tuple[str, ...] = ()
    deleted: bool = False
    about: tuple[bytes, ...] = ()

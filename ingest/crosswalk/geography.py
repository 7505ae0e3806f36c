"""Places given by coordinates, written in one line: DCMI Point and Box, and well-known text for polygons.

Kernels before 4 write bare numbers, latitude first; those stay as written.
"""

from lxml.etree import _Element

from ingest.crosswalk.elements import name_of, own_text


def point(element: _Element) -> str:
    """Write a ``geoLocationPoint`` as DCMI Point: ``east=8.5; north=47.1``."""
    return _written(element, (("east", "pointLongitude"), ("north", "pointLatitude")))


def box(element: _Element) -> str:
    """Write a ``geoLocationBox`` as DCMI Box."""
    return _written(
        element,
        (
            ("northlimit", "northBoundLatitude"),
            ("eastlimit", "eastBoundLongitude"),
            ("southlimit", "southBoundLatitude"),
            ("westlimit", "westBoundLongitude"),
        ),
    )


def polygon(element: _Element) -> str:
    """Write a ``geoLocationPolygon`` as ``POLYGON ((8.5 47.1, ...))``, longitude first."""
    corners = (_numbers(corner) for corner in element.iterchildren("*") if name_of(corner)[1] == "polygonPoint")
    pairs = ((corner.get("pointLongitude"), corner.get("pointLatitude")) for corner in corners)
    written = ", ".join(f"{longitude} {latitude}" for longitude, latitude in pairs if longitude and latitude)
    return f"POLYGON (({written}))" if written else (element.text or "").strip()


def _written(element: _Element, names: tuple[tuple[str, str], ...]) -> str:
    if not len(element):
        return own_text(element)
    numbers = _numbers(element)
    return "; ".join(f"{name}={numbers[local]}" for name, local in names if numbers.get(local))


def _numbers(element: _Element) -> dict[str, str]:
    return {name_of(child)[1]: text for child in element.iterchildren("*") if (text := own_text(child))}

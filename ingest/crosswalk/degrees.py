"""Academic degrees, as the formats of theses name their parts.

Name and level say what kind of thesis it is, the discipline what it is about, and who granted the degree took part.
"""

from types import MappingProxyType

from ingest.crosswalk.dublin_core import Place

DEGREE_PLACES = MappingProxyType(
    {
        "name": Place("types", "degree.name"),
        "level": Place("types", "degree.level"),
        "type": Place("types", "degree.type"),
        "discipline": Place("subjects", "degree.discipline"),
        "field": Place("subjects", "degree.discipline"),
        "program": Place("subjects", "degree.program"),
        "programme": Place("subjects", "degree.program"),
        "specialty": Place("subjects", "degree.discipline"),
        "grantor": Place("contributors", "degree.grantor"),
        "department": Place("contributors", "degree.department"),
    }
)
"""Part of a degree, in lower case -> where its values go."""

"""The rights statements that the catalogue tells apart: URIs, labels and categories, as this program knows them."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from ingest.descriptions import VocabularyEntry
from ingest.store.tables import rights_statements


def keep_vocabulary(connection: Connection, vocabulary: Sequence[VocabularyEntry]) -> None:
    """Let the database hold these and no others."""
    if holds_vocabulary(connection, vocabulary):
        return
    connection.execute(delete(rights_statements))
    connection.execute(
        insert(rights_statements),
        [
            {"uri": each.uri, "label": each.label, "scheme": each.scheme, "category": each.category}
            for each in vocabulary
        ],
    )


def holds_vocabulary(connection: Connection, vocabulary: Sequence[VocabularyEntry]) -> bool:
    """Whether the database holds these and no others."""
    columns = rights_statements.c
    stored = connection.execute(select(columns.uri, columns.label, columns.scheme, columns.category))
    wanted = {(each.uri, each.label, each.scheme, each.category) for each in vocabulary}
    return {tuple(row) for row in stored} == wanted

"""A catalogue of 100,000 records, written by a dozen statements: large enough for a planner to mind what it reads."""

from typing import Any

from sqlalchemy import Connection, text

RECORDS = 100_000
_ENDPOINTS = 10
# What the two databases write differently.
_WORDS = {
    "postgresql": {
        "bytes": r"'\x00'::bytea",
        "then": "TIMESTAMPTZ '2025-10-24 00:00:00Z' + n * INTERVAL '1 minute'",
    },
    "sqlite": {"bytes": "x'00'", "then": "strftime('%Y-%m-%dT%H:%M:%f000Z', '2025-10-24', n || ' minutes')"},
}
_NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {records})"
# Among the values are those that the page for catalogues asks for, as rare as they would be.
_STATEMENTS = (
    """INSERT INTO endpoints (id, name, url, declaration, created_at)
       SELECT n, CASE n WHEN 1 THEN 'demo' ELSE 'archive-' || n END, 'u', '{{}}', {then}
         FROM numbers WHERE n <= {endpoints}""",
    """INSERT INTO runs (id, endpoint_id, kind, selection, declaration, started_at)
       SELECT n, 1, 'full', '{{}}', '{{}}', {then} FROM numbers WHERE n = 1""",
    "INSERT INTO profiles (id, digest, content) SELECT n, {bytes}, '{{}}' FROM numbers WHERE n = 1",
    """INSERT INTO records (key, namespace, record_id, item_id, version, title, rights_uri, rights_category, metadata,
                            created_at, changed_at)
       SELECT n, CASE n % 10 WHEN 1 THEN 'demo' ELSE 'archive-' || (n % 10) END, CAST(119197 + n AS TEXT), n,
              CASE n % 20 WHEN 0 THEN 2 ELSE 1 END, 'Letter ' || n,
              CASE WHEN n % 100 = 1 THEN 'https://creativecommons.org/licenses/by-sa/4.0/'
                   WHEN n % 10 < 6 THEN 'http://rightsstatements.org/vocab/InC/1.0/' END,
              CASE WHEN n % 100 = 2 THEN 'public-domain' WHEN n % 100 = 1 THEN 'open-licence'
                   WHEN n % 10 < 6 THEN 'in-copyright' ELSE 'unknown' END,
              '{{"descriptions": [{{"value": "' || '{filler}' || '", "lang": null}}]}}', {then}, {then}
         FROM numbers""",
    """INSERT INTO items (id, endpoint_id, metadata_prefix, oai_identifier, datestamp, datestamp_key, response_date,
                          run_id, deleted, digest, header_digest, profile_id, understood, priority, prefix_position,
                          record_key, first_seen_at)
       SELECT n, n % {endpoints} + 1, 'oai_dc', 'oai:archive:' || n, '2024-01-01', '2024-01-01', '2024-01-01', 1, FALSE,
              {bytes}, {bytes}, 1, TRUE, 100, 0, n, {then}
         FROM numbers""",
    """INSERT INTO item_sets (item_id, set_spec)
       SELECT n, CASE n % 200 WHEN 0 THEN 'reading-list' ELSE 'set-' || (n % 50) END FROM numbers""",
    """INSERT INTO record_rights (record_key, position, statement, category, rule, confidence)
       SELECT n, 0, 'Rights of ' || n, 'unknown', 'rights/none@1', 'none' FROM numbers""",
    """INSERT INTO record_donors (record_key, position, statement, name, kind, role, rule, confidence)
       SELECT n, 0, 'Gift ' || n, CASE n % 1000 WHEN 1 THEN 'MacArthur Foundation' ELSE 'Donor ' || (n % 3000) END,
              'organisation', 'donor', 'donor/named@1', 'exact'
         FROM numbers""",
    """INSERT INTO record_sources (record_key, position, statement, type, repository, ref, rule, confidence)
       SELECT n, 0, 'Source ' || n, 'archival', CASE WHEN n % 4 > 0 THEN 'PRC FMA' END,
              CASE n WHEN 1 THEN '109-02809-01' ELSE 'f. ' || (n % 20000) END, 'source/archival@1', 'named'
         FROM numbers""",
    """INSERT INTO changes (cursor, record_key, change, fields, version, changed_at)
       SELECT n, n, 'created', '["title"]', 1, {then} FROM numbers""",
    "UPDATE feed SET newest_cursor = {records}",
    "ANALYZE",
)


def fill(connection: Connection) -> None:
    """Write the catalogue into a database that holds nothing, with the statistics of what it holds then."""
    values: dict[str, Any] = {"records": RECORDS, "endpoints": _ENDPOINTS, "filler": "words " * 60}
    values |= _WORDS[connection.dialect.name]
    if connection.dialect.name == "postgresql":
        # What is written here fits together: looking up each foreign key would take most of the time.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in _STATEMENTS:
        # SQLite takes WITH before INSERT, PostgreSQL too.
        numbers = f"{_NUMBERS} " if "FROM numbers" in statement else ""
        connection.execute(text((numbers + statement).format(**values).replace(":", r"\:")))

"""What descriptions depend on beside the record: the number of our rules, our tables, and an endpoint's declaration."""

from ingest.bundled import bundled_digest
from ingest.endpoints import Endpoint, Profile

RULES = 5
"""The number of the rules: raised in each release that changes what is said of a record, be it by a rule or a table.

Of two programs the greater number tells which one is newer; the digest of the tables only that they differ.
"""


def profile_of(endpoint: Endpoint) -> Profile:
    """Take from an endpoint's declaration all that its records' descriptions depend on."""
    return Profile(
        rules=RULES,
        vocabularies=bundled_digest(),
        namespace=endpoint.namespace,
        record_id=endpoint.record_id,
        fields=endpoint.fields,
        defaults=endpoint.defaults,
        priority=endpoint.priority,
        prefixes=endpoint.metadata_prefix,
        trusted_origins=endpoint.trusted_origins if endpoint.origin == "trust" else (),
        tables=endpoint.tables,
    )

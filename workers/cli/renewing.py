"""Gives the feed a new name and says what its followers have to do."""

from ingest.errors import DatabaseRefused
from ingest.settings import from_environment
from ingest.store.feed import renew_feed
from ingest.store.schema import check
from workers.cli.databases import writable
from workers.cli.output import write, write_json


def renew_and_report(*, as_json: bool) -> None:
    """Renew the feed and write its names. Raises DatabaseRefused where there is no database yet.

    An active run is no obstacle: a backup that was taken in the middle of one brings it back as active, and the feed's
    row lets the new name come between two transactions.
    """
    database_url = from_environment().database_url
    if check(database_url).current is None:
        raise DatabaseRefused("there is no database yet, whose feed could be renewed; check OAI_INGEST_DATABASE_URL")
    with writable(database_url) as database:
        former, feed = renew_feed(database)
    if as_json:
        write_json({"feed_id": feed.feed_id, "former_feed_id": former, "newest_cursor": str(feed.end)})
        return
    write(f"the feed is {feed.feed_id} from now on; it was {former}, whose cursors are refused\n")
    write("whoever follows it: read everything anew, from the views or with `oai-ingest export`,\n")
    write(f"then go on with `oai-ingest changes --since {feed.end}`\n")

"""A list that was read before and brings little that is new: whatever moves is found, however far down it stands."""

from database_rows import rows
from harvesting import OUTCOMES, endpoint_at, harvest_here, selection_of
from small_archive import SmallArchive, served

from ingest.ledger import Run
from workers.demo.items import Item

FEW, MANY = 24, 26


class Revised(SmallArchive):
    """An archive of which some records say something else, and some are deleted."""

    revised: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    def _item(self, number: int) -> Item:
        item = super()._item(number)
        words = {prefix: xml.replace(b"Letter", b"Letter, revised,") for prefix, xml in item.formats.items()}
        return Item(
            identifier=item.identifier,
            datestamp=item.datestamp,
            formats=words if number in self.revised else item.formats,
            deleted=number in self.gone,
        )


def test_what_moves_after_pages_of_nothing_new_is_taken_in(migrated_database_url: str) -> None:
    """A change, a deletion, what is broken from now on, and what was not there before; then nothing again."""
    archive = Revised(FEW)
    with served(archive) as url:
        endpoint = endpoint_at(url)

        def harvested() -> dict[str, int]:
            return _outcomes(harvest_here(migrated_database_url, endpoint, selection=selection_of(endpoint, full=True)))

        assert harvested() == {"created": FEW}
        archive.revised, archive.gone, archive.broken, archive.records = frozenset({14}), frozenset({17}), {20}, MANY
        assert harvested() == {"created": MANY - FEW, "changed": 1, "unchanged": FEW - 3, "deleted": 1, "rejected": 1}
        assert harvested() == {"unchanged": MANY - 1, "rejected": 1}
    titles = (
        "SELECT title, deleted FROM catalogue_records WHERE record_id LIKE '%14' OR record_id LIKE '%17' ORDER BY 1"
    )
    assert [(row["title"], bool(row["deleted"])) for row in rows(migrated_database_url, titles)] == [
        ("Letter 17", True),
        ("Letter, revised, 14", False),
    ]


def _outcomes(run: Run) -> dict[str, int]:
    return {name: run.total(name) for name in OUTCOMES if run.total(name)}

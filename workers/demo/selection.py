"""Which items a request selects (protocol section 2.7), over a sequence that may be long and computed on access."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from ingest.identify_values import DeletedRecord, Granularity
from ingest.records import ListRequest, OaiError
from workers.demo.arguments import Refused
from workers.demo.items import Item

_REMEMBERED_SELECTIONS = 64
_DAY_LENGTH = len("YYYY-MM-DD")


class Index:
    """The items by identifier and by selection; reads all headers once for each new selection, metadata never."""

    def __init__(
        self, items: Sequence[Item], *, granularity: Granularity, deleted_record: DeletedRecord, uniform: bool
    ) -> None:
        """Take the items as they will stay; ``uniform`` promises that each is offered in every format."""
        self._items = items
        self._uniform = uniform
        self._granularity = granularity
        self._shows_deleted = deleted_record is not DeletedRecord.NO
        # Bound to this index: a cache on the method would keep every index alive.
        self.positions: Callable[[ListRequest], Sequence[int]] = lru_cache(_REMEMBERED_SELECTIONS)(self._positions)

    def item(self, identifier: str) -> Item:
        """Return the item; raises ``Refused`` with ``idDoesNotExist``."""
        position = self._by_identifier.get(identifier)
        if position is None:
            raise Refused(OaiError(code="idDoesNotExist", message=f"No item has the identifier {identifier!r}."))
        return self._items[position]

    def datestamp(self, item: Item) -> str:
        """Return the item's datestamp in the repository's granularity."""
        return self.shown(item.datestamp)

    def shown(self, instant: str) -> str:
        """Return an instant, given in seconds, in the repository's granularity."""
        return instant[:_DAY_LENGTH] if self._granularity is Granularity.DAY else instant

    @cached_property
    def earliest(self) -> str:
        """The oldest datestamp of all, in seconds; of an empty repository the first year that the web knew."""
        return min((item.datestamp for item in self._items), default="1990-01-01T00:00:00Z")

    @cached_property
    def _by_identifier(self) -> Mapping[str, int]:
        shown = (pair for pair in enumerate(self._items) if self._shows_deleted or not pair[1].deleted)
        return {item.identifier: position for position, item in shown}

    def _positions(self, request: ListRequest) -> Sequence[int]:
        everything = ListRequest(metadata_prefix=request.metadata_prefix)
        if self._uniform and self._shows_deleted and request == everything:
            return range(len(self._items))
        chosen = (position for position, item in enumerate(self._items) if self._selects(request, item))
        return array("L", chosen)

    def _selects(self, request: ListRequest, item: Item) -> bool:
        return (
            request.metadata_prefix in item.formats
            and (self._shows_deleted or not item.deleted)
            and (request.from_ is None or item.datestamp[: len(request.from_)] >= request.from_)
            and (request.until is None or item.datestamp[: len(request.until)] <= request.until)
            and (request.set_spec is None or _in_set(item.set_specs, request.set_spec))
        )


def _in_set(set_specs: Sequence[str], asked: str) -> bool:
    """Asking for ``a`` includes ``a:b`` (section 2.6)."""
    return any(spec == asked or spec.startswith(f"{asked}:") for spec in set_specs)

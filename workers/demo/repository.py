"""A polite OAI-PMH 2.0 repository: arguments in, the bytes of the answer out. Pure but for the clock it is given.

It keeps to the letter of the protocol, so that whatever a harvester stumbles over was put in front of it on purpose.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from ingest.identify_values import DeletedRecord, Granularity
from ingest.records import ListRequest, MetadataFormat, OaiError, Set
from workers.demo import answers
from workers.demo.arguments import Refused, check_arguments, list_request
from workers.demo.items import Item
from workers.demo.selection import Index
from workers.demo.tokens import Continuation, decode_token, encode_token, refused_token

OAI_DC = MetadataFormat(
    metadata_prefix="oai_dc",
    schema="http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
    namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
)
DEFAULT_BASE_URL = "http://demo.oai-ingest.example/oai"


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class DemoRepository:
    """A repository over a sequence of items, which it only indexes and iterates.

    The items are taken as fixed while the repository lives: what changed is a new repository over the new items
    (``dataclasses.replace``), whose tokens are the same. Lists come in the order of the items. Each new selection and
    the first look at an identifier read all headers once; metadata is asked for only when its record is written.
    """

    items: Sequence[Item]
    formats: tuple[MetadataFormat, ...] = (OAI_DC,)
    sets: tuple[Set, ...] = ()
    """None: the repository has no set hierarchy."""
    every_item_in_every_format: bool = False
    """A promise about the items: a list without date and set then needs no look at all headers."""
    name: str = "Demo repository of oai-ingest"
    admin_email: str = "demo@oai-ingest.example"
    earliest_datestamp: str | None = None
    """In seconds; None: read from the items."""
    descriptions: tuple[bytes, ...] = ()
    """The XML inside each ``description`` of Identify."""
    page_size: int = 100
    granularity: Granularity = Granularity.SECOND
    deleted_record: DeletedRecord = DeletedRecord.PERSISTENT
    """With ``no``, deleted items are not shown at all."""
    token_lifetime: timedelta = timedelta(days=1)
    now: Callable[[], datetime] = utc_now

    def answer(self, arguments: Sequence[tuple[str, str]], *, base_url: str = DEFAULT_BASE_URL) -> bytes:
        """Answer a request, given its decoded arguments in order; every fault in them is an answer too."""
        now = self.now()
        echo: Mapping[str, str] = {}
        try:
            checked = check_arguments(arguments, granularity=self.granularity)
            echo = checked
            body = answers.element(checked["verb"], self._answer(checked, now=now, base_url=base_url))
        except Refused as refused:
            body = b"".join(answers.error(error) for error in refused.errors)
        return answers.document(response_date=_instant(now), base_url=base_url, echo=echo, body=body)

    def _answer(self, arguments: Mapping[str, str], *, now: datetime, base_url: str) -> bytes:
        match arguments["verb"]:
            case "Identify":
                return self._identify(base_url)
            case "ListMetadataFormats":
                return self._list_metadata_formats(arguments.get("identifier"))
            case "GetRecord":
                return self._get_record(arguments["identifier"], arguments["metadataPrefix"])
            case _:
                return self._list(self._place(arguments, now=now), now=now)

    def _identify(self, base_url: str) -> bytes:
        told = {
            "repositoryName": self.name,
            "baseURL": base_url,
            "protocolVersion": "2.0",
            "adminEmail": self.admin_email,
            "earliestDatestamp": self._index.shown(self.earliest_datestamp or self._index.earliest),
            "deletedRecord": self.deleted_record.value,
            "granularity": self.granularity.value,
            "compression": "gzip",
        }
        descriptions = (answers.element("description", content) for content in self.descriptions)
        return b"".join([*(answers.element(name, value) for name, value in told.items()), *descriptions])

    def _list_metadata_formats(self, identifier: str | None) -> bytes:
        offered: Sequence[MetadataFormat] = self.formats
        if identifier is not None:
            item = self._index.item(identifier)
            offered = [each for each in self.formats if each.metadata_prefix in item.formats]
        if not offered:
            raise Refused(OaiError(code="noMetadataFormats", message="The item is offered in no format."))
        return b"".join(answers.metadata_format(each) for each in offered)

    def _get_record(self, identifier: str, metadata_prefix: str) -> bytes:
        item = self._index.item(identifier)
        if metadata_prefix not in self._prefixes or metadata_prefix not in item.formats:
            raise Refused(_cannot_disseminate(metadata_prefix))
        return answers.record(item, metadata_prefix=metadata_prefix, datestamp=self._index.datestamp(item))

    def _place(self, arguments: Mapping[str, str], *, now: datetime) -> Continuation:
        """Return where in which list the answer begins."""
        verb = arguments["verb"]
        if "resumptionToken" in arguments:
            return decode_token(arguments["resumptionToken"], verb=verb, now=_instant(now))
        request = None if verb == "ListSets" else list_request(arguments)
        return Continuation(verb=verb, request=request, cursor=0, expires="")

    def _list(self, place: Continuation, *, now: datetime) -> bytes:
        listed = self._listed(place.request)
        if place.cursor >= len(listed):
            raise refused_token("The list is shorter now than it was when the token was issued.")
        page = listed[place.cursor : place.cursor + self.page_size]
        return b"".join(self._written(place, page)) + self._token(place, size=len(listed), now=now)

    def _listed(self, request: ListRequest | None) -> Sequence[int]:
        """Return the positions of all sets, or of all items that the request selects: never none."""
        errors = self._list_errors(request)
        if errors:
            raise Refused(*errors)
        if request is None:
            return range(len(self.sets))
        positions = self._index.positions(request)
        if not positions:
            raise Refused(OaiError(code="noRecordsMatch", message="No record matches the arguments."))
        return positions

    def _list_errors(self, request: ListRequest | None) -> list[OaiError]:
        errors = []
        if request is not None and request.metadata_prefix not in self._prefixes:
            errors.append(_cannot_disseminate(request.metadata_prefix))
        if not self.sets and (request is None or request.set_spec is not None):
            errors.append(OaiError(code="noSetHierarchy", message="This repository has no sets."))
        return errors

    def _written(self, place: Continuation, page: Sequence[int]) -> Iterator[bytes]:
        if place.request is None:
            yield from (answers.set_(self.sets[position]) for position in page)
            return
        for item in (self.items[position] for position in page):
            datestamp = self._index.datestamp(item)
            if place.verb == "ListIdentifiers":
                yield answers.header(item, datestamp=datestamp)
            else:
                yield answers.record(item, metadata_prefix=place.request.metadata_prefix, datestamp=datestamp)

    def _token(self, place: Continuation, *, size: int, now: datetime) -> bytes:
        """Write the resumptionToken: none in a list of one page, an empty one on the last page of several."""
        following = place.cursor + self.page_size
        attributes = {"completeListSize": str(size), "cursor": str(place.cursor)}
        if following >= size:
            return answers.element("resumptionToken", b"", attributes) if place.cursor else b""
        expires = _instant(now + self.token_lifetime)
        token = encode_token(Continuation(verb=place.verb, request=place.request, cursor=following, expires=expires))
        return answers.element("resumptionToken", token, {"expirationDate": expires, **attributes})

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(each.metadata_prefix for each in self.formats)

    @cached_property
    def _index(self) -> Index:
        return Index(
            self.items,
            granularity=self.granularity,
            deleted_record=self.deleted_record,
            uniform=self.every_item_in_every_format,
        )


def _cannot_disseminate(metadata_prefix: str) -> OaiError:
    return OaiError(code="cannotDisseminateFormat", message=f"The format {metadata_prefix!r} is not offered.")


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

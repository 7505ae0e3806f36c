"""The outer document of every OAI-PMH answer (protocol sections 3.2 and 3.6): parsed once, errors in sight.

Nothing is fetched, no entity is expanded and a document type is refused. Elements are matched by namespace and place,
never by prefix or by a search through the tree: a payload may carry elements of the same names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import (
    BadArgument,
    BadResumptionToken,
    BadVerb,
    CannotDisseminateFormat,
    FatalProtocolError,
    IdDoesNotExist,
    IngestError,
    MalformedResponse,
    NoMetadataFormats,
    NoSetHierarchy,
    NotOaiPmh,
    UnknownErrorCode,
)
from ingest.protocol import datestamps, mending
from ingest.protocol.adopting import NAMESPACE, adopt
from ingest.protocol.assembling import assemble
from ingest.protocol.encodings import transcoded
from ingest.protocol.markup import HTML, OAI_TAG, TITLE, brings_doctype
from ingest.protocol.parsing import strict
from ingest.records import OaiError, Rejection, Repair

OAI = f"{{{NAMESPACE}}}"
"""The protocol's namespace, as lxml writes it before a local name."""

NO_RECORDS_MATCH = "noRecordsMatch"
_LONGEST_CODE = 100

_CLASSES: dict[str, type[FatalProtocolError | BadResumptionToken]] = {
    "badArgument": BadArgument,
    "badResumptionToken": BadResumptionToken,
    "badVerb": BadVerb,
    "cannotDisseminateFormat": CannotDisseminateFormat,
    "idDoesNotExist": IdDoesNotExist,
    "noMetadataFormats": NoMetadataFormats,
    "noSetHierarchy": NoSetHierarchy,
}
_DOCTYPE = "the answer brings a document type (DOCTYPE), which is not accepted"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_SHOWN = 200
"""Characters of a repository's own words that fit in one line of ours."""
_HEAD = 4096
"""Bytes at the start of an answer that are looked at to say what it is."""


class Unreadable(MalformedResponse):
    """OAI-PMH whose document can not be taken as it is, with its bytes: a rejection may keep them."""

    def __init__(self, message: str, *, body: bytes) -> None:
        """Keep the answer's bytes."""
        super().__init__(message)
        self.body = body


class NotWellFormed(Unreadable):
    """No XML, though it set out to be OAI-PMH: empty, or cut off on the way. Asked again, it may come whole.

    `cutting.salvage` may save what is whole of its bytes.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One parsed answer: its root, and what the protocol puts beside the verb's element."""

    root: Element
    response_date: datetime | None
    errors: tuple[OaiError, ...]
    size: int
    """Decoded bytes."""
    repairs: tuple[Repair, ...] = ()
    """What had to be repaired before the answer could be read, and at which record."""
    rejections: Mapping[Element, Rejection] = field(default_factory=dict)
    """Why an element of the list is empty: its record was cut out and can not be parsed."""
    damaged: bool = False
    """The answer broke off: its list goes on, nobody knows how."""

    def verb_element(self, verb: str) -> Element | None:
        """Give the root's own child that is named after the verb."""
        return self.root.find(OAI + verb)


def parse(body: bytes) -> Envelope:
    """Read an answer's bytes: strictly, else after named repairs, else its records one by one.

    Raises NotOaiPmh where it is something else, NotWellFormed where it is empty or breaks off, MalformedResponse
    where its root is in another namespace than the protocol's or it brings a document type.
    """
    if not body.strip():
        raise NotWellFormed("the answer is empty", body=body)
    try:
        root = strict(body)
    except etree.XMLSyntaxError as error:
        return _mended(body, error)
    return envelope_of(root, body)


def envelope_of(
    root: Element,
    body: bytes,
    *,
    repairs: tuple[Repair, ...] = (),
    rejections: Mapping[Element, Rejection] | None = None,
    damaged: bool = False,
) -> Envelope:
    """Describe a parsed answer; raises NotOaiPmh or MalformedResponse where the protocol's root is not its root."""
    repairs += adopt(root)
    _require_oai_root(root, body)
    return Envelope(
        root=root,
        response_date=datestamps.parse(root.findtext(OAI + "responseDate")),
        errors=tuple(_error(element) for element in root.iterchildren(OAI + "error")),
        size=len(body),
        repairs=mending.distinct(repairs),
        rejections=rejections or {},
        damaged=damaged,
    )


def exception_for(errors: tuple[OaiError, ...]) -> IngestError:
    """Choose the error to raise: the first decides on the class, all are named in the message."""
    grave = [error for error in errors if error.code != NO_RECORDS_MATCH] or list(errors)
    message = "; ".join(f"{error.code or 'error without a code'}: {one_line(error.message)}" for error in errors)
    known = _CLASSES.get(grave[0].code)
    return known(message) if known else UnknownErrorCode(message, code=grave[0].code)


def text_of(element: Element | None) -> str:
    """Give an element's text without the blanks of XML at its ends; empty where there is no element."""
    if element is None:
        return ""
    text = (element.text or "") if len(element) == 0 else "".join(element.itertext())
    return text.strip(" \t\r\n")


def one_line(text: str) -> str:
    """Make a repository's words fit for one line of a message: no control characters, no more than 200 characters."""
    text = _UNSEEN.sub(" ", text).strip()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def describe_foreign(body: bytes) -> str:
    """Say in a few words what an answer is that is no OAI-PMH: a web page by its title, else the first bytes."""
    if HTML.search(body[:_HEAD]):
        title = TITLE.search(body[: 16 * _HEAD])
        named = one_line(title[1].decode("utf-8", "replace")) if title else ""
        return f"a web page titled “{named}”" if named else "a web page without a title"
    return f"“{one_line(body[:80].decode('utf-8', 'replace'))}”"


def _mended(body: bytes, error: etree.XMLSyntaxError) -> Envelope:
    text, repairs = transcoded(body)
    if not OAI_TAG.search(text):
        begins_only = text.lstrip().startswith(b"<?xml") and b"<" not in text.lstrip()[1:]
        raise _not_well_formed(error, body) if begins_only else NotOaiPmh(_not_oai(describe_foreign(text))) from error
    if brings_doctype(text):
        html = HTML.search(text[:_HEAD])
        raise NotOaiPmh(_not_oai(describe_foreign(text))) if html else Unreadable(_DOCTYPE, body=body) from error
    try:
        root, more = mending.read(text)
    except etree.XMLSyntaxError as still:
        assembled = assemble(text)
        if assembled is None or not assembled.intact:
            raise _not_well_formed(still, body) from still
        return envelope_of(assembled.root, body, repairs=repairs + assembled.repairs, rejections=assembled.rejections)
    return envelope_of(root, body, repairs=repairs + more)


def _not_well_formed(error: etree.XMLSyntaxError, body: bytes) -> NotWellFormed:
    return NotWellFormed(f"the answer is not well-formed: {one_line(error.msg or 'no reason given')}", body=body)


def _require_oai_root(root: Element, body: bytes) -> None:
    name = etree.QName(root)
    if name.localname != "OAI-PMH":
        html = name.localname.lower() == "html"
        raise NotOaiPmh(_not_oai(describe_foreign(body) if html else f"a document with the root element {name.text}"))
    if root.tag != OAI + "OAI-PMH":
        raise MalformedResponse(
            f"the root element OAI-PMH is in the namespace “{name.namespace or ''}”, not {OAI[1:-1]}"
        )
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(_DOCTYPE, body=body)


def _not_oai(found: str) -> str:
    return f"not OAI-PMH: the repository answered {found}; check the base URL"


def _error(element: Element) -> OaiError:
    return OaiError(code=element.get("code", "").strip()[:_LONGEST_CODE], message=text_of(element))

"""The outer document of every OAI-PMH answer (protocol sections 3.2 and 3.6): parsed once, errors in sight.

Nothing is fetched, no entity is expanded and a document type is refused. Elements are matched by namespace and place,
never by prefix or by a search through the tree: a payload may carry elements of the same names.
"""

import re
from dataclasses import dataclass
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
from ingest.protocol import datestamps
from ingest.records import OaiError, Repair

OAI = "{http://www.openarchives.org/OAI/2.0/}"
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
_OAI_TAG = re.compile(rb"<(?:[\w.-]+:)?OAI-PMH[\s/>]")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_SHOWN = 200
"""Characters of a repository's own words that fit in one line of ours."""
_HEAD = 4096
"""Bytes at the start of an answer that are looked at to say what it is."""


class NotWellFormed(MalformedResponse):
    """No XML, though it set out to be OAI-PMH: empty, or cut off on the way. Asked again, it may come whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One parsed answer: its root, and what the protocol puts beside the verb's element."""

    root: Element
    response_date: datetime | None
    errors: tuple[OaiError, ...]
    size: int
    """Decoded bytes."""
    repairs: tuple[Repair, ...] = ()
    damaged: bool = False

    def verb_element(self, verb: str) -> Element | None:
        """Give the root's own child that is named after the verb."""
        return self.root.find(OAI + verb)


def parse(body: bytes) -> Envelope:
    """Read an answer's bytes.

    Raises NotOaiPmh where it is something else, NotWellFormed where it is empty or breaks off, MalformedResponse
    where its root lacks the protocol's namespace or it brings a document type.
    """
    root = _strict(body)
    _require_oai_root(root, body)
    return Envelope(
        root=root,
        response_date=datestamps.parse(root.findtext(OAI + "responseDate")),
        errors=tuple(_error(element) for element in root.iterchildren(OAI + "error")),
        size=len(body),
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
    if _HTML.search(body[:_HEAD]):
        title = _TITLE.search(body[: 16 * _HEAD])
        named = one_line(title[1].decode("utf-8", "replace")) if title else ""
        return f"a web page titled “{named}”" if named else "a web page without a title"
    return f"“{one_line(body[:80].decode('utf-8', 'replace'))}”"


def _strict(body: bytes) -> Element:
    if not body.strip():
        raise NotWellFormed("the answer is empty")
    # A parser of its own for each call: lxml locks a shared one. The size cap is the transport's, so that no text
    # node of an honest record is too long here; libxml2 still bounds depth and the growth of entities.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        if _OAI_TAG.search(body) or (body.lstrip().startswith(b"<?xml") and b"<" not in body.lstrip()[1:]):
            raise NotWellFormed(f"the answer is not well-formed: {one_line(error.msg or 'no reason given')}") from error
        raise NotOaiPmh(_not_oai(describe_foreign(body))) from error


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
        raise MalformedResponse("the answer brings a document type (DOCTYPE), which is not accepted")


def _not_oai(found: str) -> str:
    return f"not OAI-PMH: the repository answered {found}; check the base URL"


def _error(element: Element) -> OaiError:
    return OaiError(code=element.get("code", "").strip()[:_LONGEST_CODE], message=text_of(element))

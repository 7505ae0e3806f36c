"""The last resort: what can be saved of an answer that breaks off."""

from ingest.protocol.assembling import assemble
from ingest.protocol.encodings import transcoded
from ingest.protocol.envelope import Envelope, NotWellFormed, envelope_of
from ingest.protocol.markup import brings_doctype

_LISTS = ("ListRecords", "ListIdentifiers", "GetRecord")


def salvage(body: bytes) -> Envelope:
    """Give the whole records of an answer that came cut off as often as it was asked for.

    The envelope is damaged and has no token, whatever was seen of one: such a page never ends a list. Raises
    NotWellFormed where not one record or rejection can be had, MalformedResponse where they are of another protocol.
    """
    text, repairs = transcoded(body)
    assembled = None if brings_doctype(text) else assemble(text)
    if assembled is None:
        raise NotWellFormed("the answer breaks off before its first record has ended", body=body)
    saved = envelope_of(
        assembled.root,
        body,
        repairs=repairs + assembled.repairs,
        rejections=assembled.rejections,
        damaged=True,
    )
    if all(saved.verb_element(verb) is None for verb in _LISTS):
        raise NotWellFormed("the answer breaks off, and its list is in another namespace", body=body)
    return saved

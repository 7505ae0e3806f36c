"""Bytes become a parsed document, or an error that says what they are instead."""

from collections.abc import Callable

import pytest

from ingest import errors
from ingest.protocol.envelope import NotWellFormed, exception_for, parse
from ingest.records import OaiError

OAI = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b"", errors.MalformedResponse, "empty"),
        (b" \n ", errors.MalformedResponse, "empty"),
        (OAI + b"<ListRecords><record>", errors.MalformedResponse, "line 1"),
        (b'<?xml version="1.0"?>', errors.MalformedResponse, "not well-formed"),
        (b"<!DOCTYPE html><html><title>Log\n in</title><br><p>no", errors.NotOaiPmh, "web page titled “Log in”"),
        (b"<html><head><title>Fine</title></head></html>", errors.NotOaiPmh, "web page titled “Fine”"),
        (b"<HTML><body>All about OAI-PMH<br></HTML>", errors.NotOaiPmh, "web page without a title"),
        (b"<rss version='2.0'/>", errors.NotOaiPmh, "root element rss"),
        (b'{"status": "ok"}', errors.NotOaiPmh, '“{"'),
        (b"\x1b[31mred", errors.NotOaiPmh, "“[31mred”"),
        (OAI + b"<a><b></a></b></OAI-PMH>", errors.MalformedResponse, "not well-formed"),
        (b'<OAI-PMH xmlns="urn:x"/>', errors.MalformedResponse, "namespace “urn:x”"),
        (b"<!DOCTYPE OAI-PMH>" + OAI + b"</OAI-PMH>", errors.MalformedResponse, "DOCTYPE"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + OAI + b"&a;</OAI-PMH>", errors.MalformedResponse, "DOCTYPE"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + OAI + b"</OAI-PMH>", errors.MalformedResponse, "DOCTYPE"),
    ],
)
def test_what_is_no_oai_pmh_document_says_what_it_is(body: bytes, error: type[errors.IngestError], words: str) -> None:
    """The message is one line with the parser's words, the page's title or the first bytes."""
    with pytest.raises(error) as raised:
        parse(body)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_only_a_document_that_breaks_off_is_worth_asking_again() -> None:
    """A wrong namespace will be wrong again; a cut page may come whole."""
    with pytest.raises(NotWellFormed):
        parse(OAI)
    with pytest.raises(errors.MalformedResponse) as raised:
        parse(b'<OAI-PMH xmlns="urn:x"/>')
    assert not isinstance(raised.value, NotWellFormed)


def test_entities_that_multiply_are_stopped() -> None:
    """A small document can not become a large one."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    body = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'.encode() + OAI + b'<a b="&e8;"/></OAI-PMH>'
    with pytest.raises(errors.MalformedResponse):
        parse(body)


def test_prefixes_are_free_and_encodings_are_obeyed() -> None:
    """A prefixed root in Latin-1 is as good as any."""
    body = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><o:OAI-PMH xmlns:o="http://www.openarchives.org/OAI/2.0/">'
        '<o:error code="badVerb">né</o:error></o:OAI-PMH>'
    ).encode("latin-1")
    assert parse(body).errors == (OaiError(code="badVerb", message="né"),)


def test_a_byte_order_mark_and_utf_16_are_read(document: Callable[..., bytes]) -> None:
    """Both are legal XML."""
    text = document("Identify").decode().replace('encoding="UTF-8"', "")
    assert parse(("\ufeff" + text).encode()).verb_element("Identify") is not None
    assert parse(text.encode("utf-16")).verb_element("Identify") is not None


@pytest.mark.parametrize(("date", "year"), [("2024-05-06T07:08:09.1+02:00", 2024), ("yesterday", None)])
def test_the_response_date_is_read_leniently(document: Callable[..., bytes], date: str, year: int | None) -> None:
    """What can not be read is None."""
    read = parse(document("Identify", date=date)).response_date
    assert (None if read is None else read.year) == year


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("badArgument", errors.BadArgument),
        ("badVerb", errors.BadVerb),
        ("badResumptionToken", errors.BadResumptionToken),
        ("cannotDisseminateFormat", errors.CannotDisseminateFormat),
        ("idDoesNotExist", errors.IdDoesNotExist),
        ("noMetadataFormats", errors.NoMetadataFormats),
        ("noSetHierarchy", errors.NoSetHierarchy),
        ("typeMismatch", errors.UnknownErrorCode),
        ("", errors.UnknownErrorCode),
    ],
)
def test_each_error_code_has_its_class(code: str, error: type[errors.IngestError]) -> None:
    """Unknown and empty codes are kept as they came."""
    raised = exception_for((OaiError(code=code, message="words\nof theirs"),))
    assert type(raised) is error
    assert "words of theirs" in str(raised)
    assert getattr(raised, "code", code) == code


def test_all_error_elements_are_named_and_the_grave_one_decides() -> None:
    """An empty list beside a bad argument is a bad argument."""
    raised = exception_for(
        (OaiError(code="noRecordsMatch", message="none"), OaiError(code="badArgument", message="from"))
    )
    assert type(raised) is errors.BadArgument
    assert str(raised) == "noRecordsMatch: none; badArgument: from"

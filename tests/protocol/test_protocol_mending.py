"""Named repairs: each on the smallest page that needs it, none on text that needs none, and what stays refused."""

import codecs
from collections.abc import Sequence

import pytest
from lxml import etree

from ingest import errors
from ingest.protocol import pages
from ingest.protocol.envelope import NotWellFormed, Unreadable, parse
from ingest.protocol.mending import read
from ingest.protocol.prefixes import WELL_KNOWN
from ingest.records import Page, Record, Repair

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
OAI = f'<OAI-PMH xmlns="{NAMESPACE}">'.encode()
DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>'
END = b"</ListRecords></OAI-PMH>"
GRIN = "\N{GRINNING FACE}"


def record(text: bytes | str, name: str = "oai:a:1") -> bytes:
    """Build a record with a text in its metadata."""
    inside = text if isinstance(text, bytes) else text.encode()
    header = f"<header><identifier>{name}</identifier></header><metadata>".encode()
    return b"<record>" + header + b'<d xmlns="urn:d">' + inside + b"</d></metadata></record>"


def answer(*records: bytes, before: bytes = DECLARED, root: bytes = OAI, behind: bytes = b"") -> bytes:
    """Build an answer to ListRecords."""
    return before + root + b"<ListRecords>" + b"".join(records) + END + behind


def page(body: bytes) -> Page:
    """Read an answer to ListRecords."""
    return pages.page(parse(body), "ListRecords")


def metadata(found: Page) -> list[bytes]:
    """Give the metadata of a page without rejections."""
    assert all(isinstance(element, Record) for element in found.elements)
    return [element.metadata or b"" for element in found.elements if isinstance(element, Record)]


def texts(found: Page) -> list[str]:
    """Give the text in the metadata of each record."""
    return ["".join(etree.fromstring(each).itertext(tag=etree.Element)) for each in metadata(found)]


# --- each repair where it is needed -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "repair", "meant"),
    [
        # Characters that XML forbids.
        ("one\x0btwo", "illegal-characters", "onetwo"),
        ("one\x00\x01\x08\x0c\x0e\x1ftwo", "illegal-characters", "onetwo"),
        ("one\ufffe\ufffftwo", "illegal-characters", "onetwo"),
        ("<![CDATA[one\x0btwo]]>", "illegal-characters", "onetwo"),
        ("one&#11;&#x0;&#xFFFF;&#x110000;&#99999999999;two", "illegal-characters", "onetwo"),
        ("one&#11;&#65;two", "illegal-characters", "oneAtwo"),
        ("&#xD83D;&#xDE00;", "illegal-characters", GRIN),
        ("&#55357;&#56832;", "illegal-characters", GRIN),
        ("one&#xD83D;two&#xDE00;", "illegal-characters", "onetwo"),
        ("&#xD83D;&#xD83D;&#xDE00;", "illegal-characters", GRIN),
        # Bytes that are no UTF-8.
        (b"caf\xe9", "invalid-utf-8", "café"),
        (b"\x93one\x94 \xc3\xa9", "invalid-utf-8", "“one” é"),
        (b"\xc0\x80\xff", "invalid-utf-8", "À€ÿ"),
        (b"\x81", "invalid-utf-8", "\ufffd"),
        (b"\xed\xa0\xbd\xed\xb8\x80", "invalid-utf-8", GRIN),
        # Ampersands.
        ("one & two", "bare-ampersand", "one & two"),
        ("?a=1&b=2&amp;c=3", "bare-ampersand", "?a=1&b=2&c=3"),
        ("&&amp;&;", "bare-ampersand", "&&&;"),
        ("&#;&#x;&#xg;", "bare-ampersand", "&#;&#x;&#xg;"),
        ("&nbsp ", "bare-ampersand", "&nbsp "),
        ("caf&eacute;&nbsp;&ndash;", "undefined-entity", "café\xa0\N{EN DASH}"),
        ("&LT;b&GT;&AMP;", "undefined-entity", "<b>&"),
        ("&bogus; &é;", "undefined-entity", "&bogus; &é;"),
        # Declarations.
        ('one<?xml version="1.0" encoding="UTF-8"?>two', "declaration-inside", "onetwo"),
        ("<dc:title>one</dc:title>", "undeclared-prefix", "one"),
        ("<b xsi:type='c'>one</b>", "undeclared-prefix", "one"),
        ("<b xmlns:dc='urn:x'/><dc:c>one</dc:c>", "undeclared-prefix", "one"),
        ("<e:b xmlns:c='a b'>one</e:b>", "undeclared-prefix", "one"),
        ("<b xmlns:c='http://a b/'>one</b>", "invalid-namespace", "one"),
        ("<b xmlns:c=''>one</b>", "invalid-namespace", "one"),
    ],
)
def test_a_repair_gives_the_text_that_was_meant_and_names_the_record(
    written: bytes | str, repair: str, meant: str
) -> None:
    """The record before it and the record behind it come out as they would without it."""
    found = page(answer(record("a", "oai:a:0"), record(written), record("z", "oai:a:2")))
    assert texts(found) == ["a", meant, "z"]
    assert Repair(name=repair, identifier="oai:a:1") in found.repairs
    assert {it.identifier for it in found.repairs} == {"oai:a:1"}
    assert not found.damaged


@pytest.mark.parametrize(
    ("body", "repair"),
    [
        (answer(record("é"), before=b"\n" + DECLARED), "junk-before-root"),
        (answer(record("é"), before=b"<br />\n<b>Warning</b>: x on line <b>3</b>" + DECLARED), "junk-before-root"),
        (answer(record("é"), before=codecs.BOM_UTF8 * 2 + DECLARED), "junk-before-root"),
        (answer(record("é"), before=DECLARED + DECLARED), "junk-before-root"),
        (answer(record("é"), before=b'<?xml version="1.0" version="1.0"?>'), "junk-before-root"),
        (answer(record("é"), before=b'<?xml version="1"?>'), "junk-before-root"),
        (answer(record("é"), before=b'<?xml version="1.0" standalone="maybe"?>'), "junk-before-root"),
        (answer(record("é"), behind=b"<br>Notice"), "junk-after-root"),
        (answer(record("é"), behind=b"</html>\n"), "junk-after-root"),
        (answer(record("é"), behind=b"<!-- page made in 3 s"), "junk-after-root"),
        (answer(record("é"), before=b'<?xml version="1.0" encoding="ascii"?>'), "wrong-encoding"),
        (answer(record("é"), before=b'<?xml version="1.0" encoding="UTF-16"?>'), "wrong-encoding"),
        (answer(record("é"), before=b'<?xml version="1.0" encoding="utf8mb4"?>'), "wrong-encoding"),
        (answer(record("é"), before=b'<?xml version="1.0" encoding="UTF_8"?>'), "wrong-encoding"),
        (answer(record("é"), before=b"<?xml version='1.0' encoding=' utf-8 '?>"), "wrong-encoding"),
        (answer(record("é"), root=b"<OAI-PMH>"), "missing-namespace"),
        (answer(record("é"), root=b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0">'), "wrong-namespace"),
        (answer(record("é"), root=b'<OAI-PMH xmlns="https://www.openarchives.org/OAI/2.0/">'), "wrong-namespace"),
        (answer(record("é"), root=b'<OAI-PMH xmlns="http://www.openarchives.org/oai/2.0/">'), "wrong-namespace"),
        (answer(record("é"), root=b'<OAI-PMH xmlns="http://openarchives.org/OAI/2.0/">'), "wrong-namespace"),
        (answer(record("é"), root=b'<OAI-PMH xmlns="http:/www.openarchives.org//OAI/2.0/">'), "wrong-namespace"),
        (answer(record("é"), root=OAI[:-1] + b' xsi:schemaLocation="a b">'), "undeclared-prefix"),
    ],
)
def test_a_repair_of_the_page_as_a_whole_names_no_record(body: bytes, repair: str) -> None:
    """What stands around the records, or is said for all of them."""
    found = page(body)
    assert texts(found) == ["é"]
    assert found.repairs == (Repair(name=repair),)


@pytest.mark.parametrize(
    ("encoding", "before", "meant"),
    [
        ("iso-8859-1", b'<?xml version="1.0" encoding="ISO-8859-1"?>', "é & é"),
        ("windows-1251", b'<?xml version="1.0" encoding="windows-1251"?>', "\u0436 & \u0436"),
        ("shift_jis", b'<?xml version="1.0" encoding="Shift_JIS"?>', "\u65e5 & \u65e5"),
        ("utf-8", b'\xef\xbb\xbf<?xml version="1.0" encoding="ISO-8859-1"?>', "é & é"),
        ("utf-16-le", b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-16"?>', "é & é"),
        ("utf-16-be", b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>', "é & é"),
        ("utf-16-le", b'<?xml version="1.0"?>', "é & é"),
        ("utf-16-be", b'<?xml version="1.0"?>', "é & é"),
        ("utf-32-le", b'\xef\xbb\xbf<?xml version="1.0"?>', "é & é"),
        ("utf-32-be", b'\xef\xbb\xbf<?xml version="1.0"?>', "é & é"),
    ],
)
def test_an_encoding_that_holds_is_obeyed_where_something_else_is_mended(
    encoding: str, before: bytes, meant: str
) -> None:
    """A byte order mark first, then the declaration; that is no repair."""
    found = page(answer(record(meant), before=before).decode().encode(encoding))
    assert texts(found) == [meant]
    assert found.repairs == (Repair(name="bare-ampersand", identifier="oai:a:1"),)


@pytest.mark.parametrize(
    ("declared", "written", "meant"),
    [("ascii", b"caf\xe9", "caf\ufffd"), ("euc-jp", b"\xff \xc6\xfc", "\ufffd \u65e5"), ("none", b"caf\xe9", "café")],
)
def test_bytes_that_no_encoding_explains_are_named(declared: str, written: bytes, meant: str) -> None:
    """What can not be told is marked as such in the text."""
    found = page(answer(record(written), before=f'<?xml version="1.0" encoding="{declared}"?>'.encode()))
    assert texts(found) == [meant]
    assert "invalid-utf-8" in {repair.name for repair in found.repairs}


def test_a_well_known_prefix_means_what_it_means_everywhere_and_another_says_nothing() -> None:
    """So that crosswalks understand the one, and the other stays apart."""
    (found,) = metadata(page(answer(record("<dc:title>one</dc:title><own:b>two</own:b>"))))
    title, own = etree.fromstring(found)
    assert title.tag == "{" + WELL_KNOWN[b"dc"] + "}title"
    assert own.tag == "{urn:undeclared-prefix:own}b"


def test_elements_of_dublin_core_without_a_root_get_one() -> None:
    """Nothing of the record is lost, and the page says so."""
    dc = "<dc:{0} xmlns:dc='http://purl.org/dc/elements/1.1/'>{0}</dc:{0}>"
    bare = record("x").replace(b'<d xmlns="urn:d">x</d>', (dc.format("title") + dc.format("date")).encode())
    found = page(answer(bare))
    assert texts(found) == ["titledate"]
    assert found.repairs == (Repair(name="metadata-wrapped", identifier="oai:a:1"),)


# --- text that needs no repair ------------------------------------------------------------------------


SPOILT = record(b"one & \x0b &nbsp; &#0; \xe9 <?xml version='1.0'?><x:y xmlns:z='a b'/>", "oai:a:2")
"""A record that needs most repairs, so that all of them look at its neighbour too."""


@pytest.mark.parametrize(
    "text",
    [
        "&amp;nbsp; &amp;amp; &lt;b&gt; &quot;&apos; &#65;&#x1F600;&#9;",
        "<![CDATA[a & b &nbsp; &#0; <x:y xmlns:z='a b'> <?xml ?> </record>]]>",
        "<!-- a & b &nbsp; &#0; <x:y xmlns:z='a b'> <?xml ?> </record> -->",
        "<?x a & b &nbsp; &#0; <x:y xmlns:z='a b'> ?>",
        "<e xmlns=''/><e xmlns:p='urn:p'><p:f p:g='1'/></e>",
        "<e a='x>y&#10;' b=\"it's\" c='&lt;'/>",
        "<e xml:lang='de' xml:space='preserve'> \t\n </e>",
        f"é\u0085\x7f{GRIN} ]] > % ;",
        '<record xmlns="urn:r"><header/></record>',
    ],
)
def test_text_that_a_parser_takes_comes_out_as_it_went_in(text: str) -> None:
    """Also on a page of which another record had to be mended, to the byte."""
    whole, mended = page(answer(record(text))), page(answer(record(text), SPOILT))
    assert whole.repairs == ()
    assert len(mended.repairs) >= 5
    assert {repair.identifier for repair in mended.repairs} == {"oai:a:2"}
    # What is declared on the root for its neighbour is in the record's scope too.
    assert metadata(mended)[0].replace(b' xmlns:x="urn:undeclared-prefix:x"', b"") == metadata(whole)[0]


def test_a_payload_is_left_in_its_own_namespace_where_the_protocols_is_missing() -> None:
    """Only the protocol's own elements are brought into it."""
    bare = record("x").replace(b'<d xmlns="urn:d">x</d>', b"<record><header>x</header></record>")
    (found,) = metadata(page(answer(bare, root=b"<OAI-PMH>")))
    assert [element.tag for element in etree.fromstring(found).iter()] == ["record", "header"]


# --- many repairs -------------------------------------------------------------------------------------


def test_all_repairs_of_a_page_are_told_in_the_order_in_which_they_were_made() -> None:
    """Bytes first, then what stands around the root or belongs there, characters, references and namespaces."""
    found = page(b"x" + answer(SPOILT, root=b"<OAI-PMH>", behind=b"y"))
    at = "oai:a:2"
    assert [(repair.name, repair.identifier) for repair in found.repairs] == [
        ("invalid-utf-8", at),
        ("junk-before-root", None),
        ("junk-after-root", None),
        ("declaration-inside", at),
        ("illegal-characters", at),
        ("undefined-entity", at),
        ("bare-ampersand", at),
        ("invalid-namespace", at),
        ("undeclared-prefix", at),
        ("missing-namespace", None),
    ]
    assert texts(found) == ["one &  \xa0  é "]


def test_a_page_names_a_hundred_repairs_and_mends_all() -> None:
    """Nobody reads more names."""
    found = page(answer(*(record("&", f"oai:a:{number}") for number in range(150))))
    assert texts(found) == ["&"] * 150
    assert [repair.identifier for repair in found.repairs] == [f"oai:a:{number}" for number in range(100)]


# --- what stays refused -------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)).encode()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<!DOCTYPE OAI-PMH>" + answer(record("one & two"), before=b""), Unreadable),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + answer(record("&b;"), before=b""), Unreadable),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + answer(record("&b;"), before=b""), Unreadable),
        (b'<!DOCTYPE a [<!ENTITY b "<OAI-PMH >">]>' + answer(record("&"), before=b""), Unreadable),
        (b'<!DOCTYPE a [<!ENTITY l0 "x">' + LAUGHS + b"]>" + answer(record("&l9;"), before=b""), Unreadable),
        (b'<!DOCTYPE a [<!ENTITY l0 "x">' + LAUGHS + b']><OAI-PMH a="&l9;"/>', Unreadable),
        (b"<!DOCTYPE html>" + answer(record("one & two"), before=b""), errors.NotOaiPmh),
        (OAI + b"<Identify>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</Identify></OAI-PMH>", NotWellFormed),
        (OAI + b"<Identify><a></b></Identify></OAI-PMH>", NotWellFormed),
        (OAI + b"<Identify><a></Identify></OAI-PMH>", NotWellFormed),
        (OAI + b"<Identify><a b=c/></Identify></OAI-PMH>", NotWellFormed),
        (OAI + b"<Identify>one < two & three</Identify></OAI-PMH>", NotWellFormed),
        (answer(record("a"), behind=record("b", "oai:a:2")), NotWellFormed),
        (answer(record("a")) + answer(record("b", "oai:a:2")), NotWellFormed),
        (answer(record("a"), root=b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/1.1/">'), errors.MalformedResponse),
        (answer(record("a"), root=b'<OAI-PMH xmlns="urn:x">'), errors.MalformedResponse),
        (OAI + b"".join(b"<p%d:a/>" % number for number in range(101)) + b"</OAI-PMH>", NotWellFormed),
    ],
)
def test_what_no_repair_may_guess_is_refused(body: bytes, error: type[errors.IngestError]) -> None:
    """No document type, no tag that somebody else should have closed, no record outside of the list."""
    with pytest.raises(error) as raised:
        parse(body)
    assert isinstance(raised.value, NotWellFormed) == (error is NotWellFormed)
    if isinstance(raised.value, Unreadable):
        assert raised.value.body == body


def test_nothing_is_expanded_or_fetched_of_a_document_type() -> None:
    """The parser gives the reference as it stands."""
    root, repairs = read(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert etree.tostring(root) == b"<a>&b;</a>"
    assert repairs == ()


@pytest.mark.parametrize("texts_of_errors", [("one & two", "three \x0b")])
def test_an_error_that_has_to_be_mended_is_an_error(texts_of_errors: Sequence[str]) -> None:
    """Repairs are not for lists alone."""
    inside = "".join(f'<error code="badArgument">{text}</error>' for text in texts_of_errors)
    envelope = parse(OAI + inside.encode() + b"</OAI-PMH>")
    assert [error.message for error in envelope.errors] == ["one & two", "three"]
    assert {repair.name for repair in envelope.repairs} == {"bare-ampersand", "illegal-characters"}

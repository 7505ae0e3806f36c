"""xoai, DSpace's fields as elements in elements: XML in, description out."""

import pytest

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description, Value

XOAI = '<metadata xmlns="http://www.lyncode.com/xoai">{}</metadata>'


def _described(content: str) -> Description:
    name, description = crosswalk(XOAI.format(content).encode(), metadata_prefix="oai_dc")
    assert name == "xoai"
    assert description is not None
    return description


def _nested(path: str, *fields: tuple[str, str]) -> str:
    """Write elements in each other, named as the path has it, with fields inside the innermost."""
    names = path.split("/")
    inside = "".join(f'<field name="{name}">{text}</field>' for name, text in fields)
    return "".join(f'<element name="{name}">' for name in names) + inside + "</element>" * len(names)


def _value(text: str, element: str, role: str | None = None, lang: str | None = None) -> Value:
    return Value(text=text, element=f"xoai:{element}", role=role, lang=lang)


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("dc/title/pt_PT", "titles", _value("Words", "title", None, "pt_PT")),
        ("dc/title/none", "titles", _value("Words", "title")),
        ("dc/title/*", "titles", _value("Words", "title")),
        ("dc/title", "titles", _value("Words", "title")),
        ("dc/title/alternative/en", "titles", _value("Words", "title.alternative", "alternative", "en")),
        ("dc/contributor/author/none", "creators", _value("Words", "contributor.author")),
        ("dc/rights/accessrights/spa", "rights", _value("Words", "rights.accessrights", "access", "spa")),
        ("oaire/accessrights/spa", "rights", _value("Words", "oaire.accessrights", "access", "spa")),
        ("dc/identifier/uri", "identifiers", _value("Words", "identifier.uri", "uri")),
        ("dc/language/iso/none", "languages", _value("Words", "language.iso", "iso")),
        ("dc/description/sponsorship/none", "donors", _value("Words", "description.sponsorship", "sponsor")),
        ("dc/rights/uri/*", "rights", _value("Words", "rights.uri", "license")),
        ("dcterms/created/none", "dates", _value("Words", "dcterms.created", "created")),
        ("thesis/degree/level/cs_CZ", "types", _value("Words", "thesis.degree.level", "degree.level", "cs_CZ")),
        ("house/unit/name/cs/cs_CZ", "relations", _value("Words", "house.unit.name.cs", "unit.name.cs", "cs_CZ")),
    ],
)
def test_the_names_around_a_value_are_its_field_and_language(path: str, field: str, value: Value) -> None:
    """The innermost name is a language where it looks like one."""
    assert _described(_nested(path, ("value", "Words"))) == Description(**{field: (value,)})


def test_the_log_of_the_deposit_is_left_out() -> None:
    """As it is from the same field in DIM."""
    assert _described(_nested("dc/description/provenance/en", ("value", "Submitted by A"))) == Description()


def test_language_and_authority_may_be_fields_too() -> None:
    """A language stands before its values, an authority behind the value that it is of."""
    authors = _nested(
        "dc/creator/none",
        ("xml:lang", "fr"),
        ("value", "Roux, Jeanne"),
        ("authority", "https://orcid.org/0000-0002-1825-0097"),
        ("confidence", "600"),
        ("value", "Costa, Rui"),
        ("authority", "rp00012"),
    )
    assert _described(authors).creators == (
        Value(
            text="Roux, Jeanne",
            element="xoai:creator",
            lang="fr",
            parts=(("identifier", "https://orcid.org/0000-0002-1825-0097"),),
        ),
        _value("Costa, Rui", "creator", None, "fr"),
    )


def test_only_files_that_were_put_in_are_read() -> None:
    """Their addresses, and each format once."""
    bundles = '<element name="bundles">{}</element>'
    bundle = '<element name="bundle"><field name="name">{}</field><element name="bitstreams">{}</element></element>'
    file = _nested("bitstream", ("name", "a.pdf"), ("format", "application/pdf"), ("url", "https://example.org/a.pdf"))
    found = _described(bundles.format(bundle.format("ORIGINAL", file + file) + bundle.format("LICENSE", file)))
    assert found == Description(
        formats=(_value("application/pdf", "bitstream.format"),),
        relations=(_value("https://example.org/a.pdf", "bitstream.url", "bitstream"),) * 2,
    )


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (
            _nested("others", ("handle", "1234/6"), ("lastModifyDate", "2018"), ("identifier", "oai:example.org:6")),
            Description(identifiers=(_value("1234/6", "others.handle", "handle"),)),
        ),
        (
            _nested("others/cc", ("uri", "https://example.org/by"), ("name", "Attribution")),
            Description(
                rights=(
                    _value("Attribution", "others.cc.name", "license"),
                    _value("https://example.org/by", "others.cc.uri", "license"),
                )
            ),
        ),
        (
            _nested("others/access-status", ("value", "embargo"), ("embargo", "2031-01-01")),
            Description(
                rights=(
                    _value("embargo", "others.access-status", "access"),
                    _value("2031-01-01", "others.access-status", "embargoEnd"),
                )
            ),
        ),
        (_nested("repository", ("name", "Repository"), ("mail", "desk@example.org")), Description()),
        (_nested("license", ("bin", "Tk9URTogUExBQ0U=")), Description()),
    ],
    ids=["identifier", "licence that was chosen", "access status", "repository", "licence of the deposit"],
)
def test_what_dspace_says_of_the_record_is_read_where_it_is_of_the_thing(
    content: str, description: Description
) -> None:
    """Names, mail addresses and logs of the repository are not."""
    assert _described(content) == description

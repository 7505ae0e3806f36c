"""URIs of rights statements and licences, in every spelling that repositories send."""

from collections.abc import Mapping
from typing import Any

import pytest

from ingest.descriptions import Value, VocabularyEntry
from ingest.normalise.folding import fold
from ingest.normalise.rights import normalise_rights
from ingest.normalise.rights_uris import canonical, find_uris
from ingest.normalise.vocabularies import creative_commons, rights_statements, rights_vocabulary, table

INC_EDU = "http://rightsstatements.org/vocab/InC-EDU/1.0/"
BY_4 = "https://creativecommons.org/licenses/by/4.0/"
BY_NC_SA_3_US = "https://creativecommons.org/licenses/by-nc-sa/3.0/us/"
BY_NC_ND_4 = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
ZERO = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.mark.parametrize("entry", rights_vocabulary(), ids=lambda entry: entry.uri)
def test_each_canonical_uri_is_exact_and_idempotent(entry: VocabularyEntry) -> None:
    """Every row of the vocabularies reads back as itself, in its own category."""
    rights = normalise_rights([Value(text=entry.uri)])
    assert (rights.uri, rights.category, rights.conflict) == (entry.uri, entry.category, False)
    assert rights.statements[0].confidence == "exact"
    assert normalise_rights([Value(text=rights.uri)]).uri == entry.uri


@pytest.mark.parametrize("entry", rights_vocabulary(), ids=lambda entry: entry.uri)
def test_each_uri_is_repaired_without_its_scheme_and_slash(entry: VocabularyEntry) -> None:
    """Every row is found without scheme and final slash, and is said to be repaired."""
    shortened = entry.uri.split("://")[1].rstrip("/")
    rights = normalise_rights([Value(text=shortened)])
    assert rights.uri == entry.uri
    assert rights.statements[0].confidence == "repaired"


@pytest.mark.parametrize("row", table("rights_statements")["statement"], ids=lambda row: row["code"])
def test_each_label_gives_its_own_statement(row: Mapping[str, Any]) -> None:
    """A label alone names its statement and no neighbour's; with an en dash it is repaired."""
    expected = f"http://rightsstatements.org/vocab/{row['code']}/1.0/"
    exact = normalise_rights([Value(text=row["label"])])
    dashed = normalise_rights([Value(text=row["label"].replace(" - ", " \N{EN DASH} ").upper() + " ")])
    assert (exact.uri, exact.category, exact.statements[0].confidence) == (expected, row["category"], "exact")
    assert dashed.uri == expected
    assert (dashed.statements[0].rule, dashed.statements[0].label) == ("rights/label@2", row["label"])


def test_the_vocabulary_is_complete() -> None:
    """Twelve statements, and licences with every version and port, each URI once."""
    uris = [entry.uri for entry in rights_vocabulary()]
    assert len(rights_statements()) == 12
    assert len(uris) == len(set(uris)) == 12 + len(creative_commons())
    assert {BY_4, ZERO, BY_NC_SA_3_US, "https://creativecommons.org/publicdomain/mark/1.0/"} <= set(uris)
    assert "https://creativecommons.org/licenses/by/4.0/us/" not in uris
    assert "https://creativecommons.org/licenses/by/2.1/" not in uris


@pytest.mark.parametrize(
    ("written", "uri"),
    [
        ("https://rightsstatements.org/vocab/InC-EDU/1.0/", INC_EDU),
        ("http://www.rightsstatements.org/vocab/InC-EDU/1.0", INC_EDU),
        ("http://rightsstatements.org/page/InC-EDU/1.0/?language=de", INC_EDU),
        ("http://rightsstatements.org/data/InC-EDU/1.0/rdf", INC_EDU),
        ("http://rightsstatements.org/vocab/INC-edu/1.0/;", INC_EDU),
        ("rightsstatements.org/vocab/InC-EDU/1.0.", INC_EDU),
        ("HTTP://RightsStatements.org/vocab/InC-EDU/1.0/#top", INC_EDU),
        ("http://www.creativecommons.org/licenses/by/4.0", BY_4),
        ("https://creativecommons.org/licenses/BY/4.0/deed.pt_BR", BY_4),
        ("https://creativecommons.org/licenses/by/4.0/legalcode.fr", BY_4),
        ("https://creativecommons.org/licenses/by/4.0/rdf", BY_4),
        ("https://creativecommons.org/licenses/by/4.0/?ref=chooser-v1", BY_4),
        ("(http://creativecommons.org/licenses/by/4.0/),", BY_4),
        ("http://creativecommons.org/licenses/nd-by-nc/4.0/", BY_NC_ND_4),
        ("http://creativecommons.org/licenses/by-nc-nd/1.0/", "https://creativecommons.org/licenses/by-nd-nc/1.0/"),
        ("https://creativecommons.org/licenses/by-nc-sa/3.0/US/deed.en_US", BY_NC_SA_3_US),
        (
            "http://creativecommons.org/licenses/by-nd/3.0/igo/legalcode",
            "https://creativecommons.org/licenses/by-nd/3.0/igo/",
        ),
        ("creativecommons.org/licenses/by/2.5/scotland", "https://creativecommons.org/licenses/by/2.5/scotland/"),
        ("http://creativecommons.org/publicdomain/zero/1.0/deed.nl", ZERO),
        ("https://creativecommons.org/licenses/publicdomain", "https://creativecommons.org/licenses/publicdomain/"),
        ("https://creativecommons.org/licenses/gpl/2.0/", "https://creativecommons.org/licenses/GPL/2.0/"),
        ("http://www.apache.org/licenses/LICENSE-2.0", "https://spdx.org/licenses/Apache-2.0"),
        ("http://www.europeana.eu/portal/rights/rr-r.html", "http://rightsstatements.org/vocab/InC/1.0/"),
    ],
)
def test_a_uri_in_another_spelling_is_repaired(written: str, uri: str | None) -> None:
    """Scheme, www, page, slash, query, case, order of terms and translations are free; ports stay."""
    rights = normalise_rights([Value(text=written)])
    assert (rights.uri, rights.statements[0].statement) == (uri, written)
    assert rights.statements[0].confidence in {"exact", "repaired"}


@pytest.mark.parametrize(
    "written",
    [
        "https://creativecommons.org/licenses/by-sa/5.0/",
        "https://creativecommons.org/licenses/by/4.0/us/",
        "https://creativecommons.org/licenses/by/3.0/xx/",
        "https://creativecommons.org/licenses/by/2.1/",
        "https://creativecommons.org/licenses/by-by/4.0/",
        "http://creativecommons.org/licenses",
        "http://creativecommons.org/licenses/?lang=de",
        "https://creativecommons.org/publicdomain/",
        "https://creativecommons.org/",
        "https://creativecommons.org/choose/zero/",
        "https://creativecommons.org.example.com/licenses/by/4.0/",
        "https://notcreativecommons.org/licenses/by/4.0/",
        "https://example.org/creativecommons.org/licenses/by/4.0/",
        "https://example.org/?u=https://creativecommons.org/licenses/by/4.0/",
        "https://creativecommons.org@example.org/licenses/by/4.0/",
        "https://creativecommons.org:8080/licenses/by/4.0/",
        "someone@creativecommons.org/licenses/by/4.0/",
        "http://rightsstatements.org/public-domain",
        "http://rightsstatements.org/vocab/InC/2.0/",
        "http://rightsstatements.example.org/vocab/NoC-US/1.0/",
        "http://[creativecommons.org/licenses/by/4.0/",
    ],
)
def test_what_only_looks_like_a_licence_is_none(written: str) -> None:
    """Other hosts, other versions, other ports and index pages name no licence."""
    rights = normalise_rights([Value(text=written)])
    assert (rights.uri, rights.category) == (None, "unknown")


def test_a_uri_is_found_inside_markup_and_prose() -> None:
    """A link's address counts once, however often it stands in the value."""
    written = f'This <a href="{BY_4}" target="_blank">work</a> is shared: {BY_4}.'
    rights = normalise_rights([Value(text=written)])
    assert (rights.uri, len(rights.statements)) == (BY_4, 1)


def test_prose_without_a_blank_behind_a_uri_does_no_harm() -> None:
    """Text that was glued to a licence's address is not part of it."""
    found = list(find_uris(fold("see https://creativecommons.org/licenses/by-nc-nd/4.0/This article")))
    assert [uri.licence.uri for uri in found] == [BY_NC_ND_4]
    assert not found[0].exact


def test_a_licence_uri_without_version_has_a_code_and_no_uri() -> None:
    """A version is never invented."""
    licence = canonical("https://creativecommons.org/licenses/by-nc/")
    assert licence is not None
    assert (licence.uri, licence.code, licence.category) == (None, "CC-BY-NC", "restricted-licence")

"""Every row of the tables about rights, one case each, made from the data files."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from ingest.descriptions import Rights, Value
from ingest.normalise.folding import fold
from ingest.normalise.rights import normalise_rights
from ingest.normalise.rights_hosts import fingerprint
from ingest.normalise.rights_topics import PHRASES, topics
from ingest.normalise.rights_words import pattern, phrase
from ingest.normalise.vocabularies import rows, table

INC = "http://rightsstatements.org/vocab/InC/1.0/"
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
TERMS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
NOTICES = table("notices")
COMPLETE = 4
"""Terms that a language must have words for, to name all six licences."""


def read(text: str, role: str | None = None) -> Rights:
    """Normalise one value."""
    return normalise_rights([Value(text=text, role=role)])


def _words() -> Mapping[str, Mapping[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows("creative_commons_names"):
        if row["part"] in {"by", "nc", "nd", "sa"}:
            found.setdefault(row["language"], {}).setdefault(row["part"], []).append(row["words"])
    return found


def _licence_names() -> Iterator[tuple[str, str]]:
    """Write each licence of each language in each of its words, as the licences' own names are written."""
    for language in (words for words in _words().values() if len(words) == COMPLETE):
        for terms in TERMS:
            for written in product(*(language[term] for term in terms.split("-"))):
                yield " - ".join(written), terms


@pytest.mark.parametrize(("name", "terms"), list(_licence_names()))
def test_each_licence_is_known_by_its_name_in_each_language(name: str, terms: str) -> None:
    """With a version it has its URI, joined by hyphens too; no term is lost."""
    uri = f"https://creativecommons.org/licenses/{terms}/4.0/"
    assert read(f"{name} 4.0").uri == uri
    assert read(f"Creative Commons {name.replace(' - ', '-')} 4.0 International").uri == uri


def test_the_licences_have_names_in_many_languages() -> None:
    """All six licences can be named in at least twelve languages."""
    assert sum(len(words) == COMPLETE for words in _words().values()) >= 12


@pytest.mark.parametrize("row", [row for row in rows("creative_commons_names") if row["part"] == "mark"], ids=str)
def test_each_name_of_the_public_domain_mark_is_known(row: Mapping[str, str]) -> None:
    """The mark has one version, so its name alone has the URI."""
    assert read(row["words"]).uri == MARK


@pytest.mark.parametrize("row", [row for row in rows("creative_commons_names") if row["part"] == "scope"], ids=str)
def test_each_word_of_scope_is_no_port(row: Mapping[str, str]) -> None:
    """International, unported and the like say that there is no port."""
    assert read(f"Attribution 4.0 {row['words']}").uri == "https://creativecommons.org/licenses/by/4.0/"


def _statement_labels() -> Iterator[tuple[str, str]]:
    written = list(rows("rights_statement_labels"))
    for row in written:
        code = row["part"]
        head, _, tail = code.partition("-")
        if not tail and code != "NoC":
            yield row["text"], code
        for other in written if tail else ():
            if (other["language"], other["part"]) == (row["language"], head):
                yield f"{other['text']} - {row['text']}", code


@pytest.mark.parametrize(("label", "code"), list(_statement_labels()))
def test_each_label_of_a_statement_in_each_language(label: str, code: str) -> None:
    """A label, or its head and its tail, names its own statement and no neighbour's."""
    assert read(label).uri == f"http://rightsstatements.org/vocab/{code}/1.0/"
    assert read(label.upper().replace(" - ", " \N{EN DASH} ")).uri in {read(label).uri, None}


@pytest.mark.parametrize("text", NOTICES["all_rights_reserved"])
def test_each_reservation_of_rights_claims_copyright(text: str) -> None:
    """All rights reserved, in every language of the table, alone and within a sentence."""
    assert (read(f"{text.capitalize()}.").uri, read(f"{text.capitalize()}.").category) == (INC, "in-copyright")
    assert read(f"Example House 1999. {text}").category == "in-copyright"


@pytest.mark.parametrize("text", NOTICES["claims"])
def test_each_claim_of_copyright_is_known(text: str) -> None:
    """Sentences that claim copyright in other languages."""
    assert read(f"Xyz {text} Xyz").category == "in-copyright"


@pytest.mark.parametrize("text", NOTICES["public_domain"])
def test_each_word_for_the_public_domain_is_known(text: str) -> None:
    """Unqualified words for the public domain give the Public Domain Mark."""
    assert (read(text).uri, read(text).category) == (MARK, "public-domain")


@pytest.mark.parametrize("text", NOTICES["in_public_domain"])
def test_each_sentence_of_the_public_domain_is_known(text: str) -> None:
    """A sentence that says it outright, and not one that denies it."""
    assert read(f"Xyz {text}.").uri == MARK
    for denial in ("It is not true that this", "Possibly it", "If it"):
        assert read(f"{denial} {text}.").category == "unknown"


@pytest.mark.parametrize("text", NOTICES["no_copyright"])
def test_what_says_that_copyright_is_over_opens_nothing(text: str) -> None:
    """Out of copyright, somewhere and somehow: not the public domain of the whole world."""
    assert (read(text).uri, read(text).category) == (None, "no-copyright-other")


@pytest.mark.parametrize("name", ["in_public_domain", "all_rights_reserved", "claims"])
def test_each_sentence_has_a_telling_word(name: str) -> None:
    """A value is searched for the sentences of a list only where it has one of the list's telling words."""
    assert [text for text in NOTICES[name] if name not in topics(fold(text))] == []


@pytest.mark.parametrize(
    ("text", "uri", "category"),
    [(text, row["uri"], row["category"]) for row in NOTICES["phrase"] for text in row["texts"]],
)
def test_each_whole_phrase_has_its_meaning(text: str, uri: str, category: str) -> None:
    """A phrase that is the whole value gives the row's URI and category."""
    assert (read(text).uri, read(text).category) == (uri, category)


@pytest.mark.parametrize(
    ("text", "code"), [(text, row["code"]) for row in NOTICES["explanation"] for text in row["texts"]]
)
def test_each_explanation_tells_its_statement(text: str, code: str) -> None:
    """The explanations of rightsstatements.org name their statement, doubt and all."""
    assert read(f"The organization believes: {text}.").uri == f"http://rightsstatements.org/vocab/{code}/1.0/"


@pytest.mark.parametrize("text", NOTICES["limited_use"])
def test_each_word_that_limits_use_is_a_private_licence(text: str) -> None:
    """Words of forms and vocabularies that allow some uses only."""
    assert (read(text).uri, read(text).category) == (None, "restricted-licence")


@pytest.mark.parametrize("text", [text for row in NOTICES["nothing_said"] for text in row["texts"]])
def test_each_placeholder_says_nothing(text: str) -> None:
    """Defaults of platforms are known, and say nothing."""
    rights = read(text)
    assert (rights.uri, rights.category, rights.statements[0].rule) == (None, "unknown", "rights/nothing-said@1")


@pytest.mark.parametrize(
    ("name", "uri", "category"),
    [(name, row.get("uri"), row["category"]) for row in table("other_licences")["licence"] for name in row["names"]],
)
def test_each_name_of_another_licence_is_known(name: str, uri: str | None, category: str) -> None:
    """Licences of other houses are known by their names."""
    assert (read(name).uri, read(name).category) == (uri, category)


@pytest.mark.parametrize(
    ("written", "uri", "category"),
    [(uri, row.get("uri"), row["category"]) for row in table("other_licences")["licence"] for uri in row["uris"]],
)
def test_each_page_of_another_licence_is_known(written: str, uri: str | None, category: str) -> None:
    """Licences of other houses are known by their pages, with or without the final stroke."""
    for each in (written, written.rstrip("/"), written.replace("http://", "https://")):
        assert (read(each).uri, read(each).category) == (uri, category)


@pytest.mark.parametrize(
    ("text", "access", "category"),
    [
        (text, row["access"], row["category"])
        for row in table("access")["term"]
        for text in (*row["uris"], *row["names"])
    ],
)
def test_each_access_term_is_known(text: str, access: str, category: str) -> None:
    """COAR's and info:eu-repo's terms and plain words tell access and nothing of status."""
    rights = read(text)
    assert (rights.category, rights.uri, rights.statements[0].access) == (category, None, access)


@pytest.mark.parametrize(
    ("text", "access", "category"),
    [(text, row["access"], row["category"]) for row in table("access")["term"] for text in row["words"]],
)
def test_each_word_of_access_is_known_where_access_is_told(text: str, access: str, category: str) -> None:
    """Some words tell access only in an element that the format keeps for it."""
    rights = read(text, "accessRights")
    assert (rights.category, rights.uri, rights.statements[0].access) == (category, None, access)


@pytest.mark.parametrize("row", table("host_notices")["notice"], ids=lambda row: row["host"])
def test_each_fingerprint_of_a_notice_is_well_formed(row: Mapping[str, str]) -> None:
    """A fingerprint has the form that notices are given, and no two rows have the same."""
    assert len(row["fingerprint"]) == len(fingerprint(fold(row["begins"])))
    assert sum(other["fingerprint"] == row["fingerprint"] for other in table("host_notices")["notice"]) == 1


@pytest.mark.parametrize("name", table("rights_patterns")["patterns"])
def test_each_pattern_compiles_and_finds_nothing_in_nothing(name: str) -> None:
    """The patterns of the data file are patterns, and none of them matches an empty text."""
    assert pattern(name).search("") is None


@pytest.mark.parametrize("kind", PHRASES)
def test_each_phrase_has_words_that_lead_to_it(kind: str) -> None:
    """A phrase is looked for only in a value that has one of its words, and one of those beside it."""
    for number, row in enumerate(table("rights_patterns")[kind]):
        topic = f"{kind} {number:02}"
        beside = row.get("beside", [""])[0]
        assert [word for word in row["words"] if topic not in topics(fold(f"{word} {beside}"))] == []
        assert phrase(topic).search("") is None


@pytest.mark.parametrize("kind", PHRASES)
def test_what_a_phrase_finds_has_its_words(kind: str) -> None:
    """In no text that is written in the tests or the tables do the words hide what the phrase would find."""
    for number in range(len(table("rights_patterns")[kind])):
        topic = f"{kind} {number:02}"
        found = [text for text in texts() if phrase(topic).search(fold(text).low)]
        assert [text for text in found if topic not in topics(fold(text))] == []


SEARCHED = {
    "any_part": "part",
    "limit_behind": "part",
    "of_metadata": "metadata",
    "metadata_behind": "metadata",
    "restrains": "restraint",
    "american_work": "america",
    "claim": "claim",
    "everywhere": "everywhere",
    "permits": "permit",
    "sign": "sign",
    "sign_in_front": "sign",
}
"""Patterns that are searched for only in a value that has a word of a topic, with that topic."""


@pytest.mark.parametrize(("name", "topic"), SEARCHED.items())
def test_what_a_pattern_finds_has_a_word_of_its_topic(name: str, topic: str) -> None:
    """In no text that is written in the tests or the tables does a topic hide what its pattern would find."""
    found = [text for text in texts() if pattern(name).search(fold(text).low)]
    assert found
    assert [text for text in found if topic not in topics(fold(text))] == []


def texts() -> Iterator[str]:
    """Yield the values of the project's cases, and every text of the tables of notices."""
    for line in (Path(__file__).parent / "cases" / "rights.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)["value"]
    for name in ("public_domain", "in_public_domain", "all_rights_reserved", "claims", "no_copyright", "limited_use"):
        yield from NOTICES[name]
    yield from (text for row in (*NOTICES["phrase"], *NOTICES["explanation"]) for text in row["texts"])
    yield from (text for row in table("access")["term"] for text in row["names"])

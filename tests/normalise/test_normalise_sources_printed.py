"""Printed sources, identifiers, bare names and people."""

# ruff: noqa: RUF001 - references stand in the scripts of their archives.

import re
from typing import Any

import pytest

from ingest.descriptions import SourceStatement, Value
from ingest.normalise.identifiers import find_identifiers
from ingest.normalise.sources import normalise_sources
from ingest.normalise.vocabularies import table

NUMBERS = ("container_title", "volume", "issue", "year")


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text, element="dc:source")])
    return statement


def host(text: str) -> tuple[str | None, ...]:
    """Return title, volume, issue, year and pages."""
    statement = read(text)
    return (*(statement.parts.get(name) for name in NUMBERS), statement.pages)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # As journal systems write them, in many languages, with parts missing.
        ("Example Review; Vol 1, No 2 (2010): Special; 12-15", ("Example Review", "1", "2", "2010", "12-15")),
        ("Example Review; Vol 1 No 2 (2010)", ("Example Review", "1", "2", "2010", None)),
        ("Example Review; Vol. 12 (2019); e123", ("Example Review", "12", None, "2019", "e123")),
        ("Revista Ejemplo; Vol. 1 Núm. 2 (2015); 12 - 25", ("Revista Ejemplo", "1", "2", "2015", "12-25")),
        # Pages without a mark behind an issue, or as a serial's number would be written.
        ("Example Review, Vol. 1, No. 2, 10-15", ("Example Review", "1", "2", None, "10-15")),
        ("Ex. Rev. 45 (1998) 1123-1130", ("Ex. Rev", "45", None, "1998", "1123-1130")),
        ("J. Comp. Org. 12 (1977) 15-20", ("J. Comp. Org", "12", None, "1977", "15-20")),
        # The year before the volume of a series, and a colon that became a stop.
        ("Tygodnik Przykładowy. 1892, Seria 5, T. 5 nr 12, s. 3", ("Tygodnik Przykładowy", "5", "12", "1892", "3")),
        ("Jane Roe: A title, In. Example Review, Vol. 1, No. 2, S. 3-4", ("Example Review", "1", "2", None, "3-4")),
        ("样本研究《1998年第3期》", ("样本研究", None, "3", "1998", None)),
        # As catalogues tell newspapers of one name apart.
        (
            "The Example (Sampletown, Ky. : 1898-1920)",
            ("The Example (Sampletown, Ky. : 1898-1920)", None, None, None, None),
        ),
        ("v. 1 n. 2 (2023): Edição Especial", (None, "1", "2", "2023", None)),
        ("Bd. 1 Nr. 2 (2018)", (None, "1", "2", "2018", None)),
        ("Beispielblatt; Årg. 5 Nr. 2 (2012)", ("Beispielblatt", "5", "2", "2012", None)),
        ("Приклад; № 3 (2015); 45-50", ("Приклад", None, "3", "2015", "45-50")),
        ("Пример; Том 1, № 3 (1994): ; 45-60", ("Пример", "1", "3", "1994", "45-60")),
        ("مثال; المجلد 3 العدد 2 (2015); 12-20", ("مثال", "3", "2", "2015", "12-20")),
        ("示例研究; 第3卷第2期 (2010); 12-20", ("示例研究", "3", "2", "2010", "12-20")),
        ("示例研究, 2005年第3期, 第12-25页", ("示例研究", None, "3", "2005", "12-25")),
        ("Example Review; ", ("Example Review", None, None, None, None)),
        ("Example Review; 15-20", ("Example Review", None, None, None, "15-20")),
        ("Example Review ;  no. 60 (2015)", ("Example Review", None, "60", "2015", None)),
        # As deposits write them.
        ("Example Reports, 42(10), (2023-10-12)", ("Example Reports", "42", "10", "2023", None)),
        ("Exampliana, 13, 277-282, (2013-07-16)", ("Exampliana", "13", None, "2013", "277-282")),
        (
            "A new bus pp. 286-293 in Exampletaxa, 57(2), 289, (2026-01-10)",
            ("Exampletaxa", "57", "2", "2026", "286-293"),
        ),
        # As styles of citation write them.
        ('Jane Roe, "A Title," Example Review 5:1 (Winter 2003), 3-16.', ("Example Review", "5", "1", "2003", "3-16")),
        (
            "Jane Roe, ‘Roe's Title, 1949–1980’, Example Review 7, 2 (2007): 169–225.",
            ("Example Review", "7", "2", "2007", "169–225"),
        ),
        ("Roe, J. (2003). A title. Example Review, 5(1), 3-16.", ("Example Review", "5", "1", "2003", "3-16")),
        (
            "Roe, Jane. (2008). A title. Example Review, 376. Example Campus",
            ("Example Review", "376", None, "2008", None),
        ),
        ("Ex J Med. 2010 May;362(19):12-45.", ("Ex J Med", "362", "19", "2010", "12-45")),
        ("Example Phys. Lett. 123, 064507 (2005) (6 pages)", ("Example Phys. Lett", "123", None, "2005", "064507")),
        ("Example Review, 2013, 65 (10), pp.1175-1184", ("Example Review", "65", "10", "2013", "1175-1184")),
        ("Example Review, 2015-12-01, Volume 63, pp 353-365", ("Example Review", "63", None, "2015", "353-365")),
        (
            "Example Bulletin, Issues 8-9 (Winter 1996/1997), 22-36.",
            ("Example Bulletin", None, "8-9", "1996/1997", "22-36"),
        ),
        (
            "Иванов И.И. О примерах // Вопросы примеров. 1990. № 3. С. 12-15.",
            ("Вопросы примеров", None, "3", "1990", "12-15"),
        ),
        (
            "Вестник примеров. 2013. № 12 (303). История. С. 100-105.",
            ("Вестник примеров", None, "12 (303)", "2013", "100-105"),
        ),
        (
            "Example Review ; https://example.org/1 ; Example Review, 2013, 65 (10), pp.1-4. <10.1234/5>",
            ("Example Review", "65", "10", "2013", "1-4"),
        ),
        # Newspapers
        ("The Example Times, 4 March 1993, A-12.", ("The Example Times", None, None, "1993", "A-12")),
        ("Пример, 12 мая 1962 г., с. 2", ("Пример", None, None, "1962", "2")),
        ("Примерен вестник. 29.10.1943. С. 289.", ("Примерен вестник", None, None, "1943", "289")),
        ("例日报, 1962年10月1日, 第1版", ("例日报", None, None, "1962", "1")),
        ("Example Courier, 1844", ("Example Courier", None, None, "1844", None)),
        # Series of papers
        ("EXIP Working Paper #5", ("EXIP Working Paper", None, "5", None, None)),
        ("Example Technical Reports ; EX-2001-03", ("Example Technical Reports", None, "EX-2001-03", None, None)),
        ("Pages 353-373 | Published online: 12 Nov 2014", (None, None, None, "2014", "353-373")),
    ],
)
def test_periodicals_in_the_forms_they_come_in(text: str, expected: tuple[str | None, ...]) -> None:
    """Title, volume, issue, year and pages, by their marks or by where they stand."""
    assert host(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Jane Roe, A History of Examples (Princeton: Example Press, 1998), 23-25",
            ("A History of Examples", None, None, "1998", "23-25"),
        ),
        (
            "Jane Roe. Examples. Translated by John Doe. (New York: Example Books, 1977), 38-39.",
            ("Examples", None, None, "1977", "38-39"),
        ),
        (
            "Jane Roe: Das Beispiel. Versuch und Irrtum 1955 bis 1991. Beispiel Verlag, Berlin 2005, S. 183.",
            ("Das Beispiel. Versuch und Irrtum 1955 bis 1991", None, None, "2005", "183"),
        ),
        (
            'John Doe, "A Chapter," in Jane Roe, ed., The Example Reader (New York: Example, 2001), pp. 12-33.',
            ("The Example Reader", None, None, "2001", "12-33"),
        ),
        (
            "Roe zhongyang, eds., Liji wengao (Roe's Examples of Old), vol. 7 (Beijing: Liji chubanshe, 2018), 37-39.",
            ("Liji wengao", "7", None, "2018", "37-39"),
        ),
        ("An example grammar, by Jane Roe, Example Books, 2008", ("An example grammar", None, None, "2008", None)),
        (
            "Roe, J., & Doe, J. (1999). A book of examples. Cambridge: Example Press.",
            ("A book of examples", None, None, "1999", None),
        ),
        (
            "Иванов И. И. История примеров. М.: Пример, 1990. С. 12-15.",
            ("История примеров", None, None, "1990", "12-15"),
        ),
        (
            "Complete Works of Roe. Jane Mary Roe. John Doe. New York: Example House, Inc. reprinted 1942.",
            ("Complete Works of Roe", None, None, "1942", None),
        ),
        ("Gao,Liji Quanshu,p.408.", ("Liji Quanshu", None, None, None, "408")),
        (
            "《例子集》\N{FULLWIDTH COMMA}例子出版社\N{FULLWIDTH COMMA}1997年\N{FULLWIDTH COMMA}第12-15页",
            ("例子集", None, None, "1997", "12-15"),
        ),
        ("نمونه در ایران صفحه 15", ("نمونه در ایران", None, None, None, "15")),
        (
            "Published in Jane Roe’s, Examples ’89. A Study (Bucharest: Example Press, 1996), pp. 283 - 298",
            ("Examples ’89. A Study", None, None, "1996", "283-298"),
        ),
        (
            "Roe M. <i>Example Publications 2013-2017</i>. Example Institute; 2018.",
            ("Example Publications 2013-2017", None, None, "2018", None),
        ),
    ],
)
def test_books_and_chapters_in_the_forms_they_come_in(text: str, expected: tuple[str | None, ...]) -> None:
    """The host's title without author and chapter; its year, and the pages."""
    assert (read(text).type, host(text)) == ("book", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I Seminário de Exemplos - Meio, Atores e Lugares, Universidade Exemplo, 05- 07 novembro de 2025",
            ("I Seminário de Exemplos - Meio, Atores e Lugares", "2025"),
        ),
        (
            "EX2023, 18th International Conference on Open Examples, Lisbon, Portugal, 12-15 June 2023",
            ("18th International Conference on Open Examples", "2023"),
        ),
    ],
)
def test_a_conference_keeps_its_title_and_year(text: str, expected: tuple[str, str]) -> None:
    """Acronym, place and days are no part of the title."""
    assert (read(text).parts["container_title"], read(text).parts["year"]) == expected


@pytest.mark.parametrize(
    ("text", "part", "name"),
    [
        ("Pennsylvania Example Magazine", "container_title", "Pennsylvania Example Magazine"),
        ("Southern Examples Council Proceedings", "container_title", "Southern Examples Council Proceedings"),
        ("Pflugers Arch", "container_title", "Pflugers Arch"),
        ("Archives of Dermatology", "container_title", "Archives of Dermatology"),
        ("Jane Roe Papers", "collection", "Jane Roe Papers"),
        ("collection de Trombone Exemple", "collection", "collection de Trombone Exemple"),
        ("Doctoral Dissertations", "collection", "Doctoral Dissertations"),
        ("Library Faculty Publications", "collection", "Library Faculty Publications"),
        ("Roe Autograph Albums (1914-1918)", "collection", "Roe Autograph Albums (1914-1918)"),
        ("Example School - Photos and Documents", "collection", "Example School - Photos and Documents"),
        ("Finding Aid to the Jane Roe Oral History; Roe (Jane) Oral History", "collection", "Jane Roe Oral History"),
        ("Example University", "repository", "Example University"),
        ("Center for Oral Examples, ExState", "repository", "Center for Oral Examples, ExState"),
        (
            "Example University. Libraries. Department of Special Collections; M12",
            "repository",
            "Example University. Libraries. Department of Special Collections",
        ),
        ("Department of Example Sciences", "repository", "Department of Example Sciences"),
        ("scan_0001.tif", "ref", "scan_0001.tif"),
        ("Prof. Jane Roe via Example Library", "depositor", "Prof. Jane Roe"),
    ],
)
def test_a_bare_name_is_told_by_its_head(text: str, part: str, name: str) -> None:
    """A collection, a holder, a periodical, a file, or who deposited it."""
    statement = read(text)
    assert (getattr(statement, part, None) or statement.parts[part]) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ISSN 0317-8471", [("issn", "0317-8471")]),
        ("e-ISSN: 20493630", [("issn", "2049-3630")]),
        ("urn:ISSN:2049-3630", [("issn", "2049-3630")]),
        ("2049\u20133630", [("issn", "2049-3630")]),
        ("ISSN 2049-3630 (print), 0317-8471 (online)", [("issn", "2049-3630"), ("issn", "0317-8471")]),
        ("1988-1989", []),
        ("1949-1980", []),
        ("20493630", []),
        ("ISBN 0-306-40615-2", [("isbn", "0306406152")]),
        ("9780306406157", [("isbn", "9780306406157")]),
        ("0306406152", []),
        ("978-0-306-40615-8", []),
        ("doi: 10.1234/ab(c)5).", [("doi", "10.1234/ab(c)5")]),
        ("https://dx.doi.org/10.1234/abc.", [("doi", "10.1234/abc")]),
        ("info:doi/10.1234/abc", [("doi", "10.1234/abc")]),
        ("hdl:1234/5678", [("handle", "1234/5678")]),
        ("ark:/12345/abc", [("ark", "ark:/12345/abc")]),
        ("urn:nbn:de:101-123", [("urn", "urn:nbn:de:101-123")]),
        ("www.example.org/a.", [("url", "www.example.org/a")]),
        ("(OCoLC)12345678", [("control_number", "12345678")]),
        ("Example, pp. 1234-5678", []),
    ],
)
def test_identifiers_by_form_and_check_digit(text: str, expected: list[tuple[str, str]]) -> None:
    """Only where the digits agree; a range of years or of pages is none, whatever its digits."""
    assert [(each.scheme, each.value) for each in find_identifiers(text)] == expected


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        (
            "Obtained by Jane Roe and translated by John Doe and Ann Poe.",
            {"obtained_by": ["Jane Roe"], "translator": ["John Doe", "Ann Poe"]},
        ),
        (
            "Obtained by Jane Roe, translated by John Doe with Ann Poe.",
            {"obtained_by": ["Jane Roe"], "translator": ["John Doe", "Ann Poe"]},
        ),
        (
            "Obtained and translated for CWIHP by Jane Roe.",
            {"obtained_by": ["Jane Roe"], "translator": ["Jane Roe"], "programme": "CWIHP"},
        ),
        (
            "Translated and edited by Jane Roe, John Doe, and Ann P. Poe.",
            {"translator": ["Jane Roe", "John Doe", "Ann P. Poe"], "editor": ["Jane Roe", "John Doe", "Ann P. Poe"]},
        ),
        ("Translated from Portuguese by Jane Roe", {"translator": ["Jane Roe"], "translated_from": "Portuguese"}),
        ("translation by Jane Roe", {"translator": ["Jane Roe"]}),
        ("trans. Jane Roe", {"translator": ["Jane Roe"]}),
        ("Contributed by Jane Roe; provided by John Doe, Jr.", {"obtained_by": ["Jane Roe", "John Doe, Jr"]}),
        (
            "copy courtesy of Example Archive, Washington",
            {"obtained_by": ["Example Archive"], "affiliations": ["Washington"]},
        ),
        (
            "Translated by Jane Roe (Example University)",
            {"translator": ["Jane Roe"], "affiliations": ["Example University"]},
        ),
        ("Translated by Jane Roe(1):A", {"translator": ["Jane Roe(1):A"]}),
        ("Translated by Jane Roe(1).A", {"translator": ["Jane Roe(1).A"]}),
        (
            f"Translated by Jane Roe, Example University{' of everything' * 4} andthelike",
            {
                "translator": ["Jane Roe andthelike"],
                "affiliations": [f"Example University{' of everything' * 4}"],
            },
        ),
        ("Translated by 7Brands.", {"translator": ["7Brands"]}),
        ("Übersetzt von Jane Roe", {"translator": ["Jane Roe"]}),
        ("Traduit par Jane Roe et John Doe", {"translator": ["Jane Roe", "John Doe"]}),
        ("Перевод: И. И. Иванов", {"translator": ["И. И. Иванов"]}),
    ],
)
def test_people_and_their_roles(text: str, roles: dict[str, Any]) -> None:
    """One person may have several roles; the programme and the university are none."""
    statement = read(f"RGANI, f. 1, op. 2. {text}")
    told = {
        name: held for name, held in statement.parts.items() if name in {*roles, "translator", "obtained_by", "editor"}
    }
    assert (statement.repository, statement.ref, told) == ("RGANI", "f. 1, op. 2", roles)


MARKS = table("publications")["marks"]


@pytest.mark.parametrize("mark", MARKS["volume"])
def test_each_mark_of_a_volume(mark: str) -> None:
    """It stands before the number of a volume."""
    assert host(f"Example Xyzzy; {mark} 3, # 2 (2010)")[:4] == ("Example Xyzzy", "3", "2", "2010")


@pytest.mark.parametrize("mark", MARKS["issue"])
def test_each_mark_of_an_issue(mark: str) -> None:
    """It stands before the number of an issue."""
    assert host(f"Example Xyzzy; vol. 3, {mark} 2 (2010)")[:4] == ("Example Xyzzy", "3", "2", "2010")


@pytest.mark.parametrize("mark", MARKS["pages"])
def test_each_mark_of_pages(mark: str) -> None:
    """It stands before pages."""
    assert host(f"Example Xyzzy; vol. 3, no. 2 (2010); {mark} 12-15") == ("Example Xyzzy", "3", "2", "2010", "12-15")


@pytest.mark.parametrize(
    ("kind", "mark"), [(kind, mark) for kind in ("volume", "issue", "pages") for mark in MARKS[f"behind_{kind}"]]
)
def test_each_mark_that_stands_behind(kind: str, mark: str) -> None:
    """It stands behind its number."""
    texts = {
        "volume": f"Xyzzy, 2010, 7 {mark}, no. 2",
        "issue": f"Xyzzy, 2010, vol. 3, 7 {mark}",
        "pages": f"Xyzzy, vol. 3, no. 2 (2010), 7 {mark}",
    }
    found = dict(zip((*NUMBERS, "pages"), host(texts[kind]), strict=True))
    assert (found["container_title"], found[kind]) == ("Xyzzy", "7")


@pytest.mark.parametrize("word", table("publications")["words"]["months"])
def test_each_month_makes_a_date(word: str) -> None:
    """A day, a month and a year behind the name of a newspaper."""
    assert host(f"Example Gazette, 4 {re.sub('[?]', '', word)} 1970, p. 3") == (
        "Example Gazette",
        None,
        None,
        "1970",
        "3",
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://papers.example.org/series/Ch08[1].pdf",
        "http://papers.example.org/wp/Letters of the Winter Harbour_176.pdf",
        "ftp://files.example.org/a b (2).DOC",
    ],
)
def test_the_address_of_a_file_is_one_address_whatever_its_name_holds(address: str) -> None:
    """Blanks and brackets stand in names of files; a second address does not."""
    (read,) = normalise_sources([Value(text=address)])
    assert read.parts["url"] == address
    assert "remainder" not in read.parts
    several = normalise_sources([Value(text=f"{address} http://example.org/other.pdf")])
    assert several[0].parts["url"] != f"{address} http://example.org/other.pdf"

"""Archival references: each tradition's grammar, levels, leaves and pages; the repository wherever it stands."""

# ruff: noqa: RUF001 - references stand in the scripts of their archives.

import re

import pytest

from ingest.descriptions import SourceStatement, Value
from ingest.normalise.sources import normalise_sources
from ingest.normalise.vocabularies import table

FIELDS = ("repository", "collection", "ref", "pages")


def read(text: str) -> SourceStatement:
    """Normalise one source value."""
    (statement,) = normalise_sources([Value(text=text, element="dc:source")])
    return statement


def fields(text: str) -> tuple[str | None, ...]:
    """Return repository, collection, reference and pages."""
    statement = read(text)
    return tuple(getattr(statement, name) for name in FIELDS)


def levels(text: str) -> str:
    """Write the levels as ``kind=value``."""
    return " ".join(f"{each['kind']}={each['value']}" for each in read(text).parts.get("levels", []))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Russian and Ukrainian
        ("AVPRF, f. 0100, op. 1, p. 2, d. 3, ll. 4-5", ("AVPRF", None, "f. 0100, op. 1, p. 2, d. 3", "4-5")),
        ("RGANI, Fond 5, Opis 1, Delo 2, Listy 3 - 4ob.", ("RGANI", None, "Fond 5, Opis 1, Delo 2", "3-4ob")),
        ("ГА РФ. Ф. 1. Оп. 2. Д. 3. Л. 4–5 об. Подлинник.", ("ГА РФ", None, "Ф. 1. Оп. 2. Д. 3", "4–5 об")),
        ("ЦДАГО України, ф. 1, оп. 2, спр. 3, арк. 4 зв.", ("ЦДАГО України", None, "ф. 1, оп. 2, спр. 3", "4 зв")),
        ("RGASPI, 17/3/100/5-6", ("RGASPI", None, "17/3/100", "5-6")),
        ("RGASPI, 17/3/100, ll. 5-6", ("RGASPI", None, "17/3/100", "5-6")),
        ("AVPRF, f. 0100, op. 34, 1946, p. 2, d. 3", ("AVPRF", None, "f. 0100, op. 34, 1946, p. 2, d. 3", None)),
        ("GARF, f. 1, op. 2, d. 3, l. 101 (ob.)", ("GARF", None, "f. 1, op. 2, d. 3", "101 (ob.)")),
        # Bulgarian
        ("TsDA, Fond 1-B, Opis 2, a.e. 3, l. 4", ("TsDA", None, "Fond 1-B, Opis 2, a.e. 3", "4")),
        ("ЦДА, ф. 1Б, оп. 2, а.е. 3, л. 4-5", ("ЦДА", None, "ф. 1Б, оп. 2, а.е. 3", "4-5")),
        # A repository's own name goes on behind a colon; departments and places belong to it.
        ("TNA (PRO), FO 371/1234", ("TNA (PRO)", None, "FO 371/1234", None)),
        (
            "The National Archives: Public Record Office, FO 1/2, f. 3",
            ("The National Archives: Public Record Office", None, "FO 1/2", "3"),
        ),
        ("Archives nationales, Pierrefitte, F/7/1", ("Archives nationales, Pierrefitte", None, "F/7/1", None)),
        (
            "National Archives at College Park - Still Pictures",
            ("National Archives at College Park - Still Pictures", None, None, None),
        ),
        (
            "Example Public Library, Western History Room, folder 2",
            ("Example Public Library, Western History Room", None, "folder 2", None),
        ),
        # A code behind the name of a collection, behind a stop or in brackets.
        (
            "From the Roe Family Papers. MSS 12. Example University Library.",
            ("Example University Library", "Roe Family Papers", "MSS 12", None),
        ),
        (
            "Archives of Ontario: Lands records, 1920-1930 (RG 1-24)",
            ("Archives of Ontario", "Lands records, 1920-1930", "RG 1-24", None),
        ),
        ("Roe, Jane (1850-1900) Papers, Box 1", (None, "Roe, Jane (1850-1900) Papers", "Box 1", None)),
        # Documents of bodies, and files that say what their number is.
        ("U.N. Doc. A/1234/Add.1", (None, None, "A/1234/Add.1", None)),
        ("NATO Document C-M(60)12", (None, None, "C-M(60)12", None)),
        ("File reference: B.1.2", (None, None, "B.1.2", None)),
        ("UN documents on the Middle East", (None, None, None, None)),
        # Chinese
        ("PRC FMA 100-00001-01, 5", ("PRC FMA", None, "100-00001-01", "5")),
        (
            "上海市档案馆\N{FULLWIDTH COMMA}档号\N{FULLWIDTH COLON}B1-2-3\N{FULLWIDTH COMMA}第4页",
            ("上海市档案馆", None, "B1-2-3", "4"),
        ),
        # Hungarian: a dash between numbers is no range of pages.
        (
            "MOL, XIX-J-1-j Korea, 1970, 5. doboz, 81-5, 001/1970",
            ("MOL", None, "XIX-J-1-j Korea, 1970, 5. doboz, 81-5, 001/1970", None),
        ),
        ("MNL OL, M-KS 288. f. 5/1. ő. e., 12-13. old.", ("MNL OL", None, "M-KS 288. f. 5/1. ő. e", "12-13")),
        # German
        ("SAPMO-BArch, DY 30/J IV 2/2/1, Bl. 5", ("SAPMO-BArch", None, "DY 30/J IV 2/2/1", "5")),
        ("PA AA, MfAA, A 123, Bl. 3-5", ("PA AA", "MfAA", "A 123", "3-5")),
        ("BStU, MfS, HA II, Nr. 1, S. 4", ("BStU", "MfS", "HA II, Nr. 1", "4")),
        # Romanian: f. is a leaf, and a fond that is named a collection.
        ("ANIC, fond Cancelarie, dosar 2/1970, f. 1-4", ("ANIC", "Cancelarie", "dosar 2/1970", "1-4")),
        ("AMAE, fond Coreea, vol. 1/1970, filele 2-3", ("AMAE", "Coreea", "vol. 1/1970", "2-3")),
        # Albanian
        ("AQSH, F. 14, V. 1970, Dos. 2, fl. 3", ("AQSH", None, "F. 14, V. 1970, Dos. 2", "3")),
        # Polish: k. is a leaf, s. a page.
        ("AMSZ, z. 1, w. 2, t. 3, k. 4-5", ("AMSZ", None, "z. 1, w. 2, t. 3", "4-5")),
        ("AAN, zespół 1/XX, sygn. 2, s. 3", ("AAN", None, "zespół 1/XX, sygn. 2", "3")),
        # Czech and Slovak
        ("NA, fond Example 1945-1989, karton 1, inv. č. 2", ("NA", "Example 1945-1989", "karton 1, inv. č. 2", None)),
        ("AMZV, TO-T 1955-1959, Korea, kart. 1, l. 2", ("AMZV", "TO-T 1955-1959, Korea", "kart. 1", "2")),
        # Vietnamese and Korean
        (
            "Trung tâm Lưu trữ Quốc gia III, phông Example, hồ sơ 1, tr. 2",
            ("Trung tâm Lưu trữ Quốc gia III", "Example", "hồ sơ 1", "2"),
        ),
        (
            "대한민국 외교사료관, 분류번호 1.1, 등록번호 2, 3-4쪽",
            ("대한민국 외교사료관", None, "분류번호 1.1, 등록번호 2", "3-4"),
        ),
        (
            "ROK Diplomatic Archives, Roll C-1, File 2, Frames 3-4",
            ("ROK Diplomatic Archives", None, "Roll C-1, File 2", "3-4"),
        ),
        # Latin
        ("MINREX, Caja 1, Carpeta 2, fol. 3", ("MINREX", None, "Caja 1, Carpeta 2", "3")),
        (
            "Archivo General de la Nación, Fondo Presidentes, caja 1, exp. 2, fs. 3-4",
            ("Archivo General de la Nación", "Presidentes", "caja 1, exp. 2", "3-4"),
        ),
        (
            "Archivio di Stato di Firenze, Example, b. 1, c. 2r",
            ("Archivio di Stato di Firenze", "Example", "b. 1", "2r"),
        ),
        (
            "Maço “1.(24h),” Ministry of External Relations Archives, Brasilia, Brazil",
            ("Ministry of External Relations Archives, Brasilia, Brazil", None, "Maço “1.(24h)", None),
        ),
        # British
        ("TNA, FO 371/1, CK1015/6, fols. 2-3", ("TNA", None, "FO 371/1, CK1015/6", "2-3")),
        ("TNA: PRO, PREM 11/1, p. 2", ("TNA: PRO", None, "PREM 11/1", "2")),
        # American
        (
            "NARA, RG 59, Central Files, 1964-66, POL 27 VIET S. Secret; Nodis.",
            ("NARA", "RG 59, Central Files, 1964-66", "POL 27 VIET S", None),
        ),
        ("Department of State, 611.93/5-1262. Top Secret.", ("Department of State", None, "611.93/5-1262", None)),
        (
            "Truman Library, Example Papers, Box 1. Confidential. Drafted by Roe.",
            ("Truman Library", "Example Papers", "Box 1", None),
        ),
        (
            "Department of State, S/S Files: Lot 60 D 627, Box 12",
            ("Department of State", "S/S Files", "Lot 60 D 627, Box 12", None),
        ),
    ],
)
def test_each_tradition_has_its_grammar(text: str, expected: tuple[str | None, ...]) -> None:
    """Repository, collection, reference and pages: the same mark means what its archive means by it."""
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AVPRF, f. 1, op. 2, p. 3, d. 4, l. 5", "fond=1 opis=2 papka=3 delo=4"),
        ("RGANI, f. 1, op. 2, d. 4, p. 5", "fond=1 opis=2 delo=4"),
        ("17/3/100/5-6", "fond=17 opis=3 delo=100"),
        ("AVPRF, f. 1, op. 2, 1950, d. 4", "fond=1 opis=2 year=1950 delo=4"),
        ("MOL, XIX-J-1-j, 5. doboz", "box=5"),
        ("Example Library, Box 1, Folder 2", "box=1 folder=2"),
        ("NARA, RG 59, Entry 1, Box 2", "rg=59 entry=1 box=2"),
    ],
)
def test_levels_keep_the_archives_own_words(text: str, expected: str) -> None:
    """In order, each with its number; a papka only before a delo, and a year as what it is."""
    assert levels(text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "side"),
    [
        ("RGANI, f. 1, op. 2, d. 3, l. 4 ob.", "leaf", "verso"),
        ("British Library, Add MS 1, f. 2r", "leaf", "recto"),
        ("SAPMO-BArch, DY 1, Bl. 2", "leaf", None),
        ("TNA, FO 1/2, p. 3", "page", None),
        ("ROK Diplomatic Archives, Roll 1, Frames 2-3", "frame", None),
    ],
)
def test_pages_have_a_unit_and_leaves_a_side(text: str, unit: str, side: str | None) -> None:
    """Leaves and frames count as pages, and say what they are."""
    assert (read(text).parts.get("pages_unit"), read(text).parts.get("folio_side")) == (unit, side)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Source: Example Papers, Box 1, Example University Library.",
            ("Example University Library", "Example Papers", "Box 1", None),
        ),
        ("1 Source: National Archives, RG 1, Box 2.", ("National Archives", "RG 1", "Box 2", None)),
        (
            "Reports the talks. Secret. 2 pp. NARA, RG 59, Central Files, 611.93/5-1262.",
            ("NARA", "RG 59, Central Files", "611.93/5-1262", None),
        ),
        (
            "This document is reproduced from Archives of Exampleland, microfilm roll 3",
            ("Archives of Exampleland", None, "microfilm roll 3", None),
        ),
        ("History and Public Policy Program Digital Archive, AVPRF, f. 1, op. 2", ("AVPRF", None, "f. 1, op. 2", None)),
        (
            "Political Archive of the Federal Foreign Office, Berlin (PolA AA), MfAA",
            ("Political Archive of the Federal Foreign Office, Berlin (PolA AA)", "MfAA", None, None),
        ),
        (
            "Library of Congress, Manuscript Division, Roe Papers, Box 1",
            ("Library of Congress, Manuscript Division", "Roe Papers", "Box 1", None),
        ),
        (
            "RGANI, f. 1, op. 2, d. 3, ll. 4-5; GARF, f. 6, op. 7, d. 8, l. 9",
            ("RGANI", None, "f. 1, op. 2, d. 3", "4-5"),
        ),
        ("Roe Papers, Library of Congress, Reel 1", ("Library of Congress", "Roe Papers", "Reel 1", None)),
        (
            "Old ledger. Example County Library, Local History Room.",
            ("Example County Library, Local History Room", None, None, None),
        ),
        ("Views of Exampletown (University of Example)", ("University of Example", "Views of Exampletown", None, None)),
        ("Example Park Archives, 12 Forest Road, Exampletown, CA 90000", ("Example Park Archives", None, None, None)),
        ("Example Carts, 12 Forest Road, Exampletown", ("Example Carts", None, None, None)),
        (
            "Universitätsbibliothek Beispielstadt, Cod. 12",
            ("Universitätsbibliothek Beispielstadt", None, "Cod. 12", None),
        ),
        ("Courtesy of the Example County Historical Society", ("Example County Historical Society", None, None, None)),
        ("XYZA, f. 1, op. 2, d. 3, l. 4", ("XYZA", None, "f. 1, op. 2, d. 3", "4")),
    ],
)
def test_a_repository_is_found_wherever_it_stands(text: str, expected: tuple[str | None, ...]) -> None:
    """In front, behind, in brackets, behind a portal or a lead-in; known, or told by the word for its house."""
    assert fields(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Box 1, Carton 2, Negative Number 3A", "Box 1, Carton 2, Negative Number 3A"),
        ("f. 1, op. 2, d. 3", "f. 1, op. 2, d. 3"),
        ("2011-014", "2011-014"),
        ("File No. 123.4/5.", "123.4/5"),
        ("MSS 12, Box 3", "MSS 12, Box 3"),
        ("AB 393, vol 14", "AB 393, vol 14"),
        ("A2022/085-08/Box 18", "A2022/085-08/Box 18"),
    ],
)
def test_a_reference_may_stand_alone(text: str, expected: str) -> None:
    """Where no repository is named the reference is read all the same."""
    assert (read(text).type, read(text).ref) == ("archival", expected)


@pytest.mark.parametrize(
    "text",
    [
        "114 p. ; 28 cm.",
        "2 pp.",
        "10 x 20 cm",
        "15-17 May 1968",
        "1968-05-15",
        "Roe, Jane, 1920-1999",
        "1988-1989",
        "Postcard",
        "Digital color photograph",
        "photo by Jane Roe",
        "Jane F. Roe",
        "New York, 1850-1900",
    ],
)
def test_what_is_no_place_has_no_reference_and_no_pages(text: str) -> None:
    """Extents, descriptions, dates, life dates and coverage stay what they are: remainder."""
    statement = read(text)
    assert (statement.type, statement.ref, statement.pages) == ("unknown", None, None)
    assert statement.parts["remainder"] in text


WORDS = table("archives")["words"]


def plain(pattern: str) -> str:
    """Write a word that a simple pattern of the vocabulary matches."""
    pattern = re.sub(r"\(\?[=!<][^()]*(?:\([^()]*\)[^()]*)?\)", "", pattern)
    pattern = (
        re.sub(r"\(\?:([^()|]*)[^()]*\)\??", r"\1", pattern)
        .replace("\\s?", " ")
        .replace("\\.", ".")
        .replace("\\w*", "")
    )
    return re.sub(r"\[([^\]])[^\]]*\]", r"\1", re.sub(r"(.)\?", r"\1", pattern))


@pytest.mark.parametrize("word", WORDS["lead_ins"])
def test_each_lead_in_is_cut_off(word: str) -> None:
    """What stands before a source and a colon is no part of it."""
    assert fields(f"{plain(word).capitalize()}: RGANI, f. 1, op. 2")[0::2] == ("RGANI", "f. 1, op. 2")


@pytest.mark.parametrize("word", WORDS["lead_ins_bare"])
def test_each_lead_in_without_a_colon_is_cut_off(word: str) -> None:
    """The same where no colon follows."""
    assert fields(f"{plain(word).capitalize()} RGANI, f. 1, op. 2")[0::2] == ("RGANI", "f. 1, op. 2")


@pytest.mark.parametrize(
    ("tradition", "kind", "word"),
    [
        (name, kind, word)
        for name, grammar in table("archives")["traditions"].items()
        for kind, words in grammar["pages"].items()
        for word in words
    ],
)
def test_each_mark_of_pages_is_known_to_its_tradition(tradition: str, kind: str, word: str) -> None:
    """Behind a box each of them counts leaves, pages or frames."""
    archive = next(form for form, of in ARCHIVES.items() if of == tradition)
    statement = read(f"{archive}, Box 1, {plain(word)} 12-13")
    assert (statement.pages, statement.parts["pages_unit"]) == ("12-13", kind)


ARCHIVES = {
    "AQSH": "albanian",
    "NARA": "american",
    "TNA": "british",
    "TsDA": "bulgarian",
    "PRC FMA": "chinese",
    "AMZV": "czech",
    "Rigsarkivet": "general",
    "PA AA": "german",
    "MNL OL": "hungarian",
    "ROK Diplomatic Archives": "korean",
    "MINREX": "latin",
    "AMSZ": "polish",
    "ANIC": "romanian",
    "RGANI": "russian",
    "TTLTQG III": "vietnamese",
}


def test_every_tradition_has_an_archive_here() -> None:
    """So that none of the grammars goes untested."""
    assert set(ARCHIVES.values()) == set(table("archives")["traditions"])

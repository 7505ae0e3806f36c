"""The operator's own tables: what a row becomes, how a bad one is refused with file and line, and how they travel."""

from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import ValidationError

from ingest.declarations import declaring_files, read_declarations, with_tables
from ingest.endpoints import Endpoint, declared
from ingest.errors import ConfigurationError
from ingest.normalise.folding import comparable
from ingest.operator_tables import NO_TABLES, DonorRow, OperatorTables, RepositoryRow, RightsRow
from ingest.operator_tables_toml import read_operator_tables

RIGHTS = """\
    # What our partners write.
    [[statement]]
    values = ["frei nutzbar", "Free for all"]
    uri = "https://creativecommons.org/publicdomain/zero/1.0/"
    category = "public-domain"

    [[statement]]
    uris = ["http://rights.example.org/closed"]
    category = "access-closed"
    access = "closed"
"""
DONORS = """\
    [[donor]]
    name = "Verein der Freunde des Archivs"
    aliases = ["Freunde des Archivs", "VFA"]
    identifiers = ["https://d-nb.info/gnd/1"]
"""
REPOSITORIES = """\
    [[repository]]
    forms = ["StA Musterstadt"]
    name = "Stadtarchiv Musterstadt"
    place = "Musterstadt"
    tradition = "german"
"""


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(dedent(text), encoding="utf-8")
    return folder


def test_the_three_files_are_read(tmp_path: Path) -> None:
    """Rows keep the order of their file."""
    tables = read_operator_tables(_write(tmp_path, rights=RIGHTS, donors=DONORS, repositories=REPOSITORIES))
    assert tables == OperatorTables(
        rights=(
            RightsRow(
                values=("frei nutzbar", "Free for all"),
                uri="https://creativecommons.org/publicdomain/zero/1.0/",
                category="public-domain",
            ),
            RightsRow(uris=("http://rights.example.org/closed",), category="access-closed", access="closed"),
        ),
        donors=(
            DonorRow(
                name="Verein der Freunde des Archivs",
                aliases=("Freunde des Archivs", "VFA"),
                identifiers=("https://d-nb.info/gnd/1",),
            ),
        ),
        repositories=(
            RepositoryRow(
                forms=("StA Musterstadt",),
                name="Stadtarchiv Musterstadt",
                place="Musterstadt",
                tradition="german",
            ),
        ),
    )


def test_no_files_are_no_tables(tmp_path: Path) -> None:
    """They need not be there, and neither need their folder."""
    assert read_operator_tables(tmp_path) == NO_TABLES == read_operator_tables(tmp_path / "none")
    assert NO_TABLES.digest == ""


def test_the_shipped_files_hold_no_row_until_an_example_is_uncommented() -> None:
    """And the examples are rows that can be read."""
    shipped = Path(__file__).parents[2] / "config"
    assert read_operator_tables(shipped) == NO_TABLES


def test_the_shipped_examples_are_rows(tmp_path: Path) -> None:
    """Taking away the comment signs gives one row in each file at least."""
    shipped = Path(__file__).parents[2] / "config"
    for name in ("rights", "donors", "repositories"):
        lines = (shipped / f"{name}.toml").read_text(encoding="utf-8").splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("# [["))
        (tmp_path / f"{name}.toml").write_text("\n".join(line.removeprefix("# ") for line in lines[first:]))
    tables = read_operator_tables(tmp_path)
    assert tables.rights
    assert tables.donors
    assert tables.repositories


FAULTS = {
    "a misspelt key": ("rights", '[[statement]]\nvalues = ["x"]\ncategorie = "unknown"', 3, "did you mean"),
    "a key that is missing": ("rights", '[[statement]]\nvalues = ["x"]', 1, "category is missing"),
    "a category that is none": ("rights", '\n[[statement]]\nvalues = ["x"]\ncategory = "free"', 4, '"open-licence"'),
    "a row that names no value": ("rights", '[[statement]]\ncategory = "unknown"', 1, "add values"),
    "a text where a list is meant": ("donors", '[[donor]]\nname = "A"\naliases = "B"', 3, "a list of texts"),
    "an empty name": ("donors", '[[donor]]\nname = ""', 2, "not empty"),
    "a tradition that is none": ("repositories", '[[repository]]\nforms = ["A"]\ntradition = "x"', 3, '"german"'),
    "no form": ("repositories", "[[repository]]\nforms = []", 2, "not empty"),
    "another heading": ("donors", '[[donator]]\nname = "A"', 1, "[[donor]]"),
    "a table in single brackets": ("donors", '[donor]\nname = "A"', 1, "[[donor]]"),
    "a key outside of rows": ("repositories", 'forms = ["A"]', 1, "[[repository]]"),
    "the second of two rows": ("donors", '[[donor]]\nname = "A"\n\n[[donor]]\nnam = "B"', 5, "did you mean"),
    "an address that is none": (
        *("rights", '[[statement]]\nuris = ["http://x.org",\n "http://www./"]\ncategory = "unknown"', 2),
        '"http://www./" is no address',
    ),
    "a value of stops only": (
        "rights",
        '[[statement]]\ncategory = "unknown"\nvalues = ["x", "\'...\'"]',
        3,
        "add a word",
    ),
    "an alias of stops only": ("donors", '[[donor]]\nname = "A"\naliases = [";"]', 3, "add a word"),
    "a form of stops only": ("repositories", '[[repository]]\nforms = ["."]', 2, "add a word"),
    "an identifier that is no URI": ("donors", '[[donor]]\nname = "A"\nidentifiers = ["0000 0001"]', 3, "https://"),
    "no TOML": ("donors", "[[donor]]\nname = A", 2, "not TOML"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_bad_row_is_refused_with_file_and_line(tmp_path: Path, fault: tuple[str, str, int, str]) -> None:
    """One line that says what is meant."""
    file, text, line, meant = fault
    with pytest.raises(ConfigurationError) as refusal:
        read_operator_tables(_write(tmp_path, **{file: text}))
    told = str(refusal.value)
    assert told.startswith(f"{tmp_path / file}.toml:{line}: ")
    assert meant in told
    assert "\n" not in told


def test_they_go_with_every_endpoint_that_is_declared(tmp_path: Path) -> None:
    """As a digest in the declaration that the database keeps, and whole beside it."""
    _write(tmp_path, donors=DONORS, endpoints='[first]\nurl = "https://example.org/oai"')
    (endpoint,) = read_declarations(tmp_path)
    assert endpoint.operator_tables == read_operator_tables(tmp_path)
    assert endpoint.tables == endpoint.operator_tables.digest != ""
    kept = declared(endpoint.model_dump_json())
    assert kept.tables == endpoint.tables
    assert "Freunde" not in endpoint.model_dump_json()


def test_every_row_counts_in_the_digest() -> None:
    """What is described with other tables is described anew."""
    digests = {
        OperatorTables(donors=(DonorRow(name="A"),)).digest,
        OperatorTables(donors=(DonorRow(name="A", aliases=("B",)),)).digest,
        OperatorTables(donors=(DonorRow(name="B"), DonorRow(name="A"))).digest,
        OperatorTables(donors=(DonorRow(name="A"), DonorRow(name="B"))).digest,
        NO_TABLES.digest,
    }
    assert len(digests) == 5


def test_an_endpoint_without_tables_is_as_before() -> None:
    """No tables are no change of the declaration."""
    endpoint = Endpoint(name="a", url="https://example.org/oai", namespace="a")
    assert with_tables(endpoint, NO_TABLES) == endpoint


def test_the_files_that_are_watched(tmp_path: Path) -> None:
    """All that a declaration is read from."""
    names = [path.name for path in declaring_files(tmp_path)]
    assert names == ["endpoints.toml", "rights.toml", "donors.toml", "repositories.toml"]


FOLDED_AWAY = (
    "...",
    "\"'",
    "\u201e \u201c",
    "\u2018\u201b\u201f",
    "\u200b",
    "&nbsp;",
    "&amp;nbsp;",
    "<b></b>",
    "\\n",
    "\uff0c\u3002",
    ";:",
)
KEPT = ("?", "-", "\u2013", "*", "n/a", "\u00a7", "\u00a9", "\u7981", "(", "the", "<b>x</b>")


@pytest.mark.parametrize("text", FOLDED_AWAY)
def test_a_value_of_which_comparing_leaves_nothing_is_refused(text: str) -> None:
    """It would speak of every value of which nothing is left either."""
    assert comparable(text) == ""
    with pytest.raises(ValidationError):
        RightsRow(values=(text,), category="open-licence")


@pytest.mark.parametrize("text", KEPT)
def test_a_sign_that_stands_for_a_value_is_kept(text: str) -> None:
    """What catalogues write where they have nothing to say can be told what it means."""
    assert comparable(text)
    assert RightsRow(values=(text,), category="unknown").values == (text,)


@pytest.mark.parametrize("uri", ["http://", "https://www.", "www.", "http://www./", "//", "HTTP://WWW.//"])
def test_an_address_without_a_host_is_refused(uri: str) -> None:
    """It would speak of every value that is empty, or a stroke."""
    with pytest.raises(ValidationError):
        RightsRow(uris=(uri,), category="open-licence")


IDENTIFIERS = {
    "https://ror.org/021nxhr62": True,
    "HTTP://example.org/x": True,
    "urn:nbn:de:101:1-2019": True,
    "http://": False,
    "ror.org/021nxhr62": False,
    "0000 0001 2103 2683": False,
    "https://example.org/a b": False,
    "javascript:x": False,
    "urn:": False,
}


@pytest.mark.parametrize(("identifier", "taken"), IDENTIFIERS.items())
def test_identifiers_of_donors_are_uris(identifier: str, *, taken: bool) -> None:
    """Catalogues are given them as links."""
    if taken:
        assert DonorRow(name="A", identifiers=(identifier,)).identifiers == (identifier,)
        return
    with pytest.raises(ValidationError):
        DonorRow(name="A", identifiers=(identifier,))

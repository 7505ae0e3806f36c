"""What the texts of this tree say holds in the tree: links lead somewhere, locks name no place, rooms stay small."""

import ast
import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
MADE_BY_TOOLS = {"dist", "build", "__pycache__", "node_modules"}
LONGEST_MODULE = 300


def _files(pattern: str = "*") -> Iterator[Path]:
    """Go through what people wrote; hidden folders but ``.ci`` belong to tools."""
    for path in sorted(ROOT.rglob(pattern)):
        folders = path.relative_to(ROOT).parts[:-1]
        by_tools = any(name in MADE_BY_TOOLS or (name.startswith(".") and name != ".ci") for name in folders)
        if path.is_file() and not by_tools and ".db" not in path.suffixes:
            yield path


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- documents ------------------------------------------------------------------------------------


def _links(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for part in token.children or ():
            for key in ("href", "src"):
                if key in part.attrs:
                    yield str(part.attrs[key])


def _anchors(text: str) -> set[str]:
    """Return the headings' anchors as GitHub makes them."""
    tokens = MarkdownIt("commonmark").parse(text)
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", list(_files("*.md")), ids=_name)
def test_every_internal_link_of_a_document_leads_somewhere(document: Path) -> None:
    """A link to a file finds the file, one to a heading finds the heading."""
    broken = []
    for link in _links(document.read_text("utf-8")):
        place, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", place):
            continue
        target = document.parent / place if place else document
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text("utf-8"))):
            broken.append(link)

    assert broken == []


def test_the_glossary_gives_each_word_one_meaning_in_order() -> None:
    """A word stands once, and where a reader looks for it."""
    words = re.findall(r"^\*\*(.+?)\*\*", (ROOT / "GLOSSARY.md").read_text("utf-8"), flags=re.MULTILINE)

    assert len(words) > 40
    assert words == sorted(set(words), key=str.casefold)


# --- locks and places -----------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_a_lock_file_names_no_place_and_a_hash_for_each_package(lock: str) -> None:
    """Whoever installs says from where; what arrives is checked by its hash alone."""
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    requirements = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]

    assert "http" not in text
    assert [line for line in text.splitlines() if line.startswith("-")] == []
    assert [one.split()[0] for one in requirements if "--hash=sha256:" not in one and one[0] != "#"] == []


def test_the_locks_hold_every_declared_package_and_agree() -> None:
    """What pyproject.toml asks for is locked, and tests run on the very versions that are shipped."""
    run, dev = (
        dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / "requirements" / lock).read_text(), flags=re.MULTILINE))
        for lock in ("run.txt", "dev.txt")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[\[<>=~! ]", one)[0].lower() for one in project["dependencies"]}

    assert declared - run.keys() == set()
    assert run.items() - dev.items() == set()


def test_no_text_mentions_a_place_on_this_machine() -> None:
    """Nothing that is handed on says where its author's checkout or home is."""
    places = [f"{place}/" for place in (ROOT, Path.home()) if place != Path("/")]
    texts = {_name(path): path.read_text("utf-8", errors="replace") for path in _files()}

    assert [name for name, text in texts.items() if any(place in text for place in places)] == []


# --- modules --------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ["ingest", "workers"])
def test_no_module_is_longer_than_three_hundred_lines(room: str) -> None:
    """A longer module is two rooms in one."""
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in (ROOT / room).rglob("*.py")}

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


@pytest.mark.parametrize("room", ["ingest", "workers"])
def test_a_package_is_introduced_by_a_docstring_and_nothing_else(room: str) -> None:
    """Names are imported from the module that has them, so importing a package costs nothing."""
    bodies = {_name(path): ast.parse(path.read_text("utf-8")).body for path in (ROOT / room).rglob("__init__.py")}
    more = [name for name, body in bodies.items() if len(body) != 1 or not isinstance(body[0], ast.Expr)]

    assert more == []

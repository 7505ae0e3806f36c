"""``oai-ingest endpoints add``: what is appended to endpoints.toml, what is refused, and what is never touched."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from watching import Asked, Watch

from ingest.endpoints_toml import read_endpoints
from ingest.errors import ConfigurationError
from workers.cli.appending import append
from workers.demo.exchange import Answer, Request, Response
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
Declare = Callable[[str], Path]
MINE = '# Mine, in my own order.\n[mine]   # first\nurl="https://example.org/oai"\n'
NOWHERE = "http://127.0.0.1:1/oai"


def _used_once(asked: Asked, answer: Answer) -> Response:
    if asked.token and asked.times > 1:
        return Response(body=answer(asked.request).body.replace(b"ListRecords", b"Nothing"))
    return answer(asked.request)


@pytest.fixture
def odd_url() -> Iterator[str]:
    """Serve a repository without records, whose quirks are for people to see."""
    with serve(DemoRepository(items=GeneratedItems(0)), middleware=Watch(fault=_used_once)) as url:
        yield url


# --- one ------------------------------------------------------------------------------------------


def test_the_first_endpoint_makes_the_file_and_its_folder(oai_ingest: OaiIngest, demo_url: str, tmp_path: Path) -> None:
    """What was added is what a harvest goes by."""
    added = oai_ingest("endpoints", "add", demo_url, "--name", "demo")
    (endpoint,) = read_endpoints(tmp_path / "config" / "endpoints.toml")

    assert added.code == 0
    assert f'{demo_url}: added to config/endpoints.toml as "demo"; it can be harvested' in " ".join(added.out.split())
    assert (endpoint.name, endpoint.url, endpoint.metadata_prefix) == ("demo", demo_url, ("qdc", "oai_dc"))
    assert oai_ingest("harvest", "demo").code == 0
    assert [each.name for each in (tmp_path / "config").iterdir()] == ["endpoints.toml"]


@pytest.mark.parametrize("before", [MINE, MINE.rstrip("\n"), MINE.replace("\n", "\r\n"), "\ufeff" + MINE, "\n", ""])
def test_what_stands_in_the_file_stays_as_it_is(
    oai_ingest: OaiIngest, declare: Declare, demo_url: str, before: str
) -> None:
    """Byte for byte, its permissions and line ends too; the new table stands behind it."""
    path = declare("")
    path.write_bytes(before.encode())
    path.chmod(0o640)

    assert oai_ingest("endpoints", "add", demo_url).code == 0

    after = path.read_bytes()
    assert after.startswith(before.encode())
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert path.stat().st_mode & 0o777 == 0o640
    assert demo_url in {each.url for each in read_endpoints(path)}


def test_a_link_is_followed(oai_ingest: OaiIngest, demo_url: str, tmp_path: Path) -> None:
    """The file that it leads to is the one that is kept under version control."""
    kept = tmp_path / "kept.toml"
    kept.write_text(MINE)
    (tmp_path / "config").mkdir()
    link = tmp_path / "config" / "endpoints.toml"
    link.symlink_to(kept)

    assert oai_ingest("endpoints", "add", demo_url).code == 0
    assert link.is_symlink()
    assert len(read_endpoints(kept)) == 2


def test_whoever_reads_meanwhile_has_one_whole_file(tmp_path: Path) -> None:
    """The file is replaced, not written over: a reader goes on with the one that it has opened."""
    path = tmp_path / "endpoints.toml"
    path.write_text(MINE)

    with path.open() as reader:
        append(tmp_path, '[other]\nurl = "https://example.org/2"\n')
        assert reader.read() == MINE

    assert len(read_endpoints(path)) == 2


def test_two_at_once_are_both_kept(tmp_path: Path) -> None:
    """Neither reads the file before the other has written it."""
    tables = [f'[n{number}]\nurl = "https://example.org/{number}"\n' for number in range(20)]
    threads = [threading.Thread(target=append, args=(tmp_path, table)) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(read_endpoints(tmp_path / "endpoints.toml")) == 20


def test_a_file_that_would_not_be_valid_is_not_written(tmp_path: Path) -> None:
    """It is read before it takes the place of the one that stands there."""
    path = tmp_path / "endpoints.toml"
    path.write_text(MINE)

    with pytest.raises(ConfigurationError, match=r"nothing was added, .*/endpoints\.toml:\d+: not TOML"):
        append(tmp_path, '[mine]\nurl = "https://example.org/2"\n')

    assert path.read_text() == MINE
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{demo}",), 'is declared already, as "mine"'),
        (("HTTP://{host}/oai/",), 'is declared already, as "mine"'),
        (("{demo}?x=y", "--name", "mine"), '--name "mine" is declared already'),
        (("{demo}?x=y", "--name", "two words"), '--name "two words" is no name'),
        (("no-url",), "write http:// or https://"),
        ((), "name one repository by its URL, or many by --from FILE"),
        (("{demo}", "--from", "list"), "name one repository by its URL, or many by --from FILE"),
        (("--from", "list", "--name", "x"), "--name, --basic and --header are for one repository"),
        (("--from", "list", "--basic", "env:LOGIN"), "--name, --basic and --header are for one repository"),
        (("--from", "missing"), "missing can not be read: No such file"),
        (("--from", "empty"), "empty lists no URL"),
    ],
)
def test_what_can_not_be_added_is_refused_before_anything_is_asked(
    oai_ingest: OaiIngest, declare: Declare, demo_url: str, *, arguments: tuple[str, ...], words: str
) -> None:
    """One line, exit code 2, and the file as it was."""
    path = declare(f'[mine]\nurl = "{demo_url}"\n')
    before = path.read_bytes()
    (path.parents[1] / "list").write_text(f"{NOWHERE}\n")
    (path.parents[1] / "empty").write_text("# nothing yet\n\n")
    host = demo_url.removeprefix("http://").removesuffix("/oai")

    refused = oai_ingest("endpoints", "add", *(each.format(demo=demo_url, host=host) for each in arguments))

    assert refused.code == 2
    assert words in refused.error
    assert path.read_bytes() == before


def test_a_file_with_a_fault_is_mended_first(oai_ingest: OaiIngest, declare: Declare, demo_url: str) -> None:
    """Nothing is appended to what can not be read."""
    declare("[mine\n")

    refused = oai_ingest("endpoints", "add", demo_url)

    assert (refused.code, "endpoints.toml:1: not TOML" in refused.error) == (2, True)


@pytest.mark.parametrize("many", [False, True])
def test_a_folder_that_can_not_be_written_is_told_before_anything_is_asked(
    oai_ingest: OaiIngest, tmp_path: Path, *, many: bool
) -> None:
    """Twenty requests are not made for nothing."""
    (tmp_path / "config").write_text("a file, not a folder")
    watch = Watch()
    with serve(DemoRepository(items=GeneratedItems(5)), middleware=watch) as url:
        (tmp_path / "list").write_text(url)
        refused = oai_ingest("endpoints", "add", *(("--from", "list") if many else (url,)))

    assert (refused.code, watch.log) == (2, [])
    assert "config/endpoints.toml can not be written" in refused.error


def test_one_that_can_not_be_harvested_is_not_declared(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """Exit code 1: it was asked, and did not answer."""
    shown = oai_ingest("endpoints", "add", NOWHERE)
    told = oai_ingest("endpoints", "add", NOWHERE, "--json")

    assert (shown.code, told.code) == (1, 1)
    assert f"{NOWHERE}: not added: cannot reach" in shown.out
    assert (told.json["outcome"], told.json["endpoint"]) == ("not added", None)
    assert "connection refused" in told.json["error"]
    assert list(tmp_path.iterdir()) == []


def test_what_needs_care_is_said_when_it_is_added(oai_ingest: OaiIngest, odd_url: str) -> None:
    """A warning does not keep a repository out."""
    added = oai_ingest("endpoints", "add", odd_url)

    assert added.code == 0
    assert "can be harvested, with care" in " ".join(added.out.split())
    assert "  warning  there are no records in oai_dc" in added.out


# --- many -----------------------------------------------------------------------------------------


def test_a_list_is_gone_through_to_its_end(oai_ingest: OaiIngest, declare: Declare, demo_url: str) -> None:
    """What is wrong with one URL is its own result; names are made unique; a second time all are there."""
    path = declare(MINE)
    listed = path.parents[1] / "list"
    with ExitStack() as stack:
        other = stack.enter_context(serve(DemoRepository(items=GeneratedItems(15), page_size=10)))
        lines = [
            "# to add",
            NOWHERE,
            "",
            f"{demo_url}   # the demo",
            "nonsense",
            other,
            "nonsense",
            other + "/",
            "https://example.org/oai",
        ]
        listed.write_text("\n".join(lines))
        told = oai_ingest("endpoints", "add", "--from", "list", "--json")
        listed.write_text(f"{demo_url}\n{other}\n")
        again = oai_ingest("endpoints", "add", "--from", "list")

    assert told.code == 1
    assert [(each["line"], each["url"], each["outcome"]) for each in told.json] == [
        (2, NOWHERE, "not added"),
        (4, demo_url, "added"),
        (5, "nonsense", "not added"),
        (6, other, "added"),
        (7, "nonsense", "listed twice"),
        (8, other + "/", "declared already"),
        (9, "https://example.org/oai", "declared already"),
    ]
    assert told.json[6]["endpoint"] == "mine"
    assert "7 URLs: 2 added, 2 declared already, 1 listed twice, 2 not added" in told.err
    assert len(read_endpoints(path)) == 3
    assert again.code == 0
    assert "2 URLs: 2 declared already" in again.out
    assert f"line 2: {other}: declared already" in again.out


def test_urls_of_one_host_get_names_of_their_own(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """The second is named after its repository too."""

    def all_journals(request: Request, answer: Answer) -> Response:
        kept = tuple((name, value) for name, value in request.arguments if name != "journal")
        return answer(replace(request, arguments=kept))

    repository = DemoRepository(items=GeneratedItems(5), name="Letters & Papers")
    with serve(repository, middleware=all_journals) as url:
        (tmp_path / "list").write_text(f"{url}\n{url}?journal=b\n")
        oai_ingest("endpoints", "add", "--from", "list")
        names = [each.name for each in read_endpoints(tmp_path / "config" / "endpoints.toml")]

    host = url.removeprefix("http://").removesuffix("/oai").replace(".", "-").replace(":", "-")
    assert names == [host, f"{host}-letters-papers"]

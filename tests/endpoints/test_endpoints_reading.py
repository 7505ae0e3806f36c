"""``endpoints.toml``, read: what a good declaration becomes, and how a bad one is refused."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from ingest.endpoints import Auth, Endpoint, FieldRule, Fields, Fuse, RecordIdRule, TrustedOrigin
from ingest.endpoints_toml import read_endpoints
from ingest.errors import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "config" / "endpoints.toml"
EXAMPLE = "# [wilson-center]"
URL = 'url = "https://example.org/oai"'


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that reads declarations from ``endpoints.toml`` in the working folder."""
    monkeypatch.chdir(tmp_path)

    def read(text: str) -> tuple[Endpoint, ...]:
        Path("endpoints.toml").write_text(dedent(text), encoding="utf-8")
        return read_endpoints(Path("endpoints.toml"))

    return read


def _refusal(declare: Any, text: str) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        declare(text)
    return str(refusal.value)


# --- what is taken --------------------------------------------------------------------------------


def test_the_shipped_file_declares_nothing_until_its_example_is_uncommented() -> None:
    """A fresh checkout harvests nobody."""
    assert read_endpoints(SHIPPED) == ()


def test_the_shipped_example_is_valid_and_shows_every_key(declare: Any) -> None:
    """Taking away the comment signs gives one endpoint, and no key is left unexplained."""
    text = SHIPPED.read_text(encoding="utf-8")
    lines = text[text.index(EXAMPLE) :].splitlines()
    (endpoint,) = declare("\n".join(line.removeprefix("# ") for line in lines))
    assert endpoint.model_fields_set >= Endpoint.model_fields.keys() - {"trusted_origins", "tables", "operator_tables"}


def test_a_url_is_enough(declare: Any) -> None:
    """Everything else has a default; the namespace is the endpoint's name."""
    assert declare(f"[wilson]\n{URL}") == (Endpoint(name="wilson", url="https://example.org/oai", namespace="wilson"),)


def test_a_full_declaration_is_read(declare: Any) -> None:
    """The declaration that the documentation shows, key by key."""
    (endpoint,) = declare(
        r"""
        [wilson-center]
        url = "https://digitalarchive.example.org/oai"
        metadata_prefix = "oai_dc"
        sets = ["cold-war"]
        schedule = "0 3 * * *"
        record_id = '^oai:[^:]+:(\d+)$'
        namespace = "wilson"
        parallel = 4
        min_interval = "200ms"
        auth = { header = "X-Api-Key", value = "env:WILSON_KEY" }
        fuse = { percent = 5 }
        [wilson-center.fields]
        donor = { element = "contributor", pattern = '^Donor: (.+)$' }
        [wilson-center.quirks]
        single_use_tokens = true
        """
    )
    assert endpoint == Endpoint(
        name="wilson-center",
        url="https://digitalarchive.example.org/oai",
        sets=("cold-war",),
        schedule="0 3 * * *",
        record_id=RecordIdRule(pattern=r"^oai:[^:]+:(\d+)$"),
        namespace="wilson",
        parallel=4,
        min_interval=0.2,
        auth=Auth(header="X-Api-Key", value="env:WILSON_KEY"),
        fuse=Fuse(percent=5, records=100),
        fields=Fields(donor=FieldRule(element="contributor", pattern="^Donor: (.+)$")),
        quirks={"single_use_tokens": True},
    )


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ('metadata_prefix = ["mods", "oai_dc"]', "metadata_prefix", ("mods", "oai_dc")),
        ("sets = []", "sets", ()),
        (
            "record_id = { element = 'identifier', pattern = 'ID .+' }",
            "record_id",
            RecordIdRule(element="identifier", pattern="ID .+"),
        ),
        ("record_id = { pattern = '[0-9]+' }", "record_id", RecordIdRule(pattern="[0-9]+")),
        ("min_interval = 2", "min_interval", 2.0),
        ('timeout = "90s"', "timeout", 90.0),
        ('page_deadline = "5m"', "page_deadline", 300.0),
        ('overlap = "1h"', "overlap", 3600.0),
        ('full_every = "7d"', "full_every", 604800.0),
        ('max_bytes = "256MiB"', "max_bytes", 268435456),
        ("max_bytes = 1000", "max_bytes", 1000),
        ("rejection_ceiling = 2.5", "rejection_ceiling", 2.5),
        ('auth = { basic = "env:LOGIN" }', "auth", Auth(basic="env:LOGIN")),
        ('headers = { X-Client = "archive" }', "headers", {"X-Client": "archive"}),
        ('schedule = "*/15 8-18 * * mon-fri"', "schedule", "*/15 8-18 * * mon-fri"),
        ('sweep = "0 4 29 2 *"', "sweep", "0 4 29 2 *"),
        ('defaults.rights = "In copyright"', "defaults", {"rights": "In copyright", "donor": None, "source": None}),
        ("quirks = { a = 1, b = 1.5, c = 'seen', d = false }", "quirks", {"a": 1, "b": 1.5, "c": "seen", "d": False}),
        ("quirks = { ignores_sets = true }", "quirks", {"ignores_sets": True}),
    ],
)
def test_a_key_has_its_meaning(declare: Any, line: str, field: str, value: object) -> None:
    """Lists, tables, durations and sizes may be written in each of the documented ways."""
    (endpoint,) = declare(f"[a]\n{URL}\n{line}")
    read = getattr(endpoint, field)
    assert (read.model_dump() if field == "defaults" else read) == value


def test_a_trusting_aggregator_knows_the_origins_declared_beside_it(declare: Any) -> None:
    """Its own declaration is left out, and so is one whose record ID an OAI identifier can not tell."""
    aggregator, *others = declare(
        """
        [aggregator]
        url = "https://aggregator.example.org/oai"
        origin = "trust"
        [whole]
        url = "https://whole.example.org/oai"
        [part]
        url = "https://part.example.org/oai"
        namespace = "shared"
        record_id = "[0-9]+"
        [described]
        url = "https://described.example.org/oai"
        record_id = { element = "identifier", pattern = "[0-9]+" }
        """
    )
    assert aggregator.trusted_origins == (
        TrustedOrigin(base_url="https://whole.example.org/oai", namespace="whole"),
        TrustedOrigin(
            base_url="https://part.example.org/oai", namespace="shared", record_id=RecordIdRule(pattern="[0-9]+")
        ),
    )
    assert all(other.trusted_origins == () for other in others)


def test_one_repository_may_be_declared_twice(declare: Any) -> None:
    """Two endpoints may read the same list, each at its own time."""
    assert [endpoint.name for endpoint in declare(f"[a]\n{URL}\n[b]\n{URL}")] == ["a", "b"]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    """Some editors write them unasked."""
    path = tmp_path / "endpoints.toml"
    path.write_bytes(b"\xef\xbb\xbf[a]\r\n" + URL.encode() + b"\r\n")
    assert [endpoint.name for endpoint in read_endpoints(path)] == ["a"]


# --- what is refused ------------------------------------------------------------------------------

CRON = 'a cron line is "minute hour day month weekday" in UTC, e.g. "0 3 * * *"'
DURATION = 'a duration: "200ms", "2s", "5m", "1h", "7d" or a number of seconds'
AUTH = 'auth must be { basic = "env:NAME" } or { header = "X-Api-Key", value = "env:NAME" }'
CREDENTIALS = 'holds credentials; declare the endpoint with auth = { basic = "env:NAME" } instead'
REFERENCE = 'must name an environment variable, "env:NAME"; a secret never stands in the file'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('schedul = "0 3 * * *"', 'unknown key "schedul"; did you mean "schedule"?'),
        ('Sets = ["a"]', 'unknown key "Sets"; did you mean "sets"?'),
        ('prefix = "oai_dc"', 'unknown key "prefix"; did you mean "metadata_prefix"?'),
        ('fields.doner.pattern = "x"', 'unknown key "fields.doner"; did you mean "fields.donor"?'),
        (
            "fields.donor = { element = 'x', patern = 'x', pattern = 'y' }",
            'unknown key "fields.donor.patern"; did you mean "fields.donor.pattern"?',
        ),
        ("fuse = { zzz = 1 }", 'unknown key "fuse.zzz"; the keys here are percent, records'),
        ("defaults.parallel = 2", 'unknown key "defaults.parallel"; it belongs directly under [a]'),
        ("quirks.parallel = 2", 'unknown key "quirks.parallel"; it belongs directly under [a]'),
        (
            "quirks.single_use_token = true",
            'unknown quirk "single_use_token"; did you mean "quirks.single_use_tokens"?',
        ),
        ("quirks.Day-Granularity = true", 'unknown quirk "Day-Granularity"; did you mean "quirks.day_granularity"?'),
        ("quirks = { ignore_dates = 1 }", 'unknown quirk "ignore_dates"; did you mean "quirks.ignores_dates"?'),
        ('headers.schedule = "0 3 * * *"', 'unknown key "headers.schedule"; it belongs directly under [a]'),
        ('schedule = "0 3 * *"', f"schedule has 4 fields, not 5; {CRON}"),
        ('schedule = "0 0 3 * * *"', f"schedule has 6 fields, not 5; {CRON}"),
        ('schedule = "0 25 * * *"', f'schedule is no cron line: bad hour in "0 25 * * *"; {CRON}'),
        ('sweep = "0 0 31 2 *"', f'sweep is no cron line: bad day-of-month in "0 0 31 2 *"; {CRON}'),
        ('sweep = "0 0 LW * */6"', f'sweep never comes due: "0 0 LW * */6"; {CRON}'),
        ("schedule = 3", "schedule must be a text in quotes, not 3"),
        (
            "record_id = '(x'",
            'record_id.pattern is no regular expression: missing ), unterminated subpattern at position 0 in "(x"',
        ),
        ("record_id = ''", 'record_id.pattern must be a text that is not empty, not ""'),
        ("record_id = 3", 'record_id must be a pattern in quotes or { element = "…", pattern = "…" }, not 3'),
        ("record_id = { element = 'x' }", "record_id.pattern is missing; add pattern = …"),
        ("fields.donor = 'x'", 'fields.donor must be a table: { element = "…", pattern = "…" }, not "x"'),
        ("fields.donor = { pattern = 'x' }", "fields.donor.element is missing; add element = …"),
        (
            "fields.source = { element = 'x', pattern = '[z-a]' }",
            'fields.source.pattern is no regular expression: bad character range z-a at position 1 in "[z-a]"',
        ),
        ("defaults.rights = 3", "defaults.rights must be a text in quotes, not 3"),
        ('sets = "cold-war"', 'sets must be a list of texts: ["first", "second"], not "cold-war"'),
        ("sets = [3]", 'sets must be a list of texts: ["first", "second"], not 3'),
        ('sets = ["x", "x"]', 'sets names "x" twice'),
        (
            "metadata_prefix = 1",
            'metadata_prefix must be a text or a list of texts: "oai_dc" or ["mods", "oai_dc"], not 1',
        ),
        ("metadata_prefix = []", "metadata_prefix must be a list that is not empty"),
        ('parallel = "four"', 'parallel must be a whole number, not "four"'),
        ("parallel = 0", "parallel must be at least 1, not 0"),
        ("parallel = true", "parallel must be a whole number, not true"),
        ("parallel = 1.5", "parallel must be a whole number, not 1.5"),
        ('verify_tls = "no"', 'verify_tls must be true or false, not "no"'),
        ("paused = 1", "paused must be true or false, not 1"),
        ('min_interval = "2 weeks"', f'min_interval must be {DURATION}, not "2 weeks"'),
        ("min_interval = -1", "min_interval must be at least 0, not -1"),
        ("min_interval = nan", "min_interval must be a number that is finite, not nan"),
        ("timeout = true", f"timeout must be {DURATION}, not true"),
        ('timeout = "0s"', "timeout must be more than 0, not 0"),
        ('max_bytes = "lots"', 'max_bytes must be a size: "256MiB", "1GB" or a whole number of bytes, not "lots"'),
        ("rejection_ceiling = 101", "rejection_ceiling must be at most 100, not 101"),
        ("fuse = 3", "fuse must be a table: { percent = …, records = … }, not 3"),
        ('fuse.percent = "10"', 'fuse.percent must be a number, not "10"'),
        ("quirks.seen = 2025-03-02", "quirks.seen must be true, false, a number or a text"),
        ('quirks = "none"', 'quirks must be a table, not "none"'),
        ('origin = "thrust"', 'origin must be "trust", not "thrust"'),
        ('namespace = ""', 'namespace must be a text that is not empty, not ""'),
        ('name = "b"', None),
        ("trusted_origins = []", None),
        ('renamed_from = "a"', 'renamed_from names "a", which is still declared'),
    ],
)
def test_a_bad_key_is_refused_in_one_line(declare: Any, line: str, message: str | None) -> None:
    """File, line, endpoint, key, and what was meant."""
    refusal = _refusal(declare, f"# a comment\n[a]\n{URL}\n{line}\n")
    if message is None:
        assert refusal.startswith(f'endpoints.toml:4: [a] unknown key "{line.split(maxsplit=1)[0]}"; ')
    else:
        assert refusal == f"endpoints.toml:4: [a] {message}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('auth = { basic = "user:hunter2" }', f"auth.basic {REFERENCE}"),
        ('auth = { header = "X-Api-Key", value = "hunter2" }', f"auth.value {REFERENCE}"),
        ('auth = { header = "X-Api-Key", value = "env:hunter2!" }', f"auth.value {REFERENCE}"),
        ('auth = "user:hunter2"', f"auth must be a table: {AUTH.removeprefix('auth must be ')}"),
        ('auth = ["hunter2"]', f"auth must be a table: {AUTH.removeprefix('auth must be ')}"),
        ("auth = {}", AUTH),
        ('auth = { header = "X-Api-Key" }', AUTH),
        ('auth = { basic = "env:A", header = "X-Api-Key", value = "env:B" }', AUTH),
        (
            'auth = { header = "X Api Key", value = "env:B" }',
            'auth.header can not be named "X Api Key"; a header\'s name is one word, such as X-Api-Key',
        ),
        (
            'auth = { password = "hunter2", basic = "env:A" }',
            'unknown key "auth.password"; the keys here are basic, header, value',
        ),
        (
            'headers = { Authorization = "Bearer hunter2" }',
            'headers must not hold Authorization; write auth = { header = "Authorization", value = "env:NAME" }',
        ),
        (r'headers = { X-Client = "hunter2\r\nX: y" }', "headers has a line break or a control character in X-Client"),
        ("headers = { X-Client = 5 }", "headers.X-Client must be a text in quotes"),
    ],
)
def test_a_literal_secret_is_refused_and_not_shown(declare: Any, line: str, message: str) -> None:
    """Credentials stand in the environment; what was refused may be one."""
    refusal = _refusal(declare, f"[a]\n{URL}\n{line}\n")
    assert refusal == f"endpoints.toml:3: [a] {message}"
    assert "hunter2" not in refusal


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]\nnamespace = 'n'\n", "endpoints.toml:1: [a] url is missing; add url = …"),
        ("\n\n[a.fields]\n", "endpoints.toml:3: [a] url is missing; add url = …"),
        (
            "[a]\nurl = 'ftp://example.org'\n",
            "endpoints.toml:2: [a] url is no repository's URL; write http:// or https://, a host and a path",
        ),
        (
            "[a]\nurl = 'https://user:hunter2@example.org/oai'\n",
            f"endpoints.toml:2: [a] url {CREDENTIALS}",
        ),
        (
            f'["a b"]\n{URL}\n',
            "endpoints.toml:1: [a b] is no name: a name has letters, digits and . _ - / : ? = & only",
        ),
        (
            f'["a\\nb"]\n{URL}\n',
            'endpoints.toml:1: ["a\\x0ab"] is no name: a name has letters, digits and . _ - / : ? = & only',
        ),
        (
            f"[a.b]\n{URL}\n",
            'endpoints.toml:1: [a] unknown key "b"; a name with a dot stands in quotes: ["a.b"] (and 1 more)',
        ),
        (f"[[a]]\n{URL}\n", "endpoints.toml:1: [a] is a list of tables; write it once, in single brackets"),
        (
            f"\n{URL}\n",
            "endpoints.toml:2: [url] is a key outside a table; put it under the [name] of its endpoint",
        ),
        (
            f"[a]\n{URL}\nrenamed_from = 'c'\n[b]\n{URL}\nrenamed_from = 'c'\n",
            'endpoints.toml:6: [b] renamed_from names "c", which [a] names too',
        ),
        (
            f"[a]\n{URL}\nparallel = 0\n[b]\n{URL}\nscedule = ''\nparallel = 'x'\n",
            "endpoints.toml:3: [a] parallel must be at least 1, not 0 (and 2 more)",
        ),
    ],
)
def test_a_bad_file_is_refused_at_its_first_fault(declare: Any, text: str, message: str) -> None:
    """The first fault in the file's own order is told, and how many more there are."""
    assert _refusal(declare, text) == message


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"[a]\n{URL}\nparallel 4\n", "endpoints.toml:3: not TOML: "),
        (f"[a]\n{URL}\nschedule = 0 3 * * *\n", "endpoints.toml:3: not TOML: "),
        (f"[a]\n{URL}\n[a]\n", "endpoints.toml:3: not TOML: "),
        (f"[a]\n{URL}\n{URL}\n", "endpoints.toml:3: not TOML: "),
        ('[a]\nurl = "http', "endpoints.toml:2: not TOML: "),
        ('[a]\nnote = """\n\n', "endpoints.toml:3: not TOML: "),
    ],
)
def test_what_is_not_toml_is_refused_with_its_line(declare: Any, text: str, start: str) -> None:
    """The parser's own reason is passed on, as one line."""
    refusal = _refusal(declare, text)
    assert refusal.startswith(start)
    assert refusal.endswith("; texts stand in quotes, each key and table once")
    assert refusal.isprintable()


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("quirks.seen = '''\n[a]\nparallel = 9\n'''\n", 7),
        ('quirks.seen = """\nparallel = 9 \\"""\n"""\n', 6),
        ("quirks = { parallell = 1, seen = '}' } # parallel = 3\n", 4),
        ("sets = [\n  'parallel', # ]\n  'b=c',\n]\n", 7),
        ("'quirks' . \"seen\" = 1.5e3\n", 4),
        ('quirks = {}\nheaders = { a = \'{\', b = "\\"}" }\n', 5),
        ("defaults.rights = ''''parallel'''' # '''\n", 4),
    ],
)
def test_the_line_is_found_among_what_looks_like_keys(declare: Any, before: str, line: int) -> None:
    """Texts, comments, lists and tables in braces may hold what reads like the key, or like their own end."""
    refusal = _refusal(declare, f"[a]\n{URL}\n{before}'parallel' = 0\n")
    assert refusal == f"endpoints.toml:{line}: [a] parallel must be at least 1, not 0"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (f"[b]\n{URL}\nparallel = 1\n[b.quirks]\nseen = 1\n[a]\n{URL}\nparallel = 0\n", "endpoints.toml:8: [a] "),
        (f"[b]\n{URL}\n[a]\n{URL}\n[b.fuse]\nrecords = -1\n", "endpoints.toml:6: [b] fuse.records "),
        (f'["a.b/c?d=e"]\n{URL}\n["a.b/c?d=e".fuse]\n  records = -1\n', "endpoints.toml:4: [a.b/c?d=e] fuse.records "),
        (f"a.{URL}\na.fuse = {{ percent = 1, records = -1 }}\n", "endpoints.toml:2: [a] fuse.records "),
        ("a = { url = 'http://a', parallel = 0 }\n", "endpoints.toml:1: [a] parallel "),
    ],
)
def test_the_line_is_that_of_the_key_in_its_own_table(declare: Any, text: str, start: str) -> None:
    """Tables may come in any order and in each of TOML's notations."""
    assert _refusal(declare, text).startswith(start)


def test_a_missing_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    """Whether a missing file matters is for the caller to say."""
    path = tmp_path / "endpoints.toml"
    with pytest.raises(ConfigurationError) as refusal:
        read_endpoints(path)
    assert str(refusal.value) == f"{path} does not exist; create it, or name its folder in OAI_INGEST_CONFIG"


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    """A folder in its place, or bytes that are no UTF-8."""
    with pytest.raises(ConfigurationError, match=r"can not be read: Is a directory$"):
        read_endpoints(tmp_path)
    path = tmp_path / "endpoints.toml"
    path.write_bytes(b"# gru\xdf\n")
    with pytest.raises(ConfigurationError, match=r"is not UTF-8 text; save it as UTF-8$"):
        read_endpoints(path)

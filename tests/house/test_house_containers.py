"""The image and the compose stack, as far as reading them can tell: schema, style, and what neither of these sees."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from ingest import settings
from workers.cli.main import app

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
STACK: dict[str, Any] = yaml.safe_load(COMPOSE)
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}

each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)


def _checked(tool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a tool that is installed beside this interpreter."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _instructions(name: str) -> Iterator[str]:
    """Go through the Dockerfile's instructions of one kind, continued lines joined."""
    for line in re.sub(r"\\\n", " ", DOCKERFILE).splitlines():
        kind, _, rest = line.partition(" ")
        if kind == name:
            yield rest.strip()


# --- schema and style -----------------------------------------------------------------------------


def test_the_compose_file_keeps_to_the_compose_specification() -> None:
    """No key is misspelt, no value of the wrong kind."""
    checked = _checked("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dockerfile_has_no_finding() -> None:
    """Hadolint, with the settings that stand beside the Dockerfile."""
    checked = _checked("hadolint", "Dockerfile")

    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


# --- the image ------------------------------------------------------------------------------------


def test_every_stage_stands_on_a_base_that_is_an_argument_and_names_its_release() -> None:
    """A base can be pinned by digest or taken from elsewhere without an edit, and never moves by itself to another."""
    arguments = dict(argument.split("=") for argument in _instructions("ARG"))
    bases = [stage.split()[0].strip("${}") for stage in _instructions("FROM")]

    assert bases
    assert [base for base in bases if base not in arguments] == []
    assert [image for image in arguments.values() if not _names_its_release(image)] == []


def _names_its_release(image: str) -> bool:
    return re.search(r"\d", image.partition(":")[2]) is not None


def test_every_package_in_the_image_is_checked_by_its_hash() -> None:
    """Pip installs from a lock, or installs what was built in this very image and nothing with it."""
    installs = re.findall(r"install (--\S+(?: (?!&&)\S+)*)", " ".join(_instructions("RUN")))

    assert len(installs) == 3
    assert [one for one in installs if "--require-hashes" not in one and "--no-deps --no-index" not in one] == []


def test_the_build_backend_that_is_cut_out_of_the_lock_is_in_it() -> None:
    """The Dockerfile names the packages; a name that is gone from the lock would be missed only in a build."""
    (names,) = re.findall(r"\^\(([a-z|-]+)\)==", DOCKERFILE)
    locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / "dev.txt").read_text("utf-8"), flags=re.MULTILINE)

    assert set(names.split("|")) - set(locked) == set()


def test_everything_that_is_copied_is_there_and_nothing_else_is_handed_to_the_build() -> None:
    """What .dockerignore lets in and what the Dockerfile copies are the same: no secret and no database gets in."""
    copied = [shlex.split(one)[:-1] for one in _instructions("COPY") if not one.startswith("--from=")]
    sources = {source for one in copied for source in one}
    first, *rest = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"]

    assert [source for source in sorted(sources) if not (ROOT / source).exists()] == []
    assert first == "*"
    assert {line[1:] for line in rest if line.startswith("!")} == {source.split("/")[0] for source in sources}


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    """An orchestrator that demands it can tell only by the number."""
    *_, user = _instructions("USER")

    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_the_image_checks_no_health_by_itself() -> None:
    """Its processes are well in different ways, and a service could not switch an inherited check off unharmed."""
    assert list(_instructions("HEALTHCHECK")) == []


# --- how services hang together -------------------------------------------------------------------


def test_every_service_waits_for_services_that_are_there_and_can_tell() -> None:
    """Healthy is what has a health check of its own; completed is what ends."""
    waits = [(SERVICES[on], each["condition"]) for one in SERVICES.values() for on, each in _dependencies(one)]

    assert waits
    assert [one for one, condition in waits if condition == "service_healthy" and "healthcheck" not in one] == []
    assert [one for one, condition in waits if (condition == "service_completed_successfully") != _ends(one)] == []


def _dependencies(service: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from service.get("depends_on", {}).items()


def _ends(service: dict[str, Any]) -> bool:
    return bool(service["restart"] == "no")


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service["restart"] != "no"])
def test_every_service_that_stays_says_whether_it_is_well(name: str) -> None:
    """`up --wait` waits for exactly these."""
    assert "healthcheck" in SERVICES[name]


def test_volumes_networks_and_secrets_are_declared_where_and_only_where_they_are_used() -> None:
    """A name that is misspelt on one side shows on the other."""
    used: dict[str, set[str]] = {"volumes": set(), "networks": set(), "secrets": set()}
    for service in SERVICES.values():
        used["volumes"] |= {one.split(":")[0] for one in service.get("volumes", ()) if isinstance(one, str)}
        used["networks"] |= set(service["networks"])
        used["secrets"] |= set(service.get("secrets", ()))

    assert {kind: names - {""} for kind, names in used.items()} == {kind: set(STACK.get(kind, ())) for kind in used}


def test_whatever_keeps_data_talks_to_nobody_outside() -> None:
    """The database and the queue are on a network without a way out, and publish no port."""
    inside = {name for name, network in STACK["networks"].items() if (network or {}).get("internal")}

    for name in ("postgres", "redis"):
        assert set(SERVICES[name]["networks"]) <= inside
        assert "ports" not in SERVICES[name]


def test_the_demo_repository_can_not_reach_the_data() -> None:
    """It stands for a stranger's server."""
    assert set(SERVICES["demo"]["networks"]).isdisjoint(SERVICES["postgres"]["networks"])


# --- each service ---------------------------------------------------------------------------------


@each_service
def test_ports_are_published_on_loopback_alone(service: dict[str, Any]) -> None:
    """A machine's firewall does not stand before what Docker publishes."""
    assert [port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")] == []


@each_service
def test_an_image_is_ours_or_names_its_release(service: dict[str, Any]) -> None:
    """Nothing moves to another major version by itself."""
    assert "build" in service or _names_its_release(service["image"])


@each_service
def test_a_service_can_become_nobody_else_and_write_nothing(service: dict[str, Any]) -> None:
    """No capability, no new privilege, a file system for reading, and a user that is not root."""
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "build" in service or re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert {"privileged", "cap_add", "network_mode", "pid"}.isdisjoint(service)


@each_service
def test_a_service_stops_when_it_is_told_to_and_keeps_its_log_bounded(service: dict[str, Any]) -> None:
    """An init passes signals on; Docker's own default keeps logs without limit."""
    assert service["init"] is True
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


def test_workers_can_be_many() -> None:
    """A name or a port of its own would allow one only."""
    assert {"container_name", "hostname", "ports"}.isdisjoint(SERVICES["worker"])


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_runs_what_there_is(name: str) -> None:
    """Its command is one of `oai-ingest` with options that it has, or a module that can be found."""
    entrypoint, arguments = OURS[name].get("entrypoint"), list(OURS[name]["command"])
    if entrypoint:
        assert entrypoint[:2] == ["python", "-m"]
        assert find_spec(f"{entrypoint[2]}.__main__") is not None
        return
    command: Any = get_command(app)
    while arguments and arguments[0] in getattr(command, "commands", {}):
        command = command.commands[arguments.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}

    assert not hasattr(command, "commands")
    assert {argument for argument in arguments if argument.startswith("--")} - options == set()


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_the_health_of_a_process_is_seen_by_the_file_that_it_touches(name: str) -> None:
    """One that looks at another file finds it dead for ever."""
    command = SERVICES[name]["command"]
    touched = command[command.index("--alive-file") + 1]

    assert f"find {touched} " in " ".join(SERVICES[name]["healthcheck"]["test"])


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_given_settings_that_are_read(name: str) -> None:
    """A misspelt variable would be overlooked in silence. An empty one counts as not set, so the defaults hold."""
    environment = {key: re.sub(r"\$\{.*", "", value) for key, value in OURS[name].get("environment", {}).items()}
    fields = {f"OAI_INGEST_{field.upper()}" for field in settings.Settings.__slots__}

    assert {key for key in environment if key.startswith("OAI_INGEST_")} - fields == set()
    assert settings.read(environment) == settings.read({key: value for key, value in environment.items() if value})


# --- variables ------------------------------------------------------------------------------------


def _variables() -> dict[str, str]:
    """Give each variable of the compose file with what stands behind its name: a default, or why it is demanded."""
    return dict(re.findall(r"(?<!\$)\$\{(\w+)(.*?)\}", COMPOSE))


def test_the_example_of_an_environment_explains_exactly_the_variables_that_there_are() -> None:
    """Each stands below a comment."""
    example = (ROOT / ".env.example").read_text("utf-8")
    explained = re.findall(r"^# .+\n#?(\w+)=", example, flags=re.MULTILINE)

    assert sorted(explained) == sorted(_variables())
    assert len(re.findall(r"^#?\w+=", example, flags=re.MULTILINE)) == len(explained)


@pytest.mark.parametrize("name", ["POSTGRES_PASSWORD", "OAI_INGEST_FLOWER_AUTH"])
def test_a_secret_has_no_default(name: str) -> None:
    """Without it the stack does not start, and says what to do; the example gives no value that could be left there."""
    assert _variables()[name].startswith(":?")
    assert "copy .env.example to .env" in _variables()[name]
    assert f"\n{name}=\n" in (ROOT / ".env.example").read_text("utf-8")


def test_no_dollar_stands_alone_in_the_compose_file() -> None:
    """Compose reads every one of them: a shell's own is written twice."""
    assert re.findall(r"(?<!\$)\$(?![{$])", COMPOSE) == []

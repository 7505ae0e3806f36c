"""The application ``oai-ingest``: its commands, and how each of their errors becomes one line and an exit code."""

import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from ingest.errors import ConfigurationError, IngestError
from workers.cli import db, endpoints, normalise, records, rejections, runs, unmatched
from workers.cli.changes import changes
from workers.cli.dashboard import dashboard
from workers.cli.demo import demo
from workers.cli.export import export
from workers.cli.harvest import harvest
from workers.cli.output import OutputClosed, complain, one_line, write, write_json
from workers.cli.renormalise import renormalise
from workers.cli.stopping import AT_ONCE
from workers.cli.worker import beat, worker
from workers.installed import our_version

_NAME = "oai-ingest"
_DEBUG = "--debug"

# Plain help: it loads at once, and reads the same on a terminal, in a pipe and in a manual.
app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True)
app.command(short_help="Harvest a bundled repository and show it.")(demo)
app.command(short_help="Bring our copy of a repository up to date.")(harvest)
app.command(short_help="Work on what the queue tells of.")(worker)
app.command(short_help="Begin harvests when they are due.")(beat)
app.command(short_help="Show in a browser what the workers do.")(dashboard)
app.add_typer(endpoints.app, name="endpoints")
app.add_typer(runs.app, name="runs")
app.add_typer(rejections.app, name="rejections")
app.add_typer(records.app, name="records")
app.command(short_help="Tell what has changed in the catalogue.")(changes)
app.add_typer(normalise.app, name="normalise")
app.add_typer(unmatched.app, name="unmatched")
app.command(short_help="Describe again what other rules described.")(renormalise)
app.command(short_help="Write the records of the catalogue to a file.")(export)
app.add_typer(db.app, name="db")


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value.
    if wanted:
        write(f"{_NAME} {our_version()}\n")
        raise typer.Exit


@app.callback()
def oai_ingest(
    context: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option(_DEBUG, help="Show where an error came from.")] = False,
) -> None:
    """Harvest OAI-PMH repositories, normalise rights, donor and source, and keep the result in a database."""
    del version, debug  # The first has been answered by now, the second is taken off before the arguments are read.
    if context.invoked_subcommand is None:
        write(f"{context.get_help()}\n")
        raise typer.Exit(2)


def main() -> None:
    """Run the command line with this process's arguments."""
    code = run(sys.argv[1:])
    # All is said and done: a Ctrl-C that comes now must not make a death by signal of the exit code.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    debug = _DEBUG in options
    left = [each for each in options if each != _DEBUG] + list(arguments[len(options) :])
    try:
        return int(get_command(app).main(left, prog_name=_NAME, standalone_mode=False) or 0)
    except OutputClosed:
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return AT_ONCE
    except Exception as error:  # noqa: BLE001 - the last resort: every error becomes one line.
        if debug:
            traceback.print_exc()
        return _told(error, left)


def _told(error: Exception, arguments: Sequence[str]) -> int:
    """Tell an error in one line, as JSON too where that was asked for, and give its exit code."""
    message, code = _message(error), _exit_code(error)
    complain(message)
    if "--json" in arguments:
        known: dict[str, object] = {"run": None, "verdict": None, "reasons": []} if "harvest" in arguments[:1] else {}
        try:
            write_json({**known, "error": message})
        except (OutputClosed, IngestError):
            return code
    return code


def _message(error: Exception) -> str:
    if isinstance(error, TyperException):
        # A usage error knows at which command it was made.
        context = getattr(error, "ctx", None)
        command = context.command_path if context else _NAME
        return f"{one_line(error.format_message()).rstrip('.')}; see `{command} --help`"
    if isinstance(error, IngestError | LookupError):
        return one_line(str(error))
    told = one_line(f"{type(error).__name__}: {error}")
    return f"unexpected: {told}; run the same command with {_DEBUG} to see where, and report it"


def _exit_code(error: Exception) -> int:
    if isinstance(error, TyperException):
        return error.exit_code
    return 2 if isinstance(error, ConfigurationError) else 1


if __name__ == "__main__":
    main()

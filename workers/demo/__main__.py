"""``python -m workers.demo`` serves the demo repository alone, until it is ended by SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from workers.demo.exchange import Answer, Middleware, Request, Response
from workers.demo.generated import GeneratedItems
from workers.demo.records import demo_repository
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

_ENDINGS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the base URL to standard output once requests are taken, and serve until the end is asked for.

    Exits with 2 where the address can not be had.
    """
    parser = _parser()
    chosen = parser.parse_args(arguments)
    repository = demo_repository() if chosen.generated is None else _generated(chosen.generated)
    middleware = _known_as(chosen.base_url) if chosen.base_url else None
    # Blocked before the server's threads begin, which inherit it: the signal then waits for this thread to ask for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    with ExitStack() as stack:
        try:
            listening = serve(repository, host=chosen.address, port=chosen.port, middleware=middleware)
            base_url = stack.enter_context(listening)
        except (OSError, OverflowError) as error:
            parser.error(f"{chosen.address}:{chosen.port} can not be listened on: {error}; name another")
        sys.stdout.write(f"{chosen.base_url or base_url}\n")
        sys.stdout.flush()
        signal.sigwait(_ENDINGS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workers.demo", description="Serve the demo repository.")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0: any that is free (default: %(default)s)")
    parser.add_argument("--base-url", metavar="URL", help="what the answers say, where that is not where it listens")
    generated = "so many made-up records, not the bundled ones"
    parser.add_argument("--generated", type=_count, metavar="COUNT", help=generated)
    return parser


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {count}")
    return count


def _generated(count: int) -> DemoRepository:
    return DemoRepository(items=GeneratedItems(count, sets=()), every_item_in_every_format=True)


def _known_as(base_url: str) -> Middleware:
    """Let the answers name this base URL: a server that listens on every address can not know its own."""

    def answered(request: Request, answer: Answer) -> Response:
        return answer(replace(request, base_url=base_url))

    return answered


if __name__ == "__main__":
    main()

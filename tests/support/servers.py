"""Real servers of a test's own, to be stopped, killed and started again while something works with them."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

_FOLDER = Path(__file__).parents[1] / "servers"


class ServerMissing(Exception):
    """The server can not be started on this machine; the text says why."""


class KeptServer:
    """A server in the hands of its keeper, a script in ``tests/servers``; it ends with this process at the latest."""

    script: ClassVar[str]

    def __init__(self, source: str = "any") -> None:
        """Start a server of the machine's programs (``system``), of a wheel's (``wheel``) or of either (``any``)."""
        # A session of its own, so that Ctrl-C reaches the tests alone and they say when the server ends.
        self._keeper = subprocess.Popen(
            [sys.executable, str(_FOLDER / self.script), source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            self.url: str = self._answer()["url"]
        except ServerMissing:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Give the server itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no server and no files behind."""
        self.close()

    def stop(self) -> None:
        """Shut the server down in order."""
        self._order("stop")

    def kill(self) -> None:
        """End the server at once, with whatever it was doing."""
        self._order("kill")

    def start(self) -> None:
        """Start the server again at its address; return when it takes connections."""
        self._order("start")

    def restart(self) -> None:
        """Stop the server and start it again."""
        self._order("restart")

    def close(self) -> None:
        """End the keeper, and the server and its files with it."""
        self._keeper.communicate()

    def _order(self, order: str) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{order}\n")
        self._keeper.stdin.flush()
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._keeper.stdout is not None
        line = self._keeper.stdout.readline() or f'{{"error": "{self.script} failed; see above"}}'
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ServerMissing(answer["error"])
        return answer


class RedisServer(KeptServer):
    """A Redis-compatible server; whenever it starts, it is empty."""

    script = "redis.py"


class PostgresqlServer(KeptServer):
    """A PostgreSQL server; what was committed is there again when it starts. ``url`` is for a plain psycopg.connect."""

    script = "postgresql.py"

    @property
    def database_url(self) -> str:
        """The address of the server's one database, as SQLAlchemy writes it."""
        return self.url.replace("postgresql://", "postgresql+psycopg://", 1)

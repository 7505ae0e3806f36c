"""A link to a server that is cut at the worst moment: around a commit, whose answer is then lost."""

import select
import socket
import threading
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Self

_LOOK_SECONDS = 0.05
_COMMIT = b"COMMIT\0"
"""The end of a commit on its way to PostgreSQL; the isolation level's name has no such end."""


class LossyLink:
    """Listens on a port of its own and passes bytes to and fro; cuts the next commit where it is told to."""

    def __init__(self, host: str, port: int) -> None:
        """Link to the server at this address; nothing is connected yet."""
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends = threading.Event()
        self._cut: str | None = None
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()
        self.cuts = 0
        """How many commits have been cut."""

    @property
    def port(self) -> int:
        """Where the link listens."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        """Give the link itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut all connections, and leave no thread behind."""
        self._ends.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def cut_next_commit(self, when: str) -> None:
        """Cut the next commit ``before`` the server hears of it, or ``after`` the server has answered."""
        self._cut = when

    def _listen(self) -> None:
        while not self._ends.is_set():
            if select.select([self._listener], [], [], _LOOK_SECONDS)[0]:
                client, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._pass_on, args=(client,)))
                self._threads[-1].start()

    def _pass_on(self, client: socket.socket) -> None:
        """Pass bytes on until one side hangs up, the link ends, or a commit is cut."""
        with ExitStack() as stack, suppress(OSError):
            stack.enter_context(client)
            server = stack.enter_context(socket.create_connection(self._server))
            other = {client: server, server: client}
            while not self._ends.is_set():
                for side in select.select([client, server], [], [], _LOOK_SECONDS)[0]:
                    data = side.recv(1 << 16)
                    cut = self._taken_cut() if side is client and data.endswith(_COMMIT) else None
                    if not data or cut == "before":
                        return
                    other[side].sendall(data)
                    if cut == "after":
                        server.recv(1 << 16)
                        return

    def _taken_cut(self) -> str | None:
        cut, self._cut = self._cut, None
        self.cuts += cut is not None
        return cut

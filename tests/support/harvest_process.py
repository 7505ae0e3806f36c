"""A harvest as a process: says ``ready``, reads what to harvest from one line of JSON, and answers with one line."""

import json
import signal
import sys
import threading
from pathlib import Path

from harvesting import harvest_here, told

from ingest.endpoints import Endpoint
from ingest.errors import IngestError
from ingest.ledger import Selection


def main() -> int:
    """Harvest once; SIGTERM stops after the page in hand. Exit code 2: refused."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    _say("ready")
    job = json.loads(sys.stdin.readline())
    asked = job["selection"]
    selection = Selection(**{name: tuple(value) if isinstance(value, list) else value for name, value in asked.items()})
    try:
        run = harvest_here(
            job["database_url"],
            Endpoint.model_validate(job["endpoint"]),
            selection=selection,
            lease_seconds=job["lease_seconds"],
            stop=stop.is_set,
        )
    except IngestError as error:
        _say(json.dumps({"error": type(error).__name__, "text": str(error)}))
        return 2
    _say(json.dumps({**told(run), "peak": _peak()}))
    return 0


def _peak() -> int:
    """Give the most memory this process ever held, in KiB; 0 where the system does not tell it.

    Not by getrusage: its ru_maxrss begins with that of the process which started this one.
    """
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""How seldom the processes of a worker look for garbage."""

import subprocess
import sys


def test_a_process_of_a_worker_looks_for_garbage_seldom() -> None:
    """Python's own measure takes up to a third of the time in which records are described and written."""
    program = """
import gc
from celery import signals
import workers.processes
signals.worker_process_init.send(sender=None)
print(gc.get_threshold(), gc.get_freeze_count() > 1000)
"""

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout == "(10000, 10, 10) True\n"

"""Which windows a run needs, how a list ends, what the verdict is: pure decisions, no I/O and no clock."""

"""The demo repository: a small, polite OAI-PMH 2.0 repository of our own, and the records in it."""

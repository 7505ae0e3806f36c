"""Processes: command line, demo repository, and the Celery application."""

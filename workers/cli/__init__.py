"""The command line, `oai-ingest`: one module a group of commands. What is slow to load is loaded by what uses it."""

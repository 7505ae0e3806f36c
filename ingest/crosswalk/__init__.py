"""Metadata formats read into descriptions: one module a format, chosen by `ingest.crosswalk.registry`."""

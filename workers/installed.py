"""Which release of this program is installed here."""


def our_version() -> str:
    """Name the version of this program; a checkout that was never installed has none."""
    from importlib import metadata  # noqa: PLC0415 - slow to load, and every command would wait for it.

    try:
        return metadata.version("oai-ingest")
    except metadata.PackageNotFoundError:
        return "0"

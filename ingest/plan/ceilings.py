"""What one list may cost: a repository that counts in circles, or never ends, must not be asked for ever. Pure."""

from ingest.ledger import Window


def ceiling_passed(
    window: Window, seconds: float, *, max_pages: int, max_bytes: int, max_seconds: float
) -> tuple[str, str] | None:
    """Say by code and in words which ceiling a window has reached whose list goes on; None where none.

    ``seconds`` counts from when it was first worked on.
    """
    if window.pages >= max_pages:
        return "page-ceiling", f"the list goes on after {window.pages} pages, the most that it may have (max_pages)"
    if window.bytes >= max_bytes:
        return (
            "byte-ceiling",
            f"the list goes on after {window.bytes} bytes, the most that it may have (max_list_bytes)",
        )
    if seconds >= max_seconds:
        return "time-ceiling", f"the list goes on after {seconds:.0f} s, the longest that it may take (max_list_time)"
    return None

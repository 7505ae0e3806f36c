"""What the parts of a MODS record share: its languages, how a title is put together, and identifiers of names."""

from lxml.etree import _Element

from ingest.crosswalk.elements import language_of, link_of, local_name, words_of
from ingest.crosswalk.gathering import Parts

_JOINED = ("'", "’", "ʼ", "-", "‘")  # noqa: RUF001 - the apostrophes of elided articles


def lang_of(element: _Element) -> str | None:
    """Give the format's own ``lang``, a code of ISO 639-2, or else ``xml:lang``, that of an ancestor included."""
    return (element.get("lang") or "").strip() or language_of(element)


def title_text(info: _Element) -> str:
    """Put a ``titleInfo`` together: ``Les Misérables: roman. Part 2, Cosette``; words outside of its elements count."""
    title = lead = ""
    for child in info.iterchildren("*"):
        words, local = words_of(child), local_name(child)
        if not words:
            continue
        if local == "nonSort":
            lead = words if words.endswith(_JOINED) else f"{words} "
        elif local == "title":
            title = f"{title}, {words}" if title else f"{lead}{words}"
        elif local == "subTitle":
            title = f"{title}: {words}" if title else words
        elif local == "partNumber":
            title = f"{title}. {words}" if title else words
        elif local == "partName":
            title = f"{title}, {words}" if title else words
    return title or (words_of(info) if not len(info) else "")


def value_identifiers(element: _Element) -> Parts:
    """Give the address in ``valueURI`` or ``xlink:href`` as the identifier of what the words name."""
    if not element.attrib:
        return ()
    link = (element.get("valueURI") or "").strip() or link_of(element)
    return (("identifier", link),) if link else ()


def identifier_text(element: _Element) -> str:
    """Give an identifier's words, or the address in its place."""
    return words_of(element) or link_of(element)

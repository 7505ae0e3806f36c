"""The elements of JATS: names, dates, permissions, and the journal in which an article stands."""

import re

from lxml.etree import _Element

from ingest.crosswalk.elements import folded, link_of, local_name, outermost, prose_of
from ingest.crosswalk.markup import Found, Markup

_BLOCKS = frozenset(
    {
        *("p", "sec", "title", "list", "list-item", "def-list", "def-item", "disp-quote", "disp-formula", "break"),
        *("license-p", "boxed-text", "table-wrap", "fn", "verse-group", "verse-line"),
    }
)
# The formula a second time in another notation, and what a figure or table looks like.
_LEFT_OUT = frozenset({"tex-math", "graphic", "inline-graphic", "media", "label", "object-id"})


def _text(element: _Element) -> str:
    return prose_of(element, blocks=_BLOCKS, left_out=_LEFT_OUT)


JATS = Markup(prefix="jats", text=_text)


def line(element: _Element | None) -> str:
    """Give the text of an element as one line, empty where there is no element."""
    return "" if element is None else folded(_text(element))


def first(element: _Element, *names: str) -> _Element | None:
    """Give the first child of one of the names."""
    return next(element.iterchildren(*(f"{{*}}{name}" for name in names)), None)


# --- identifiers, titles, keywords ----------------------------------------------------------------


def identifier(element: _Element) -> Found:
    """Read ``article-id``, of the kind that it names."""
    return JATS.found("identifiers", element, role=element.get("pub-id-type"))


def titles(element: _Element) -> Found:
    """Read ``title-group``: the title with its subtitle, translations, and other forms."""
    main, under = line(first(element, "article-title")), line(first(element, "subtitle"))
    yield from JATS.found("titles", element, ": ".join(filter(None, (main, under))), name="article-title")
    for group in element.iterchildren("{*}trans-title-group"):
        words = map(line, group.iterchildren("{*}trans-title", "{*}trans-subtitle"))
        yield from JATS.found("titles", group, ": ".join(filter(None, words)), role="translated", name="trans-title")
    for other in element.iterchildren("{*}trans-title", "{*}alt-title"):
        role = "translated" if local_name(other) == "trans-title" else "alternative"
        yield from JATS.found("titles", other, line(other), role=role)


def keywords(element: _Element) -> Found:
    """Read ``kwd-group``; the kind of its keywords is their role."""
    for keyword in outermost(element, "kwd", "compound-kwd"):
        yield from JATS.found("subjects", keyword, line(keyword), role=element.get("kwd-group-type"))


# --- contributors ---------------------------------------------------------------------------------


def contributor(element: _Element) -> Found:
    """Read ``contrib``: a person, a group or an unnamed one; the ORCID, or another identifier, is a part."""
    kind = element.get("contrib-type", "author").strip() or "author"
    role = line(first(element, "role")) or kind
    field = "creators" if kind.lower() in ("author", "creator", "collab", "group") else "contributors"
    named = next(element.iter("{*}name", "{*}string-name", "{*}collab", "{*}anonymous"), None)
    given = [folded(number.text or "") for number in element.iterchildren("{*}contrib-id")]
    given += [link_of(uri) or line(uri) for uri in element.iterchildren("{*}uri")]
    if named is not None:
        parts = [("identifier", next(filter(None, given), ""))]
        yield from JATS.found(field, element, name_of(named), role=None if field == "creators" else role, parts=parts)


def name_of(element: _Element) -> str:
    """Give a name: surname first, as a heading; a group's without the list of its members."""
    if local_name(element) == "anonymous":
        return "Anonymous"
    if local_name(element) == "collab":
        return folded(prose_of(element, blocks=_BLOCKS, left_out=_LEFT_OUT | {"contrib-group", "xref"}))
    surname, given = line(first(element, "surname")), line(first(element, "given-names"))
    parts = (surname, given, line(first(element, "suffix")))
    return ", ".join(filter(None, parts)) if surname else line(element)


# --- dates ----------------------------------------------------------------------------------------

_DATE_ROLES = {"received": "submitted", "rev-recd": "modified", "accepted": "accepted", "corrected": "modified"}
_NUMBER = re.compile(r"\d{1,4}")
_YEAR = re.compile(r"\d{4}")
_IN_PRINT = ("ppub", "collection", "issue-ppub")


def date(element: _Element) -> Found:
    """Read ``pub-date``, or a ``date`` of the article's history, by the standard's calendar where it is in numbers."""
    published = local_name(element) == "pub-date"
    kind = element.get("date-type") or element.get("pub-type") or ""
    role = "issued" if published else _DATE_ROLES.get(kind, kind)
    yield from JATS.found("dates", element, day_of(element), role=role)


def day_of(element: _Element) -> str:
    """Give a date from its parts, as precise as they are: ``2015-06-25``, ``2015-06``, ``2015``, or as written."""
    iso, words = element.get("iso-8601-date", "").strip(), line(first(element, "string-date"))
    parts = [line(first(element, name)) for name in ("year", "month", "day")]
    numbers: list[str] = []
    for part, digits in zip(parts, (4, 2, 2), strict=True):
        if not _NUMBER.fullmatch(part):
            break
        numbers.append(part.zfill(digits))
    written = " ".join(filter(None, (line(first(element, "season")) or parts[1], parts[0])))
    spoken = not numbers or (len(numbers) == 1 and written != parts[0])
    return iso or (words or written if spoken else "-".join(numbers))


# --- permissions ----------------------------------------------------------------------------------


def holder(element: _Element) -> Found:
    """Read ``copyright-holder``; the year, which stands beside it, is a part."""
    around = element.getparent()
    year = "" if around is None else line(first(around, "copyright-year"))
    return JATS.found("rights", element, line(element), role="holder", parts=[("year", year)])


def licence(element: _Element) -> Found:
    """Read ``license``: its address, what it says, the addresses that it only points to, and its type."""
    said = prose_of(element, blocks=_BLOCKS, left_out=_LEFT_OUT | {"license_ref"})
    own = link_of(element)
    inner = {link_of(link) for link in element.iterdescendants("{*}ext-link", "{*}uri")}
    for link in [own, *sorted(link for link in inner if link != own and link not in said)]:
        yield from JATS.found("rights", element, link, role="license")
    for reference in outermost(element, "license_ref"):
        yield from licence_reference(reference)
    yield from JATS.found("rights", element, "" if said == own else said, role="license")
    yield from JATS.found("rights", element, element.get("license-type", ""), role="access")


def licence_reference(element: _Element) -> Found:
    """Read NISO's ``license_ref``, which names a licence by address, with the day from which it holds."""
    parts = [("start_date", element.get("start_date"))]
    return JATS.found("rights", element, line(element), role="license", parts=parts)


def free_to_read(element: _Element) -> Found:
    """Read NISO's empty element that says by its name that everybody may read the article."""
    parts = [("start_date", element.get("start_date")), ("end_date", element.get("end_date"))]
    return JATS.found("rights", element, "free_to_read", role="access", parts=parts)


# --- journal --------------------------------------------------------------------------------------


def journal(front: _Element) -> Found:
    """Make one source of the journal and the place of the article in it; without a title or an ISSN there is none."""
    about, article = first(front, "journal-meta"), first(front, "article-meta")
    if about is None:
        return
    title = next(filter(None, map(line, outermost(about, "journal-title", "abbrev-journal-title"))), "")
    title = title or next(filter(None, map(line, about.iterchildren("{*}journal-id"))), "")
    issns = [("issn", line(number)) for number in outermost(about, "issn")]
    place = _place(article)
    volume, issue, pages, year = (place.get(name, "") for name in ("volume", "issue", "pages", "year"))
    said = f"{title} {volume}".strip() + (f"({issue})" if issue else "")
    said += (f", {pages}" if pages else "") + (f" ({year})" if year else "")
    if title or any(number for _, number in issns):
        parts = [("container_title", title), *issns, *place.items()]
        yield from JATS.found("sources", about, said, role="host", parts=parts)


def _place(article: _Element | None) -> dict[str, str]:
    """Give volume, issue, pages and year of an article, those that there are."""
    if article is None:
        return {}
    firstly, lastly = line(first(article, "fpage")), line(first(article, "lpage"))
    pages = firstly if lastly in ("", firstly) else f"{firstly}-{lastly}"
    pages = pages or line(first(article, "page-range")) or line(first(article, "elocation-id"))
    return {
        "volume": line(first(article, "volume")),
        "issue": line(first(article, "issue")),
        "pages": pages,
        "year": next((day_of(day)[:4] for day in _in_print_first(article) if _YEAR.match(day_of(day))), ""),
    }


def _in_print_first(article: _Element) -> list[_Element]:
    """Give the dates of publication: a volume is cited by the year in which it was printed, or collected."""
    dates = list(article.iterchildren("{*}pub-date"))
    return sorted(dates, key=lambda day: (day.get("pub-type") or day.get("date-type")) not in _IN_PRINT)

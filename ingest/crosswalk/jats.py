"""JATS, the Journal Article Tag Suite, and the NLM tag sets before it: what stands before the text of an article.

The text is not read. Of what stands behind it only the acknowledgements are, and notes that say they are on funding:
there authors say who paid where the publisher tags no funding.
"""

from lxml.etree import _Element

from ingest.crosswalk.elements import XML_LANG, link_of, outermost
from ingest.crosswalk.jats_funding import acknowledgement, award_group, note, sponsor, without_heading
from ingest.crosswalk.jats_parts import (
    JATS,
    contributor,
    date,
    first,
    free_to_read,
    holder,
    identifier,
    journal,
    keywords,
    licence,
    licence_reference,
    line,
    titles,
)
from ingest.crosswalk.markup import Found, Table, description_of
from ingest.descriptions import Description

_VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4")
NAMES = (
    *(
        (f"{scheme}://jats.nlm.nih.gov/ns/archiving/{version}/", "article")
        for scheme in ("http", "https")
        for version in _VERSIONS
    ),
    ("http://dtd.nlm.nih.gov/2.0/xsd/archivearticle", "article"),
    ("http://dtd.nlm.nih.gov/archiving/2.3/xsd/archivearticle", "article"),
    ("http://dtd.nlm.nih.gov/archiving/3.0/xsd/archivearticle", "article"),
)
"""Namespace and name of the root element."""
LOOSE_NAMES = ("article",)
"""Names of roots in other namespaces, or in none, where most articles stand."""


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace or in none, has JATS's front matter."""
    return first(root, "front", "front-stub") is not None


def read(root: _Element) -> Description:
    """Read an article."""
    return description_of(_article(root))


def _article(root: _Element) -> Found:
    yield from JATS.found("types", root, root.get("article-type", ""), role="article-type")
    yield from JATS.found("languages", root, root.get(XML_LANG, ""))
    yield from JATS.walk(root, _ARTICLE)


def _front(element: _Element) -> Found:
    yield from JATS.walk(element, _FRONT)
    yield from journal(element)


def _abstract(element: _Element) -> Found:
    role = element.get("abstract-type") or "abstract"
    return JATS.found("descriptions", element, without_heading(element), role=role)


def _subjects(element: _Element) -> Found:
    """Read a group of subjects, and the groups inside it."""
    for subject in outermost(element, "subject"):
        yield from JATS.found("subjects", subject, line(subject), role=element.get("subj-group-type"))


def _address_of_article(element: _Element) -> Found:
    return JATS.found("identifiers", element, link_of(element) or line(element), role="self-uri")


def _related(element: _Element) -> Found:
    """Read a related article or object: what is said of it, else where it is."""
    role = element.get("related-article-type") or element.get("link-type")
    return JATS.found("relations", element, line(element) or link_of(element), role=role)


_RIGHTS: Table = {
    "copyright-statement": "rights",
    "copyright-holder": holder,
    "license": licence,
    "license_ref": licence_reference,
    "free_to_read": free_to_read,
}
_ARTICLE_META: Table = {
    "article-id": identifier,
    "article-categories": {"subj-group": _subjects},
    "title-group": titles,
    "contrib-group": {"contrib": contributor},
    "author-notes": {"fn": note},
    "pub-date": date,
    "history": {"date": date},
    "permissions": _RIGHTS,
    # Before version 3 rights and contracts stand by themselves.
    **_RIGHTS,
    "contract-sponsor": sponsor,
    "self-uri": _address_of_article,
    "related-article": _related,
    "related-object": _related,
    "product": "relations product",
    "abstract": _abstract,
    "trans-abstract": _abstract,
    "kwd-group": keywords,
    "funding-group": {"award-group": award_group, "funding-statement": "donors funding"},
    "conference": {"conf-name": "relations conference"},
}
_FRONT: Table = {
    "journal-meta": {"publisher": {"publisher-name": "publishers"}},
    "article-meta": _ARTICLE_META,
}
_ARTICLE: Table = {
    "front": _front,
    "front-stub": _ARTICLE_META,
    "back": {"ack": acknowledgement, "fn-group": {"fn": note}},
}

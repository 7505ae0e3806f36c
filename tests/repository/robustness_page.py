"""The page about what repositories do wrong, written from the table: ``docs/robustness.md``.

Written anew from the root of the tree by
``PYTHONPATH=.:tests/support:tests/repository python -m robustness_page``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hostile.deviations import DEVIATIONS, NEED_NONE
from hostile.naming import all_named, named
from outcomes import Row
from table import all_rows, families

PAGE = Path(__file__).parents[2] / "docs" / "robustness.md"

_OPENING = """\
# What repositories do wrong, and what the harvester does about it

Whatever a repository does, a harvest ends in a bounded time with a verdict that can be believed: `complete` only where
every list ended as the protocol says. What could not be read is a gap or a rejection; a later harvest brings it.

Each row of the tables below is tested on SQLite and on PostgreSQL, with a repository of 45 records on five pages that
does this one thing wrong, each time that it is asked. Tested beside the verdict: what is stored, kept as a rejection or
left as a gap; that no more requests are made than the fault is worth; and that the next harvest brings the rest once
the repository has been mended. This page is written from that table.

## How to read a verdict

`oai-ingest runs show ID` names the verdict, then each reason: its code, how often, and words. The codes:

"""
_REPAIRS_TOLD = """\
## Repairs

An answer that is no XML as it stands is mended by name and parsed strictly again, then taken record by record. Text
that a parser takes is never altered. The reason `repaired` names each repair, how often, and at which record first.

"""
_REJECTED_TOLD = """\
A record that can not be had or read in any of these ways is a rejection; their reasons, and what to do about them,
stand in [operators.md](operators.md#what-could-not-be-taken-in).
"""
_FAMILIES: Mapping[str, tuple[str, str]] = {
    "statuses": ("HTTP statuses and pages for people", ""),
    "transport": ("Connections and bodies", ""),
    "waits": ("Servers that ask for patience", ""),
    "redirects": ("Redirects and addresses", ""),
    "xml": ("Pages that are not XML", ""),
    "characters": ("Characters and encodings", ""),
    "namespaces": ("Namespaces and look-alikes", ""),
    "tokens": ("Tokens", ""),
    "loops": ("Circles and lists without end", ""),
    "ends": (
        "Ends and sizes",
        """\
A full harvest that brings far less than the last one is `suspect` (`fewer-than-before`, `nothing-came`). Nothing is
deleted on its word; a second one that agrees makes it believed.""",
    ),
    "records": ("Single records", ""),
    "requests": ("Dates, sets, formats and errors", ""),
    "poison": ("One record that spoils all that it is in", ""),
}
_BELIEVED = "a second full harvest that agrees is believed, and so is `runs approve ID`"
REASONS: Mapping[str, tuple[str, str]] = {
    # Why something is missing.
    "repository-unavailable": (
        "refused, reset, timed out, cut off, 429 or 5xx, for longer than patience lasts",
        "usually nothing: it is tried again by itself",
    ),
    "not-oai-pmh": (
        "a web page or something else came in place of OAI-PMH",
        "open the URL in a browser; the base URL may have changed",
    ),
    "malformed-response": (
        "an answer is no XML that can be mended, too large, or not what was asked for",
        "tell the repository; `max_bytes` if it is too large",
    ),
    "damaged-page": ("a page broke off; its whole records are kept", "tell the repository"),
    "access-refused": (
        "401, 403 or a challenge page; the endpoint's schedule is paused",
        "talk to the repository; mend `auth` or `headers`; `endpoints resume NAME`",
    ),
    "bad-resumption-token": (
        "tokens are refused before the list ends, in the shortest parts too",
        "tell the repository",
    ),
    "list-cut-short": ("the list stopped without the protocol's sign", "tell the repository"),
    "token-loop": ("the same records came again and again", "tell the repository"),
    "endless-empty-pages": ("50 pages without a record came in a row, each with a token", "tell the repository"),
    "page-ceiling": ("the list has more pages than `max_pages`", "raise it, if the list may be that long"),
    "byte-ceiling": ("the list has more bytes than `max_list_bytes`", "raise it, if the list may be that long"),
    "time-ceiling": ("the list takes longer than `max_list_time`", "raise it, if the list may take that long"),
    "error-beside-records": ("a page has an error beside its records, which are kept", "tell the repository"),
    "unknown-set": ("the repository has no such set", "mend `sets`; the reason names those that there are"),
    "prefix-not-offered": ("ListMetadataFormats does not name the prefix", "mend `metadata_prefix`"),
    "cannotDisseminateFormat": ("the repository refuses the format", "mend `metadata_prefix`"),
    "badArgument": (
        "the repository does not like what it is asked for",
        "`endpoints check`: dates or tokens may need a quirk",
    ),
    "badVerb": ("the repository does not know the verb", "check the base URL"),
    "idDoesNotExist": ("the repository knows no such record", "check the identifier"),
    "noMetadataFormats": ("the record is offered in no format", "check the identifier"),
    "noSetHierarchy": ("the repository has no sets", "leave `sets` out"),
    "unknown": ("the repository sent an error without a code", "see the words; tell the repository"),
    "rejection-ceiling": (
        "more records were rejected than `rejection_ceiling` allows; nothing more was asked for",
        "`rejections list`; often `record_id` does not match",
    ),
    "gaps-waiting": ("gaps of earlier runs wait for their next try", "nothing, or `harvest NAME` to try them now"),
    "items-not-had": ("items that `--identifier` named did not come, or were rejected", "`rejections list`"),
    "configuration": ("a credential is not in the worker's environment", "set it, restart the worker, harvest again"),
    "workers-died": ("ten workers in a row died on one page", "see their logs; lower `max_bytes`"),
    "interrupted": ("the process was stopped", "the same command goes on"),
    "cancelled": ("a person ended the run", "harvest again: what was not read is a gap"),
    "defect": ("this program met something that it should have handled", "report it, with the log"),
    # Why a list is not believed.
    "nothing-came": ("an empty list where records are known", f"look; {_BELIEVED}"),
    "fewer-than-before": ("much less than last time", f"look; {_BELIEVED}"),
    "fewer-than-announced": (
        "much less than `completeListSize`",
        f"look; {_BELIEVED}",
    ),
    "records-repeated": (
        "records came twice while others are missing",
        "`harvest NAME --full` at a quiet hour",
    ),
    "doubt-pending": (
        "what is new came, but the last full read is still in doubt",
        "look; `harvest NAME --full` settles it, or `runs approve` of that run",
    ),
    "deletions-held": (
        "a sweep has missed more items twice than the fuse allows; none is deleted",
        "`runs show ID`, then `runs approve ID`, with `--reject` where they are there",
    ),
    "headers-unread": ("a sweep could not read headers, and does not count", "`rejections list`; tell the repository"),
    "deletions-announced": (
        "a sweep was asked for and the repository keeps its deletions",
        "leave out `--sweep` and the key `sweep`",
    ),
    # What a person decided.
    "approved": ("a person believed what came", "nothing"),
    "rejected": ("a person did not believe what came", "nothing; a full read is compared as before"),
    "deletions-approved": ("a person had held items deleted", "nothing"),
    "deletions-rejected": ("a person kept held items", "nothing; two more misses ask again"),
    # What does not spoil a verdict.
    "set-gone": ("the repository no longer has a set that was read before", "take it out of `sets` if that is meant"),
    "missed-once": ("items are no longer listed", "nothing; a sweep that misses them too deletes them"),
    "missed-twice": ("items that two sweeps missed are deleted", "nothing"),
    "list-not-swept": ("items may be in a list that was not swept", "sweep without `--set`"),
    "rejections": ("records could not be taken in; they are kept with their bytes", "`rejections list`"),
    "repaired": ("answers had to be mended (below)", "nothing; tell the repository"),
    "restarts": ("a list was begun again, or read in another way", "nothing"),
    "no-metadata": ("live records came without metadata", "nothing; tell the repository"),
    "format-not-understood": ("records are in a format that is kept as it came", "nothing"),
    "outside-range": ("records outside the dates asked for came and are kept", "declare the quirk `ignores_dates`"),
    "outside-set": ("headers do not name the set asked for; the records are kept", "check `sets`"),
    "clock-set-back": ("the repository's clock was ahead before; all is read again", "nothing"),
}
"""What each reason's code means, and what to do."""
REPAIRS: Mapping[str, str] = {
    "wrong-encoding": "an answer that is not in the encoding that it declares is read as UTF-8",
    "invalid-utf-8": "bytes that are no UTF-8 are read as windows-1252",
    "illegal-characters": "characters that XML forbids are left out; surrogates are paired",
    "bare-ampersand": "an ampersand that begins no reference is taken as a character",
    "undefined-entity": "an entity of HTML becomes its character; one that nobody knows stays as text",
    "junk-before-root": "what stands before the root is cut off",
    "junk-after-root": "what stands after the root is cut off",
    "declaration-inside": "XML declarations inside the document are dropped",
    "undeclared-prefix": "a prefix that nothing declares is declared, a well-known one as what it stands for",
    "invalid-namespace": "a blank in a namespace is encoded",
    "missing-namespace": "elements of the protocol without a namespace are taken as such",
    "wrong-namespace": "an obvious variant of the protocol's namespace is taken for it",
    "records-cut-out": "records were taken one by one: those that can not be read are rejections",
    "metadata-wrapped": "Dublin Core elements without a root around them are given one",
    "dates-as-days": "dates in seconds were refused, and are sent as days",
}
"""What each repair does."""


def page() -> str:
    """Write the whole page."""
    return "\n".join(
        (
            _OPENING + _table(("code", "what happened", "what to do"), _reasons()),
            "Any other code is the repository's own error code, kept as it came, with the repository's words.\n",
            _REPAIRS_TOLD + _table(("repair", "what it does"), ((f"`{name}`", text) for name, text in REPAIRS.items())),
            _REJECTED_TOLD,
            *(_family(family, families()[family]) for family in _FAMILIES),
            "## By number\n",
            "What harvesters are known to stumble over, and where it stands above.\n",
            _table(("no.", "what it is", "see"), _numbers()),
        )
    )


def _reasons() -> Iterator[Sequence[str]]:
    for code, (happened, remedy) in REASONS.items():
        yield f"`{code}`", happened, remedy


def _family(family: str, rows: Iterable[Row]) -> str:
    title, more = _FAMILIES[family]
    head = ("name", "what the repository does", "seen at", "what the harvester does", "verdict, reasons", "no.")
    return f"## {title}\n\n{f'{more}{chr(10)}{chr(10)}' if more else ''}{_table(head, map(_cells, rows))}"


def _cells(row: Row) -> Sequence[str]:
    parts = [named(name) for name in row.name.split("+")]
    label = " + ".join(f"`{part.name}`" for part in parts) + (f", {row.when}" if row.when else "")
    seen = " ".join(dict.fromkeys(part.seen for part in parts))
    return (
        label,
        " ".join(part.does for part in parts),
        seen,
        row.does,
        _outcome(row),
        ", ".join(dict.fromkeys(key for part in parts for key in part.deviations)),
    )


def _outcome(row: Row) -> str:
    repaired = f"`repaired` ({', '.join(row.repairs)})"
    told = ", ".join(repaired if code == "repaired" else f"`{code}`" for code in row.reasons)
    return f"**{row.verdict}**: {told}" if told else f"**{row.verdict}**"


def _numbers() -> Iterator[Sequence[str]]:
    for key, text in DEVIATIONS.items():
        names = [each.name for each in all_named().values() if key in each.deviations]
        yield key, text, ", ".join(f"`{name}`" for name in names) or NEED_NONE[key]


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    cells = (head, ["---"] * len(head), *lines)
    return "".join(f"| {' | '.join(_cell(text) for text in line)} |\n" for line in cells)


def _cell(text: str) -> str:
    """Write a text as one cell: a bar would end it."""
    return re.sub(r"``(.+?)``", r"`\1`", text).replace("|", r"\|").strip()


def codes_of_rows() -> frozenset[str]:
    """Name the codes that the rows' reasons have."""
    return frozenset(code for row in all_rows() for code in row.reasons)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

"""Credit lines: the words that lead into the names of those who gave or paid, and the words that end them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.normalise.folding import Folded

_LEADS = re.compile(
    r"""\b(?P<lead>
      (?:was\s|were\s|is\s|are\s)?made\spossible\s(?:in\spart\s)?(?:with|by|through|thanks\sto)\s(?:the\s|an?\s)?(?:generous\s|financial\s)?
      (?:(?:support|funding|assistance|grants?|gifts?|donations?|contributions?)\s(?:from|of|by))?
    | (?:anonymous\s)?(?:gifts?|donations?|bequests?|grants?)\s(?:of|from|by)(?!\s(?:\$|£|€|\d|love|tongues|fire))
    | (?:presented|donated|bequeathed|given)\s(?:to\s[^.;,]{1,60}\s)?by
    | (?:(?:research|work|project|publication|study|digiti[sz]ation)\s)?(?:is\s|was\s|are\s|were\s)?
      (?:(?:jointly\s|co-?|partially\s|partly\s)?(?:funded|sponsored|financed|supported))\s(?:in\spart\s)?(?:by|through)
      (?:\s(?:an?\s)?(?:grants?|gifts?|awards?)\s(?:from|of))?
    | (?:with|thanks\sto)\s(?:the\s)?(?:generous\s|financial\s|kind\s)?(?:support|funding|funds|assistance|aid)\s
      (?:provided\s)?(?:from|of|by)
    | purchased\swith\s(?:the\s)?(?:assistance|funds|support)\s(?:(?:provided\s)?(?:from|by|of))
    | (?:financial\s)?(?:support|funding)\s(?:was\s|is\s)?(?:provided|received)\s(?:by|from) | financial\ssupport\sfrom
    | transferred\sfrom
    | avec\sle\s(?:soutien|concours)(?:\sfinancier)?\s(?:de\sla|de\sl'|des|du|de) | don\sde
    | gefördert\s(?:durch|von)(?:\s(?:die|das|den|der))? | schenkung\s(?:der|des|von)
    | con\sel\sapoyo(?:\sfinanciero)?\s(?:del|de\sla|de) | donaci[oó]n\sde | doa[cç][aã]o\sde
    | con\sil\s(?:contributo|sostegno)\s(?:della|del|di) | дар
    )\s(?:the\s)?(?=["'(]?[\w])""",
    re.IGNORECASE | re.VERBOSE,
)
# One of these stands in every lead: looking for them first spares most prose the long pattern above.
_STEMS = (
    *("possible", "gift", "donation", "bequest", "grant", "presented", "donated", "bequeathed", "given", "fund"),
    *("sponsor", "financ", "support", "assistance", "aid", "transferred", "soutien", "concours", "don de", "gefördert"),
    *("schenkung", "apoyo", "donaci", "doaç", "doac", "contributo", "sostegno", "дар"),
)
# A credit line inside prose opens a sentence or says outright that it is one; "support from" in passing is none.
_OUTRIGHT = re.compile(
    r"made possible|funded|sponsored|financed|financial support|purchased with|gefördert|apoyo financiero",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:^|[.;!?|:\"]\s?|\s-\s)(?:credits?:?\s|credit line:?\s|this (?:\w+\s){1,3})?$", re.IGNORECASE)
_TAIL = re.compile(
    r""",?\s(?:in\s(?:loving\s)?memory\sof|in\shonou?r\sof|in\sappreciation|in\scelebration|to\smark|to\scommemorate
      |on\sthe\soccasion|by\sexchange|accessioned|and\sallocated|and\spresented|which\s|who\s|for\s(?:this|his|her)\b|under\s
      |aufgrund|\(grant|grant\s|award\s|project\s(?:no|number)|as\spart\sof|from\sthe\scollection|(?:is|are)\sgratefully)""",
    re.IGNORECASE | re.VERBOSE,
)
_STOP = re.compile(r"""(?<=[\w)'"])(?:\.\s(?=[A-Z"(])|\.?["']?$)|[;|]""")
_ENDS_IN_INITIAL = re.compile(r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|St|Jr|Sr|Prof|Rev|Inc|Ltd|Co))$")
_YEAR = re.compile(r",?\s\d{4}(?:\s?-\s?\d{2,4})?\.?$")
_APPOSITION = re.compile(
    r",\s(?:the\s|an?\s|grand|his\s|her\s|curator|chair|daughter|son\b|widow|director)[^,]{0,80}$", re.IGNORECASE
)
_THROUGH = re.compile(r"\s(?:through|via)\s(?:the\s)?(?!an?\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The names a credit line holds, not yet split, and the words that led in."""

    lead_in: str
    donors: str
    intermediary: str | None = None


def credit_lines(value: Folded, *, whole: bool) -> Iterator[Credit]:
    """Find the credit lines of a text. ``whole``: the value is known to be one, so it need not open a sentence."""
    lowered = value.key.casefold()
    if not any(stem in lowered for stem in _STEMS):
        return
    position = 0
    while match := _LEADS.search(value.key, position):
        position = match.end()
        before = value.key[max(0, match.start() - 60) : match.start()]
        opens = match.start() == 0 or _OPENING.search(before)
        if not (whole or opens or _OUTRIGHT.search(match["lead"])):
            continue
        end = _end_of_sentence(value.key, match.end())
        yield _credit(match["lead"], value.text[match.end() : end])
        position = max(position, end)


def without_tail(text: str) -> str:
    """Cut what follows the names of parties: a year, an honour, an apposition."""
    tail = _TAIL.search(text)
    names = text[: tail.start()] if tail else text
    return _YEAR.sub("", _APPOSITION.sub("", _YEAR.sub("", names))).strip(" ,")


def _credit(lead: str, names: str) -> Credit:
    donors, *rest = _THROUGH.split(without_tail(names), maxsplit=1)
    return Credit(
        lead_in=lead.strip(), donors=without_tail(donors), intermediary=without_tail(rest[0]) if rest else None
    )


def _end_of_sentence(key: str, start: int) -> int:
    """Return where the sentence with the names ends; a stop after an initial or a title ends none."""
    for match in _STOP.finditer(key, start):
        abbreviated = match.group().startswith(".") and _ENDS_IN_INITIAL.search(key, start, match.start())
        in_brackets = match.group() == ";" and key.count("(", start, match.start()) > key.count(
            ")", start, match.start()
        )
        if not abbreviated and not in_brackets:
            return match.start()
    return len(key)

"""Tell what a notice says from what it says only perhaps, not, or of something else.

A work that is not open must never be called open, so every reading that would open one is looked at in its sentence.
"""

import re

from ingest.normalise.folding import Folded

_SENTENCE_END = re.compile(r"(?<!\b[A-Z])(?<!\bcf)[.!?;]\s+(?=[A-Z\"'(\[])|\s[|]\s")
_BEFORE = re.compile(
    r"""\b(?:not|never|neither|nor|cannot|isn't|aren't|wasn't|doesn't|don't|without|if|whether|might|could|would
    |unless(?!\sotherwise)|except(?!\s(?:where|as|when)\b)|until|unlike|formerly|previously|possibly|probably|presumably
    |presumed|believed?s?|thought|assumed?|likely|appears?|seems?|some(?!\srights\sreserved)|certain|portions?|parts?\sof
    |most|many|much|may(?!\sbe\s(?:used|reproduced|copied|shared|distributed|reused|freely))|nicht|kein\w{0,2}|nie|niet
    |geen|ikke|inte|ne|n'est|nem|nem|não|ni|no\s(?:est[aá]|es|se|longer)|не|нет|nie|nincs|ei|eivät|değil)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = re.compile(
    r"""\b(?:except(?!\s(?:where|as|when|for\sattribution)\b)|excluding|excludes?|other\sthan|with\sthe\sexception
    |unless(?!\sotherwise)|does\snot\sapply|do\snot\sapply|is\snot|are\snot|no\slonger|but\snot|however|although
    |only\s(?:to|for|applies|apply)|has\sexpired|until|after\s(?:an|the)\sembargo|metadata\sonly)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_METADATA = re.compile(
    r"\b(?:(?<!data and )metadata|meta-data|catalog(?:ue)? (?:data|records?)|bibliographic (?:data|records?)|"
    r"métadonnées|metadaten|metadatos|metadados|метаданные|this record|descriptions?)\b",
    re.IGNORECASE,
)
_OF_PART = re.compile(
    r"(?:^|[;,.|]\s?)(?:the )?(?:text|images?|photos?|photographs?|data|datasets?|code|software|cover|abstract|music|"
    r"figures?|illustrations?|recordings?|audio|video|transcripts?|translations?)(?: \w{1,20})?:\s*$",
    re.IGNORECASE,
)


def sentence(value: Folded, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after a span within its sentence."""
    # The end of the search lies past the span's start, so that its first letter can show that a sentence begins.
    ends = (match.end() for match in _SENTENCE_END.finditer(value.key, 0, start + 1))
    begin = max((end for end in ends if end <= start), default=0)
    stop = _SENTENCE_END.search(value.key, end)
    return value.key[begin:start], value.key[end : stop.start() if stop else len(value.key)]


def about_metadata(value: Folded, start: int, end: int) -> bool:
    """Whether the sentence speaks of the metadata and not of the work."""
    before, after = sentence(value, start, end)
    return bool(_OF_METADATA.search(before) or re.match(r"[^.;]{0,30}\bmetadata\b", after, re.IGNORECASE))


def about_part(value: Folded, start: int, end: int) -> bool:
    """Whether a label in front says that only a part is meant (``Text: …; images: …``)."""
    before, _ = sentence(value, start, end)
    return bool(_OF_PART.search(before))


def negated(value: Folded, start: int, end: int) -> bool:
    """Whether a negation, doubt or condition stands before the span in its sentence."""
    before, _ = sentence(value, start, end)
    return bool(_BEFORE.search(before))


def excepted(value: Folded, start: int, end: int) -> bool:
    """Whether an exception or limit follows the span in its sentence."""
    _, after = sentence(value, start, end)
    return bool(_AFTER.search(after))

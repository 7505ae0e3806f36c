"""An endpoint's declaration as TOML, from a passport: ready to stand in ``endpoints.toml``."""

import json
import re
from collections.abc import Collection
from datetime import date
from urllib.parse import urlsplit

from ingest.endpoints import Auth
from ingest.passport import Passport

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LAWFUL_PREFIX = re.compile(r"[A-Za-z0-9._!~*'()-]+")
_LONGEST_NAME = 60


def stanza(name: str, passport: Passport, *, on: date, auth: Auth | None = None) -> str:
    """Write the table of an endpoint: its URL, the formats to ask for, the quirks with the date and what was seen.

    ``auth`` refers to the environment, and is written as it was declared.
    """
    prefixes = [each for each in passport.observed.prefixes if _LAWFUL_PREFIX.fullmatch(each)] or ["oai_dc"]
    listed = _text(prefixes[0]) if len(prefixes) == 1 else f"[{', '.join(map(_text, prefixes))}]"
    lines = [f"[{_key(name)}]", f"url = {_text(passport.observed.url)}", f"metadata_prefix = {listed}"]
    lines += [f"auth = {_auth(auth)}"] if auth else []
    if quirks := quirk_lines(name, passport, on=on):
        lines += ["", *quirks]
    return "\n".join(lines) + "\n"


def quirk_lines(name: str, passport: Passport, *, on: date) -> tuple[str, ...]:
    """Write the table of the quirks that were found; nothing where there are none."""
    if not passport.quirks:
        return ()
    found = (f"{quirk} = true  # {on:%Y-%m-%d}: {_comment(seen)}" for quirk, seen in passport.quirks.items())
    return (f"[{_key(name)}.quirks]", *found)


def new_name(passport: Passport, taken: Collection[str]) -> str:
    """Name an endpoint after its host; where that is taken, after its repository too, and then by number."""
    parts = urlsplit(passport.observed.url)
    host = re.sub(r"^(?:www|oai)\.", "", parts.hostname or "repository")
    by_host = _slug(f"{host}-{parts.port}" if parts.port else host)
    said = passport.observed.identify.value
    by_repository = f"{by_host}-{_slug(said.repository_name)}" if said else by_host
    candidates = [by_host, by_repository.strip("-"), *(f"{by_host}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_NAME].rstrip("-") or "repository"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(value: str) -> str:
    """Write a basic string; JSON's is one, but for a character that JSON leaves as it is and TOML does not take."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _auth(auth: Auth) -> str:
    keys = {"basic": auth.basic, "header": auth.header, "value": auth.value}
    return "{ " + ", ".join(f"{key} = {_text(value)}" for key, value in keys.items() if value) + " }"


def _comment(text: str) -> str:
    """Write a repository's words and ours so that they stay one line, and a comment."""
    return "".join(each if each.isprintable() else " " for each in text)

"""Pages that ask the caller to prove that it is a person: told from other web pages by what only they carry."""

import re
from collections.abc import Mapping

from ingest.protocol.markup import HTML, OAI_TAG, TITLE

_SHOWN = 65536
"""Bytes at the start of a page that are looked at."""
_TITLES = re.compile(
    rb"\s*(?:just a moment|one moment, please|attention required|checking your browser|access denied|"
    rb"access to this page|"
    rb"making sure you|ddos-guard|security check|robot check|are you (?:a )?(?:robot|human)|pardon our interruption|"
    rb"verify(?:ing)? (?:that )?you are (?:a )?human|human verification|bot verification|client challenge|"
    rb"sucuri website firewall|request rejected)|.*captcha",
    re.IGNORECASE,
)
# Scripts of these services stand in ordinary pages too; these marks stand in their challenges alone.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"_cf_chl_opt", "a challenge of Cloudflare"),
    (b"cf-error-details", "a challenge of Cloudflare"),
    (b"anubis_challenge", "a challenge of Anubis"),
    (b"/.within.website/x/cmd/anubis/", "a challenge of Anubis"),
    (b"Incapsula incident ID", "a challenge of Imperva Incapsula"),
    (b"captcha-delivery.com", "a CAPTCHA of DataDome"),
    (b"errors.edgesuite.net", "a refusal of Akamai"),
    (b"sec-if-cpt-container", "a challenge of Akamai"),
    (b"gokuProps", "a challenge of AWS WAF"),
    (b"px-captcha", "a CAPTCHA of HUMAN"),
    (b"sucuri_cloudproxy_js", "a challenge of Sucuri"),
)
_HEADERS: tuple[tuple[str, str, str], ...] = (
    ("cf-mitigated", "challenge", "a challenge of Cloudflare"),
    ("x-amzn-waf-action", "challenge", "a challenge of AWS WAF"),
    ("x-amzn-waf-action", "captcha", "a CAPTCHA of AWS WAF"),
)


def challenge(headers: Mapping[str, str], body: bytes) -> str | None:
    """Say what stands between us and the repository, or None where nothing of the kind can be recognised.

    An OAI-PMH document is never one, nor is a page that merely has a CAPTCHA in some form on it.
    """
    shown = body[:_SHOWN]
    if OAI_TAG.search(shown):
        return None
    for name, value, words in _HEADERS:
        if headers.get(name, "").strip().lower() == value:
            return words
    if not HTML.search(shown):
        return None
    for mark, words in _MARKS:
        if mark in shown:
            return words
    title = TITLE.search(shown)
    return "a page against robots" if title and _TITLES.match(title[1]) else None

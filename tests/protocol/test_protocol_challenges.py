"""Pages that ask whether a person is there are told from pages that any web server sends."""

from collections.abc import Mapping

import pytest
from requests.structures import CaseInsensitiveDict

from ingest.errors import AccessRefused, IngestError, NotOaiPmh
from ingest.protocol.answers import HttpAnswer, judge
from ingest.protocol.challenges import challenge


def web_page(title: str = "", body: str = "", head: str = "") -> bytes:
    """Build a web page."""
    return f"<!DOCTYPE html>\n<html><head>{head}<title>{title}</title></head><body>{body}</body></html>".encode()


NONE: Mapping[str, str] = {}
ANSWER = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badVerb">{}</error></OAI-PMH>'

CHALLENGES: tuple[tuple[Mapping[str, str], bytes, str], ...] = (
    # By what only the challenges of a service carry.
    (NONE, web_page("x", "<script>window._cf_chl_opt = {}</script>"), "a challenge of Cloudflare"),
    (NONE, web_page("x", "<div id='cf-error-details'></div>"), "a challenge of Cloudflare"),
    (NONE, web_page("x", '<script id="anubis_challenge" type="application/json">{}</script>'), "a challenge of Anubis"),
    (NONE, web_page("x", head='<link href="/.within.website/x/cmd/anubis/a.css">'), "a challenge of Anubis"),
    (NONE, b"<html><body>Request failed. Incapsula incident ID: 1-2</body></html>", "a challenge of Imperva Incapsula"),
    (NONE, web_page("x", "<script src='https://geo.captcha-delivery.com/c.js'>"), "a CAPTCHA of DataDome"),
    (NONE, web_page("x", "Reference #18 https://errors.edgesuite.net/18"), "a refusal of Akamai"),
    (NONE, web_page("x", "<div id='sec-if-cpt-container'></div>"), "a challenge of Akamai"),
    (NONE, web_page("x", "<script>window.gokuProps = {}</script>"), "a challenge of AWS WAF"),
    (NONE, web_page("x", "<div id='px-captcha'></div>"), "a CAPTCHA of HUMAN"),
    (NONE, web_page("x", "<script>sucuri_cloudproxy_js='';</script>"), "a challenge of Sucuri"),
    # By headers, where the page says nothing.
    ({"CF-Mitigated": "challenge"}, b"", "a challenge of Cloudflare"),
    ({"x-amzn-waf-action": "challenge"}, b"", "a challenge of AWS WAF"),
    ({"X-Amzn-Waf-Action": " CAPTCHA "}, b"", "a CAPTCHA of AWS WAF"),
    # By their titles.
    *(
        (NONE, web_page(title), "a page against robots")
        for title in (
            "Just a moment...",
            "One moment, please...",
            "Attention Required!",
            "Checking your browser before accessing example.org",
            "Access denied",
            "Access to this page has been denied",
            "Making sure you're not a bot!",
            "DDoS-Guard",
            "Security check",
            "Robot Check",
            "Are you a robot?",
            "Are you human?",
            "Pardon Our Interruption",
            "Verify you are human",
            "Verifying that you are a human",
            "Human Verification",
            "Bot Verification",
            "Client Challenge",
            "Sucuri WebSite Firewall - Access Denied",
            "Request Rejected",
            "Example Library - reCAPTCHA",
            "\n  Just a moment\n",
        )
    ),
    (NONE, b"<HTML><HEAD><TITLE>Just a moment...</TITLE>", "a page against robots"),
)

ORDINARY: tuple[tuple[Mapping[str, str], bytes], ...] = (
    (NONE, b""),
    (NONE, b"Just a moment..."),
    (NONE, b'{"title": "Just a moment...", "_cf_chl_opt": 1}'),
    (NONE, b"<rss><title>Just a moment...</title></rss>"),
    (NONE, web_page("Log in", "<form action='/login'><div class='g-recaptcha'></div></form>")),
    (NONE, web_page("DSpace at Example", "Please wait: just a moment... Access denied. Verify you are human.")),
    (NONE, web_page("404 Not Found", "<script src='/cdn-cgi/scripts/email-decode.min.js'></script>")),
    (NONE, web_page("500 Internal Server Error", "<address>Apache, behind cloudflare</address>")),
    (NONE, web_page("Maintenance: we are back in a moment")),
    (NONE, web_page("How robots read our repository")),
    (NONE, web_page("", "<title-page>Just a moment...</title-page>")),
    ({"Server": "cloudflare", "CF-RAY": "1-FRA"}, web_page("Repository")),
    ({"x-amzn-waf-action": "allow"}, web_page("Repository")),
    # An answer is never one, whatever it holds or came with.
    (NONE, ANSWER.format("Just a moment... _cf_chl_opt gokuProps").encode()),
    (NONE, web_page("Just a moment...") + ANSWER.encode()),
    ({"CF-Mitigated": "challenge"}, ANSWER.encode()),
    # What stands far behind is not looked at.
    (NONE, web_page("Repository", "x" * 70_000 + "_cf_chl_opt")),
)


@pytest.mark.parametrize(("headers", "body", "words"), CHALLENGES)
def test_a_challenge_is_recognised(headers: Mapping[str, str], body: bytes, words: str) -> None:
    """And named, so that an operator knows whom to ask."""
    assert challenge(CaseInsensitiveDict(headers), body) == words


@pytest.mark.parametrize(("headers", "body"), ORDINARY)
def test_what_is_no_challenge_is_not_taken_for_one(headers: Mapping[str, str], body: bytes) -> None:
    """A login, an error page or an answer is what it is, with whatever scripts and words."""
    assert challenge(CaseInsensitiveDict(headers), body) is None


@pytest.mark.parametrize("status", [200, 403, 429, 503])
def test_a_challenge_is_a_refusal_whatever_its_status(status: int) -> None:
    """Asking again would make it worse."""
    answer = HttpAnswer(status=status, reason="x", headers=CaseInsensitiveDict(), body=web_page("Just a moment..."))
    with pytest.raises(AccessRefused, match=f"HTTP {status} x, a page against robots stands before it"):
        judge(answer)


@pytest.mark.parametrize(("status", "error"), [(200, NotOaiPmh), (403, AccessRefused), (404, NotOaiPmh)])
def test_an_ordinary_page_is_for_its_status_to_judge(status: int, error: type[IngestError]) -> None:
    """As ever."""
    answer = HttpAnswer(status=status, reason="x", headers=CaseInsensitiveDict(), body=web_page("Repository"))
    with pytest.raises(error) as raised:
        judge(answer)
    assert "robots" not in str(raised.value)

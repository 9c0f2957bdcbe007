"""answer → what stands in the place of what was asked for: a challenge, a log-in, a paywall. Pure.

The marks are those by which the products name themselves in their own pages, seen in public reports of their users; none of
them is worked around. A mark counts in the markup of a page alone, and a title only as a whole: an article that writes about
captchas, or shows the code of one, is an article.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cases.ledger import Wall

_SAMPLE = 20_000
"""Bytes of a page in which the marks of a challenge are looked for: such pages are small."""

_LONG_SAMPLE = 300_000
"""Bytes of a page in which a sign of an article is looked for, before a password field makes a log-in of it."""

_NOT_A_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml|<rss|<feed|<rdf|[\[{])", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]{0,200}>\s{0,50}([^<]{1,120}?)\s{0,50}</title", re.IGNORECASE)
_TITLES = {
    b"just a moment...": "Cloudflare",
    b"attention required! | cloudflare": "Cloudflare",
    b"ddos-guard": "DDoS-Guard",
    b"sucuri website firewall - access denied": "Sucuri",
    b"vercel security checkpoint": "Vercel",
    b"making sure you're not a bot!": "Anubis",
    b"making sure you&#39;re not a bot!": "Anubis",
    b"pardon our interruption": "Imperva",
    b"pardon our interruption...": "Imperva",
    b"verifying you are human": "a challenge",
    b"verify you are human": "a challenge",
    b"are you a robot?": "a challenge",
    b"checking your browser": "a challenge",
    b"one moment, please...": "a challenge",
}
_MARKS = (
    (b"_cf_chl_opt", re.compile(rb"<script[^>]{0,300}>[^<]{0,3000}?_cf_chl_opt"), "Cloudflare"),
    (b"/ddos-guard/", re.compile(rb"<(?:script|link)[^>]{0,300}/\.well-known/ddos-guard/"), "DDoS-Guard"),
    (b"/_Incapsula_Resource?", re.compile(rb"<iframe[^>]{0,300}/_Incapsula_Resource\?"), "Imperva"),
    (b"/_sec/cp_challenge/", re.compile(rb"<(?:script|iframe)[^>]{0,300}/_sec/cp_challenge/"), "Akamai"),
    (b"sucuri_cloudproxy_js", re.compile(rb"<script[^>]{0,300}>[^<]{0,3000}?sucuri_cloudproxy_js"), "Sucuri"),
    (b"window.gokuProps", re.compile(rb"<script[^>]{0,300}>[^<]{0,3000}?window\.gokuProps"), "AWS WAF"),
    (b"/x/cmd/anubis/", re.compile(rb"<script[^>]{0,300}/\.within\.website/x/cmd/anubis/"), "Anubis"),
)
"""What betrays a product at a glance, and where it must stand to be more than a word in a text."""

_HEADERS = (
    ("cf-mitigated", re.compile(r"challenge", re.IGNORECASE), "Cloudflare"),
    ("x-vercel-mitigated", re.compile(r"challenge", re.IGNORECASE), "Vercel"),
    ("x-amzn-waf-action", re.compile(r"challenge|captcha", re.IGNORECASE), "AWS WAF"),
)
_LOGIN_PATH = re.compile(
    r"/(?:wp-login\.php|log-?in|sign-?in|users/sign_in|account/log-?in|sso|oauth2?)(?:[/.;]|$)", re.IGNORECASE
)
_PAY_PATH = re.compile(
    r"/(?:subscribe|subscriptions?|subscription-offers?|paywall|register-to-read)(?:[/.;]|$)", re.IGNORECASE
)
_PASSWORD = re.compile(rb"<input[^>]{0,500}type\s*=\s*[\"']?password", re.IGNORECASE)
_ARTICLE = re.compile(
    rb"<article[\s>]|itemprop\s*=\s*[\"']?articleBody|og:type[\"']?\s+content\s*=\s*[\"']?article|"
    rb"class\s*=\s*[\"'][^\"']{0,200}\b(?:entry-content|post-content|article-body)\b|\"@type\"\s*:\s*\"(?:News)?Article\"",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(rb"<p[\s>][^<]{200}", re.IGNORECASE)


def challenge_in(headers: Mapping[str, str], body: bytes) -> str | None:
    """Name who wants proof of a human, by its headers or by the marks of its page; None when nobody does."""
    for name, pattern, product in _HEADERS:
        if pattern.search(headers.get(name, "")):
            return product
    if _NOT_A_PAGE.match(body[:200]):
        return None
    sample = body[:_SAMPLE]
    title = _TITLE.match(sample, max(0, sample.lower().find(b"<title")))
    if title is not None and title[1].lower() in _TITLES:
        return _TITLES[title[1].lower()]
    return next((product for sign, mark, product in _MARKS if sign in sample and mark.search(sample)), None)


def detour(asked: str, answered: str) -> Wall | None:
    """Tell a redirect that leads to a log-in or to an offer of a subscription in the place of what was asked for."""
    came, wanted = urlsplit(answered).path, urlsplit(asked).path
    if came == wanted:
        return None
    if _LOGIN_PATH.search(came) and not _LOGIN_PATH.search(wanted):
        return Wall.LOGIN
    return Wall.PAYWALL if _PAY_PATH.search(came) and not _PAY_PATH.search(wanted) else None


def is_login(body: bytes) -> bool:
    """Tell a page that asks for a password and holds no article; pages of articles may well hold such a field as well."""
    sample = body[:_LONG_SAMPLE]
    if not (b"password" in sample or b"PASSWORD" in sample) or _NOT_A_PAGE.match(body[:200]):
        return False
    return _PASSWORD.search(sample) is not None and not _ARTICLE.search(sample) and not _PARAGRAPH.search(sample)

"""Walls in the place of what was asked for, and articles that merely write about them."""

import pytest

from cases.ledger import Wall
from crawler.walls import challenge_in, detour, is_login

ARTICLE = (
    "<html><head><title>{title}</title></head><body><nav><form><input type='password' name='p'></form></nav>"
    "<article><h1>{title}</h1><p>{text}</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("headers", "body", "product"),
    [
        ({"cf-mitigated": "challenge"}, "", "Cloudflare"),
        ({"x-vercel-mitigated": "challenge"}, "", "Vercel"),
        ({"x-amzn-waf-action": "captcha"}, "", "AWS WAF"),
        ({}, "<!DOCTYPE html><html><head><title>Just a moment...</title>", "Cloudflare"),
        ({}, "<html><head><title>\n  Attention Required! | Cloudflare \n</title>", "Cloudflare"),
        ({}, "<html><script>(function(){window._cf_chl_opt={cvId:'3'}})()</script>", "Cloudflare"),
        ({}, "<html><head><title>DDoS-Guard</title>", "DDoS-Guard"),
        ({}, '<html><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>', "DDoS-Guard"),
        ({}, '<html><body><iframe id="main-iframe" src="/_Incapsula_Resource?CWUDNSAI=1">no</iframe>', "Imperva"),
        ({}, "<html><head><title>Pardon Our Interruption</title>", "Imperva"),
        ({}, '<html><iframe id="sec-cpt-if" class="crypto" src="/_sec/cp_challenge/x.htm"></iframe>', "Akamai"),
        ({}, "<html><title>Sucuri WebSite Firewall - Access Denied</title>", "Sucuri"),
        ({}, "<html><script>var s={};sucuri_cloudproxy_js='';</script>", "Sucuri"),
        ({}, "<html><script type='text/javascript'>window.gokuProps = {};</script>", "AWS WAF"),
        ({}, "<html><head><title>Vercel Security Checkpoint</title>", "Vercel"),
        ({}, "<!doctype html><title>Making sure you&#39;re not a bot!</title>", "Anubis"),
        ({}, '<html><script async src="/.within.website/x/cmd/anubis/static/js/main.mjs"></script>', "Anubis"),
    ],
)
def test_each_of_the_common_walls_is_named(headers: dict[str, str], body: str, product: str) -> None:
    assert challenge_in(headers, body.encode()) == product


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"server": "cloudflare", "cf-ray": "8f"}, ARTICLE.format(title="A town", text="Nothing of the kind.")),
        ({}, ARTICLE.format(title="Just a moment... that changed a town", text="Just a moment..., she said.")),
        ({}, ARTICLE.format(title="What Cloudflare's challenge page does", text="It sets <code>_cf_chl_opt</code>.")),
        ({}, ARTICLE.format(title="Are you a robot? The captcha at thirty", text="DDoS-Guard, Anubis and others.")),
        ({}, ARTICLE.format(title="Code", text="&lt;script&gt;window._cf_chl_opt&lt;/script&gt;")),
        # what Cloudflare and Imperva put into every page that they let through
        ({}, '<html><script>window.__CF$cv$params={r:"8"};</script><article><p>Read me.</p></article>'),
        ({}, '<html><script src="/_Incapsula_Resource?SWJIYLWA=71" async></script><article><p>Read me.</p></article>'),
        # listings are no pages: what stands in their items is theirs
        ({}, '<?xml version="1.0"?><rss><title>Just a moment...</title></rss>'),
        ({}, '{"title": {"rendered": "<title>Just a moment...</title>"}}'),
        ({}, '[{"content": "<script>window._cf_chl_opt=1</script>"}]'),
    ],
)
def test_a_page_that_writes_about_walls_is_none(headers: dict[str, str], body: str) -> None:
    assert challenge_in(headers, body.encode()) is None


def test_the_marks_are_looked_for_in_the_beginning_alone() -> None:
    assert challenge_in({}, b"<html>" + b" " * 30_000 + b"<title>Just a moment...</title>") is None


@pytest.mark.parametrize(
    ("asked", "answered", "wall"),
    [
        ("https://m.example/feed/", "https://m.example/wp-login.php?redirect_to=x", Wall.LOGIN),
        ("https://m.example/a/", "https://accounts.m.example/sign-in", Wall.LOGIN),
        ("https://m.example/a/", "https://m.example/en/login/", Wall.LOGIN),
        ("https://m.example/a/", "https://m.example/subscribe", Wall.PAYWALL),
        ("https://m.example/a/", "https://m.example/b/", None),
        ("https://m.example/a/", "https://m.example/a/", None),
        ("https://m.example/login/feed/", "https://m.example/login/feed/page/", None),
        ("https://m.example/a/", "https://m.example/loginov-released/", None),
        ("https://m.example/a/", "https://m.example/subscribers-tell-their-story/", None),
    ],
)
def test_a_redirect_to_a_log_in_or_an_offer_is_a_detour(asked: str, answered: str, wall: Wall | None) -> None:
    assert detour(asked, answered) is wall


def test_a_password_field_makes_a_log_in_only_where_no_article_is() -> None:
    form = b"<form><input name=u><input class='x' type=password></form>"
    assert is_login(b"<html><body><p>Members only.</p>" + form + b"</body></html>")
    assert not is_login(ARTICLE.format(title="A town", text="Somebody lives there.").encode())
    assert not is_login(b"<html><body>" + form + b"<p>" + b"A long paragraph of a story. " * 20 + b"</p></body></html>")
    assert not is_login(b"<html><body><p>My password is in the text.</p></body></html>")
    assert not is_login(b'<?xml version="1.0"?><rss>' + form + b"</rss>")

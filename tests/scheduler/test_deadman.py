import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scheduler.deadman import ping

VARIABLE = "RETURNWATCH_TEST_PING"


class Elsewhere(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/followed")
        else:
            self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as running:
        running.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "taken"), [("/secret-key", True), ("/gone", False), ("/elsewhere", False)])
def test_a_sign_is_given_once_and_no_redirect_is_followed(
    server: HTTPServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, path: str, taken: bool
) -> None:
    monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{server.server_port}{path}")
    assert ping(VARIABLE) is taken
    assert server.asked == [path]  # type: ignore[attr-defined]
    assert (f"${VARIABLE}" in caplog.text) is not taken


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "http://user:word@127.0.0.1/",
        "ftp://127.0.0.1/x",
        "http://127.0.0.1:22/",
        "no address",
    ],
)
def test_what_is_no_plain_address_is_not_asked_and_not_written_down(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    monkeypatch.setenv(VARIABLE, url)
    assert not ping(VARIABLE)
    assert not url or url not in caplog.text

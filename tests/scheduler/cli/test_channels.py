"""A person sees whether messages get out, over real channels."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from cases.errors import ConfigError, DeliveryError, UsageError
from scheduler.cli import commands

Run = Callable[..., Result]


class Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert told["type"] == "notice.made"
        self.send_response(404 if self.path == "/away" else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def run(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + "QUJD" * 11)
    folder = tmp_path / "config"
    (folder / "sources").mkdir(parents=True)
    table = "\n".join(
        f'[[channels.webhook.endpoints]]\nname = "{name}"\nurl = "http://127.0.0.1:{port}/{name}"\n'
        f'secret_env = "HOOK_SECRET"\nallow_private = true\n'
        for name in ("here", "away")
    )
    (folder / "returnwatch.toml").write_text(
        f'[store]\nurl = "sqlite:///{tmp_path}/watch.db"\n[channels.file]\nfolder = "{tmp_path}/digests"\n'
        f'[channels.email]\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "watch@example.org"\n{table}',
        encoding="utf-8",
    )
    return lambda *arguments: CliRunner().invoke(commands, ["--config", str(folder), "channels", "test", *arguments])


def test_what_happened_is_said_for_each_receiver(run: Run) -> None:
    told = run("webhook")
    assert "webhook to here: sent: 204 No Content\n" in told.output
    assert "webhook to away: FAILED: " in told.output
    assert "it answers 404 Not Found" in told.output
    assert isinstance(told.exception, DeliveryError)
    assert "1 of 2" in str(told.exception)


def test_a_folder_gets_a_page_that_says_it_is_a_test_and_no_store_is_opened(run: Run, tmp_path: Path) -> None:
    told = run("file", "--json")
    assert told.exit_code == 0
    (outcome,) = json.loads(told.output)
    assert outcome["arrived"]
    assert "This is a test." in Path(outcome["said"]).read_text(encoding="utf-8")
    assert not (tmp_path / "watch.db").exists()


def test_mail_goes_to_whom_one_names_alone(run: Run) -> None:
    assert "such as --to you@example.org" in str(run("email").exception)
    told = run("email", "--to", "me@example.org")
    assert "email to me@example.org: FAILED: " in told.output
    assert "Connection refused" in told.output
    assert isinstance(run("email", "--to", "nobody").exception, UsageError)


def test_a_channel_that_is_not_set_up_is_told(run: Run) -> None:
    assert isinstance(run("apprise").exception, ConfigError)

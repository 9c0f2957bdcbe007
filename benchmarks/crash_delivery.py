"""Kill the sending process again and again, and count which mails were lost and which doubled.

The sending process is killed with SIGKILL at random moments. Between it and a real Postfix stands a wire that now and then is cut
after Postfix has accepted a mail and before its answer arrives. What was sent is then counted in the mailbox at the end of the
chain, by Message-ID. A tenth of the mails is urgent, and goes first; what of the others is held is sent again by the "person"
that this program plays, who looks at nothing but what ``returnwatch deliveries list`` shows.

Prints the figures, and ends with status 1 if a mail was lost or doubled.
"""

import argparse
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.mailchain import PASSWORD, MailChain, is_here, mail_chain
from cases.store import DigestRecord, Store, open_store
from digests.channels import open_channels
from digests.dispatch import deliver_due
from digests.rendering import Rendered
from digests.settling import settle

PER_DIGEST = 50
CUT_SHARE = 0.02
FOUND = "its copy was found"


def main() -> int:
    """Run the whole measurement, or be the process that is killed."""
    asked = argparse.ArgumentParser(description="Kills the sending process again and again, and counts what arrived.")
    asked.add_argument("--mails", type=int, default=1_000)
    asked.add_argument("--kills", type=int, default=30)
    asked.add_argument("--cut", type=float, default=CUT_SHARE, help="share of answers that are lost")
    asked.add_argument("--grace", type=float, default=30, help="seconds that a copy may take to reach the journal")
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.child:
        _send(json.loads(given.child.read_text()))
        return 0
    if not is_here():
        sys.exit("needs root and: apt-get install postfix dovecot-imapd dovecot-lmtpd dovecot-sieve opendkim")
    return _measure(given.mails, given.kills, given.cut, given.grace, given.seed)


def _measure(mails: int, kills: int, cut: float, grace_s: float, seed: int) -> int:
    chance = random.Random(seed)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="returnwatch-crash-") as folder,
        mail_chain(["desk", "journal"]) as chain,
        _frail_wire(chain.relay_port, cut, chance) as wire,
    ):
        table = _table(chain, wire.port, grace_s)
        task = Path(folder) / "task.json"
        task.write_text(json.dumps({"store": f"sqlite:///{folder}/watch.db", "table": table}))
        with open_store(f"sqlite:///{folder}/watch.db") as store:
            expected = _record(store, table, mails)
            died = sum(_killed(task, chance) for _ in range(kills))
            _finish(task)
            held = _decide(store)
            if held:
                _finish(task)
            arrived = _arrived(chain)
            figures = _figures(store, expected, arrived)
    lines = {
        "mails": mails,
        "kills": died,
        "answers lost on the wire": wire.cuts,
        "found already accepted": figures["found"],
        "tried more than once": figures["again"],
        "held for a person, then sent": held,
        "lost": figures["lost"],
        "doubled": figures["doubled"],
        "seconds": round(time.monotonic() - began),
        "seed": seed,
    }
    for name, value in lines.items():
        print(f"{name:>30}  {value}")
    return 1 if figures["lost"] or figures["doubled"] else 0


def _table(chain: MailChain, port: int, grace_s: float) -> dict[str, Any]:
    """Give the table ``[channels.email]``, as an operator would write it."""
    secret = chain.folder / "password"
    secret.write_text(PASSWORD)
    journal = {
        "host": "127.0.0.1",
        "port": chain.imap_port,
        "security": "none",
        "username": "journal",
        "password_file": str(secret),
        "address": "journal@example.org",
        "grace_min": grace_s / 60,
    }
    server = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "watch@example.org"}
    return server | {"connections": 4, "timeout_s": 20, "final_timeout_s": 20, "journal": journal}


def _record(store: Store, table: dict[str, Any], mails: int) -> set[str]:
    """Record digests to so many recipients; every tenth digest is urgent. Gives the Message-IDs."""
    channel = open_channels(["email"], {"email": table})["email"]
    expected: set[str] = set()
    for number, start in enumerate(range(0, mails, PER_DIGEST)):
        now = datetime.now(UTC)
        rendered = Rendered(
            name="crash", period=f"p{number}", made_at=now, subject=f"[NEW] number {number}", page_html="",
            mail_html=f"<p>{'x ' * 2_000}</p>", text="x\n" * 200, json="{}", language="en", severity="new",
            urgent=number % 10 == 0,
        )  # fmt: skip
        people = [f"desk+{one}@example.org" for one in range(start, min(start + PER_DIGEST, mails))]
        messages = channel.compose(rendered, people)
        store.outbox.record(DigestRecord(name="crash", period=f"p{number}", made_at=now), messages)
        expected |= {message.message_id for message in messages}
    return expected


# -- the process that is killed ---------------------------------------------------------------------------------------


def _send(task: dict[str, Any]) -> None:
    """Do what the service does, until nothing is left but what a person must decide."""
    channels = open_channels(["email"], {"email": task["table"]})
    with open_store(task["store"], migrate=False) as store:
        store.deliveries.recover(datetime.now(UTC))
        print("sending", flush=True)
        while any(one.due_at is not None for one in store.deliveries.unsettled()):
            now = datetime.now(UTC)
            settle(store, channels, now=now)
            deliver_due(store, channels, now=now)
            time.sleep(0.05)


def _start(task: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crash_delivery", "--child", str(task)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


def _killed(task: Path, chance: random.Random) -> bool:
    """Start a sender and kill it; tells whether it was at work still."""
    with _start(task) as child:
        time.sleep(chance.uniform(0.02, 0.6))
        child.send_signal(signal.SIGKILL)
        return child.wait() == -signal.SIGKILL


def _finish(task: Path) -> None:
    with _start(task) as child:
        if child.wait() != 0:
            sys.exit("the sender failed")


def _decide(store: Store) -> int:
    """Be the person: what is held is not in the journal, so it is sent again."""
    held = [one for one in store.deliveries.unsettled() if one.state == "unknown"]
    for one in held:
        store.deliveries.retry(one.id, datetime.now(UTC))
    return len(held)


# -- counting ---------------------------------------------------------------------------------------------------------


def _arrived(chain: MailChain) -> Counter[str]:
    """Count the Message-IDs in the mailbox, once it has stopped growing."""
    before, arrived = -1, Counter[str]()
    while before != arrived.total():
        before = arrived.total()
        time.sleep(2)
        with chain.mailbox("desk") as imap:
            _, parts = imap.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        ids = (re.search(rb"<[^<>\s]+>", part[1]) for part in parts if isinstance(part, tuple))
        arrived = Counter(found[0].decode() for found in ids if found)
    return arrived


def _figures(store: Store, expected: set[str], arrived: Counter[str]) -> dict[str, int]:
    sent = store.deliveries.in_states(["sent"], limit=10**9)
    return {
        "found": sum(FOUND in (one.receipt or "") for one in sent),
        "again": sum(one.tries > 1 for one in sent),
        "lost": len(expected - arrived.keys()),
        "doubled": sum(count > 1 for count in arrived.values()),
    }


# -- the wire ---------------------------------------------------------------------------------------------------------


class _Wire:
    """Passes everything on between a client and Postfix, but for some answers."""

    def __init__(self, listener: socket.socket, server_port: int, cut: float, chance: random.Random) -> None:
        self.port: int = listener.getsockname()[1]
        self.cuts = 0
        self._listener, self._server_port, self._cut, self._chance = listener, server_port, cut, chance

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                for work in (self._forth, self._back):
                    threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while piece := client.recv(65_536):
                server.sendall(piece)
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        """Pass answers on; the one that follows a message is swallowed now and then, and the wire is cut."""
        has_message = False
        with suppress(OSError):
            while piece := server.recv(65_536):
                if has_message and piece.startswith(b"250") and self._chance.random() < self._cut:
                    self.cuts += 1
                    break
                has_message = piece.startswith(b"354")
                client.sendall(piece)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def _frail_wire(server_port: int, cut: float, chance: random.Random) -> Iterator[_Wire]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = _Wire(listener, server_port, cut, chance)
        threading.Thread(target=wire.serve, daemon=True).start()
        yield wire
        listener.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    sys.exit(main())

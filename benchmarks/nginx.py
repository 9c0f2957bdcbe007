"""folder of sites → web server: Debian's nginx, unprivileged, on loopback alone, each site at an address of its own.

Site ``n`` answers at ``address_of(n)``, one of the sixteen million addresses of 127.0.0.0/8, all at one port: so that every
site is a host of its own to whoever visits, as on the web. ETag, Last-Modified and gzip as nginx gives them.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PROGRAM = "/usr/sbin/nginx"
_LAST = 250
_STARTS_WITHIN_S = 10.0
_CONFIGURATION = """
daemon off;
pid {prefix}/nginx.pid;
error_log {prefix}/error.log warn;
worker_processes 1;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log {access_log};
  client_body_temp_path {prefix}/body;
  proxy_temp_path {prefix}/proxy;
  fastcgi_temp_path {prefix}/fastcgi;
  uwsgi_temp_path {prefix}/uwsgi;
  scgi_temp_path {prefix}/scgi;
  types {{ text/html html; application/rss+xml xml; text/plain txt; }}
  sendfile on;
  tcp_nopush on;
  etag on;
  if_modified_since before;
  gzip on;
  gzip_vary on;
  gzip_types application/rss+xml text/plain;
  keepalive_timeout 65;
  server {{
    listen 0.0.0.0:{port} backlog=4096;
    allow 127.0.0.0/8;
    deny all;
    root {sites}/$server_addr;
    index index.html index.xml;
  }}
}}
"""


def is_here() -> bool:
    """Tell whether the program is installed (``apt-get install nginx``)."""
    return Path(PROGRAM).exists()


def address_of(number: int) -> str:
    """Give the address of a site by its number, from 0 up to about fifteen million."""
    rest, last = divmod(number, _LAST)
    second, third = divmod(rest, _LAST)
    return f"127.{second + 1}.{third}.{last + 1}"


class Nginx:
    """The server of one folder of sites; a context manager. As root it runs as ``nobody``, who must be able to read the folder.

    ``log`` writes every request to ``access.log`` in the server's own folder ``prefix``, which is gone at the end.
    """

    def __init__(self, sites: Path, *, log: bool = False) -> None:
        self._sites = sites.absolute()
        self._log = log
        self.prefix = Path(tempfile.mkdtemp(prefix="returnwatch-nginx-"))
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, number: int) -> str:
        """Give the root address of a site, with a slash at its end."""
        return f"http://{address_of(number)}:{self.port}/"

    def requests(self) -> list[str]:
        """Give the lines of the access log so far; only with ``log``."""
        return (self.prefix / "access.log").read_text().splitlines()

    def __enter__(self) -> Self:
        configuration = self.prefix / "nginx.conf"
        access_log = f"{self.prefix}/access.log" if self._log else "off"
        configuration.write_text(
            _CONFIGURATION.format(prefix=self.prefix, port=self.port, sites=self._sites, access_log=access_log)
        )
        as_nobody: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.prefix, nobody.pw_uid, nobody.pw_gid)
            as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        command = [PROGRAM, "-p", str(self.prefix), "-c", str(configuration), "-e", str(self.prefix / "error.log")]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **as_nobody)
        self._wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        shutil.rmtree(self.prefix)

    def _wait(self) -> None:
        """Wait until it answers; RuntimeError with its own words when it does not."""
        ends = time.monotonic() + _STARTS_WITHIN_S
        while time.monotonic() < ends and self._process is not None and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        log = self.prefix / "error.log"
        raise RuntimeError(f"nginx does not answer: {log.read_text() if log.exists() else 'it wrote nothing'}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

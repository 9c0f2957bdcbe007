"""digest went out → a sign to a service elsewhere that expects one: when it stays away, that service tells the operator.

The address is the operator's own, and a secret of a kind: it is named by an environment variable and never written. It must be plain
http or https without a user name, may lie in one's own network, and no redirect is followed. Nothing depends on the answer.
"""

import logging
import os
import urllib.request
from http.client import HTTPException
from typing import Any

from cases.errors import WatchError
from crawler.wire.guard import check_url

log = logging.getLogger(__name__)

_PATIENCE_S = 10.0


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - as the library calls it
        """Follow no redirect."""


def ping(variable: str) -> bool:
    """Ask for the address in an environment variable; tells whether somebody answered. A failure is logged, and harms nothing."""
    url = os.environ.get(variable, "")
    if not url:
        log.warning("no sign can be given: the environment variable %s is empty or not set", variable)
        return False
    try:
        check_url(url)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
        with opener.open(url, timeout=_PATIENCE_S) as answer:
            answer.read(1_024)
    except (WatchError, OSError, HTTPException, ValueError) as fault:
        log.warning("the sign to $%s was not taken: %s", variable, str(fault).replace(url, f"${variable}"))
        return False
    return True

"""options → Scrapy's settings, each politeness and each precaution with its reason."""

from importlib.metadata import version
from typing import Any

from scrapy.utils.reactor import is_reactor_installed

from crawler.options import Collection

_HTTP_GIVEN_UP = (500, 502, 503, 504, 522, 524, 408)


def user_agent(collection: Collection) -> str:
    """Say who visits and why, and how to reach the operator; never the name of a browser."""
    contact = f"; contact: {collection.contact}" if collection.contact else ""
    return f"Returnwatch/{version('returnwatch')} (monitor of news about forced returns{contact})"


def scrapy_settings(collection: Collection) -> dict[str, Any]:
    """Give the settings of one crawl. Scrapy runs over the reactor when one is installed, and without one otherwise."""
    reactor = is_reactor_installed()
    door = f"crawler.wire.fetching.{'ReactorDoor' if reactor else 'LoopDoor'}"
    return {
        **_parts(collection),
        **_politeness(collection),
        **_precautions(collection),
        "TWISTED_REACTOR_ENABLED": reactor,
        # only the web: no file:, data:, ftp: or s3: address is ever followed
        "DOWNLOAD_HANDLERS": {"http": door, "https": door, "file": None, "data": None, "ftp": None, "s3": None},
        # an answer that is not 200 is news about the source, not an error of ours
        "HTTPERROR_ALLOW_ALL": True,
        "LOG_ENABLED": False,
    }


def _parts(collection: Collection) -> dict[str, Any]:
    """Name every part of Scrapy that takes part, in order.

    What is not named here is not there, whatever Scrapy begins to bring along: each of its defaults looks at every request
    and every answer, and one of its extensions opens a port that executes Python.
    """
    return {
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            **({"crawler.wire.robots.Robots": 100} if collection.respect_robots else {}),
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "crawler.wire.retrying.Retry": 550,
            "crawler.wire.unpacking.Unpacking": 590,
            "crawler.wire.redirecting.Redirect": 600,
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # a run counts for itself
    }


def _politeness(collection: Collection) -> dict[str, Any]:
    return {
        "USER_AGENT": user_agent(collection),
        "ROBOTSTXT_OBEY": collection.respect_robots,
        "DOWNLOAD_DELAY": collection.delay_s,
        "DOWNLOAD_DELAY_JITTER": 0,  # the delay is the least time between requests, not their mean
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_REQUESTS": 2,  # a stop drains this many through the delay
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for what comes of every answer, and nothing but requests does
        "RETRY_TIMES": collection.retries,
        # 429 is not among them: a site that asks for less is not asked again at once
        "RETRY_HTTP_CODES": list(_HTTP_GIVEN_UP),
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*"},
    }


def _precautions(collection: Collection) -> dict[str, Any]:
    return {
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": collection.timeout_s,
        "DOWNLOAD_MAXSIZE": collection.max_bytes,  # before and after decompression
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy of the environment would hide whom the guard checks
        "REMOTE_CONTROL_ENABLED": False,  # opens a port that executes Python
        "TELNETCONSOLE_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
    }

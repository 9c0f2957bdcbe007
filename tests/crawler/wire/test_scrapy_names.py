"""What the doors lean on inside Scrapy, Twisted and aiohttp: an upgrade that moves one of these names must say so here."""

import inspect
from importlib import import_module

import pytest

NAMES = [
    ("scrapy.core.downloader.handlers._aiohttp", "AiohttpDownloadHandler", "_extract_headers"),
    ("scrapy.core.downloader.handlers._aiohttp", "_ClientResponse", "start"),
    ("scrapy.core.downloader.handlers._base_streaming", "BaseStreamingDownloadHandler", "download_request"),
    ("scrapy.core.downloader.handlers.http11", "HTTP11DownloadHandler", "download_request"),
    ("scrapy.core.downloader.handlers.http11", "_BindAddressAgent", "request"),
    ("scrapy.core.downloader.handlers.http11", "_ScrapyAgent", "_get_agent"),
    ("scrapy.core.downloader.handlers.http11", "_LenientHTTP11ClientFactory", "buildProtocol"),
    ("scrapy.core.downloader.handlers.http11", "_LenientHTTP11ClientProtocol", "request"),
    ("scrapy.core.downloader.handlers.http11", "_LenientHTTPClientParser", "lineReceived"),
    ("scrapy.downloadermiddlewares.httpcompression", "HttpCompressionMiddleware", "_handle_encoding"),
    ("scrapy.downloadermiddlewares.httpcompression", "HttpCompressionMiddleware", "_split_encodings"),
    ("scrapy.utils._compression", "_DecompressionMaxSizeExceeded", "__str__"),
    ("scrapy.utils._download_handlers", "make_response", ""),
    ("scrapy.utils._download_handlers", "wrap_twisted_exceptions", ""),
    ("scrapy.utils.ssl", "_make_ssl_context", ""),
    ("twisted.web._newclient", "ParseError", ""),
]
ATTRIBUTES = [
    ("scrapy.core.downloader.handlers.http11", "HTTP11DownloadHandler", ("_pool", "_factory", "_contextFactory")),
    (
        "scrapy.core.downloader.handlers._base_http",
        "BaseHttpDownloadHandler",
        ("_default_maxsize", "_fail_on_dataloss"),
    ),
    ("scrapy.core.downloader.handlers._base_streaming", "BaseStreamingDownloadHandler", ("_pool_size_total",)),
    ("scrapy.core.downloader.handlers._aiohttp", "AiohttpDownloadHandler", ("_session", "_ssl_context")),
    ("scrapy.core.downloader", "Downloader", ("_delay", "slots")),
    ("twisted.web._newclient", "HTTP11ClientProtocol", ("_parser",)),
]


@pytest.mark.parametrize(("module", "name", "method"), NAMES)
def test_a_private_name_that_the_doors_use_is_where_it_was(module: str, name: str, method: str) -> None:
    found = getattr(import_module(module), name, None)
    assert found is not None, f"{module} has no {name} any more: crawler's doors must be looked at before this upgrade"
    assert not method or hasattr(found, method), f"{module}.{name} has no {method} any more: look at crawler's doors"


@pytest.mark.parametrize(("module", "name", "attributes"), ATTRIBUTES)
def test_an_attribute_that_the_doors_use_is_still_set(module: str, name: str, attributes: tuple[str, ...]) -> None:
    source = inspect.getsource(getattr(import_module(module), name))
    missing = [attribute for attribute in attributes if attribute not in source]
    assert not missing, f"{module}.{name} knows nothing of {missing} any more: look at crawler's doors"


def test_aiohttp_still_takes_the_limits_that_it_is_told() -> None:
    told = inspect.signature(import_module("aiohttp").ClientSession.__init__).parameters
    assert {"max_line_size", "max_field_size", "max_headers", "auto_decompress"} <= set(told)
    connector = inspect.signature(import_module("aiohttp").TCPConnector.__init__).parameters
    assert "socket_factory" in connector, "the guard checks each connection in the socket factory"

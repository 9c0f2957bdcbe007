"""A try that failed → another one? As Scrapy does it, but for sites that say when they want to be asked again."""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response


class Retry(RetryMiddleware):
    """Scrapy's middleware; an answer with Retry-After is not asked for again in the same visit."""

    def process_response(self, request: Request, response: Response, *_: Any) -> Request | Response:  # noqa: ANN401 - Scrapy may hand over its spider
        """Hand on an answer, or ask once more."""
        return response if b"Retry-After" in response.headers else super().process_response(request, response)

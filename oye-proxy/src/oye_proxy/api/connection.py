"""aiohttp's HTTP connection, but what cannot even be parsed is answered in JSON too."""

import logging
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from oye_proxy.api.problems import http_problem

_logger = logging.getLogger(__name__)


class Runner(web.AppRunner):
    """Runs an application on our connections."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            made.request_handler,
            request_factory=made.request_factory,
            **made._kwargs,  # noqa: SLF001
        )


class _Server(web.Server):
    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(RequestHandler):
    """One HTTP connection."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what no handler has seen; strangers' garbage is not worth a traceback."""
        del message
        if isinstance(exc, HttpProcessingError):
            _logger.debug("! unreadable request from %s", request.remote)
        elif not isinstance(exc, ConnectionError):
            _logger.error("a request failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        sentence = "The request cannot be read" if status == HTTPStatus.BAD_REQUEST else None
        # The signal that sets the headers of all other answers does not run here.
        headers = {"Server": "oye-proxy", "X-Content-Type-Options": "nosniff"}
        response = http_problem(HTTPStatus(status), sentence, headers)
        response.force_close()
        return response

    def log_exception(self, *args: Any, **details: Any) -> None:
        """Log what is a fault of ours; a body that cannot be decoded was answered already."""
        if not isinstance(details.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **details)

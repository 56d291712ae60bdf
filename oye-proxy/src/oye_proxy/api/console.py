"""`GET /`: the built console when it is part of this build, else a page that says it is not."""

from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from oye_proxy.api.routes import Exchange, Route

CONSOLE_FOLDER: Final = Path(__file__).parents[1] / "console"
INDEX: Final = "index.html"

_FALLBACK = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>OYE</title></head>
<body>
<p>The proxy runs. The web console is not part of this build: <code>scripts/build-console</code>
makes it. The API is described by <a href="api/openapi.json">api/openapi.json</a>.</p>
</body>
</html>
"""


class ConsoleFiles:
    """The console's files by their path in the URL; found once, so that no path leads elsewhere."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def find(self, raw_path: str) -> web.StreamResponse | None:
        """
        Return the file at a raw path; hashed assets may be kept for ever.

        One that has a compressed sibling, `index.js.gz`, goes out as that to who takes it.
        """
        name = raw_path.removeprefix("/")
        path = self._files.get(name)
        if path is None:
            return None
        kept = name.startswith("assets/")
        caching = "public, max-age=31536000, immutable" if kept else "no-store"
        return web.FileResponse(path, headers={hdrs.CACHE_CONTROL: caching})

    def index(self) -> web.StreamResponse:
        """Return the first page."""
        return self.find(INDEX) or web.Response(text=_FALLBACK, content_type="text/html")


CONSOLE_FILES = web.AppKey("CONSOLE_FILES", ConsoleFiles)


async def show_console(exchange: Exchange) -> web.StreamResponse:
    """Answer the console's page."""
    return exchange.app[CONSOLE_FILES].index()


ROUTES = (
    Route(
        method="GET",
        path="/",
        handler=show_console,
        scope=None,
        summary="The web console",
        media="text/html",
    ),
)

"""The console's page and files, or the page that says there is none."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.proxy.api.conftest import Api, serve
from tests.proxy.api.memory import MemoryHub

from oye_proxy.api.keys import Dependencies


@pytest.fixture
def console_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "console"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>built</title>")
    (folder / "assets" / "index-abc.js").write_text("export {}")
    (tmp_path / "secret.txt").write_text("not for anybody")
    return folder


@pytest.fixture
async def built(
    dependencies: Dependencies, hub: MemoryHub, console_folder: Path
) -> AsyncIterator[Api]:
    async for started in serve(dependencies, hub, console_folder=console_folder):
        yield started


@pytest.fixture
async def unbuilt(dependencies: Dependencies, hub: MemoryHub, tmp_path: Path) -> AsyncIterator[Api]:
    async for started in serve(dependencies, hub, console_folder=tmp_path / "none"):
        yield started


async def test_without_a_build_the_page_says_what_to_use_instead(unbuilt: Api) -> None:
    async with unbuilt.session.get(f"{unbuilt.url}/") as response:
        text = await response.text()

        assert (200, "text/html") == (response.status, response.content_type)
        assert "The web console is not part of this build" in text
        assert "scripts/build-console" in text
        assert "api/openapi.json" in text
        assert "<script" not in text


@pytest.mark.parametrize(
    ("path", "content", "caching"),
    [
        ("/", "<title>built</title>", "no-store"),
        ("/index.html", "<title>built</title>", "no-store"),
        ("/assets/index-abc.js", "export {}", "public, max-age=31536000, immutable"),
    ],
)
async def test_built_files_are_served_to_everybody(
    built: Api, path: str, content: str, caching: str
) -> None:
    """Hashed assets never change; the page that names them must be asked for anew."""
    async with built.session.get(f"{built.url}{path}") as response:
        assert (200, content) == (response.status, await response.text())
        assert caching == response.headers["Cache-Control"]
        assert "nosniff" == response.headers["X-Content-Type-Options"]


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/..%2Fsecret.txt", "/assets", "/assets/", "/assets/../index.html"]
)
async def test_no_path_leads_out_of_the_folder(built: Api, path: str) -> None:
    status, body = await built.ask("GET", path)

    assert (404, "not_found") == (status, body["code"])


async def test_a_compressed_file_goes_out_to_who_takes_it(built: Api, console_folder: Path) -> None:
    packed = gzip.compress(b"export {}")
    (console_folder / "assets" / "index-abc.js.gz").write_bytes(packed)
    url = f"{built.url}/assets/index-abc.js"
    async with built.session.get(url, headers={"Accept-Encoding": "gzip"}) as response:
        assert "gzip" == response.headers["Content-Encoding"]
        assert "Accept-Encoding" in response.headers["Vary"]
        assert "public, max-age=31536000, immutable" == response.headers["Cache-Control"]
        assert "javascript" in response.content_type
        assert "export {}" == await response.text()
    async with built.session.get(url, headers={"Accept-Encoding": "identity"}) as response:
        assert "Content-Encoding" not in response.headers
        assert "export {}" == await response.text()

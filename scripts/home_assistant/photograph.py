"""
Photograph pages of Home Assistant as a signed-in user sees them, in Chromium.

A program of the environment that has playwright, run in the network of Home Assistant by
`browser.photograph`: it reads what to do as JSON from the variable TASK, and prints what went wrong
in the pages as JSON.
"""

import asyncio
import json
import os
import time
from typing import Any, Final

# Playwright lives beside Home Assistant alone.
from playwright.async_api import Page, async_playwright  # type: ignore[import-not-found]

FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE: Final = 40.0
SETTLE_SECONDS: Final = 1.0
POLL_SECONDS: Final = 0.1
# What a card shows in place of what it cannot.
COMPLAINTS: Final = "hui-warning, hui-warning-element, hui-error-card"


async def _photograph(task: dict[str, Any]) -> list[str]:
    """Take each picture; return the errors that the pages told."""
    troubles: list[str] = []
    expires = int(time.time() * 1000) + task["tokens"]["expires_in"] * 1000
    signed_in = {
        **task["tokens"],
        "hassUrl": task["url"],
        "clientId": task["client_id"],
        "expires": expires,
    }
    remember = f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(signed_in))});"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=task["browser"], args=list(FLAGS)
        )
        context = await browser.new_context(
            viewport={"width": task["width"], "height": task["height"]},
            color_scheme="dark" if task["dark"] else "light",
        )
        await context.add_init_script(remember)
        page = await context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        for one in task["pages"]:
            await page.goto(f"{task['url']}{one['path']}", wait_until="domcontentloaded")
            if not await _shows(page, one["text"]):
                shown = await page.locator("body").inner_text()
                raise TimeoutError(f"{one}: the page shows {shown!r}; {troubles=}, {failed=}")
            await asyncio.sleep(SETTLE_SECONDS)
            await page.screenshot(path=one["file"])
            troubles += filter(None, await page.locator(COMPLAINTS).all_inner_texts())
        await browser.close()
    return troubles


async def _shows(page: Page, text: str) -> bool:
    """Wait until a text stands in the page, or in the page of an app within it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for frame in page.frames:
            for found in await frame.get_by_text(text).all():
                if await found.is_visible():
                    return True
        await asyncio.sleep(POLL_SECONDS)
    return False


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_photograph(json.loads(os.environ["TASK"])))))

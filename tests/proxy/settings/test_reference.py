"""`docs/SETTINGS.md` says what the code says."""

from pathlib import Path

from oye_proxy.settings.reference import render_settings

ROOT = Path(__file__).parents[3]


def test_the_page_is_current() -> None:
    """If it is not: `scripts/sync`."""
    assert render_settings() == (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")

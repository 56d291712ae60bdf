"""The pictures of the store: of the sizes that Home Assistant expects, and as they are drawn."""

import pytest
from tests.app.declarations import APP, ROOT

from icons import png
from icons.__main__ import PICTURES

SMALL = 10_000


def test_the_icon_is_square_and_the_logo_wide() -> None:
    assert png.decode((APP / "icon.png").read_bytes())[:2] == (128, 128)
    assert png.decode((APP / "logo.png").read_bytes())[:2] == (250, 100)


@pytest.mark.parametrize("name", ["icon.png", "logo.png"])
def test_pictures_load_fast_and_let_the_page_show_through(name: str) -> None:
    content = (APP / name).read_bytes()
    _, _, pixels = png.decode(content)

    assert len(content) < SMALL
    assert pixels[3] == 0


@pytest.mark.parametrize(
    ("name", "draw", "width"), PICTURES, ids=[str(name) for name, _, _ in PICTURES]
)
def test_pictures_are_as_drawn(name: str, draw: object, width: int) -> None:
    assert callable(draw)
    assert png.decode((ROOT / name).read_bytes()) == draw().pixels(width)

"""The drawing of the pictures: shapes by distance, colours over each other, PNG files."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icons import png
from icons.canvas import Drawing, Layer
from icons.drawings import icon, logo, trimmed_logo
from icons.shapes import polygon, ring, rounded_square, stroke

RED, BLUE = (255, 0, 0), (0, 0, 255)
SQUARE = polygon(((0, 0), (10, 0), (10, 10), (0, 10)), 0)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_a_file_gives_back_its_pixels(width: int, height: int, data: st.DataObject) -> None:
    size = width * height * 4
    pixels = data.draw(st.binary(min_size=size, max_size=size))

    assert png.decode(png.encode(width, height, pixels)) == (width, height, pixels)


def test_other_files_are_told() -> None:
    with pytest.raises(ValueError, match="no PNG"):
        png.decode(b"GIF89a")
    palette = png.encode(1, 1, bytes(4)).replace(b"\x08\x06\x00\x00\x00", b"\x08\x03\x00\x00\x00")
    with pytest.raises(ValueError, match="another kind"):
        png.decode(palette)


@pytest.mark.parametrize(
    ("shape", "point", "expected"),
    [
        (SQUARE, (5, 5), -5),
        (SQUARE, (13, 14), 5),
        (polygon(((0, 0), (10, 0), (10, 10), (0, 10)), 2), (12, 5), 0),
        (ring((0, 0), 10, 4), (10, 0), -2),
        (ring((0, 0), 10, 4), (0, 0), 8),
        (stroke(((0, 0), (10, 0)), 2), (5, 3), 2),
        (stroke(((0, 0), (10, 0)), 2), (13, 4), 4),
        (rounded_square((0, 0), 5, 1), (0, 0), -5),
        (rounded_square((0, 0), 5, 5), (4, 3), 0),
    ],
)
def test_distances(shape: object, point: tuple[float, float], expected: float) -> None:
    assert callable(shape)
    assert math.isclose(shape(*point), expected, abs_tol=1e-9)


def test_an_edge_covers_a_part_of_a_pixel() -> None:
    half = Drawing(2, 1, [Layer(polygon(((-9, -9), (1.5, -9), (1.5, 9), (-9, 9)), 0), RED, RED)])

    assert half.pixels(2) == (2, 1, bytes([255, 0, 0, 255, 255, 0, 0, 128]))


def test_later_layers_lie_above_and_colours_run_downwards() -> None:
    everywhere = polygon(((-9, -9), (19, -9), (19, 19), (-9, 19)), 0)
    drawing = Drawing(1, 2, [Layer(everywhere, RED, RED), Layer(everywhere, RED, BLUE)])
    _, _, pixels = drawing.pixels(1)

    assert list(pixels) == [191, 0, 64, 255, 64, 0, 191, 255]


def test_what_nothing_covers_is_transparent() -> None:
    assert Drawing(1, 1, []).pixels(1) == (1, 1, bytes(4))


def test_pictures_have_their_shape_at_any_size() -> None:
    assert icon().pixels(48)[:2] == (48, 48)
    assert logo().pixels(125)[:2] == (125, 50)


def test_what_lies_far_from_a_block_is_left_out_of_it_and_nothing_else() -> None:
    """A picture of many blocks is the one that every layer was asked for at every pixel."""
    line = Layer(stroke(((0, 0), (40, 40)), 3), RED, BLUE)
    drawing = Drawing(40, 40, [line])
    width, _, pixels = drawing.pixels(40)
    covered = {(index % width, index // width) for index, alpha in enumerate(pixels[3::4]) if alpha}

    assert covered == {
        (x, y)
        for x in range(40)
        for y in range(40)
        if round(min(max(0.5 - line.shape(x + 0.5, y + 0.5), 0), 1) * 255)
    }


@pytest.mark.parametrize("dark", [False, True])
def test_the_brand_images_have_no_room_around_them(*, dark: bool) -> None:
    for drawing, size in ((icon(dark=dark), (64, 64)), (trimmed_logo(dark=dark), (159, 64))):
        width, height, pixels = drawing.pixels(size[0])
        alpha = pixels[3::4]
        edges = (alpha[:width], alpha[-width:], alpha[::width], alpha[width - 1 :: width])

        assert (width, height) == size
        assert all(any(edge) for edge in edges)
        assert alpha[0] == 0

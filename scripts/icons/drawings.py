"""
The pictures of OYE: a charge that runs through a ring, which watches it and changes nothing.

The unit is a hundredth of the icon's height. Colours are chosen to be read on white and on black.
"""

from icons.canvas import Colour, Drawing, Layer
from icons.shapes import polygon, ring, rounded_square, stroke

WHITE: Colour = (255, 255, 255)
YELLOW: Colour = (255, 214, 64)
TEAL_LIGHT: Colour = (20, 160, 150)
TEAL_DARK: Colour = (10, 110, 125)
LETTERS: Colour = (18, 146, 144)
# On a dark ground everything is a little lighter.
TEAL_LIGHT_ON_DARK: Colour = (38, 190, 178)
TEAL_DARK_ON_DARK: Colour = (20, 138, 152)
LETTERS_ON_DARK: Colour = (88, 206, 196)

_BOLT = ((56.5, 27.0), (36.5, 54.5), (48.0, 54.5), (43.5, 73.0), (63.5, 45.5), (52.0, 45.5))
_LETTER_PEN = 11.0
_NAME_END = 243 + _LETTER_PEN / 2


def icon(*, dark: bool = False) -> Drawing:
    """Return the square icon."""
    return Drawing(100, 100, _sign(dark=dark))


def logo() -> Drawing:
    """Return the icon with the name beside it, in the shape that app stores show."""
    return Drawing(250, 100, (*_sign(dark=False), *_name(dark=False)))


def trimmed_logo(*, dark: bool = False) -> Drawing:
    """Return the icon with the name beside it and no room around them."""
    return Drawing(_NAME_END, 100, (*_sign(dark=dark), *_name(dark=dark)))


def _sign(*, dark: bool) -> tuple[Layer, ...]:
    light, deep = (TEAL_LIGHT_ON_DARK, TEAL_DARK_ON_DARK) if dark else (TEAL_LIGHT, TEAL_DARK)
    wire = ((11.0, 50.0), (20.5, 50.0)), ((79.5, 50.0), (89.0, 50.0))
    return (
        Layer(rounded_square((50, 50), 50, 22), light, deep),
        Layer(ring((50, 50), 29.5, 8), WHITE, WHITE),
        *(Layer(stroke(part, 8), WHITE, WHITE) for part in wire),
        Layer(polygon(_BOLT, 1.2), YELLOW, YELLOW),
    )


def _name(*, dark: bool) -> tuple[Layer, ...]:
    colour = LETTERS_ON_DARK if dark else LETTERS
    top, middle, bottom = 27.0, 50.0, 73.0
    letters = (
        ring((143, middle), 23, _LETTER_PEN),
        stroke(((174, top), (190, middle + 2), (206, top)), _LETTER_PEN),
        stroke(((190, middle + 2), (190, bottom)), _LETTER_PEN),
        stroke(((243, top), (219.5, top), (219.5, bottom), (243, bottom)), _LETTER_PEN),
        stroke(((219.5, middle), (239, middle)), _LETTER_PEN),
    )
    return tuple(Layer(letter, colour, colour) for letter in letters)

"""A picture made of coloured shapes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from icons.shapes import Point, Shape

Colour: TypeAlias = tuple[int, int, int]

# Pixels across a block that is looked at as a whole before its pixels are.
_BLOCK = 16


@dataclass(frozen=True)
class Layer:
    """A shape and its colour, from `top` at its upper edge to `bottom` at its lower one."""

    shape: Shape
    top: Colour
    bottom: Colour


@dataclass(frozen=True)
class Drawing:
    """Layers from back to front on a transparent ground, in a unit of their own."""

    width: float
    height: float
    layers: Sequence[Layer]

    def pixels(self, width: int) -> tuple[int, int, bytes]:
        """Return width, height and the RGBA bytes of the picture with that many pixels across."""
        scale = width / self.width
        height = round(self.height * scale)
        rows = bytearray()
        for top in range(0, height, _BLOCK):
            near = [self._near(left, top, scale) for left in range(0, width, _BLOCK)]
            for row in range(top, min(top + _BLOCK, height)):
                y = (row + 0.5) / scale
                for column in range(width):
                    layers = near[column // _BLOCK]
                    rows += self._pixel(layers, ((column + 0.5) / scale, y), scale)
        return width, height, bytes(rows)

    def _near(self, left: int, top: int, scale: float) -> list[Layer]:
        """Return the layers that reach into a block: distances change as slowly as points."""
        middle = _BLOCK / 2
        reach = math.hypot(middle, middle) + 1
        x, y = (left + middle) / scale, (top + middle) / scale
        return [layer for layer in self.layers if layer.shape(x, y) * scale < reach]

    def _pixel(self, layers: Sequence[Layer], point: Point, scale: float) -> bytes:
        red = green = blue = alpha = 0.0
        part = point[1] / self.height
        for layer in layers:
            # The edge of a shape covers as much of a pixel as its middle is inside.
            cover = min(max(0.5 - layer.shape(*point) * scale, 0.0), 1.0)
            if cover == 0.0:
                continue
            colour = [
                above + (below - above) * part
                for above, below in zip(layer.top, layer.bottom, strict=True)
            ]
            under = alpha * (1 - cover)
            alpha = cover + under
            red, green, blue = (
                (new * cover + old * under) / alpha
                for new, old in zip(colour, (red, green, blue), strict=True)
            )
        return bytes(round(value) for value in (red, green, blue, alpha * 255))

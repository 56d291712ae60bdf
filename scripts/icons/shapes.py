"""
Shapes as signed distances: how far a point is outside (positive) or inside (negative).

A distance says both where a shape is and how much of a pixel its edge covers, at any size.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Shape: TypeAlias = Callable[[float, float], float]


def rounded_square(center: Point, half: float, radius: float) -> Shape:
    """Return a square with round corners."""

    def distance(x: float, y: float) -> float:
        across = abs(x - center[0]) - half + radius
        along = abs(y - center[1]) - half + radius
        outside = math.hypot(max(across, 0.0), max(along, 0.0))
        return outside + min(max(across, along), 0.0) - radius

    return distance


def ring(center: Point, radius: float, width: float) -> Shape:
    """Return a circle drawn with a pen."""

    def distance(x: float, y: float) -> float:
        return abs(math.hypot(x - center[0], y - center[1]) - radius) - width / 2

    return distance


def stroke(points: Sequence[Point], width: float) -> Shape:
    """Return a line through points, drawn with a round pen."""
    pairs = list(itertools.pairwise(points))

    def distance(x: float, y: float) -> float:
        return min(_to_segment(x, y, start, end) for start, end in pairs) - width / 2

    return distance


def polygon(points: Sequence[Point], rounding: float) -> Shape:
    """Return a filled polygon whose corners are rounded outwards."""
    pairs = list(zip(points, [*points[1:], points[0]], strict=True))

    def distance(x: float, y: float) -> float:
        inside = False
        for (x1, y1), (x2, y2) in pairs:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        edge = min(_to_segment(x, y, start, end) for start, end in pairs)
        return (-edge if inside else edge) - rounding

    return distance


def _to_segment(x: float, y: float, start: Point, end: Point) -> float:
    run, rise = end[0] - start[0], end[1] - start[1]
    part = ((x - start[0]) * run + (y - start[1]) * rise) / (run * run + rise * rise)
    part = min(max(part, 0.0), 1.0)
    return math.hypot(x - start[0] - part * run, y - start[1] - part * rise)

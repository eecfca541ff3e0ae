"""A series as a bar chart in SVG, for a template to draw; the table beside it has every number."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 24, 26
_MOST_LABELLED = 16  # up to so many bars each has room for its number


class Bar(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    text: str  # the number for people; empty if there is no room
    label: str


class Drawing(NamedTuple):
    title: str
    says: str  # the series in words, for screen readers
    bars: list[Bar]
    zero: float  # the position of the axis
    width: int = WIDTH
    height: int = HEIGHT


def drawn(title: str, points: Sequence[tuple[str, float | None, str]]) -> Drawing | None:
    """Lay out a chart of (label, value, text); None if no value is known."""
    known = [value for _label, value, _text in points if value is not None]
    if not known:
        return None
    low, high = min(0.0, *known), max(0.0, *known)
    scale = (HEIGHT - _TOP - _BOTTOM) / ((high - low) or 1)
    step = (WIDTH - _LEFT - _RIGHT) / len(points)
    zero = _TOP + high * scale
    every = -(-len(points) // _MOST_LABELLED)
    bars = []
    for place, (label, value, text) in enumerate(points):
        x, amount = _LEFT + (place + 0.14) * step, (value or 0.0) * scale
        y = zero - max(amount, 0.0)
        reads = text if value is not None and every == 1 else ""
        named = label if place % every == 0 else ""
        bars.append(Bar(round(x, 1), round(y, 1), round(step * 0.72, 1), round(abs(amount), 1), reads, named))
    says = "; ".join(f"{label}: {text}" for label, _value, text in points)
    return Drawing(title, f"{title}. {says}", bars, round(zero, 1))

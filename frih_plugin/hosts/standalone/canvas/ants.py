"""The edge of the selection as marching ants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.view import Box
from frih_plugin.hosts.standalone.canvas.viewport import Viewport
from frih_plugin.hosts.standalone.document.document import Mask
from frih_plugin.qt.core import QLine
from frih_plugin.qt.gui import QBrush, QColor, QImage, QPainter

PERIOD_PX = 8
_SELECTED_FROM = 128
_MOST_LINES = 20_000
_AHEAD = 0.25
"""This share of the view is made ready round about it, for the next pan."""
Places = NDArray[np.int64]
Runs = NDArray[np.int64]
"""(N, 3): line, first, and behind the last."""


class Ants:
    """Lines round the selected pixels, kept while one pans near by."""

    def __init__(self) -> None:
        self._mask: Mask | None = None
        self._zoom = 0.0
        self._covered = Box(0, 0, 0, 0)
        self._lines: list[QLine] = []

    def lines(self, mask: Mask, viewport: Viewport) -> list[QLine]:
        """The edge in device pixels, counted from the picture's corner."""
        view = viewport.visible(mask.shape[1], mask.shape[0])
        is_known = mask is self._mask and viewport.zoom == self._zoom
        if not (is_known and _holds(self._covered, view)):
            wider = viewport.widened(_AHEAD)
            self._mask, self._zoom = mask, viewport.zoom
            self._covered = wider.visible(mask.shape[1], mask.shape[0])
            self._lines = _edge(mask, self._covered, viewport.zoom)
        return self._lines

    def paint(self, painter: QPainter, mask: Mask, viewport: Viewport, phase: int) -> None:
        """Draw the edge; phase: 0 to PERIOD_PX - 1, counted up to make the ants march."""
        lines = self.lines(mask, viewport)
        if not lines:
            return
        painter.save()
        painter.translate(viewport.left, viewport.top)
        painter.setBrushOrigin(phase, 0)
        painter.drawLines(*lines)
        painter.restore()


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edges of samples, in samples from a corner of the picture; across, down: as of _runs."""

    left: int
    top: int
    step: int
    across: Runs
    down: Runs

    def lines(self, zoom: float) -> list[QLine]:
        """The same in device pixels."""
        x, y = (self._device(start, zoom) for start in (self.left, self.top))
        across: list[tuple[int, int, int]] = self.across.tolist()
        down: list[tuple[int, int, int]] = self.down.tolist()
        lines = [QLine(x(first), y(line), x(last), y(line)) for line, first, last in across]
        return lines + [QLine(x(line), y(first), x(line), y(last)) for line, first, last in down]

    def _device(self, start: int, zoom: float) -> Callable[[int], int]:
        return lambda sample: round((start + sample * self.step) * zoom)


def stripes() -> QBrush:
    """Slanting stripes, so that lines in every direction come out dashed and in step."""
    image = QImage(PERIOD_PX, PERIOD_PX, QImage.Format.Format_RGB32)
    black, white = QColor("#101010").rgb(), QColor("#ffffff").rgb()
    for y in range(PERIOD_PX):
        for x in range(PERIOD_PX):
            image.setPixel(x, y, black if (x + y) % PERIOD_PX < PERIOD_PX // 2 else white)
    return QBrush(image)


def _holds(outer: Box, inner: Box) -> bool:
    is_across = outer.left <= inner.left and inner.right <= outer.right
    return is_across and outer.top <= inner.top and inner.bottom <= outer.bottom


def _edge(mask: Mask, box: Box, zoom: float) -> list[QLine]:
    # About one sample a device pixel.
    step = max(1, math.ceil(1 / zoom - 0.01))
    edges = _edges_in(mask, box, step)
    while len(edges.across) + len(edges.down) > _MOST_LINES:
        step *= 2
        edges = _edges_in(mask, box, step)
    return edges.lines(zoom)


def _edges_in(mask: Mask, box: Box, step: int) -> _Edges:
    """Where selected and unselected samples meet, with a sample each `step` pixels."""
    # A sample more each way, so that the view's own border is no edge.
    left, top = (max(at // step - 1, 0) * step for at in (box.left, box.top))
    sampled = mask[top : box.bottom + step : step, left : box.right + step : step]
    inside = np.pad(sampled >= _SELECTED_FROM, 1)
    across = _runs(*np.nonzero(inside[1:, 1:-1] != inside[:-1, 1:-1]))
    rows, columns = np.nonzero(inside[1:-1, 1:] != inside[1:-1, :-1])
    by_column = np.lexsort((rows, columns))
    return _Edges(left, top, step, across, _runs(columns[by_column], rows[by_column]))


def _runs(lines: Places, places: Places) -> Runs:
    """Edges in order, as (line, first, behind the last) of those that follow one another."""
    is_first = np.ones(lines.size, np.bool_)
    is_first[1:] = (np.diff(lines) != 0) | (np.diff(places) != 1)
    firsts = np.flatnonzero(is_first)
    lasts = np.append(firsts[1:], lines.size) - 1
    if not firsts.size:
        return np.empty((0, 3), np.int64)
    return np.column_stack((lines[firsts], places[firsts], places[lasts] + 1))

"""The selection's edge: against a plain look at every pixel."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from frih_plugin.hosts.standalone.canvas.ants import Ants
from frih_plugin.hosts.standalone.canvas.viewport import Viewport

Edge = tuple[int, int, int, int]


def plain_edges(mask: NDArray[np.uint8]) -> set[Edge]:
    """Every side of a pixel that has another kind of neighbour, one pixel long each."""
    inside = np.pad(mask >= 128, 1)
    edges: set[Edge] = set()
    for y in range(mask.shape[0] + 1):
        for x in range(mask.shape[1] + 1):
            if inside[y, x + 1] != inside[y + 1, x + 1]:
                edges.add((x, y, x + 1, y))
            if inside[y + 1, x] != inside[y + 1, x + 1]:
                edges.add((x, y, x, y + 1))
    return {edge for edge in edges if edge[2] <= mask.shape[1] and edge[3] <= mask.shape[0]}


def pieces(ants: Ants, mask: NDArray[np.uint8], viewport: Viewport) -> list[Edge]:
    """The lines cut into pieces one pixel long."""
    cut: list[Edge] = []
    for line in ants.lines(mask, viewport):
        x0, y0, x1, y1 = line.x1(), line.y1(), line.x2(), line.y2()
        if y0 == y1:
            cut += [(x, y0, x + 1, y0) for x in range(x0, x1)]
        else:
            cut += [(x0, y, x0, y + 1) for y in range(y0, y1)]
    return cut


@pytest.mark.parametrize("seed", range(5))
def test_lines_are_the_edges_and_each_once(seed: int) -> None:
    mask = np.random.default_rng(seed).integers(0, 256, (17, 23), np.uint8)
    found = pieces(Ants(), mask, Viewport(1, 0, 0, 23, 17))
    assert len(found) == len(set(found))
    assert set(found) == plain_edges(mask)


def test_nothing_selected_has_no_edge() -> None:
    assert Ants().lines(np.zeros((5, 5), np.uint8), Viewport(1, 0, 0, 5, 5)) == []


def test_the_views_border_is_no_edge() -> None:
    mask = np.full((400, 400), 255, np.uint8)
    lines = Ants().lines(mask, Viewport(1, -150, -150, 50, 60))
    in_view = [
        line
        for line in lines
        if line.x2() >= 150 and line.x1() <= 200 and line.y2() >= 150 and line.y1() <= 210
    ]
    assert in_view == []


def test_panning_and_zooming_give_the_same_lines_as_starting_there() -> None:
    y, x = np.mgrid[0:900, 0:900]
    mask = (((x - 450) ** 2 + (y - 450) ** 2 < 400**2) * 255).astype(np.uint8)
    kept = Ants()
    for left, top, zoom in ((0, 0, 1.0), (-20, -10, 1.0), (-300, -200, 1.0), (-300, -200, 2.0)):
        viewport = Viewport(zoom, left, top, 200, 150)
        view = viewport.visible(900, 900)
        found = set(pieces(kept, mask, viewport))
        fresh = set(pieces(Ants(), mask, viewport))
        near = {
            piece
            for piece in found ^ fresh
            if view.left * zoom <= piece[0] <= view.right * zoom
            and view.top * zoom <= piece[1] <= view.bottom * zoom
        }
        assert near == set()


def test_a_fine_selection_zoomed_out_is_bounded() -> None:
    mask = np.zeros((1200, 1200), np.uint8)
    mask[::2, ::2] = 255
    assert len(Ants().lines(mask, Viewport(1, 0, 0, 1200, 1200))) <= 20_000

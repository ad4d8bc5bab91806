"""Selections: soft masks of the canvas, by rectangle or by a drawn outline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from engine.view import Box
from frih_plugin.hosts.standalone.document.compositor import intersection
from frih_plugin.hosts.standalone.document.document import Document, Mask
from frih_plugin.hosts.standalone.document.outline import enclosed
from frih_plugin.hosts.standalone.document.placement import Point

Combination = Literal["replace", "add", "subtract"]
"""How a new selection meets the one that is there."""

_WHITE = 255
_REACH = 3
"""The blur of a feather ends where the Gaussian is below half a level: 3 times its radius."""


def select_rectangle(
    document: Document, box: Box, feather_px: float = 0, how: Combination = "replace"
) -> Document:
    """Select a box of whole pixels; what lies outside of the canvas is cut off.

    feather_px: standard deviation of the Gaussian that softens the edge, in pixels of the canvas.
    A selection at the canvas's edge stays full there.
    """
    mask = _nothing(document)
    mask[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)] = _WHITE
    return _selected(document, _feathered(mask, box, feather_px), how)


def select_lasso(
    document: Document,
    outline: Sequence[Point],
    feather_px: float = 0,
    how: Combination = "replace",
) -> Document:
    """Select what a closed outline (points in canvas pixels) encloses, with a smooth edge.

    Fewer than three points enclose nothing. feather_px: see select_rectangle.
    """
    mask = _nothing(document)
    if len(outline) < 3:
        return _selected(document, mask, how)
    box = _bounds_on(document, outline)
    if box is None:
        return _selected(document, mask, how)
    mask[box.top : box.bottom, box.left : box.right] = enclosed(outline, box)
    return _selected(document, _feathered(mask, box, feather_px), how)


def select_all(document: Document) -> Document:
    """Select the whole canvas."""
    return replace(document, selection=np.full((document.height, document.width), 255, np.uint8))


def select_none(document: Document) -> Document:
    """Select nothing, which means no limit."""
    return replace(document, selection=None)


def invert_selection(document: Document) -> Document:
    """Select what is not selected; without a selection that is the whole canvas."""
    if document.selection is None:
        return select_all(document)
    inverted = _WHITE - document.selection
    return replace(document, selection=inverted if inverted.any() else None)


def _nothing(document: Document) -> Mask:
    return np.zeros((document.height, document.width), np.uint8)


def _selected(document: Document, mask: Mask, how: Combination) -> Document:
    old = document.selection
    if old is not None and how == "add":
        mask = np.maximum(old, mask)
    elif how == "subtract":
        mask = _nothing(document) if old is None else np.minimum(old, _WHITE - mask)
    return replace(document, selection=mask if mask.any() else None)


def _bounds_on(document: Document, outline: Sequence[Point]) -> Box | None:
    across, down = zip(*outline, strict=True)
    bounds = Box(
        math.floor(min(across)),
        math.floor(min(down)),
        math.ceil(max(across)),
        math.ceil(max(down)),
    )
    return intersection(bounds, document.canvas)


def _feathered(mask: Mask, box: Box, radius_px: float) -> Mask:
    """Blur what the box holds and its surroundings; the rest is empty and stays so."""
    if radius_px <= 0:
        return mask
    reach = math.ceil(_REACH * radius_px) + 1
    rows = slice(max(box.top - reach, 0), max(box.bottom + reach, 0))
    columns = slice(max(box.left - reach, 0), max(box.right + reach, 0))
    if not mask[rows, columns].size:
        return mask
    image = Image.fromarray(np.ascontiguousarray(mask[rows, columns]))
    mask[rows, columns] = np.asarray(image.filter(ImageFilter.GaussianBlur(radius_px)))
    return mask

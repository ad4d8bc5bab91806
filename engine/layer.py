"""A layer that lies on a background: brought into its space and depth, pasted by its alpha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.color.conversion import converted
from engine.color.depth import STRIP_ROWS
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.view import Box


@dataclass(frozen=True, slots=True, eq=False)
class PlacedLayer:
    """A layer in the document's depth and space, and where it lies.

    picture: the layer's own pixels and alpha; weight: (h, w) uint8 or uint16, where the change
    may go (the selection, or everywhere); left, top: may be negative; under: what the background
    shows in the box that the layer covers.
    """

    picture: Picture
    weight: Pixels
    left: int
    top: int
    under: Picture

    @property
    def covered(self) -> Box:
        """The box of the document that the layer covers."""
        left, top = max(self.left, 0), max(self.top, 0)
        return Box(left, top, left + self.under.width, top + self.under.height)


def place_layer(
    layer: Picture, background: Picture, at: tuple[int, int], weight: Pixels | None = None
) -> PlacedLayer:
    """A layer with its top left corner at (x, y) of the background, in its space and depth.

    weight: see PlacedLayer, None for everywhere.
    Raises BadInputError for a layer outside the background or a weight of another size.
    """
    covered = _covered(layer, background, at)
    own = converted(layer, background.icc, background.white)
    weight = _everywhere(own) if weight is None else weight
    if weight.shape != (own.height, own.width):
        raise BadInputError(
            f"The selection is {weight.shape[1]} x {weight.shape[0]} pixels and the layer "
            f"{own.width} x {own.height}: give a selection of the layer's size."
        )
    rows, columns = slices(covered)
    alpha = None if background.alpha is None else background.alpha[rows, columns].copy()
    under = Picture(background.pixels[rows, columns].copy(), alpha, background.icc)
    return PlacedLayer(own, weight, *at, under)


def foreground_of(layer: PlacedLayer, shape: tuple[int, int]) -> Pixels:
    """Alpha times weight where the layer covers a document of (H, W) pixels, 0 elsewhere."""
    mask = np.zeros(shape, layer.picture.pixels.dtype)
    white = np.iinfo(layer.weight.dtype).max
    for here, there in _strips(layer):
        share = layer.weight[there].astype(np.float32) / np.float32(white)
        alpha = layer.picture.white if layer.picture.alpha is None else layer.picture.alpha[there]
        mask[here] = np.rint(alpha * share)
    return cast("Pixels", mask)


def paste_over(layer: PlacedLayer, colors: Pixels, picture: Picture) -> None:
    """Write what shows when the layer, in these colours, lies on what was under it.

    colors: (h, w, 3) of the layer's size; picture: of the document's size, written to in the box
    that the layer covers, colours and alpha ("over" of Porter and Duff, straight alpha). Where the
    layer is transparent every bit stays.
    """
    for here, there in _strips(layer):
        rows = slice(here[0].start - layer.covered.top, here[0].stop - layer.covered.top)
        share, alpha = _shares(layer, rows, there)
        mixed = layer.under.pixels[rows].astype(np.float32)
        mixed += share[:, :, None] * (colors[there].astype(np.float32) - mixed)
        picture.pixels[here] = np.rint(mixed)
        if picture.alpha is not None:
            picture.alpha[here] = alpha


def slices(box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box."""
    return slice(box.top, box.bottom), slice(box.left, box.right)


def _everywhere(picture: Picture) -> Pixels:
    full = np.full((picture.height, picture.width), picture.white, picture.pixels.dtype)
    return cast("Pixels", full)


def _shares(
    layer: PlacedLayer, rows: slice, there: tuple[slice, slice]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The layer's share in the colours of a strip, 0 to 1, and the alpha of both together."""
    white = np.float32(layer.picture.white)
    shape = layer.under.pixels[rows].shape[:2]
    share = np.ones(shape, np.float32)
    if layer.picture.alpha is not None:
        share = layer.picture.alpha[there].astype(np.float32) / white
    if layer.under.alpha is None:
        return share, np.full(shape, white)
    under = layer.under.alpha[rows].astype(np.float32)
    alpha = under + share * (white - under)
    share = np.divide(share * white, alpha, out=np.zeros(shape, np.float32), where=alpha > 0)
    return share, np.rint(alpha)


def _strips(layer: PlacedLayer) -> list[tuple[tuple[slice, slice], tuple[slice, slice]]]:
    """The covered box in strips: rows and columns of the document, and of the layer."""
    box = layer.covered
    tops = range(box.top, box.bottom, STRIP_ROWS)
    here = [Box(box.left, top, box.right, min(top + STRIP_ROWS, box.bottom)) for top in tops]
    return [(slices(strip), slices(strip.moved(-layer.left, -layer.top))) for strip in here]


def _covered(layer: Picture, background: Picture, at: tuple[int, int]) -> Box:
    left, top = max(at[0], 0), max(at[1], 0)
    right = min(at[0] + layer.width, background.width)
    bottom = min(at[1] + layer.height, background.height)
    if left >= right or top >= bottom:
        raise BadInputError(
            f"The layer at {at[0]},{at[1]} lies outside the picture, which is {background.width} x "
            f"{background.height}: move it onto the picture."
        )
    return Box(left, top, right, bottom)

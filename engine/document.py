"""What is to be harmonized: a composite and its mask, or a layer placed on a background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.picture import Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space
from engine.errors import BadInputError
from engine.view import Box, bounding_box

_STRIP_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class PlacedLayer:
    """A layer in the document's depth and space, and the box of the document it covers.

    picture: the layer's own pixels and alpha; weight: (h, w) uint8 or uint16, where the change
    may go (the selection, or everywhere); left, top: may be negative.
    """

    picture: Picture
    weight: Pixels
    left: int
    top: int


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One foreground in one picture.

    composite: what is seen; mask: (H, W) uint8 or uint16, the soft foreground mask;
    space: the composite's colour space; layer: where the foreground came as a layer.
    """

    composite: Picture
    mask: Pixels
    space: RgbSpace
    layer: PlacedLayer | None = None

    def foreground_box(self) -> Box:
        """The box of all that is at least half foreground. Raises BadInputError where none is."""
        half = np.iinfo(self.mask.dtype).max // 2 + 1
        box = bounding_box(self.mask >= half)
        if box is None:
            raise BadInputError("The mask is empty: paint the object white (255) and the rest black.")
        return box


def masked_composite(composite: Picture, mask: Pixels) -> Document:
    """A composite with the soft mask of its foreground; both of the same size.

    Raises BadInputError for a mask of another size, an empty one, or one that leaves no background.
    """
    if mask.shape != (composite.height, composite.width):
        raise BadInputError(
            f"The mask is {mask.shape[1]} x {mask.shape[0]} pixels and the picture "
            f"{composite.width} x {composite.height}: give a mask of the picture's size."
        )
    document = Document(composite, mask, rgb_space(composite.icc))
    document.foreground_box()
    _check_background(document)
    return document


def placed_layer(
    background: Picture,
    layer: Picture,
    at: tuple[int, int],
    selection: Pixels | None = None,
) -> Document:
    """A layer whose top left corner lies at (x, y) of the background; parts may hang over.

    The layer's colours are converted to the background's space and depth. `selection`, of the
    layer's size, limits the foreground further.
    Raises BadInputError when nothing visible of the layer lies on the background or no background
    is left.
    """
    space = rgb_space(background.icc)
    own = _like_document(layer, background, space)
    seen = _seen_box(own, background, at)
    weight = own.alpha if own.alpha is not None else _full(own)
    if selection is not None:
        if selection.shape != weight.shape:
            raise BadInputError("The selection must have the layer's size.")
        weight = _product(weight, selection)
    mask = np.zeros((background.height, background.width), own.pixels.dtype)
    inner = _moved(seen, at)
    mask[_slices(seen)] = weight[_slices(inner)]
    placed = PlacedLayer(own, selection if selection is not None else _full(own), *at)
    composite = Picture(_pasted(background, placed, own.pixels), background.alpha, background.icc)
    document = Document(composite, mask, space, placed)
    document.foreground_box()
    _check_background(document)
    return document


def with_layer(document: Document, background: Picture, changed: Pixels) -> Picture:
    """The background with the layer's changed pixels on it."""
    if document.layer is None:
        raise ValueError("The document has no layer.")
    pixels = _pasted(background, document.layer, changed)
    return Picture(pixels, background.alpha, background.icc)


def _check_background(document: Document) -> None:
    visible = document.mask < np.iinfo(document.mask.dtype).max // 2 + 1
    if document.composite.alpha is not None:
        visible &= document.composite.alpha > 0
    if not visible.any():
        raise BadInputError(
            "The mask covers all of the picture, so there is no background to harmonize with: "
            "mask the object alone."
        )


def _full(picture: Picture) -> Pixels:
    return np.full(picture.pixels.shape[:2], picture.white, picture.pixels.dtype)


def _product(weight: Pixels, selection: Pixels) -> Pixels:
    share = selection.astype(np.float32) / np.iinfo(selection.dtype).max
    return np.rint(weight * share).astype(weight.dtype)


def _seen_box(layer: Picture, background: Picture, at: tuple[int, int]) -> Box:
    left, top = max(at[0], 0), max(at[1], 0)
    right = min(at[0] + layer.width, background.width)
    bottom = min(at[1] + layer.height, background.height)
    if left >= right or top >= bottom:
        raise BadInputError(
            f"The layer at {at[0]},{at[1]} lies outside the picture, which is {background.width} x "
            f"{background.height}: move it onto the picture."
        )
    return Box(left, top, right, bottom)


def _moved(box: Box, at: tuple[int, int]) -> Box:
    return Box(box.left - at[0], box.top - at[1], box.right - at[0], box.bottom - at[1])


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(box.top, box.bottom), slice(box.left, box.right)


def _like_document(layer: Picture, background: Picture, space: RgbSpace) -> Picture:
    """The layer in the background's space and depth; the same object where nothing differs."""
    own = rgb_space(layer.icc)
    same_space = layer.icc == background.icc or (own.is_srgb and space.is_srgb)
    if same_space and layer.pixels.dtype == background.pixels.dtype:
        return Picture(layer.pixels, layer.alpha, background.icc)
    pixels = np.empty(layer.pixels.shape, background.pixels.dtype)
    for top in range(0, layer.height, _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        values = layer.pixels[rows].astype(np.float32) / layer.white
        if not same_space:
            values = space.from_srgb(own.to_srgb(values))
        pixels[rows] = np.rint(np.clip(values, 0, 1) * background.white)
    return Picture(pixels, _alpha_like(layer, background), background.icc)


def _alpha_like(layer: Picture, background: Picture) -> Pixels | None:
    if layer.alpha is None or layer.alpha.dtype == background.pixels.dtype:
        return layer.alpha
    values = layer.alpha.astype(np.float32) * (background.white / layer.white)
    return np.rint(values).astype(background.pixels.dtype)


def _pasted(background: Picture, layer: PlacedLayer, colors: Pixels) -> Pixels:
    """The background's pixels with the layer's colours over them by its alpha."""
    at = layer.left, layer.top
    seen = _seen_box(layer.picture, background, at)
    inner = _moved(seen, at)
    out = background.pixels.copy()
    for top in range(0, seen.height, _STRIP_ROWS):
        rows = min(_STRIP_ROWS, seen.height - top)
        here = slice(seen.top + top, seen.top + top + rows), slice(seen.left, seen.right)
        there = slice(inner.top + top, inner.top + top + rows), slice(inner.left, inner.right)
        _paste_strip(out[here], colors[there], _share(layer.picture, there))
    return out


def _share(picture: Picture, where: tuple[slice, slice]) -> NDArray[np.float32] | None:
    if picture.alpha is None:
        return None
    share: NDArray[np.float32] = picture.alpha[where].astype(np.float32)[:, :, None]
    return share / np.float32(picture.white)


def _paste_strip(under: Pixels, colors: Pixels, share: NDArray[np.float32] | None) -> None:
    if share is None:
        under[...] = colors
        return
    below = under.astype(np.float32)
    under[...] = np.rint(below + share * (colors.astype(np.float32) - below))

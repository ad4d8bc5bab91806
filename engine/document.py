"""What is to be harmonized: a composite and its mask, or a layer placed on a background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.color.depth import STRIP_ROWS
from engine.color.picture import Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space
from engine.errors import BadInputError
from engine.layer import PlacedLayer, foreground_of, paste_over, place_layer
from engine.view import Box, bounding_box


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
        box = bounding_box(self.mask, _half(self.mask))
        if box is not None:
            return box
        if self.layer is None:
            raise BadInputError(
                "The mask is empty: paint the object white (255) and the rest black."
            )
        raise BadInputError(
            "Nothing of the layer shows on the picture, as it is transparent or not selected "
            "there: choose a layer whose object is opaque."
        )


def masked_composite(composite: Picture, mask: Pixels) -> Document:
    """A composite with the soft mask of its foreground; both of the same size.

    Fully transparent pixels show no foreground, whatever the mask says.
    Raises BadInputError for a mask of another size, an empty one, or one that leaves no background.
    """
    if mask.shape != (composite.height, composite.width):
        raise BadInputError(
            f"The mask is {mask.shape[1]} x {mask.shape[0]} pixels and the picture "
            f"{composite.width} x {composite.height}: give a mask of the picture's size."
        )
    if composite.alpha is not None:
        mask = mask * (composite.alpha > 0)
    return _checked(Document(composite, mask, rgb_space(composite.icc)))


def placed_layer(
    background: Picture,
    layer: Picture,
    at: tuple[int, int],
    selection: Pixels | None = None,
    *,
    overwrite: bool = False,
) -> Document:
    """A layer whose top left corner lies at (x, y) of the background; parts may hang over.

    The layer's colours are converted to the background's space and depth. `selection`, of the
    layer's size, limits the foreground further. `overwrite` pastes into the background's own
    pixels, which saves a picture's memory.
    Raises BadInputError when nothing visible of the layer lies on the background or no background
    is left.
    """
    placed = place_layer(layer, background, at, selection)
    mask = foreground_of(placed, (background.height, background.width))
    composite = background if overwrite else _copy(background)
    document = _checked(Document(composite, mask, rgb_space(background.icc), placed))
    paste_over(placed, placed.picture.pixels, composite)
    return document


def _checked(document: Document) -> Document:
    """The document, if it has both a foreground and a background to harmonize it with."""
    document.foreground_box()
    if _shows_background(document.mask, document.composite.alpha):
        return document
    if document.layer is None:
        raise BadInputError(
            "The mask covers all of the picture, so there is no background to harmonize with: "
            "mask the object alone."
        )
    raise BadInputError(
        "The layer covers all of the picture, so there is no background to harmonize with: "
        "cut the object out."
    )


def _shows_background(mask: Pixels, alpha: Pixels | None) -> bool:
    if alpha is None:
        return int(mask.min()) < _half(mask)
    half, tops = _half(mask), range(0, mask.shape[0], STRIP_ROWS)
    strips = (slice(top, top + STRIP_ROWS) for top in tops)
    return any(((mask[rows] < half) & (alpha[rows] > 0)).any() for rows in strips)


def _half(mask: Pixels) -> int:
    """The least value that counts as foreground: 128 of 255."""
    return int(np.iinfo(mask.dtype).max) // 2 + 1


def _copy(picture: Picture) -> Picture:
    alpha = None if picture.alpha is None else picture.alpha.copy()
    return Picture(picture.pixels.copy(), alpha, picture.icc)

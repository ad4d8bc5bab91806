"""What the document shows in a box, at full size or zoomed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.color.blending import BlendMode, blend_over
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.rendering import Rendered, Renderings

_MOST_STRIP_PIXELS = 1 << 16
"""As in engine.color.strips: more would not fit the second-level cache."""


@dataclass(slots=True, eq=False)
class _Strip:
    """What lies below the next layer: (3, h, w) and (h, w) float32; alpha None means opaque."""

    box: Box
    rgb: NDArray[np.float32]
    alpha: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A visible layer on the canvas of one level."""

    rendered: Rendered
    opacity: float
    mode: BlendMode

    def within(self, box: Box) -> _Sheet | None:
        """What matters of the sheet in a box: None if transparent, no alpha if opaque all over.

        Most strips of a cut-out are one or the other, and then there is nothing to blend.
        """
        part = intersection(self.rendered.box, box)
        if part is None:
            return None
        picture = self.rendered.picture
        own = part.moved(-self.rendered.left, -self.rendered.top)
        cut = slice(own.top, own.bottom), slice(own.left, own.right)
        alpha = None if picture.alpha is None else picture.alpha[cut]
        if alpha is not None and not alpha.any():
            return None
        if alpha is not None and alpha.min() == picture.white:
            alpha = None
        seen = Picture(picture.pixels[cut], alpha, picture.icc)
        return replace(self, rendered=Rendered(seen, part.left, part.top))

    def hides(self, box: Box) -> bool:
        """Whether nothing of what lies below shows in the box."""
        return (
            self.rendered.picture.alpha is None
            and self.opacity == 1
            and self.mode is BlendMode.NORMAL
            and intersection(self.rendered.box, box) == box
        )


def composite(
    document: Document,
    box: Box | None = None,
    *,
    without: str | None = None,
    replaced: Mapping[str, Picture] | None = None,
    scale: int = 1,
    renderings: Renderings | None = None,
) -> Picture:
    """What the document shows in a box of the canvas (None: all), shrunk `scale` times.

    box: canvas pixels; for a scale above 1 it is widened to whole pixels of that level. without:
    the id of a layer that is left out; replaced: other pixels for some layers, see shown_document;
    scale: a power of two; renderings: what was rendered before and may be used again.
    Returns the document's space and depth, straight alpha; alpha is None where all is opaque.
    Where one opaque layer covers the box, and where there is a single layer, its pixels come out
    bit for bit (colours under full transparency become black).
    """
    level = scale.bit_length() - 1
    if scale != 1 << level:
        raise BadInputError(f"The scale must be a power of two, not {scale}.")
    wanted = document.canvas if box is None else box
    shown = shown_document(document, without=without, replaced=replaced)
    return composite_level(shown, at_level(wanted, level), level, renderings or Renderings())


def shown_document(
    document: Document,
    *,
    without: str | None = None,
    replaced: Mapping[str, Picture] | None = None,
) -> Document:
    """The document with a layer hidden, and with other pixels for some layers.

    replaced: layer id to a picture of the layer's size, or of that size divided by a power of
    two and rounded up; it takes the layer's place on the canvas.
    Raises BadInputError for a picture of any other size.
    """
    layers = tuple(
        _with_stand_in(layer, (replaced or {}).get(layer.id))
        for layer in document.layers
        if layer.id != without
    )
    return document if layers == document.layers else document.with_layers(layers)


def composite_level(document: Document, box: Box, level: int, renderings: Renderings) -> Picture:
    """What a document shows in a box of the canvas shrunk 2 ** level times; see composite."""
    sheets = [
        _Sheet(renderings.rendered(layer, level), layer.opacity, layer.mode)
        for layer in document.layers
        if layer.is_visible and layer.opacity > 0 and _touches(layer, box, level)
    ]
    top = _topmost_hiding(sheets, box)
    if top == len(sheets) - 1 and sheets:
        return _cut(sheets[-1].rendered, box)
    pixels = document.empty(box.height, box.width, 3)
    alpha = document.empty(box.height, box.width)
    for strip in _strips(box):
        rows = slice(strip.top - box.top, strip.bottom - box.top)
        _merge(sheets, strip, document.white, pixels[rows], alpha[rows])
    is_opaque = bool(alpha.min() == document.white) if alpha.size else False
    return Picture(pixels, None if is_opaque else alpha, document.icc)


def at_level(box: Box, level: int) -> Box:
    """The pixels of the shrunk canvas that a box of the canvas touches."""
    scale = 1 << level
    return Box(
        box.left // scale,
        box.top // scale,
        -(-box.right // scale),
        -(-box.bottom // scale),
    )


def intersection(first: Box, second: Box) -> Box | None:
    """What two boxes share; None where that is nothing."""
    left, top = max(first.left, second.left), max(first.top, second.top)
    right, bottom = min(first.right, second.right), min(first.bottom, second.bottom)
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def _with_stand_in(layer: Layer, picture: Picture | None) -> Layer:
    if picture is None:
        return layer
    own = layer.picture
    for factor in (1 << power for power in range(16)):
        if (picture.width, picture.height) == (-(-own.width // factor), -(-own.height // factor)):
            lying = layer.placement.of_reduced(own.width, own.height, factor)
            return replace(layer, picture=picture, placement=lying)
    raise BadInputError("The changed picture does not have the layer's size.")


def _touches(layer: Layer, box: Box, level: int) -> bool:
    """Whether a layer may reach into the box; a pixel more each way, as levels round."""
    own = at_level(layer.bounds, level)
    wider = Box(own.left - 1, own.top - 1, own.right + 1, own.bottom + 1)
    return intersection(wider, box) is not None


def _topmost_hiding(sheets: list[_Sheet], box: Box) -> int:
    """The last sheet that hides all below it in the box; -1 where none does."""
    return max((at for at, sheet in enumerate(sheets) if sheet.hides(box)), default=-1)


def _cut(rendered: Rendered, box: Box) -> Picture:
    """A box of an opaque picture that covers it, without a copy."""
    rows = slice(box.top - rendered.top, box.bottom - rendered.top)
    columns = slice(box.left - rendered.left, box.right - rendered.left)
    return Picture(rendered.picture.pixels[rows, columns], None, rendered.picture.icc)


def _strips(box: Box) -> list[Box]:
    rows = max(1, _MOST_STRIP_PIXELS // max(box.width, 1))
    tops = range(box.top, box.bottom, rows)
    return [Box(box.left, top, box.right, min(top + rows, box.bottom)) for top in tops]


def _merge(sheets: list[_Sheet], box: Box, white: int, pixels: Pixels, alpha: Pixels) -> None:
    """Lay the sheets over one another in a strip, and write what shows, rounded."""
    seen = [part for part in (sheet.within(box) for sheet in sheets) if part is not None]
    start = max(_topmost_hiding(seen, box), 0)
    if seen and start == len(seen) - 1 and seen[start].hides(box):
        pixels[...] = seen[start].rendered.picture.pixels
        alpha[...] = white
        return
    shape = box.height, box.width
    below = _Strip(box, np.zeros((3, *shape), np.float32), np.zeros(shape, np.float32))
    for sheet in seen[start:]:
        _lay(below, sheet, np.float32(white))
    np.rint(below.rgb * np.float32(white), out=below.rgb)
    pixels[...] = below.rgb.transpose(1, 2, 0)
    alpha[...] = white if below.alpha is None else np.rint(below.alpha * np.float32(white))


def _lay(below: _Strip, sheet: _Sheet, white: np.float32) -> None:
    """Lay one sheet, which does not reach out of it, over a strip."""
    part = sheet.rendered.box
    rgb, own = _floats_of(sheet, white)
    if part == below.box and sheet.hides(part):
        below.rgb, below.alpha = rgb, None
        return
    rows = slice(part.top - below.box.top, part.bottom - below.box.top)
    columns = slice(part.left - below.box.left, part.right - below.box.left)
    under = None if below.alpha is None else below.alpha[rows, columns]
    mixed, alpha = blend_over(below.rgb[:, rows, columns], under, rgb, own, sheet.mode)
    below.rgb[:, rows, columns] = mixed
    if below.alpha is not None and alpha is not None:
        below.alpha[rows, columns] = alpha


def _floats_of(sheet: _Sheet, white: np.float32) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours (3, h, w), and alpha times opacity (h, w)."""
    picture = sheet.rendered.picture
    rgb = picture.pixels.transpose(2, 0, 1).astype(np.float32, order="C")
    rgb /= white
    opacity = np.float32(sheet.opacity)
    if picture.alpha is None:
        return rgb, np.full(rgb.shape[1:], opacity, np.float32)
    alpha = picture.alpha.astype(np.float32)
    alpha *= opacity / white
    return rgb, alpha

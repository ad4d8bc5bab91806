"""Which layer is seen at a point of the canvas."""

from __future__ import annotations

import math

from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Point

_SEEN_FROM = 0.1
"""Alpha times opacity below this does not catch the eye, nor the pointer."""


def layer_at(document: Document, point: Point) -> Layer | None:
    """The topmost layer that shows something there."""
    seen = (layer for layer in reversed(document.layers) if _opacity_at(layer, point) >= _SEEN_FROM)
    return next(seen, None)


def _opacity_at(layer: Layer, point: Point) -> float:
    picture = layer.picture
    x, y = layer.placement.on_layer(picture.width, picture.height, point)
    column, row = math.floor(x), math.floor(y)
    is_on = 0 <= column < picture.width and 0 <= row < picture.height
    if not (is_on and layer.is_visible):
        return 0
    alpha = picture.white if picture.alpha is None else int(picture.alpha[row, column])
    return layer.opacity * alpha / picture.white

"""Makes a layer that an editor handed over ready: what the network sees, and what will change.

After it the background of a layer, or the layer on a background, is needed only as small as a
preview, so that no more than one of the two stays in memory at full size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.color.blending import BlendMode
from engine.color.lying_above import Ground
from engine.color.picture import FloatPicture, Picture, Pixels
from engine.color.profiles import RgbSpace, rgb_space
from engine.document import Document, masked_composite, placed_layer
from engine.layer import PlacedLayer, slices
from engine.pipeline import Settings, View, look
from engine.server.pixels import (
    WireForm,
    exact_picture_of,
    mask_of,
    picture_of,
    writable_picture_of,
)
from engine.server.shown import Shown, blend_mode_named, show
from engine.server.watch import JobWatch
from engine.view import CONTEXT, Box
from frih_plugin.protocol import pixels as wire
from frih_plugin.protocol.messages import OpenLayer


@dataclass(frozen=True, slots=True, eq=False)
class OpenedLayer:
    """A layer, or a background, ready to be harmonized.

    view: what the network sees; target: the pixels that change, as they came; weight: (h, w) of
    its size, where the change may go; window: the view's window, in the target's pixels; space:
    the target's; form: how it goes back; shown: small pictures for previews; exact: the target with
    all that it holds; ground: what a result that is to lie above its source lies on.
    """

    view: View
    target: Picture
    weight: Pixels
    window: Box
    space: RgbSpace
    form: WireForm
    shown: Shown
    exact: Picture | FloatPicture
    ground: Ground | None


def open_layer(request: OpenLayer, watch: JobWatch) -> OpenedLayer:
    """Place the layer, find the window, shrink what previews need.

    The background's own bytes are written to and restored. Raises BadInputError for what cannot be
    harmonized, CancelledError.
    """
    with watch.stage("open"):
        background = writable_picture_of(request.background)
        selection = None
        if request.selection is not None and request.target == "layer":
            selection = mask_of(request.selection)
        layer, at = picture_of(request.layer), (request.left, request.top)
        document = placed_layer(background, layer, at, selection, overwrite=True)
    with watch.stage("view"):
        if request.target == "layer":
            return _layer(request, document, layer, selection, watch)
        return _background(request, document, watch)


def _layer(
    request: OpenLayer,
    document: Document,
    layer: Picture,
    selection: Pixels | None,
    watch: JobWatch,
) -> OpenedLayer:
    view = look(document, Settings(context=request.surroundings or CONTEXT))
    watch.check()
    shown = show(request, document, _placed_in(document), view.window, layer)
    weight = _everywhere(layer) if selection is None else selection
    window = view.window.moved(-request.left, -request.top)
    space, form, exact = rgb_space(layer.icc), WireForm(request.layer), _exact(request.layer, layer)
    ground = (
        None if request.placing == "instead" else _ground(request, _placed_in(document), weight)
    )
    return OpenedLayer(view, layer, weight, window, space, form, shown, exact, ground)


def _background(request: OpenLayer, document: Document, watch: JobWatch) -> OpenedLayer:
    """The picture as a whole is the view, as all of it changes."""
    placed, composite = _placed_in(document), document.composite
    mask = _what_shows_of_background(placed, document)
    shows_through = request.opacity < 1 or blend_mode_named(request.blend_mode) != BlendMode.NORMAL
    if shows_through:
        _reach_under_layer(mask, placed)
    view = look(masked_composite(composite, mask), Settings(whole_picture=True))
    watch.check()
    shown = show(request, document, placed, view.window, composite)
    weight = _everywhere(composite) if shows_through else _where_not_hidden(placed, composite)
    space, form = document.space, WireForm(request.background)
    exact = _exact(request.background, composite)
    ground = None if request.placing == "instead" else Ground(_everywhere(composite))
    return OpenedLayer(view, composite, weight, view.window, space, form, shown, exact, ground)


def _exact(given: wire.Pixels, picture: Picture) -> Picture | FloatPicture:
    """The picture itself, unless it is only what 16 bits hold of it."""
    exact = exact_picture_of(given)
    return exact if isinstance(exact, FloatPicture) else picture


def _ground(request: OpenLayer, placed: PlacedLayer, weight: Pixels) -> Ground:
    mode = blend_mode_named(request.blend_mode)
    if request.below is not None:
        return Ground(weight, exact_picture_of(request.below), 0, 0, request.opacity, mode)
    covered = placed.covered
    under = _exact(request.background, placed.under)
    if isinstance(under, FloatPicture):
        here = slices(covered)
        alpha = None if under.alpha is None else under.alpha[here].copy()
        under = FloatPicture(under.pixels[here].copy(), alpha, under.icc)
    left, top = covered.left - placed.left, covered.top - placed.top
    return Ground(weight, under, left, top, request.opacity, mode)


def _placed_in(document: Document) -> PlacedLayer:
    if document.layer is None:
        raise ValueError("This document has no layer.")
    return document.layer


def _what_shows_of_background(placed: PlacedLayer, document: Document) -> Pixels:
    """What is no layer, where the background has anything to show."""
    mask = np.iinfo(document.mask.dtype).max - document.mask
    if placed.under.alpha is not None:
        mask[slices(placed.covered)] *= placed.under.alpha > 0
    return mask


def _reach_under_layer(mask: Pixels, placed: PlacedLayer) -> None:
    """Let the change be carried on under the layer, where nothing of the background is seen.

    A mask that is hardly there counts for no colour and no region, but as far as it reaches a
    change reaches (color_change.py).
    """
    faint = np.iinfo(mask.dtype).max // 255
    covered = mask[slices(placed.covered)]
    shows = 1 if placed.under.alpha is None else placed.under.alpha > 0
    np.maximum(covered, np.multiply(shows, faint, dtype=mask.dtype), out=covered)


def _where_not_hidden(placed: PlacedLayer, background: Picture) -> Pixels:
    """Full weight, also under the layer's soft edges; none where the layer hides all."""
    weight = np.full((background.height, background.width), 255, np.uint8)
    alpha = placed.picture.alpha
    inner = placed.covered.moved(-placed.left, -placed.top)
    hidden = True if alpha is None else alpha[slices(inner)] == placed.picture.white
    weight[slices(placed.covered)] *= np.logical_not(hidden)
    return weight


def _everywhere(layer: Picture) -> Pixels:
    full = np.broadcast_to(np.uint8(255), (layer.height, layer.width))
    return cast("Pixels", full)

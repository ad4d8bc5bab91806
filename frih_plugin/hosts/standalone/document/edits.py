"""What can be done to a document's layers: pure functions that return another document.

A locked layer refuses what changes its pixels or its place, and being removed, with a
BadInputError; every function raises one for a layer that is not in the document.
"""

from __future__ import annotations

import numpy as np

from engine.color.blending import BlendMode
from engine.color.conversion import converted
from engine.color.depth import STRIP_ROWS
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from frih_plugin.hosts.standalone.document.document import Document, Mask, check_size
from frih_plugin.hosts.standalone.document.layer import Layer, new_layer_id, with_changes
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.rendering import render


def add_layer(document: Document, layer: Layer, index: int | None = None) -> Document:
    """Put a layer that is in the document's space and depth at `index` (None: on top)."""
    check_size(f'The layer "{layer.name}"', layer.picture.width, layer.picture.height)
    at = len(document.layers) if index is None else index
    return document.with_layers((*document.layers[:at], layer, *document.layers[at:]))


def add_picture(document: Document, picture: Picture, name: str) -> tuple[Document, Layer]:
    """Put any picture on top, converted to the document's space and depth, in the middle."""
    left = (document.width - picture.width) // 2
    top = (document.height - picture.height) // 2
    own = converted(picture, document.icc, document.white)
    layer = Layer(own, name, placement=Placement(left, top))
    return add_layer(document, layer), layer


def remove_layer(document: Document, layer_id: str) -> Document:
    """Take a layer away; the last one too."""
    gone = _unlocked(document, layer_id)
    return document.with_layers(tuple(layer for layer in document.layers if layer is not gone))


def reorder_layer(document: Document, layer_id: str, index: int) -> Document:
    """Bring a layer to `index` of the stack, 0 at the bottom."""
    moved = document.layer(layer_id)
    others = [layer for layer in document.layers if layer is not moved]
    others.insert(index, moved)
    return document.with_layers(tuple(others))


def duplicate_layer(document: Document, layer_id: str, name: str) -> tuple[Document, Layer]:
    """Put a copy, unlocked, right above the layer; the two share their arrays."""
    copy = with_changes(document.layer(layer_id), id=new_layer_id(), name=name, is_locked=False)
    return add_layer(document, copy, document.index(layer_id) + 1), copy


def rename_layer(document: Document, layer_id: str, name: str) -> Document:
    """Give a layer another name."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, name=name))


def set_visible(document: Document, layer_id: str, *, is_visible: bool) -> Document:
    """Show or hide a layer."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, is_visible=is_visible))


def set_locked(document: Document, layer_id: str, *, is_locked: bool) -> Document:
    """Protect a layer's pixels and place, or stop doing so."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, is_locked=is_locked))


def set_opacity(document: Document, layer_id: str, opacity: float) -> Document:
    """Let a layer shine through: 0 to 1."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, opacity=opacity))


def set_mode(document: Document, layer_id: str, mode: BlendMode) -> Document:
    """Choose how a layer's colours meet those below."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, mode=mode))


def set_settings(document: Document, layer_id: str, settings: str | None) -> Document:
    """Keep a text of the Harmonize panel with a layer."""
    return document.with_layer(layer_id, lambda layer: with_changes(layer, settings=settings))


def place_layer(document: Document, layer_id: str, placement: Placement) -> Document:
    """Move, scale, turn or mirror a layer; its pixels stay, so it can be undone without loss.

    Raises BadInputError for a locked layer, and where it would cover more than MAX_PIXELS.
    """
    layer = _unlocked(document, layer_id)
    bounds = placement.bounds(layer.picture.width, layer.picture.height)
    if not placement.keeps_pixels:
        check_size("The layer, scaled like this,", bounds.width, bounds.height)
    return document.with_layer(layer_id, lambda layer: with_changes(layer, placement=placement))


def set_picture(
    document: Document, layer_id: str, picture: Picture, placement: Placement | None = None
) -> Document:
    """Give a layer other pixels (in the document's space and depth), and another place."""
    at = placement or _unlocked(document, layer_id).placement
    _unlocked(document, layer_id)
    return document.with_layer(
        layer_id, lambda layer: with_changes(layer, picture=picture, placement=at)
    )


def cut_out(document: Document, layer_id: str, name: str) -> tuple[Document, Layer]:
    """Copy what the selection holds of a layer to a new layer right above it.

    Raises BadInputError where nothing is selected or the selection misses the layer.
    """
    source = document.layer(layer_id)
    if document.selection is None or not document.selection.any():
        raise BadInputError("Nothing is selected; draw round what is to be cut out first.")
    drawn = render(source.picture, source.placement)
    canvas, own = document.canvas, drawn.box
    left, top = max(canvas.left, own.left), max(canvas.top, own.top)
    right, bottom = min(canvas.right, own.right), min(canvas.bottom, own.bottom)
    selected = document.selection[top:bottom, left:right]
    rows, columns = np.flatnonzero(selected.any(axis=1)), np.flatnonzero(selected.any(axis=0))
    if not rows.size:
        raise BadInputError(f'The selection does not touch "{source.name}"; select another layer.')
    cut = (
        slice(int(rows[0]), int(rows[-1]) + 1),
        slice(int(columns[0]), int(columns[-1]) + 1),
    )
    place = Placement(left + cut[1].start, top + cut[0].start)
    there = tuple(
        slice(part.start + start, part.stop + start)
        for part, start in zip(cut, (top - own.top, left - own.left), strict=True)
    )
    alpha = None if drawn.picture.alpha is None else drawn.picture.alpha[there]
    pixels = drawn.picture.pixels[there].copy()
    masked = _masked_alpha(alpha, selected[cut], document.empty(*selected[cut].shape))
    picture = Picture(pixels, masked, document.icc)
    layer = Layer(picture, name, placement=place, opacity=source.opacity, mode=source.mode)
    return add_layer(document, layer, document.index(layer_id) + 1), layer


def _masked_alpha(alpha: Pixels | None, mask: Mask, masked: Pixels) -> Pixels:
    """Write alpha times mask, rounded, to `masked`, and give it back."""
    white = int(np.iinfo(masked.dtype).max)
    for top in range(0, mask.shape[0], STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        share = mask[rows].astype(np.float32) / np.float32(255)
        masked[rows] = np.rint(share * (white if alpha is None else alpha[rows]))
    return masked


def _unlocked(document: Document, layer_id: str) -> Layer:
    layer = document.layer(layer_id)
    if layer.is_locked:
        raise BadInputError(f'The layer "{layer.name}" is locked; unlock it first.')
    return layer

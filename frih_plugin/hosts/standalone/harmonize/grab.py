"""The object's pixels and what it lies on, as the engine wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.color.picture import Pixels as Samples
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.host import Background, Grab, Grabbed
from frih_plugin.hosts.standalone.document.compositor import composite, intersection
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.rendering import Rendered, render
from frih_plugin.hosts.standalone.harmonize.sources import layers_of, results_of
from frih_plugin.hosts.standalone.harmonize.wire_pixels import mask_to_wire, to_wire


def grab(document: Document, request: Grab, revision: str) -> Grabbed:
    """Answer a Grab. Raises BadInputError with the reason where there is nothing to grab."""
    sources = layers_of(document, request.layer)
    drawn = rendered_object(document, sources)
    single = sources[0] if len(sources) == 1 else None
    below = request.background == "below" or request.target == "background"
    surroundings = _background(document, sources, "below" if below else "visible")
    selection = _selection(document, drawn.box)
    return Grabbed(
        document=request.document,
        layer=request.layer,
        revision=revision,
        pixels=to_wire(drawn.picture),
        left=drawn.left,
        top=drawn.top,
        selection=None if selection is None else mask_to_wire(selection),
        background=to_wire(surroundings),
        opacity=1.0 if single is None else single.opacity,
        blend_mode=str(BlendMode.NORMAL if single is None else single.mode),
    )


def rendered_object(document: Document, sources: Sequence[Layer]) -> Rendered:
    """The object at its place: one layer's own pixels, or several layers merged."""
    if len(sources) == 1:
        return render(sources[0].picture, sources[0].placement)
    shown = tuple(replace(source, is_visible=True) for source in sources)
    box = _union([source.bounds for source in sources])
    return Rendered(composite(document.with_layers(shown), box), box.left, box.top)


def _background(document: Document, sources: Sequence[Layer], kind: Background) -> Picture:
    """What shows without the object and without earlier results of it."""
    left_out = {layer.id for layer in (*sources, *results_of(document, sources))}
    lowest = min(document.index(source.id) for source in sources)
    candidates = document.layers[:lowest] if kind == "below" else document.layers
    others = tuple(layer for layer in candidates if layer.id not in left_out)
    picture = composite(document.with_layers(others))
    if picture.alpha is None or picture.alpha.any():
        return picture
    where = "below this layer" if kind == "below" else "but this layer"
    raise BadInputError(
        f"There is nothing {where} to harmonize with: put the background's layer there and show it."
    )


def _selection(document: Document, box: Box) -> Samples | None:
    """The selection in the object's box, 0 beyond the canvas; None where nothing is selected."""
    if document.selection is None:
        return None
    own = document.empty(box.height, box.width).astype("uint8")
    own[:] = 0
    part = intersection(box, document.canvas)
    if part is not None:
        there = part.moved(-box.left, -box.top)
        selected = document.selection[part.top : part.bottom, part.left : part.right]
        own[there.top : there.bottom, there.left : there.right] = selected
    return own


def _union(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )

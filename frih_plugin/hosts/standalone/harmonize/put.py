"""A document with the result in it: what Put applies, and what a preview shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.host import Grabbed, Put
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.edits import add_layer, set_picture, set_visible
from frih_plugin.hosts.standalone.document.layer import Layer, with_changes
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.harmonize.sources import (
    Origin,
    Role,
    layers_of,
    origin_of,
    results_of,
)
from frih_plugin.protocol.messages import Target


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A document with a result in it. result: the id of the layer that holds it."""

    document: Document
    result: str
    updated: bool = False


def with_result(document: Document, request: Put, picture: Picture) -> Outcome:
    """Bring a result in: as a new layer that shows instead of its source, or into the source.

    picture: request.pixels as the editor's own. Raises BadInputError where the source is gone or
    locked.
    """
    sources = layers_of(document, request.grabbed.layer)
    if request.output == "into" and request.target == "layer":
        return _into(document, sources, request.grabbed, picture)
    layer = _result_layer(sources, request, picture)
    earlier = _earlier_results(document, sources, layer)
    above = [*sources, *earlier] if request.target == "layer" else sources
    index = _index(document, above, request.target)
    with_layer = add_layer(document, layer, index)
    for replaced in (*earlier, *(sources if request.target == "layer" else ())):
        with_layer = set_visible(with_layer, replaced.id, is_visible=False)
    return Outcome(with_layer, layer.id)


def with_updated_result(document: Document, request: Put, picture: Picture) -> Outcome:
    """Give an earlier result the new pixels; its place in the stack stays."""
    sources = layers_of(document, request.grabbed.layer)
    if request.output == "into" and request.target == "layer":
        return replace(_into(document, sources, request.grabbed, picture), updated=True)
    new = _result_layer(sources, request, picture)

    def updated(old: Layer) -> Layer:
        return with_changes(
            old, picture=picture, placement=new.placement, name=new.name, settings=new.settings
        )

    return Outcome(document.with_layer(request.update, updated), request.update, updated=True)


def with_small_result(
    document: Document, grabbed: Grabbed, picture: Picture, target: Target
) -> Document:
    """What a preview shows: the result, perhaps shrunk by a power of two, in its place."""
    request = Put(grabbed, grabbed.pixels, "", "", target)
    outcome = with_result(document, request, picture)
    full = _full_size(grabbed, target)
    scale = _scale(full, picture)
    if scale == 1:
        return outcome.document
    lying = _corner(grabbed, target).of_reduced(full.width, full.height, scale)
    return outcome.document.with_layer(
        outcome.result, lambda layer: replace(layer, placement=lying)
    )


def _into(
    document: Document, sources: Sequence[Layer], grabbed: Grabbed, picture: Picture
) -> Outcome:
    if len(sources) != 1:
        raise BadInputError(
            "Several layers cannot take one result: choose the result as a new layer."
        )
    corner = _corner(grabbed, "layer")
    return Outcome(set_picture(document, sources[0].id, picture, corner), sources[0].id)


def _result_layer(sources: Sequence[Layer], request: Put, picture: Picture) -> Layer:
    shows_as_source = request.target == "layer" and len(sources) == 1
    role: Role = "object" if request.target == "layer" else "background"
    origin = Origin(tuple(source.id for source in sources), role, request.settings)
    return Layer(
        picture,
        request.name,
        placement=_corner(request.grabbed, request.target),
        opacity=sources[0].opacity if shows_as_source else 1.0,
        mode=sources[0].mode if shows_as_source else BlendMode.NORMAL,
        settings=origin.as_text(),
    )


def _earlier_results(document: Document, sources: Sequence[Layer], new: Layer) -> list[Layer]:
    """Results of the same kind that the new one is to show instead of."""
    role = None if (origin := origin_of(new)) is None else origin.role
    results = ((layer, origin_of(layer)) for layer in results_of(document, sources))
    return [layer for layer, origin in results if origin is not None and origin.role == role]


def _index(document: Document, layers: Sequence[Layer], target: Target) -> int:
    """Right above the object and its results; a changed background right below the object."""
    places = [document.index(layer.id) for layer in layers]
    return max(places) + 1 if target == "layer" else min(places)


def _corner(grabbed: Grabbed, target: Target) -> Placement:
    return Placement(grabbed.left, grabbed.top) if target == "layer" else Placement()


def _full_size(grabbed: Grabbed, target: Target) -> Box:
    pixels = grabbed.pixels if target == "layer" else grabbed.background
    return Box(0, 0, pixels.width, pixels.height)


def _scale(full: Box, picture: Picture) -> int:
    """The power of two that a picture was shrunk by. Raises BadInputError where it is none."""
    for scale in (1 << power for power in range(7)):
        if (-(-full.width // scale), -(-full.height // scale)) == (picture.width, picture.height):
            return scale
    raise BadInputError("The preview does not have the layer's size.")

"""The object's pixels and what it lies on, as the engine wants them.

What shows without the object is read from a clone of the document: the person's own flickers not,
and stays as it is whatever fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from krita import Document, Node

from frih_plugin.hosts.host import Grab, Grabbed
from frih_plugin.hosts.krita.blend_modes import open_raster_name
from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.hosts.krita.nodes import (
    OPAQUE_LAYER,
    all_layers,
    ancestors,
    ground_of,
    is_pass_through,
    key_of,
    mixing_of,
    siblings_above,
)
from frih_plugin.hosts.krita.pixel_reads import OPAQUE, Box, read_pixels, refresh, whole
from frih_plugin.hosts.krita.results import keys_in, results_of
from frih_plugin.hosts.krita.revision import revision
from frih_plugin.hosts.krita.selected import layers_named
from frih_plugin.hosts.krita.spaces import Space
from frih_plugin.hosts.krita.steps import Steps
from frih_plugin.hosts.krita.subject import bounds_of, reason
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.texts import text


def grab(document: Document, request: Grab) -> Steps[Grabbed]:
    """Answer a Grab. Raises DeclinedError with the reason where there is nothing to grab."""
    nodes = layers_named(document, request.layer)
    why_not, box = reason(document, nodes), bounds_of(nodes)
    if why_not or box is None:
        raise DeclinedError(why_not)
    stamp = yield from revision(document, nodes)
    clone = document.clone()
    try:
        around = _Around(document, clone, request, box)
        pixels = yield from _object(clone, nodes, box)
        background, below = yield from around.read()
    finally:
        clone.close()
    opacity, krita_mode = mixing_of(nodes)
    mode = open_raster_name(krita_mode)
    is_exact = mode is not None and around.is_plain()
    return Grabbed(
        document=request.document,
        layer=request.layer,
        revision=stamp,
        pixels=pixels,
        left=box.left,
        top=box.top,
        selection=_selection(document, box),
        background=background,
        opacity=opacity / OPAQUE_LAYER,
        blend_mode=mode or "",
        placing="above" if is_exact else "instead",
        below=below if is_exact else None,
        has_results=_has_results(document, request),
    )


def _object(clone: Document, nodes: Sequence[Node], box: Box) -> Steps[Pixels]:
    """What one layer shows, or several merged."""
    if len(nodes) == 1:
        node = nodes[0]
        if is_pass_through(node):
            node = _with_own_picture(clone, node)
            yield 0
        return (yield from read_pixels(clone, node.projectionPixelData, Space.of(node), box))
    inside = {key_of(node) for node in nodes}
    shown = {key_of(node): node.visible() for node in all_layers(clone)}
    kept = inside | {key_of(group) for node in nodes for group in ancestors(node)}
    for node in all_layers(clone):
        is_inside = not inside.isdisjoint(map(key_of, ancestors(node)))
        if key_of(node) not in kept and not is_inside:
            node.setVisible(False)
    refresh(clone)
    yield 0
    pixels = yield from read_pixels(clone, clone.pixelData, Space.of(clone), box)
    for node in all_layers(clone):
        node.setVisible(shown[key_of(node)])
    return pixels


def _with_own_picture(clone: Document, group: Node) -> Node:
    """A clone's pass-through group, made an ordinary one: others have nothing to read."""
    (own,) = layers_named(clone, key_of(group))
    if is_pass_through(own):
        own.setPassThroughMode(False)
    refresh(clone)
    return own


@dataclass(frozen=True, slots=True)
class _Around:
    """What there is besides the object. box: the object's."""

    document: Document
    clone: Document
    request: Grab
    box: Box

    def read(self) -> Steps[tuple[Pixels, Pixels | None]]:
        """The whole background, and what lies below the object where that differs from it."""
        nodes = layers_named(self.clone, self.request.layer)
        lowest, top = nodes[0], nodes[-1]
        ground = ground_of(top)
        hidden = results_of(self.clone, self.request.layer) | set(keys_in(self.request.layer))
        above = [node for node in siblings_above(top, ground) if self._shows(node, hidden)]
        is_background = self.request.target == "background"
        wants_below = is_background or self.request.background == "below"
        if wants_below:
            root = ancestors(lowest)[-1]
            hidden |= {key_of(node) for node in siblings_above(lowest, root)}
        yield from self._hide(hidden)
        background = yield from self._picture()
        is_all = ground.parentNode() is None and (wants_below or not above)
        if is_background or (is_all and not top.inheritAlpha()):
            return background, None
        yield from self._hide({key_of(node) for node in above})
        space = Space.of(ground)
        below = yield from read_pixels(self.clone, ground.projectionPixelData, space, self.box)
        return background, _made_opaque(below) if top.inheritAlpha() else below

    def is_plain(self) -> bool:
        """Whether the object has the picture's space and that is one which the engine mixes."""
        nodes = layers_named(self.document, self.request.layer)
        own = Space.of(nodes[0] if len(nodes) == 1 else self.document)
        picture = Space.of(self.document)
        return own.on_wire == own == picture == Space.of(ground_of(nodes[-1]))

    def _picture(self) -> Steps[Pixels]:
        space, canvas = Space.of(self.clone), whole(self.clone)
        picture = yield from read_pixels(self.clone, self.clone.pixelData, space, canvas)
        if not any(memoryview(picture.data)[space.on_wire.pixel_bytes - 1 :: picture.pixel_bytes]):
            raise DeclinedError(
                text(
                    "There is nothing to harmonize with: put the background's layer below this one "
                    "and show it."
                )
            )
        return picture

    def _hide(self, keys: set[str]) -> Steps[None]:
        for node in all_layers(self.clone):
            if key_of(node) in keys:
                node.setVisible(False)
        refresh(self.clone)
        yield 0

    @staticmethod
    def _shows(node: Node, hidden: set[str]) -> bool:
        return node.visible() and key_of(node) not in hidden


def _made_opaque(below: Pixels) -> Pixels:
    """As a layer sees it that inherits the alpha from below."""
    data, step, opaque = bytearray(below.data), below.pixel_bytes, OPAQUE[below.depth]
    for byte, value in enumerate(opaque, step - len(opaque)):
        data[byte::step] = bytes([value]) * (below.width * below.height)
    return replace(below, data=data)


def _selection(document: Document, box: Box) -> Pixels | None:
    selection = document.selection()
    if selection is None or selection.width() < 1:
        return None
    data = bytes(selection.pixelData(box.left, box.top, box.width, box.height))
    return Pixels(box.width, box.height, "gray", "u8", data)


def _has_results(document: Document, request: Grab) -> bool:
    """Whether an earlier result still shows above the object, or below it as its background."""
    earlier = results_of(document, request.layer, request.target)
    return any(node.visible() and key_of(node) in earlier for node in all_layers(document))

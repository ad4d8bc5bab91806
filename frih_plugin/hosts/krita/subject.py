"""What is selected in Krita, and one sentence where it cannot be harmonized."""

from __future__ import annotations

from collections.abc import Sequence

from krita import Document, Krita, Node

from frih_plugin.hosts.host import Subject
from frih_plugin.hosts.krita.blend_modes import NORMAL
from frih_plugin.hosts.krita.nodes import (
    OPAQUE_LAYER,
    all_layers,
    ancestors,
    is_pass_through,
    key_of,
    layers,
)
from frih_plugin.hosts.krita.pixel_reads import Box, whole
from frih_plugin.hosts.krita.results import object_key, results_of
from frih_plugin.hosts.krita.revision import revision
from frih_plugin.hosts.krita.selected import selected_layers
from frih_plugin.hosts.krita.steps import Steps
from frih_plugin.hosts.krita.thumbnail import thumbnail
from frih_plugin.protocol.pixels import MAX_PIXELS, Pixels
from frih_plugin.texts import text

_FILTERS = frozenset({"filterlayer"})


class Describer:
    """Makes Subjects; remembers the last thumbnail, which most changes keep."""

    def __init__(self, krita: Krita) -> None:
        self._krita = krita
        self._shown: tuple[object, Pixels | None] = (None, None)

    def describe(self, front: tuple[str, Document] | None) -> Steps[Subject]:
        """The Subject of what is selected in the document in front."""
        if front is None:
            return Subject(unusable=text("Open a picture first."))
        key, document = front
        nodes = selected_layers(self._krita, document)
        if not nodes:
            sentence = text("Select the layer that was pasted, in the list of layers.")
            return Subject(key, unusable=sentence)
        unusable = reason(document, nodes)
        stamp = yield from revision(document, nodes)
        return Subject(
            document=key,
            layer=object_key(nodes),
            name=name_of(nodes),
            thumbnail=self._thumbnail(document, nodes, (key, stamp)),
            unusable=unusable,
            revision=stamp,
        )

    def _thumbnail(
        self, document: Document, nodes: Sequence[Node], stamp: tuple[str, str]
    ) -> Pixels | None:
        of_what = (*stamp, object_key(nodes))
        if of_what != self._shown[0]:
            box = Box.of(nodes[-1].bounds())
            small = None if box is None else thumbnail(document, nodes[-1], box)
            self._shown = of_what, small
        return self._shown[1]


def reason(document: Document, nodes: Sequence[Node]) -> str:
    """Why the layers cannot be harmonized; "" where they can."""
    name, box = name_of(nodes), bounds_of(nodes)
    why_not = _state_reason(nodes) or _kind_reason(nodes)
    if why_not:
        return why_not
    if box is None:
        return text("The layer “{name}” is empty: choose one that shows something.", name=name)
    if box.common(whole(document)) is None:
        return text("The layer “{name}” lies outside the picture: move it onto it.", name=name)
    if box.width * box.height > MAX_PIXELS:
        return text("The layer “{name}” is too large: crop it to the picture first.", name=name)
    return _selection_reason(document, name, box) or _alone(document, nodes)


def name_of(nodes: Sequence[Node]) -> str:
    """What to call the object."""
    return nodes[0].name() if len(nodes) == 1 else text("{count} layers", count=len(nodes))


def bounds_of(nodes: Sequence[Node]) -> Box | None:
    """The box around all that the layers show; None where they show nothing."""
    found: Box | None = None
    for box in (Box.of(node.bounds()) for node in nodes):
        found = box if found is None else found if box is None else found.joined(box)
    return found


def _state_reason(nodes: Sequence[Node]) -> str:
    """Why a layer, or a group around it, is not free."""
    around = [held for node in nodes for held in (node, *ancestors(node))]
    for held in around:
        if held.locked():
            return text("The layer “{name}” is locked: unlock it first.", name=held.name())
    for held in around:
        if not held.visible():
            return text("The layer “{name}” is hidden: show it first.", name=held.name())
    return ""


def _kind_reason(nodes: Sequence[Node]) -> str:
    """Why a layer is of the wrong kind."""
    for node in nodes:
        if node.type() in _FILTERS:
            return text(
                "The layer “{name}” is a filter: choose a layer that shows something itself.",
                name=node.name(),
            )
        if is_pass_through(node) and not _is_plain_bundle(node):
            return text(
                "The pass-through group “{name}” has an opacity or blend modes of its own: switch "
                "its pass-through off first.",
                name=node.name(),
            )
    return ""


def _is_plain_bundle(group: Node) -> bool:
    """Whether what is in a group shows the same with a picture of its own."""
    is_opaque = group.opacity() == OPAQUE_LAYER
    return is_opaque and all(node.blendingMode() == NORMAL for node in layers(group))


def _selection_reason(document: Document, name: str, box: Box) -> str:
    """Why the selection is none of the object; "" where it is, or nothing is selected."""
    selection = document.selection()
    if selection is None or selection.width() < 1:
        return ""
    selected = Box(selection.x(), selection.y(), selection.width(), selection.height())
    there = box.common(selected)
    if there is not None:
        values = bytes(selection.pixelData(there.left, there.top, there.width, there.height))
        if values.count(0) < len(values):
            return ""
    return text(
        "The selection does not touch the layer “{name}”: select a part of it, or nothing at all.",
        name=name,
    )


def _alone(document: Document, nodes: Sequence[Node]) -> str:
    """Why there is nothing to harmonize with; what needs a look at pixels, a grab finds out."""
    own = {key_of(node) for top in nodes for node in (top, *ancestors(top), *layers(top))}
    own |= results_of(document, object_key(nodes))
    if any(node.visible() and key_of(node) not in own for node in all_layers(document)):
        return ""
    return text("There is no background to harmonize with: place the picture below the layer.")

"""What is selected in the editor, and one sentence where it cannot be harmonized."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.color.picture import Picture
from frih_plugin.hosts.host import Subject
from frih_plugin.hosts.standalone.document.compositor import intersection
from frih_plugin.hosts.standalone.document.display import rgba8, shrunk_to
from frih_plugin.hosts.standalone.document.document import Document, Mask
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.harmonize.grab import rendered_object
from frih_plugin.hosts.standalone.harmonize.sources import key_of, results_of
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.texts import text

THUMBNAIL_SIDE = 96


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """The editor at one moment: its document (None for none) and the active layers' ids."""

    key: str
    document: Document | None
    active: tuple[str, ...]
    preview_scale: int

    def layers(self) -> list[Layer]:
        """The active layers that there still are, bottom first."""
        document = self.document
        return [] if document is None else [x for x in document.layers if x.id in self.active]


class Describer:
    """Makes Subjects; remembers the last one's thumbnail, which most changes keep."""

    def __init__(self) -> None:
        self._looked_at: tuple[int, ...] = ()
        self._has_pixels = False
        self._thumbnail: Pixels | None = None
        self._stamped: tuple[Mask, int] | None = None

    def describe(self, selected: Selected) -> Subject:
        """The Subject of what is selected."""
        document, layers = selected.document, selected.layers()
        if document is None:
            return Subject(unusable=text("Open a picture first."))
        if not layers:
            sentence = text("Select the layer that was pasted, in the list of layers.")
            return Subject(selected.key, unusable=sentence, preview_scale=selected.preview_scale)
        reason = self.reason(document, layers)
        return Subject(
            document=selected.key,
            layer=key_of([layer.id for layer in layers]),
            name=_name(layers),
            thumbnail=self._thumbnail,
            unusable=reason,
            revision=self.revision(document, layers),
            preview_scale=selected.preview_scale,
        )

    def revision(self, document: Document, layers: Sequence[Layer]) -> str:
        """Differs when the object, the selection or what it lies on does; not for its results."""
        results = {result.id for result in results_of(document, layers)}
        own = {layer.id for layer in layers}
        stack = tuple(
            (layer.revision, layer.is_visible or layer.id in own)
            for layer in document.layers
            if layer.id not in results
        )
        return f"{hash(stack):x}.{self._stamp(document.selection):x}"

    def reason(self, document: Document, layers: Sequence[Layer]) -> str:
        """Why the layers cannot be harmonized; "" where they can."""
        self._look_at(document, layers)
        name = _name(layers)
        locked = next((layer for layer in layers if layer.is_locked), None)
        if locked is not None:
            return text("The layer “{name}” is locked: unlock it first.", name=locked.name)
        if not self._has_pixels:
            return text("The layer “{name}” is empty: choose one that shows something.", name=name)
        if all(intersection(layer.bounds, document.canvas) is None for layer in layers):
            return text("The layer “{name}” lies outside the picture: move it onto it.", name=name)
        if not any(layer.is_visible or _is_replaced(document, layer) for layer in layers):
            return text("The layer “{name}” is hidden: show it first.", name=name)
        return _selection_reason(document, layers) or _background_reason(document, layers)

    def _stamp(self, selection: Mask | None) -> int:
        """A number for what is selected; asked from both threads, so it is kept in one step."""
        if selection is None:
            return 0
        stamped = self._stamped
        if stamped is None or stamped[0] is not selection:
            stamped = selection, zlib.crc32(selection.data)
            self._stamped = stamped
        return stamped[1]

    def _look_at(self, document: Document, layers: Sequence[Layer]) -> None:
        """Look at the layers' pixels, unless they were the last ones looked at."""
        revisions = tuple(layer.revision for layer in layers)
        if revisions == self._looked_at:
            return
        self._looked_at = revisions
        self._has_pixels = any(_shows_something(layer.picture) for layer in layers)
        self._thumbnail = None
        if self._has_pixels:
            small = shrunk_to(rendered_object(document, layers).picture, THUMBNAIL_SIDE)
            rows = np.ascontiguousarray(rgba8(small))
            height, width = rows.shape[:2]
            self._thumbnail = Pixels(width, height, "rgba", "u8", rows.tobytes())


def _is_replaced(document: Document, layer: Layer) -> bool:
    """Whether a visible result shows instead of the layer."""
    return any(result.is_visible for result in results_of(document, [layer]))


def _selection_reason(document: Document, layers: Sequence[Layer]) -> str:
    """Why the selection is none of the object; "" where it is, or nothing is selected."""
    if document.selection is None:
        return ""
    for layer in layers:
        box = intersection(layer.bounds, document.canvas)
        if box and document.selection[box.top : box.bottom, box.left : box.right].any():
            return ""
    return text(
        "The selection does not touch the layer “{name}”: select a part of it, or nothing at all.",
        name=_name(layers),
    )


def _background_reason(document: Document, layers: Sequence[Layer]) -> str:
    """Why there is nothing to harmonize with; what needs a look at pixels, a grab finds out."""
    left_out = {layer.id for layer in (*layers, *results_of(document, layers))}
    others = (layer for layer in document.layers if layer.id not in left_out)
    if any(layer.is_visible and layer.opacity > 0 for layer in others):
        return ""
    return text("There is no background to harmonize with: place the picture below the layer.")


def _shows_something(picture: Picture) -> bool:
    return picture.alpha is None or bool(picture.alpha.any())


def _name(layers: Sequence[Layer]) -> str:
    if len(layers) == 1:
        return layers[0].name
    return text("{count} layers", count=len(layers))

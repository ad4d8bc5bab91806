"""What the canvas shows instead of the document for a while; the document never sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.color.picture import Picture
from engine.view import Box
from frih_plugin.hosts.standalone.document.compositor import shown_document
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.qt.gui import QImage


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A picture, stretched over a box of the canvas and above all layers."""

    image: QImage
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """Changed pixels and an overlay.

    replaced: layer id to a picture of the layer's size, or of that size divided by a power of two
    and rounded up; document: shown as it is instead of the open one, for changes that are not a
    layer's own, say of several layers as one.
    """

    replaced: Mapping[str, Picture] = field(default_factory=dict[str, Picture])
    document: Document | None = None
    overlay: Overlay | None = None

    def of(self, document: Document) -> Document:
        """What to show instead of a document. Raises BadInputError for pictures that do not fit."""
        return self.document or shown_document(document, replaced=self.replaced)

"""What the canvas shows instead of the document for a while; the document never sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.view import Box
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.qt.gui import QImage


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A picture, stretched over a box of the canvas and above all layers."""

    image: QImage
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A change that is shown but not made, and an overlay.

    change: gives what to show instead of a document, whatever has been done to that meanwhile.
    Raises BadInputError where it does not fit any more.
    """

    change: Callable[[Document], Document] | None = None
    overlay: Overlay | None = None

    def of(self, document: Document) -> Document:
        """What to show instead of a document. Raises BadInputError; see `change`."""
        return document if self.change is None else self.change(document)

"""Clipboard, dropped things and the selection: what the edit menu does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.errors import FrihError
from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.clipboard import (
    files_in,
    has_image,
    image_from,
    image_in,
    is_too_large,
    picture_from,
)
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    cut_out,
    invert_selection,
    render,
    select_all,
    select_none,
)
from frih_plugin.hosts.standalone.document.display import srgb_picture
from frih_plugin.hosts.standalone.files import Files
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QMimeData, QObject, Signal
from frih_plugin.qt.gui import QGuiApplication
from frih_plugin.texts import text


class Editing(QObject):
    """failed(sentence): why nothing was done."""

    failed = Signal(str)

    def __init__(
        self,
        session: EditorSession,
        files: Files,
        canvas: Canvas,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._files, self._canvas = session, files, canvas

    def paste(self) -> None:
        """Place what is on the clipboard as a new layer."""
        clipboard = QGuiApplication.clipboard()
        data = None if clipboard is None else clipboard.mimeData()
        if not self.can_take(data):
            self.failed.emit(
                text("There is no picture on the clipboard; copy one in another program first.")
            )
            return
        self.take(data, self._files.place)

    def copy(self) -> None:
        """Put the active layer, or what is selected of it, on the clipboard."""
        document, ids = self._session.document, self._session.active_layers
        clipboard = QGuiApplication.clipboard()
        if document is None or not ids or clipboard is None:
            return
        try:
            layer = _selected_part(document, document.layer(ids[-1]))
        except FrihError as error:
            self.failed.emit(error.sentence)
            return
        clipboard.setImage(image_from(srgb_picture(render(layer.picture, layer.placement).picture)))

    def can_take(self, data: QMimeData | None) -> bool:
        """Whether this has files or an image."""
        return bool(files_in(data)) or has_image(data)

    def take(self, data: QMimeData | None, take_files: Callable[[tuple[Path, ...]], None]) -> None:
        """Give files to `take_files`; place an image as a layer."""
        paths = files_in(data)
        if paths:
            take_files(paths)
            return
        image = image_in(data)
        if image is None or is_too_large(image):
            self.failed.emit(
                text("This picture cannot be pasted; save it to a file and place that.")
            )
            return
        self._files.place_picture(picture_from(image), text("Pasted layer"), text("Paste"))

    def select_all(self) -> None:
        """Select the whole canvas."""
        self._select(select_all, text("Select all"))

    def select_none(self) -> None:
        """Select nothing."""
        self._select(select_none, text("Select none"))

    def invert_selection(self) -> None:
        """Select what is not selected."""
        self._select(invert_selection, text("Invert selection"))

    def show_layer(self) -> None:
        """Bring the active layer into the middle of the canvas."""
        document, ids = self._session.document, self._session.active_layers
        if document is not None and ids:
            self._canvas.show_box(document.layer(ids[-1]).bounds)

    def _select(self, change: Callable[[Document], Document], step: str) -> None:
        document = self._session.document
        if document is not None:
            changed = change(document)
            if changed.selection is not document.selection:
                self._session.apply(changed, step)


def _selected_part(document: Document, layer: Layer) -> Layer:
    if document.selection is None:
        return layer
    return cut_out(document, layer.id, layer.name)[1]

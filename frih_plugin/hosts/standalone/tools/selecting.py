"""What both selection tools share: how a gesture meets the old selection, and the feather."""

from __future__ import annotations

from engine.errors import FrihError
from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Point
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.selections import Combination, select_none
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.tool import Tool
from frih_plugin.qt.core import QObject, Qt
from frih_plugin.texts import text

_A_CLICK_PX = 3.0


class SelectionTool(Tool):
    """Draws an outline; on release its inside is selected.

    Shift adds to the selection, Alt takes away; a click selects nothing. feather_px: how soft the
    edge becomes.
    """

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.feather_px = 0.0
        self._start: Point | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an outline is being drawn."""
        return self._start is not None

    def cursor(self, pointer: Pointer) -> Qt.CursorShape:  # noqa: ARG002 - the same everywhere
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def cancel(self) -> None:
        """Draw no outline."""
        self._start = None
        self.repaint.emit()

    def release(self, pointer: Pointer) -> None:
        """Select what was drawn round."""
        document, start = self.session.document, self._start
        if start is None:
            return
        self.move(pointer)
        selected = self._changed(document, pointer, start) if document is not None else None
        self.cancel()
        if selected is not None:
            self.session.apply(selected, text("Select"))

    def selected(self, document: Document, how: Combination) -> Document:
        """The document with what was drawn selected."""
        raise NotImplementedError

    def _changed(self, document: Document, pointer: Pointer, start: Point) -> Document | None:
        how = combination(pointer)
        if self._is_click(pointer, start):
            has_selection = document.selection is not None
            return select_none(document) if how == "replace" and has_selection else None
        try:
            changed = self.selected(document, how)
        except FrihError as error:
            self.failed.emit(error.sentence)
            return None
        both_empty = changed.selection is None and document.selection is None
        return None if both_empty else changed

    def _is_click(self, pointer: Pointer, start: Point) -> bool:
        x, y = pointer.viewport.to_screen(start)
        across, down = abs(pointer.screen[0] - x), abs(pointer.screen[1] - y)
        return max(across, down) < _A_CLICK_PX and self._is_small()

    def _is_small(self) -> bool:
        """Whether the outline did not go anywhere in between."""
        return True


def combination(pointer: Pointer) -> Combination:
    """How what is drawn meets what is selected already."""
    if pointer.alt:
        return "subtract"
    return "add" if pointer.shift else "replace"

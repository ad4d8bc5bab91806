"""The hand: drags the picture about."""

from __future__ import annotations

from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Point
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.tool import Tool
from frih_plugin.qt.core import QObject, Qt


class HandTool(Tool):
    """Pans. The canvas lends it for the middle button and the space bar."""

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._last: Point | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the picture is held."""
        return self._last is not None

    def cursor(self, pointer: Pointer) -> Qt.CursorShape:  # noqa: ARG002 - the same everywhere
        """A hand, open or closed."""
        shapes = Qt.CursorShape.OpenHandCursor, Qt.CursorShape.ClosedHandCursor
        return shapes[self.is_busy]

    def press(self, pointer: Pointer) -> None:
        """Hold the picture."""
        self._last = pointer.screen

    def move(self, pointer: Pointer) -> None:
        """Take it along."""
        if self._last is not None:
            self.panned.emit(pointer.screen[0] - self._last[0], pointer.screen[1] - self._last[1])
            self._last = pointer.screen

    def release(self, pointer: Pointer) -> None:
        """Let go of it."""
        self.move(pointer)
        self._last = None

    def cancel(self) -> None:
        """Let go of it where it is."""
        self._last = None

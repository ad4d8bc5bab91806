"""What all tools have in common."""

from __future__ import annotations

from frih_plugin.hosts.standalone.canvas.pointer import Pointer
from frih_plugin.hosts.standalone.canvas.viewport import Viewport
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QObject, Qt, Signal
from frih_plugin.qt.gui import QPainter


class Tool(QObject):
    """A tool gets the left button's presses, moves and releases, and paints over the picture.

    repaint: what it paints is different now. panned(right, down): move the picture, device pixels.
    A press up to its release is one gesture: one undo step, or none after `cancel`.
    """

    repaint = Signal()
    panned = Signal(float, float)
    failed = Signal(str)

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session

    @property
    def is_busy(self) -> bool:
        """Whether a gesture is under way."""
        return False

    def cursor(self, pointer: Pointer) -> Qt.CursorShape:  # noqa: ARG002 - the interface
        """The cursor to show there."""
        return Qt.CursorShape.ArrowCursor

    def press(self, pointer: Pointer) -> None:
        """The left button went down."""

    def move(self, pointer: Pointer) -> None:
        """The pointer moved with the button down."""

    def release(self, pointer: Pointer) -> None:
        """The button came up: the gesture is done."""

    def cancel(self) -> None:
        """Give the gesture up; the document is as before."""

    def nudge(self, right: int, down: int) -> bool:  # noqa: ARG002 - the interface
        """Arrow keys, in pixels; whether the tool made use of them."""
        return False

    def paint(self, painter: QPainter, viewport: Viewport, pixel_ratio: float) -> None:
        """Paint over the picture, in device pixels; pixel_ratio: for lengths that are seen."""

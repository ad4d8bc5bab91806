"""A layer whose regions are known, and the panel that shows it."""

from __future__ import annotations

from posed_state import PosedState

from frih_plugin.hosts.host import Subject
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QEvent, QPoint, QPointF, Qt
from frih_plugin.qt.gui import QMouseEvent
from frih_plugin.qt.widgets import QApplication, QWidget
from frih_plugin.state.values import Pictures, RegionMap, RegionView

SIDE = 256
WIDE = (400, 100)
"""The window is four times as wide as high, the labels are square all the same."""

REGIONS = (
    RegionView(0, (200, 30, 30), 0.5),
    RegionView(1, (30, 200, 30), 0.37),
    RegionView(2, (30, 30, 200), 0.13),
)


def three_columns() -> bytes:
    """Regions 0, 1 and 2 from left to right in rows 64 to 191; nothing above and below."""
    row = bytes([0] * 128 + [1] * 96 + [2] * 32)
    nothing = bytes([255] * SIDE)
    return nothing * 64 + row * 128 + nothing * 64


def plain(red: int, green: int, blue: int) -> Pixels:
    """A picture of one colour, of the window's size."""
    return Pixels(*WIDE, "rgb", "u8", bytes((red, green, blue)) * (WIDE[0] * WIDE[1]))


def open_layer(state: PosedState, *, with_result: bool = True) -> None:
    """Select and open a layer; before is red, after is blue."""
    state.subject = Subject("doc", "layer", "Hat", plain_thumbnail())
    state.region_map = RegionMap(three_columns(), REGIONS)
    after = plain(0, 0, 255) if with_result else None
    state.pictures = Pictures(plain(255, 0, 0), after)
    state.can_harmonize = True


def plain_thumbnail() -> Pixels:
    """Green."""
    return Pixels(8, 4, "rgba", "u8", bytes((0, 255, 0, 255)) * 32)


def drag_to(widget: QWidget, place: QPoint) -> None:
    """Move the mouse with its left button down, which QTest cannot do in Qt 5."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def shown_panel(state: PosedState, width: int = 270) -> HarmonizePanel:
    """The panel on the (offscreen) screen, high enough for everything."""
    panel = HarmonizePanel(state.as_panel_state())
    panel.resize(width, 1200)
    panel.show()
    return panel

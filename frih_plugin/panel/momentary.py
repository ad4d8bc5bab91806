"""What lasts only as long as a mouse or key is there: a region hovered, the picture before held."""

from __future__ import annotations

from frih_plugin.qt.core import QObject
from frih_plugin.state.panel_state import PanelState


class Momentary(QObject):
    """Tells the state of both. Silent once the state is gone.

    When an editor quits, the state may go before the widgets; hiding them still ends what was
    hovered or held, and a call to the dead state would bring the whole editor down.
    """

    def __init__(self, state: PanelState, parent: QObject) -> None:
        super().__init__(parent)
        self._state: PanelState | None = state
        state.destroyed.connect(self._lose_state)

    def hover(self, index: int | None) -> None:
        """A region is under the mouse, None for none."""
        if self._state is not None and self._state.hovered != index:
            self._state.hover_region(index)

    def hold_before(self, *, on: bool) -> None:
        """The picture before is to be seen, or no more."""
        if self._state is not None:
            self._state.hold_before(on)

    def _lose_state(self) -> None:
        self._state = None

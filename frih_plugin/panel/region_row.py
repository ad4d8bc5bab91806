"""One region of the list: on or off, its share of the object, its own strength."""

from __future__ import annotations

from frih_plugin.panel.momentary import Momentary
from frih_plugin.panel.percent_slider import PercentSlider
from frih_plugin.panel.shades import accent
from frih_plugin.panel.swatch_button import SwatchButton
from frih_plugin.qt.core import QEvent, Qt
from frih_plugin.qt.gui import QEnterEvent, QPainter, QPaintEvent
from frih_plugin.qt.widgets import QHBoxLayout, QLabel, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.state.values import RegionView
from frih_plugin.texts import text

_WIDEST_SHARE = "100 %"


class RegionRow(QWidget):
    """Lights up while its region is under the mouse, here or in the picture."""

    def __init__(
        self, state: PanelState, region: RegionView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._index = region.index
        self.is_lit = False
        self._momentary = Momentary(state, self)
        self.swatch = SwatchButton(self)
        self.share = QLabel(self)
        self.strength = PercentSlider(self)
        self.strength.field.setFrame(False)
        self._lay_out()
        self.swatch.clicked.connect(self._on_switched)
        self.strength.moved.connect(self._on_strength)
        self.show_region(region, is_hovered=False)

    def show_region(self, region: RegionView, *, is_hovered: bool) -> None:
        """Show a region as it is now."""
        self._index = region.index
        self.swatch.show_region(region)
        self.share.setText(share_words(region.share))
        self.share.setEnabled(region.on)
        self.strength.setEnabled(region.on)
        self.strength.show_share(region.strength)
        self._explain(region)
        if is_hovered != self.is_lit:
            self.is_lit = is_hovered
            self.update()

    def enterEvent(self, event: QEnterEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """Find this region in the picture."""
        self._momentary.hover(self._index)

    def leaveEvent(self, a0: QEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """No more."""
        self._momentary.hover(None)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: ARG002, N802 - Qt's name
        """A ground while it is lit."""
        if self.is_lit:
            painter = QPainter(self)
            color = accent()
            color.setAlpha(60)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(self.rect(), 3, 3)

    def _on_switched(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._state.switch_region(self._index, on)

    def _on_strength(self, share: float, dragging: bool) -> None:  # noqa: FBT001 - a signal's
        self._state.set_region_strength(self._index, share, dragging=dragging)

    def _explain(self, region: RegionView) -> None:
        number, share = region.index + 1, share_words(region.share)
        name = text("Region {number}, {share} of the object", number=number, share=share)
        lesson = (
            text("Click to leave this region as it was.")
            if region.on
            else text("Click to match this region too.")
        )
        self.swatch.setAccessibleName(name)
        self.swatch.setAccessibleDescription(lesson)
        self.swatch.setToolTip(lesson)
        self.strength.set_names(
            text("Strength of region {number}", number=number),
            text("How far this region goes towards its match; a double click means all the way."),
        )

    def _lay_out(self) -> None:
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.share.setMinimumWidth(self.share.fontMetrics().horizontalAdvance(_WIDEST_SHARE))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 1, 0, 1)
        row.setSpacing(6)
        row.addWidget(self.swatch)
        row.addWidget(self.share)
        row.addWidget(self.strength, 1)


def share_words(share: float) -> str:
    """A share of the object in percent; what is there at all is never called none of it."""
    percent = round(share * 100)
    return "< 1 %" if percent == 0 else f"{percent} %"

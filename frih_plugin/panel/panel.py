"""The whole panel, for a dock or a window of its own."""

from __future__ import annotations

from itertools import pairwise

from frih_plugin.panel.compare_bar import CompareBar
from frih_plugin.panel.footer import Footer
from frih_plugin.panel.granularity_row import GranularityRow
from frih_plugin.panel.harmonize_row import HarmonizeRow
from frih_plugin.panel.layer_card import LayerCard
from frih_plugin.panel.notice_line import NoticeLine
from frih_plugin.panel.options import Options
from frih_plugin.panel.overlay_scroll_bar import WIDTH_PX, OverlayScrollBar
from frih_plugin.panel.presets import Presets
from frih_plugin.panel.preview_view import PreviewView
from frih_plugin.panel.region_list import RegionList
from frih_plugin.panel.section import Section
from frih_plugin.panel.strength_row import StrengthRow
from frih_plugin.qt.core import QEvent, QSize, Qt
from frih_plugin.qt.gui import QResizeEvent
from frih_plugin.qt.widgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text

_MARGIN_PX = 8
_SPACING_PX = 9
_NARROWEST_PX = 220


class HarmonizePanel(QWidget):
    """Binds to a state; the one who made the state closes it."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._make_parts()
        self._lay_out()
        self._link()
        self._set_tab_order()
        self._widen()
        self._place_notice()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A dock of usual width."""
        return QSize(270, 720)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """The notice stays at the lower end, the scroll bar at the edge."""
        super().resizeEvent(a0)
        self._place_notice()

    def changeEvent(self, a0: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Larger words need more room."""
        super().changeEvent(a0)
        if a0 is not None and a0.type() == QEvent.Type.FontChange:
            self._widen()

    def _make_parts(self) -> None:
        self._content = QWidget()
        inside = self._content
        self.card = LayerCard(self._state, inside)
        self.harmonize = HarmonizeRow(self._state, inside)
        self.preview = PreviewView(self._state, inside)
        self.compare = CompareBar(self._state, self.preview, inside)
        self.granularity = GranularityRow(self._state, inside)
        self.strength = StrengthRow(self._state, inside)
        self.regions = RegionList(self._state, inside)
        self.options = Options(self._state)
        self.options_section = Section(text("Options"), self.options, inside)
        self.presets = Presets(self._state)
        self.presets_section = Section(text("Presets"), self.presets, inside)
        self.footer = Footer(self._state, inside)
        self.notice = NoticeLine(self._state, self)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        self._column.setSpacing(_SPACING_PX)
        for part in (
            self.card,
            self.harmonize,
            self.preview,
            self.compare,
            self.granularity,
            self.strength,
            self.regions,
            self.options_section,
            self.presets_section,
        ):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._column.addWidget(self.footer)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._content)
        self._bar = OverlayScrollBar(self._scroll, self)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self._scroll)

    def _link(self) -> None:
        self.harmonize.add_shortcuts(self)
        self.compare.regions_wanted.connect(self._show_regions)
        self.granularity.dragging.connect(self._show_regions)
        self.granularity.dragging.connect(self.regions.keep_height)
        self.notice.resized.connect(self._place_notice)
        for section in (self.options_section, self.presets_section):
            section.title.toggled.connect(self._widen)

    def _show_regions(self) -> None:
        """Seen while they are wanted, and while the granularity regroups them."""
        shown = self.compare.regions.isChecked() or self.granularity.slider.isSliderDown()
        self.preview.show_regions(shown)
        self._state.set_overlay_shown(shown)

    def _set_tab_order(self) -> None:
        """From the top; rows of regions, made later, follow their list by themselves."""
        order: list[QWidget] = [
            self.harmonize.button,
            self.preview,
            self.compare.before,
            self.compare.split,
            self.compare.regions,
            self.granularity.slider,
            self.strength.control.slider,
            self.strength.control.field,
        ]
        for first, second in pairwise(order):
            self.setTabOrder(first, second)

    def _widen(self) -> None:
        """Never so narrow that words are cut off, however large the font."""
        needed = self._content.minimumSizeHint().width()
        self.setMinimumWidth(max(_NARROWEST_PX, needed))

    def _place_notice(self) -> None:
        """At the lower end: what was there can be scrolled up, and the rest stays in its place."""
        height = 0
        if not self.notice.isHidden():
            height = max(self.notice.heightForWidth(self.width()), 0)
            self.notice.setGeometry(0, self.height() - height, self.width(), height)
        self._bar.setGeometry(self.width() - WIDTH_PX, 0, WIDTH_PX, self.height() - height)
        # At once, not in a later turn of the event loop: no frame shows half of the change.
        self._outer.setContentsMargins(0, 0, 0, height)
        self._outer.activate()

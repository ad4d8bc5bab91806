"""The regions, one row each, and what can be done to all of them."""

from __future__ import annotations

from frih_plugin.panel.region_row import RegionRow
from frih_plugin.panel.small_print import SmallPrint
from frih_plugin.qt.widgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text


class RegionList(QWidget):
    """Rows are made once and used again, so that nothing flickers while the regions regroup."""

    def __init__(self, state: PanelState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.rows: list[RegionRow] = []
        self.all_on, self.all_off = QToolButton(self), QToolButton(self)
        self.empty = SmallPrint(self)
        self._column = QVBoxLayout(self)
        self._lay_out()
        self.all_on.clicked.connect(lambda: self._switch_all(on=True))
        self.all_off.clicked.connect(lambda: self._switch_all(on=False))
        state.regions_changed.connect(self.refresh)
        state.subject_changed.connect(self.refresh)
        state.job_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the regions as they are."""
        found = self._state.region_map
        regions = () if found is None else found.regions
        for region in regions[len(self.rows) :]:
            row = RegionRow(self._state, region, self)
            self.rows.append(row)
            self._column.addWidget(row)
        for row, region in zip(self.rows, regions, strict=False):
            row.show_region(region, is_hovered=region.index == self._state.hovered)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(regions))
        self.empty.setVisible(not regions)
        subject = self._state.subject
        waits = subject.document and not subject.unusable and self._state.job is None
        self.empty.setText(text("Click on the preview to find them.") if waits else "")
        self.all_on.setEnabled(any(not region.on for region in regions))
        self.all_off.setEnabled(any(region.on for region in regions))

    def keep_height(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """While the granularity moves, what stands below the list stays where it is."""
        self.setMinimumHeight(self.height() if on else 0)

    def _switch_all(self, *, on: bool) -> None:
        found = self._state.region_map
        for region in () if found is None else found.regions:
            if region.on != on:
                self._state.switch_region(region.index, on)

    def _lay_out(self) -> None:
        for button, name, lesson in (
            (self.all_on, text("All"), text("Match all regions.")),
            (self.all_off, text("None"), text("Leave all regions as they were.")),
        ):
            button.setText(name)
            button.setAutoRaise(True)
            button.setToolTip(lesson)
            button.setAccessibleName(lesson)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(QLabel(text("Regions"), self), 1)
        head.addWidget(self.all_on)
        head.addWidget(self.all_off)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addLayout(head)
        self._column.addWidget(self.empty)

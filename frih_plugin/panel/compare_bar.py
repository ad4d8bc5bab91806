"""The buttons under the preview: hold to see before, split, colour the regions."""

from __future__ import annotations

from frih_plugin.panel.preview_view import PreviewView
from frih_plugin.panel.toggle_button import ToggleButton
from frih_plugin.qt.core import Signal
from frih_plugin.qt.widgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget
from frih_plugin.state.panel_state import PanelState
from frih_plugin.texts import text


class CompareBar(QWidget):
    """regions_wanted(bool): the person turned the regions' colours on or off."""

    regions_wanted = Signal(bool)

    def __init__(self, state: PanelState, view: PreviewView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._view = view
        self.before = QToolButton(self)
        self.split, self.regions = ToggleButton(self), ToggleButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.before, self.split, self.regions):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(button, 1)
        self._connect()
        state.pictures_changed.connect(self.refresh)
        state.subject_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Offer what there is something to see of, and say why not."""
        pictures = self._state.pictures
        has_result = pictures is not None and pictures.after is not None
        for button, name, lesson in (
            (self.before, text("Before"), text("Hold to see the picture as it was.")),
            (self.split, text("Split"), text("Before on the left, after on the right of a line.")),
        ):
            button.setEnabled(has_result)
            _explain(button, name, lesson if has_result else text("There is no result yet."))
        usable = bool(self._state.subject.document) and not self._state.subject.unusable
        self.regions.setEnabled(usable)
        lesson = text("Colour the regions that are matched each on its own.")
        _explain(self.regions, text("Regions"), lesson)

    def _connect(self) -> None:
        for changed in (self.before.pressed, self.before.released):
            changed.connect(lambda: self._view.hold_before(self.before.isDown()))
        self.split.toggled.connect(self._view.set_split)
        self.regions.toggled.connect(self._on_regions)

    def _on_regions(self, on: bool) -> None:  # noqa: FBT001 - a signal's argument
        if on and self._state.region_map is None:
            self._state.prepare()
        self.regions_wanted.emit(on)


def _explain(button: QToolButton, name: str, lesson: str) -> None:
    button.setText(name)
    button.setToolTip(lesson)
    button.setAccessibleName(name)
    button.setAccessibleDescription(lesson)

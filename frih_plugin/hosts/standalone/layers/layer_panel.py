"""The dock with the layers: mode and opacity of the active ones, the list, and buttons."""

from __future__ import annotations

from collections.abc import Iterable

from frih_plugin.hosts.standalone.document import BlendMode, Layer
from frih_plugin.hosts.standalone.layers.blend_modes import mode_name
from frih_plugin.hosts.standalone.layers.commands import LayerCommands
from frih_plugin.hosts.standalone.layers.layer_list import LayerList
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QPoint, QSize, Qt
from frih_plugin.qt.gui import QAction
from frih_plugin.qt.widgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from frih_plugin.texts import text

_ICON = QSize(18, 18)


class LayerPanel(QWidget):
    """Shows the session's layers. buttons: actions below the list, menu: of the right button."""

    def __init__(
        self, session: EditorSession, commands: LayerCommands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._commands = session, commands
        self._modes = _mode_box()
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._percent = QLabel()
        self._buttons = QHBoxLayout()
        self._menu = QMenu(self)
        self.list = LayerList(session, commands)
        self._arrange()
        self._connect()
        self._follow()

    def add_actions(self, buttons: Iterable[QAction], menu: Iterable[QAction]) -> None:
        """Offer these as buttons, and those on a right click."""
        for action in buttons:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(_ICON)
            button.setAutoRaise(True)
            self._buttons.insertWidget(self._buttons.count() - 1, button)
        self._menu.addActions(list(menu))

    def _arrange(self) -> None:
        self._opacity.setRange(0, 100)
        self._opacity.setAccessibleName(text("Opacity"))
        self._opacity.setToolTip(text("Opacity of the layer"))
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        top = QHBoxLayout()
        top.addWidget(self._modes, 2)
        top.addWidget(self._opacity, 2)
        top.addWidget(self._percent)
        self._buttons.setSpacing(2)
        self._buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 6)
        box.setSpacing(6)
        box.addLayout(top)
        box.addWidget(self.list, 1)
        box.addLayout(self._buttons)

    def _connect(self) -> None:
        self._modes.activated.connect(self._choose_mode)
        self._opacity.valueChanged.connect(self._choose_opacity)
        self._opacity.sliderReleased.connect(self._session.end_merging)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._session.document_changed.connect(self._follow)
        self._session.active_layers_changed.connect(self._follow)

    def _follow(self) -> None:
        """Show mode and opacity of the topmost active layer."""
        layer = self._topmost()
        for widget in (self._modes, self._opacity):
            widget.setEnabled(layer is not None)
        if layer is None:
            self._percent.clear()
            return
        percent = round(layer.opacity * 100)
        self._modes.setCurrentIndex(self._modes.findData(layer.mode))
        self._percent.setText(text("{percent} %", percent=percent))
        self._opacity.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._opacity.setValue(percent)
        self._opacity.blockSignals(False)  # noqa: FBT003 - Qt's signature

    def _topmost(self) -> Layer | None:
        document, ids = self._session.document, self._session.active_layers
        return document.layer(ids[-1]) if document is not None and ids else None

    def _choose_mode(self) -> None:
        mode = self._modes.currentData()
        if isinstance(mode, BlendMode):
            self._commands.set_mode(mode)

    def _choose_opacity(self, percent: int) -> None:
        self._commands.set_opacity(percent / 100)

    def _show_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid():
            self._menu.popup(self.list.mapToGlobal(at))


def _mode_box() -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(text("Blend mode"))
    box.setToolTip(text("How the layer's colors meet those below"))
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    for mode in BlendMode:
        box.addItem(mode_name(mode), mode)
    return box

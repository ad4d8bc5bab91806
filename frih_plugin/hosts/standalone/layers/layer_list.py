"""The list of layers as a widget: click, drag, rename."""

from __future__ import annotations

from frih_plugin.hosts.standalone.layers.commands import LayerCommands
from frih_plugin.hosts.standalone.layers.delegate import ROW_PX, LayerDelegate, eye_rect, lock_rect
from frih_plugin.hosts.standalone.layers.model import LayerModel
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt
from frih_plugin.qt.gui import QMouseEvent
from frih_plugin.qt.widgets import QAbstractItemView, QListView, QWidget
from frih_plugin.texts import text

_LEAST_ROWS = 3
"""A picture, a cut-out and its harmonized copy are seen without scrolling."""


class LayerList(QListView):
    """The selected rows are the session's active layers."""

    def __init__(
        self, session: EditorSession, commands: LayerCommands, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._commands = session, commands
        self._layers = LayerModel(session, commands, self)
        self._is_following = False
        self._set_up()
        session.active_layers_changed.connect(self._follow)
        self._layers.modelReset.connect(self._follow)
        self._follow()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for some layers."""
        return QSize(240, 210)

    def rename_active(self) -> None:
        """Edit the name of the topmost active layer."""
        ids = self._session.active_layers
        row = self._layers.row(ids[-1]) if ids else -1
        if row >= 0:
            self.edit(self._layers.index(row))

    def selectionChanged(  # noqa: N802 - Qt's name
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Work on the layers that were clicked."""
        super().selectionChanged(selected, deselected)
        if not self._is_following:
            rows = [index.row() for index in self.selectedIndexes()]
            self._session.set_active_layers(tuple(self._layers.layer(row).id for row in rows))

    def mousePressEvent(self, e: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """On an eye or a lock a click does what it shows, and selects nothing."""
        if e is None or e.button() != Qt.MouseButton.LeftButton or not self._is_switched(e):
            super().mousePressEvent(e)

    def mouseDoubleClickEvent(self, e: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """A quick second click on an eye is a click, too; elsewhere it edits the name."""
        if e is None or e.button() != Qt.MouseButton.LeftButton or not self._is_switched(e):
            super().mouseDoubleClickEvent(e)

    def _set_up(self) -> None:
        self.setModel(self._layers)
        self.setItemDelegate(LayerDelegate(self))
        self.setAccessibleName(text("Layers"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setMouseTracking(True)
        self.setMinimumHeight(_LEAST_ROWS * ROW_PX + 2 * self.frameWidth())
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _is_switched(self, event: QMouseEvent) -> bool:
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return False
        point, row = event.position().toPoint(), self.visualRect(index)
        layer_id = self._layers.layer(index.row()).id
        if eye_rect(row).adjusted(-6, -10, 4, 10).contains(point):
            self._commands.toggle_visible(layer_id)
            return True
        if lock_rect(row).adjusted(-4, -10, 6, 10).contains(point):
            self._commands.toggle_locked(layer_id)
            return True
        return False

    def _follow(self) -> None:
        """Select the rows of the active layers."""
        selection, flags = QItemSelection(), QItemSelectionModel.SelectionFlag
        rows = [self._layers.row(layer_id) for layer_id in self._session.active_layers]
        for row in rows:
            if row >= 0:
                selection.select(self._layers.index(row), self._layers.index(row))
        model = self.selectionModel()
        if model is None:
            return
        self._is_following = True
        model.select(selection, flags.ClearAndSelect)
        current = self._layers.index(rows[-1]) if rows else QModelIndex()
        model.setCurrentIndex(current, flags.NoUpdate)
        self._is_following = False

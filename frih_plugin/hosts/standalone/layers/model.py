"""The layers as rows of a list, the topmost first."""

from __future__ import annotations

from collections.abc import Iterable

from frih_plugin.hosts.standalone.document import Layer
from frih_plugin.hosts.standalone.layers.commands import LayerCommands
from frih_plugin.hosts.standalone.layers.thumbnails import Thumbnails
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt
from frih_plugin.texts import text

MIME_TYPE = "application/x-frih-layers"
LAYER_ROLE = Qt.ItemDataRole.UserRole
THUMBNAIL_ROLE = Qt.ItemDataRole.UserRole + 1


class LayerModel(QAbstractListModel):
    """Row 0 is the topmost layer. Rows can be dragged, names edited."""

    def __init__(
        self, session: EditorSession, commands: LayerCommands, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._commands = session, commands
        self._thumbnails = Thumbnails()
        self._layers: tuple[Layer, ...] = ()
        session.document_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Take the layers as they are now."""
        document = self._session.document
        layers = () if document is None else document.layers[::-1]
        if [layer.id for layer in layers] == [layer.id for layer in self._layers]:
            self._layers = layers
            if layers:
                self.dataChanged.emit(self.index(0), self.index(len(layers) - 1))
            return
        self.beginResetModel()
        self._layers = layers
        self._thumbnails.forget_all_but({layer.id for layer in layers})
        self.endResetModel()

    def layer(self, row: int) -> Layer:
        """The layer of a row."""
        return self._layers[row]

    def row(self, layer_id: str) -> int:
        """The row of a layer; -1 where it has none."""
        ids = [layer.id for layer in self._layers]
        return ids.index(layer_id) if layer_id in ids else -1

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """How many layers there are."""
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A layer's name, itself, its thumbnail, and what a screen reader says."""
        if not index.isValid():
            return None
        layer = self._layers[index.row()]
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.EditRole, roles.ToolTipRole):
            return layer.name
        if role == LAYER_ROLE:
            return layer
        if role == THUMBNAIL_ROLE:
            return self._thumbnails.of(layer)
        return _spoken(layer) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def setData(  # noqa: N802 - Qt's name
        self, index: QModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Rename a layer."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        self._commands.rename(self._layers[index.row()].id, str(value))
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Rows can be edited and dragged; what is dropped goes between them."""
        flags = Qt.ItemFlag
        if not index.isValid():
            return flags.ItemIsDropEnabled
        kinds = flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsEditable
        return kinds | flags.ItemIsDragEnabled | flags.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Rows are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """What can be dropped here."""
        return [MIME_TYPE]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """The ids of the dragged rows."""
        rows = sorted({index.row() for index in indexes}, reverse=True)
        data = QMimeData()
        data.setData(MIME_TYPE, "\n".join(self._layers[row].id for row in rows).encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's name
        self,
        data: QMimeData | None,
        action: Qt.DropAction,
        row: int,
        column: int,
        parent: QModelIndex,
    ) -> bool:
        """Bring the dragged layers to where they were dropped; False, as Qt is to remove no row."""
        del action, column
        if data is None or not data.hasFormat(MIME_TYPE):
            return False
        ids = bytes(data.data(MIME_TYPE).data()).decode().split("\n")
        above = row if row >= 0 else parent.row() if parent.isValid() else len(self._layers)
        self._commands.move_to(ids, len(self._layers) - above)
        return False


def _spoken(layer: Layer) -> str:
    parts = [layer.name]
    if not layer.is_visible:
        parts.append(text("hidden"))
    if layer.is_locked:
        parts.append(text("locked"))
    return ", ".join(parts)

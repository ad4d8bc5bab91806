"""The editor's window: puts its parts together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frih_plugin.hosts.standalone.actions import Actions
from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.canvas.canvas_area import CanvasArea
from frih_plugin.hosts.standalone.document import Document
from frih_plugin.hosts.standalone.editing import Editing
from frih_plugin.hosts.standalone.file_menu import FileMenu
from frih_plugin.hosts.standalone.files import Files
from frih_plugin.hosts.standalone.jobs import Jobs
from frih_plugin.hosts.standalone.layers.commands import LayerCommands
from frih_plugin.hosts.standalone.layers.layer_panel import LayerPanel
from frih_plugin.hosts.standalone.menus import fill_menus, fill_tool_bar, offer_layer_commands
from frih_plugin.hosts.standalone.message_bar import MessageBar
from frih_plugin.hosts.standalone.preferences import Preferences
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.status_line import StatusLine
from frih_plugin.hosts.standalone.toolbox import Toolbox
from frih_plugin.qt.core import QSize, Qt, Signal
from frih_plugin.qt.gui import QCloseEvent, QDragEnterEvent, QDropEvent
from frih_plugin.qt.widgets import QDockWidget, QMainWindow, QWidget
from frih_plugin.texts import text

_PANEL_SHARE = 0.72
"""Of the docks' height at the first start: regions are listed low in the panel."""


class EditorWindow(QMainWindow):
    """closing: the window is about to be gone, and its threads with it."""

    closing = Signal()

    def __init__(self, preferences_file: Path, session: EditorSession | None = None) -> None:
        super().__init__()
        self.session = session or EditorSession(self)
        self.preferences = Preferences(preferences_file, self)
        self.jobs = Jobs(self)
        self.messages = MessageBar()
        self.canvas = Canvas(self.session)
        self.layer_commands = LayerCommands(self.session, self)
        self.files = Files(self.session, self.jobs, self.preferences, self)
        self.editing = Editing(self.session, self.files, self.canvas, self)
        self.toolbox = Toolbox(self.session, self.canvas, self.preferences, self)
        self.actions_by_name = Actions(self.session, self)
        self.file_menu = FileMenu(self, self.files, self.session, self.preferences)
        self.layers = LayerPanel(self.session, self.layer_commands)
        self._is_over = False
        self._arrange()
        self._connect()
        self._show_title()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A comfortable size for the first start."""
        return QSize(1280, 820)

    def add_panel(self, widget: QWidget) -> None:
        """Dock the Harmonize panel at the right, above the layers."""
        dock = self._dock("harmonize", text("Harmonize"), widget)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.splitDockWidget(dock, self._layers_dock, Qt.Orientation.Vertical)
        shares = [_PANEL_SHARE, 1 - _PANEL_SHARE]
        heights = [round(share * self.sizeHint().height()) for share in shares]
        self.resizeDocks([dock, self._layers_dock], heights, Qt.Orientation.Vertical)
        self.resizeDocks([dock], [widget.sizeHint().width()], Qt.Orientation.Horizontal)
        self._view_menu.insertAction(self._layers_dock.toggleViewAction(), dock.toggleViewAction())

    def restore(self) -> None:
        """Put window and docks where they were; to be called when all docks are there."""
        geometry, state = self.preferences.geometry, self.preferences.state
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(self.sizeHint())
        if state is not None:
            self.restoreState(state)

    def open_or_place(self, paths: tuple[Path, ...]) -> None:
        """Open the first of some files, or place them all where a picture is being worked on."""
        if self.session.document is None or self.file_menu.shows_untouched_example:
            if paths:
                self.files.open(paths[0])
            paths = paths[1:]
        self.files.place(paths)

    def closeEvent(self, a0: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Ask about unsaved work first."""
        if a0 is None:
            return
        if self._is_over or not self.session.is_dirty:
            self.end()
            a0.accept()
            return
        a0.ignore()
        self.file_menu.unsaved.ask(self._close_now)

    def end(self) -> None:
        """Remember the window, end its threads and let go of the document."""
        if self._is_over:
            return
        self._is_over = True
        self.preferences.keep_window(self.saveGeometry(), self.saveState())
        self.closing.emit()
        self.jobs.stop()
        self.canvas.stop()
        self.session.close()

    def dragEnterEvent(self, a0: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Take files and images."""
        if a0 is not None and self.editing.can_take(a0.mimeData()):
            a0.acceptProposedAction()

    def dropEvent(self, a0: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Open or place what was dropped."""
        if a0 is not None and self.editing.can_take(a0.mimeData()):
            a0.acceptProposedAction()
            self.editing.take(a0.mimeData(), self.open_or_place)

    def _arrange(self) -> None:
        self.setCentralWidget(CanvasArea(self.canvas, self.messages))
        self.status = StatusLine(self.session, self.canvas, self.jobs)
        self.setStatusBar(self.status)
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self._layers_dock = self._dock("layers", text("Layers"), self.layers)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._layers_dock)
        offer_layer_commands(self.actions_by_name, self.layer_commands, self.layers)
        self._view_menu = fill_menus(self)
        self._view_menu.addAction(self._layers_dock.toggleViewAction())
        fill_tool_bar(self)
        self.actions_by_name.refresh()
        self.canvas.setFocus()

    def _dock(self, name: str, title: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(name)
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(features.DockWidgetMovable | features.DockWidgetClosable)
        dock.setWidget(widget)
        return dock

    def _connect(self) -> None:
        fail: Callable[[str], None] = self.messages.fail
        for source in (self.files, self.jobs, self.editing, self.toolbox, self.layer_commands):
            source.failed.connect(fail)
        self.files.noted.connect(self.messages.note)
        self.session.document_changed.connect(self._document_changed)
        self.session.history_changed.connect(self._show_title)

    def _document_changed(self, old: Document | None, new: Document | None) -> None:
        if old is None or new is None or old.layers is not new.layers:
            self.messages.hide()
        self._show_title()

    def _show_title(self) -> None:
        title = self.session.title
        program = text("FRIH Harmonize")
        self.setWindowTitle(f"{title}[*] - {program}" if title else f"{program}[*]")
        self.setWindowModified(self.session.is_dirty)

    def _close_now(self) -> None:
        self.end()
        self.close()

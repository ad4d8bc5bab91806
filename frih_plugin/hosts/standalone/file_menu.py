"""What the file menu does: which file, and whether unsaved work may go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frih_plugin.hosts.standalone.dialogs import ask_to_open, ask_to_save
from frih_plugin.hosts.standalone.example import open_example
from frih_plugin.hosts.standalone.files import LAYERED, Files, keeps_all
from frih_plugin.hosts.standalone.preferences import Preferences
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.unsaved import UnsavedWork
from frih_plugin.qt.core import QObject, QStandardPaths
from frih_plugin.qt.widgets import QMenu, QWidget
from frih_plugin.texts import text

_SAVED_AS = [".ora", ".tif", ".png", ".jpg", ".webp"]
_EXPORTED_AS = [".png", ".jpg", ".tif", ".webp"]


class FileMenu(QObject):
    """Every function returns at once; dialogs and files answer later."""

    def __init__(
        self, window: QWidget, files: Files, session: EditorSession, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window, self._files = window, files
        self._session, self._preferences = session, preferences
        self.unsaved = UnsavedWork(window)
        self.unsaved.save_wanted.connect(self.save)
        self._example_key = ""

    @property
    def shows_untouched_example(self) -> bool:
        """Whether the bundled example is open and nothing was done to it."""
        is_example = bool(self._example_key) and self._session.key == self._example_key
        return is_example and not self._session.is_dirty

    def show_example(self) -> None:
        """Open the bundled example."""
        self._unless_unsaved(self._show_example)

    def new_from_picture(self) -> None:
        """Ask for a picture and work on a copy of it."""
        self._ask_to_open(text("New from picture"), lambda path: self.open(path, is_copy=True))

    def ask_to_open(self) -> None:
        """Ask for a file and open it."""
        self._ask_to_open(text("Open"), self.open)

    def open(self, path: Path, *, is_copy: bool = False) -> None:
        """Open a file, when unsaved work is safe."""
        self._unless_unsaved(lambda: self._files.open(path, is_copy=is_copy))

    def ask_to_place(self) -> None:
        """Ask for files and place them."""
        ask_to_open(self._window, text("Place picture"), self._folder(), self._files.place)

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save where the document came from, or ask where to, as where layers would be lost."""
        document, path = self._session.document, self._session.path
        if path is None or document is None or not keeps_all(path, document):
            self.save_as(then)
        else:
            self._files.save(path, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        """Ask where to save."""
        path = self._session.path
        keeps_layers = path is not None and path.suffix.lower() in LAYERED
        suggested = path if path is not None and keeps_layers else self._suggested(".ora")
        title = text("Save as")
        ask_to_save(
            self._window, title, suggested, _SAVED_AS, lambda path: self._files.save(path, then)
        )

    def export(self) -> None:
        """Ask where to write what the document shows."""
        suggested = self._suggested(".png")
        ask_to_save(self._window, text("Export"), suggested, _EXPORTED_AS, self._files.export)

    def fill_recent(self, menu: QMenu) -> None:
        """List the files opened last."""
        menu.clear()
        for path in self._preferences.recent:
            action = menu.addAction(path.name)
            if action is not None:
                action.setToolTip(str(path))
                action.triggered.connect(self._opener(path))
        menu.setEnabled(bool(self._preferences.recent))
        menu.addSeparator()
        clear = menu.addAction(text("Clear list"))
        if clear is not None:
            clear.triggered.connect(self._preferences.clear_recent)

    def _show_example(self) -> None:
        self._session.open(open_example(), title=text("Example"))
        self._example_key = self._session.key

    def _opener(self, path: Path) -> Callable[[], None]:
        return lambda: self.open(path)

    def _ask_to_open(self, title: str, then: Callable[[Path], None]) -> None:
        ask_to_open(self._window, title, self._folder(), lambda paths: then(paths[0]))

    def _unless_unsaved(self, then: Callable[[], None]) -> None:
        if self._session.is_dirty:
            self.unsaved.ask(then)
        else:
            then()

    def _folder(self) -> Path:
        """Where files were last, else the person's pictures."""
        recent = self._preferences.recent
        if recent and recent[0].parent.is_dir():
            return recent[0].parent
        location = QStandardPaths.StandardLocation.PicturesLocation
        return Path(QStandardPaths.writableLocation(location))

    def _suggested(self, ending: str) -> Path:
        stem = Path(self._session.title).stem or text("Untitled")
        path = self._session.path
        return (self._folder() if path is None else path.parent) / (stem + ending)

"""Opening, placing and saving files: the work in a thread, the outcome in the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.color.picture import Picture
from engine.errors import BadInputError, FrihError
from frih_plugin.hosts.standalone.document import (
    Document,
    Opened,
    open_document,
    read_cut_out,
    save_document,
)
from frih_plugin.hosts.standalone.jobs import Job, Jobs
from frih_plugin.hosts.standalone.placing import in_space_of, put_picture
from frih_plugin.hosts.standalone.preferences import Preferences
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.texts import text

LAYERED = (".ora", ".tif", ".tiff")
"""Only to these "Save" writes without asking: elsewhere the layers would be lost."""


class Files(QObject):
    """failed and noted: a sentence to show."""

    failed = Signal(str)
    noted = Signal(str)

    def __init__(
        self,
        session: EditorSession,
        jobs: Jobs,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._preferences = session, jobs, preferences

    def open(self, path: Path, *, is_copy: bool = False) -> None:
        """Open a file instead of what is open. is_copy: "Save" will ask for a name."""

        def show(opened: Opened) -> None:
            keeps_layers = path.suffix.lower() in LAYERED and not is_copy
            own_path = path if keeps_layers else None
            title = text("Untitled") if is_copy else path.name
            self._session.open(opened.document, own_path, title=title)
            self._preferences.add_recent(path)
            self._note(opened.notes)

        title = text("Opening {name}…", name=path.name)
        self._jobs.run(Job(title, lambda: open_document(path), show))

    def place(self, paths: Sequence[Path]) -> None:
        """Put files on top as layers, each in one undo step."""
        for path in paths:
            self._place(path)

    def place_picture(self, picture: Picture, name: str, step: str) -> None:
        """Put a picture on top as a layer; converting it may take a while."""

        def convert() -> Picture:
            return in_space_of(picture, self._session.document)

        def put(converted: Picture) -> None:
            self._put(converted, name, step)

        self._jobs.run(Job(text("Placing {name}…", name=name), convert, put))

    def save(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Save the document as it is now; `then` is called when all of it is in the file.

        A format without layers is as good as an export where there are several.
        """
        document = self._session.document
        if document is None:
            return
        key = self._session.key

        def note(notes: tuple[str, ...]) -> None:
            self._preferences.add_recent(path)
            self._note(notes)
            if not keeps_all(path, document):
                return
            if key == self._session.key:
                self._session.saved(document, path)
            if then is not None:
                then()

        self._write(path, document, note)

    def export(self, path: Path) -> None:
        """Write what the document shows; it stays as unsaved as it was."""
        document = self._session.document
        if document is not None:
            self._write(path, document, self._note)

    def _place(self, path: Path) -> None:
        def put(picture: Picture) -> None:
            self._put(picture, path.stem, text("Place picture"))

        def read() -> Picture:
            # The document of that moment: an earlier job may have opened it.
            return in_space_of(read_cut_out(path), self._session.document)

        self._jobs.run(Job(text("Placing {name}…", name=path.name), read, put))

    def _put(self, picture: Picture, name: str, step: str) -> None:
        try:
            put_picture(self._session, picture, name, step)
        except FrihError as error:
            self.failed.emit(error.sentence)

    def _write(
        self, path: Path, document: Document, done: Callable[[tuple[str, ...]], None]
    ) -> None:
        def write() -> tuple[str, ...]:
            if not document.layers:
                raise BadInputError(text("There is no layer to save; place a picture first."))
            return save_document(path, document)

        self._jobs.run(Job(text("Saving {name}…", name=path.name), write, done))

    def _note(self, notes: Sequence[str]) -> None:
        if notes:
            self.noted.emit(" ".join(notes))


def keeps_all(path: Path, document: Document) -> bool:
    """Whether a file of this name holds all layers."""
    return path.suffix.lower() in LAYERED or len(document.layers) == 1

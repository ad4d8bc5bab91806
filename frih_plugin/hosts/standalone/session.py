"""The open document with its history, the active layers, and what the canvas shows of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable
from pathlib import Path

from engine.errors import BadInputError
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.history import History
from frih_plugin.hosts.standalone.preview import Preview
from frih_plugin.qt.core import QObject, Signal

_keys = itertools.count(1)


class EditorSession(QObject):
    """One document, or none. What changes it goes through `apply`.

    document_changed(old, new): Document or None each; shown_changed: the canvas is to show
    something else (the document, a draft or a preview changed); closed(key): the document with
    this key is gone; preview_scale_changed: the canvas is zoomed by another power of two.
    """

    document_changed = Signal(object, object)
    selection_changed = Signal()
    active_layers_changed = Signal()
    history_changed = Signal()
    preview_changed = Signal()
    shown_changed = Signal()
    preview_scale_changed = Signal()
    closed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history: History | None = None
        self._key = ""
        self._path: Path | None = None
        self._title = ""
        self._active: tuple[str, ...] = ()
        self._draft: Document | None = None
        self._preview: Preview | None = None
        self._shown: Document | None = None
        self._preview_scale = 1
        self._merging: tuple[Hashable, object] = (None, None)

    @property
    def document(self) -> Document | None:
        """The document as it is, None where none is open."""
        return None if self._history is None else self._history.document

    @property
    def history(self) -> History | None:
        """Its earlier and undone states."""
        return self._history

    @property
    def key(self) -> str:
        """Names the open document as long as it is open, "" where none is."""
        return self._key

    @property
    def path(self) -> Path | None:
        """The file that "Save" writes to."""
        return self._path

    @property
    def title(self) -> str:
        """What the document is called."""
        return self._path.name if self._path is not None else self._title

    @property
    def is_dirty(self) -> bool:
        """Whether there is work that is not saved."""
        return self._history is not None and self._history.is_dirty

    @property
    def active_layers(self) -> tuple[str, ...]:
        """The ids of the layers that are worked on, bottom first."""
        return self._active

    @property
    def shown(self) -> Document | None:
        """What the canvas shows: the document, or a draft of a gesture, or a preview."""
        return self._shown

    @property
    def preview(self) -> Preview | None:
        """What the canvas shows instead of the document's own pixels."""
        return self._preview

    @property
    def preview_scale(self) -> int:
        """The power of two by which the canvas is zoomed out."""
        return self._preview_scale

    def open(
        self,
        document: Document,
        path: Path | None = None,
        active: tuple[str, ...] = (),
        title: str = "",
    ) -> None:
        """Work on another document.

        path: where "Save" writes to, None where it is to ask; active: layer ids, the topmost where
        none is given; title: what to call a document without a path.
        """
        old = self.document
        self._end()
        self._history = History(document)
        self._key, self._path, self._title = f"document-{next(_keys)}", path, title
        self._active = self._existing(active) or self._topmost()
        self._announce(old, document)
        self.active_layers_changed.emit()
        self.preview_changed.emit()

    def close(self) -> None:
        """Let go of the document."""
        old = self.document
        if old is None:
            return
        self._end()
        self._history, self._key, self._path, self._active = None, "", None, ()
        self._announce(old, None)
        self.active_layers_changed.emit()

    def apply(
        self,
        document: Document,
        step: str,
        merge_key: Hashable = None,
        *,
        active: tuple[str, ...] | None = None,
    ) -> None:
        """Make `document` the current one, as one undo step with this name.

        merge_key: steps with the same one in a row count as one step, until `end_merging`;
        active: the layers to work on from now on, None for the new ones where there are some.
        """
        history, old = self._history, self.document
        if history is None or old is None or document is old:
            return
        if merge_key is None or merge_key != self._merging[0]:
            self._merging = (merge_key, object())
        self._draft = None
        history.push(document, step, None if merge_key is None else self._merging[1])
        self._announce(old, document, active)

    def end_merging(self) -> None:
        """Make the next step one of its own: the slider was released."""
        self._merging = (None, None)

    def amend(self, change: Callable[[Document], Document]) -> None:
        """Change the document, past and future, without a step: what undo is not to take back."""
        old = self.document
        if self._history is not None:
            self._history.amend(change)
            self._announce(old, self.document)

    def undo(self) -> None:
        """Take the last step back."""
        self._travel(-1)

    def redo(self) -> None:
        """Do the last undone step again."""
        self._travel(1)

    def saved(self, document: Document, path: Path) -> None:
        """Note that this document is in that file now, even if more was done meanwhile."""
        self._path = path
        if self._history is not None and document is self._history.document:
            self._history.mark_saved()
        self.history_changed.emit()

    def set_active_layers(self, ids: tuple[str, ...]) -> None:
        """Work on these layers; those that are not there do not count."""
        found = self._existing(ids)
        if found != self._active:
            self._active = found
            self.active_layers_changed.emit()

    def show_draft(self, document: Document) -> None:
        """Show how the document will be when the gesture under way ends."""
        self._draft = document
        self._show()

    def drop_draft(self) -> None:
        """Show the document as it is: the gesture was given up."""
        if self._draft is not None:
            self._draft = None
            self._show()

    def set_preview(self, preview: Preview | None) -> None:
        """Show other pixels. Raises BadInputError, and shows as before, where they do not fit."""
        if preview is self._preview:
            return
        if preview is not None and self.document is not None:
            preview.of(self.document)
        self._preview = preview
        self._show()
        self.preview_changed.emit()

    def set_preview_scale(self, scale: int) -> None:
        """Note by how much the canvas is zoomed out."""
        if scale != self._preview_scale:
            self._preview_scale = scale
            self.preview_scale_changed.emit()

    def _end(self) -> None:
        """End what belongs to the document that was open."""
        key, self._key = self._key, ""
        self._draft, self._preview = None, None
        self.end_merging()
        if key:
            self.closed.emit(key)

    def _travel(self, steps: int) -> None:
        history, old = self._history, self.document
        if history is None:
            return
        self._draft = None
        self.end_merging()
        new = history.undo() if steps < 0 else history.redo()
        if new is not old:
            self._announce(old, new)

    def _announce(
        self,
        old: Document | None,
        new: Document | None,
        active: tuple[str, ...] | None = None,
    ) -> None:
        before = self._active
        if active is None and old is not None and new is not None:
            active = _added(old, new)
        self._active = self._existing(active or before) or self._topmost()
        self._show()
        self.document_changed.emit(old, new)
        if (old and old.selection) is not (new and new.selection):
            self.selection_changed.emit()
        if before != self._active:
            self.active_layers_changed.emit()
        self.history_changed.emit()

    def _show(self) -> None:
        shown = self._draft or self.document
        # A gesture's draft is shown as it is, so that the layer follows the mouse.
        if shown is not None and self._preview is not None and self._draft is None:
            try:
                shown = self._preview.of(shown)
            except BadInputError:  # the layer has other pixels now than those that were changed
                self._preview = None
                self.preview_changed.emit()
        self._shown = shown
        self.shown_changed.emit()

    def _existing(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        layers = () if self.document is None else self.document.layers
        return tuple(layer.id for layer in layers if layer.id in ids)

    def _topmost(self) -> tuple[str, ...]:
        layers = () if self.document is None else self.document.layers
        return tuple(layer.id for layer in layers[-1:])


def _added(old: Document, new: Document) -> tuple[str, ...]:
    """The layers that came in, where the new stack is the old one and more."""
    before, after = {layer.id for layer in old.layers}, {layer.id for layer in new.layers}
    is_more = before < after
    return tuple(layer.id for layer in new.layers if layer.id not in before) if is_more else ()

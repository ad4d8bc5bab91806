"""Tells when what is selected in Krita may differ: Krita itself tells little of it.

There are no signals for the active layer, the selection or the pixels. So the cheap things are
looked at several times a second, and every window's list of undo steps, which exists whether it is
shown or not, tells that something was done.
"""

from __future__ import annotations

from collections.abc import Callable

from krita import Krita

from frih_plugin.hosts.krita.documents import OpenDocuments
from frih_plugin.hosts.krita.nodes import key_of
from frih_plugin.hosts.krita.revision import selection_box, tree_stamp
from frih_plugin.hosts.krita.selected import selected_layers
from frih_plugin.qt.core import QObject, QTimer, Signal
from frih_plugin.qt.widgets import QAbstractItemView, QMainWindow

_TICK_MS = 250
_SETTLED_MS = 300
"""After the last of several changes, such as the strokes of a brush."""

_HISTORY = "KisUndoView"
_FOLLOWED = "frih_harmonize_follows"


class Watch(QObject):
    """changed(): ask again; closed(key): a document was closed."""

    changed = Signal()
    closed = Signal(str)

    def __init__(
        self, krita: Krita, documents: OpenDocuments, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._krita = krita
        self._documents = documents
        self._seen: object = None
        self._ticks = self._timer(_TICK_MS, self.look, once=False)
        self._settling = self._timer(_SETTLED_MS, self.changed.emit, once=True)

    def start(self) -> None:
        """Begin to look."""
        self._ticks.start()

    def stop(self) -> None:
        """Look no more."""
        self._ticks.stop()
        self._settling.stop()

    def look(self) -> None:
        """See whether the document, the layers or the selection are others than before."""
        for key in self._documents.take_closed():
            self.closed.emit(key)
        self._follow_histories()
        seen = self._cheap_look()
        if seen != self._seen:
            self._seen = seen
            self.changed.emit()

    def _follow_histories(self) -> None:
        """Listen to the lists of undo steps of windows that are new."""
        for window in self._krita.windows():
            main = window.qwindow()
            # Marked in Qt's own object: Krita's wrappers are others at every call.
            if main.property(_FOLLOWED) is None:
                main.setProperty(_FOLLOWED, 1)
                self._follow(main)

    def _follow(self, main: QMainWindow) -> None:
        for view in main.findChildren(QAbstractItemView):
            meta, model = view.metaObject(), view.model()
            if meta is not None and meta.className() == _HISTORY and model is not None:
                model.modelReset.connect(self._on_step)

    def _on_step(self) -> None:
        self._settling.start()

    def _cheap_look(self) -> object:
        front = self._documents.front()
        if front is None:
            return None
        key, document = front
        nodes = selected_layers(self._krita, document)
        marked = [(key_of(node), node.name(), node.locked(), node.bounds()) for node in nodes]
        return key, marked, selection_box(document), tree_stamp(document)

    def _timer(self, interval_ms: int, act: Callable[[], None], *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.setSingleShot(once)
        timer.timeout.connect(act)
        return timer

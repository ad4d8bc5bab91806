"""Our editor as a host of the Harmonize panel.

Pixels are read, converted and prepared in one worker thread, in the order of asking: documents
are immutable, so nothing can change under it. The document itself changes only in the interface's
thread, and only for a Put.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from engine.color.picture import Picture
from engine.errors import BadInputError, FrihError
from engine.view import Box
from frih_plugin.hosts.host import (
    Capabilities,
    Declined,
    Describe,
    Done,
    Grab,
    HidePreview,
    Host,
    HostAnswer,
    HostRequest,
    LoadSettings,
    Placed,
    Put,
    ShowOverlay,
    ShowPreview,
    StoredSettings,
    StoreSettings,
)
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.harmonize.grab import grab
from frih_plugin.hosts.standalone.harmonize.put import (
    Outcome,
    with_result,
    with_small_result,
    with_updated_result,
)
from frih_plugin.hosts.standalone.harmonize.sources import layers_of
from frih_plugin.hosts.standalone.harmonize.subject import Describer, Selected
from frih_plugin.hosts.standalone.harmonize.wire_pixels import from_wire
from frih_plugin.hosts.standalone.preview import Overlay, Preview
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.qt.gui import QImage
from frih_plugin.texts import text

_Finish = Callable[[], HostAnswer]
"""What is left to do in the interface's thread after the worker's part."""


class StandaloneHost(Host):
    """Answers the panel from an editor's session. Call `close` before the application ends."""

    _worked = Signal(int, object)

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ids = itertools.count(1)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="frih-host")
        self._describer = Describer()
        self._results: dict[str, int] = {}
        self._converted: tuple[Pixels, Picture] | None = None
        self._change: Callable[[Document], Document] | None = None
        self._overlay: Overlay | None = None
        self._worked.connect(self._finish)
        for changed in (
            session.document_changed,
            session.active_layers_changed,
            session.preview_scale_changed,
        ):
            changed.connect(self._on_change)
        session.closed.connect(self._on_closed)

    @property
    def capabilities(self) -> Capabilities:
        """All that a host can do."""
        return Capabilities(into_layer=True, update=True, canvas_preview=True, stores_settings=True)

    def ask(self, request: HostRequest) -> int:
        """Take a request; see Host."""
        request_id = next(self._ids)
        selected = self._selected()
        self._worker.submit(self._work, request_id, request, selected)
        return request_id

    def close(self) -> None:
        """End the worker thread; nothing is answered or announced any more."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _on_change(self, *_: object) -> None:
        self.subject_changed.emit()

    def _on_closed(self, key: str) -> None:
        self._change, self._overlay = None, None
        self.document_closed.emit(key)

    def _selected(self) -> Selected:
        session = self._session
        return Selected(session.key, session.document, session.active_layers, session.preview_scale)

    def _work(self, request_id: int, request: HostRequest, selected: Selected) -> None:
        """The worker's part; whatever happens, `_finish` comes to know of it."""
        try:
            finish = self._prepared(request, selected)
        except FrihError as error:
            declined = Declined(error.sentence)
            self._worked.emit(request_id, lambda: declined)
        except MemoryError:
            lacking = Declined(text("There is not enough memory for a picture of this size."))
            self._worked.emit(request_id, lambda: lacking)
        else:
            self._worked.emit(request_id, finish)

    def _finish(self, request_id: int, finish: _Finish) -> None:
        try:
            answer = finish()
        except FrihError as error:
            answer = Declined(error.sentence)
        self.answered.emit(request_id, answer)

    def _prepared(self, request: HostRequest, selected: Selected) -> _Finish:
        """Do what needs no interface; give the rest. Raises FrihError with the reason."""
        match request:
            case Describe() | Grab():
                answer = self._looked_up(request, selected)
                return lambda: answer
            case Put() | ShowPreview():
                picture = self._picture(request.pixels)
                return lambda: self._brought(request, picture)
            case _:
                return lambda: self._done_at_once(request)

    def _looked_up(self, request: Describe | Grab, selected: Selected) -> HostAnswer:
        if isinstance(request, Describe):
            return self._describer.describe(selected)
        return self._grab(request, selected)

    def _brought(self, request: Put | ShowPreview, picture: Picture) -> HostAnswer:
        if isinstance(request, Put):
            return self._put(request, picture)
        return self._show_preview(request, picture)

    def _done_at_once(
        self, request: ShowOverlay | HidePreview | LoadSettings | StoreSettings
    ) -> HostAnswer:
        match request:
            case ShowOverlay():
                return self._show_overlay(request)
            case HidePreview():
                return self._hide_preview()
            case LoadSettings():
                return self._load_settings()
            case StoreSettings():
                return self._store_settings(request)

    def _grab(self, request: Grab, selected: Selected) -> HostAnswer:
        document = self._open(selected.document, selected.key, request.document)
        layers = layers_of(document, request.layer)
        reason = self._describer.reason(document, layers)
        if reason:
            return Declined(reason)
        return grab(document, request, self._describer.revision(document, layers))

    def _picture(self, pixels: Pixels) -> Picture:
        """The pixels as a picture; those of the last preview are not converted again."""
        if self._converted is None or self._converted[0] is not pixels:
            self._converted = pixels, from_wire(pixels)
        return self._converted[1]

    def _put(self, request: Put, picture: Picture) -> HostAnswer:
        document = self._current(request.grabbed.document)
        self._check_unchanged(document, request)
        outcome = self._outcome(document, request, picture)
        name = text("Harmonize") if request.target == "layer" else text("Harmonize the background")
        self._hide_preview()
        self._session.apply(outcome.document, name, active=self._session.active_layers)
        self._results[outcome.result] = outcome.document.layer(outcome.result).revision
        layers = layers_of(outcome.document, request.grabbed.layer)
        revision = self._describer.revision(outcome.document, layers)
        return Placed(outcome.result, outcome.updated, revision)

    def _outcome(self, document: Document, request: Put, picture: Picture) -> Outcome:
        known = self._results.get(request.update)
        untouched = any(
            layer.id == request.update and layer.revision == known and not layer.is_locked
            for layer in document.layers
        )
        if known is not None and untouched:
            return with_updated_result(document, request, picture)
        return with_result(document, request, picture)

    def _check_unchanged(self, document: Document, request: Put) -> None:
        layers = layers_of(document, request.grabbed.layer)
        if self._describer.revision(document, layers) != request.grabbed.revision:
            raise BadInputError(
                text("The picture changed in the meantime: harmonize the layer again.")
            )

    def _show_preview(self, request: ShowPreview, picture: Picture) -> HostAnswer:
        self._current(request.grabbed.document)
        self._change = partial(
            with_small_result, grabbed=request.grabbed, picture=picture, target=request.target
        )
        self._show()
        return Done()

    def _show_overlay(self, request: ShowOverlay) -> HostAnswer:
        self._current(request.document)
        self._overlay = _overlay(request)
        self._show()
        return Done()

    def _hide_preview(self) -> HostAnswer:
        self._change = None
        self._show()
        return Done()

    def _show(self) -> None:
        """Show the preview and the overlay that there are. Raises BadInputError for no fit."""
        nothing = self._change is None and self._overlay is None
        self._session.set_preview(None if nothing else Preview(self._change, self._overlay))

    def _load_settings(self) -> HostAnswer:
        document = self._session.document
        return StoredSettings("" if document is None else document.settings or "")

    def _store_settings(self, request: StoreSettings) -> HostAnswer:
        self._current(request.document)
        self._session.amend(lambda document: replace(document, settings=request.text))
        return Done()

    def _current(self, key: str) -> Document:
        return self._open(self._session.document, self._session.key, key)

    @staticmethod
    def _open(document: Document | None, key: str, wanted: str) -> Document:
        if document is None or key != wanted:
            raise BadInputError(text("The picture was closed in the meantime."))
        return document


def _overlay(request: ShowOverlay) -> Overlay | None:
    if request.picture is None:
        return None
    box = Box(request.left, request.top, request.left + request.width, request.top + request.height)
    pixels = request.picture
    image = QImage(
        bytes(pixels.data),
        pixels.width,
        pixels.height,
        4 * pixels.width,
        QImage.Format.Format_RGBA8888,
    )
    return Overlay(image.copy(), box)

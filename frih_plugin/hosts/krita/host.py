"""Krita as a host of the Harmonize panel: one request after the other, each in small steps."""

from __future__ import annotations

import itertools
import logging

from krita import Document, Krita

from frih_plugin.hosts.host import (
    Capabilities,
    Declined,
    Describe,
    Done,
    Grab,
    Host,
    HostAnswer,
    HostRequest,
    LoadSettings,
    Put,
    StoredSettings,
    StoreSettings,
)
from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.hosts.krita.documents import OpenDocuments
from frih_plugin.hosts.krita.grab import grab
from frih_plugin.hosts.krita.put import put
from frih_plugin.hosts.krita.steps import Stepper, Steps
from frih_plugin.hosts.krita.subject import Describer
from frih_plugin.hosts.krita.watch import Watch
from frih_plugin.qt.core import QByteArray, QObject
from frih_plugin.texts import text

_SETTINGS = "frih-harmonize/settings"
_log = logging.getLogger(__name__)


class KritaHost(Host):
    """Answers the panel from the document in front. Call `close` before Krita ends."""

    def __init__(self, krita: Krita, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = itertools.count(1)
        self._documents = OpenDocuments(krita)
        self._describer = Describer(krita)
        self._stepper = Stepper(self)
        self._watch = Watch(krita, self._documents, self)
        self._watch.changed.connect(self.subject_changed)
        self._watch.closed.connect(self.document_closed)

    @property
    def capabilities(self) -> Capabilities:
        """A new layer is the one change that Krita takes as one undo step."""
        return Capabilities(
            into_layer=False, update=False, canvas_preview=False, stores_settings=True
        )

    def ask(self, request: HostRequest) -> int:
        """Take a request; see Host."""
        request_id = next(self._ids)
        self._stepper.add(self._answer(request), lambda it: self.answered.emit(request_id, it))
        return request_id

    def start(self) -> None:
        """Begin to watch what is selected."""
        self._watch.start()

    def canvas_changed(self, *, is_there: bool) -> None:
        """Another document came to the front, or the last one went."""
        # No look at once: Krita is in the middle of it, and its objects come and go.
        self._documents.tell_canvas(is_there=is_there)

    def look_closely(self) -> None:
        """The person turns to the panel: look at the pixels, whatever was told of them."""
        self.subject_changed.emit()

    def close(self) -> None:
        """End all work; nothing is answered or announced any more."""
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._watch.stop()
        self._stepper.close()

    def _answer(self, request: HostRequest) -> Steps[HostAnswer]:
        try:
            return (yield from self._carried_out(request))
        except DeclinedError as error:
            return Declined(error.sentence)
        except MemoryError:
            return Declined(text("There is not enough memory for a picture of this size."))
        except Exception:  # noqa: BLE001 - logged; see below
            # Krita's objects may go at any moment; the panel must not wait for ever.
            _log.exception("A request failed: %s", type(request).__name__)
            return Declined(
                text("Something went wrong in FRIH itself, and nothing was changed: see the log.")
            )

    def _carried_out(self, request: HostRequest) -> Steps[HostAnswer]:
        match request:
            case Describe():
                return (yield from self._describer.describe(self._documents.front()))
            case Grab():
                return (yield from grab(self._documents.named(request.document), request))
            case Put():
                return (yield from put(self._documents.named(request.grabbed.document), request))
            case LoadSettings():
                return _load_settings(self._documents.named(request.document))
            case StoreSettings():
                return _store_settings(self._documents.named(request.document), request.text)
            case _:
                raise DeclinedError(text("Krita's canvas cannot show this."))


def _load_settings(document: Document) -> StoredSettings:
    if _SETTINGS not in document.annotationTypes():
        return StoredSettings("")
    kept = bytes(memoryview(document.annotation(_SETTINGS)))
    return StoredSettings(kept.decode("utf-8", errors="replace"))


def _store_settings(document: Document, kept: str) -> Done:
    content = QByteArray(kept.encode())
    document.setAnnotation(_SETTINGS, "Settings of FRIH Harmonize", content)
    return Done()

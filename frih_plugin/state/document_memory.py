"""What was set in each document that was seen, kept with it where the host can do that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from frih_plugin.hosts.host import HostAnswer, LoadSettings, StoredSettings, StoreSettings
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import HostCalls
from frih_plugin.state.document_settings import DocumentSettings
from frih_plugin.state.values import PanelSettings, RegionView


class DocumentMemory(QObject):
    """loaded(document): its own settings were found in it."""

    loaded = Signal(str)

    def __init__(self, host: HostCalls, *, can_store: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._can_store = can_store
        self._documents: dict[str, DocumentSettings] = {}

    def settings(self, document: str) -> PanelSettings:
        """The settings last kept with a document, the defaults for an unknown one."""
        return self._of(document).settings

    def regions(self, document: str, layer: str) -> tuple[RegionView, ...]:
        """What was set for the regions of a layer; empty where nothing was."""
        return self._of(document).regions.get(layer, ())

    def meet(self, document: str) -> None:
        """A document is in front: look for settings in it, the first time."""
        if document == "" or document in self._documents:
            return
        self._documents[document] = DocumentSettings()
        if self._can_store:
            self._host.ask(LoadSettings(document), lambda answer: self._on_loaded(document, answer))

    def keep_regions(self, document: str, layer: str, regions: Sequence[RegionView]) -> None:
        """Remember what is set for a layer's regions while the document is open."""
        if document in self._documents:
            kept = self._documents[document].with_regions(layer, regions)
            self._documents[document] = kept

    def store(self, document: str, settings: PanelSettings) -> None:
        """Keep all of it with the document."""
        kept = replace(self._of(document), settings=settings)
        self._documents[document] = kept
        if self._can_store:
            self._host.ask(StoreSettings(document, kept.to_text()), lambda _: None)

    def text_of(self, document: str, settings: PanelSettings) -> str:
        """The text that `store` would keep."""
        return replace(self._of(document), settings=settings).to_text()

    def forget(self, document: str) -> None:
        """A document was closed."""
        self._documents.pop(document, None)

    def _of(self, document: str) -> DocumentSettings:
        return self._documents.get(document, DocumentSettings())

    def _on_loaded(self, document: str, answer: HostAnswer) -> None:
        if not isinstance(answer, StoredSettings) or document not in self._documents:
            return
        found = DocumentSettings.from_text(answer.text)
        if found is not None:
            self._documents[document] = found
            self.loaded.emit(document)

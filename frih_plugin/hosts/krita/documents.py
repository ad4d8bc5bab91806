"""The open documents, each under a key of ours: Krita has none that tells a copy from its model."""

from __future__ import annotations

import itertools

from krita import Document, Krita

from frih_plugin.hosts.krita.declined import DeclinedError
from frih_plugin.qt.sip import transferback
from frih_plugin.texts import text


class OpenDocuments:
    """Gives keys to documents and tells which of them were closed."""

    def __init__(self, krita: Krita) -> None:
        self._krita = krita
        self._numbers = itertools.count(1)
        self._known: dict[str, Document] = {}
        self._canvas_is_gone = False

    def tell_canvas(self, *, is_there: bool) -> None:
        """Krita names the last document for a while after its canvas is gone."""
        self._canvas_is_gone = not is_there

    def front(self) -> tuple[str, Document] | None:
        """The document in front with its key."""
        document = None if self._canvas_is_gone else self._krita.activeDocument()
        if document is None or not self._is_open(document):
            return None
        for key, known in self._known.items():
            if known == document:
                return key, document
        key = f"document {next(self._numbers)}"
        self._known[key] = document
        return key, document

    def named(self, key: str) -> Document:
        """The document of a key. Raises DeclinedError where it was closed."""
        document = self._known.get(key)
        if document is None or not self._is_open(document):
            raise DeclinedError(text("The picture was closed in the meantime."))
        return document

    def take_closed(self) -> list[str]:
        """The keys of documents that were closed since the last call."""
        opened = self._open()
        closed = [key for key, known in self._known.items() if known not in opened]
        for key in closed:
            del self._known[key]
        return closed

    def _is_open(self, document: Document) -> bool:
        return document in self._open()

    def _open(self) -> list[Document]:
        documents = self._krita.documents()
        for document in documents:
            transferback(document)
        return documents

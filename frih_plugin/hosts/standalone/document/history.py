"""Undo and redo: earlier documents with the names of what was done to them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from frih_plugin.hosts.standalone.document.document import Document

MAX_HISTORY_BYTES = 1 << 30
"""What the history may hold beside the current document: 1 GiB of distinct arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A document, what led to it, the gesture that did, and a number no other step has."""

    document: Document
    name: str
    gesture: object | None
    number: int


class History:
    """The current document, and those that undo and redo lead to.

    Documents share what did not change, so a step costs only its new arrays. When the arrays that
    the current document does not hold exceed `max_bytes`, the oldest steps are forgotten.
    """

    def __init__(self, document: Document, max_bytes: int = MAX_HISTORY_BYTES) -> None:
        self._numbers = itertools.count()
        self._max_bytes = max_bytes
        self._steps = [_Step(document, "", None, next(self._numbers))]
        self._at = 0
        self._saved: int | None = self._steps[0].number

    @property
    def document(self) -> Document:
        """The document as it is now."""
        return self._steps[self._at].document

    @property
    def is_dirty(self) -> bool:
        """Whether the document differs from the one last saved."""
        return self._steps[self._at].number != self._saved

    @property
    def undo_name(self) -> str | None:
        """What undo would take back; None where there is nothing."""
        return self._steps[self._at].name if self._at > 0 else None

    @property
    def redo_name(self) -> str | None:
        """What redo would do again; None where there is nothing."""
        has_next = self._at + 1 < len(self._steps)
        return self._steps[self._at + 1].name if has_next else None

    def push(self, document: Document, name: str, gesture: object | None = None) -> None:
        """Make `document` the current one, as one step called `name`.

        Steps of one gesture (the same object, say of one drag of the mouse) become one.
        """
        if document is self.document:
            return
        current = self._steps[self._at]
        is_same = gesture is not None and gesture is current.gesture
        keep = self._at if is_same else self._at + 1
        self._steps[keep:] = [_Step(document, name, gesture, next(self._numbers))]
        self._at = keep
        self._forget()

    def amend(self, change: Callable[[Document], Document]) -> None:
        """Change all documents, past and future, without a step: what undo is not to take back."""
        self._steps = [
            replace(step, document=change(step.document), number=next(self._numbers))
            for step in self._steps
        ]

    def undo(self) -> Document:
        """Go one step back, if there is one, and give the current document."""
        self._at = max(self._at - 1, 0)
        return self.document

    def redo(self) -> Document:
        """Go one step forward, if there is one, and give the current document."""
        self._at = min(self._at + 1, len(self._steps) - 1)
        return self.document

    def mark_saved(self) -> None:
        """Remember that the current document is the one on the disk."""
        self._saved = self._steps[self._at].number

    def extra_bytes(self) -> int:
        """How many bytes of arrays are held that the current document does not hold itself."""
        held = _arrays(step.document for step in self._steps)
        current = _arrays([self.document])
        return sum(size for key, size in held.items() if key not in current)

    def _forget(self) -> None:
        while self._at > 0 and self.extra_bytes() > self._max_bytes:
            del self._steps[0]
            self._at -= 1


def _arrays(documents: Iterable[Document]) -> dict[int, int]:
    """The distinct arrays of some documents: identity to bytes."""
    found: dict[int, int] = {}
    for document in documents:
        if document.selection is not None:
            found[id(document.selection)] = document.selection.nbytes
        for layer in document.layers:
            found[id(layer.picture.pixels)] = layer.picture.pixels.nbytes
            if layer.picture.alpha is not None:
                found[id(layer.picture.alpha)] = layer.picture.alpha.nbytes
    return found

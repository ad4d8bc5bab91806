"""What the layer list, the menus and the keyboard do to the active layers: one undo step each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import FrihError
from frih_plugin.hosts.standalone.document import (
    BlendMode,
    Document,
    cut_out,
    duplicate_layer,
    remove_layer,
    rename_layer,
    reorder_layer,
    set_locked,
    set_mode,
    set_opacity,
    set_visible,
)
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.texts import text


class LayerCommands(QObject):
    """failed(sentence): why nothing was done."""

    failed = Signal(str)

    def __init__(self, session: EditorSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def duplicate(self) -> None:
        """Put a copy above each active layer."""

        def copied(document: Document) -> Document:
            for layer_id in self._session.active_layers:
                name = text("{name} copy", name=document.layer(layer_id).name)
                document, _ = duplicate_layer(document, layer_id, name)
            return document

        self._apply(text("Duplicate layer"), copied)

    def cut_out(self) -> None:
        """Copy what is selected of the active layer to a new layer."""

        def cut(document: Document) -> Document:
            layer = document.layer(self._session.active_layers[-1])
            name = text("{name} cut-out", name=layer.name)
            return cut_out(document, layer.id, name)[0]

        self._apply(text("Selection to new layer"), cut)

    def delete(self) -> None:
        """Take the active layers away."""

        def without(document: Document) -> Document:
            for layer_id in self._session.active_layers:
                document = remove_layer(document, layer_id)
            return document

        self._apply(text("Delete layer"), without)

    def shift(self, steps: int) -> None:
        """Move the active layers up (positive) or down the stack, together."""

        def shifted(document: Document) -> Document:
            ids = self._session.active_layers
            order = reversed(ids) if steps > 0 else ids
            taken = [document.index(layer_id) for layer_id in ids]
            if taken[-1] + steps >= len(document.layers) or taken[0] + steps < 0:
                return document
            for layer_id in order:
                document = reorder_layer(document, layer_id, document.index(layer_id) + steps)
            return document

        self._apply(text("Reorder layers"), shifted)

    def move_to(self, ids: Sequence[str], index: int) -> None:
        """Bring layers, bottom first, to where the layer at `index` (0 at the bottom) is now."""

        def moved(document: Document) -> Document:
            taken = [layer for layer in document.layers if layer.id in ids]
            below = [layer for layer in document.layers[:index] if layer not in taken]
            above = [layer for layer in document.layers[index:] if layer not in taken]
            layers = (*below, *taken, *above)
            return document if layers == document.layers else document.with_layers(layers)

        self._apply(text("Reorder layers"), moved, needs_active=False)

    def rename(self, layer_id: str, name: str) -> None:
        """Give a layer another name."""
        document = self._session.document
        if document is None or not name.strip() or document.layer(layer_id).name == name.strip():
            return
        self._apply(
            text("Rename layer"),
            lambda document: rename_layer(document, layer_id, name.strip()),
            needs_active=False,
        )

    def toggle_visible(self, layer_id: str) -> None:
        """Show a hidden layer, hide one that shows."""

        def toggled(document: Document) -> Document:
            is_visible = not document.layer(layer_id).is_visible
            return set_visible(document, layer_id, is_visible=is_visible)

        self._apply(text("Show or hide layer"), toggled, needs_active=False)

    def toggle_locked(self, layer_id: str) -> None:
        """Protect a layer, or stop doing so."""

        def toggled(document: Document) -> Document:
            is_locked = not document.layer(layer_id).is_locked
            return set_locked(document, layer_id, is_locked=is_locked)

        self._apply(text("Lock or unlock layer"), toggled, needs_active=False)

    def set_opacity(self, opacity: float) -> None:
        """Let the active layers shine through, 0 to 1; a drag of the slider is one step."""

        def changed(document: Document) -> Document:
            for layer_id in self._session.active_layers:
                document = set_opacity(document, layer_id, opacity)
            return document

        self._apply(text("Opacity"), changed, merge_key=("opacity", self._session.active_layers))

    def set_mode(self, mode: BlendMode) -> None:
        """Choose how the active layers meet those below."""

        def changed(document: Document) -> Document:
            for layer_id in self._session.active_layers:
                document = set_mode(document, layer_id, mode)
            return document

        self._apply(text("Blend mode"), changed)

    def _apply(
        self,
        step: str,
        change: Callable[[Document], Document],
        *,
        merge_key: tuple[object, ...] | None = None,
        needs_active: bool = True,
    ) -> None:
        session = self._session
        document = session.document
        if document is None or (needs_active and not session.active_layers):
            return
        try:
            changed = change(document)
        except FrihError as error:
            self.failed.emit(error.sentence)
            return
        session.apply(changed, step, merge_key)

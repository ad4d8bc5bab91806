"""A small editor in memory that keeps what host.py promises; the panel's tests run in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from fake_document import Box, Color, FakeDocument, FakeLayer, digest, flattened, without_visibility

from frih_plugin.hosts.host import (
    Background,
    Capabilities,
    Declined,
    Describe,
    Done,
    Grab,
    Grabbed,
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
    Subject,
)
from frih_plugin.protocol.messages import Target
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QObject, QTimer

EVERYTHING = Capabilities(into_layer=True, update=True, canvas_preview=True, stores_settings=True)


class FakeHost(Host):
    """Documents by key, one of them in front. Answers come from the event loop.

    holds_answers: keep them back until `release`, for tests of what comes late.
    """

    def __init__(
        self, capabilities: Capabilities = EVERYTHING, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._capabilities = capabilities
        self.documents: dict[str, FakeDocument] = {}
        self.front = ""
        self.asked: list[HostRequest] = []
        self.preview: ShowPreview | None = None
        self.overlay: ShowOverlay | None = None
        self.preview_scale: int | None = 1
        self.holds_answers = False
        self._answers: list[tuple[int, HostAnswer]] = []
        self._results: dict[str, FakeLayer] = {}
        self._ids = count(1)
        self._keys = count(1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._deliver)

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def ask(self, request: HostRequest) -> int:
        self.asked.append(request)
        call, answer = next(self._ids), self._answer(request)
        self._answers.append((call, answer))
        if not self.holds_answers:
            self._soon.start()
        return call

    def release(self) -> None:
        """Let the answers go that were kept back."""
        self.holds_answers = False
        self._soon.start()

    def _deliver(self) -> None:
        answers, self._answers = self._answers, []
        for call, answer in answers:
            self.answered.emit(call, answer)

    def new_key(self, kind: str) -> str:
        """A key that nothing else has."""
        return f"{kind} {next(self._keys)}"

    def close_document(self, key: str) -> None:
        """Close a document; another one, if there is one, comes to the front."""
        del self.documents[key]
        self.front = next(iter(self.documents), "")
        self.document_closed.emit(key)
        self.subject_changed.emit()

    def _answer(self, request: HostRequest) -> HostAnswer:
        if isinstance(request, Describe):
            return self.subject()
        document = self.documents.get(_document_of(request))
        if document is None:
            return Declined("The document was closed: open it again.")
        if isinstance(request, Grab):
            return self._grab(request, document)
        if isinstance(request, Put):
            return self.put(request)
        if isinstance(request, LoadSettings):
            return StoredSettings(document.text)
        self._carry_out(request, document)
        return Done()

    def _carry_out(self, request: HostRequest, document: FakeDocument) -> None:
        if isinstance(request, StoreSettings):
            document.text = request.text
        elif isinstance(request, ShowPreview):
            self.preview = request
        elif isinstance(request, HidePreview):
            self.preview = None
        elif isinstance(request, ShowOverlay):
            self.overlay = None if request.picture is None else request

    def subject(self) -> Subject:
        """What is selected."""
        document = self.documents.get(self.front)
        if document is None:
            return Subject(unusable="There is no document: open a picture.")
        chosen = document.chosen()
        if not chosen:
            return Subject(self.front, unusable="No layer is selected: select the pasted one.")
        return Subject(
            document=self.front,
            layer=_object_key(chosen),
            name=chosen[-1].name,
            thumbnail=flattened(map(without_visibility, chosen), _box(chosen)),
            unusable=_why_unusable(document, chosen),
            revision=_revision(document, _object_key(chosen)),
            preview_scale=self.preview_scale if self._capabilities.canvas_preview else None,
        )

    def _grab(self, request: Grab, document: FakeDocument) -> HostAnswer:
        chosen = _object_layers(document, request.layer)
        if not chosen:
            return Declined("The layer was deleted: select another one.")
        reason = _why_unusable(document, chosen)
        if reason:
            return Declined(reason)
        left, top, width, height = _box(chosen)
        around = _background(document, request.layer, request.background, request.target)
        single = chosen[0] if len(chosen) == 1 else None
        return Grabbed(
            document=request.document,
            layer=request.layer,
            revision=_revision(document, request.layer),
            pixels=chosen[0].pixels if single else flattened(chosen, (left, top, width, height)),
            left=left,
            top=top,
            selection=_selection(document, (left, top, width, height)),
            background=flattened(around, (0, 0, document.width, document.height)),
            opacity=single.opacity if single else 1.0,
            blend_mode="svg:src-over",
        )

    def put(self, put: Put) -> HostAnswer:
        """Bring a result into its document, in one undo step."""
        document = self.documents[put.grabbed.document]
        chosen = _object_layers(document, put.grabbed.layer)
        if not chosen:
            return Declined("The layer was deleted, so the result has no place: undo that.")
        if _revision(document, put.grabbed.layer) != put.grabbed.revision:
            return Declined("The picture changed meanwhile: harmonize the layer again.")
        earlier = next((layer for layer in document.layers if layer.key == put.update), None)
        if earlier is not None and earlier == self._results.get(earlier.key):
            name = earlier.name if earlier in chosen else put.name
            changed = replace(earlier, pixels=put.pixels, name=name)
            document.change(document.with_layer(changed))
            return self._placed(document, put, changed, updated=True)
        if put.output == "into" and len(chosen) == 1 and put.target == "layer":
            changed = replace(chosen[0], pixels=put.pixels)
            document.change(document.with_layer(changed))
            return self._placed(document, put, changed, updated=False)
        return self._add(put, document, chosen)

    def _add(self, put: Put, document: FakeDocument, chosen: tuple[FakeLayer, ...]) -> HostAnswer:
        """A new layer: above the object, which it hides, or as background right below it."""
        is_layer = put.target == "layer"
        added = FakeLayer(
            self.new_key("result"),
            put.name,
            put.pixels,
            left=put.grabbed.left if is_layer else 0,
            top=put.grabbed.top if is_layer else 0,
            opacity=put.grabbed.opacity if is_layer else 1.0,
            result_of=put.grabbed.layer,
        )
        hidden = {layer.key for layer in chosen} if is_layer else set[str]()
        layers = [
            replace(layer, visible=layer.visible and layer.key not in hidden)
            for layer in document.layers
        ]
        place = document.layers.index(chosen[-1] if is_layer else chosen[0])
        layers.insert(place + 1 if is_layer else place, added)
        document.change(tuple(layers))
        return self._placed(document, put, added, updated=False)

    def _placed(
        self, document: FakeDocument, put: Put, result: FakeLayer, *, updated: bool
    ) -> Placed:
        self.preview = None
        self._results[result.key] = result
        self.subject_changed.emit()
        return Placed(result.key, updated, _revision(document, put.grabbed.layer))


class FakeEditor:
    """What a person does in the fake host's editor: HostUnderTest of host_suite.py."""

    def __init__(self, capabilities: Capabilities = EVERYTHING) -> None:
        self.host = FakeHost(capabilities)

    @property
    def document(self) -> FakeDocument:
        """The one in front."""
        return self.host.documents[self.host.front]

    def open_document(self, width: int, height: int, color: Color) -> None:
        key = self.host.new_key("document")
        self.host.documents[key] = FakeDocument(width, height)
        self.host.front = key
        self.add_layer("Background", plain(width, height, color), 0, 0)
        self.document.done.clear()

    def add_layer(self, name: str, pixels: Pixels, left: int, top: int) -> None:
        layer = FakeLayer(self.host.new_key("layer"), name, pixels, left, top)
        self.document.change((*self.document.layers, layer))
        self.select_layers(name)

    def select_layers(self, *names: str) -> None:
        document = self.document
        document.selected = tuple(layer.key for layer in document.layers if layer.name in names)
        self.host.subject_changed.emit()

    def select_area(self, left: int, top: int, width: int, height: int) -> None:
        self.document.selection = (left, top, width, height)
        self.host.subject_changed.emit()

    def set_opacity(self, name: str, opacity: float) -> None:
        self._change(name, lambda layer: replace(layer, opacity=opacity))

    def lock(self, name: str) -> None:
        self._change(name, lambda layer: replace(layer, locked=True))

    def move(self, name: str, left: int, top: int) -> None:
        self._change(name, lambda layer: replace(layer, left=left, top=top))

    def paint(self, name: str, color: Color) -> None:
        self._change(
            name,
            lambda layer: replace(
                layer, pixels=plain(layer.pixels.width, layer.pixels.height, color)
            ),
        )

    def undo(self) -> None:
        self.document.undo()
        self.host.subject_changed.emit()

    def redo(self) -> None:
        self.document.redo()
        self.host.subject_changed.emit()

    def undo_steps(self) -> int:
        return len(self.document.done)

    def layer_names(self) -> list[str]:
        return [layer.name for layer in self.document.layers]

    def content(self) -> object:
        return self.document.layers, self.document.text

    def shown(self) -> Pixels:
        return flattened(self.document.layers, (0, 0, self.document.width, self.document.height))

    def on_canvas(self) -> Pixels:
        preview, document = self.host.preview, self.document
        if preview is None:
            return self.shown()
        pixels = enlarged(preview.pixels, preview.scale, preview.grabbed.pixels)
        put = Put(preview.grabbed, pixels, "preview", "", preview.target)
        imagined = FakeHost()
        imagined.documents = {preview.grabbed.document: replace(document, done=[], undone=[])}
        imagined.put(put)
        (changed,) = imagined.documents.values()
        return flattened(changed.layers, (0, 0, document.width, document.height))

    def close_document(self) -> None:
        self.host.close_document(self.host.front)

    def close(self) -> None:
        self.host.deleteLater()

    def _change(self, name: str, how: Callable[[FakeLayer], FakeLayer]) -> None:
        document = self.document
        document.change(
            tuple(how(layer) if layer.name == name else layer for layer in document.layers)
        )
        self.host.subject_changed.emit()


def plain(width: int, height: int, color: Color) -> Pixels:
    """One colour everywhere, rgba u8."""
    return Pixels(width, height, "rgba", "u8", bytes(color) * (width * height))


def enlarged(small: Pixels, scale: int, full: Pixels) -> Pixels:
    """A shrunk picture at the size that it was shrunk from."""
    data = bytearray()
    for y in range(full.height):
        for x in range(full.width):
            at = 4 * ((y // scale) * small.width + x // scale)
            data += memoryview(small.data)[at : at + 4]
    return Pixels(full.width, full.height, "rgba", "u8", bytes(data))


def _document_of(request: HostRequest) -> str:
    if isinstance(request, Put | ShowPreview):
        return request.grabbed.document
    return "" if isinstance(request, Describe) else request.document


def _object_key(layers: tuple[FakeLayer, ...]) -> str:
    return "+".join(layer.key for layer in layers)


def _object_layers(document: FakeDocument, key: str) -> tuple[FakeLayer, ...]:
    """The layers of an object; none where one of them is gone."""
    keys = key.split("+")
    found = tuple(layer for layer in document.layers if layer.key in keys)
    return found if len(found) == len(keys) else ()


def _box(layers: tuple[FakeLayer, ...]) -> Box:
    left, top = min(layer.left for layer in layers), min(layer.top for layer in layers)
    right = max(layer.left + layer.pixels.width for layer in layers)
    bottom = max(layer.top + layer.pixels.height for layer in layers)
    return left, top, right - left, bottom - top


def _why_unusable(document: FakeDocument, chosen: tuple[FakeLayer, ...]) -> str:
    if any(layer.locked for layer in chosen):
        return "The layer is locked: unlock it."
    left, top, width, height = _box(chosen)
    shown = flattened(map(without_visibility, chosen), (left, top, width, height))
    if not any(memoryview(shown.data)[3::4]):
        return "The layer is empty: select one that shows something."
    if not _overlap((left, top, width, height), (0, 0, document.width, document.height)):
        return "The layer lies outside the picture: move it there."
    if document.selection and not _overlap((left, top, width, height), document.selection):
        return "The selection does not touch the layer: select a part of it, or nothing."
    return ""


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def _background(
    document: FakeDocument, key: str, background: Background, target: Target
) -> list[FakeLayer]:
    """All that is visible without the object and its results; only what lies below, if asked."""
    chosen = _object_layers(document, key)
    end = len(document.layers)
    if background == "below" or target == "background":
        end = document.layers.index(chosen[0])
    return [
        layer for layer in document.layers[:end] if layer not in chosen and layer.result_of != key
    ]


def _revision(document: FakeDocument, key: str) -> str:
    chosen = _object_layers(document, key)
    around = [
        layer
        for layer in document.layers
        if layer.visible and layer not in chosen and layer.result_of != key
    ]
    return digest((*map(without_visibility, chosen), *around), document.selection)


def _selection(document: FakeDocument, box: Box) -> Pixels | None:
    if document.selection is None:
        return None
    left, top, width, height = box
    inside = (
        255 if _overlap((x, y, 1, 1), document.selection) else 0
        for y in range(top, top + height)
        for x in range(left, left + width)
    )
    return Pixels(width, height, "gray", "u8", bytes(inside))

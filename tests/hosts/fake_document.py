"""A document in memory for the fake host: layers of 8 bit RGBA, a selection, undo and redo."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from frih_plugin.protocol.pixels import Pixels

Color = tuple[int, int, int, int]
Box = tuple[int, int, int, int]
"""Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class FakeLayer:
    """One layer. result_of: the key of the layers that it is a harmonized copy of."""

    key: str
    name: str
    pixels: Pixels
    left: int = 0
    top: int = 0
    opacity: float = 1.0
    visible: bool = True
    locked: bool = False
    result_of: str = ""

    def color_at(self, x: int, y: int) -> Color:
        """What it holds at a place of the document, transparent outside."""
        x, y = x - self.left, y - self.top
        if not (0 <= x < self.pixels.width and 0 <= y < self.pixels.height):
            return (0, 0, 0, 0)
        at = 4 * (y * self.pixels.width + x)
        red, green, blue, alpha = memoryview(self.pixels.data)[at : at + 4]
        return red, green, blue, alpha


@dataclass(slots=True)
class FakeDocument:
    """Layers from the bottom up; each `change` is one undo step."""

    width: int
    height: int
    layers: tuple[FakeLayer, ...] = ()
    selected: tuple[str, ...] = ()
    selection: Box | None = None
    text: str = ""
    undone: list[tuple[FakeLayer, ...]] = field(default_factory=list[tuple[FakeLayer, ...]])
    done: list[tuple[FakeLayer, ...]] = field(default_factory=list[tuple[FakeLayer, ...]])

    def change(self, layers: tuple[FakeLayer, ...]) -> None:
        """Replace the layers, in one undo step."""
        self.done.append(self.layers)
        self.undone.clear()
        self.layers = layers

    def undo(self) -> None:
        """Take the last change back."""
        self.undone.append(self.layers)
        self.layers = self.done.pop()

    def redo(self) -> None:
        """Make the change that was taken back again."""
        self.done.append(self.layers)
        self.layers = self.undone.pop()

    def chosen(self) -> tuple[FakeLayer, ...]:
        """The selected layers, from the bottom up."""
        return tuple(layer for layer in self.layers if layer.key in self.selected)

    def with_layer(self, changed: FakeLayer) -> tuple[FakeLayer, ...]:
        """All layers, one of them changed."""
        return tuple(changed if layer.key == changed.key else layer for layer in self.layers)


def flattened(layers: Iterable[FakeLayer], box: Box) -> Pixels:
    """What the visible layers show in a box (left, top, width, height): rgba u8, straight alpha."""
    left, top, width, height = box
    shown = [layer for layer in layers if layer.visible]
    data = bytearray()
    for y in range(top, top + height):
        for x in range(left, left + width):
            data += bytes(_mixed(shown, x, y))
    return Pixels(width, height, "rgba", "u8", bytes(data))


def digest(layers: Iterable[FakeLayer], *more: object) -> str:
    """Differs when the layers' pixels, places or opacities do."""
    found = hashlib.sha256(repr(more).encode())
    for layer in layers:
        found.update(repr((layer.left, layer.top, layer.opacity, layer.pixels.width)).encode())
        found.update(layer.pixels.data)
    return found.hexdigest()


def without_visibility(layer: FakeLayer) -> FakeLayer:
    """The layer as it would show if it were switched on."""
    return replace(layer, visible=True)


def _mixed(layers: Iterable[FakeLayer], x: int, y: int) -> Color:
    color: tuple[float, ...] = (0.0, 0.0, 0.0)
    alpha = 0.0
    for layer in layers:
        *above, opaque = layer.color_at(x, y)
        share = opaque / 255 * layer.opacity
        total = share + alpha * (1 - share)
        weight = share / total if total else 0.0
        color = tuple(old + weight * (new - old) for old, new in zip(color, above, strict=True))
        alpha = total
    red, green, blue = (round(value) for value in color)
    return red, green, blue, round(alpha * 255)

"""Our editor is held to the suite of all hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from host_suite import HostSuite
from host_under_test import Color

from engine.color.picture import Picture
from engine.view import Box
from frih_plugin.hosts.host import Host
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.edits import (
    add_layer,
    place_layer,
    set_locked,
    set_opacity,
    set_picture,
)
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.selections import select_rectangle
from frih_plugin.hosts.standalone.harmonize.wire_pixels import from_wire, to_wire
from frih_plugin.hosts.standalone.host import StandaloneHost
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.protocol.pixels import Pixels


class StandaloneEditor:
    """What a person would do by hand in our editor."""

    def __init__(self) -> None:
        self._session = EditorSession()
        self._host = StandaloneHost(self._session)

    @property
    def host(self) -> Host:
        return self._host

    @property
    def document(self) -> Document:
        assert self._session.document is not None
        return self._session.document

    def open_document(self, width: int, height: int, color: Color) -> None:
        picture = filled(width, height, color)
        background = Layer(replace(picture, alpha=None), "Background")
        self._session.open(Document(width, height, layers=(background,)))

    def add_layer(self, name: str, pixels: Pixels, left: int, top: int) -> None:
        layer = Layer(from_wire(pixels), name, placement=Placement(left, top))
        self._session.apply(add_layer(self.document, layer), "add")

    def select_layers(self, *names: str) -> None:
        self._session.set_active_layers(tuple(self._layer(name).id for name in names))

    def select_area(self, left: int, top: int, width: int, height: int) -> None:
        box = Box(left, top, left + width, top + height)
        self._session.apply(select_rectangle(self.document, box), "select")

    def set_opacity(self, name: str, opacity: float) -> None:
        self._session.apply(set_opacity(self.document, self._layer(name).id, opacity), "opacity")

    def lock(self, name: str) -> None:
        document = set_locked(self.document, self._layer(name).id, is_locked=True)
        self._session.apply(document, "lock")

    def move(self, name: str, left: int, top: int) -> None:
        placed = place_layer(self.document, self._layer(name).id, Placement(left, top))
        self._session.apply(placed, "move")

    def paint(self, name: str, color: Color) -> None:
        layer = self._layer(name)
        picture = filled(layer.picture.width, layer.picture.height, color)
        self._session.apply(set_picture(self.document, layer.id, picture), "paint")

    def undo(self) -> None:
        self._session.undo()

    def redo(self) -> None:
        self._session.redo()

    def undo_steps(self) -> int:
        history = self._session.history
        assert history is not None
        steps = 0
        while history.undo_name is not None:
            history.undo()
            steps += 1
        for _ in range(steps):
            history.redo()
        return steps

    def layer_names(self) -> list[str]:
        return [layer.name for layer in self.document.layers]

    def content(self) -> object:
        document = self.document
        layers = [
            (
                layer.id,
                layer.name,
                bytes(to_wire(layer.picture).data),
                layer.placement,
                layer.is_visible,
                layer.opacity,
                layer.mode,
                layer.is_locked,
                layer.settings,
            )
            for layer in document.layers
        ]
        selection = document.selection
        return layers, document.settings, None if selection is None else selection.tobytes()

    def shown(self) -> Pixels:
        return rgba(composite(self.document))

    def on_canvas(self) -> Pixels:
        assert self._session.shown is not None
        return rgba(composite(self._session.shown))

    def close_document(self) -> None:
        self._session.close()

    def close(self) -> None:
        self._host.close()

    def _layer(self, name: str) -> Layer:
        return next(layer for layer in self.document.layers if layer.name == name)


def filled(width: int, height: int, color: Color) -> Picture:
    pixels = np.full((height, width, 3), color[:3], np.uint8)
    return Picture(pixels, np.full((height, width), color[3], np.uint8), None)


def rgba(picture: Picture) -> Pixels:
    opaque = np.full(picture.pixels.shape[:2], 255, np.uint8)
    return to_wire(picture if picture.alpha is not None else replace(picture, alpha=opaque))


class TestStandaloneHost(HostSuite):
    @pytest.fixture
    def editor(self) -> Iterator[StandaloneEditor]:
        editor = StandaloneEditor()
        yield editor
        editor.close()

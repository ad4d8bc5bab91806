"""What the panel gets of a document of our editor."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.host import Grab, Put
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.edits import (
    place_layer,
    set_mode,
    set_opacity,
    set_visible,
)
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.document.selections import select_rectangle
from frih_plugin.hosts.standalone.harmonize.grab import grab
from frih_plugin.hosts.standalone.harmonize.put import with_result
from frih_plugin.hosts.standalone.harmonize.sources import key_of
from frih_plugin.hosts.standalone.harmonize.wire_pixels import from_wire
from frih_plugin.protocol.messages import Target


def plain(color: tuple[int, int, int], width: int, height: int, *, cut: bool = False) -> Picture:
    pixels = np.full((height, width, 3), color, np.uint8)
    return Picture(pixels, np.full((height, width), 255, np.uint8) if cut else None, None)


RED, GREEN, BLUE = (200, 10, 10), (10, 200, 10), (10, 10, 200)


@pytest.fixture
def document() -> Document:
    """A red picture, a green object on it, and a blue strip above all."""
    return Document(
        40,
        30,
        layers=(
            Layer(plain(RED, 40, 30), "picture"),
            Layer(plain(GREEN, 8, 6, cut=True), "object", placement=Placement(-2, 5)),
            Layer(plain(BLUE, 40, 3), "strip"),
        ),
    )


def asked(document: Document, *names: str, below: bool = False, target: Target = "layer") -> Grab:
    ids = [layer.id for layer in document.layers if layer.name in names]
    return Grab("d", key_of(ids), "below" if below else "visible", target)


def color_at(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in picture.pixels[y, x])


def test_background_is_all_that_shows_without_the_object(document: Document) -> None:
    grabbed = grab(document, asked(document, "object"), "r")
    background = from_wire(grabbed.background)
    assert (grabbed.left, grabbed.top) == (-2, 5)
    assert color_at(background, 3, 7) == RED
    assert color_at(background, 3, 1) == BLUE


def test_background_below_leaves_out_what_lies_above(document: Document) -> None:
    grabbed = grab(document, asked(document, "object", below=True), "r")
    assert color_at(from_wire(grabbed.background), 3, 1) == RED


def test_background_to_be_changed_is_what_lies_below(document: Document) -> None:
    grabbed = grab(document, asked(document, "object", target="background"), "r")
    assert color_at(from_wire(grabbed.background), 3, 1) == RED


def test_earlier_result_does_not_count_as_background(document: Document) -> None:
    grabbed = grab(document, asked(document, "object"), "r")
    white = plain((255, 255, 255), 8, 6, cut=True)
    put = Put(grabbed, grabbed.pixels, "result", "{}")
    again = grab(with_result(document, put, white).document, asked(document, "object"), "r")
    assert again.background.data == grabbed.background.data
    assert again.pixels.data == grabbed.pixels.data


def test_opacity_and_mode_go_with_the_pixels(document: Document) -> None:
    layer_id = document.layers[1].id
    faint = set_mode(set_opacity(document, layer_id, 0.5), layer_id, BlendMode.MULTIPLY)
    grabbed = grab(faint, asked(faint, "object"), "r")
    assert (grabbed.opacity, grabbed.blend_mode) == (0.5, "svg:multiply")
    assert color_at(from_wire(grabbed.pixels), 0, 0) == GREEN


def test_scaled_layer_comes_at_its_size_on_the_canvas(document: Document) -> None:
    layer_id = document.layers[1].id
    scaled = place_layer(document, layer_id, Placement(10, 10, 2.0, 2.0))
    grabbed = grab(scaled, asked(scaled, "object"), "r")
    assert (grabbed.pixels.width, grabbed.pixels.height) == (16, 12)
    assert (grabbed.left, grabbed.top) == (6, 7)


def test_several_layers_come_as_one_object(document: Document) -> None:
    grabbed = grab(document, asked(document, "object", "strip"), "r")
    merged = from_wire(grabbed.pixels)
    assert (grabbed.left, grabbed.top, merged.width, merged.height) == (-2, 0, 42, 11)
    assert color_at(merged, 5, 1) == BLUE
    assert color_at(merged, 1, 6) == GREEN
    assert merged.alpha is not None
    assert merged.alpha[4, 20] == 0


def test_selection_is_cut_to_the_object(document: Document) -> None:
    selected = select_rectangle(document, Box(0, 5, 3, 8))
    grabbed = grab(selected, asked(selected, "object"), "r")
    assert grabbed.selection is not None
    mask = np.frombuffer(grabbed.selection.data, np.uint8).reshape(6, 8)
    assert mask[0].tolist() == [0, 0, 255, 255, 255, 0, 0, 0]
    assert mask[3:].max() == 0


def test_nothing_below_is_a_sentence(document: Document) -> None:
    hidden = set_visible(document, document.layers[0].id, is_visible=False)
    with pytest.raises(BadInputError, match="nothing below this layer"):
        grab(hidden, asked(hidden, "object", below=True), "r")

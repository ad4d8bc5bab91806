"""A document with a result in it: what Put applies, and what a preview shows."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from frih_plugin.hosts.host import Grab, Grabbed, Put
from frih_plugin.hosts.standalone.document.compositor import composite
from frih_plugin.hosts.standalone.document.document import Document
from frih_plugin.hosts.standalone.document.edits import set_locked, set_mode, set_opacity
from frih_plugin.hosts.standalone.document.layer import Layer
from frih_plugin.hosts.standalone.document.placement import Placement
from frih_plugin.hosts.standalone.harmonize.grab import grab
from frih_plugin.hosts.standalone.harmonize.put import (
    with_result,
    with_small_result,
    with_updated_result,
)
from frih_plugin.hosts.standalone.harmonize.sources import key_of, origin_of
from frih_plugin.hosts.standalone.harmonize.wire_pixels import from_wire


@pytest.fixture
def document() -> Document:
    """A picture with an object whose edge is soft, and a layer above both."""
    rng = np.random.default_rng(4)
    picture = Picture(rng.integers(0, 256, (24, 32, 3), np.uint8), None, None)
    cut_out = Picture(
        rng.integers(0, 256, (8, 10, 3), np.uint8), rng.integers(0, 256, (8, 10), np.uint8), None
    )
    above = Picture(
        rng.integers(0, 256, (24, 32, 3), np.uint8), np.full((24, 32), 40, np.uint8), None
    )
    return Document(
        32,
        24,
        layers=(
            Layer(picture, "picture"),
            Layer(cut_out, "object", placement=Placement(5, 6)),
            Layer(above, "haze"),
        ),
    )


def grabbed_object(document: Document) -> Grabbed:
    return grab(document, Grab("d", key_of([document.layers[1].id])), "r")


def changed(grabbed: Grabbed) -> Picture:
    picture = from_wire(grabbed.pixels)
    return Picture(255 - picture.pixels, picture.alpha, picture.icc)


def names(document: Document) -> list[tuple[str, bool]]:
    return [(layer.name, layer.is_visible) for layer in document.layers]


def put(grabbed: Grabbed, **more: str) -> Put:
    return Put(grabbed, grabbed.pixels, "result", "settings", **more)  # pyright: ignore[reportArgumentType] - literals by name


def test_result_lies_above_its_hidden_source(document: Document) -> None:
    grabbed = grabbed_object(document)
    after = with_result(document, put(grabbed), changed(grabbed)).document
    assert names(after) == [("picture", True), ("object", False), ("result", True), ("haze", True)]
    assert after.layers[1].picture is document.layers[1].picture


@pytest.mark.parametrize("mode", [BlendMode.NORMAL, BlendMode.MULTIPLY, BlendMode.LUMINOSITY])
def test_result_shows_just_as_its_source_with_other_pixels(
    document: Document, mode: BlendMode
) -> None:
    layer_id = document.layers[1].id
    faint = set_mode(set_opacity(document, layer_id, 0.6), layer_id, mode)
    grabbed = grabbed_object(faint)
    after = with_result(faint, put(grabbed), changed(grabbed)).document
    instead = composite(faint, replaced={layer_id: changed(grabbed)})
    assert np.array_equal(composite(after).pixels, instead.pixels)


def test_second_result_shows_instead_of_the_first(document: Document) -> None:
    grabbed = grabbed_object(document)
    first = with_result(document, put(grabbed), changed(grabbed)).document
    second = with_result(first, put(grabbed), changed(grabbed)).document
    assert names(second) == [
        ("picture", True),
        ("object", False),
        ("result", False),
        ("result", True),
        ("haze", True),
    ]


def test_updated_result_keeps_its_place_and_opacity(document: Document) -> None:
    grabbed = grabbed_object(document)
    first = with_result(document, put(grabbed), changed(grabbed))
    other = from_wire(grabbed.pixels)
    second = with_updated_result(first.document, put(grabbed, update=first.result), other)
    assert names(second.document) == names(first.document)
    assert second.document.layer(first.result).picture is other


def test_result_into_the_layer_keeps_the_stack(document: Document) -> None:
    grabbed = grabbed_object(document)
    picture = changed(grabbed)
    after = with_result(document, put(grabbed, output="into"), picture).document
    assert names(after) == names(document)
    assert after.layers[1].picture is picture


def test_locked_layer_takes_no_result(document: Document) -> None:
    grabbed = grabbed_object(document)
    locked = set_locked(document, document.layers[1].id, is_locked=True)
    with pytest.raises(BadInputError, match="locked"):
        with_result(locked, put(grabbed, output="into"), changed(grabbed))


def test_changed_background_lies_below_the_object(document: Document) -> None:
    grabbed = grab(document, Grab("d", key_of([document.layers[1].id]), target="background"), "r")
    picture = from_wire(grabbed.background)
    after = with_result(document, put(grabbed, target="background"), picture).document
    assert names(after) == [("picture", True), ("result", True), ("object", True), ("haze", True)]


def test_result_remembers_where_it_comes_from(document: Document) -> None:
    grabbed = grabbed_object(document)
    outcome = with_result(document, put(grabbed), changed(grabbed))
    origin = origin_of(outcome.document.layer(outcome.result))
    assert origin is not None
    assert (origin.sources, origin.role, origin.settings) == (
        (document.layers[1].id,),
        "object",
        "settings",
    )


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"frih-origin": 3}', "\0"])
def test_other_layers_texts_are_no_origin(document: Document, text: str | None) -> None:
    assert origin_of(Layer(document.layers[0].picture, "x", settings=text)) is None


def test_preview_at_full_size_shows_what_the_result_will(document: Document) -> None:
    grabbed = grabbed_object(document)
    picture = changed(grabbed)
    after = with_result(document, put(grabbed), picture).document
    shown = with_small_result(document, grabbed, picture, "layer")
    assert np.array_equal(composite(shown).pixels, composite(after).pixels)


def test_small_preview_covers_the_objects_place(document: Document) -> None:
    grabbed = grabbed_object(document)
    small = Picture(np.full((4, 5, 3), 255, np.uint8), np.full((4, 5), 255, np.uint8), document.icc)
    shown = with_small_result(document, grabbed, small, "layer")
    assert shown.layers[2].bounds == document.layers[1].bounds


def test_preview_of_another_size_is_refused(document: Document) -> None:
    grabbed = grabbed_object(document)
    odd = Picture(np.zeros((3, 3, 3), np.uint8), None, None)
    with pytest.raises(BadInputError, match="size"):
        with_small_result(document, grabbed, odd, "layer")

"""Changing a document: another one comes out, the old one and what did not change stay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    add_layer,
    add_picture,
    composite,
    cut_out,
    duplicate_layer,
    new_document,
    place_layer,
    remove_layer,
    rename_layer,
    reorder_layer,
    select_none,
    select_rectangle,
    set_locked,
    set_mode,
    set_opacity,
    set_picture,
    set_settings,
    set_visible,
)
from frih_plugin.hosts.standalone.document import document as document_module

RNG = np.random.default_rng(3)
BACKGROUND = Picture(RNG.integers(0, 256, (40, 60, 3), np.uint8))
CUT_OUT = Picture(RNG.integers(0, 256, (10, 20, 3), np.uint8), np.full((10, 20), 255, np.uint8))

Change = Callable[[Document, str], Document]
PAINTED: dict[str, Change] = {
    "opacity": lambda document, key: set_opacity(document, key, 0.5),
    "mode": lambda document, key: set_mode(document, key, BlendMode.SCREEN),
    "place": lambda document, key: place_layer(document, key, Placement(5, 6, 2, 2, 10)),
    "picture": lambda document, key: set_picture(document, key, BACKGROUND),
}
UNPAINTED: dict[str, Change] = {
    "name": lambda document, key: rename_layer(document, key, "other"),
    "visible": lambda document, key: set_visible(document, key, is_visible=False),
    "locked": lambda document, key: set_locked(document, key, is_locked=True),
    "settings": lambda document, key: set_settings(document, key, "{}"),
}


@pytest.fixture
def document() -> Document:
    made, _ = add_picture(new_document(BACKGROUND, "background"), CUT_OUT, "cut-out")
    return made


def names(document: Document) -> list[str]:
    return [layer.name for layer in document.layers]


@pytest.mark.parametrize("change", [*PAINTED.values(), *UNPAINTED.values()])
def test_a_change_makes_another_document_and_touches_one_layer(
    document: Document, change: Change
) -> None:
    background, layer = document.layers
    changed = change(document, layer.id)
    assert document.layers == (background, layer)
    assert changed.layers[0] is background
    assert changed.layers[1] is not layer
    assert changed.layers[1].id == layer.id


@pytest.mark.parametrize("change", PAINTED.values(), ids=PAINTED)
def test_the_revision_differs_where_something_else_is_painted(
    document: Document, change: Change
) -> None:
    layer = document.layers[1]
    assert change(document, layer.id).layers[1].revision != layer.revision


@pytest.mark.parametrize("change", UNPAINTED.values(), ids=UNPAINTED)
def test_the_revision_stays_where_nothing_else_is_painted(
    document: Document, change: Change
) -> None:
    layer = document.layers[1]
    assert change(document, layer.id).layers[1].revision == layer.revision


def test_a_picture_is_placed_in_the_middle_and_on_top(document: Document) -> None:
    assert names(document) == ["background", "cut-out"]
    assert document.layers[1].bounds == Box(20, 15, 40, 25)


def test_a_picture_comes_into_the_documents_space_and_depth() -> None:
    deep = Picture(BACKGROUND.pixels.astype(np.uint16) * 257)
    document, layer = add_picture(new_document(deep, "a"), CUT_OUT, "b")
    assert layer.picture.pixels.dtype == np.uint16
    assert np.array_equal(layer.picture.pixels, CUT_OUT.pixels.astype(np.uint16) * 257)
    assert document.depth == 16


def test_layers_of_another_depth_are_declined(document: Document) -> None:
    deep = Picture(BACKGROUND.pixels.astype(np.uint16))
    with pytest.raises(BadInputError, match="depth"):
        add_layer(document, Layer(deep, "deep"))


def test_the_stack_can_be_reordered_and_emptied(document: Document) -> None:
    background, layer = document.layers
    assert names(reorder_layer(document, layer.id, 0)) == ["cut-out", "background"]
    empty = remove_layer(remove_layer(document, layer.id), background.id)
    assert empty.layers == ()


def test_a_duplicate_shares_the_pixels_and_lies_right_above(document: Document) -> None:
    changed, copy = duplicate_layer(document, document.layers[0].id, "copy")
    assert names(changed) == ["background", "copy", "cut-out"]
    assert copy.picture is document.layers[0].picture
    assert copy.id != document.layers[0].id


@pytest.mark.parametrize(
    "change",
    [PAINTED["place"], PAINTED["picture"], remove_layer],
    ids=["place", "picture", "remove"],
)
def test_a_locked_layer_refuses_and_says_so(document: Document, change: Change) -> None:
    layer = document.layers[1]
    locked = set_locked(document, layer.id, is_locked=True)
    with pytest.raises(BadInputError, match='"cut-out" is locked; unlock it'):
        change(locked, layer.id)
    change(set_locked(locked, layer.id, is_locked=False), layer.id)


@pytest.mark.parametrize("change", [*PAINTED.values(), *UNPAINTED.values(), remove_layer])
def test_a_layer_that_is_gone_is_named(document: Document, change: Change) -> None:
    gone = remove_layer(document, document.layers[1].id)
    with pytest.raises(BadInputError, match="not in the picture any more"):
        change(gone, document.layers[1].id)


@pytest.mark.parametrize("opacity", [-0.1, 1.1, float("nan")])
def test_senseless_opacities_are_declined(document: Document, opacity: float) -> None:
    with pytest.raises(BadInputError, match="opacity"):
        set_opacity(document, document.layers[1].id, opacity)


def test_too_large_a_canvas_or_layer_is_declined(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "MAX_PIXELS", 3000)
    with pytest.raises(BadInputError, match="60 x 51 pixels"):
        Document(60, 51)
    with pytest.raises(BadInputError, match="scaled like this"):
        place_layer(document, document.layers[1].id, Placement(0, 0, 4, 4))
    with pytest.raises(BadInputError, match="no pixels"):
        Document(0, 5)


def test_what_is_cut_out_lies_exactly_over_its_source(document: Document) -> None:
    key = document.layers[0].id
    selected = select_rectangle(document, Box(10, 8, 30, 20), feather_px=2)
    changed, cut = cut_out(selected, key, "cut")
    assert names(changed) == ["background", "cut", "cut-out"]
    assert cut.picture.alpha is not None
    assert selected.selection is not None
    box = cut.bounds
    inside = selected.selection[box.top : box.bottom, box.left : box.right]
    assert np.array_equal(cut.picture.alpha, inside)
    assert inside.sum() == selected.selection.sum(dtype=np.int64)
    assert np.array_equal(composite(changed).pixels, composite(document).pixels)


def test_cutting_out_multiplies_alpha_and_keeps_16_bits() -> None:
    alpha = np.full((40, 60), 40_000, np.uint16)
    picture = Picture(BACKGROUND.pixels.astype(np.uint16) * 257, alpha)
    document = select_rectangle(new_document(picture, "a"), Box(0, 0, 5, 5))
    _, cut = cut_out(document, document.layers[0].id, "cut")
    assert cut.picture.alpha is not None
    assert np.array_equal(cut.picture.alpha, alpha[:5, :5])
    assert np.array_equal(cut.picture.pixels, picture.pixels[:5, :5])


def test_cutting_out_needs_a_selection_on_the_layer(document: Document) -> None:
    key = document.layers[1].id
    with pytest.raises(BadInputError, match="Nothing is selected"):
        cut_out(select_none(document), key, "cut")
    with pytest.raises(BadInputError, match="does not touch"):
        cut_out(select_rectangle(document, Box(0, 0, 5, 5)), key, "cut")

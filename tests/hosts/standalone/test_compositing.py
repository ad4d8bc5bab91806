"""What a document shows: exact where it can be, by the blend formulas elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.blending import BlendMode, blend_over
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.view import Box
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    composite,
    new_document,
    set_visible,
)

Depth = type[np.uint8] | type[np.uint16]
DEPTHS = pytest.mark.parametrize("depth", [np.uint8, np.uint16])
SEEDS = st.integers(0, 1000)


def levels(rng: np.random.Generator, shape: tuple[int, ...], depth: Depth) -> Pixels:
    return in_depth(rng.integers(0, np.iinfo(depth).max + 1, shape), depth)


def in_depth(values: NDArray[np.generic], depth: Depth) -> Pixels:
    return values.astype(np.uint8) if depth is np.uint8 else values.astype(np.uint16)


def noise(seed: int, height: int, width: int, depth: Depth, *, alpha: bool = True) -> Picture:
    rng = np.random.default_rng(seed)
    own = levels(rng, (height, width), depth) if alpha else None
    return Picture(levels(rng, (height, width, 3), depth), own)


def opacity(picture: Picture) -> NDArray[np.int64]:
    shape = picture.pixels.shape[:2]
    values = np.full(shape, picture.white) if picture.alpha is None else picture.alpha
    return values.astype(np.int64)


def stacked(depth: Depth, seed: int = 0, *, opaque: bool = True) -> Document:
    rng = np.random.default_rng(seed)
    layers = [Layer(noise(seed, 60, 80, depth, alpha=not opaque), "background")]
    for index in range(3):
        height, width = rng.integers(5, 50, 2)
        place = Placement(int(rng.integers(-30, 70)), int(rng.integers(-30, 50)))
        mode = list(BlendMode)[int(rng.integers(len(BlendMode)))]
        picture = noise(seed + index + 1, int(height), int(width), depth, alpha=index < 2)
        layers.append(Layer(picture, "x", placement=place, opacity=float(rng.random()), mode=mode))
    bits = 8 if depth is np.uint8 else 16
    return Document(80, 60, None, bits, tuple(layers))


def plain_composite(document: Document) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """All layers spread over the whole canvas and blended at once, 0 to 1."""
    shape = document.height, document.width
    rgb, alpha = np.zeros((3, *shape), np.float32), np.zeros(shape, np.float32)
    for layer in document.layers:
        above, own = np.zeros_like(rgb), np.zeros_like(alpha)
        picture, box = layer.picture, layer.bounds
        for y in range(max(box.top, 0), min(box.bottom, shape[0])):
            for x in range(max(box.left, 0), min(box.right, shape[1])):
                at = y - box.top, x - box.left
                above[:, y, x] = picture.pixels[at] / picture.white
                own[y, x] = 1 if picture.alpha is None else picture.alpha[at] / picture.white
        mixed, covered = blend_over(rgb, alpha, above, own * np.float32(layer.opacity), layer.mode)
        assert covered is not None
        rgb, alpha = mixed, covered
    return rgb, alpha


@DEPTHS
@settings(deadline=None, max_examples=15)
@given(seed=SEEDS)
def test_layers_blend_in_order(depth: Depth, seed: int) -> None:
    document = stacked(depth, seed, opaque=seed % 2 == 0)
    rgb, alpha = plain_composite(document)
    shown = composite(document)
    assert np.abs(opacity(shown) / shown.white - alpha).max() <= 0.51 / shown.white
    visible = alpha > 0
    difference = np.abs(shown.pixels / shown.white - rgb.transpose(1, 2, 0))[visible]
    assert difference.max() <= 0.51 / shown.white + 1e-5


@pytest.mark.parametrize(("opacity", "mode"), [(0.5, BlendMode.NORMAL), (1, BlendMode.MULTIPLY)])
def test_an_opaque_layer_hides_nothing_when_it_is_faint_or_blends(
    opacity: float, mode: BlendMode
) -> None:
    layers = tuple(
        Layer(noise(seed, 60, 80, np.uint8, alpha=False), "x", opacity=share, mode=kind)
        for seed, share, kind in ((1, 1, BlendMode.NORMAL), (2, opacity, mode))
    )
    document = Document(80, 60, layers=layers)
    rgb, _ = plain_composite(document)
    shown = composite(document).pixels / 255
    assert np.abs(shown - rgb.transpose(1, 2, 0)).max() <= 0.51 / 255


@DEPTHS
@pytest.mark.parametrize("kind", ["opaque", "with alpha"])
def test_a_single_layer_comes_out_bit_for_bit(depth: Depth, kind: str) -> None:
    picture = noise(3, 300, 400, depth, alpha=kind == "with alpha")
    shown = composite(new_document(picture, "a"))
    assert np.array_equal(opacity(shown), opacity(picture))
    visible = opacity(picture) > 0
    assert np.array_equal(shown.pixels[visible], picture.pixels[visible])
    assert (shown.alpha is None) == (picture.alpha is None)


@DEPTHS
def test_outside_of_a_layer_nothing_changes_by_a_bit(depth: Depth) -> None:
    document = stacked(depth, 4)
    background = document.layers[0].picture.pixels
    shown = composite(document).pixels
    outside = np.ones(shown.shape[:2], np.bool_)
    for layer in document.layers[1:]:
        box = layer.bounds
        outside[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)] = False
    assert outside.any()
    assert np.array_equal(shown[outside], background[outside])


@DEPTHS
@given(left=st.integers(0, 70), top=st.integers(0, 50), side=st.integers(1, 40))
@settings(deadline=None, max_examples=20)
def test_a_box_is_cut_from_the_whole(depth: Depth, left: int, top: int, side: int) -> None:
    document = stacked(depth, 5, opaque=False)
    box = Box(left, top, min(left + side, 80), min(top + side, 60))
    whole, part = composite(document), composite(document, box)
    cut = slice(box.top, box.bottom), slice(box.left, box.right)
    assert np.array_equal(part.pixels, whole.pixels[cut])
    assert np.array_equal(opacity(part), opacity(whole)[cut])


def test_a_document_without_visible_layers_is_transparent() -> None:
    document = new_document(noise(1, 5, 6, np.uint8), "a")
    shown = composite(set_visible(document, document.layers[0].id, is_visible=False))
    assert shown.alpha is not None
    assert shown.alpha.max() == 0


def test_a_layer_can_be_left_out() -> None:
    document = stacked(np.uint8, 6)
    top = document.layers[-1]
    without = composite(document, without=top.id)
    assert np.array_equal(
        without.pixels, composite(set_visible(document, top.id, is_visible=False)).pixels
    )
    assert not np.array_equal(without.pixels, composite(document).pixels)


def test_a_replaced_picture_shows_what_replacing_would() -> None:
    document = stacked(np.uint8, 7)
    layer = document.layers[1]
    other = noise(99, layer.picture.height, layer.picture.width, np.uint8)
    shown = composite(document, replaced={layer.id: other})
    changed = document.with_layer(
        layer.id,
        lambda _: Layer(
            other, "y", placement=layer.placement, opacity=layer.opacity, mode=layer.mode
        ),
    )
    assert np.array_equal(shown.pixels, composite(changed).pixels)


@pytest.mark.parametrize("scale", [2, 4])
def test_a_small_stand_in_lies_where_the_layer_does_when_zoomed_out(scale: int) -> None:
    document = new_document(Picture(np.zeros((64, 64, 3), np.uint8)), "a")
    white = Picture(np.full((21, 30, 3), 255, np.uint8))
    layer = Layer(white, "b", placement=Placement(8, 16))
    document = document.with_layers((*document.layers, layer))
    small = Picture(np.full((-(-21 // scale), -(-30 // scale), 3), 255, np.uint8))
    shown = composite(document, replaced={layer.id: small}, scale=scale)
    assert np.array_equal(shown.pixels, composite(document, scale=scale).pixels)


def test_a_stand_in_of_another_size_is_declined() -> None:
    document = stacked(np.uint8, 8)
    with pytest.raises(BadInputError, match="size"):
        composite(document, replaced={document.layers[0].id: noise(1, 61, 80, np.uint8)})


@DEPTHS
def test_zoomed_out_a_document_is_the_average_of_what_it_shows(depth: Depth) -> None:
    y, x = np.mgrid[:128, :160]
    white = np.iinfo(depth).max
    smooth = np.stack((x, y, x + y), axis=-1) / 288 * white
    document = new_document(Picture(in_depth(smooth, depth)), "a")
    grey = np.full((64, 64, 3), white // 3)
    layer = Picture(in_depth(grey, depth), in_depth(grey[..., 0], depth))
    document = document.with_layers(
        (*document.layers, Layer(layer, "b", placement=Placement(32, 16)))
    )
    expected = composite(document).pixels.reshape(32, 4, 40, 4, 3).mean(axis=(1, 3))
    found = composite(document, scale=4).pixels
    assert np.abs(found - expected).max() <= 2 / 255 * white


def test_the_scale_is_a_power_of_two() -> None:
    with pytest.raises(BadInputError, match="power of two"):
        composite(stacked(np.uint8), scale=3)

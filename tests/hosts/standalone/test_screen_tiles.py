"""Tiles for the screen: what a fresh composite shows, recomputed only where something changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import ImageCms

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.view import Box
from frih_plugin.hosts.standalone.document import (
    TILE_SIDE,
    Document,
    Layer,
    Placement,
    TileCache,
    TileKey,
    add_picture,
    composite,
    duplicate_layer,
    level_for,
    new_document,
    place_layer,
    remove_layer,
    rename_layer,
    reorder_layer,
    rgba8,
    set_mode,
    set_opacity,
    set_visible,
    shrunk_to,
)

RNG = np.random.default_rng(8)
BACKGROUND = Picture(RNG.integers(0, 256, (500, 700, 3), np.uint8))
CUT_OUT = Picture(
    RNG.integers(0, 256, (60, 90, 3), np.uint8), RNG.integers(0, 256, (60, 90), np.uint8)
)
SRGB = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore - Pillow does not type it
).tobytes()
RED_AND_GREEN_SWAPPED = (
    SRGB.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
)


def document() -> Document:
    made, _ = add_picture(new_document(BACKGROUND, "a"), CUT_OUT, "b")
    made, _ = add_picture(made, CUT_OUT, "c")
    return place_layer(made, made.layers[2].id, Placement(10, 400))


def painted(tiles: TileCache, shown: Document, level: int) -> NDArray[np.uint8]:
    """The whole canvas of a level, put together from tiles."""
    scale = 1 << level
    canvas = np.zeros((-(-shown.height // scale), -(-shown.width // scale), 4), np.uint8)
    for key in tiles.keys_in(shown.canvas, level):
        tile = tiles.tile(key)
        top, left = key.row * TILE_SIDE, key.column * TILE_SIDE
        canvas[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return canvas


CHANGES: dict[str, Callable[[Document, Layer, int], Document]] = {
    "move": lambda shown, layer, value: place_layer(
        shown, layer.id, Placement(value * 3 - 50, value * 2 - 30)
    ),
    "turn": lambda shown, layer, value: place_layer(
        shown, layer.id, replace(layer.placement, degrees=value, scale_x=0.5)
    ),
    "hide": lambda shown, layer, _: set_visible(shown, layer.id, is_visible=not layer.is_visible),
    "opacity": lambda shown, layer, value: set_opacity(shown, layer.id, value / 255),
    "mode": lambda shown, layer, value: set_mode(shown, layer.id, list(BlendMode)[value % 15]),
    "order": lambda shown, layer, value: reorder_layer(shown, layer.id, value % len(shown.layers)),
    "copy": lambda shown, layer, _: duplicate_layer(shown, layer.id, "copy")[0],
    "remove": lambda shown, layer, _: remove_layer(shown, layer.id),
}
STEPS = st.lists(
    st.tuples(st.sampled_from(list(CHANGES)), st.integers(0, 5), st.integers(0, 255)),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=12)
@given(steps=STEPS, level=st.integers(0, 2))
def test_after_any_change_tiles_are_those_of_a_fresh_cache(
    steps: list[tuple[str, int, int]], level: int
) -> None:
    shown = document()
    tiles = TileCache(shown)
    painted(tiles, shown, level)
    for kind, index, value in steps:
        if shown.layers:
            shown = CHANGES[kind](shown, shown.layers[index % len(shown.layers)], value)
        tiles.show(shown)
        assert np.array_equal(painted(tiles, shown, level), painted(TileCache(shown), shown, level))


@pytest.mark.parametrize("level", [0, 1, 3])
def test_tiles_show_the_composite(level: int) -> None:
    shown = document()
    expected = rgba8(composite(shown, scale=1 << level))
    assert np.array_equal(painted(TileCache(shown), shown, level), expected)


def test_a_moved_layer_drops_only_tiles_it_touches() -> None:
    shown = document()
    tiles = TileCache(shown)
    painted(tiles, shown, 0)
    moved = place_layer(shown, shown.layers[2].id, Placement(20, 410))
    assert tiles.show(moved) == (Box(10, 400, 100, 460), Box(20, 410, 110, 470))
    keys = tiles.keys_in(moved.canvas, 0)
    assert [key for key in keys if tiles.cached(key) is None] == [TileKey(0, 0, 1)]


def test_a_change_that_does_not_show_drops_nothing() -> None:
    shown = document()
    tiles = TileCache(shown)
    painted(tiles, shown, 0)
    hidden = set_visible(shown, shown.layers[1].id, is_visible=False)
    tiles.show(hidden)
    painted(tiles, hidden, 0)
    changed = rename_layer(set_opacity(hidden, shown.layers[1].id, 0.3), shown.layers[0].id, "x")
    assert tiles.show(changed) == ()


def test_a_preview_shows_and_goes_without_touching_the_document() -> None:
    shown = document()
    tiles, layer = TileCache(shown), shown.layers[1]
    before = painted(tiles, shown, 0)
    other = Picture(255 - CUT_OUT.pixels, CUT_OUT.alpha)
    assert tiles.show(shown, replaced={layer.id: other}) == (layer.bounds,)
    expected = rgba8(composite(shown, replaced={layer.id: other}))
    assert np.array_equal(painted(tiles, shown, 0), expected)
    tiles.show(shown)
    assert np.array_equal(painted(tiles, shown, 0), before)


def test_another_canvas_is_all_new() -> None:
    shown = document()
    tiles = TileCache(shown)
    painted(tiles, shown, 0)
    larger = new_document(Picture(np.zeros((600, 900, 3), np.uint8)), "x")
    tiles.show(larger)
    assert np.array_equal(painted(tiles, larger, 0), painted(TileCache(larger), larger, 0))


def test_tiles_hold_to_their_bound() -> None:
    shown = document()
    tiles = TileCache(shown, max_bytes=2 * TILE_SIDE * TILE_SIDE * 4)
    keys = tiles.keys_in(shown.canvas, 0)
    for key in keys:
        tiles.tile(key)
    kept = [key for key in keys if tiles.cached(key) is not None]
    assert 1 <= len(kept) < len(keys)
    assert kept[-1] == keys[-1]


def test_keys_cover_the_box_and_no_more() -> None:
    tiles = TileCache(document())
    assert tiles.keys_in(Box(-50, -50, 1, 1), 0) == (TileKey(0, 0, 0),)
    assert tiles.keys_in(Box(255, 0, 257, 1), 0) == (TileKey(0, 0, 0), TileKey(0, 1, 0))
    assert tiles.keys_in(Box(700, 0, 900, 10), 0) == ()
    assert tiles.box_of(TileKey(1, 1, 0)) == Box(512, 0, 700, 500)


@pytest.mark.parametrize("level", [0, 1])
def test_tiles_go_through_the_documents_profile(level: int) -> None:
    deep = Picture(BACKGROUND.pixels.astype(np.uint16) * 257, None, RED_AND_GREEN_SWAPPED)
    shown, plain = new_document(deep, "a"), new_document(BACKGROUND, "a")
    found = painted(TileCache(shown), shown, level)
    expected = painted(TileCache(plain), plain, level)[..., [1, 0, 2, 3]]
    assert np.abs(found.astype(np.int16) - expected).max() <= 1


@pytest.mark.parametrize(
    ("zoom", "level"), [(8, 0), (1, 0), (0.7, 0), (0.5, 1), (0.3, 1), (0.25, 2)]
)
def test_tiles_are_never_enlarged(zoom: float, level: int) -> None:
    assert level_for(zoom) == level


@pytest.mark.parametrize("side", [7, 96, 256, 1000])
def test_thumbnails_fit(side: int) -> None:
    small = shrunk_to(BACKGROUND, side)
    assert max(small.width, small.height) == min(side, 700)
    assert abs(small.pixels.mean() - BACKGROUND.pixels.mean()) < 3

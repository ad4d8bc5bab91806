"""A layer on a background gives what a composite with a mask gives, and a changed layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_pictures import OBJECT, cut, object_mask, scene, with_alpha

from engine.color.profiles import rgb_space
from engine.document import masked_composite, placed_layer
from engine.files import read_picture
from engine.pipeline import Settings, harmonize
from engine.runtime.backend import Backend
from engine.view import Box

AT = (OBJECT.left, OBJECT.top)


@pytest.mark.parametrize("bits", [8, 16])
def test_an_opaque_layer_gives_what_the_mask_gives(backend: Backend, bits: int) -> None:
    picture = scene(bits=bits)
    mask = with_alpha(picture, object_mask()).alpha
    assert mask is not None
    by_mask = harmonize(masked_composite(picture, mask), Settings(), backend)
    by_layer = harmonize(placed_layer(picture, cut(picture, OBJECT), AT), Settings(), backend)
    assert by_layer.layer is not None
    assert np.array_equal(by_layer.picture.pixels, by_mask.picture.pixels)
    assert np.array_equal(by_layer.layer.pixels, cut(by_mask.picture, OBJECT).pixels)
    assert by_mask.layer is None


@pytest.mark.parametrize("bits", [8, 16])
def test_strength_0_gives_back_layer_and_composite(backend: Backend, bits: int) -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)
    alpha[20:60, 20:70] = 255
    layer = with_alpha(cut(scene(bits=bits, seed=4), OBJECT), alpha)
    document = placed_layer(scene(bits=bits), layer, (-10, 30))
    result = harmonize(document, Settings(strength=0), backend)
    assert result.layer is not None
    assert np.array_equal(result.layer.pixels, layer.pixels)
    assert np.array_equal(result.picture.pixels, document.composite.pixels)


@pytest.mark.parametrize("at", [(-40, -30), (180, 120), (-40, 120), (60, -70)])
def test_a_layer_that_hangs_over_is_harmonized_where_it_shows(
    backend: Backend, at: tuple[int, int]
) -> None:
    background = scene(seed=2)
    layer = cut(scene(seed=3), OBJECT)
    document = placed_layer(background, layer, at)
    result = harmonize(document, Settings(), backend)
    outside = document.mask == 0
    assert result.layer is not None
    assert result.layer.pixels.shape == layer.pixels.shape
    assert np.array_equal(result.picture.pixels[outside], background.pixels[outside])
    shown = Box(max(at[0], 0), max(at[1], 0), min(at[0] + 90, 220), min(at[1] + 80, 160))
    own = cut(result.layer, shown.moved(-at[0], -at[1]))
    assert np.array_equal(cut(result.picture, shown).pixels, own.pixels)
    assert not np.array_equal(own.pixels, cut(layer, shown.moved(-at[0], -at[1])).pixels)


def test_the_layers_alpha_is_untouched(backend: Backend) -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)
    layer = with_alpha(cut(scene(), OBJECT), alpha)
    result = harmonize(placed_layer(scene(), layer, AT), Settings(), backend)
    assert result.layer is not None
    assert result.layer.alpha is not None
    assert np.array_equal(result.layer.alpha, alpha)
    hidden = alpha == 0
    assert np.array_equal(result.layer.pixels[hidden], layer.pixels[hidden])


def test_what_is_not_selected_of_a_layer_stays(backend: Backend) -> None:
    layer = cut(scene(), OBJECT)
    selection = np.zeros((80, 90), np.uint8)
    selection[:, 45:] = 255
    result = harmonize(placed_layer(scene(), layer, AT, selection), Settings(), backend)
    assert result.layer is not None
    assert np.array_equal(result.layer.pixels[:, :45], layer.pixels[:, :45])
    assert not np.array_equal(result.layer.pixels[:, 45:], layer.pixels[:, 45:])


def test_overwriting_gives_the_same_layer_and_picture(backend: Backend) -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)
    alpha[20:60, 20:70] = 255
    layer = with_alpha(cut(scene(), OBJECT), alpha)
    kept = harmonize(placed_layer(scene(), layer, AT), Settings(), backend)
    background = scene()
    document = placed_layer(background, layer, AT, overwrite=True)
    spent = harmonize(document, Settings(), backend, overwrite=True)
    assert spent.picture.pixels is background.pixels
    assert np.array_equal(spent.picture.pixels, kept.picture.pixels)
    assert spent.layer is not None
    assert kept.layer is not None
    assert np.array_equal(spent.layer.pixels, kept.layer.pixels)


@pytest.mark.full
def test_an_srgb_layer_on_display_p3_is_converted(samples_dir: Path, backend: Backend) -> None:
    """Case A: a white plush on a park's lawn."""
    background = read_picture(samples_dir / "02_park_displayp3.jpg").picture
    layer = read_picture(samples_dir / "caseA_plush_cutout.png").picture
    assert layer.alpha is not None
    document = placed_layer(background, layer, (1480, 1815))
    pasted = document.composite.pixels[1815 : 1815 + 1125, 1480 : 1480 + 756]
    srgb = rgb_space(background.icc).to_srgb(pasted.astype(np.float64) / 255) * 255
    opaque = layer.alpha == 255
    difference = np.abs(srgb - layer.pixels)[opaque]
    # Rounding to 8 bits of Display P3 is a larger step of sRGB where a colour is dark and pure.
    assert np.quantile(difference, 0.99) <= 1
    assert difference.max() <= 6
    assert (pasted != layer.pixels)[opaque].any(axis=-1).mean() > 0.5
    result = harmonize(document, Settings(), backend)
    assert result.picture.icc == background.icc
    outside = document.mask == 0
    assert np.array_equal(result.picture.pixels[outside], background.pixels[outside])

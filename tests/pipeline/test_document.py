"""What may be harmonized and what may not, in one sentence each; pasting by alpha."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from made_pictures import OBJECT, cut, object_mask, plain, scene, with_alpha
from PIL import Image

from engine.color.picture import Picture, Pixels
from engine.document import masked_composite, placed_layer
from engine.errors import BadInputError
from engine.layer import paste_over


def test_a_mask_of_another_size_is_declined_with_both_sizes() -> None:
    with pytest.raises(BadInputError, match=r"mask is 219 x 160 pixels and the picture 220 x 160"):
        masked_composite(scene(), object_mask(219))


@pytest.mark.parametrize("level", [0, 127])
def test_an_empty_mask_is_declined(level: int) -> None:
    with pytest.raises(BadInputError, match="mask is empty: paint the object white"):
        masked_composite(scene(), np.full((160, 220), level, np.uint8))


def test_a_mask_of_everything_is_declined() -> None:
    with pytest.raises(BadInputError, match=r"covers all of the picture.*mask the object alone"):
        masked_composite(scene(), np.full((160, 220), 255, np.uint8))


def test_a_background_that_is_transparent_is_none() -> None:
    mask = object_mask()
    with pytest.raises(BadInputError, match="no background"):
        masked_composite(with_alpha(scene(), mask), mask)


def test_a_transparent_object_is_none() -> None:
    with pytest.raises(BadInputError, match="mask is empty"):
        masked_composite(with_alpha(scene(), 255 - object_mask()), object_mask())


def test_a_16_bit_mask_counts_from_half_up() -> None:
    mask = np.zeros((160, 220), np.uint16)
    mask[50, 60:70] = 32768
    mask[50, 70:80] = 32767
    box = masked_composite(scene(), mask).foreground_box()
    assert (box.left, box.right) == (60, 70)


@pytest.mark.parametrize("at", [(220, 0), (0, 160), (-90, 0), (0, -80), (10_000, 10_000)])
def test_a_layer_outside_the_picture_is_declined(at: tuple[int, int]) -> None:
    with pytest.raises(BadInputError, match=rf"layer at {at[0]},{at[1]} lies outside"):
        placed_layer(scene(), cut(scene(), OBJECT), at)


def test_a_layer_that_shows_nothing_is_declined() -> None:
    layer = with_alpha(plain(30, 30), np.zeros((30, 30), np.uint8))
    with pytest.raises(BadInputError, match="Nothing of the layer shows"):
        placed_layer(scene(), layer, (10, 10))


def test_a_layer_whose_visible_part_is_outside_is_declined() -> None:
    alpha = np.zeros((30, 30), np.uint8)
    alpha[:, :10] = 255
    with pytest.raises(BadInputError, match="Nothing of the layer shows"):
        placed_layer(scene(), with_alpha(plain(30, 30), alpha), (-15, 10))


def test_a_layer_over_everything_is_declined() -> None:
    with pytest.raises(BadInputError, match="layer covers all of the picture"):
        placed_layer(scene(), plain(300, 300), (-10, -10))


def test_a_selection_of_another_size_is_declined() -> None:
    with pytest.raises(BadInputError, match="selection is 9 x 30 pixels and the layer 30 x 30"):
        placed_layer(scene(), plain(30, 30), (0, 0), np.zeros((30, 9), np.uint8))


def test_a_selection_limits_the_foreground() -> None:
    selection = np.zeros((30, 30), np.uint16)
    selection[:, 20:] = 65535
    document = placed_layer(scene(), plain(30, 30), (10, 15), selection)
    expected = np.zeros((160, 220), np.uint8)
    expected[15:45, 30:40] = 255
    assert np.array_equal(document.mask, expected)


def test_a_paste_equals_pillows_on_an_opaque_background() -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (80, 90), np.uint8)
    layer = with_alpha(cut(scene(seed=5), OBJECT), alpha)
    document = placed_layer(scene(), layer, (-20, 110))
    expected = Image.fromarray(scene().pixels)
    expected.paste(Image.fromarray(layer.pixels), (-20, 110), Image.fromarray(alpha))
    found = document.composite.pixels.astype(np.int64)
    assert np.abs(found - np.asarray(expected)).max() <= 1
    assert np.array_equal(document.mask[110:, :70], alpha[:50, 20:])


def test_a_paste_equals_pillows_on_a_translucent_background() -> None:
    rng = np.random.default_rng(1)
    alpha, below = (rng.integers(0, 256, (50, 60), np.uint8) for _ in range(2))
    below[:, :10], alpha[:, :5] = 0, 255
    layer, background = with_alpha(plain(60, 50, 40), alpha), with_alpha(plain(60, 50, 220), below)
    composite = placed_layer(background, layer, (0, 0)).composite
    expected = np.asarray(Image.alpha_composite(rgba(background), rgba(layer)), np.int64)
    assert composite.alpha is not None
    assert np.abs(composite.alpha - expected[:, :, 3]).max() <= 1
    visible = expected[:, :, 3] > 20
    assert np.abs(composite.pixels - expected[:, :, :3])[visible].max() <= 3


def rgba(picture: Picture) -> Image.Image:
    assert picture.alpha is not None
    return Image.fromarray(np.dstack([picture.pixels, picture.alpha]))


def test_where_the_layer_is_transparent_every_bit_stays() -> None:
    background = scene(bits=16)
    alpha = np.zeros((80, 90), np.uint8)
    alpha[20:60, 20:60] = 255
    layer = with_alpha(cut(scene(seed=5, bits=16), OBJECT), alpha)
    document = placed_layer(background, layer, (30, 20))
    assert document.layer is not None
    unseen = document.mask == 0
    assert np.array_equal(document.composite.pixels[unseen], background.pixels[unseen])
    assert np.array_equal(document.composite.pixels[40:80, 50:90], layer.pixels[20:60, 20:60])
    paste_over(document.layer, layer.pixels, document.composite)
    assert np.array_equal(document.composite.pixels[unseen], background.pixels[unseen])


def test_a_layer_takes_the_backgrounds_depth() -> None:
    layer = with_alpha(plain(30, 30, 51), np.full((30, 30), 255, np.uint8))
    document = placed_layer(scene(bits=16), layer, (10, 10))
    assert document.layer is not None
    assert document.layer.picture.pixels.dtype == np.uint16
    assert (document.composite.pixels[10:40, 10:40] == 51 * 257).all()
    deep = Picture(cast("Pixels", layer.pixels.astype(np.uint16) * 257))
    assert (placed_layer(scene(), deep, (10, 10)).composite.pixels[10:40, 10:40] == 51).all()


def test_a_background_is_overwritten_only_where_that_is_asked_for() -> None:
    background, untouched = scene(), scene()
    kept = placed_layer(background, plain(30, 30), (10, 10))
    assert np.array_equal(background.pixels, untouched.pixels)
    spent = placed_layer(background, plain(30, 30), (10, 10), overwrite=True)
    assert spent.composite.pixels is background.pixels
    assert np.array_equal(spent.composite.pixels, kept.composite.pixels)

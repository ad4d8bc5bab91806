"""Harmonizing by what it must and must not change."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from made_pictures import OBJECT, object_mask, plain, scene, with_alpha
from numpy.typing import NDArray

from engine.color.picture import Picture
from engine.document import masked_composite
from engine.errors import BadInputError, CancelledError
from engine.pipeline import PAPER_SETTINGS, Harmonization, Settings, harmonize
from engine.runtime.backend import Backend
from engine.view import whole

STAGES = ["view", "coarse", "submasks", "refined", "transfer"]


def mean_change(result: Harmonization, before: Picture, mask: NDArray[np.uint8]) -> float:
    """In levels of 255, over the opaque foreground."""
    change = result.picture.pixels.astype(np.float64) - before.pixels
    return float(np.abs(change[mask == 255]).mean()) / (before.white / 255)


@pytest.mark.parametrize("bits", [8, 16])
def test_the_foreground_changes_and_nothing_else(backend: Backend, bits: int) -> None:
    picture, mask = scene(bits=bits), object_mask(soft=6)
    result = harmonize(masked_composite(picture, mask), Settings(), backend)
    assert mean_change(result, picture, mask) > 3
    assert result.picture.pixels.dtype == picture.pixels.dtype
    assert np.array_equal(result.picture.pixels[mask == 0], picture.pixels[mask == 0])
    assert np.array_equal(picture.pixels, scene(bits=bits).pixels)


@pytest.mark.parametrize("bits", [8, 16])
def test_strength_0_is_the_identity_to_the_last_bit(backend: Backend, bits: int) -> None:
    picture = with_alpha(scene(bits=bits), np.maximum(object_mask(), 77))
    document = masked_composite(picture, object_mask(soft=6))
    result = harmonize(document, Settings(strength=0), backend)
    assert np.array_equal(result.picture.pixels, picture.pixels)
    assert result.strength == 0


def test_half_the_strength_makes_half_the_change(backend: Backend) -> None:
    picture, mask = scene(bits=16), object_mask()
    document = masked_composite(picture, mask)
    half, full = (
        harmonize(document, Settings(strength=s), backend).picture.pixels.astype(np.int64)
        for s in (0.5, 1)
    )
    assert np.abs(2 * (half - picture.pixels) - (full - picture.pixels)).max() <= 2


def test_alpha_is_untouched_and_invisible_pixels_keep_their_colors(backend: Backend) -> None:
    alpha = np.random.default_rng(1).integers(0, 256, (160, 220), np.uint8)
    alpha[60:70, 70:90] = 0
    picture = with_alpha(scene(), alpha)
    result = harmonize(masked_composite(picture, object_mask()), Settings(), backend)
    assert result.picture.alpha is not None
    assert np.array_equal(result.picture.alpha, alpha)
    assert np.array_equal(result.picture.pixels[alpha == 0], picture.pixels[alpha == 0])


def test_the_profile_is_kept(backend: Backend) -> None:
    picture = Picture(scene().pixels, None, b"no profile that anyone could read")
    result = harmonize(masked_composite(picture, object_mask()), Settings(), backend)
    assert result.picture.icc == picture.icc


def test_a_16_bit_ramp_keeps_its_levels(backend: Backend) -> None:
    ramp = np.linspace(10_000, 55_000, 3000).astype(np.uint16)
    pixels = np.full((400, 4000, 3), 30_000, np.uint16)
    pixels[100:300, 500:3500] = ramp[None, :, None]
    mask = np.zeros((400, 4000), np.uint8)
    mask[100:300, 500:3500] = 255
    document = masked_composite(Picture(pixels), mask)
    # At full strength random weights push a part of the ramp out of the picture's range.
    changed = harmonize(document, Settings(strength=0.5), backend).picture.pixels[200, 500:3500]
    assert np.abs(changed.astype(np.int64) - pixels[200, 500:3500]).mean() > 500
    for channel in range(3):
        assert np.unique(changed[:, channel]).size >= 0.9 * np.unique(ramp).size


def test_two_runs_are_equal(backend: Backend) -> None:
    document = masked_composite(scene(noise=3), object_mask(soft=3))
    first, second = (harmonize(document, Settings(threads=n), backend) for n in (1, 3))
    assert np.array_equal(first.picture.pixels, second.picture.pixels)
    assert np.array_equal(first.regions.submasks.labels, second.regions.submasks.labels)


def test_overwriting_gives_the_same_picture_in_the_documents_own_pixels(backend: Backend) -> None:
    kept = harmonize(masked_composite(scene(), object_mask()), Settings(), backend)
    picture = scene()
    spent = harmonize(masked_composite(picture, object_mask()), Settings(), backend, overwrite=True)
    assert spent.picture.pixels is picture.pixels
    assert np.array_equal(spent.picture.pixels, kept.picture.pixels)


def test_the_predicted_change_is_the_mean_square_of_what_changes(backend: Backend) -> None:
    picture = scene(256, 256)
    mask = object_mask(256, 256)
    result = harmonize(masked_composite(picture, mask), PAPER_SETTINGS, backend)
    change = result.picture.pixels.astype(np.float64) - picture.pixels
    assert result.predicted_change == pytest.approx(np.square(change[mask > 0]).mean(), rel=0.2)


def test_small_regions_are_merged_but_not_in_the_papers_settings(backend: Backend) -> None:
    pixels = scene(256, 256, noise=3).pixels.copy()
    pixels[60:63, 80:84] = (20, 250, 20)
    document = masked_composite(Picture(pixels), object_mask(256, 256))
    merged = harmonize(document, replace(PAPER_SETTINGS, min_area=100), backend).regions
    paper = harmonize(document, PAPER_SETTINGS, backend).regions
    assert paper.submasks.areas.min() < 100
    assert paper.submasks.count == paper.count_before_merging == merged.count_before_merging
    assert merged.submasks.count < paper.submasks.count
    assert merged.submasks.areas.min() >= 100
    assert PAPER_SETTINGS.whole_picture
    assert PAPER_SETTINGS.strength == 1


def test_the_papers_settings_see_the_whole_picture(backend: Backend) -> None:
    mask = np.zeros((400, 600), np.uint8)
    mask[100:150, 100:150] = 255
    document = masked_composite(scene(600, 400), mask)
    assert harmonize(document, PAPER_SETTINGS, backend).view.window == whole(600, 400)
    assert harmonize(document, Settings(), backend).view.window != whole(600, 400)


def test_a_cancel_is_asked_for_before_every_step_region_and_strip(backend: Backend) -> None:
    document = masked_composite(scene(), object_mask())
    asked: list[int] = []

    def is_cancelled(after: int | None = None) -> bool:
        asked.append(0)
        return after is not None and len(asked) > after

    result = harmonize(document, Settings(), backend, is_cancelled)
    steps = len(asked)
    strips = steps - len(STAGES) - result.regions.submasks.count
    assert strips > 10
    for after in (0, 3, steps - 1):
        asked.clear()
        with pytest.raises(CancelledError):
            harmonize(document, Settings(), backend, partial(is_cancelled, after))
        # Two threads work on strips, and each of them asks.
        assert after + 1 <= len(asked) <= after + 2


def test_every_stage_is_timed(backend: Backend) -> None:
    result = harmonize(masked_composite(scene(), object_mask()), Settings(), backend)
    assert list(result.timings) == STAGES
    assert all(seconds > 0 for seconds in result.timings.values())


@pytest.mark.parametrize(("width", "height"), [(5, 5), (300, 1), (1, 300), (2, 1), (1000, 3)])
def test_very_small_pictures_are_harmonized(backend: Backend, width: int, height: int) -> None:
    picture = scene_of_noise(width, height)
    mask = np.zeros((height, width), np.uint8)
    mask[: (height + 1) // 2, : (width + 1) // 2] = 255
    result = harmonize(masked_composite(picture, mask), Settings(), backend)
    assert np.array_equal(result.picture.pixels[mask == 0], picture.pixels[mask == 0])
    assert not np.array_equal(result.picture.pixels, picture.pixels)


def scene_of_noise(width: int, height: int) -> Picture:
    rng = np.random.default_rng(width)
    return Picture(rng.integers(60, 200, (height, width, 3), np.uint8))


@pytest.mark.parametrize("settings", [Settings(), PAPER_SETTINGS], ids=["default", "paper"])
def test_an_object_of_3_pixels_in_24_megapixels_is_harmonized(
    backend: Backend, settings: Settings
) -> None:
    picture = plain(6000, 4000)
    mask = np.zeros((4000, 6000), np.uint8)
    mask[2000, 3000:3003] = 255
    result = harmonize(masked_composite(picture, mask), settings, backend)
    changed = (result.picture.pixels != picture.pixels).any(axis=2)
    assert changed[2000, 3000:3003].all()
    assert int(changed.sum()) == 3
    assert result.regions.submasks.count == 1


def test_an_object_that_vanishes_in_the_view_is_declined(backend: Backend) -> None:
    mask = np.zeros((50, 600_000), np.uint8)
    mask[0, 0] = 255
    document = masked_composite(plain(600_000, 50), mask)
    with pytest.raises(BadInputError, match=r"too small .*: cut the picture down"):
        harmonize(document, PAPER_SETTINGS, backend)


@pytest.mark.parametrize("strength", [-0.01, 1.01, float("nan")])
def test_strengths_out_of_range_are_declined(strength: float) -> None:
    with pytest.raises(BadInputError, match="between 0 and 1"):
        Settings(strength=strength)
    with pytest.raises(BadInputError, match="between 0 and 1"):
        Settings(region_strengths={0: strength})


@pytest.mark.parametrize("cutoff_distance", [0.0, 1.5, 0.12345])
def test_cutoff_distances_out_of_range_are_declined(
    backend: Backend, cutoff_distance: float
) -> None:
    document = masked_composite(scene(), object_mask())
    with pytest.raises(BadInputError, match="cutoff distance"):
        harmonize(document, Settings(cutoff_distance), backend)


def test_the_object_stands_where_the_tests_say() -> None:
    rows, columns = np.nonzero(object_mask() == 255)
    assert (rows.min(), rows.max() + 1) == (OBJECT.top, OBJECT.bottom)
    assert (columns.min(), columns.max() + 1) == (OBJECT.left, OBJECT.right)

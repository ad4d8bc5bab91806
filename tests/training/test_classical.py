"""Classical transfer does what its name says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import rgb2lab  # pyright: ignore[reportUnknownVariableType] - open in its stubs

from training.classical import (
    METHODS,
    half,
    histogram,
    monge_kantorovich,
    move_covariance,
    reinhard,
)

Rgb = NDArray[np.uint8]


@pytest.fixture
def inside() -> NDArray[np.bool_]:
    mask = np.zeros((60, 80), np.bool_)
    mask[10:50, 20:60] = True
    return mask


@pytest.fixture
def composite(inside: NDArray[np.bool_]) -> Rgb:
    """Grey-green background, bluish bright object; far from the ends of the range."""
    rng = np.random.default_rng(4)
    picture = rng.normal((100, 115, 95), (12, 10, 14), (60, 80, 3))
    picture[inside] = rng.normal((120, 130, 170), (8, 12, 6), (int(inside.sum()), 3))
    return np.rint(picture.clip(0, 255)).astype(np.uint8)


@pytest.mark.parametrize("name", METHODS)
def test_background_stays(name: str, composite: Rgb, inside: NDArray[np.bool_]) -> None:
    moved = METHODS[name](composite, inside)
    np.testing.assert_array_equal(moved[~inside], composite[~inside])
    assert (moved[inside] != composite[inside]).any()


@pytest.mark.parametrize("name", METHODS)
def test_object_like_its_background_stays_nearly(name: str, inside: NDArray[np.bool_]) -> None:
    picture = np.random.default_rng(5).normal(120, 15, (60, 80, 3)).clip(0, 255).astype(np.uint8)
    moved = METHODS[name](picture, inside).astype(np.float64)
    assert np.abs(moved - picture).mean() < 3


def test_reinhard_reaches_mean_and_deviation_in_lab(
    composite: Rgb, inside: NDArray[np.bool_]
) -> None:
    lab = np.asarray(rgb2lab(reinhard(composite, inside)), np.float64)
    np.testing.assert_allclose(lab[inside].mean(axis=0), lab[~inside].mean(axis=0), atol=0.2)
    np.testing.assert_allclose(lab[inside].std(axis=0), lab[~inside].std(axis=0), atol=0.3)


def test_covariance_transfer_reaches_mean_and_covariance(
    composite: Rgb, inside: NDArray[np.bool_]
) -> None:
    own, target = composite[inside].astype(np.float64), composite[~inside].astype(np.float64)
    moved = move_covariance(own, target)
    np.testing.assert_allclose(moved.mean(axis=0), target.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(np.cov(moved.T), np.cov(target.T), rtol=0.01, atol=0.1)
    rounded = monge_kantorovich(composite, inside)[inside].astype(np.float64)
    assert np.abs(rounded - moved).max() <= 0.5 + 1e-9


def test_colours_beyond_the_range_are_cut_off(inside: NDArray[np.bool_]) -> None:
    rng = np.random.default_rng(6)
    picture = np.where(rng.random((60, 80, 1)) < 0.8, 255, 0).repeat(3, axis=2).astype(np.uint8)
    picture[inside] = rng.normal(120, 9, (int(inside.sum()), 3)).astype(np.uint8)
    own, target = picture[inside].astype(np.float64), picture[~inside].astype(np.float64)
    wanted = move_covariance(own, target)
    assert wanted.max() > 256
    found = monge_kantorovich(picture, inside)[inside]
    np.testing.assert_allclose(found, wanted.clip(0, 255), atol=0.5 + 1e-9)


def test_covariance_transfer_of_a_flat_object_stays_finite(inside: NDArray[np.bool_]) -> None:
    flat = np.full((60, 80, 3), 90, np.uint8)
    flat[inside] = 200
    moved = monge_kantorovich(flat, inside)
    assert np.abs(moved[inside].astype(int) - 90).max() <= 1


def test_histogram_reaches_the_quantiles(composite: Rgb, inside: NDArray[np.bool_]) -> None:
    moved = histogram(composite, inside)
    quantiles = (0.1, 0.5, 0.9)
    for channel in range(3):
        own = np.quantile(moved[inside][:, channel], quantiles)
        target = np.quantile(composite[~inside][:, channel], quantiles)
        np.testing.assert_allclose(own, target, atol=1.5)


def test_half_is_the_mean() -> None:
    low, high = np.full((2, 2, 3), 10, np.uint8), np.full((2, 2, 3), 250, np.uint8)
    assert (half(low, high) == 130).all()

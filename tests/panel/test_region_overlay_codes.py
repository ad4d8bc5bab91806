"""The overlay's bytes against a plain look at each pixel, and its colours against each other."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from frih_plugin.panel.region_codes import (
    BRIGHT_HATCH,
    BRIGHT_LINE,
    DARK_HATCH,
    DARK_LINE,
    LABEL_BITS,
    NO_REGION,
    SIDE,
    overlay_codes,
    single_codes,
)
from frih_plugin.panel.region_colors import region_color

# Machado, Oliveira and Fernandes 2009, severity 1: what is seen without one kind of cone.
SIGHTS = {
    "all cones": np.eye(3),
    "no long": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no short": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def random_labels(seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    coarse = rng.choice(np.array([0, 1, 2, 9, 255], np.uint8), size=(32, 32))
    return np.kron(coarse, np.ones((8, 8), np.uint8))


def as_map(codes: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(codes, np.uint8).reshape(SIDE, SIDE)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_lines_lie_on_both_sides_of_each_border(seed: int) -> None:
    labels = random_labels(seed)
    codes = as_map(overlay_codes(labels.tobytes(), frozenset()))
    bright = np.zeros((SIDE, SIDE), bool)
    dark = np.zeros((SIDE, SIDE), bool)
    across, down = labels[:, 1:] != labels[:, :-1], labels[1:] != labels[:-1]
    bright[:, 1:] |= across
    bright[1:] |= down
    dark[:, :-1] |= across
    dark[:-1] |= down
    assert np.array_equal(codes & BRIGHT_LINE > 0, bright)
    assert np.array_equal(codes & DARK_LINE > 0, dark)
    assert np.array_equal(codes & LABEL_BITS, np.where(labels == 255, NO_REGION, labels))


def test_hatch_lies_in_regions_that_are_off_and_nowhere_else() -> None:
    labels = random_labels(1)
    codes = as_map(overlay_codes(labels.tobytes(), frozenset({1, 9})))
    off = np.isin(labels, (1, 9))
    for stripe in (BRIGHT_HATCH, DARK_HATCH):
        hatched = codes & stripe > 0
        assert not hatched[~off].any()
        assert 0.1 < hatched[off].mean() < 0.25


def test_single_region_is_alone() -> None:
    labels = random_labels(2)
    codes = as_map(single_codes(labels.tobytes(), 2))
    assert np.array_equal(codes & LABEL_BITS == 2, labels == 2)
    assert set(np.unique(codes & LABEL_BITS)) == {2, NO_REGION}


@pytest.mark.parametrize("sight", SIGHTS)
def test_overlay_colours_look_different_to_everyone(sight: str) -> None:
    seen = [lab(region_color(index).getRgb()[:3], SIGHTS[sight]) for index in range(10)]
    nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
    assert nearest > 30


def test_there_are_ten_colours() -> None:
    colors = {region_color(index).rgb() for index in range(10)}
    assert len(colors) == 10


def lab(rgb: tuple[int | None, ...], sight: NDArray[np.float64]) -> NDArray[np.float64]:
    encoded = np.array(rgb, float) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(sight @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])

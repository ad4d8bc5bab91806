"""Spoilt cut-outs are wider, narrower, softer or lack a part, by as much as asked for."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from training.cutouts import CutoutConfig, draw_cutout, move_edge, spoil

SIDE = 64


def square(side: int = SIDE) -> NDArray[np.uint8]:
    mask = np.zeros((128, 128), np.uint8)
    mask[32 : 32 + side, 32 : 32 + side] = 255
    return mask


@pytest.mark.parametrize("direction", [-1, 1])
def test_edge_moves_by_the_length_and_the_middle_stays_opaque(direction: int) -> None:
    moved = move_edge(square(), 2.0, direction, soft=False)
    width = int((moved[64] >= 128).sum())
    assert width - SIDE == pytest.approx(4 * direction, abs=2)
    assert moved[64, 64] == 255
    assert moved[5, 5] == 0


def test_feathering_leaves_the_edge_where_it_is() -> None:
    feathered = move_edge(square(), 3.0, 0, soft=True)
    assert abs(int((feathered[64] >= 128).sum()) - SIDE) <= 1
    assert int(((feathered[64] > 10) & (feathered[64] < 245)).sum()) >= 8
    assert feathered[64, 64] == 255


@pytest.mark.parametrize("seed", range(8))
def test_spoilt_mask_is_opaque_inside_and_empty_outside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spoilt = spoil(square(), CutoutConfig(missing=0), rng)
    assert spoilt[40:88, 40:88].min() == 255
    assert spoilt[:20].max() == 0


def test_a_part_is_missing() -> None:
    config = CutoutConfig(missing=1, largest_missing=0.2, shift=(0, 0))
    left = [
        float((spoil(square(), config, np.random.default_rng(seed)) >= 128).sum()) / SIDE**2
        for seed in range(12)
    ]
    assert all(0.76 < share < 0.995 for share in left)
    assert max(left) - min(left) > 0.05


def test_tiny_foreground_does_not_vanish() -> None:
    mask, config = square(7), CutoutConfig(missing=1, largest_missing=0.9)
    for seed in range(20):
        spoilt = spoil(mask, config, np.random.default_rng(seed))
        assert (spoilt >= 128).mean() >= 0.0029


def test_change_and_network_see_the_same_cutout_unless_the_selection_is_another() -> None:
    wrong = CutoutConfig(wrong=1, other_selection=0)
    opacity, given = draw_cutout(square(), wrong, np.random.default_rng(1))
    assert opacity is given
    assert not np.array_equal(opacity, square())
    other = CutoutConfig(wrong=0, other_selection=1)
    opacity, given = draw_cutout(square(), other, np.random.default_rng(1))
    assert np.array_equal(opacity, square())
    assert not np.array_equal(given, square())


@pytest.mark.parametrize("setting", [{"wrong": 1.5}, {"shift": (0.03, 0.01)}, {"missing": -1}])
def test_unusable_settings_are_refused(setting: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cutouts"):
        CutoutConfig(**setting)  # pyright: ignore[reportArgumentType] - parametrized

"""Small submasks go to their denser neighbours when asked, never by themselves."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.submask import Submasks, extract_submasks, merge_small_submasks


def foreground(areas: dict[tuple[int, int, int], int]) -> tuple[np.ndarray, np.ndarray]:
    rgb = np.repeat(np.array(list(areas), np.uint8), list(areas.values()), axis=0)[None]
    return rgb, np.ones(rgb.shape[:2], np.bool_)


def chain() -> Submasks:
    """Peak, a large submask, and two small ones in a row behind it."""
    levels = {(0, 0, 0): 300, (100, 0, 0): 200, (160, 0, 0): 40, (210, 0, 0): 30}
    return extract_submasks(*foreground(levels), 0.1)


def test_small_submask_follows_its_denser_neighbor_through_dropped_ones() -> None:
    before = chain()
    assert before.areas.tolist() == [300, 200, 40, 30]
    merged = merge_small_submasks(before, 100)
    assert merged.areas.tolist() == [300, 270]
    assert merged.labels[0].tolist() == [0] * 300 + [1] * 270
    assert merged.centers.tolist() == [[0, 0, 0], [100, 0, 0]]
    assert merged.denser.tolist() == [-1, 0]


def test_all_small_centers_are_dropped_at_once() -> None:
    """40 + 30 pixels would make a submask of 70, but neither center stays for the other."""
    merged = merge_small_submasks(chain(), 60)
    assert merged.areas.tolist() == [300, 270]


def test_submask_of_exactly_the_least_area_stays() -> None:
    assert merge_small_submasks(chain(), 40).count == 3
    assert merge_small_submasks(chain(), 41).count == 2


def test_the_peak_is_never_dropped() -> None:
    merged = merge_small_submasks(chain(), 10_000)
    assert merged.areas.tolist() == [570]
    assert merged.centers.tolist() == [[0, 0, 0]]


def test_no_least_area_changes_nothing() -> None:
    before = chain()
    merged = merge_small_submasks(before, 0)
    np.testing.assert_array_equal(merged.labels, before.labels)
    assert merged.count == before.count


def test_empty_foreground_stays_empty() -> None:
    empty = extract_submasks(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 2), np.bool_), 0.1)
    merged = merge_small_submasks(empty, 100)
    assert merged.count == 0
    assert (merged.labels == -1).all()


@given(st.integers(0, 2**32 - 1), st.integers(0, 400))
@settings(max_examples=40, deadline=None)
def test_merging_equals_assigning_again_without_the_dropped_centers(
    seed: int, min_area: int
) -> None:
    rng = np.random.default_rng(seed)
    means = rng.integers(0, 256, (9, 3))
    spread = means[rng.choice(9, 1600, p=rng.dirichlet(np.ones(9)))] + rng.normal(0, 6, (1600, 3))
    rgb = np.clip(spread, 0, 255).astype(np.uint8).reshape(40, 40, 3)
    mask = rng.random((40, 40)) < 0.8
    before = extract_submasks(rgb, mask, 0.05)
    merged = merge_small_submasks(before, min_area)
    kept = [k for k, area in enumerate(before.areas.tolist()) if k == 0 or area >= min_area]
    target = [follow(before.denser.tolist(), k, kept) for k in range(before.count)]
    expected = np.array([*(kept.index(k) for k in target), -1])[before.labels]
    np.testing.assert_array_equal(merged.labels, expected)
    np.testing.assert_array_equal(merged.areas, np.bincount(expected[mask]))
    np.testing.assert_array_equal(merged.centers, before.centers[kept])


def follow(denser: list[int], submask: int, kept: list[int]) -> int:
    while submask not in kept:
        submask = denser[submask]
    return submask

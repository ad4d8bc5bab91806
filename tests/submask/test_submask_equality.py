"""All methods give the same submasks, and the ones that eqs. 1-2 ask for, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.submask import Submasks, extract_submasks, prepare_colors, squared_limit
from engine.submask.batched import extract_submask_batch

Foreground = tuple[NDArray[np.uint8], NDArray[np.bool_]]

CUTOFF_DISTANCES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4)
"""Table 5."""

KINDS = ("random", "few levels", "tied", "noisy", "clustered", "line")


def draw_pixels(rng: np.random.Generator, kind: str, count: int) -> NDArray[np.uint8]:
    """Colours of one kind of foreground, (count, 3)."""
    match kind:
        case "few levels":
            pixels = rng.integers(0, rng.integers(1, 7), (count, 3)) * rng.integers(1, 43)
        case "tied":
            palette = rng.integers(0, 256, (rng.integers(1, 12), 3))
            pixels = np.resize(palette, (count, 3))
        case "noisy":
            pixels = rng.integers(0, 256, 3) + rng.normal(0, rng.uniform(0.5, 30), (count, 3))
        case "clustered":
            means = rng.integers(0, 256, (rng.integers(2, 9), 3))
            pixels = means[rng.integers(0, len(means), count)] + rng.normal(0, 4, (count, 3))
        case "line":
            pixels = np.outer(rng.integers(0, 256, count), rng.random(3))
        case _:
            pixels = rng.integers(0, 256, (count, 3))
    return np.clip(pixels, 0, 255).astype(np.uint8)


@st.composite
def foregrounds(draw: st.DrawFn, max_side: int = 40) -> Foreground:
    height, width = draw(st.integers(1, max_side)), draw(st.integers(1, max_side))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    pixels = draw_pixels(rng, draw(st.sampled_from(KINDS)), height * width)
    mask = rng.random((height, width)) < draw(st.sampled_from((0.0, 0.1, 0.6, 1.0)))
    return pixels.reshape(height, width, 3), mask


def assert_same(one: Submasks, other: Submasks) -> None:
    assert one.count == other.count
    for field in ("labels", "centers", "areas", "denser"):
        mine, theirs = getattr(one, field), getattr(other, field)
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs, field)


@given(foregrounds(), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=120, deadline=None)
def test_cpu_version_equals_the_reference(foreground: Foreground, cutoff_distance: float) -> None:
    expected = extract_submasks(*foreground, cutoff_distance, "reference")
    assert_same(extract_submasks(*foreground, cutoff_distance, "cpu"), expected)


@given(foregrounds(), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=60, deadline=None)
def test_torch_version_equals_the_reference(foreground: Foreground, cutoff_distance: float) -> None:
    expected = extract_submasks(*foreground, cutoff_distance, "reference")
    assert_same(extract_submasks(*foreground, cutoff_distance, "torch", "cpu"), expected)


@given(foregrounds(), st.integers(1, 10_000))
@settings(max_examples=60, deadline=None)
def test_methods_agree_at_any_cutoff(foreground: Foreground, steps: int) -> None:
    expected = extract_submasks(*foreground, steps / 10_000, "reference")
    for method in ("cpu", "torch"):
        assert_same(extract_submasks(*foreground, steps / 10_000, method, "cpu"), expected)


@given(foregrounds(), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=30, deadline=None)
def test_prepared_colors_forget_earlier_cutoffs(
    foreground: Foreground, cutoff_distance: float
) -> None:
    prepared = prepare_colors(*foreground)
    for earlier in (0.4, 0.01):
        prepared.submasks(earlier)
    assert_same(prepared.submasks(cutoff_distance), extract_submasks(*foreground, cutoff_distance))


@given(foregrounds(max_side=7), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=150, deadline=None)
def test_reference_says_what_the_equations_say_of_pixels(
    foreground: Foreground, cutoff_distance: float
) -> None:
    rgb, mask = foreground
    submasks = extract_submasks(rgb, mask, cutoff_distance, "reference")
    pixels = [(int(r), int(g), int(b)) for r, g, b in rgb[mask]]
    expected = labels_of_pixels(pixels, cutoff_distance)
    assert submasks.labels[mask].tolist() == expected


def labels_of_pixels(pixels: list[tuple[int, int, int]], cutoff_distance: float) -> list[int]:
    """FRIH's submasks pixel by pixel, as the paper tells it; ties as the specification settles."""
    indices = range(len(pixels))
    squared = [
        [sum((a - b) ** 2 for a, b in zip(p, q, strict=True)) for q in pixels] for p in pixels
    ]
    # d / 255 < d_c on whole numbers: d_c has at most four decimals.
    bound = (255 * round(cutoff_distance * 10_000)) ** 2
    density = [sum(10**8 * squared[i][j] < bound for j in indices) for i in indices]
    order = sorted(indices, key=lambda i: (-density[i], -pixels.count(pixels[i]), pixels[i], i))
    parent: dict[int, int] = {}
    delta = {order[0]: max(squared[order[0]])} if order else {}
    for rank, i in enumerate(order[1:], 1):
        parent[i] = min(order[:rank], key=lambda j: squared[i][j])  # min keeps the earliest
        delta[i] = squared[i][parent[i]]
    candidates: list[int] = []
    for i in sorted(order, key=lambda i: -delta[i]):
        if len(candidates) < 10 and pixels[i] not in [pixels[j] for j in candidates]:
            candidates.append(i)
    centers = [i for i in order if i in candidates and (density[i] > 10 or i == order[0])]
    label: dict[int, int] = {}
    for i in order:
        label[i] = centers.index(i) if i in centers else label[parent[i]]
    return [label[i] for i in indices]


@given(foregrounds(max_side=25), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=30, deadline=None)
def test_flips_turn_the_labels_along(foreground: Foreground, cutoff_distance: float) -> None:
    rgb, mask = foreground
    labels = extract_submasks(rgb, mask, cutoff_distance).labels
    flipped = extract_submasks(rgb[::-1, ::-1], mask[::-1, ::-1], cutoff_distance).labels
    np.testing.assert_array_equal(flipped, labels[::-1, ::-1])


@given(foregrounds(), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=60, deadline=None)
def test_submasks_are_disjoint_and_cover_the_mask(
    foreground: Foreground, cutoff_distance: float
) -> None:
    rgb, mask = foreground
    submasks = extract_submasks(rgb, mask, cutoff_distance)
    np.testing.assert_array_equal(submasks.labels >= 0, mask)
    assert submasks.count <= 10
    assert (submasks.count >= 1) == mask.any()
    areas = np.bincount(submasks.labels[mask], minlength=submasks.count)
    np.testing.assert_array_equal(areas, submasks.areas)
    for label, center in enumerate(submasks.centers):
        assert (rgb[submasks.labels == label] == center).all(axis=1).any()


@given(st.data(), st.sampled_from(CUTOFF_DISTANCES))
@settings(max_examples=20, deadline=None)
def test_batch_equals_its_composites_one_by_one(
    data: st.DataObject, cutoff_distance: float
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    rgb = np.stack([draw_pixels(rng, kind, 24 * 31).reshape(24, 31, 3) for kind in kinds])
    mask = rng.random(rgb.shape[:3]) < rng.choice((0, 0.3, 1), len(kinds))[:, None, None]
    batch = extract_submask_batch(torch.tensor(rgb), torch.tensor(mask), cutoff_distance)
    for image, submasks in enumerate(batch.split()):
        assert_same(submasks, extract_submasks(rgb[image], mask[image], cutoff_distance))


def test_batch_stays_exact_under_autocast() -> None:
    rng = np.random.default_rng(0)
    rgb, mask = rng.integers(0, 256, (1, 40, 40, 3), np.uint8), np.ones((1, 40, 40), np.bool_)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        batch = extract_submask_batch(torch.tensor(rgb), torch.tensor(mask), 0.2)
    assert_same(batch.split()[0], extract_submasks(rgb[0], mask[0], 0.2, "reference"))


def test_sparse_cloud_of_many_colors_is_exact() -> None:
    rng = np.random.default_rng(1)
    rgb, mask = rng.integers(0, 256, (90, 90, 3), np.uint8), np.ones((90, 90), np.bool_)
    expected = extract_submasks(rgb, mask, 0.1, "reference")
    assert_same(extract_submasks(rgb, mask, 0.1, "cpu"), expected)
    assert_same(extract_submasks(rgb, mask, 0.1, "torch", "cpu"), expected)


@pytest.mark.parametrize("step", [1, 16])
def test_full_grid_of_equally_near_colors_is_exact(step: int) -> None:
    """Every colour has many equally near ones, in neighbouring cells or boxes far apart."""
    rng = np.random.default_rng(step)
    levels = np.arange(16) * step
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3).astype(np.uint8)
    pixels = np.repeat(grid, rng.integers(1, 4, len(grid)), axis=0)[None]
    mask = np.ones(pixels.shape[:2], np.bool_)
    for cutoff_distance in (0.01, 0.1):
        expected = extract_submasks(pixels, mask, cutoff_distance, "reference")
        for method in ("cpu", "torch"):
            assert_same(extract_submasks(pixels, mask, cutoff_distance, method, "cpu"), expected)


def test_limit_names_all_that_matters_of_the_cutoff() -> None:
    rng = np.random.default_rng(2)
    rgb, mask = draw_pixels(rng, "noisy", 900)[None], np.ones((1, 900), np.bool_)
    assert squared_limit(0.1) == squared_limit(0.1000) == 650
    assert squared_limit(0.1001) == 651
    one, other = extract_submasks(rgb, mask, 0.01), extract_submasks(rgb, mask, 0.0099)
    assert squared_limit(0.01) == squared_limit(0.0099)
    assert_same(one, other)

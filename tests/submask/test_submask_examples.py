"""The degenerate foregrounds and worked examples of the specification, by every method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.submask import extract_submasks

if TYPE_CHECKING:
    from engine.submask.extract import Method

METHODS: tuple[Method, ...] = ("cpu", "reference", "torch")

LIMIT_50 = 0.0279
LIMIT_650 = 0.1
LIMIT_2600 = 0.2
LIMIT_2601 = 0.2001

STEPS = (0, 80, 160, 240)
CORNERS = [(r, g, b) for r in (0, 255) for g in (0, 255) for b in (0, 255)]
FAR_COLORS = [(r, g, b) for r in STEPS for g in STEPS for b in STEPS]
ISOLATED = [(40 * r, 40 * g, 40 * b) for r in range(7) for g in range(7) for b in range(7)]


@dataclass(frozen=True, slots=True)
class Example:
    """Colours with their areas, and the areas of the submasks they should give."""

    patches: list[tuple[tuple[int, int, int], int]]
    areas: list[int]
    cutoff_distance: float = LIMIT_650


def grey(value: int) -> tuple[int, int, int]:
    return (value, value, value)


BLACK, RED_51, FAR = (0, 0, 0), (51, 0, 0), (200, 0, 0)
COLORS_A_TO_D = [((10, 10, 10), 12), ((20, 10, 10), 3), (grey(200), 11), (grey(60), 4)]
COLORS_P_TO_R = [((100, 100, 100), 30), ((100, 100, 110), 5), ((100, 100, 120), 31)]

EXAMPLES = {
    "one pixel": Example([(grey(7), 1)], [1]),
    "10 equal": Example([(grey(7), 10)], [10]),
    "11 equal": Example([(grey(7), 11)], [11]),
    "65,536 equal": Example([(grey(7), 65_536)], [65_536]),
    "far 10 + 10": Example([(BLACK, 10), (FAR, 10)], [20]),
    "far 11 + 11": Example([(BLACK, 11), (FAR, 11)], [11, 11]),
    "far 11 + 10": Example([(BLACK, 11), (FAR, 10)], [21]),
    "near greys x 11": Example([(grey(v), 11) for v in (100, 101, 102)], [11, 11, 11]),
    "near greys x 2": Example([(grey(v), 2) for v in range(100, 105)], [10]),
    "at the cutoff": Example([(BLACK, 20), (RED_51, 20)], [20, 20], LIMIT_2600),
    "within it": Example([(BLACK, 20), (RED_51, 20)], [20, 20], LIMIT_2601),
    "at it, x 6": Example([(BLACK, 6), (RED_51, 6)], [12], LIMIT_2600),
    "within it, x 6": Example([(BLACK, 6), (RED_51, 6)], [6, 6], LIMIT_2601),
    "corners x 9": Example([(c, 9) for c in CORNERS], [72]),
    "corners x 11": Example([(c, 11) for c in CORNERS], [11] * 8),
    "chain": Example([((10 * k, 0, 0), 11) for k in range(12)], [11] * 9 + [33], LIMIT_50),
    "64 far x 12": Example([(c, 12) for c in FAR_COLORS], []),
    "ramp, fine": Example([(grey(v), 1) for v in range(256)], [256], 0.01),
    "isolated": Example([(c, 1) for c in ISOLATED[:300]], [300]),
    "E1": Example(COLORS_A_TO_D, [12, 7, 11]),
    "E2": Example(COLORS_P_TO_R, [36, 30], LIMIT_50),
    "E2, tied": Example([(c, min(n, 30)) for c, n in COLORS_P_TO_R], [35, 30], LIMIT_50),
    "E3": Example([(grey(20), 10), (grey(200), 10)], [20]),
}


def foreground(example: Example) -> tuple[np.ndarray, np.ndarray]:
    """One row of pixels, all of them foreground."""
    colors = np.array([color for color, _ in example.patches], np.uint8)
    rgb = np.repeat(colors, [area for _, area in example.patches], axis=0)[None]
    return rgb, np.ones(rgb.shape[:2], np.bool_)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gives_the_specified_areas(name: str, method: Method) -> None:
    example = EXAMPLES[name]
    rgb, mask = foreground(example)
    submasks = extract_submasks(rgb, mask, example.cutoff_distance, method)
    assert submasks.areas.sum() == mask.sum()
    if example.areas:
        assert submasks.areas.tolist() == example.areas
    else:
        assert submasks.count == 10


@pytest.mark.parametrize("method", METHODS)
def test_worked_example_gives_the_specified_labels_and_centers(method: Method) -> None:
    submasks = extract_submasks(*foreground(EXAMPLES["E1"]), LIMIT_650, method)
    assert submasks.labels[0].tolist() == [0] * 12 + [1] * 3 + [2] * 11 + [1] * 4
    assert submasks.centers.tolist() == [[10, 10, 10], [20, 10, 10], [200, 200, 200]]
    assert submasks.denser.tolist() == [-1, 0, 1]


@pytest.mark.parametrize("method", METHODS)
def test_of_two_equally_near_denser_colors_the_denser_is_followed(method: Method) -> None:
    submasks = extract_submasks(*foreground(EXAMPLES["E2"]), LIMIT_50, method)
    assert submasks.labels[0].tolist() == [1] * 30 + [0] * 5 + [0] * 31


@pytest.mark.parametrize("method", METHODS)
def test_of_two_equal_far_colors_the_smaller_is_the_peak(method: Method) -> None:
    submasks = extract_submasks(*foreground(EXAMPLES["E3"]), LIMIT_650, method)
    assert submasks.centers.tolist() == [[20, 20, 20]]


@pytest.mark.parametrize("method", METHODS)
def test_grey_ramp_reaches_the_most_submasks(method: Method) -> None:
    rgb, mask = foreground(EXAMPLES["ramp, fine"])
    assert extract_submasks(rgb, mask, LIMIT_650, method).count == 10


@pytest.mark.parametrize("method", METHODS)
def test_empty_mask_gives_no_submask(method: Method) -> None:
    rgb = np.zeros((3, 4, 3), np.uint8)
    submasks = extract_submasks(rgb, np.zeros((3, 4), np.bool_), 0.1, method)
    assert submasks.count == 0
    assert (submasks.labels == -1).all()
    assert submasks.centers.shape == (0, 3)
    assert submasks.areas.shape == (0,)

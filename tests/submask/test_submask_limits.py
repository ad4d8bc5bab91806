"""What cutoff distances and arrays are taken, and what a person is told about others."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from engine.errors import BackendUnavailableError, CutoffDistanceError, PixelArrayError
from engine.submask import extract_submasks, prepare_colors, squared_limit

RGB = np.zeros((2, 3, 3), np.uint8)
MASK = np.ones((2, 3), np.bool_)


@pytest.mark.parametrize(
    ("cutoff_distance", "limit"),
    [
        (0.005, 1),
        (0.01, 6),
        (0.05, 162),
        (0.1, 650),
        (0.2, 2600),
        (0.3, 5852),
        (0.4, 10403),
        (0.0001, 0),
        (1, 65_024),
        (np.float64(0.1), 650),
    ],
)
def test_limit_is_the_largest_squared_distance_below_the_cutoff(
    cutoff_distance: float, limit: int
) -> None:
    assert squared_limit(cutoff_distance) == limit


@pytest.mark.parametrize("cutoff_distance", [0, -0.1, 1.0001, 2, float("nan"), float("inf"), "0.1"])
def test_cutoff_outside_its_range_is_refused(cutoff_distance: float) -> None:
    with pytest.raises(CutoffDistanceError, match="above 0 and at most 1"):
        extract_submasks(RGB, MASK, cutoff_distance)


@pytest.mark.parametrize("cutoff_distance", [0.00001, 0.12345, 1 / 3])
@pytest.mark.parametrize("method", ["cpu", "reference", "torch"])
def test_cutoff_with_more_than_four_decimals_is_refused(
    cutoff_distance: float, method: str
) -> None:
    with pytest.raises(CutoffDistanceError, match="four decimals"):
        extract_submasks(RGB, MASK, cutoff_distance, method)  # pyright: ignore[reportArgumentType] -- parametrized


@pytest.mark.parametrize(
    ("rgb", "mask", "sentence"),
    [
        (RGB.astype(np.float32), MASK, "8-bit"),
        (RGB.tolist(), MASK, "8-bit"),
        (RGB[..., :2], MASK, r"\(H, W, 3\)"),
        (RGB[0], MASK[0], r"\(H, W, 3\)"),
        (RGB, MASK.astype(np.uint8), "true and false"),
        (RGB, MASK.T, "composite's shape"),
        (np.zeros((1024, 1024, 3), np.uint8), np.ones((1024, 1024), np.bool_), "1,048,575"),
    ],
)
@pytest.mark.parametrize("method", ["cpu", "reference", "torch"])
def test_arrays_of_another_kind_are_refused(
    rgb: np.ndarray, mask: np.ndarray, sentence: str, method: str
) -> None:
    with pytest.raises(PixelArrayError, match=sentence):
        extract_submasks(rgb, mask, 0.1, method)  # pyright: ignore[reportArgumentType] -- parametrized


def test_prepared_colors_check_the_cutoff_too() -> None:
    prepared = prepare_colors(RGB, MASK)
    with pytest.raises(CutoffDistanceError):
        prepared.submasks(0)


def test_missing_torch_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("engine.submask.batched")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(BackendUnavailableError, match="torch, which is not installed"):
        extract_submasks(RGB, MASK, 0.1, "torch")


def test_missing_device_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(BackendUnavailableError, match="device cuda was asked for"):
        extract_submasks(RGB, MASK, 0.1, "torch", device="cuda")


def test_importing_submasks_does_not_import_torch() -> None:
    check = "import engine.submask, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0

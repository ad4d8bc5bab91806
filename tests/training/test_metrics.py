"""Scores against scikit-image, and what records add up to."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.metrics import (  # scikit-image leaves the types of these open
    mean_squared_error,  # pyright: ignore[reportUnknownVariableType]
    peak_signal_noise_ratio,  # pyright: ignore[reportUnknownVariableType]
)

from engine.errors import PixelArrayError
from training.metrics import PictureRecord, Score, score
from training.summary import Summary, mean_score, summaries, summarize


def noise(seed: int, side: int = 32) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def box(side: int = 32) -> NDArray[np.bool_]:
    inside = np.zeros((side, side), np.bool_)
    inside[4:12, 8:20] = True
    return inside


def record(
    composite: float, result: float, *, kind: str = "made", ratio: float = 0.1
) -> PictureRecord:
    return PictureRecord(
        "x", "HCOCO", kind, ratio, Score(10.0, 30.0, composite), Score(5.0, 33.0, result)
    )


def named(records: list[PictureRecord], label: str) -> Summary:
    return next(summary for summary in summaries(records) if summary.label == label)


@pytest.mark.parametrize("seed", range(5))
def test_mse_and_psnr_are_those_of_scikit_image(seed: int) -> None:
    result, real = noise(seed), noise(seed + 100)
    found = score(result, real, box())
    assert found.mse == pytest.approx(mean_squared_error(real, result), rel=1e-12)
    expected = peak_signal_noise_ratio(real, result, data_range=255)
    assert found.psnr == pytest.approx(expected, rel=1e-12)


def test_fmse_is_the_mse_of_the_foreground_alone() -> None:
    result, real = noise(1), noise(2)
    inner = (slice(4, 12), slice(8, 20))
    expected = mean_squared_error(real[inner], result[inner])
    assert score(result, real, box()).fmse == pytest.approx(expected, rel=1e-12)


def test_all_three_are_as_computed_by_hand() -> None:
    """2 x 2 pixels, two in the foreground: off by (3, 0, 0) and (2, 4, 6); one outside by 1."""
    real = np.full((2, 2, 3), 100, np.uint8)
    result = real.copy()
    result[0, 0] = (103, 100, 100)
    result[0, 1] = (98, 104, 106)
    result[1, 0] = (100, 101, 100)
    inside = np.array([[True, True], [False, False]])
    found = score(result, real, inside)
    assert found.fmse == pytest.approx((9 + 4 + 16 + 36) / (2 * 3))
    assert found.mse == pytest.approx((9 + 4 + 16 + 36 + 1) / (4 * 3))
    assert found.psnr == pytest.approx(10 * np.log10(255**2 / 5.5))


def test_differences_of_bytes_do_not_wrap_around() -> None:
    black, white = np.zeros((4, 4, 3), np.uint8), np.full((4, 4, 3), 255, np.uint8)
    found = score(black, white, np.ones((4, 4), np.bool_))
    assert found == Score(65025.0, 0.0, 65025.0)


def test_equal_pictures_get_a_finite_psnr_above_any_different_pair() -> None:
    real = noise(3)
    almost = real.copy()
    almost[0, 0, 0] ^= 1
    equal, nearly = score(real, real, box()), score(almost, real, box())
    assert equal.mse == 0
    assert np.isfinite(equal.psnr)
    assert equal.psnr >= nearly.psnr


@pytest.mark.parametrize(
    ("result", "inside"),
    [
        (noise(1).astype(np.float32), box()),
        (noise(1, 16), box()),
        (noise(1), box(16)),
        (noise(1), np.zeros((32, 32), np.bool_)),
    ],
)
def test_what_cannot_be_measured_is_refused(
    result: NDArray[np.uint8], inside: NDArray[np.bool_]
) -> None:
    with pytest.raises(PixelArrayError):
        score(result, noise(2), inside)


def test_worse_counts_only_a_larger_error() -> None:
    found = summarize("all", [record(100, 101), record(100, 100), record(100, 50), record(4, 9)])
    assert found.worse == 0.5


def test_ratio_is_taken_picture_by_picture() -> None:
    found = summarize("all", [record(1000, 100), record(100, 200), record(100, 60)])
    assert found.mean_ratio == pytest.approx((0.1 + 2 + 0.6) / 3)
    assert found.median_ratio == pytest.approx(0.6)
    assert found.result.fmse == pytest.approx(120)
    assert found.composite.fmse == pytest.approx(400)


def test_composite_without_error_does_not_divide_by_zero() -> None:
    assert record(0, 3).fmse_ratio == 3


def test_lpips_is_averaged_only_where_all_have_it() -> None:
    with_it, without = Score(1, 1, 1, 0.25), Score(1, 1, 1)
    assert mean_score([with_it, Score(1, 1, 1, 0.75)]).lpips == 0.5
    assert mean_score([with_it, without]).lpips is None


def test_classes_hold_their_lower_bound() -> None:
    ratios = [0.01, 0.05, 0.149, 0.15, 1.0]
    found = [record(1000, 1, ratio=ratio) for ratio in ratios]
    counts = [named(found, f"foreground {label}").count for label in ("0% to 5%", "5% to 15%")]
    assert counts == [1, 2]
    assert named(found, "foreground 15% to 100%").count == 2


def test_classes_of_need_go_by_the_composite() -> None:
    found = [record(error, 1) for error in (0, 199, 200, 500, 999, 1000, 3000, 9000)]
    labels = {summary.label: summary.count for summary in summaries(found)}
    assert labels["composite fMSE below 200"] == 2
    assert labels["composite fMSE 200 to 500"] == 1
    assert labels["composite fMSE 500 to 1000"] == 2
    assert labels["composite fMSE 1000 to 3000"] == 1
    assert labels["composite fMSE from 3000"] == 2


def test_kinds_are_told_apart_only_where_there_are_several() -> None:
    one, two = [record(10, 5)], [record(10, 5), record(10, 20, kind="published")]
    assert "made" not in {summary.label for summary in summaries(one)}
    assert named(two, "published").worse == 1
    assert named(two, "made").worse == 0


def test_summaries_of_identical_pictures_are_json() -> None:
    same = score(noise(1), noise(1), box())
    found = summarize("all", [PictureRecord("x", "s", "k", 0.1, same, same)])
    json.dumps(found.result.psnr, allow_nan=False)

"""The losses (6) to (8) on arrays small enough to count by hand."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.network.base_network import Coarse
from engine.network.frih import Harmonized, SubmaskRows
from training.losses import LossConfig, losses

SIDE = 256
PAPER = LossConfig(relative_floor=None, paste_coarse=False)


def box(height: int, width: int, top: int = 0, left: int = 0) -> Tensor:
    """(1, 1, 256, 256) of 0 with a box of 1."""
    mask = torch.zeros(1, 1, SIDE, SIDE)
    mask[..., top : top + height, left : left + width] = 1
    return mask


def gray(value: float) -> Tensor:
    return torch.full((1, 3, SIDE, SIDE), value)


def output(coarse: Tensor, final: Tensor, submasks: int) -> Harmonized:
    refined = torch.zeros(submasks, 3, SIDE, SIDE)
    return Harmonized(Coarse(coarse, [], torch.zeros(1, 3, 10)), refined, final)


def rows(*masks: Tensor) -> SubmaskRows:
    return SubmaskRows(torch.cat(masks), torch.zeros(len(masks), dtype=torch.int64))


def test_coarse_loss_sums_the_whole_picture_over_the_masks_area() -> None:
    mask = box(20, 30)
    found = losses(output(gray(0.5), gray(0), 1), gray(0), gray(0), mask, rows(mask), PAPER)
    expected = 3 * 0.25 * SIDE * SIDE / 600
    assert float(found.coarse) == pytest.approx(expected)


def test_refined_loss_adds_each_submask_over_its_own_area() -> None:
    first, second = box(10, 20), box(30, 10, top=100)
    final = gray(0.1) * first + gray(0.2) * second + gray(0.7) * box(5, 5, top=200)
    mask = first + second
    found = losses(output(gray(0), final, 2), gray(0), gray(0), mask, rows(first, second), PAPER)
    assert float(found.refined) == pytest.approx(3 * 0.01 + 3 * 0.04, rel=1e-5)
    assert float(found.coarse) == 0


def test_areas_below_a_min_count_as_a_min() -> None:
    mask = box(2, 5)
    result = output(gray(0) + 0.1 * mask, 0.1 * mask.expand(1, 3, -1, -1), 1)
    found = losses(result, gray(0), gray(0), mask, rows(mask), PAPER)
    assert float(found.coarse) == pytest.approx(3 * 0.01 * 10 / 100)
    assert float(found.refined) == pytest.approx(3 * 0.01 * 10 / 100)


def test_total_is_the_mean_over_pictures_of_both_losses() -> None:
    mask = box(20, 20)
    final = 0.1 * mask.expand(1, 3, -1, -1)
    one = output(final, final, 1)
    two = Harmonized(
        Coarse(torch.cat([final, 0 * final]), [], torch.zeros(2, 3, 10)),
        one.refined,
        torch.cat([final, 0 * final]),
    )
    zeros = gray(0).repeat(2, 1, 1, 1)
    found = losses(two, zeros, zeros, mask.repeat(2, 1, 1, 1), rows(mask), PAPER)
    assert float(found.total) == pytest.approx((0.03 + 0.03) / 2)


def test_pasting_the_coarse_picture_ignores_what_lies_outside() -> None:
    mask = box(20, 20)
    config = LossConfig(relative_floor=None, paste_coarse=True)
    found = losses(output(gray(0.1), gray(0), 1), gray(0), gray(0), mask, rows(mask), config)
    assert float(found.coarse) == pytest.approx(0.03)


def test_relative_loss_divides_by_the_composites_own_error_and_the_floor() -> None:
    """A composite off by 10 levels has fMSE 100; a result off by 5 has a quarter of its error."""
    mask = box(20, 20)
    composite = gray(0.2) + mask * 10 / 255
    half = gray(0.2) + mask * 5 / 255
    config = LossConfig(relative_floor=300.0)
    result = output(half, half, 1)
    found = losses(result, composite, gray(0.2), mask, rows(mask), config)
    expected = 3 * 25 / 255**2 * 1000 / (100 + 300)
    assert float(found.coarse) == pytest.approx(expected, rel=1e-4)
    assert float(found.refined) == pytest.approx(expected, rel=1e-4)


def test_stage_one_alone_has_no_refined_loss() -> None:
    mask = box(20, 20)
    nothing = SubmaskRows(mask[:0], torch.zeros(0, dtype=torch.int64))
    found = losses(output(gray(0.1), gray(0.1), 0), gray(0), gray(0), mask, nothing, PAPER)
    assert float(found.refined) == 0
    assert float(found.coarse) > 0


def test_loss_in_linear_light_is_that_of_the_srgb_curve() -> None:
    """0.5 is 0.2140 of linear light, 0.6 is 0.3185; below 0 the straight part goes on."""
    mask = box(20, 20)
    config = LossConfig(relative_floor=None, light="linear")
    found = losses(output(gray(0.6), gray(0), 0), gray(0.5), gray(0.5), mask, rows(mask), config)
    assert float(found.coarse) == pytest.approx(3 * (0.3185 - 0.2140) ** 2, rel=1e-3)
    dark = gray(-0.1).requires_grad_()
    below = losses(output(dark, gray(0), 0), gray(0), gray(0), mask, rows(mask), config)
    assert float(below.coarse.detach()) == pytest.approx(3 * (0.1 / 12.92) ** 2, rel=1e-3)
    below.coarse.sum().backward()
    assert dark.grad is not None
    assert bool(dark.grad.isfinite().all())
    assert float(dark.grad.min()) < 0


@pytest.mark.parametrize("settings", [{"min_area": 0}, {"relative_floor": 0.0}])
def test_losses_that_may_divide_by_nothing_are_refused(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"loss\."):
        LossConfig(**settings)  # pyright: ignore[reportArgumentType] - parametrized

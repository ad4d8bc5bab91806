"""Transfers reach another foreground's palette."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from recolored import drawn, pictures
from torch import Tensor

from training.draws import Draws
from training.transfer import match_covariance, match_statistics


@pytest.fixture
def all_of_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def uniform(draws: Draws, channels: int, low: float, high: float) -> Tensor:  # noqa: ARG001 - a draw takes it
        return torch.full((len(draws.strength), channels, 1, 1), high)

    monkeypatch.setattr(Draws, "uniform", uniform)


@pytest.mark.usefixtures("all_of_the_way")
@pytest.mark.parametrize("match", [match_statistics, match_covariance])
def test_mean_and_deviation_become_the_palettes(
    match: Callable[[Tensor, Tensor, Draws], Tensor],
) -> None:
    rgb, mask = pictures()
    draws = drawn()
    draws.palette = draws.palette * 0.5 + 0.3
    moved = match(rgb, mask, draws)[mask.bool().expand_as(rgb)].view(4, 3, -1)
    target = draws.palette.flatten(2)
    torch.testing.assert_close(moved.mean(2), target.mean(2), atol=3e-3, rtol=0)
    torch.testing.assert_close(moved.std(2), target.std(2), atol=2.5e-2, rtol=0)

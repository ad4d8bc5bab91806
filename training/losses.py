"""The losses (6) to (8) of the paper, and the one change that our default makes to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

from engine.network.frih import Harmonized, SubmaskRows, paste
from training.limits import within
from training.recolor import srgb_to_linear

Light = Literal["srgb", "linear"]


@dataclass(frozen=True, slots=True)
class LossConfig:
    """A_min and what a picture's loss is divided by.

    relative_floor: None is the paper; a number (fMSE on 0..255) divides each picture's loss by its
    composite's own error plus the floor, which keeps the network from harming what is nearly right.
    """

    min_area: int = 100
    relative_floor: float | None = 300.0
    paste_coarse: bool = True
    """Score the coarse picture inside the mask alone; False is the paper's whole raw output."""
    light: Light = "srgb"
    """Whether errors are those of sRGB values, as in the paper, or of linear light."""

    def __post_init__(self) -> None:
        within("loss.min_area", self.min_area, 1)
        if self.relative_floor is not None:
            within("loss.relative_floor", self.relative_floor, 1)
        if self.light not in get_args(Light):
            raise ValueError(f"loss.light is {self.light}; it is one of srgb, linear.")


@dataclass(frozen=True, slots=True)
class Losses:
    """One value a picture, (B,) each."""

    coarse: Tensor
    refined: Tensor

    @property
    def total(self) -> Tensor:
        """L_total (eq. 6), the mean over the batch."""
        return (self.coarse + self.refined).mean()

    def detached(self) -> Losses:
        """The same values without the graph behind them, to be shown."""
        return Losses(self.coarse.detach(), self.refined.detach())


def losses(
    output: Harmonized,
    composite: Tensor,
    real: Tensor,
    mask: Tensor,
    rows: SubmaskRows,
    config: LossConfig,
) -> Losses:
    """(7) and (8) of one batch of (B, 3, H, W) pictures in [0, 1] and their (B, 1, H, W) masks."""
    least = config.min_area * (real.shape[2] / 256) ** 2
    inside = (mask >= 0.5).float()
    coarse = output.coarse.image.float()
    if config.paste_coarse:
        coarse = paste(composite, coarse, mask)
    coarse_loss = over_area(_error(coarse, real, config), inside.new_ones(()), inside, least)
    refined_loss = torch.zeros_like(coarse_loss)
    if output.refined.shape[0]:
        error = _error(output.final, real, config)[rows.image]
        by_row = over_area(error, rows.masks, rows.masks, least)
        refined_loss = refined_loss.index_add(0, rows.image, by_row)
    if config.relative_floor is None:
        return Losses(coarse_loss, refined_loss)
    own = over_area(_error(composite, real, config), inside, inside, least)
    scale = _REFERENCE / (own + _from_fmse(config.relative_floor))
    return Losses(coarse_loss * scale, refined_loss * scale)


def _error(rgb: Tensor, real: Tensor, config: LossConfig) -> Tensor:
    """The difference in the light that the loss is measured in."""
    if config.light == "srgb":
        return rgb - real
    # An output may lie below 0, where the curve goes on along its straight part.
    return srgb_to_linear(rgb.clamp_min(0)) + rgb.clamp_max(0) / 12.92 - srgb_to_linear(real)


def over_area(error: Tensor, counted: Tensor, area_of: Tensor, least: float) -> Tensor:
    """Sum of squares where counted, over max(area, A_min): (B, 3, H, W) to (B,)."""
    squares = (error * error).sum(1, keepdim=True) * counted
    return squares.sum((1, 2, 3)) / area_of.sum((1, 2, 3)).clamp_min(least)


def _from_fmse(fmse: float) -> float:
    """An fMSE (mean of three channels, 0..255) in the units of over_area."""
    return 3 * fmse / 255.0**2


_REFERENCE = _from_fmse(1000.0)
"""Keeps divided losses at the size of undivided ones, so that learning rates carry over."""

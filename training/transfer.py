"""Families of recolouring that move towards another foreground's palette (signature: recolor.py).

At strength 1 they go between half and all of the way.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor

from training.draws import Draws
from training.recolor import masked_mean

_EPS = 1e-4
_OPPONENT = ((0.5774, 0.5774, 0.5774), (0.4082, 0.4082, -0.8165), (0.7071, -0.7071, 0.0))


def match_statistics(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:
    """Reinhard's transfer, on opponent axes: mean and deviation of another foreground."""
    matrix = torch.tensor(_OPPONENT, device=rgb.device)
    own = torch.einsum("ij,bjhw->bihw", matrix, rgb)
    other = torch.einsum("ij,bjhw->bihw", matrix, draws.palette)
    mean, target_mean = masked_mean(own, mask), other.mean((2, 3), keepdim=True)
    deviation = masked_mean((own - mean) ** 2, mask).sqrt()
    target = ((other - target_mean) ** 2).mean((2, 3), keepdim=True).sqrt()
    ratio = ((target + 0.02) / (deviation + 0.02)).clamp(0.3, 3)
    moved = torch.einsum("ji,bjhw->bihw", matrix, (own - mean) * ratio + target_mean)
    return _part_of_the_way(rgb, moved, draws)


def match_covariance(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:
    """The linear Monge-Kantorovich transfer to another foreground's mean and covariance."""
    whole = torch.ones_like(draws.palette[:, :1])
    mean, target_mean = masked_mean(rgb, mask), masked_mean(draws.palette, whole)
    source = _covariance(rgb, mask, mean)
    target = _covariance(draws.palette, whole, target_mean)
    root, inverse = _matrix_power(source, 0.5), _matrix_power(source, -0.5)
    matrix = inverse @ _matrix_power(root @ target @ root, 0.5) @ inverse
    moved = torch.einsum("bij,bjhw->bihw", matrix, rgb - mean) + target_mean
    return _part_of_the_way(rgb, moved, draws)


def _part_of_the_way(rgb: Tensor, moved: Tensor, draws: Draws) -> Tensor:
    return rgb + draws.strength * draws.uniform(1, 0.5, 1) * (moved - rgb)


def _covariance(rgb: Tensor, mask: Tensor, mean: Tensor) -> Tensor:
    centered = ((rgb - mean) * mask.sqrt()).flatten(2)
    count = mask.sum((1, 2, 3)).view(-1, 1, 1) + _EPS
    noise = 4e-4 * torch.eye(3, device=rgb.device)
    return torch.bmm(centered, centered.transpose(1, 2)) / count + noise


def _matrix_power(matrix: Tensor, exponent: float) -> Tensor:
    found = torch.linalg.eigh(matrix)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - torch gives it no types
    values, vectors = cast("tuple[Tensor, Tensor]", found)
    powered = values.clamp_min(1e-6).pow(exponent)
    return (vectors * powered.unsqueeze(1)) @ vectors.transpose(1, 2)

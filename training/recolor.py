"""Families of recolouring: what makes a real foreground look pasted (facts in the model card).

Every family takes (B, 3, H, W) float32 sRGB in [0, 1], the (B, 1, H, W) foreground mask and a
generator, draws one change for each picture and returns the changed colours, not yet clipped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from torch import Tensor

Family = Callable[[Tensor, Tensor, torch.Generator], Tensor]

_LUMA = (0.299, 0.587, 0.114)
_EPS = 1e-4


def _normal(like: Tensor, channels: int, deviation: float, rng: torch.Generator) -> Tensor:
    draws = torch.randn(like.shape[0], channels, 1, 1, generator=rng, device=like.device)
    return draws * deviation


def _masked_mean(rgb: Tensor, mask: Tensor) -> Tensor:
    return (rgb * mask).sum((2, 3), keepdim=True) / (mask.sum((2, 3), keepdim=True) + _EPS)


def _luma(rgb: Tensor) -> Tensor:
    weights = torch.tensor(_LUMA, device=rgb.device).view(1, 3, 1, 1)
    return (rgb * weights).sum(1, keepdim=True)


def _gamma(rgb: Tensor, exponent: Tensor) -> Tensor:
    return rgb.clamp_min(1 / 512).pow(exponent)


def _saturate(rgb: Tensor, factor: Tensor) -> Tensor:
    grey = _luma(rgb)
    return grey + (rgb - grey) * factor


def _tinted(temperature: Tensor, tint: Tensor) -> Tensor:
    return torch.cat([temperature.exp(), tint.exp(), (-temperature).exp()], 1)


def srgb_to_linear(rgb: Tensor) -> Tensor:
    """The sRGB curve, for values in [0, 1]."""
    return torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055).pow(2.4))


def linear_to_srgb(linear: Tensor) -> Tensor:
    """The inverse of srgb_to_linear; values above 1 go on along the curve."""
    upper = 1.055 * linear.clamp_min(0.0031308).pow(1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear * 12.92, upper)


def grade(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:
    """What an editor's sliders do: gamma, gain, contrast, saturation, temperature, tint."""
    exponent = (_normal(rgb, 1, 0.32, rng) + _normal(rgb, 3, 0.13, rng)).exp()
    out = _gamma(rgb, exponent) * _normal(rgb, 1, 0.30, rng).exp()
    mean = _masked_mean(out, mask)
    out = mean + (out - mean) * _normal(rgb, 1, 0.25, rng).exp()
    out = _saturate(out, _normal(rgb, 1, 0.45, rng).exp())
    return out * _tinted(_normal(rgb, 1, 0.17, rng), _normal(rgb, 1, 0.06, rng))


def relight(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:
    """What real cut-outs differ by: exposure and white balance in linear light, a tone curve."""
    linear = srgb_to_linear(rgb)
    gain = _normal(rgb, 1, 0.55, rng).exp()
    white_balance = _tinted(_normal(rgb, 1, 0.22, rng), _normal(rgb, 1, 0.08, rng))
    out = linear_to_srgb(linear * gain * white_balance)
    pivot = _masked_mean(out, mask).mean(1, keepdim=True).clamp(0.2, 0.8)
    out = pivot + (out - pivot) * _normal(rgb, 1, 0.18, rng).exp()
    return _saturate(out, _normal(rgb, 1, 0.2, rng).exp())


def gain_offset_gamma(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:  # noqa: ARG001 - a family needs no mask
    """Each channel on its own: gain, offset and gamma, part of it common to the three."""
    exponent = (_normal(rgb, 1, 0.35, rng) + _normal(rgb, 3, 0.30, rng)).exp()
    gain = (_normal(rgb, 1, 0.28, rng) + _normal(rgb, 3, 0.20, rng)).exp()
    offset = _normal(rgb, 1, 0.08, rng) + _normal(rgb, 3, 0.08, rng)
    return _gamma(rgb, exponent) * gain + offset


def tone_curve(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:  # noqa: ARG001
    """A random smooth curve for each channel, as film look-up tables have."""
    knots = 4
    common, own = _normal(rgb, knots, 0.11, rng), _normal(rgb, 3 * knots, 0.07, rng)
    heights = common.view(-1, 1, knots) + own.view(-1, 3, knots)
    place = torch.linspace(0, 1, knots, device=rgb.device)
    out = rgb
    for knot in range(knots):
        bump = (1 - ((rgb - place[knot]) * (knots - 1)).abs()).clamp_min(0)
        bump = bump * bump * (3 - 2 * bump)
        out = out + bump * heights[:, :, knot, None, None]
    return out


def _reference(rgb: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """The foreground of the batch's previous picture is the palette to move to."""
    return rgb.roll(1, 0), mask.roll(1, 0)


def match_statistics(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:
    """Reinhard's transfer, on opponent axes: mean and deviation of another foreground."""
    matrix = torch.tensor(
        [[0.5774, 0.5774, 0.5774], [0.4082, 0.4082, -0.8165], [0.7071, -0.7071, 0.0]],
        device=rgb.device,
    )
    own = torch.einsum("ij,bjhw->bihw", matrix, rgb)
    other, other_mask = _reference(own, mask)
    mean, target_mean = _masked_mean(own, mask), _masked_mean(other, other_mask)
    deviation = _masked_mean((own - mean) ** 2, mask).sqrt()
    target = _masked_mean((other - target_mean) ** 2, other_mask).sqrt()
    ratio = ((target + 0.02) / (deviation + 0.02)).clamp(0.3, 3)
    moved = (own - mean) * ratio + target_mean
    share = torch.rand(rgb.shape[0], 1, 1, 1, generator=rng, device=rgb.device) * 0.5 + 0.5
    return torch.einsum("ji,bjhw->bihw", matrix, own + share * (moved - own))


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


def match_covariance(rgb: Tensor, mask: Tensor, rng: torch.Generator) -> Tensor:
    """The linear Monge-Kantorovich transfer to another foreground's mean and covariance."""
    other, other_mask = _reference(rgb, mask)
    mean, target_mean = _masked_mean(rgb, mask), _masked_mean(other, other_mask)
    source, target = _covariance(rgb, mask, mean), _covariance(other, other_mask, target_mean)
    root, inverse = _matrix_power(source, 0.5), _matrix_power(source, -0.5)
    matrix = inverse @ _matrix_power(root @ target @ root, 0.5) @ inverse
    moved = torch.einsum("bij,bjhw->bihw", matrix, rgb - mean) + target_mean
    share = torch.rand(rgb.shape[0], 1, 1, 1, generator=rng, device=rgb.device) * 0.5 + 0.5
    return rgb + share * (moved - rgb)


FAMILIES: dict[str, Family] = {
    "relight": relight,
    "grade": grade,
    "gain_offset_gamma": gain_offset_gamma,
    "tone_curve": tone_curve,
    "match_statistics": match_statistics,
    "match_covariance": match_covariance,
}

TRANSFERS = frozenset({"match_statistics", "match_covariance"})
"""Families that move to another foreground's palette; scaling them up would invent colours."""

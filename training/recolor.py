"""Families of recolouring on encoded colours: what sliders, curves and film tables do.

Every family takes (B, 3, H, W) float32 sRGB in [0, 1], the (B, 1, H, W) foreground mask and the
draws of one change for each picture; it returns the changed colours, not yet clipped. At strength
0 it returns what it was given.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.draws import Draws

_LUMA = (0.299, 0.587, 0.114)
_EPS = 1e-4
_CURVE_KNOTS = 4
_TABLE_SIDE = 4


def masked_mean(rgb: Tensor, mask: Tensor) -> Tensor:
    """(B, C, 1, 1) mean over the mask."""
    return (rgb * mask).sum((2, 3), keepdim=True) / (mask.sum((2, 3), keepdim=True) + _EPS)


def luma(rgb: Tensor) -> Tensor:
    """(B, 1, H, W) luma of encoded colours (Rec. 601)."""
    red, green, blue = rgb.unbind(1)
    return (red * _LUMA[0] + green * _LUMA[1] + blue * _LUMA[2]).unsqueeze(1)


def saturate(rgb: Tensor, factor: Tensor) -> Tensor:
    """Move colours away from their greys."""
    grey = luma(rgb)
    return grey + (rgb - grey) * factor


def tinted(temperature: Tensor, tint: Tensor) -> Tensor:
    """(B, 3, 1, 1) gains: warmer above 0, greener above 0."""
    return torch.cat([temperature.exp(), tint.exp(), (-temperature).exp()], 1)


def srgb_to_linear(rgb: Tensor) -> Tensor:
    """The sRGB curve, for values in [0, 1]."""
    return torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055).pow(2.4))


def linear_to_srgb(linear: Tensor) -> Tensor:
    """The inverse of srgb_to_linear; values above 1 go on along the curve."""
    upper = 1.055 * linear.clamp_min(0.0031308).pow(1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear * 12.92, upper)


def grade(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:
    """What an editor's sliders do: gamma, gain, contrast, saturation, temperature, tint."""
    exponent = (draws.normal(1, 0.32) + draws.normal(3, 0.13)).exp()
    out = rgb.pow(exponent) * draws.normal(1, 0.30).exp()
    mean = masked_mean(out, mask)
    out = mean + (out - mean) * draws.normal(1, 0.25).exp()
    out = saturate(out, draws.normal(1, 0.45).exp())
    return out * tinted(draws.normal(1, 0.17), draws.normal(1, 0.06))


def gain_offset_gamma(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001 - a family takes a mask
    """Each channel on its own: gain, offset and gamma, part of it common to the three."""
    exponent = (draws.normal(1, 0.35) + draws.normal(3, 0.30)).exp()
    gain = (draws.normal(1, 0.28) + draws.normal(3, 0.20)).exp()
    return rgb.pow(exponent) * gain + draws.normal(1, 0.08) + draws.normal(3, 0.08)


def tone_curve(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """A random smooth curve for each channel."""
    common, own = draws.normal(_CURVE_KNOTS, 0.11), draws.normal(3 * _CURVE_KNOTS, 0.07)
    heights = common.view(-1, 1, _CURVE_KNOTS) + own.view(-1, 3, _CURVE_KNOTS)
    out = rgb
    for knot in range(_CURVE_KNOTS):
        bump = (1 - (rgb * (_CURVE_KNOTS - 1) - knot).abs()).clamp_min(0)
        bump = bump * bump * (3 - 2 * bump)
        out = out + bump * heights[:, :, knot, None, None]
    return out


def color_table(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """A film-like table of colours, a mild random lattice; its black and white stay."""
    table = draws.normal(3 * _TABLE_SIDE**3, 0.12).view(-1, 3, *[_TABLE_SIDE] * 3).clone()
    table[:, :, 0, 0, 0] = table[:, :, -1, -1, -1] = 0
    places = (rgb.clamp(0, 1) * 2 - 1).permute(0, 2, 3, 1).unsqueeze(1)
    shift = functional.grid_sample(table, places, align_corners=True)
    return rgb + shift.squeeze(2)


def split_tone(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """One tint for the shadows, another for the highlights; middle grey and black stay."""
    shadows, highlights = draws.normal(3, 0.5), draws.normal(3, 0.5)
    lightness = luma(rgb) * 2 - 1
    tint = (-lightness).clamp_min(0) * (shadows - shadows.mean(1, keepdim=True))
    tint = tint + lightness.clamp_min(0) * (highlights - highlights.mean(1, keepdim=True))
    return rgb * tint.exp()

"""Families of recolouring in linear light: what real cut-outs differ by (signature: recolor.py).

Exposure, white balance and coloured light multiply linear light, so black stays black.
"""

from __future__ import annotations

import torch
from torch import Tensor

from training.draws import Draws
from training.recolor import linear_to_srgb, masked_mean, saturate, srgb_to_linear, tinted

_LUMINANCE = (0.2126, 0.7152, 0.0722)
_LOGIT_EPS = 1e-6


def luminance(linear: Tensor) -> Tensor:
    """(B, 1, ...) luminance of linear colours or gains (Rec. 709)."""
    red, green, blue = linear.unbind(1)
    return (red * _LUMINANCE[0] + green * _LUMINANCE[1] + blue * _LUMINANCE[2]).unsqueeze(1)


def expose(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001 - a family takes a mask
    """Exposure alone: one factor in linear light."""
    return linear_to_srgb(srgb_to_linear(rgb) * draws.normal(1, 0.7).exp())


def white_balance(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """White balance alone: temperature and tint; greys keep their luminance."""
    return linear_to_srgb(srgb_to_linear(rgb) * _white(draws))


def colored_light(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """A strong cast of any hue, as of stage light or neon; greys keep their luminance."""
    gains = draws.normal(3, 0.7).exp()
    return linear_to_srgb(srgb_to_linear(rgb) * (gains / luminance(gains)))


def veil(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:  # noqa: ARG001
    """Haze or flare: a light of some colour laid over everything, or taken off."""
    light = draws.uniform(1, 0.15, 0.8) * draws.uniform(3, -0.35, 0.35).exp()
    linear = srgb_to_linear(rgb)
    share = draws.normal(1, 0.2).clamp(-0.6, 0.8)
    return linear_to_srgb((linear + share * (light - linear)).clamp_min(0))


def relight(rgb: Tensor, mask: Tensor, draws: Draws) -> Tensor:
    """All of it: exposure, white balance, a tone curve with toe and shoulder, saturation."""
    light = draws.normal(1, 0.5).exp() * _white(draws)
    lit = linear_to_srgb(srgb_to_linear(rgb) * light)
    shown = lit.clamp(0, 1)
    pivot = masked_mean(shown, mask).mean(1, keepdim=True).clamp(0.2, 0.8)
    both = draws.normal(1, 0.2)
    bent = bend(shown, pivot, both + draws.normal(1, 0.12), both + draws.normal(1, 0.12))
    # What burns out stays above 1, for the caller to see.
    return saturate(bent + (lit - shown), draws.normal(1, 0.2).exp())


def bend(rgb: Tensor, pivot: Tensor, toe: Tensor, shoulder: Tensor) -> Tensor:
    """An S curve through black, pivot and white: steeper by e^toe below, e^shoulder above."""
    middle = torch.logit(pivot)
    distance = torch.logit(rgb, _LOGIT_EPS) - middle
    slope = torch.where(distance < 0, toe.exp(), shoulder.exp())
    return torch.sigmoid(middle + distance * slope)


def _white(draws: Draws) -> Tensor:
    gains = tinted(draws.normal(1, 0.3), draws.normal(1, 0.1))
    return gains / luminance(gains)

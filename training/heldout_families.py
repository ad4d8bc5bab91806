"""Changes of colour that the training recipe does not make, to choose settings by.

Each family takes the object's (N, 3) encoded sRGB of 0 to 1, the (M, 3) colours of another
object, and a generator; it returns (N, 3) changed colours, not clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.color.tone_curve import SRGB_CURVE

Colors = NDArray[np.float64]
Family = Callable[[Colors, Colors, np.random.Generator], Colors]

_ROTATIONS = 12
_LINEAR_GREY = 0.18
_SHOULDER = 0.7
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def transfer_distribution(colors: Colors, palette: Colors, rng: np.random.Generator) -> Colors:
    """Iterative distribution transfer to another object's colours (Pitie et al., 2005).

    Between half and all of the way.
    """
    moved = colors.copy()
    for _ in range(_ROTATIONS):
        axes = np.linalg.qr(rng.standard_normal((3, 3)))[0]
        here, there = moved @ axes, palette @ axes
        shifts = [match_ranks(here[:, i], there[:, i]) - here[:, i] for i in range(3)]
        moved = moved + np.stack(shifts, axis=1) @ axes.T
    return _part_of_the_way(colors, moved, rng)


def match_histograms(colors: Colors, palette: Colors, rng: np.random.Generator) -> Colors:
    """Each channel's histogram becomes another object's, between half and all of the way."""
    moved = np.stack([match_ranks(colors[:, i], palette[:, i]) for i in range(3)], axis=1)
    return _part_of_the_way(colors, moved, rng)


def grade_like_film(colors: Colors, palette: Colors, rng: np.random.Generator) -> Colors:  # noqa: ARG001 - film knows no other object
    """A colourist's look in linear light: exposure, S curve, hue, split toning, soft highlights."""
    linear = SRGB_CURVE.decode(colors) * np.exp(rng.normal(0, 0.35))
    linear = _turned(_s_curve(linear, np.exp(rng.normal(0, 0.2))), rng.normal(0, math.radians(12)))
    toned = _split_toned(np.maximum(linear, 0), rng.normal(0, 0.16, 3), rng.normal(0, 0.16, 3))
    return SRGB_CURVE.encode(_rolled_off(toned))


FAMILIES: dict[str, Family] = {
    "distribution": transfer_distribution,
    "histogram": match_histograms,
    "film": grade_like_film,
}

TRANSFERS = frozenset({"distribution", "histogram"})
"""Families that move to another object's colours; scaling them up would invent colours."""


def match_ranks(values: Colors, targets: Colors) -> Colors:
    """(N,) values replaced by those of the same rank in (M,) targets."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    places = (np.arange(len(targets)) + 0.5) / len(targets)
    return np.interp((ranks + 0.5) / len(values), places, np.sort(targets))


def _part_of_the_way(colors: Colors, moved: Colors, rng: np.random.Generator) -> Colors:
    return colors + rng.uniform(0.5, 1) * (moved - colors)


def _s_curve(linear: Colors, contrast: float) -> Colors:
    """A straight line in stops about middle grey."""
    return _LINEAR_GREY * (linear / _LINEAR_GREY) ** contrast


def _turned(linear: Colors, angle: float) -> Colors:
    """Hues turned about the grey axis (Rodrigues' formula)."""
    axis = np.full(3, 3**-0.5)
    across = np.cross(axis, linear)
    along = (linear @ axis)[:, None] * axis
    return linear * np.cos(angle) + across * np.sin(angle) + along * (1 - np.cos(angle))


def _split_toned(linear: Colors, shadows: Colors, highlights: Colors) -> Colors:
    """One tint for the shadows, another for the highlights; neither changes the exposure."""
    lightness = SRGB_CURVE.encode(np.clip(linear @ _LUMINANCE, 0, 1))[:, None]
    share = lightness * lightness * (3 - 2 * lightness)
    tint = (1 - share) * (shadows - shadows.mean()) + share * (highlights - highlights.mean())
    return linear * np.exp(tint)


def _rolled_off(linear: Colors) -> Colors:
    """Highlights bent towards white instead of cut off."""
    room = 1 - _SHOULDER
    bent = _SHOULDER + room * np.tanh((linear - _SHOULDER) / room)
    return np.where(linear > _SHOULDER, bent, linear)

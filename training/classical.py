"""Classical colour transfer, towards the whole background: what a network has to beat.

Each method takes (H, W, 3) uint8 sRGB and the (H, W) foreground and returns the composite with
the foreground's colours moved all the way, rounded and clipped; half() mixes that with the
composite.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import cast

import numpy as np
from numpy.typing import NDArray
from skimage.color import (  # scikit-image leaves the types of these three open
    lab2rgb,  # pyright: ignore[reportUnknownVariableType]
    rgb2lab,  # pyright: ignore[reportUnknownVariableType]
)
from skimage.exposure import match_histograms  # pyright: ignore[reportUnknownVariableType]

Rgb = NDArray[np.uint8]
Inside = NDArray[np.bool_]
Colors = NDArray[np.float64]
Method = Callable[[Rgb, Inside], Rgb]

_EPS = 1e-6


def reinhard(composite: Rgb, inside: Inside) -> Rgb:
    """Mean and deviation of each Lab channel (Reinhard et al., 2001, in CIE Lab)."""
    lab = cast("Colors", rgb2lab(composite))
    own, target = lab[inside], lab[~inside]
    gain = target.std(axis=0) / (own.std(axis=0) + _EPS)
    moved = (own - own.mean(axis=0)) * gain + target.mean(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # colours that no light has are cut off, as they should be
        return _pasted(composite, inside, cast("Colors", lab2rgb(moved[None]))[0] * 255)


def monge_kantorovich(composite: Rgb, inside: Inside) -> Rgb:
    """The linear map of RGB that gives mean and covariance at least cost (Pitie, Kokaram, 2007)."""
    own, target = composite[inside].astype(np.float64), composite[~inside].astype(np.float64)
    return _pasted(composite, inside, move_covariance(own, target))


def histogram(composite: Rgb, inside: Inside) -> Rgb:
    """Histogram matching of each RGB channel."""
    matched = cast(
        "Colors", match_histograms(composite[inside], composite[~inside], channel_axis=-1)
    )
    return _pasted(composite, inside, matched)


METHODS: dict[str, Method] = {
    "Reinhard in Lab": reinhard,
    "MKL in RGB": monge_kantorovich,
    "histogram": histogram,
}


def half(composite: Rgb, moved: Rgb) -> Rgb:
    """The mean of composite and result, rounded half to even."""
    return np.rint((composite.astype(np.float64) + moved) / 2).astype(np.uint8)


def move_covariance(own: Colors, target: Colors) -> Colors:
    """(N, 3) colours moved to the mean and covariance of (M, 3) others."""
    source, wanted = _covariance(own), _covariance(target)
    root, inverse = _power(source, 0.5), _power(source, -0.5)
    matrix = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    return (own - own.mean(axis=0)) @ matrix + target.mean(axis=0)


def _covariance(colors: Colors) -> Colors:
    centered = colors - colors.mean(axis=0)
    return centered.T @ centered / len(colors) + _EPS * np.eye(3)


def _power(matrix: Colors, exponent: float) -> Colors:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.maximum(values, _EPS) ** exponent) @ vectors.T


def _pasted(composite: Rgb, inside: Inside, colors: Colors) -> Rgb:
    out = composite.copy()
    out[inside] = np.rint(np.clip(colors, 0, 255))
    return out

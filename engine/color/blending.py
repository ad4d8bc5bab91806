"""Laying one strip of colours over another: the blend modes of OpenRaster, by the W3C's formulas.

"Compositing and Blending Level 1" (W3C) is meant by section numbers. Colours are blended as the
document encodes them, as image editors do by default. Used by the preview and by our own editor,
so that what is previewed is what the document shows.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from engine.color.view_arrays import FloatMap, Planes

_RED, _GREEN, _BLUE = np.float32(0.3), np.float32(0.59), np.float32(0.11)  # section 10.2
_QUARTER, _HALF, _ONE = np.float32(0.25), np.float32(0.5), np.float32(1)


class BlendMode(StrEnum):
    """How a layer's colours meet those below; the values are OpenRaster's names."""

    NORMAL = "svg:src-over"
    MULTIPLY = "svg:multiply"
    SCREEN = "svg:screen"
    OVERLAY = "svg:overlay"
    DARKEN = "svg:darken"
    LIGHTEN = "svg:lighten"
    COLOR_DODGE = "svg:color-dodge"
    COLOR_BURN = "svg:color-burn"
    HARD_LIGHT = "svg:hard-light"
    SOFT_LIGHT = "svg:soft-light"
    DIFFERENCE = "svg:difference"
    HUE = "svg:hue"
    SATURATION = "svg:saturation"
    COLOR = "svg:color"
    LUMINOSITY = "svg:luminosity"


def blend_over(
    backdrop_rgb: Planes,
    backdrop_alpha: FloatMap | None,
    source_rgb: Planes,
    source_alpha: FloatMap,
    mode: BlendMode = BlendMode.NORMAL,
) -> tuple[Planes, FloatMap | None]:
    """Lay a source over a backdrop: blending (section 5.8), then source over (section 9.1.4).

    backdrop_rgb, source_rgb: (3, h, w) float32, 0 to 1, straight (not premultiplied);
    backdrop_alpha: (h, w) float32, or None for opaque all over; source_alpha: (h, w), 0 to 1,
    with the layer's opacity already in it.
    Returns new colours and alpha (None where the backdrop's was). Where source_alpha is 0 the
    backdrop comes out bit for bit, also colours that nothing shows.
    """
    source = source_rgb if mode is BlendMode.NORMAL else _MIXED[mode](backdrop_rgb, source_rgb)
    if backdrop_alpha is None:
        return _toward(backdrop_rgb, source, source_alpha), None
    if mode is not BlendMode.NORMAL:
        source = _toward(source_rgb, source, backdrop_alpha)
    alpha = _union(source_alpha, backdrop_alpha)
    share = np.divide(source_alpha, alpha, out=np.zeros_like(alpha), where=alpha > 0)
    return _toward(backdrop_rgb, source, share), alpha


def _toward(start: Planes, end: Planes, share: FloatMap) -> Planes:
    """From `start` (share 0, exactly) to `end` (share 1)."""
    change: Planes = end - start
    change *= share
    change += start
    return change


def _union(first: Planes, second: Planes) -> Planes:
    """The first, and of what it leaves uncovered the second: 1 - (1 - first)(1 - second)."""
    rest: Planes = _ONE - first
    rest *= second
    rest += first
    return rest


def _multiply(below: Planes, above: Planes) -> Planes:
    return below * above


def _screen(below: Planes, above: Planes) -> Planes:
    return _union(below, above)


def _overlay(below: Planes, above: Planes) -> Planes:
    return _hard_light(above, below)


def _darken(below: Planes, above: Planes) -> Planes:
    return np.minimum(below, above)


def _lighten(below: Planes, above: Planes) -> Planes:
    return np.maximum(below, above)


def _color_dodge(below: Planes, above: Planes) -> Planes:
    left = _ONE - above
    dodged = np.divide(below, left, out=np.ones_like(below), where=left > 0)
    return np.where(below == 0, below, np.minimum(dodged, _ONE))


def _color_burn(below: Planes, above: Planes) -> Planes:
    burnt = np.divide(_ONE - below, above, out=np.ones_like(below), where=above > 0)
    return np.where(below == 1, below, _ONE - np.minimum(burnt, _ONE))


def _hard_light(below: Planes, above: Planes) -> Planes:
    doubled = above + above
    return np.where(above <= _HALF, _multiply(below, doubled), _screen(below, doubled - _ONE))


def _soft_light(below: Planes, above: Planes) -> Planes:
    rest: Planes = _ONE - below
    darker: Planes = below * rest
    lighter: Planes = _soft_light_root(below) - below
    doubled: Planes = above + above
    weighted: Planes = (doubled - _ONE) * np.where(above <= _HALF, darker, lighter)
    return below + weighted


def _soft_light_root(below: Planes) -> Planes:
    """D(Cb): the square root, with a polynomial near black, where the root is too steep."""
    polynomial: Planes = np.float32(16) * below - np.float32(12)
    polynomial *= below
    polynomial += np.float32(4)
    polynomial *= below
    return np.where(below <= _QUARTER, polynomial, np.sqrt(below))


def _difference(below: Planes, above: Planes) -> Planes:
    return np.abs(below - above)


def _hue(below: Planes, above: Planes) -> Planes:
    return _with_luminance(_with_saturation(above, _saturation_of(below)), _luminance(below))


def _saturation(below: Planes, above: Planes) -> Planes:
    return _with_luminance(_with_saturation(below, _saturation_of(above)), _luminance(below))


def _color(below: Planes, above: Planes) -> Planes:
    return _with_luminance(above, _luminance(below))


def _luminosity(below: Planes, above: Planes) -> Planes:
    return _with_luminance(below, _luminance(above))


def _luminance(rgb: Planes) -> FloatMap:
    luminance: FloatMap = _RED * rgb[0]
    luminance += _GREEN * rgb[1]
    luminance += _BLUE * rgb[2]
    return luminance


def _saturation_of(rgb: Planes) -> FloatMap:
    return rgb.max(axis=0) - rgb.min(axis=0)


def _with_saturation(rgb: Planes, saturation: FloatMap) -> Planes:
    """SetSat of section 10.2: from 0 for the smallest channel to `saturation` for the largest."""
    least, span = rgb.min(axis=0), _saturation_of(rgb)
    stretch = np.divide(saturation, span, out=np.zeros_like(span), where=span > 0)
    return (rgb - least) * stretch


def _with_luminance(rgb: Planes, luminance: FloatMap) -> Planes:
    """SetLum and ClipColor of section 10.2."""
    shift: FloatMap = luminance - _luminance(rgb)
    moved: Planes = rgb + shift
    grey, least, most = _luminance(moved), moved.min(axis=0), moved.max(axis=0)
    ones = np.ones_like(grey)
    up = np.divide(grey, grey - least, out=ones.copy(), where=least < 0)
    down = np.divide(_ONE - grey, most - grey, out=ones, where=(most > 1) & (most > grey))
    return _toward(np.broadcast_to(grey, moved.shape), moved, np.minimum(up, down))


_MIXED: dict[BlendMode, Callable[[Planes, Planes], Planes]] = {
    BlendMode.MULTIPLY: _multiply,
    BlendMode.SCREEN: _screen,
    BlendMode.OVERLAY: _overlay,
    BlendMode.DARKEN: _darken,
    BlendMode.LIGHTEN: _lighten,
    BlendMode.COLOR_DODGE: _color_dodge,
    BlendMode.COLOR_BURN: _color_burn,
    BlendMode.HARD_LIGHT: _hard_light,
    BlendMode.SOFT_LIGHT: _soft_light,
    BlendMode.DIFFERENCE: _difference,
    BlendMode.HUE: _hue,
    BlendMode.SATURATION: _saturation,
    BlendMode.COLOR: _color,
    BlendMode.LUMINOSITY: _luminosity,
}

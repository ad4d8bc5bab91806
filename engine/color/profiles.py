"""The document's colour space, from its ICC profile, and the way to sRGB and back.

    space = rgb_space(picture.icc)
    view = view_rgb8(picture.pixels, space)      # what the network sees
    srgb = space.to_srgb(document)               # float, nothing clipped
    document = space.from_srgb(srgb)

Matrix profiles (Display P3, Adobe RGB, ProPhoto, Rec. 2020 and whatever else has three colorants
and three curves) are computed here in float, because littlecms as Pillow offers it has 8 bits
only. The intent is relative colorimetric, without black point compensation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import STRIP_ROWS, Samples, to_8_bit
from engine.color.icc import MatrixProfile, ProfileError, color_space_of, matrix_profile_of
from engine.color.tone_curve import SRGB_CURVE, Float, ToneCurve
from engine.errors import BadInputError

# sRGB's primaries adapted from D65 to the profiles' D50 by Bradford (IEC 61966-2-1, ICC.1:2022
# annex E); unrounded, so that white is white to the last digit.
_SRGB_TO_XYZ = np.array(
    [
        [0.43604125, 0.38511291, 0.14304584],
        [0.22248454, 0.71690508, 0.06061038],
        [0.01392019, 0.09706724, 0.71391257],
    ]
)
_SRGB_PROFILE = MatrixProfile((SRGB_CURVE, SRGB_CURVE, SRGB_CURVE), _SRGB_TO_XYZ)
_SAME = 1 / 255
_GRID_STEPS = 9
_TABLE_TOP = 65_535
_UNREADABLE = "The colour profile cannot be read; the picture is taken as sRGB."
_FOREIGN = "The colour profile is for {} and not for RGB; the picture is taken as sRGB."


@dataclass(frozen=True, slots=True, eq=False)
class RgbSpace:
    """A document's RGB: tone curves and the matrix between its linear RGB and linear sRGB.

    is_srgb: document values are sRGB values, and both directions return their argument;
    note: a sentence for the user where the profile could not be followed.
    """

    profile: MatrixProfile
    to_linear_srgb: NDArray[np.float64]
    is_srgb: bool
    note: str | None = None

    def to_srgb(self, rgb: NDArray[Float]) -> NDArray[Float]:
        """Document values to encoded sRGB, (..., 3) of the same float dtype, not clipped.

        rgb: 0 to 1 inside the document's range; beyond it curves are continued. Colours outside
        sRGB become values below 0 or above 1.
        """
        if self.is_srgb:
            return rgb
        linear = [curve.decode(plane) for curve, plane in self._with_planes(rgb)]
        return _stacked([SRGB_CURVE.encode(plane) for plane in _mixed(self.to_linear_srgb, linear)])

    def from_srgb(self, rgb: NDArray[Float]) -> NDArray[Float]:
        """Encoded sRGB, (..., 3), to document values of the same float dtype, not clipped.

        Undoes to_srgb within 1e-5 (float32), but for channels near 0 of spaces whose gamma has
        no straight piece there (Adobe RGB, ProPhoto): their steepness turns the last digit of
        other channels into up to 1e-3; float64 avoids that.
        """
        if self.is_srgb:
            return rgb
        planes = [SRGB_CURVE.decode(plane) for _, plane in self._with_planes(rgb)]
        linear = _mixed(np.linalg.inv(self.to_linear_srgb).astype(np.float64), planes)
        curves = self.profile.curves
        return _stacked([curve.encode(plane) for curve, plane in zip(curves, linear, strict=True)])

    def _with_planes(self, rgb: NDArray[Float]) -> list[tuple[ToneCurve, NDArray[Float]]]:
        """Pair each curve with its channel, made contiguous: twice as fast as striding."""
        planes = [np.ascontiguousarray(rgb[..., channel]) for channel in range(3)]
        return list(zip(self.profile.curves, planes, strict=True))


def rgb_space(icc: bytes | None) -> RgbSpace:
    """Find the space of RGB pixels from their ICC profile; None means sRGB.

    sRGB is recognised by what a profile does (within one step of 8 bits), whatever its name.
    Pixels with a grey profile are taken as sRGB: the three equal channels of a grey picture then
    keep their values, and its curve is seen as sRGB's. So are those with a damaged profile or
    one for CMYK or Lab, as other software does, and `note` says so.
    Raises BadInputError for RGB profiles that hold only tables of colours (some scanners and
    printers): they have no exact way back.
    """
    if icc is None:
        return _space(_SRGB_PROFILE, None)
    try:
        kind = color_space_of(icc)
        if kind != "RGB":
            return _space(_SRGB_PROFILE, None if kind == "GRAY" else _FOREIGN.format(kind))
        profile = matrix_profile_of(icc)
    except ProfileError:
        return _space(_SRGB_PROFILE, _UNREADABLE)
    if profile is None:
        raise BadInputError(
            "The picture's colour profile holds tables of colours and cannot be undone exactly; "
            "convert the picture to sRGB, Display P3 or Adobe RGB first."
        )
    return _space(profile, None)


def view_rgb8(pixels: Samples, space: RgbSpace) -> NDArray[np.uint8]:
    """Show document pixels as 8-bit sRGB, rounded, and clipped where sRGB ends.

    pixels: (H, W, 3) uint8 or uint16; returns (H, W, 3), for 8-bit sRGB the pixels themselves.
    """
    if space.is_srgb:
        return to_8_bit(pixels)
    decoded = [_decoding_table(curve, np.iinfo(pixels.dtype).max) for curve in space.profile.curves]
    encoded = _encoding_table()
    view = np.empty(pixels.shape, np.uint8)
    for top in range(0, pixels.shape[0], STRIP_ROWS):
        strip = pixels[top : top + STRIP_ROWS]
        linear = [table[strip[..., channel]] for channel, table in enumerate(decoded)]
        for channel, plane in enumerate(_mixed(space.to_linear_srgb, linear)):
            steps = np.clip(plane, 0, 1) * _TABLE_TOP + np.float32(0.5)
            view[top : top + STRIP_ROWS, :, channel] = encoded[steps.astype(np.uint16)]
    return view


def _space(profile: MatrixProfile, note: str | None) -> RgbSpace:
    matrix = np.linalg.inv(_SRGB_TO_XYZ).astype(np.float64) @ profile.to_xyz
    space = RgbSpace(profile, matrix, is_srgb=False, note=note)
    steps = np.linspace(0, 1, _GRID_STEPS)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    ramp = np.repeat(np.linspace(0, 1, 256)[:, np.newaxis], 3, axis=1)
    is_srgb = all(np.abs(space.to_srgb(rgb) - rgb).max() <= _SAME for rgb in (grid, ramp))
    return RgbSpace(profile, matrix, is_srgb, note)


def _mixed(matrix: NDArray[np.float64], planes: list[NDArray[Float]]) -> list[NDArray[Float]]:
    """Multiply each pixel by the matrix, plane by plane (numpy's matmul is slow on 3 x 3)."""
    red, green, blue = planes
    rows: list[list[float]] = matrix.tolist()
    return [(r * red + g * green + b * blue).astype(red.dtype, copy=False) for r, g, b in rows]


def _stacked(planes: list[NDArray[Float]]) -> NDArray[Float]:
    rgb = np.empty((*planes[0].shape, 3), planes[0].dtype)
    for channel, plane in enumerate(planes):
        rgb[..., channel] = plane
    return rgb


@lru_cache(maxsize=16)
def _decoding_table(curve: ToneCurve, white: int) -> NDArray[np.float32]:
    return curve.decode(np.linspace(0, 1, white + 1)).astype(np.float32)


@cache
def _encoding_table() -> NDArray[np.uint8]:
    """Linear sRGB in 65536 steps to 8 bits: a step is at most a 20th of an 8-bit level."""
    encoded = SRGB_CURVE.encode(np.linspace(0, 1, _TABLE_TOP + 1))
    return np.rint(encoded * 255).astype(np.uint8)

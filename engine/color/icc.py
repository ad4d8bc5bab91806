"""Reading ICC profiles of the matrix kind: three colorants and three tone curves."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.color.tone_curve import ParametricCurve, TableCurve, ToneCurve

_SPACE_AT, _SIGNATURE_AT = 16, 36
_TAGS_AT = 128
_FIXED = 65_536
_GAMMA_FIXED = 256
_TABLE_WHITE = 65_535
_XYZ_DATA_AT = 8
_CURVE_DATA_AT = 12
_MAX_GAMMA = 16
_MAX_COLORANT = 4
_MIN_VOLUME = 1e-4  # sRGB's is 0.14
_KNEE_ROUNDING = 1e-3  # profiles hold 16 binary digits, so the two pieces do not meet exactly
_COLORANTS = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES = (b"rTRC", b"gTRC", b"bTRC")


class ProfileError(Exception):
    """Bytes that are not a profile, or whose tags are damaged."""


@dataclass(frozen=True, slots=True, eq=False)
class MatrixProfile:
    """A matrix profile: linear = curve(encoded) per channel, XYZ (D50) = to_xyz @ linear."""

    curves: tuple[ToneCurve, ToneCurve, ToneCurve]
    to_xyz: NDArray[np.float64]


def color_space_of(icc: bytes) -> str:
    """Name the space of the profile's pixels ("RGB", "GRAY", "CMYK"); raises ProfileError."""
    if len(icc) < _TAGS_AT or icc[_SIGNATURE_AT : _SIGNATURE_AT + 4] != b"acsp":
        raise ProfileError("not an ICC profile")
    return icc[_SPACE_AT : _SPACE_AT + 4].decode("latin-1").strip()


def matrix_profile_of(icc: bytes) -> MatrixProfile | None:
    """Read an RGB profile's colorants and curves; None where it has only tables of colours.

    The colorants are adapted to D50 already (ICC.1:2022, 9.2.44), so no other adaptation is due.
    A profile that holds tables of colours as well is taken by its matrix, which describes the
    same device. Raises ProfileError where the tags are damaged.
    """
    try:
        tags = _tags(icc)
        if not all(name in tags for name in (*_COLORANTS, *_CURVES)):
            return None
        columns = [_xyz(tags[name]) for name in _COLORANTS]
        red, green, blue = (_curve(tags[name]) for name in _CURVES)
    except (struct.error, ValueError, IndexError, ZeroDivisionError) as error:
        raise ProfileError("damaged tags") from error
    to_xyz = np.array(columns).T
    if abs(np.linalg.det(to_xyz)) < 1e-6:
        raise ProfileError("colorants that span no space")
    return MatrixProfile((red, green, blue), to_xyz)


def _tags(icc: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", icc, _TAGS_AT)
    entries = struct.iter_unpack(">4sII", icc[_TAGS_AT + 4 : _TAGS_AT + 4 + 12 * count])
    return {name: icc[offset : offset + size] for name, offset, size in entries}


def _xyz(tag: bytes) -> list[float]:
    return [value / _FIXED for value in struct.unpack_from(">iii", tag, _XYZ_DATA_AT)]


def _curve(tag: bytes) -> ToneCurve:
    if tag[:4] == b"para":
        return _parametric(tag)
    if tag[:4] != b"curv":
        raise ValueError("an unknown kind of curve")
    (count,) = struct.unpack_from(">I", tag, 8)
    values = struct.unpack_from(f">{count}H", tag, _CURVE_DATA_AT)
    if count == 0:
        return ParametricCurve(1.0)
    if count == 1:
        return _checked(ParametricCurve(values[0] / _GAMMA_FIXED))
    if values[0] == values[-1] or any(after < before for before, after in pairwise(values)):
        raise ValueError("a curve that falls")
    return TableCurve(np.array(values, np.float64) / _TABLE_WHITE)


def _parametric(tag: bytes) -> ParametricCurve:
    """ICC.1:2022, table 68."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    count, make = _PARAMETRIC_KINDS[kind]
    values = struct.unpack_from(f">{count}i", tag, _CURVE_DATA_AT)
    return _checked(make(*(value / _FIXED for value in values)))


def _checked(curve: ParametricCurve) -> ParametricCurve:
    """Refuse curves that fall or leave the range by far; they come from damage."""
    if not 1 / _MAX_GAMMA <= curve.g <= _MAX_GAMMA or curve.a <= 0 or curve.c < 0:
        raise ValueError("a curve that falls")
    points = curve.decode(np.linspace(0, 1, 256))
    if (np.diff(points) < -_KNEE_ROUNDING).any() or np.abs(points - 0.5).max() > 1:
        raise ValueError("a curve that falls or leaves the range")
    return curve


def _cie_122(g: float, a: float, b: float, c: float = 0.0) -> ParametricCurve:
    return ParametricCurve(g, a, b, d=-b / a, e=c, f=c)


def _with_toe(g: float, a: float, b: float, c: float, d: float) -> ParametricCurve:
    return ParametricCurve(g, a, b, c, d)


def _with_offsets(*values: float) -> ParametricCurve:
    g, a, b, c, d, e, f = values
    return ParametricCurve(g, a, b, c, d, e, f)


_PARAMETRIC_KINDS: tuple[tuple[int, Callable[..., ParametricCurve]], ...] = (
    (1, ParametricCurve),
    (3, _cie_122),
    (4, _cie_122),
    (5, _with_toe),
    (7, _with_offsets),
)

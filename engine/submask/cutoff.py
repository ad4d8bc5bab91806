"""The cutoff distance d_c as the integer that every comparison uses."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real

from engine.errors import CutoffDistanceError

_STEPS = 10_000
"""d_c is a decimal of at most four places, so d_c * 10000 is whole and the limit is exact."""


def squared_limit(cutoff_distance: float) -> int:
    """Give the largest squared RGB distance that is closer than the cutoff (FRIH eq. 1).

    cutoff_distance: d_c in (0, 1], at most four decimals, a distance between RGB / 255 vectors.
    Returns the largest integer strictly below (255 * d_c) ** 2: d < d_c holds exactly when
    dr**2 + dg**2 + db**2 of the 8-bit colours is at most this. Two cutoff distances with one
    limit give the same submasks, so a caller may keep results by limit.
    Raises CutoffDistanceError for any other d_c.
    """
    steps = _whole_steps(cutoff_distance)
    return ((255 * steps) ** 2 - 1) // _STEPS**2


def _whole_steps(cutoff_distance: float) -> int:
    if not isinstance(cutoff_distance, Real) or not 0 < cutoff_distance <= 1:
        raise CutoffDistanceError(
            f"The cutoff distance must be a number above 0 and at most 1, not {cutoff_distance!r}."
        )
    steps = Decimal(repr(float(cutoff_distance))) * _STEPS
    if steps != int(steps):
        raise CutoffDistanceError(
            "The cutoff distance may have at most four decimals, "
            f"not {cutoff_distance!r}: round it to four."
        )
    return int(steps)

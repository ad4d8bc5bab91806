"""The granularity slider: stops from coarse to fine, each a cutoff distance d_c (FRIH, eq. 1)."""

from __future__ import annotations

COARSEST = 0.3
FINEST = 0.015
PAPER = 0.1
"""The paper's d_c: marked on the slider, and the default."""

STOPS = 17
_COARSER_STOPS = 6
"""Of the coarser side: the logarithmic way from 0.3 to 0.1 is 0.37 of the whole, 6 stops of 16."""

DEFAULT_STOP = _COARSER_STOPS


def cutoff_distance(stop: int) -> float:
    """The d_c of a stop, 0 (coarse, 0.3) to STOPS - 1 (fine, 0.015), rounded to four decimals.

    Logarithmic on either side of the paper's 0.1, which is a stop of its own.
    Raises ValueError for a stop that there is not.
    """
    if not 0 <= stop < STOPS:
        raise ValueError(f"There are stops 0 to {STOPS - 1}, not {stop}.")
    if stop <= DEFAULT_STOP:
        return round(COARSEST * (PAPER / COARSEST) ** (stop / DEFAULT_STOP), 4)
    share = (stop - DEFAULT_STOP) / (STOPS - 1 - DEFAULT_STOP)
    return round(PAPER * (FINEST / PAPER) ** share, 4)

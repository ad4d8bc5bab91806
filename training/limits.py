"""Range checks of the configuration's data classes."""

from __future__ import annotations

import math


def within(name: str, value: float, low: float, high: float = math.inf) -> None:
    """Raise ValueError, naming the setting, unless low <= value <= high."""
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}; it must lie from {low} to {high}.")


def check_shares(name: str, *shares: float) -> None:
    """Raise ValueError unless all shares are at least 0 and together at most 1."""
    if min(shares) < 0 or sum(shares) > 1 + 1e-9:
        raise ValueError(f"{name} are shares: none below 0, and together at most 1.")

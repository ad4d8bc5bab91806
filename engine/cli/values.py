"""Reads the values of single options, such as "X,Y"."""

from __future__ import annotations

import re

from engine.errors import BadInputError
from engine.submask.submasks import MAX_SUBMASKS

OFFSET = re.compile(r"[+-]?\d+,[+-]?\d+")


def offset(text: str) -> tuple[int, int]:
    """Read "X,Y", whole pixels. Raises BadInputError."""
    if not OFFSET.fullmatch(text):
        raise BadInputError(f"--at takes two whole numbers X,Y in pixels, not {text!r}.")
    x, y = text.split(",")
    return int(x), int(y)


def region_strength(text: str) -> tuple[int, float]:
    """Read "INDEX=VALUE". Raises BadInputError."""
    index, _, value = text.partition("=")
    try:
        region, strength = int(index), float(value)
    except ValueError as error:
        raise BadInputError(
            f"--region-strength takes INDEX=VALUE, 2=0.5 for example, not {text!r}."
        ) from error
    if not 0 <= region < MAX_SUBMASKS:
        raise BadInputError(f"Regions have the numbers 0 to {MAX_SUBMASKS - 1}, not {region}.")
    return region, strength

"""`python -m training harmonious`: the size of change below which a composite is left alone.

Chosen on held-out composites, from the records that `evaluate --harmonious-below 0 --json` writes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInputError
from engine.pipeline import HARMONIOUS_BELOW
from training.commands import Subparsers

WRONG_FROM_FMSE = 500.0
"""Composites above this are not to be left alone."""
MOST_MISSED = 0.02
"""At most this share of them may be."""

_METHOD = "strength 1"
_SIZES = (0.5, 0.75, 1.0, 1.5, 2.0, 4.0)


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "harmonious", help="choose below which change a composite is left alone"
    )
    parser.add_argument(
        "records", type=Path, nargs="+", help="files of evaluate --harmonious-below 0 --json"
    )


def run(args: argparse.Namespace) -> int:
    """Print the threshold, and what it, the shipped one and others would do."""
    change, before, after = _read(args.records)
    chosen = largest_threshold(change, before)
    print(f"Left alone below {chosen:.1f} (mean square of the change, 0..255).\n")  # noqa: T201 - the command's answer
    print(_table(chosen, change, before, after))  # noqa: T201
    return 0


def largest_threshold(change: NDArray[np.float64], before: NDArray[np.float64]) -> float:
    """The largest threshold, to a tenth, that leaves at most MOST_MISSED of the wrong ones alone.

    change: predicted mean square changes; before: fMSE of the composites. Raises BadInputError
    without composites above WRONG_FROM_FMSE.
    """
    wrong = np.sort(change[before > WRONG_FROM_FMSE])
    if wrong.size == 0:
        raise BadInputError("No composite is wrong enough to choose by: evaluate more of them.")
    allowed = int(MOST_MISSED * wrong.size)
    return float(np.floor(10 * wrong[allowed]) / 10)


def _table(
    chosen: float,
    change: NDArray[np.float64],
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> str:
    lines = [
        "| below | left alone | of those above fMSE 500 | worse |",
        "| --- | --- | --- | --- |",
    ]
    wrong = before > WRONG_FROM_FMSE
    for threshold in sorted({0.0, HARMONIOUS_BELOW, *(chosen * size for size in _SIZES)}):
        alone = change < threshold
        worse = (after > before) & ~alone
        lines.append(
            f"| {threshold:.1f} | {alone.mean():.1%} | {alone[wrong].mean():.1%} "
            f"| {worse.mean():.1%} |"
        )
    return "\n".join(lines)


def _read(
    files: list[Path],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    rows: list[tuple[float, float, float]] = []
    for file in files:
        try:
            pictures = json.loads(file.read_text())["methods"][_METHOD]["pictures"]
            left_alone = any(p["harmonious"] for p in pictures)
            rows += [
                (p["predicted_change"], p["composite"]["fmse"], p["result"]["fmse"])
                for p in pictures
            ]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadInputError(
                f"{file} holds no records: make it with "
                f"`evaluate --harmonious-below 0 --json {file}`."
            ) from error
        if left_alone:
            raise BadInputError(
                f"In {file} composites were left alone, so that it does not show what changing "
                "them would do: make it with `evaluate --harmonious-below 0`."
            )
    change, before, after = np.array(rows, np.float64).T
    return change, before, after

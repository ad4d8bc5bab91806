"""`python -m training calibrate`: how far weights can be trusted, learnt from held-out composites.

Fits on half of the photographs, reports on the other half, and writes what the engine reads beside
its weights.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.confidence import ConfidenceModel
from engine.errors import BadInputError, OutputError
from engine.runtime.backend import open_backend
from engine.runtime.weights import load_weights_file
from training.commands import Subparsers
from training.confidence_fit import Outcomes, fit_model, outcomes_of, with_threshold
from training.confidence_samples import Sample, collect, part_of
from training.iharmony import load_triples
from training.reliability import Reliability, reliability_of, write_chart
from training.report import write_text
from training.summary import COMPOSITE_FMSE_CLASSES
from training.table import markdown_table

MOST_GIVEN_UP = 0.05
_BUDGETS = (0.0, 0.02, MOST_GIVEN_UP, 0.1, 0.2, 0.3)


def add_parser(subparsers: Subparsers) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser(
        "calibrate", help="learn how far weights can be trusted, and where to hold back"
    )
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, metavar="DIR",
        help="held-out composites in iHarmony4's layout")  # fmt: skip
    add("--weights", type=Path, metavar="FILE", help="exported weights (default: the shipped ones)")
    add("--out", type=Path, required=True, metavar="OUT.json",
        help="what the engine reads: engine/weights/confidence.json")  # fmt: skip
    add("--md", type=Path, metavar="OUT", help="write the tables")
    add("--chart", type=Path, metavar="OUT.png", help="draw the reliability curve")
    add("--give-up", type=float, default=MOST_GIVEN_UP, metavar="SHARE",
        help="of the mean fMSE reduction, at most; default: %(default)s")  # fmt: skip
    add("--threads", type=int, help="of the network; the library chooses")


def run(args: argparse.Namespace) -> int:
    """Calibrate, print the tables and write what was asked for."""
    _check(args)
    triples = [triple for folder in args.data for triple in load_triples(folder)]
    weights = None if args.weights is None else load_weights_file(args.weights)
    backend = open_backend("onnx", weights, threads=args.threads)
    fitted, reported = halves(collect(triples, backend))
    model = fit_model(fitted, backend.weights_sha256)
    chosen = with_threshold(model, fitted, args.give_up)
    outcomes = outcomes_of(reported, chosen)
    curve = reliability_of(list(outcomes.confidence), [s.improves for s in reported])
    text = _report(fitted, reported, chosen, curve)
    sys.stdout.write(text)
    write_text(args.out, json.dumps(asdict(chosen), indent=2) + "\n")
    if args.md is not None:
        write_text(args.md, text)
    if args.chart is not None:
        write_chart(args.chart, curve)
    return 0


def halves(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Those to calibrate on and those to report; no photograph is in both.

    Raises BadInputError where one half is empty.
    """
    fitted = [s for s in samples if part_of(s.photo, 2, "half") == 0]
    reported = [s for s in samples if part_of(s.photo, 2, "half") == 1]
    if not fitted or not reported:
        raise BadInputError("All composites show too few photographs to divide: give more.")
    return fitted, reported


def _check(args: argparse.Namespace) -> None:
    for out in (args.out, args.md, args.chart):
        if out is not None and not out.parent.is_dir():
            raise OutputError(f"The folder of {out} does not exist: make it first.")
    if not 0 <= args.give_up < 1:
        raise BadInputError(f"--give-up must lie between 0 and 1, not {args.give_up}.")


def _report(
    fitted: Sequence[Sample],
    reported: Sequence[Sample],
    chosen: ConfidenceModel,
    curve: Reliability,
) -> str:
    signs = ", ".join(chosen.weights) or "none but how many improve in all"
    budgets = [with_threshold(chosen, fitted, budget).none_below for budget in _BUDGETS]
    return "\n".join(
        (
            f"## Confidence of weights {chosen.weights_sha256[:12]}\n",
            f"Fitted to {len(fitted)} composites, reported on {len(reported)} of other "
            f"photographs. Signs: {signs}. Chosen: nothing is changed where size times confidence "
            f"is {chosen.none_below:.1f} or less, all from twice that on.\n",
            "### What holding back costs and saves\n",
            _trade_off(outcomes_of(reported, chosen), (0.0, *budgets, chosen.none_below)),
            "### Reliability\n",
            curve.markdown(),
        )
    )


def _trade_off(outcomes: Outcomes, thresholds: Sequence[float]) -> str:
    bands = list(pairwise(COMPOSITE_FMSE_CLASSES))
    head = ["nothing below", "not changed", "mean strength", "reduction given up", "worse"]
    head += [f"worse, {low:.0f} to {high:.0f}" for low, high in bands]
    head += ["median ratio", "mean ratio below 200"]
    rows = [_row(outcomes, threshold, bands) for threshold in sorted(set(thresholds))]
    return markdown_table(head, rows)


def _row(outcomes: Outcomes, threshold: float, bands: Sequence[tuple[float, float]]) -> list[str]:
    strength, after = outcomes.strengths(threshold), outcomes.after(threshold)
    worse = (after > outcomes.before) & (strength > 0)
    ratio = after / np.maximum(outcomes.before, 1)
    inside = [(outcomes.before >= low) & (outcomes.before < high) for low, high in bands]
    shares = [f"{worse[band].mean():.1%} ({band.sum()})" if band.any() else "-" for band in inside]
    nearly = f"{ratio[inside[0]].mean():.2f}" if inside[0].any() else "-"
    return [
        f"{threshold:.1f}",
        f"{(strength == 0).mean():.1%}",
        f"{strength.mean():.2f}",
        f"{outcomes.given_up(threshold):.1%}",
        f"{worse.mean():.1%}",
        *shares,
        f"{np.median(ratio):.3f}",
        nearly,
    ]

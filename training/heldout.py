"""`python -m training heldout`: composites to choose settings by, from the val photographs.

Their objects' colours are changed by methods that the training recipe does not use (or, asked
for, by the recipe itself); nothing of it is ever trained on. Written in iHarmony4's layout, so
that `evaluate` reads them; each family is a kind there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from engine.errors import BadInputError, OutputError
from training.commands import Subparsers
from training.heldout_composites import (
    MIXED,
    RECIPE,
    Made,
    Subject,
    draw_subjects,
    foreground_mse,
    make,
)
from training.heldout_families import FAMILIES
from training.pair_files import PairFolder
from training.photos import PhotoStore, open_store
from training.train import DEFAULT_CACHE

SPLIT_FILE = "heldout_test.txt"


def add_parser(subparsers: Subparsers) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("heldout", help="write composites to choose settings by")
    parser.add_argument("--photos", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")
    parser.add_argument("--family", choices=(MIXED, RECIPE, *FAMILIES), default=MIXED)
    parser.add_argument(
        "--split", choices=("val", "train"), default="val",
        help="train: of photographs that are trained on, to see what a network has learnt by heart",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Write the composites, and say how far they are from their truths."""
    if args.count < 1:
        raise BadInputError(f"--count must be 1 or more, not {args.count}.")
    PairFolder(args.out, SPLIT_FILE).check_unused()
    store = open_store(args.photos, args.split, args.cache)
    try:
        errors = write_heldout(store, args.out, args.family, args.count, args.seed)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{args.out} cannot be written: {reason}") from error
    shown = " / ".join(f"{value:.0f}" for value in np.percentile(errors, (5, 25, 50, 75, 95)))
    sys.stdout.write(f"{args.count} composites; fMSE, percentiles 5 to 95: {shown}\n")
    return 0


def write_heldout(
    store: PhotoStore, out: Path, family: str, count: int, seed: int
) -> NDArray[np.float64]:
    """Write `count` composites in iHarmony4's layout; returns their fMSE at their own size.

    Raises BadInputError when the folder holds composites already.
    """
    folder = PairFolder(out, SPLIT_FILE)
    folder.start()
    errors: list[float] = []
    subjects = tqdm(draw_subjects(store, count, seed), total=count, unit="picture", mininterval=2)
    for index, (subject, other) in enumerate(subjects):
        made = make(subject, other, family, np.random.default_rng((seed, 1, index)))
        errors.append(foreground_mse(made.composite, made.real, subject.inside))
        photo, pixels = f"{subject.stem}-{index:04d}", (made.composite, made.real)
        folder.add(photo, pixels, subject.inside, _description(subject, made))
    folder.write_lists()
    return np.array(errors)


def _description(subject: Subject, made: Made) -> dict[str, str]:
    return {
        "kind": made.kind,
        "subset": "object" if subject.is_object else "colour region or blob",
        "made_with": made.method,
        "foreground_ratio": f"{subject.inside.mean():.4f}",
    }

"""`python -m training heldout`: composites to choose settings by, from the val photographs.

Their objects' colours are changed by methods that the training recipe does not use (or, asked
for, by the recipe itself); nothing of it is ever trained on. Written in iHarmony4's layout, so
that `evaluate` reads them; each family is a kind there.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
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
from training.iharmony import COMPOSITES, DESCRIPTIONS, MASKS, REALS
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


def run(args: argparse.Namespace) -> int:
    """Write the composites, and say how far they are from their truths."""
    if (args.out / COMPOSITES).exists():
        raise BadInputError(f"{args.out} holds composites already: give another folder.")
    if args.count < 1:
        raise BadInputError(f"--count must be 1 or more, not {args.count}.")
    store = open_store(args.photos, "val", args.cache)
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
    """Write `count` composites in iHarmony4's layout; returns their fMSE at their own size."""
    for folder in (COMPOSITES, MASKS, REALS):
        (out / folder).mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, str]] = []
    errors: list[float] = []
    subjects = tqdm(draw_subjects(store, count, seed), total=count, unit="picture", mininterval=2)
    for index, (subject, other) in enumerate(subjects):
        made = make(subject, other, family, np.random.default_rng((seed, 1, index)))
        errors.append(foreground_mse(made.composite, made.real, subject.inside))
        rows.append(_write(out, f"{subject.stem}-{index:04d}", subject, made))
    _write_lists(out, rows)
    return np.array(errors)


def _write(out: Path, photo: str, subject: Subject, made: Made) -> dict[str, str]:
    _write_jpeg(out / COMPOSITES / f"{photo}_1_1.jpg", made.composite)
    _write_jpeg(out / REALS / f"{photo}.jpg", made.real)
    Image.fromarray(subject.inside).save(out / MASKS / f"{photo}_1.png")
    return {
        "name": f"{photo}_1_1",
        "kind": made.kind,
        "subset": "object" if subject.is_object else "colour region or blob",
        "made_with": made.method,
        "foreground_ratio": f"{subject.inside.mean():.4f}",
    }


def _write_jpeg(path: Path, pixels: NDArray[np.uint8]) -> None:
    """Composite and truth go through the same encoder, so that the background agrees."""
    Image.fromarray(np.ascontiguousarray(pixels)).save(path, quality=95, subsampling=0)


def _write_lists(out: Path, rows: list[dict[str, str]]) -> None:
    with (out / DESCRIPTIONS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    names = "".join(f"{row['name']}.jpg\n" for row in rows)
    (out / SPLIT_FILE).write_text(names, encoding="utf-8")

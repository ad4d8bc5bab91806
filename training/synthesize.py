"""`python -m training synthesize`: a sheet of synthesized composites, to look at a recipe."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.errors import OutputError
from training.batches import Batch, BatchConfig, CompositeBatches
from training.commands import Subparsers
from training.photos import open_store
from training.recolor import FAMILIES
from training.synthesis import SynthesisConfig, foreground_mse
from training.train import DEFAULT_CACHE

PERCENTILES = (5, 25, 50, 75, 95)
IHARMONY4_FMSE = (188, 455, 905, 1843, 4581)
"""Those percentiles of the 7,404 test composites, at their full size."""

_LEAST_MEASURED = 384
_BATCH = 16
_PICTURES_ACROSS = 3
_GAP = 4


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("synthesize", help="draw a sheet of synthesized composites")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--out", type=Path, required=True, metavar="SHEET.png")
    parser.add_argument("--count", type=int, default=24, help="composites on the sheet")
    parser.add_argument("--family", choices=sorted(FAMILIES), help="this kind of change alone")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")
    parser.add_argument("--seed", type=int, default=1)


def run(args: argparse.Namespace) -> int:
    """Write the sheet and print how large the changes are."""
    shares = {args.family: 1.0} if args.family else SynthesisConfig().shares
    config = BatchConfig(
        batch=_BATCH, submasks=False, synthesis=replace(SynthesisConfig(), shares=shares)
    )
    open_store(args.photos, "train", args.cache)
    make = CompositeBatches(args.photos, args.cache, config, args.seed).maker()
    measured = max(_LEAST_MEASURED, args.count)
    batches = [make(number) for number in range(-(-measured // _BATCH))]
    _write(args.out, sheet(batches, args.count))
    print(distribution(torch.cat([_fmse(batch) for batch in batches])))  # noqa: T201 - the answer
    return 0


def distribution(fmse: Tensor) -> str:
    """Percentiles of the composites' fMSE beside iHarmony4's, as text."""
    found = np.percentile(fmse.numpy(), PERCENTILES)
    rows = [
        ("percentile", PERCENTILES),
        (f"these {fmse.numel()}", tuple(round(float(value)) for value in found)),
        ("iHarmony4", IHARMONY4_FMSE),
    ]
    return "\n".join(f"{name:12}" + "".join(f"{n:7}" for n in numbers) for name, numbers in rows)


def sheet(batches: Sequence[Batch], count: int) -> NDArray[np.uint8]:
    """Composite, mask and truth of each picture side by side, three pictures in a row."""
    triples = [_triple(batch, row) for batch in batches for row in range(batch.real.shape[0])]
    blank = np.full_like(triples[0], 255)
    shown = triples[:count]
    shown += [blank] * (-len(shown) % _PICTURES_ACROSS)
    rows = [shown[i : i + _PICTURES_ACROSS] for i in range(0, len(shown), _PICTURES_ACROSS)]
    return np.vstack([np.hstack(row) for row in rows])


def _triple(batch: Batch, row: int) -> NDArray[np.uint8]:
    pictures = (batch.composite[row], batch.mask[row].expand(3, -1, -1), batch.real[row])
    framed = [np.pad(p.permute(1, 2, 0).numpy(), ((_GAP, 0), (_GAP, 0), (0, 0))) for p in pictures]
    return np.hstack(framed)


def _fmse(batch: Batch) -> Tensor:
    inside = (batch.mask >= 128).float()
    return foreground_mse(batch.composite.float() / 255, batch.real.float() / 255, inside)


def _write(out: Path, pixels: NDArray[np.uint8]) -> None:
    try:
        Image.fromarray(pixels).save(out)
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{out} cannot be written: name a .png in a folder that exists."
        ) from error

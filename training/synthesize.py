"""`python -m training synthesize`: what a recipe makes of photographs: its sizes, sheet and files.

It prints how far the composites are from their truths beside iHarmony4's; written in iHarmony4's
layout (--out), they can be trained on by `train --data`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.errors import BadInputError, OutputError
from training.batches import Batch, BatchConfig, CompositeBatches
from training.commands import Subparsers
from training.composite_sheet import family_sheet, save_sheet
from training.config import CONFIGS
from training.families import FAMILIES
from training.overrides import with_overrides
from training.pair_files import PairFolder
from training.photos import open_store
from training.synthesis import foreground_mse
from training.train import DEFAULT_CACHE

PERCENTILES = (5, 25, 50, 75, 95)
IHARMONY4_FMSE = (188, 455, 905, 1843, 4581)
"""Those percentiles of the 7,404 test composites, at their full size."""
SPLIT_FILE = "IHD_train.txt"

_MEASURED = 384
_BATCH = 16

Maker = Callable[[int], Batch]


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("synthesize", help="measure, draw or write composites")
    parser.add_argument("--photos", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write them in iHarmony4's layout")
    parser.add_argument("--count", type=int, default=_MEASURED, help="composites that --out writes")
    parser.add_argument("--sheet", type=Path, metavar="FILE.jpg", help="draw a few of each family")
    parser.add_argument("--statistics", action="store_true", help="measure each family alone too")
    parser.add_argument("--family", choices=sorted(FAMILIES), help="this kind of change alone")
    parser.add_argument("--config", choices=sorted(CONFIGS), default="photos")
    parser.add_argument(
        "--set", dest="settings", nargs="+", action="extend", default=[], metavar="PATH=VALUE"
    )
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")
    parser.add_argument("--seed", type=int, default=1)


def run(args: argparse.Namespace) -> int:
    """Do what is asked for, and print how large the changes are."""
    if args.count < 1:
        raise BadInputError(f"--count must be 1 or more, not {args.count}.")
    config = recipe(with_overrides(CONFIGS[args.config], args.settings).batches, args.family)
    if args.out:
        PairFolder(args.out, SPLIT_FILE).check_unused()
    open_store(args.photos, "train", args.cache)

    def maker(config: BatchConfig) -> Maker:
        return CompositeBatches(args.photos, args.cache, config, args.seed).maker()

    families = [args.family] if args.family else list(FAMILIES)
    if args.out:
        write(args.out, maker(config), args.count)
    if args.sheet:
        drawn = {name: maker(recipe(config, name))(0) for name in families}
        save_sheet(args.sheet, family_sheet(drawn))
    measured = {"all": config}
    if args.statistics:
        measured |= {name: recipe(config, name) for name in families}
    found = {name: fmse(maker(usual(own)), _MEASURED) for name, own in measured.items()}
    print(distribution(found))  # noqa: T201 - the command's answer
    return 0


def recipe(config: BatchConfig, family: str | None) -> BatchConfig:
    """The batches' settings for this command, with one family alone where it is named."""
    config = replace(config, batch=_BATCH, submasks=False)
    if family is None:
        return config
    return replace(config, synthesis=replace(config.synthesis, shares={family: 1.0}))


def usual(config: BatchConfig) -> BatchConfig:
    """The same without the nearly harmonious composites, which iHarmony4 does not have."""
    return replace(config, synthesis=replace(config.synthesis, near_harmonious=0.0))


def fmse(make: Maker, count: int) -> Tensor:
    """(count,) foreground mean squared errors of composites, on 0..255."""
    return torch.cat([_fmse(make(number)) for number in range(-(-count // _BATCH))])[:count]


def _fmse(batch: Batch) -> Tensor:
    inside = (batch.mask >= 128).float()
    return foreground_mse(batch.composite.float() / 255, batch.real.float() / 255, inside)


def distribution(found: dict[str, Tensor]) -> str:
    """Percentiles of composites' fMSE beside iHarmony4's, as text."""
    rows: list[tuple[str, tuple[int, ...]]] = [
        ("percentile", PERCENTILES),
        ("iHarmony4", IHARMONY4_FMSE),
    ]
    for name, errors in found.items():
        shares = np.percentile(errors.numpy(), PERCENTILES)
        rows.append((name, tuple(round(float(value)) for value in shares)))
    return "\n".join(f"{name:18}" + "".join(f"{n:7}" for n in numbers) for name, numbers in rows)


def write(out: Path, make: Maker, count: int) -> None:
    """Write `count` composites in iHarmony4's layout.

    Raises BadInputError when the folder holds some already, OutputError when it cannot be written.
    """
    folder = PairFolder(out, SPLIT_FILE)
    try:
        folder.start()
        for first in range(0, count, _BATCH):
            batch = make(first // _BATCH)
            for row in range(min(_BATCH, count - first)):
                _add(folder, first + row, batch, row)
        folder.write_lists()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{out} cannot be written: {reason}") from error


def _add(folder: PairFolder, index: int, batch: Batch, row: int) -> None:
    composite, real = (p[row].permute(1, 2, 0).numpy() for p in (batch.composite, batch.real))
    mask = batch.mask[row, 0].numpy()
    folder.add(f"made{index:06d}", (composite, real), mask, {"kind": "recipe", "subset": "recipe"})

"""`python -m training train`: start a run, or go on with it, in one folder.

`torchrun --nproc-per-node N -m training train` does the same on N GPUs, or processes.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

import platformdirs
import torch

from engine.errors import BadInputError
from training.commands import Subparsers
from training.config import CONFIGS, TrainingConfig
from training.loop import RunPlan, Trainer
from training.overrides import with_overrides
from training.ranks import ALONE, Ranks
from training.sources import BatchSource, PairSource, PhotoSource
from training.torchrun import joined_ranks

DEFAULT_CACHE = Path(platformdirs.user_cache_dir("frih-harmonize")) / "photos"


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("train", help="train, or go on training, in a run folder")
    data = parser.add_mutually_exclusive_group(required=True)
    data.add_argument("--photos", type=Path, help="folder of photographs to synthesize from")
    data.add_argument("--data", type=Path, help="folder in iHarmony4's layout")
    add_run_arguments(parser)
    parser.add_argument("--minutes", type=float, help="length of the whole run in time")
    parser.add_argument("--steps", type=int, help="length of the whole run in steps")
    parser.add_argument(
        "--session-minutes", type=float, help="save and end after this time, to go on later"
    )


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that trains takes."""
    parser.add_argument("--config", choices=sorted(CONFIGS), default="photos")
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of the run; resumed if used"
    )
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")
    parser.add_argument("--from", dest="start_from", type=Path, metavar="WEIGHTS.safetensors")
    parser.add_argument("--workers", type=int, help="processes that make batches, a rank")
    parser.add_argument("--threads", type=int, help="threads that train, a rank")
    parser.add_argument("--no-share-alike", action="store_true", help="leave ShareAlike photos out")
    parser.add_argument(
        "--set", dest="settings", nargs="+", action="extend", default=[], metavar="PATH=VALUE"
    )


def run(args: argparse.Namespace) -> int:
    """Train as the arguments say; 0 when the session ended in order."""
    with joined_ranks() as ranks:
        config = run_config(args)
        trainer = Trainer(config, run_plan(args, config, _source(args), ranks), ranks)
        trainer.run()
        if ranks.is_first:
            state = "finished" if trainer.is_finished else "saved, not finished: run again to go on"
            print(f"{args.run}: step {trainer.step}, {state}")  # noqa: T201 - the command's answer
    return 0


def run_config(args: argparse.Namespace) -> TrainingConfig:
    """The named config with what the arguments change. Raises BadInputError."""
    config = CONFIGS[args.config]
    if args.no_share_alike:
        config = replace(config, batches=replace(config.batches, share_alike=False))
    return with_overrides(config, args.settings)


def run_plan(
    args: argparse.Namespace, config: TrainingConfig, source: BatchSource, ranks: Ranks = ALONE
) -> RunPlan:
    """Where and how long to train. Raises BadInputError when no or a wrong length is given."""
    _check(args)
    pictures = ranks.first_on_host(lambda: source.size(config.batches))
    steps = args.steps
    if steps is None and args.minutes is None:
        if config.epochs is None:
            raise BadInputError("How long shall it train? Give --minutes or --steps.")
        steps = epochs_to_steps(config.epochs, pictures, config.batches.batch)
    processors = max(1, (os.cpu_count() or 1) // ranks.host_size)
    workers = _default_workers(processors) if args.workers is None else args.workers
    threads = max(1, processors - workers) if args.threads is None else args.threads
    return RunPlan(
        args.run,
        source,
        steps=steps,
        minutes=args.minutes,
        session_minutes=args.session_minutes,
        start_from=args.start_from,
        workers=workers,
        threads=threads,
    )


def _check(args: argparse.Namespace) -> None:
    least = {"steps": 1, "minutes": 1e-3, "session_minutes": 0, "workers": 0, "threads": 1}
    for name, low in least.items():
        value = getattr(args, name)
        if value is not None and value < low:
            option = name.replace("_", "-")
            raise BadInputError(f"--{option} is {value:g}; it must be {low:g} or more.")


def epochs_to_steps(epochs: int, pictures: int, batch: int) -> int:
    """Steps of so many passes over the pictures; batches run on over the end of a pass."""
    return max(1, round(epochs * pictures / batch))


def _source(args: argparse.Namespace) -> BatchSource:
    return PairSource(args.data) if args.data else PhotoSource(args.photos, args.cache)


def _default_workers(processors: int) -> int:
    """A GPU wants nearly all processors to make batches; a processor that trains, a quarter."""
    return max(1, processors - 1 if torch.cuda.is_available() else processors // 4)

"""`python -m training unattended`: trains for some minutes, resumes when run again, exports.

What comes out fits through a narrow way: the last and the averaged weights as 16-bit files in
pieces of less than 16 MiB, with the run's config and state.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.errors import BadInputError
from training.checkpoint import AVERAGE, CONFIG, STATE, WEIGHTS
from training.commands import Subparsers
from training.export import export_weights
from training.loop import Trainer
from training.pieces import split
from training.run_folder import read_run
from training.sources import PhotoSource
from training.torchrun import joined_ranks
from training.train import add_run_arguments, run_config, run_plan

SAVE_EVERY_MINUTES = 2.0


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("unattended", help="train, go on, and export for the way back")
    parser.add_argument("--photos", type=Path, required=True, help="photographs, or a pack")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pieces")
    parser.add_argument("--minutes", type=float, required=True, help="length of the whole run")
    parser.add_argument("--session-minutes", type=float, help="end this session before")
    add_run_arguments(parser)
    parser.set_defaults(steps=None)


def run(args: argparse.Namespace) -> int:
    """Train and export; a run that is over is only exported."""
    with joined_ranks() as ranks:
        config = run_config(args)
        plan = run_plan(args, config, PhotoSource(args.photos, args.cache), ranks)
        trainer = Trainer(config, replace(plan, save_every_minutes=SAVE_EVERY_MINUTES), ranks)
        trainer.run()
    if ranks.is_first:
        files = export_pieces(args.run, args.out)
        names = ", ".join(file.name for file in files)
        print(f"{args.out}: step {trainer.step}, {names}")  # noqa: T201 - the command's answer
    return 0


def export_pieces(run_folder: Path, out: Path) -> list[Path]:
    """Write last and averaged weights as 16-bit pieces, config and state; returns all paths.

    Raises BadInputError when nothing was saved yet.
    """
    if not (run_folder / STATE).exists():
        raise BadInputError(f"{run_folder} has no checkpoint yet: train for some minutes.")
    with TemporaryDirectory() as folder:
        halves: list[Path] = []
        for name in (WEIGHTS, AVERAGE):
            trained = read_run(run_folder, name)
            halves.append(Path(folder) / name)
            export_weights(trained.weights, trained.network, halves[-1])
        written = split(halves, out)
    for name in (CONFIG, STATE):
        written.append(Path(shutil.copyfile(run_folder / name, out / name)))
    return written

"""Ideas for training, each a short run of a small network, side by side on held-out composites.

`python -m benchmarks.ideas --photos DIR --v V --r R --runs DIR` trains one run for each idea of
benchmarks.idea_rows, all with the same seed and as many steps, and prints a Markdown table: V are
composites by methods that no recipe uses, R the recipe's own (`python -m training heldout`). Rows
that are done are kept in the folder of the runs, with the table; a second call goes on. Short
runs of a narrow network tell what helps early, not what is best after days: the two rows that
differ by their seed alone show how much is noise.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from benchmarks.idea_rows import IDEAS, MEASURED_DISTANCES, Idea
from benchmarks.idea_scores import HeldOut, Scores, read_held_out, score_network
from benchmarks.idea_table import Row, markdown, read_rows, write_rows
from engine.errors import FrihError
from engine.network.frih import FRIH
from training.config import TrainingConfig
from training.loop import RunPlan, Trainer
from training.report import write_text
from training.sources import PhotoSource
from training.train import DEFAULT_CACHE

USUAL_DISTANCE = 0.1
_ROWS, _TABLE = "ideas.json", "ideas.md"


@dataclass(frozen=True, slots=True)
class Bench:
    """Where rows come from and go to; held_out: the sets by their names."""

    source: PhotoSource
    held_out: dict[str, HeldOut]
    runs: Path
    steps: int
    workers: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and measure every row that is not done yet."""
    args = _parser().parse_args(arguments)
    try:
        rows = _run(args)
    except FrihError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    print(markdown(rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks.ideas", description=__doc__)
    for name, meaning in (
        ("--photos", "the collection"),
        ("--v", "composites by other methods than the recipe's, in iHarmony4's layout"),
        ("--r", "composites by the recipe"),
        ("--runs", "folder of the runs, the rows and the table"),
    ):
        parser.add_argument(name, type=Path, required=True, metavar="DIR", help=meaning)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="for decoded photographs")
    parser.add_argument("--only", nargs="+", choices=IDEAS, default=list(IDEAS), metavar="NAME")
    parser.add_argument("--steps", type=int, default=700, help="of a run of stage 1")
    parser.add_argument("--workers", type=int, default=1, help="processes that make batches")
    return parser


def _run(args: argparse.Namespace) -> list[Row]:
    rows = read_rows(args.runs / _ROWS)
    ideas = [IDEAS[name] for name in args.only]
    wanted = [idea for idea in ideas if not any(row.is_of(idea, args.steps) for row in rows)]
    if not wanted:
        return rows
    size = wanted[0].config.batches.size
    bench = Bench(
        PhotoSource(args.photos, args.cache),
        {"V": read_held_out(args.v, size), "R": read_held_out(args.r, size)},
        args.runs,
        args.steps,
        args.workers,
    )
    for idea in wanted:
        row = _row(idea, bench)
        if row is None:
            break
        rows = _in_order([*(other for other in rows if other.name != idea.name), row])
        write_rows(args.runs / _ROWS, rows)
        write_text(args.runs / _TABLE, markdown(rows))
    return rows


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """As the ideas stand in their list, whatever came first; what is no idea any more last."""
    places = {name: place for place, name in enumerate(IDEAS)}
    return sorted(rows, key=lambda row: places.get(row.name, len(places)))


def _row(idea: Idea, bench: Bench) -> Row | None:
    """Train and measure one idea; None when a signal stopped it, to go on later."""
    config, folder = idea.config, bench.runs / re.sub(r"\W+", "-", idea.name)
    plan = RunPlan(folder, bench.source, steps=idea.steps(bench.steps), workers=bench.workers)
    trainer = Trainer(config, plan)
    trainer.run()
    if not trainer.is_finished:
        print(f"{idea.name}: stopped at step {trainer.step}; run again to go on.", file=sys.stderr)
        return None
    network = cast("FRIH", trainer.average.module)
    began = time.monotonic()
    row = Row(
        idea.name,
        idea.base,
        idea.settings,
        plan.steps or 0,
        _scores(network, config, bench),
        trainer.spent_s,
        sum(parameter.numel() for parameter in network.parameters()),
    )
    print(f"{row.line} (measured in {time.monotonic() - began:.0f} s)", flush=True)
    shutil.rmtree(folder)
    return row


def _scores(network: FRIH, config: TrainingConfig, bench: Bench) -> dict[str, Scores]:
    """Scores on each set, and where there are submasks also by cutoff distance."""
    usual = replace(config.batches, cutoff_distances=(USUAL_DISTANCE,))
    found = {name: score_network(network, s, usual) for name, s in bench.held_out.items()}
    if network.config.stage2 != "submasks":
        return found
    for distance in MEASURED_DISTANCES:
        batches = replace(config.batches, cutoff_distances=(distance,))
        found[f"V, d_c {distance:g}"] = score_network(network, bench.held_out["V"], batches)
    return found


if __name__ == "__main__":
    sys.exit(main())

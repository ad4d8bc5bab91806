"""`python -m training evaluate`: how good weights are, beside doing nothing and classical methods.

Results come from engine.pipeline as `frih harmonize` makes them, at the pictures' own size, and
are measured at 256 x 256, and at full size where asked. Writes the paper's tables.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from engine.confidence import load_confidence
from engine.errors import BadInputError, OutputError, WeightsError
from engine.pipeline import (
    DEFAULT_CUTOFF_DISTANCE,
    PAPER_SETTINGS,
    Settings,
)
from engine.runtime.backend import BACKENDS, Backend, open_backend
from engine.runtime.weights import load_weights_file
from engine.submask import squared_limit
from engine.view import CONTEXT
from training.ablations import measure_ablations, open_ablations
from training.commands import Subparsers
from training.contact_sheet import (
    SheetRow,
    check_sheet_name,
    make_row,
    worth_a_look,
    write_sheet,
)
from training.cost import table_6
from training.iharmony import Triple, load_triples
from training.iharmony_views import read_triple
from training.lpips import Lpips, find_lpips, open_lpips
from training.measuring import Evaluation, Wanted, measure
from training.metrics import PictureRecord
from training.published import DISTANCES
from training.report import Report, write_text
from training.table import Table
from training.through_engine import OnePassBackend, Way, outcomes

NO_LPIPS = (
    "LPIPS was not measured: the weights of its backbone are not on this disk; name a folder that "
    "holds them with --lpips."
)


def add_parser(subparsers: Subparsers) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("evaluate", help="measure weights on composites with truths")
    _add_what(parser)
    _add_how(parser)
    _add_outputs(parser)


def _add_what(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR",
                        help="a data set in iHarmony4's layout")  # fmt: skip
    parser.add_argument("--split", metavar="FILE", help="its split file (default: *_test.txt)")
    parser.add_argument("--limit", type=int, metavar="N", help="N pictures, evenly drawn")
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="exported weights (default: the shipped ones)")  # fmt: skip
    parser.add_argument("--classical", action="store_true", help="run classical methods too")
    parser.add_argument("--ablations", type=Path, nargs="+", default=[], metavar="RUN",
                        help="run folders or weights files for Tables 3 and 4, each a row by its "
                        "config's name, at 256 x 256 as the paper has it")  # fmt: skip
    parser.add_argument("--distances", type=float, nargs="*", metavar="D_C",
                        help="Table 5: these cutoff distances (none named: the paper's), "
                        "at the first strength")  # fmt: skip
    parser.add_argument("--cost", action="store_true",
                        help="Table 6: parameters, multiplications and time")  # fmt: skip
    parser.add_argument("--full-size", action="store_true",
                        help="measure at the pictures' own size too")  # fmt: skip
    parser.add_argument("--lpips", type=Path, metavar="DIR",
                        help="folder of LPIPS' weights, alexnet-owt-*.pth and alex.pth (default: "
                        "where torchvision and lpips keep them)")  # fmt: skip


def _add_how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--strength", type=float, nargs="+", default=[],
                        help="one or more (default: as the engine suggests, where the weights are "
                        "calibrated); strength 1 is always printed too")  # fmt: skip
    parser.add_argument("--cutoff-distance", type=float, default=DEFAULT_CUTOFF_DISTANCE)
    parser.add_argument("--context", type=float, default=CONTEXT,
                        help="the window's side as a multiple of the object's")  # fmt: skip
    parser.add_argument("--paper", action="store_true",
                        help="the whole picture squeezed to 256, every submask kept")  # fmt: skip
    parser.add_argument("--stage", choices=("coarse", "final"), default="final",
                        help="coarse: the first stage alone, pasted by the mask")  # fmt: skip
    parser.add_argument("--backend", choices=BACKENDS, default="onnx")
    parser.add_argument("--threads", type=int, help="of the network; the library chooses")


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=Path, metavar="OUT", help="write tables and every record")
    parser.add_argument("--md", type=Path, metavar="OUT", help="write the tables")
    parser.add_argument("--sheet", type=Path, metavar="OUT.jpg",
                        help="write the worst, middle and best results to look at")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Evaluate, print the tables and write what was asked for."""
    _check(args)
    triples = _limited(load_triples(args.data, args.split), args.limit)
    ablations = open_ablations(args.ablations)
    lpips = find_lpips() if args.lpips is None else open_lpips(args.lpips)
    backend = _backend(args)
    one_pass = OnePassBackend(backend, coarse_only=args.stage == "coarse")
    way = Way(_strengths(args, backend.weights_sha256), _settings(args), args.paper)
    found = measure(triples, way, one_pass, _wanted(args, lpips))
    report = Report(
        _headline(args, backend),
        _facts(args, backend),
        found,
        measure_ablations(triples, ablations, args.cutoff_distance) if ablations else {},
        _cost(found, backend, triples, way) if args.cost else None,
        () if lpips is not None else (NO_LPIPS,),
    )
    _publish(args, report)
    if args.sheet is not None:
        _write_sheet(args.sheet, triples, way, one_pass, next(iter(found.ours.values())))
    return 0


def _backend(args: argparse.Namespace) -> Backend:
    if args.weights is None:
        return open_backend(args.backend, threads=args.threads)
    try:
        return open_backend(args.backend, load_weights_file(args.weights), threads=args.threads)
    except WeightsError as error:
        raise WeightsError(f"{args.weights} cannot be evaluated: {error.sentence}") from error


def _check(args: argparse.Namespace) -> None:
    """What can be refused before any work."""
    for out in (args.json, args.md, args.sheet):
        if out is not None and not out.parent.is_dir():
            raise OutputError(f"The folder of {out} does not exist: make it first.")
    if args.sheet is not None:
        check_sheet_name(args.sheet)
    for distance in (args.cutoff_distance, *(args.distances or ())):
        squared_limit(distance)
    if args.paper and args.full_size:
        raise BadInputError(
            "--paper gives results of 256 x 256 alone: leave --paper or --full-size out."
        )


def _publish(args: argparse.Namespace, report: Report) -> None:
    text = report.markdown()
    sys.stdout.write(text)
    if args.md is not None:
        write_text(args.md, text)
    if args.json is not None:
        write_text(args.json, report.json())


def _wanted(args: argparse.Namespace, lpips: Lpips | None) -> Wanted:
    distances = () if args.distances is None else tuple(args.distances) or DISTANCES
    return Wanted(args.classical, args.full_size, distances, lpips)


def _strengths(args: argparse.Namespace, weights_sha256: str) -> tuple[float | None, ...]:
    asked: list[float | None] = [*args.strength]
    if not asked and not args.paper and load_confidence(weights_sha256) is not None:
        asked = [None]
    return tuple(dict.fromkeys([*asked, 1.0]))


def _settings(args: argparse.Namespace) -> Settings:
    settings = PAPER_SETTINGS if args.paper else Settings()
    return replace(settings, cutoff_distance=args.cutoff_distance, context=args.context)


def _limited(triples: list[Triple], limit: int | None) -> list[Triple]:
    if limit is None or limit >= len(triples):
        return triples
    if limit < 1:
        raise BadInputError(f"--limit must be 1 or more, not {limit}.")
    return [triples[index * len(triples) // limit] for index in range(limit)]


def _cost(found: Evaluation, backend: Backend, triples: Sequence[Triple], way: Way) -> Table:
    return table_6(next(iter(found.ours.values())), found.classical, backend, triples, way)


def _headline(args: argparse.Namespace, backend: Backend) -> str:
    how = "squeezed to 256 as in the paper" if args.paper else "as frih harmonize does"
    return (
        f"{args.data.name}: weights {backend.weights_sha256[:12]}, {args.stage} stage, "
        f"d_c {args.cutoff_distance:g}, {how}, on {backend.report.got}\n\n"
        "Measured at 256 x 256 where nothing else is said; ratio: fMSE over the composite's own, "
        "picture by picture; worse: share of pictures where it grew."
    )


def _facts(args: argparse.Namespace, backend: Backend) -> dict[str, object]:
    return {
        "data": args.data.name,
        "weights_sha256": backend.weights_sha256,
        "backend": asdict(backend.report),
        "stage": args.stage,
        "paper": args.paper,
        "cutoff_distance": args.cutoff_distance,
        "context": args.context,
    }


def _write_sheet(
    path: Path,
    triples: Sequence[Triple],
    way: Way,
    backend: OnePassBackend,
    records: Sequence[PictureRecord],
) -> None:
    rows: list[SheetRow] = []
    for index in worth_a_look(records):
        pixels = read_triple(triples[index])
        result = outcomes(pixels, replace(way, strengths=way.strengths[:1]), backend)[0].pixels
        rows.append(make_row(records[index], pixels, result))
    write_sheet(path, rows)

"""`python -m training evaluate`: how good weights are, beside doing nothing and classical methods.

Results come from engine.pipeline as `frih harmonize` makes them, at the pictures' own size, and
are measured at 256 x 256.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from engine.color.depth import to_8_bit
from engine.errors import BadInputError, OutputError
from engine.pipeline import (
    DEFAULT_CUTOFF_DISTANCE,
    DEFAULT_STRENGTH,
    PAPER_SETTINGS,
    Settings,
)
from engine.runtime.backend import BACKENDS, open_backend
from engine.runtime.weights import load_weights_file
from engine.view import CONTEXT
from training import classical
from training.commands import Subparsers
from training.contact_sheet import SheetRow, worth_a_look, write_sheet
from training.iharmony import Triple, load_triples
from training.iharmony_views import TriplePixels, TripleView, read_triple, resize_rgb, view_triple
from training.metrics import PictureRecord, Score, score
from training.score_tables import detail, overview
from training.summary import summaries
from training.through_engine import OnePassBackend, Way, outcomes


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The records of each method, ours by strength and the classical ones by name."""

    ours: dict[str, list[PictureRecord]]
    classical: dict[str, list[PictureRecord]]


def add_parser(subparsers: Subparsers) -> None:
    """Describe the command line."""
    parser = subparsers.add_parser("evaluate", help="measure weights on composites with truths")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR",
                        help="a data set in iHarmony4's layout")  # fmt: skip
    parser.add_argument("--split", metavar="FILE", help="its split file (default: *_test.txt)")
    parser.add_argument("--weights", type=Path, metavar="FILE",
                        help="exported weights (default: the shipped ones)")  # fmt: skip
    parser.add_argument("--strength", type=float, nargs="+", default=[DEFAULT_STRENGTH],
                        help="one or more; strength 1 is always printed too")  # fmt: skip
    parser.add_argument("--cutoff-distance", type=float, default=DEFAULT_CUTOFF_DISTANCE)
    parser.add_argument("--context", type=float, default=CONTEXT,
                        help="the window's side as a multiple of the object's")  # fmt: skip
    parser.add_argument("--harmonious-below", type=float, metavar="SIZE",
                        help="leave a picture alone when less change than this is predicted "
                        "(mean square; default: as shipped; 0: never)")  # fmt: skip
    parser.add_argument("--paper", action="store_true",
                        help="the whole picture squeezed to 256, every submask kept")  # fmt: skip
    parser.add_argument("--stage", choices=("coarse", "final"), default="final",
                        help="coarse: the first stage alone, pasted by the mask")  # fmt: skip
    parser.add_argument("--limit", type=int, metavar="N", help="N pictures, evenly drawn")
    parser.add_argument("--classical", action="store_true", help="run classical methods too")
    parser.add_argument("--backend", choices=BACKENDS, default="onnx")
    parser.add_argument("--threads", type=int, help="of the network; the library chooses")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write every record")
    parser.add_argument("--md", type=Path, metavar="OUT", help="write the tables")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png",
                        help="write the worst, middle and best results to look at")  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Evaluate, print the tables and write what was asked for."""
    for out in (args.json, args.md, args.sheet):
        _check_out(out)
    triples = _limited(load_triples(args.data, args.split), args.limit)
    weights = None if args.weights is None else load_weights_file(args.weights)
    opened = open_backend(args.backend, weights, threads=args.threads)
    backend = OnePassBackend(opened, coarse_only=args.stage == "coarse")
    strengths = tuple(dict.fromkeys([*args.strength, 1.0]))
    way = Way(strengths, _settings(args), args.paper)
    found = evaluate(triples, way, backend, with_classical=args.classical)
    text = _report(args, found, backend)
    sys.stdout.write(text)
    try:
        if args.md is not None:
            args.md.write_text(text, encoding="utf-8")
        if args.json is not None:
            args.json.write_text(_as_json(args, found, backend), encoding="utf-8")
        if args.sheet is not None:
            _write_sheet(args.sheet, triples, way, backend, next(iter(found.ours.values())))
    except OSError as error:
        raise OutputError(f"The report cannot be written: {error}.") from error
    return 0


def _settings(args: argparse.Namespace) -> Settings:
    settings = PAPER_SETTINGS if args.paper else Settings()
    if args.harmonious_below is not None:
        settings = replace(settings, harmonious_below=args.harmonious_below)
    return replace(settings, cutoff_distance=args.cutoff_distance, context=args.context)


def evaluate(
    triples: Sequence[Triple], way: Way, backend: OnePassBackend, *, with_classical: bool = False
) -> Evaluation:
    """Measure every triple. Raises BadInputError naming a file that cannot be used."""
    found = Evaluation({f"strength {s:g}": [] for s in way.strengths}, {})
    for triple in tqdm(triples, unit="picture", mininterval=2):
        pixels = read_triple(triple)
        judge = _Judge(triple, view_triple(pixels))
        results = outcomes(pixels, way, backend)
        for outcome, records in zip(results, found.ours.values(), strict=True):
            records.append(
                judge.record(
                    outcome.pixels, outcome.harmonious, outcome.predicted_change, outcome.regions
                )
            )
        for name, result in _classical(pixels) if with_classical else ():
            found.classical.setdefault(name, []).append(judge.record(result))
    return found


class _Judge:
    """Measures results of one triple."""

    def __init__(self, triple: Triple, view: TripleView) -> None:
        if not view.inside.any():
            raise BadInputError(f"{triple.mask} is empty at 256 x 256: take its line out.")
        self._triple, self._view = triple, view
        self._composite: Score = score(view.composite, view.real, view.inside)

    def record(
        self,
        pixels: NDArray[np.uint8],
        harmonious: bool | None = None,  # noqa: FBT001 - a fact to be written down, not a switch
        predicted_change: float | None = None,
        regions: int | None = None,
    ) -> PictureRecord:
        result = score(resize_rgb(pixels), self._view.real, self._view.inside)
        return PictureRecord(
            self._triple.name, self._triple.subset, self._triple.kind,
            float(self._view.inside.mean()), self._composite, result,
            harmonious, predicted_change, regions,
        )  # fmt: skip


def _classical(pixels: TriplePixels) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    composite, mask = to_8_bit(pixels.composite.pixels), to_8_bit(pixels.mask)
    for name, method in classical.METHODS.items():
        moved = method(composite, mask >= 128)
        yield name, moved
        yield f"{name}, half", classical.half(composite, moved)


def _limited(triples: list[Triple], limit: int | None) -> list[Triple]:
    if limit is None or limit >= len(triples):
        return triples
    if limit < 1:
        raise BadInputError(f"--limit must be 1 or more, not {limit}.")
    return [triples[index * len(triples) // limit] for index in range(limit)]


def _check_out(path: Path | None) -> None:
    if path is not None and not path.parent.is_dir():
        raise OutputError(f"The folder of {path} does not exist: make it first.")


def _report(args: argparse.Namespace, found: Evaluation, backend: OnePassBackend) -> str:
    how = "squeezed to 256 as in the paper" if args.paper else "as frih harmonize does"
    head = (
        f"## {args.data.name}: weights {backend.weights_sha256[:12]}, {args.stage} stage, "
        f"d_c {args.cutoff_distance:g}, {how}, on {backend.report.got}\n\n"
        "Measured at 256 x 256; ratio: fMSE over the composite's own, picture by picture; "
        "worse: share of pictures where it grew.\n"
    )
    details = [detail(name, records) for name, records in found.ours.items()]
    return "\n".join([head, overview(found.ours | found.classical), *details])


def _as_json(args: argparse.Namespace, found: Evaluation, backend: OnePassBackend) -> str:
    methods = {
        name: {
            "summaries": [asdict(summary) for summary in summaries(records)],
            "pictures": [asdict(record) for record in records],
        }
        for name, records in (found.ours | found.classical).items()
    }
    return json.dumps(
        {
            "data": args.data.name,
            "weights_sha256": backend.weights_sha256,
            "backend": asdict(backend.report),
            "stage": args.stage,
            "paper": args.paper,
            "cutoff_distance": args.cutoff_distance,
            "context": args.context,
            "methods": methods,
        },
        indent=1,
    )


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
        result = outcomes(pixels, way, backend)[0].pixels
        rows.append(SheetRow(records[index], view_triple(pixels), resize_rgb(result)))
    write_sheet(path, rows)

"""Reads the command line of `frih` into one of the commands of engine.cli.commands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from engine.cli.commands import (
    Command,
    HarmonizeFolder,
    HarmonizePicture,
    MaskedComposite,
    Outputs,
    PastedLayer,
    PictureJob,
    RunDemo,
    ShowInfo,
    Source,
)
from engine.cli.examples import example_names
from engine.cli.values import OFFSET, offset, region_strength
from engine.errors import BadInputError, CutoffDistanceError
from engine.manifest import read_manifest
from engine.pipeline import (
    DEFAULT_CUTOFF_DISTANCE,
    PAPER_SETTINGS,
    Settings,
)
from engine.runtime.backend import BACKENDS
from engine.submask import squared_limit

LEAST_CUTOFF_DISTANCE, MOST_CUTOFF_DISTANCE = 0.005, 0.4

_Given = TypeVar("_Given")
_EPILOG = """\
three ways to use it:
  frih harmonize COMPOSITE --mask MASK -o OUT
  frih harmonize --background BG --layer LAYER.png --at X,Y -o OUT
  frih harmonize DIR --mask MASKDIR -o OUTDIR

In a folder run a composite's mask is the one with the longest name (without ending) that equals
the composite's own or is followed by "_" in it: a01_3.jpg takes a01_3.png, or else a01.png.
"""


def parse(arguments: Sequence[str]) -> Command:
    """Read a command line; looks on the disk only whether the composite is a folder.

    Argparse ends the process (code 2, usage) where options are unknown or not readable. Raises
    BadInputError for values out of range and for options that do not fit together.
    """
    options = _parser().parse_args(joined_offsets(arguments))
    composite: Path | None = getattr(options, "composite", None)
    return command_of(options, is_folder=composite is not None and _is_folder(composite))


def joined_offsets(arguments: Sequence[str]) -> list[str]:
    """Write `--at -10,5` as `--at=-10,5`: argparse takes what begins with a minus for an option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] == "--at" and OFFSET.fullmatch(argument):
            joined[-1] = f"--at={argument}"
        else:
            joined.append(argument)
    return joined


def command_of(options: argparse.Namespace, *, is_folder: bool) -> Command:
    """Turn parsed options into a command. Raises BadInputError as `parse`."""
    if options.command == "info":
        return ShowInfo(options.json)
    if options.command == "demo":
        return RunDemo(options.output, options.example)
    outputs = Outputs(options.output, options.regions, options.labels)
    settings = _settings(options)
    if is_folder:
        _refuse(options, "background", "layer", "at", "selection", reason="a folder run")
        masks = _required(options.mask, "--mask MASKDIR")
        return HarmonizeFolder(
            options.composite,
            masks,
            outputs,
            settings,
            options.backend,
            _workers(options.workers),
            options.json,
        )
    _refuse(options, "workers", reason="a single picture")
    job = PictureJob(_source(options), outputs, settings, options.backend)
    return HarmonizePicture(job, options.json)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it will say why it cannot be looked at
        return False


def _settings(options: argparse.Namespace) -> Settings:
    cutoff_distance: float = options.cutoff_distance
    if not LEAST_CUTOFF_DISTANCE <= cutoff_distance <= MOST_CUTOFF_DISTANCE:
        raise CutoffDistanceError(
            f"The cutoff distance must lie between {LEAST_CUTOFF_DISTANCE} and "
            f"{MOST_CUTOFF_DISTANCE}, not {cutoff_distance}."
        )
    squared_limit(cutoff_distance)  # refuses more than four decimals
    settings = PAPER_SETTINGS if options.paper else Settings()
    return replace(
        settings,
        cutoff_distance=cutoff_distance,
        strength=settings.strength if options.strength is None else options.strength,
        region_strengths=dict(map(region_strength, options.region_strength)),
    )


def _source(options: argparse.Namespace) -> Source:
    if options.composite is not None:
        _refuse(options, "background", "layer", "at", "selection", reason="a composite")
        return MaskedComposite(options.composite, _required(options.mask, "--mask MASK"))
    if options.background is None and options.layer is None:
        raise BadInputError(
            "Give a composite with --mask MASK, or --background BG with --layer LAYER and --at X,Y."
        )
    _refuse(options, "mask", reason="a layer; use --selection")
    return PastedLayer(
        _required(options.background, "--background BG"),
        _required(options.layer, "--layer LAYER"),
        offset(_required(options.at, "--at X,Y")),
        options.selection,
    )


def _required(value: _Given | None, option: str) -> _Given:
    if value is None:
        raise BadInputError(f"{option} is missing.")
    return value


def _refuse(options: argparse.Namespace, *names: str, reason: str) -> None:
    for name in names:
        if getattr(options, name) is not None:
            raise BadInputError(f"--{name} does not go with {reason}.")


def _workers(count: int | None) -> int | None:
    if count is not None and count < 1:
        raise BadInputError(f"--workers must be at least 1, not {count}.")
    return count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="frih",
        description="Makes a pasted layer look as if it had always been part of the picture.",
        allow_abbrev=False,
    )
    version = f"%(prog)s {read_manifest().version}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_harmonize(
        commands.add_parser(
            "harmonize",
            help="harmonize a picture, a layer on a background, or a folder of pictures",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )
    info = commands.add_parser(
        "info", help="show versions, backends and weights", allow_abbrev=False
    )
    info.add_argument("--json", action="store_true", help="as one JSON object")
    demo = commands.add_parser(
        "demo", help="harmonize a bundled example, before and after", allow_abbrev=False
    )
    demo.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    demo.add_argument("--example", choices=example_names(), default=example_names()[0])
    return parser


def _add_harmonize(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("composite", type=Path, nargs="?", metavar="COMPOSITE", help="a picture, or a folder")
    add("--mask", type=Path, help="the pasted object in white, the rest black; or a folder")
    add("--background", type=Path, metavar="BG", help="the picture below the layer")
    add("--layer", type=Path, help="the pasted layer, with transparency")
    add("--at", metavar="X,Y", help="the layer's top left corner in the background, in pixels")
    add("--selection", type=Path, metavar="MASK", help="the part of the layer to harmonize")
    add("-o", "--output", type=Path, required=True, metavar="OUT", help="the result, or a folder")
    _add_settings(parser)
    add("--regions", type=Path, metavar="OUT", help="also write a picture that shows the regions")
    add("--labels", type=Path, metavar="OUT.png", help="also write each pixel's region, 255: none")
    add("--backend", choices=BACKENDS, default=BACKENDS[0], help="default: %(default)s")
    add("--workers", type=int, metavar="N", help="folder run: processes (default: by cores)")
    add("--json", action="store_true", help="describe each result in a line on standard output")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--cutoff-distance",
        type=float,
        default=DEFAULT_CUTOFF_DISTANCE,
        metavar="D",
        help=f"d_c, {LEAST_CUTOFF_DISTANCE} (many regions) to {MOST_CUTOFF_DISTANCE} (few); "
        "default: %(default)s",
    )
    add(
        "--strength",
        type=float,
        metavar="S",
        help="0 (nothing changes) to 1; default: 1, and less where it seems to fit already",
    )
    add(
        "--region-strength",
        action="append",
        default=[],
        metavar="INDEX=VALUE",
        help="a region's own strength, 0 to 1, times the overall one; can be repeated",
    )
    add("--paper", action="store_true", help="as in the paper: whole picture, small regions kept")

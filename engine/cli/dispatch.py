"""Carries out a command line; each command loads only what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from engine.cli.arguments import parse
from engine.cli.commands import HarmonizeFolder, HarmonizePicture, RunDemo, ShowInfo


def run(arguments: Sequence[str]) -> int:
    """Read a command line and do it; gives the exit code. Raises FrihError."""
    command = parse(arguments)
    match command:
        case HarmonizePicture():
            from engine.cli.single import run_single  # noqa: PLC0415 - see above

            return run_single(command)
        case HarmonizeFolder():
            from engine.cli.folder import run_folder  # noqa: PLC0415 - see above

            return run_folder(command)
        case ShowInfo():
            from engine.cli.info import show_info  # noqa: PLC0415 - see above

            return show_info(command)
        case RunDemo():
            from engine.cli.demo import run_demo  # noqa: PLC0415 - see above

            return run_demo(command)
        case _:
            assert_never(command)

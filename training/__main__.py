"""`python -m training COMMAND`: everything that makes, measures and ships the weights."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from types import ModuleType

from engine.errors import FrihError
from training import (
    calibrate,
    evaluate,
    export,
    heldout,
    network_size,
    pack,
    photo_credits,
    pieces,
    synthesize,
    train,
    unattended,
)

COMMANDS: dict[str, ModuleType] = {
    "train": train,
    "unattended": unattended,
    "evaluate": evaluate,
    "calibrate": calibrate,
    "export": export,
    "heldout": heldout,
    "join": pieces,
    "pack": pack,
    "synthesize": synthesize,
    "parameters": network_size,
    "credits": photo_credits,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; a FrihError is one sentence on standard error and exit code 2."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser("python -m training", description=__doc__)
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS.values():
        command.add_parser(subparsers)
    args = parser.parse_args(arguments)
    try:
        code: int = COMMANDS[args.command].run(args)
    except FrihError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201 - the command line's answer
        return 2
    return code


if __name__ == "__main__":
    sys.exit(main())

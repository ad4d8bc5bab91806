"""The `frih` command's entry: one command in, an exit code out, and a sentence when it fails."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import assert_never

from engine.cli.arguments import parse
from engine.cli.commands import (
    Command,
    HarmonizeFolder,
    HarmonizePicture,
    RunDemo,
    ShowInfo,
)
from engine.cli.console import complain, silence_standard_output
from engine.errors import FrihError

BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports a process that the closed pipe's signal ended."""

_NO_MEMORY = "There is not enough memory for this; close other programs or use a smaller picture."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code.

    0: done; 1: some pictures of a folder failed; 2: bad input, said in one sentence on standard
    error; 130: interrupted; 141: nobody reads standard output any more.
    """
    try:
        code = run(parse(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except FrihError as error:
        return _refused(error.sentence)
    except MemoryError:
        return _refused(_NO_MEMORY)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence_standard_output()
        return BROKEN_PIPE
    return code


def run(command: Command) -> int:
    """Carry out a command; each loads only what it needs. Raises FrihError."""
    match command:
        case HarmonizePicture():
            from engine.cli.single import run_single  # noqa: PLC0415 - loads the runtime

            return run_single(command)
        case HarmonizeFolder():
            from engine.cli.folder import run_folder  # noqa: PLC0415 - loads the process pool

            return run_folder(command)
        case ShowInfo():
            from engine.cli.info import show_info  # noqa: PLC0415 - looks at every backend

            return show_info(command)
        case RunDemo():
            from engine.cli.demo import run_demo  # noqa: PLC0415 - loads the runtime

            return run_demo(command)
        case _:
            assert_never(command)


def _refused(sentence: str) -> int:
    with contextlib.suppress(OSError):
        complain(sentence)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())

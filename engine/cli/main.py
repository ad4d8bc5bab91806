"""The `frih` command's entry: one command in, an exit code out, and a sentence when it fails.

Only light modules are imported up here, so that Ctrl-C is answered in order from the start.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from engine.cli.console import complain, silence_standard_output
from engine.errors import FrihError

BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141
"""As a shell reports a process that the closed pipe's signal ended."""

TERMINATED = 143

_NO_MEMORY = "There is not enough memory for this; close other programs or use a smaller picture."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code.

    0: done; 1: some pictures of a folder failed; 2: bad input, said in one sentence on standard
    error; 130: interrupted; 141: nobody reads standard output any more; 143: terminated.
    """
    signal.signal(signal.SIGTERM, _leave)
    try:
        from engine.cli.dispatch import run  # noqa: PLC0415 - loads numpy

        return run(sys.argv[1:] if arguments is None else arguments)
    except FrihError as error:
        return _refused(error.sentence)
    except MemoryError:
        return _refused(_NO_MEMORY)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence_standard_output()
        return BROKEN_PIPE


def _refused(sentence: str) -> int:
    complain(sentence)
    return BAD_INPUT


def _leave(_signal: int, _frame: object) -> None:
    # SystemExit passes through half-written files, which remove themselves.
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())

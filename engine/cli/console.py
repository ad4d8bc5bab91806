"""Standard output for results alone, standard error for everything else."""

from __future__ import annotations

import os
import sys

from engine.errors import OutputError
from engine.files.atomic import why


def emit(line: str) -> None:
    """Write a line of results to standard output at once.

    Raises BrokenPipeError where nobody reads it, OutputError where it cannot be written.
    """
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_standard_output()
        raise OutputError(f"Standard output cannot be written because {why(error)}.") from error


def say(line: str) -> None:
    """Tell something on standard error."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def complain(sentence: str) -> None:
    """Tell on standard error why something was not done."""
    say(f"frih: {sentence}")


def silence_standard_output() -> None:
    """Lead the rest of standard output nowhere, or Python complains about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)

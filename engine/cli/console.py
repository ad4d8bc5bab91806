"""Standard output for results alone, standard error for everything else."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO, cast

from engine.errors import OutputError


def emit(line: str) -> None:
    """Write a line of results to standard output at once.

    Raises BrokenPipeError where nobody reads it, OutputError where it cannot be written.
    """
    stream = _open_stream(sys.stdout)
    if stream is None:
        raise OutputError("Standard output is closed; let it lead to a file or a program.")
    try:
        stream.write(line + "\n")
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_standard_output()
        raise OutputError(
            f"The result's description could not be written to standard output ({error.strerror}); "
            "let it lead to a place with room."
        ) from error


def error_stream() -> TextIO:
    """Standard error; where it is closed, a place that nobody reads."""
    stream = _open_stream(sys.stderr)
    return io.StringIO() if stream is None else stream


def say(line: str) -> None:
    """Tell something on standard error, where there is one."""
    tell(error_stream(), line + "\n")


def tell(stream: TextIO, text: str) -> None:
    """Write to standard error; where that is full or gone, the work goes on untold."""
    with contextlib.suppress(OSError):
        stream.write(text)
        stream.flush()


def complain(sentence: str) -> None:
    """Tell on standard error why something was not done."""
    say(f"frih: {sentence}")


def silence_standard_output() -> None:
    """Lead the rest of standard output nowhere, or Python complains about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _open_stream(stream: TextIO) -> TextIO | None:
    # Python has None for a stream that was closed before it started; typeshed does not say so.
    return cast("TextIO | None", stream)

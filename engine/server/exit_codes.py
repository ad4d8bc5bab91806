"""With what the engine process ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of `python -m engine.server`.

    DONE: the editor closed standard input, or is gone; 2 is argparse's, for a wrong option;
    BROKEN_STREAM: bytes that are no frame, or a frame that is no message; WRONG_VERSION: the
    editor speaks another version of the protocol and was told so. An end by anything else is a
    crash.
    """

    DONE = 0
    BROKEN_STREAM = 3
    WRONG_VERSION = 4

"""The second rope to the editor: the engine ends with it, also where its pipe stays open.

The first is the end of standard input. A pipe stays open when something else that the editor
started holds a copy of it; then Linux still tells of the parent's end. Windows and macOS have no
such signal, and there the pipe alone counts.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from engine.server.exit_codes import ExitCode

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask Linux for a signal when the parent dies; elsewhere nothing.

    Linux means the *thread* that started us: the signal is heeded only if another process has
    become the parent. To be called in the main thread.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()

    def look(_signal: int, _frame: object) -> None:
        if os.getppid() != parent:
            os._exit(ExitCode.DONE)

    signal.signal(signal.SIGUSR2, look)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGUSR2)

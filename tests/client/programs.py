"""Runs the programs beside the tests, and looks for processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUN = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"


def run_program(
    name: str, *arguments: str, home: Path, python: str = sys.executable, first: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program of this folder with a home of its own; `first` is a statement before it."""
    home.chmod(0o700)  # or Qt complains of the folder for the session's files
    variables = {
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE)]),
        "QT_QPA_PLATFORM": "offscreen",
        **dict.fromkeys(["HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"], str(home)),
    }
    return subprocess.run(
        [python, "-c", f"{first}\n{RUN}", str(HERE / name), *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def is_gone(pid: int) -> bool:
    """Whether there is no process of this number, not even a dead one nobody asked about."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False

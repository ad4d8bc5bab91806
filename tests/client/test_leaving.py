"""The program ends while the engine works: no process stays, and Qt has nothing to complain of."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from programs import is_gone, run_program


@pytest.mark.skipif(os.name == "nt", reason="asks for a process by a signal")
@pytest.mark.parametrize(
    ("way", "last_words"),
    [
        ("quit", ""),
        ("destroy", ""),
        ("fall-off", ""),
        ("raise", "RuntimeError: It falls."),
    ],
)
def test_no_process_and_no_warning_is_left(way: str, last_words: str, tmp_path: Path) -> None:
    done = run_program("leaving_program.py", way, home=tmp_path)
    assert done.stderr.strip().endswith(last_words)
    assert "QProcess" not in done.stderr
    assert last_words or done.stderr == ""
    assert done.returncode == (1 if last_words else 0)
    until = time.monotonic() + 10
    while not is_gone(int(done.stdout)):
        assert time.monotonic() < until

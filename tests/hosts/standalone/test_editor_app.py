"""The program as a person starts it: a process of its own that ends when asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from frih_plugin.hosts.standalone.example import open_example

CHECKOUT = Path(__file__).resolve().parents[3]
START_S = 60


def test_the_example_is_a_background_with_a_cut_out() -> None:
    document = open_example()
    background, cut_out = document.layers
    assert background.picture.alpha is None
    assert cut_out.picture.alpha is not None
    assert background.bounds == document.canvas
    assert document.canvas.left < cut_out.bounds.left < cut_out.bounds.right < document.width


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_in_order(tmp_path: Path, number: signal.Signals) -> None:
    settings = tmp_path / "editor.ini"
    for process in started(settings):
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Traceback" not in errors
    assert settings.is_file(), "the window's place is kept"


def started(settings: Path) -> Iterator[subprocess.Popen[str]]:
    """The editor with its window shown; killed at the end if it is still there."""
    command = [sys.executable, "-m", "frih_plugin.hosts.standalone", "--settings", str(settings)]
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        command, cwd=CHECKOUT, env=variables, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_handlers(process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_handlers(process: subprocess.Popen[str]) -> None:
    """Wait until the program handles the signals itself, as /proc tells."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.is_file():
        pytest.skip("needs /proc to know when the program is up")
    wanted = 1 << (signal.SIGTERM - 1)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        if int(fields["SigCgt"], 16) & wanted:
            return
        time.sleep(0.05)
    pytest.fail("The program did not start.")

"""The check for leftovers sees what is left, in a test run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent

THREAD = "threading.Thread(target=time.sleep, args=(30,), daemon=True, name='stray').start()"
PROCESS = "subprocess.Popen(['sleep', '5'])"
WIDGET = "QApplication.instance() or keep.append(QApplication([])); keep.append(QLabel('left'))"

TEST = """
import subprocess, threading, time
from PyQt6.QtWidgets import QApplication, QLabel
keep = []
def test_it(): {}
"""


@pytest.mark.parametrize(
    ("leaves", "named"), [(THREAD, "stray"), (PROCESS, "sleep"), (WIDGET, "QLabel"), ("pass", "")]
)
def test_leftover_fails_the_test_that_left_it(leaves: str, named: str, tmp_path: Path) -> None:
    if named == "sleep" and sys.platform != "linux":
        pytest.skip("child processes are seen on Linux only")
    pytest.importorskip("PyQt6", reason="needs PyQt6")
    (tmp_path / "test_it.py").write_text(TEST.format(leaves), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "leftovers", "-p", "no:pytest-qt"]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(TESTS), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode == 0) == (named == "")
    assert named in done.stdout

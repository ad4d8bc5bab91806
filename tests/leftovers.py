"""Fails a test that leaves a thread, a process or a widget behind. A pytest plugin."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_S = 15.0
"""For what was told to end and still is at it."""

STANDING_THREADS = ("pytest_timeout", "execnet", "pydevd", "tqdm", "TBEventWriter")


@pytest.fixture(autouse=True)
def _nothing_is_left(  # pyright: ignore[reportUnusedFunction] - pytest uses it
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    before = _threads() | _children()
    yield
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends and _left(before):
        _let_qt_finish()
        time.sleep(0.02)
    left = _left(before)
    assert not left, f"{request.node.name} left behind: {', '.join(sorted(left))}"


def _left(before: set[str]) -> set[str]:
    return ((_threads() | _children()) - before) | _widgets()


def _threads() -> set[str]:
    alive = (thread for thread in threading.enumerate() if thread.is_alive())
    names = (f"thread {thread.name} {thread.ident}" for thread in alive)
    return {name for name in names if not any(word in name for word in STANDING_THREADS)}


def _children() -> set[str]:
    """Processes that this one started; the system tells on Linux only."""
    if sys.platform != "linux":
        return set()
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [pid for task in tasks for pid in _read(task).split()]
    commands = ((pid, _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")) for pid in pids)
    # Python's own helper stays for as long as the test run.
    return {f"process {pid} {line}" for pid, line in commands if "resource_tracker" not in line}


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended meanwhile
        return ""


def _widgets() -> set[str]:
    """Windows and widgets without a parent, if this process uses Qt at all."""
    module = sys.modules.get("PyQt6.QtWidgets")
    if module is None or module.QApplication.instance() is None:
        return set()
    return {f"widget {type(widget).__name__}" for widget in module.QApplication.topLevelWidgets()}


def _let_qt_finish() -> None:
    gc.collect()
    module = sys.modules.get("PyQt6.QtWidgets")
    if module is None or module.QApplication.instance() is None:
        return
    core = sys.modules["PyQt6.QtCore"]
    module.QApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    module.QApplication.processEvents()

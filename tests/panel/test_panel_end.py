"""An editor that quits: whoever goes first, nothing is called that is no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frih_plugin.qt.binding import BINDING

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys

sys.path[:0] = [".", "packaging", "tests/panel"]
import {binding}.sip as sip
from made_panel import PosedState, open_layer, shown_panel
from frih_plugin.qt.core import Qt
from frih_plugin.qt.gui import QKeyEvent
from frih_plugin.qt.widgets import QApplication

app = QApplication([])
state = PosedState()
open_layer(state)
panel = shown_panel(state)
app.processEvents()
key = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
app.sendEvent(panel.preview, key)
state.hover_region(1)
{end}
print("ended")
"""
ENDS = {
    "the interpreter ends": "",
    "the state goes first": "sip.delete(state); panel.hide()",
    "the panel goes first": "sip.delete(panel); state.announce()",
    "the window closes": "panel.close()",
}


@pytest.mark.parametrize("end", ENDS)
def test_no_end_is_an_error(end: str) -> None:
    script = SCRIPT.format(binding=BINDING, end=ENDS[end])
    command = [sys.executable, "-c", script]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (0, "ended\n")

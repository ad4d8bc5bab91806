"""The command that starts the scripted engine."""

from __future__ import annotations

import sys
from pathlib import Path

from frih_plugin.client.engine_command import EngineCommand

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = "import runpy; runpy.run_path('tests/client/scripted_engine.py', run_name='__main__')"


def scripted(*options: str) -> EngineCommand:
    # -c, not the file: with -c the checkout, not the file's own folder, is on the import path.
    return EngineCommand(sys.executable, ("-c", SCRIPT, *options), CHECKOUT)

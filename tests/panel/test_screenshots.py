"""The pictures of the panel that people look at can still be made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.full
def test_every_state_is_rendered_in_both_palettes_languages_and_scales(tmp_path: Path) -> None:
    command = [sys.executable, "packaging/make_screenshots.py", str(tmp_path)]
    subprocess.run(command, cwd=CHECKOUT, check=True, timeout=300)
    states = {path.name.split("-")[0] for path in tmp_path.glob("*.png")}
    assert len(states) == 13 + 14  # the panel's, and the installer's and Doctor's
    assert len(list(tmp_path.glob("*.png"))) == len(states) * 2 * 2 * 2

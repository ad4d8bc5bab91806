"""The editor with the real engine and the shipped weights, in a real window, from paste to save."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.files import read_picture
from frih_plugin.state.granularity import cutoff_distance

pytestmark = pytest.mark.full
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "engine" / "examples"


@pytest.fixture
def report(tmp_path: Path, x_screen: str) -> dict[str, Any]:
    """What the story saw."""
    story = Path(__file__).with_name("editor_story.py")
    variables = {**os.environ, "DISPLAY": x_screen, "QT_QPA_PLATFORM": "xcb"}
    variables |= {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, str(story), str(tmp_path)]
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    assert "QProcess: Destroyed" not in done.stderr
    return json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))


def test_a_persons_way_from_paste_to_save(report: dict[str, Any], tmp_path: Path) -> None:
    assert report.get("the end"), report
    told = ("changed", "untouched by the slider", "updated", "undone", "redone")
    assert [name for name in (*told, "untouched by the kill") if not report[name]] == []
    assert len(report["layers"]) == 3
    assert report["off"] == [0]
    assert report["notice"].startswith("The engine stopped unexpectedly")
    assert not report["dirty"]
    _check_saved_layers(tmp_path / "result.ora")
    saved = read_picture(tmp_path / "result.png").picture
    expected = read_picture(_by_command_line(report, tmp_path)).picture
    assert np.array_equal(saved.pixels, expected.pixels)


def _check_saved_layers(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert names[0] == "mimetype"
        assert sum(name.startswith("data/") and name.endswith(".png") for name in names) == 3


def _by_command_line(report: dict[str, Any], folder: Path) -> Path:
    """The same result by `frih harmonize`."""
    result = folder / "command-line.png"
    options = {
        "--background": EXAMPLES / "cake_background.jpg",
        "--layer": EXAMPLES / "cake_layer.png",
        "--at": report["at"],
        "--cutoff-distance": cutoff_distance(report["stop"]),
        "--strength": report["strength"],
        "--region-strength": "0=0",
        "--output": result,
    }
    arguments = [str(part) for option in options.items() for part in option]
    command = [sys.executable, "-m", "engine.cli.main", "harmonize", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return result

"""The project as a newcomer gets it: the wheel, and the demo in an environment without extras."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

pytestmark = pytest.mark.full

PROJECT = Path(__file__).resolve().parents[2]
PLUGIN = json.loads((PROJECT / "plugin.json").read_text(encoding="utf-8"))
EXAMPLES = json.loads((PROJECT / "engine/examples/examples.json").read_text(encoding="utf-8"))
KINDS = ("before", "after")


@dataclass(frozen=True, slots=True)
class Demo:
    """One run of `bootstrap.py demo`: its home folder and what it wrote."""

    home: Path
    finished: subprocess.CompletedProcess[str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the demo's environment, away from the sources."""
        scripts = self.home / "demo" / ("Scripts" if os.name == "nt" else "bin")
        return run([str(scripts / arguments[0]), *arguments[1:]], self.home)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=500, check=False
    )


def run_demo(home: Path) -> Demo:
    command = [sys.executable, str(PROJECT / "packaging" / "bootstrap.py"), "demo"]
    return Demo(home, run([*command, "--home", str(home)], home))


def read(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    made = run_demo(tmp_path_factory.mktemp("home"))
    assert made.finished.returncode == 0, made.finished.stderr
    return made


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    finished = run([*pip, str(folder), str(PROJECT)], folder)
    assert finished.returncode == 0, finished.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_carries_plugin_json_weights_and_examples(wheel_names: set[str]) -> None:
    weights = PLUGIN["weights"]
    examples = {f"engine/examples/{path.name}" for path in (PROJECT / "engine/examples").iterdir()}
    expected = {"engine/plugin.json", weights["file"], weights["model_card"], *examples}
    assert expected <= wheel_names


def test_wheel_carries_the_three_packages_and_nothing_else(wheel_names: set[str]) -> None:
    rooms = {name.split("/")[0] for name in wheel_names}
    assert rooms == {
        "engine",
        "frih_plugin",
        "training",
        f"frih_harmonize-{PLUGIN['version']}.dist-info",
    }


def test_demo_prints_its_picture_alone_on_standard_output(demo: Demo) -> None:
    (line,) = demo.finished.stdout.splitlines()
    assert Path(line).is_absolute()
    with Image.open(line) as picture:
        assert picture.format == "PNG"
        assert picture.width > 2 * 1000


def test_demo_changed_the_layer_and_nothing_else(demo: Demo) -> None:
    before, after = (read(demo.home / "pictures" / f"cake-{kind}.png") for kind in KINDS)
    rows, columns = np.nonzero((before != after).any(axis=2))
    left, top = (int(part) for part in EXAMPLES["cake"]["at"].split(","))
    with Image.open(PROJECT / "engine/examples" / EXAMPLES["cake"]["layer"]) as layer:
        right, bottom = left + layer.width, top + layer.height
    assert len(rows) > 1000
    assert left <= columns.min() <= columns.max() < right
    assert top <= rows.min() <= rows.max() < bottom


def test_demo_repeats_without_installing_again(demo: Demo) -> None:
    again = run_demo(demo.home)
    assert again.finished.returncode == 0
    assert again.finished.stdout == demo.finished.stdout
    assert "Installing" not in again.finished.stderr


def test_installed_frih_describes_itself_without_extras(demo: Demo) -> None:
    finished = demo.command("frih", "info", "--json")
    assert finished.returncode == 0, finished.stderr
    assert PLUGIN["version"] in finished.stdout


def test_demo_environment_holds_no_extras(demo: Demo) -> None:
    listed = demo.command("python", "-m", "pip", "list", "--format=freeze")
    names = {line.split("==")[0].lower() for line in listed.stdout.splitlines()}
    assert "numpy" in names
    assert names.isdisjoint({"torch", "pytest", "pyqt6", "onnx", "tensorboard"})

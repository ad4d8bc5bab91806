"""The panel in a real Krita with the real engine, and what is then in the picture.

The story is acted out by krita/play.py; `play.py --chroot FOLDER` does the same with the Krita of
another system.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.files import read_picture
from frih_plugin.state.granularity import DEFAULT_STOP, cutoff_distance

pytestmark = [pytest.mark.full, pytest.mark.timeout(1500)]
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "engine" / "examples"
NEARLY = 2.0
"""Parts of 255 by which a result may be off, where the engine mixes as Krita does."""

FLOAT_NOISE = 1e-3
"""Krita's own projections of floating point pictures differ by so much from time to time."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One profile for all parts: a fresh one takes Krita five times as long to start."""
    for program, package in (("krita", "krita python3-pyqt5"), ("Xvfb", "xvfb")):
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}: on Debian, apt-get install {package}")
    return tmp_path_factory.mktemp("krita")


def played(work: Path, part: str) -> dict[str, Any]:
    """What came of a part of the story."""
    place = Path(__file__).with_name("krita") / "play.py"
    spec = importlib.util.spec_from_file_location("krita_play", place)
    assert spec is not None
    assert spec.loader is not None
    player = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(player)
    report: dict[str, Any] = player.play(work, only=part)
    assert report.get("the end"), report
    assert "dialog" not in report, report
    return report


def test_a_persons_way_in_krita(work: Path, tmp_path: Path) -> None:
    told = played(work, "click")["click"]
    assert (told["undo steps"], told["undone"], told["redone"]) == (1, True, True)
    assert told["active"] == "cake"
    assert told["untouched by the slider"]
    assert len(told["layers"]) == 4
    assert told["result.kra"]
    assert told["result.png"]
    assert told["reopened"]
    assert told["annotations"] == ["frih-harmonize/results", "frih-harmonize/settings"]
    made, size = work / "made", told["size"]
    first = by_command_line(tmp_path, cutoff_distance(DEFAULT_STOP))
    second = by_command_line(tmp_path, cutoff_distance(told["stop"]))
    assert largest(raw(made / "click-shown.raw", size), first) <= NEARLY
    assert largest(raw(made / "again-shown.raw", size), second) <= NEARLY
    saved = read_picture(made / "result.png").picture.pixels
    assert np.array_equal(saved, raw(made / "again-shown.raw", size)[..., :3])
    layer = raw(made / "click-layer.raw", told["at"][2:])
    left, top, width, height = told["at"]
    opaque = raw(made / "click-source.raw", told["at"][2:])[..., 3] == 255
    same = first[top : top + height, left : left + width]
    assert opaque.mean() > 0.3
    assert np.array_equal(layer[opaque][:, :3], same[opaque])


@pytest.mark.parametrize("part", ["spaces", "modes", "kinds", "rarer"])
def test_the_picture_shows_what_the_preview_showed(work: Path, part: str) -> None:
    report = played(work, part)
    cases: dict[str, dict[str, Any]] = {name: told for name, told in report.items() if " " in name}
    del cases["the end"]
    assert len(cases) >= 6
    wrong = {name: told for name, told in cases.items() if not is_right(told)}
    assert wrong == {}


def test_the_zip_brings_dock_menu_and_shortcut(work: Path) -> None:
    told = played(work, "start")["start"]
    assert told["from the zip"]
    assert told["manual"]
    assert told["engine"] >= 2
    assert told["docks"] == 1
    assert told["shortcut"] == "Ctrl+Alt+H"
    assert told["menus"] == ["Scripts"]


def test_fits_the_background_to_the_layer(work: Path) -> None:
    for told in played(work, "background")["background"].values():
        assert (told["undo steps"], told["undone"], told["redone"]) == (1, True, True)
        assert told["right below"]
        assert told["pixels"]
        assert told["changed"] > NEARLY
        assert told["a second time"] == 0
        assert told["active"] == "cake"


def test_the_menu_and_its_shortcut_harmonize(work: Path) -> None:
    assert played(work, "action")["action"] == {"menu": 1, "shortcut": 1}


def test_several_selected_layers_are_one_object(work: Path) -> None:
    told = played(work, "several")["several"]
    assert (told["undo steps"], told["undone"], told["redone"]) == (1, True, True)
    assert told["on top"]
    assert told["changed"] > NEARLY
    assert told["box"] == [0, 60, 360, 340]


def test_each_window_harmonizes_its_own_picture(work: Path) -> None:
    told = played(work, "windows")["windows"]
    assert told["front"]
    assert told["its window"]
    assert told["other front"]
    assert told["first again"]
    assert told["docks"] == [1, 1]
    for which in ("behind", "other window", "back"):
        assert told[which] == {"new layers": 1, "others untouched": True, "notice": ""}


def test_the_frame_that_shows_is_harmonized(work: Path) -> None:
    told = played(work, "frames")["frames"]
    assert told.pop("frames") == [True, False, True]
    for time, frame in told.items():
        assert (frame["undo steps"], frame["undone"]) == (1, True)
        assert frame["changed"] > NEARLY
        assert frame["name"].endswith(f"for frame {time} only")
    green = [told[time]["middle"][1][1] for time in ("10", "0")]
    assert green == [220, 164]


def is_right(told: dict[str, Any]) -> bool:
    return (
        told.get("undo steps") == 1
        and told["changed"][0] > NEARLY
        and told["off"][0] <= NEARLY
        and max(told["undone"], told["redone"]) <= FLOAT_NOISE
    )


def test_says_why_a_layer_cannot_be_harmonized(work: Path) -> None:
    report = played(work, "sentences")
    told = report["sentences"]
    assert told["mended"] == ""
    for trouble in ("locked", "hidden", "outside", "empty", "pass-through"):
        assert trouble in told[trouble]
        assert told[trouble].endswith(".")
    assert report["without a document"] == "Open a picture first."


def test_trouble_leaves_the_picture_as_it_was(work: Path) -> None:
    told = played(work, "trouble")["trouble"]
    assert told["untouched"]
    assert told["works again"]
    assert told["lost engine"].startswith("The engine stopped unexpectedly")
    assert told["was at work"]
    assert told["closed"].startswith("The document was closed")


def raw(file: Path, size: list[int]) -> NDArray[np.uint8]:
    """(H, W, 4) rgba of Krita's bgra bytes; size: width and height."""
    pixels = np.frombuffer(file.read_bytes(), np.uint8).reshape(size[1], size[0], 4)
    return pixels[..., [2, 1, 0, 3]]


def largest(shown: NDArray[np.uint8], expected: NDArray[np.uint8]) -> int:
    return int(np.abs(shown[..., :3].astype(int) - expected.astype(int)).max())


def by_command_line(folder: Path, distance: float) -> NDArray[np.uint8]:
    """What `frih harmonize` makes of the same pictures."""
    result = folder / f"{distance}.png"
    options = {
        "--background": EXAMPLES / "cake_background.jpg",
        "--layer": EXAMPLES / "cake_layer.png",
        "--at": "400,300",
        "--cutoff-distance": distance,
        "--output": result,
    }
    arguments = [str(part) for option in options.items() for part in option]
    command = [sys.executable, "-m", "engine.cli.main", "harmonize", *arguments]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return np.asarray(read_picture(result).picture.pixels, np.uint8)

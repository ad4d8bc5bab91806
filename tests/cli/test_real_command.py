"""`frih` as a process with the real weights: results, streams, signals, a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cli_pictures import OBJECT, Pictures, composite_pixels, read
from cli_runs import FRIH, PROJECT, Finished, run_frih
from PIL import Image

from engine.runtime.weights import load_weights

pytestmark = pytest.mark.full

FULL = Path("/dev/full")
SMALL_FILES = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
sys.argv[0] = "frih"
runpy.run_module("engine.cli.main", run_name="__main__")
"""


def options(pictures: Pictures) -> tuple[str | Path, ...]:
    return "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out


def run_with_small_files(limit: int, *arguments: str | Path) -> Finished:
    """Run the command where no file may grow beyond `limit` bytes, as on a full disk."""
    command = [sys.executable, "-c", SMALL_FILES.format(limit=limit), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_only_the_object_changes_and_the_report_says_how(pictures: Pictures) -> None:
    done = run_frih(*options(pictures), "--json", "--labels", pictures.folder / "labels.png")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    before, after = composite_pixels(), read(pictures.out)
    changed = (after != before).any(axis=2)
    assert changed[OBJECT].mean() > 0.5
    changed[OBJECT] = False
    assert not changed.any()
    labels = read(pictures.folder / "labels.png")
    assert {*np.unique(labels)} == {255, *range(report["count"])}
    assert report["device"]["got"] == report["device"]["asked"] == "onnx"
    assert report["weights_sha256"] == load_weights().sha256


def test_torch_and_onnx_give_the_same_picture(pictures: Pictures) -> None:
    run_frih(*options(pictures))
    other = pictures.folder / "torch.png"
    done = run_frih(*options(pictures), "-o", other, "--backend", "torch", "--json")
    assert json.loads(done.out)["device"]["got"] == "torch"
    difference = read(other).astype(int) - read(pictures.out)
    assert np.abs(difference).max() <= 2


def test_paper_keeps_every_region(pictures: Pictures) -> None:
    done = run_frih(*options(pictures), "--json", "--paper")
    report = json.loads(done.out)
    assert report["count"] == report["count_before_merging"]


def test_info_describes_the_installation() -> None:
    info = json.loads(run_frih("info", "--json").out)
    learnt = info["parameters"]
    assert learnt["total"] == learnt["stage_1"] + learnt["stage_2"]
    assert learnt["total"] == pytest.approx(11_980_000, rel=0.01)
    assert learnt["stage_2"] == pytest.approx(2_680_000, rel=0.01)
    assert all(isinstance(count, int) for count in learnt.values())
    assert info["weights"]["is_right"] is True
    assert info["weights"]["sha256"] == load_weights().sha256
    backends = {backend["name"]: backend for backend in info["backends"]}
    assert backends["onnx"]["is_available"] is True
    assert all(b["is_available"] or b["reason"] for b in info["backends"])


def test_info_for_people_has_the_same_numbers() -> None:
    counts = json.loads(run_frih("info", "--json").out)["parameters"]
    shown = run_frih("info").out
    assert f"{counts['stage_1']:,}" in shown
    assert f"{counts['stage_2']:,}" in shown


def test_version_is_that_of_plugin_json() -> None:
    version = json.loads((PROJECT / "plugin.json").read_text(encoding="utf-8"))["version"]
    assert run_frih("--version") == Finished(0, f"frih {version}\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes")
def test_full_disk_leaves_nothing_and_the_old_result(pictures: Pictures) -> None:
    pictures.out.write_bytes(b"precious")
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), np.uint8)
    Image.fromarray(noise).save(pictures.composite)
    before = sorted(path.name for path in pictures.folder.iterdir())
    done = run_with_small_files(20_000, *options(pictures), "--json")
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"frih: {pictures.out} could not be written because ")
    assert sorted(path.name for path in pictures.folder.iterdir()) == before
    assert pictures.out.read_bytes() == b"precious"


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_full_standard_output_is_a_sentence(pictures: Pictures) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [*FRIH, *map(str, options(pictures)), "--json"],
            cwd=PROJECT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("frih: ")


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_full_standard_error_does_not_stop_the_work(pictures: Pictures) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [*FRIH, *map(str, options(pictures)), "--json"],
            cwd=PROJECT, stdout=subprocess.PIPE, stderr=full, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stdout)["output"] == str(pictures.out)
    assert pictures.out.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no broken pipes as Unix has")
def test_closed_pipe_ends_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*FRIH, "info", "--json"],
            cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120,
            check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")

"""`frih harmonize` of a folder with the real weights and real worker processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from cli_pictures import composite_pixels, read, write_mask
from cli_runs import FRIH, PROJECT, run_frih
from PIL import Image

pytestmark = pytest.mark.full


@pytest.fixture(autouse=True)
def interruptible() -> None:
    """Children of a process that ignores Ctrl-C, as a background job does, would ignore it too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Composites good_1.jpg, good_2.png and broken_1.jpg, and a mask for each."""
    composites, masks = tmp_path / "composites", tmp_path / "masks"
    composites.mkdir()
    masks.mkdir()
    picture = Image.fromarray(composite_pixels())
    for name in ("good_1.jpg", "good_2.png", "broken_1.jpg"):
        picture.save(composites / name)
    broken = composites / "broken_1.jpg"
    broken.write_bytes(broken.read_bytes()[:2000])
    for name in ("good.png", "broken.png"):
        write_mask(masks / name)
    return tmp_path


def arguments(folders: Path) -> tuple[str | Path, ...]:
    return "harmonize", folders / "composites", "--mask", folders / "masks", "-o", folders / "out"


def test_a_broken_picture_does_not_stop_the_others(folders: Path) -> None:
    done = run_frih(*arguments(folders), "--workers", "2")
    assert (done.code, done.out) == (1, "")
    assert sorted(path.name for path in (folders / "out").iterdir()) == ["good_1.jpg", "good_2.png"]
    (failure,) = [line for line in done.err.splitlines() if line.startswith("frih: ")]
    assert "broken_1.jpg is damaged" in failure
    assert done.err.splitlines()[-1] == "2 of 3 pictures harmonized, 1 failed."


def test_a_sentence_without_the_pictures_name_gets_it(folders: Path) -> None:
    Image.new("L", (320, 240)).save(folders / "masks" / "good_2.png")
    done = run_frih(*arguments(folders), "--workers", "1")
    failures = sorted(line for line in done.err.splitlines() if line.startswith("frih: "))
    composites = folders / "composites"
    assert failures[0].startswith(f"frih: {composites / 'broken_1.jpg'} is damaged")
    assert failures[1].startswith(f"frih: {composites / 'good_2.png'}: The mask ")


def test_results_are_the_same_as_one_by_one(folders: Path) -> None:
    run_frih(*arguments(folders), "--workers", "2")
    single = folders / "single.png"
    composite, mask = folders / "composites/good_2.png", folders / "masks/good.png"
    run_frih("harmonize", composite, "--mask", mask, "-o", single)
    difference = read(single).astype(int) - read(folders / "out/good_2.png")
    # Threads may add up in another order, which now and then rounds differently.
    assert np.abs(difference).max() <= 1
    assert (read(single) != composite_pixels()).any()


def test_json_has_a_line_for_every_picture(folders: Path) -> None:
    done = run_frih(*arguments(folders), "--json")
    reports = {Path(r["composite"]).name: r for r in map(json.loads, done.out.splitlines())}
    assert set(reports) == {"good_1.jpg", "good_2.png", "broken_1.jpg"}
    assert reports["broken_1.jpg"]["error"]["code"] == "bad-input"
    assert reports["good_1.jpg"]["mask"] == str(folders / "masks/good.png")
    assert reports["good_1.jpg"]["count"] >= 2


def test_labels_and_regions_go_into_folders_of_their_own(folders: Path) -> None:
    extra = ("--labels", folders / "labels", "--regions", folders / "regions")
    run_frih(*arguments(folders), *extra)
    for name in ("labels", "regions"):
        written = sorted(path.name for path in (folders / name).iterdir())
        assert written == ["good_1.png", "good_2.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups as Ctrl-C needs them")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_leaves_whole_results_and_no_words(
    folders: Path, number: int, code: int
) -> None:
    for index in range(40):
        Image.fromarray(composite_pixels()).resize((2000, 1500)).save(
            folders / f"composites/many_{index}.png", compress_level=1
        )
    write_mask(folders / "masks/many.png", (2000, 1500))
    command = [*FRIH, *map(str, arguments(folders)), "--workers", "2"]
    with subprocess.Popen(
        command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        wait_for(running, folders / "out", "many_*.png")
        os.killpg(running.pid, number)  # as a terminal does: the workers get it too
        _, err = running.communicate(timeout=120)
    assert running.returncode == code
    assert [line for line in err.splitlines() if "broken" not in line] == []
    written = list((folders / "out").iterdir())  # hidden ones too
    assert len(written) < 40
    for path in written:
        read(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups as Ctrl-C needs them")
def test_ctrl_c_while_the_workers_start_is_answered_without_a_word(folders: Path) -> None:
    (folders / "composites/broken_1.jpg").unlink()
    command = [*FRIH, *map(str, arguments(folders)), "--workers", "2"]
    with subprocess.Popen(
        command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        wait_for(running, folders, "out")  # made just before the workers
        time.sleep(0.1)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (130, "")


def wait_for(running: subprocess.Popen[str], folder: Path, pattern: str) -> None:
    """Wait until the run has made its first results."""
    ends = time.monotonic() + 120
    while not list(folder.glob(pattern)):
        assert running.poll() is None, "the run ended before its first result"
        assert time.monotonic() < ends, "no result within two minutes"
        time.sleep(0.05)

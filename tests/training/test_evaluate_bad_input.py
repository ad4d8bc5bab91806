"""What is wrong with a data set or a disk is said in one sentence that names the file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from darken_backend import SHIFT, stand_in
from iharmony_folder import PHOTO_SIZE, write_set
from PIL import Image
from safetensors.numpy import save_file  # pyright: ignore[reportUnknownVariableType] - its PathLike names no type

from engine.network.config import DEFAULT
from engine.runtime.backend import open_backend
from training import evaluate
from training.__main__ import main

NAMES = {"f1_1_1": SHIFT, "f2_1_1": SHIFT}

Said = Callable[..., str]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    write_set(tmp_path / "set", NAMES)
    return tmp_path / "set"


@pytest.fixture
def said(data: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs the command, which has to refuse, and gives what it said instead of tables."""

    def run(*more: str, root: Path = data) -> str:
        assert main(["evaluate", "--data", str(root), *more]) == 2
        found = capsys.readouterr()
        assert "Table 1" not in found.out
        return found.err.strip().splitlines()[-1]

    return run


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_an_empty_folder_is_named(tmp_path: Path, said: Said) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    sentence = said(root=empty)
    assert str(empty) in sentence
    assert "no split file" in sentence


def test_a_missing_split_file_is_named(data: Path, said: Said) -> None:
    assert str(data / "IHD_test.txt") in said("--split", "IHD_test.txt")


def test_a_split_file_that_is_no_text_is_named(data: Path, said: Said) -> None:
    (data / "HFlickr_test.txt").write_bytes(b"\xff\xfe\x00f1")
    assert "HFlickr_test.txt" in said()


def test_a_description_without_names_is_named(data: Path, said: Said) -> None:
    (data / "bench.csv").write_text("kind,subset\nmade,film\n")
    assert "bench.csv" in said()


@pytest.mark.parametrize(
    "file", ["composite_images/f2_1_1.jpg", "masks/f2_1.png", "real_images/f2.jpg"]
)
def test_a_mask_or_photo_without_its_other_half_is_named(data: Path, said: Said, file: str) -> None:
    (data / file).unlink()
    sentence = said()
    assert str(data / file) in sentence
    assert "missing" in sentence


@pytest.mark.parametrize(
    "file", ["composite_images/f2_1_1.jpg", "masks/f2_1.png", "real_images/f2.jpg"]
)
def test_a_file_cut_short_is_named_and_not_skipped(data: Path, said: Said, file: str) -> None:
    cut(data / file)
    sentence = said()
    assert str(data / file) in sentence
    assert "cut short" in sentence


@pytest.mark.parametrize("bytes_lost", [3, 200])
def test_a_jpeg_that_lacks_its_last_bytes_is_named(data: Path, said: Said, bytes_lost: int) -> None:
    path = data / "real_images" / "f2.jpg"
    path.write_bytes(path.read_bytes()[:-bytes_lost])
    assert str(path) in said()


@pytest.mark.parametrize("content", ["of another network", "of another kind"])
def test_weights_of_another_network_are_named(
    data: Path, said: Said, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr(evaluate, "open_backend", open_backend)
    header = {"network": json.dumps(asdict(DEFAULT))} if content == "of another network" else {}
    path = data / "other.safetensors"
    save_file({"base.other.weight": np.zeros(3, np.float32)}, path, header)
    assert f"{path} cannot be evaluated" in said("--weights", str(path), "--backend", "torch")


@pytest.mark.parametrize("value", [255, 200])
def test_a_mask_without_background_is_named(data: Path, said: Said, value: int) -> None:
    """The engine declines a full mask; classical methods a soft one without background too."""
    Image.new("L", PHOTO_SIZE, value).save(data / "masks" / "f2_1.png")
    assert str(data / "masks" / "f2_1.png") in said("--classical")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("option", ["--md", "--json", "--sheet"])
def test_a_full_disk_is_named_and_the_old_report_stays(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    option: str,
) -> None:
    out = data / "report.jpg"
    out.write_bytes(b"old")
    full = io.FileIO("/dev/full", "r+")
    monkeypatch.setattr("engine.files.atomic.io.FileIO", Mock(return_value=full))
    assert main(["evaluate", "--data", str(data), option, str(out)]) == 2
    found = capsys.readouterr()
    assert "Table 1" in found.out, "what was measured is printed before it is written"
    assert f"{out} could not be written because the disk is full" in found.err
    assert out.read_bytes() == b"old"


def test_a_sheet_of_an_unknown_format_is_refused_before_any_work(data: Path, said: Said) -> None:
    assert "sheet.gif" in said("--sheet", str(data / "sheet.gif"))


@pytest.mark.parametrize("option", ["--cutoff-distance", "--distances"])
def test_an_impossible_cutoff_distance_is_refused_before_any_work(said: Said, option: str) -> None:
    sentence = said(option, "1.5")
    assert "1.5" in sentence
    assert ".jpg" not in sentence

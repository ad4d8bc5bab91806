"""The sheet shows the worst and the best, outlined, in the pictures' own proportions."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from engine.color.picture import Picture
from engine.errors import OutputError
from training.contact_sheet import CELL, make_row, outlined, worth_a_look, write_sheet
from training.iharmony_views import TriplePixels
from training.metrics import PictureRecord, Score


def record(ratio: float) -> PictureRecord:
    return PictureRecord("x", "s", "k", 0.1, Score(1, 1, 100.0), Score(1, 1, 100.0 * ratio))


def wide_picture() -> TriplePixels:
    """400 x 100: composite grey 50, truth grey 150, foreground in the left half."""
    composite = np.full((100, 400, 3), 50, np.uint8)
    mask = np.zeros((100, 400), np.uint8)
    mask[:, :200] = 255
    return TriplePixels(Picture(composite), np.full_like(composite, 150), mask)


def test_worst_come_first_then_the_middle_then_the_best() -> None:
    ratios = list(np.random.default_rng(1).permutation(30))
    shown = [ratios[index] for index in worth_a_look([record(float(r)) for r in ratios])]
    assert shown[:4] == [29, 28, 27, 26]
    assert shown[-4:] == [3, 2, 1, 0]
    assert 15 in shown[4:8]


def test_few_pictures_are_shown_once_each() -> None:
    assert worth_a_look([record(0.5), record(2.0)]) == [1, 0]


def test_outline_runs_inside_the_mask_along_its_border() -> None:
    rgb, inside = np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.bool_)
    inside[2:7, 2:7] = True
    drawn = outlined(rgb, inside).any(axis=2)
    expected = inside.copy()
    expected[3:6, 3:6] = False
    np.testing.assert_array_equal(drawn, expected)
    assert not rgb.any()


def test_rows_keep_the_pictures_proportions_whatever_the_results_size() -> None:
    row = make_row(record(1.0), wide_picture(), np.full((256, 256, 3), 100, np.uint8))
    for pixels in (row.composite, row.result, row.real):
        assert pixels.shape == (CELL // 4, CELL, 3)
    assert row.inside[:, : CELL // 2 - 1].all()
    assert not row.inside[:, CELL // 2 + 1 :].any()


def test_the_second_half_stands_to_the_right(tmp_path: Path) -> None:
    rows = [
        make_row(record(1.0), wide_picture(), np.full((100, 400, 3), grey, np.uint8))
        for grey in (80, 120, 200)
    ]
    write_sheet(tmp_path / "sheet.png", rows)
    width, line, result = 4 * (CELL + 4), 16, 2 * (CELL + 4) + 30
    height = line + CELL // 4 + 4
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * width, 2 * height)
        places = ((result, 30), (result, height + 30), (width + result, 30))
        found = [sheet.getpixel(place) for place in places]
    assert found == [(80, 80, 80), (120, 120, 120), (200, 200, 200)]


@pytest.mark.parametrize("name", ["sheet.jpg", "sheet.JPEG", "sheet.png"])
def test_columns_are_composite_outline_result_and_truth(tmp_path: Path, name: str) -> None:
    row = make_row(record(1.0), wide_picture(), np.full((100, 400, 3), 100, np.uint8))
    write_sheet(tmp_path / name, [row, row])
    with Image.open(tmp_path / name) as sheet:
        middle = 16 + CELL // 8
        greys = [sheet.getpixel((column * (CELL + 4) + 30, middle)) for column in range(4)]
    for found, value in zip(greys, (50, 50, 100, 150), strict=True):
        assert np.abs(np.asarray(found) - value).max() <= 2


def test_a_name_of_another_format_is_refused(tmp_path: Path) -> None:
    row = make_row(record(1.0), wide_picture(), np.full((100, 400, 3), 100, np.uint8))
    with pytest.raises(OutputError, match=r"sheet\.bmp"):
        write_sheet(tmp_path / "sheet.bmp", [row])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named_and_the_old_sheet_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sheet.jpg"
    path.write_bytes(b"old")
    full = io.FileIO("/dev/full", "r+")
    monkeypatch.setattr("engine.files.atomic.io.FileIO", Mock(return_value=full))
    row = make_row(record(1.0), wide_picture(), np.full((100, 400, 3), 100, np.uint8))
    with pytest.raises(OutputError, match="the disk is full") as caught:
        write_sheet(path, [row])
    assert str(path) in caught.value.sentence
    assert path.read_bytes() == b"old"

"""The picture that shows two pictures side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from engine.cli.before_after import CAPTION_HEIGHT_PX, GAP_PX, MAX_WIDTH_PX, write_before_after

PARK = Path(__file__).resolve().parents[2] / "engine/examples/park_background.jpg"


def write_plain(path: Path, color: tuple[int, int, int], size: tuple[int, int]) -> Path:
    Image.new("RGB", size, color).save(path)
    return path


def test_before_is_left_and_after_is_right_below_the_captions(tmp_path: Path) -> None:
    before = write_plain(tmp_path / "a.png", (200, 0, 0), (300, 100))
    after = write_plain(tmp_path / "b.png", (0, 0, 200), (300, 100))
    write_before_after(before, after, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.size == (2 * 300 + GAP_PX, 100 + CAPTION_HEIGHT_PX)
        assert picture.getpixel((0, CAPTION_HEIGHT_PX)) == (200, 0, 0)
        assert picture.getpixel((picture.width - 1, picture.height - 1)) == (0, 0, 200)
        caption = picture.crop((0, 0, picture.width, CAPTION_HEIGHT_PX))
        assert caption.getextrema() != ((255, 255), (255, 255), (255, 255))


def test_large_pictures_are_shown_smaller_in_their_proportions(tmp_path: Path) -> None:
    large = write_plain(tmp_path / "a.png", (9, 9, 9), (2 * MAX_WIDTH_PX, 600))
    write_before_after(large, large, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.size == (2 * MAX_WIDTH_PX + GAP_PX, 300 + CAPTION_HEIGHT_PX)


def test_display_p3_is_converted_to_srgb(tmp_path: Path) -> None:
    with Image.open(PARK) as park:
        display_p3 = park.info["icc_profile"]
    path = tmp_path / "a.png"
    Image.new("RGB", (40, 40), (200, 90, 90)).save(path, icc_profile=display_p3)
    write_before_after(path, path, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as picture:
        shown = picture.getpixel((0, picture.height - 1))
    # (215.7, 81.0, 85.9) by the primaries of both spaces and the sRGB curve that they share.
    assert shown == pytest.approx((215.7, 81.0, 85.9), abs=1)


def test_nothing_is_left_when_it_cannot_be_written(tmp_path: Path) -> None:
    plain = write_plain(tmp_path / "a.png", (9, 9, 9), (40, 40))
    with pytest.raises(FileNotFoundError):
        write_before_after(plain, plain, tmp_path / "absent" / "out.png")

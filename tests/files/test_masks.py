"""Masks from every kind of file, and their fit to turned pictures."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.files import FileFormat, Metadata, PictureFile, fit_mask_to, read_mask, read_picture

SOFT = np.random.default_rng(5).integers(0, 256, (20, 30), np.uint8)
HARD = np.where(SOFT > 100, 255, 0).astype(np.uint8)


def file_of(size: tuple[int, int], orientation: int) -> PictureFile:
    """A picture of that upright (height, width)."""
    picture = Picture(np.zeros((*size, 3), np.uint8))
    return PictureFile(picture, FileFormat.JPEG, Metadata(orientation=orientation))


def rgba(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(np.dstack((np.broadcast_to(colors, (20, 30, 3)), alpha)))


def saved(image: Image.Image, path: Path) -> Path:
    image.save(path)
    return path


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.webp"])
def test_a_soft_mask_is_read_as_it_is(tmp_path: Path, name: str) -> None:
    Image.fromarray(SOFT).save(tmp_path / name, lossless=True)
    assert np.array_equal(read_mask(tmp_path / name), SOFT)


def test_a_grey_jpeg_mask_is_read(tmp_path: Path) -> None:
    mask = read_mask(saved(Image.fromarray(HARD), tmp_path / "a.jpg"))
    assert mask.shape == HARD.shape
    assert mask.dtype == np.uint8


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_single_bits_become_0_and_255(tmp_path: Path, name: str) -> None:
    image = Image.fromarray(HARD).convert("1")
    assert np.array_equal(read_mask(saved(image, tmp_path / name)), HARD)


def test_16_bits_stay_16(tmp_path: Path) -> None:
    deep = SOFT.astype(np.uint16) * 250 + 3
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(deep))
    tifffile.imwrite(tmp_path / "a.tif", deep)
    for name in ("a.png", "a.tif"):
        mask = read_mask(tmp_path / name)
        assert mask.dtype == np.uint16
        assert np.array_equal(mask, deep)


def test_equal_channels_are_the_mask(tmp_path: Path) -> None:
    image = Image.fromarray(SOFT).convert("RGB")
    assert np.array_equal(read_mask(saved(image, tmp_path / "a.png")), SOFT)


def test_a_palette_mask_is_read_by_its_colours(tmp_path: Path) -> None:
    image = Image.fromarray(HARD).convert("P")
    assert np.array_equal(read_mask(saved(image, tmp_path / "a.png")), HARD)


@pytest.mark.parametrize("level", [0, 255, 77])
def test_one_colour_with_transparency_is_masked_by_its_alpha(tmp_path: Path, level: int) -> None:
    image = rgba(np.full(3, level, np.uint8), SOFT)
    assert np.array_equal(read_mask(saved(image, tmp_path / "a.png")), SOFT)


def test_a_cut_out_is_masked_by_its_alpha(tmp_path: Path) -> None:
    colors = np.random.default_rng(6).integers(0, 256, (20, 30, 3), np.uint8)
    assert np.array_equal(read_mask(saved(rgba(colors, SOFT), tmp_path / "a.png")), SOFT)


def test_a_mask_painted_in_black_and_white_shows_as_over_black(tmp_path: Path) -> None:
    painted = np.repeat(HARD[..., np.newaxis], 3, axis=2)
    expected = np.where(HARD == 255, SOFT, 0)
    assert np.array_equal(read_mask(saved(rgba(painted, SOFT), tmp_path / "a.png")), expected)


def test_an_opaque_alpha_is_no_information(tmp_path: Path) -> None:
    painted = np.repeat(SOFT[..., np.newaxis], 3, axis=2)
    image = rgba(painted, np.full((20, 30), 255, np.uint8))
    assert np.array_equal(read_mask(saved(image, tmp_path / "a.png")), SOFT)


def test_a_mask_is_upright_by_its_own_orientation(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(SOFT).save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as image:
        shown = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(read_mask(tmp_path / "a.png"), shown)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_mask_of_the_upright_size_is_taken_as_it_is(orientation: int) -> None:
    assert fit_mask_to(file_of((20, 30), orientation), SOFT) is SOFT


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_mask_of_the_stored_size_is_turned_like_the_picture(
    tmp_path: Path, orientation: int
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(np.dstack([SOFT] * 3)).save(tmp_path / "a.png", exif=exif)
    source = read_picture(tmp_path / "a.png")
    assert np.array_equal(fit_mask_to(source, SOFT), source.picture.pixels[..., 0])


def test_a_square_mask_counts_as_upright() -> None:
    square = SOFT[:, :20]
    assert fit_mask_to(file_of((20, 20), 6), square) is square


@pytest.mark.parametrize("orientation", [1, 3])
def test_another_size_is_named_beside_the_right_one(orientation: int) -> None:
    with pytest.raises(BadInputError, match=r"30 x 20 .* 20 x 30"):
        fit_mask_to(file_of((30, 20), orientation), SOFT)


@pytest.mark.full
def test_both_masks_of_the_turned_sample_are_the_same(samples_dir: Path) -> None:
    source = read_picture(samples_dir / "03_console_orientation6.jpg")
    stored = read_mask(samples_dir / "03_console_orientation6_mask.png")
    upright = read_mask(samples_dir / "03_console_orientation6_mask_upright.png")
    assert stored.shape != upright.shape
    assert np.array_equal(fit_mask_to(source, stored), fit_mask_to(source, upright))

"""The photo store gives what the tars hold, and names what is missing or damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_photos import HEIGHT, OBJECT_BOX, WIDTH, smooth_picture, write_photos, write_tar
from numpy.typing import NDArray

import training.photos
from engine.errors import BadInputError, OutputError
from training.photo_folder import PhotoFiles, PhotoRecord
from training.photos import open_store


def test_store_gives_pixels_masks_and_regions_of_each_photo(tmp_path: Path) -> None:
    store = open_store(write_photos(tmp_path / "photos"), "train", tmp_path / "cache")
    assert [entry.stem for entry in store.entries[:2]] == ["photo0", "photo2"]
    photo = store[1]
    assert photo.pixels.shape == (HEIGHT, WIDTH, 3)
    difference = photo.pixels.astype(float) - np.asarray(smooth_picture(2), float)
    assert np.abs(difference).mean() < 6
    left, top, right, bottom = OBJECT_BOX
    assert photo.masks.shape == (1, HEIGHT, WIDTH)
    assert photo.masks[0, top:bottom, left:right].min() == 255
    assert photo.masks.astype(bool).sum() == (right - left) * (bottom - top)
    assert photo.segments.shape == (HEIGHT // 2, WIDTH // 2)
    assert len(store[len(store) - 1].masks) == 0


def test_second_opening_reads_the_cache_alone(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos")
    first = open_store(photos, "train", tmp_path / "cache")
    (photos / "objects.tar").unlink()
    second = open_store(photos, "train", tmp_path / "cache")
    assert np.array_equal(first[0].pixels, second[0].pixels)


def test_cache_made_by_another_process_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, cache = write_photos(tmp_path / "photos"), tmp_path / "cache"
    decode = training.photos.decode

    def slowly(files: PhotoFiles) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        monkeypatch.setattr(training.photos, "decode", decode)
        open_store(photos, "train", cache)
        (folder,) = [path for path in cache.iterdir() if path.name.startswith("train")]
        (folder / "in use").touch()
        return decode(files)

    monkeypatch.setattr(training.photos, "decode", slowly)
    open_store(photos, "train", cache)
    (folder,) = cache.iterdir()
    assert (folder / "in use").exists()


def test_damaged_photo_is_named_and_leaves_no_cache(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos", count=2)
    write_tar(photos / "plain.tar", {"photo1.jpg": b"no JPEG"})
    with pytest.raises(BadInputError, match=r"photo1\.jpg in plain\.tar cannot be decoded"):
        open_store(photos, "train", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("missing", ["train.txt", "manifest.csv", "plain.tar"])
def test_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    photos = write_photos(tmp_path / "photos")
    (photos / missing).unlink()
    with pytest.raises(BadInputError, match=missing.replace(".", r"\.")):
        open_store(photos, "train", tmp_path / "cache")


def test_photo_that_the_tar_lacks_is_named(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos")
    write_tar(photos / "plain.tar", {})
    with pytest.raises(BadInputError, match=r"plain\.tar has no photo1\.jpg"):
        open_store(photos, "train", tmp_path / "cache")


def test_cache_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    with pytest.raises(OutputError, match="--cache"):
        open_store(write_photos(tmp_path / "photos"), "train", tmp_path / "cache")


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC BY-SA 4.0", True),
        ("CC BY, CC BY-SA", True),
        ("CC0 / NASA", False),
        ("CC BY 2.0", False),
    ],
)
def test_share_alike_is_read_from_the_licence(licence: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of the test
    record = PhotoRecord("a", "t", "s", 0, "", "train", licence, "o", "f")
    assert record.share_alike is expected

"""A folder of somebody's own photographs, with or without masks, can be trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_photos import HEIGHT, WIDTH, smooth_picture
from PIL import Image

from engine.errors import BadInputError
from training.__main__ import main
from training.batches import BatchConfig, CompositeBatches
from training.photo_folder import read_list, read_manifest
from training.photos import LONGEST_SHORT_SIDE, open_store
from training.plain_folder import is_for_val


def write_plain(root: Path, count: int = 6) -> Path:
    """Pictures named with spaces, JPEG and PNG in turn, none with a mask."""
    root.mkdir()
    for number in range(count):
        smooth_picture(number).save(root / f"my photo {number}.{('jpg', 'png')[number % 2]}")
    return root


def test_photos_without_masks_make_batches(tmp_path: Path) -> None:
    config = BatchConfig(size=128, batch=4)
    photos, cache = write_plain(tmp_path / "photos"), tmp_path / "cache"
    batch = CompositeBatches(photos, cache, config, seed=1).maker()(0)
    changed = (batch.composite != batch.real).any(1).flatten(1).any(1)
    assert bool(changed.all())
    ratio = (batch.mask >= 128).float().mean((1, 2, 3))
    assert bool(((ratio > 0.002) & (ratio < 0.8)).all())


def test_masks_beside_a_photo_are_its_objects(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos")
    mask = Image.new("L", (WIDTH, HEIGHT))
    mask.paste(255, (50, 40, 110, 100))
    mask.save(photos / "my photo 0_1.png")
    store = open_store(photos, "train", tmp_path / "cache")
    with_masks = {entry.stem: entry.masks for entry in store.entries}
    assert with_masks["my photo 0"] == 1
    assert sum(with_masks.values()) == 1


def test_every_photo_is_in_one_split_by_its_name(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos", 0)
    names = [f"p{number}" for number in range(200)]
    for name in names:
        (photos / f"{name}.jpg").touch()
    train, val = read_list(photos, "train"), read_list(photos, "val")
    assert sorted(Path(line).stem for line in train + val) == sorted(names)
    assert [Path(line).stem for line in val] == sorted(name for name in names if is_for_val(name))
    assert 0 < len(val) < 25
    assert read_manifest(photos)[Path(val[0]).stem].split == "val"


def test_changed_photo_is_decoded_again(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos")
    before = open_store(photos, "train", tmp_path / "cache")[0].pixels
    first = photos / Path(read_list(photos, "train")[0]).name
    Image.new("RGB", (WIDTH, HEIGHT), "teal").save(first)
    after = open_store(photos, "train", tmp_path / "cache")[0].pixels
    assert not np.array_equal(before, after)


def test_large_photo_is_reduced_and_turned_as_the_camera_says(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos", 0)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (1600, 1200), "teal").save(photos / "a.jpg", exif=exif)
    store = open_store(photos, "train", tmp_path / "cache")
    assert store[0].pixels.shape == (round(LONGEST_SHORT_SIDE * 1600 / 1200), LONGEST_SHORT_SIDE, 3)


def test_damaged_photo_is_named(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos")
    (photos / "my photo 2.jpg").write_bytes(b"no JPEG")
    with pytest.raises(BadInputError, match=r"my photo 2\.jpg cannot be decoded"):
        open_store(photos, "train", tmp_path / "cache")


def test_folder_without_pictures_or_with_two_of_a_name_is_refused(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos", 0)
    with pytest.raises(BadInputError, match="no photographs"):
        read_list(photos, "train")
    for suffix in ("jpg", "png"):
        smooth_picture(1).save(photos / f"twin.{suffix}")
    with pytest.raises(BadInputError, match="two pictures named twin"):
        read_list(photos, "train")


def test_training_runs_on_a_plain_folder(tmp_path: Path) -> None:
    photos = write_plain(tmp_path / "photos")
    command = ["train", "--photos", str(photos), "--cache", str(tmp_path / "cache"), "--run",
               str(tmp_path / "run"), "--config", "photos-128-base", "--steps", "1", "--workers",
               "0", "--set", "batches.batch=2"]  # fmt: skip
    assert main(command) == 0
    assert (tmp_path / "run" / "average.safetensors").is_file()

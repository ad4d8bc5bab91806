"""The training photographs, decoded once into a cache that every loader process maps.

Reads a folder in the format of the project's photo collection: tar files of STEM.jpg with masks
STEM_1.png ..., manifest.csv, train.txt and val.txt.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from skimage.segmentation import felzenszwalb

from engine.errors import BadInputError

Split = Literal["train", "val"]

_CACHE_VERSION = 1
_SEGMENT_SCALE = 2
"""Colour regions are found and kept at half size."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """Where one photograph and its masks lie in the cache."""

    stem: str
    source: str
    share_alike: bool
    mask_kind: str
    height: int
    width: int
    masks: int
    pixels_at: int
    masks_at: int
    segments_at: int


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """One photograph: pixels (H, W, 3) uint8, masks (M, H, W) of 0 or 255, segments at half."""

    entry: PhotoEntry
    pixels: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    segments: NDArray[np.uint8]


class PhotoStore:
    """The photographs of one split, mapped from the cache; open_store makes one."""

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / "index.json").read_text())
        self.entries = [PhotoEntry(**entry) for entry in index]
        self._pixels = np.memmap(folder / "pixels.bin", np.uint8, "r")
        self._masks = np.memmap(folder / "masks.bin", np.uint8, "r")
        self._segments = np.memmap(folder / "segments.bin", np.uint8, "r")

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> Photo:
        e = self.entries[index]
        area = e.height * e.width
        pixels = self._pixels[e.pixels_at : e.pixels_at + 3 * area]
        masks = self._masks[e.masks_at : e.masks_at + e.masks * area]
        h, w = _half(e.height), _half(e.width)
        return Photo(
            e,
            pixels.reshape(e.height, e.width, 3),
            masks.reshape(e.masks, e.height, e.width),
            self._segments[e.segments_at : e.segments_at + h * w].reshape(h, w),
        )


def open_store(photos: Path, split: Split, cache: Path) -> PhotoStore:
    """Open a split of the photo folder, decoding it into `cache` when that was not done yet.

    Raises BadInputError naming the file when the folder, a list or a photograph is not usable.
    """
    listed = _listed(photos, split)
    key = hashlib.sha256("\n".join([str(_CACHE_VERSION), *listed]).encode()).hexdigest()[:12]
    folder = cache / f"{split}-{key}"
    if not (folder / "index.json").exists():
        _log.info("decoding %d photographs into the cache", len(listed))
        _build(photos, listed, folder)
    return PhotoStore(folder)


def _listed(photos: Path, split: Split) -> list[str]:
    names = photos / f"{split}.txt"
    if not names.is_file():
        raise BadInputError(
            f"{names} is missing: give the folder that holds train.txt and val.txt."
        )
    return names.read_text().split()


def _build(photos: Path, listed: list[str], folder: Path) -> None:
    manifest = _manifest(photos)
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[PhotoEntry] = []
    files = {n: (folder / f"{n}.bin.part").open("wb") for n in ("pixels", "masks", "segments")}
    for stem, pixels, masks in _decoded(photos, listed):
        row = manifest.get(stem)
        if row is None:
            raise BadInputError(f"{photos / 'manifest.csv'} has no line for {stem}.")
        at = {name: file.tell() for name, file in files.items()}
        entries.append(
            PhotoEntry(
                stem, row["source"], "SA" in row["licence"], row["mask_kind"],
                *pixels.shape[:2], len(masks), at["pixels"], at["masks"], at["segments"],
            )
        )  # fmt: skip
        files["pixels"].write(pixels.tobytes())
        files["masks"].write(masks.tobytes())
        files["segments"].write(_color_regions(pixels).tobytes())
    for name, file in files.items():
        file.close()
        (folder / f"{name}.bin.part").replace(folder / f"{name}.bin")
    part = folder / "index.json.part"
    part.write_text(json.dumps([asdict(entry) for entry in entries]))
    os.replace(part, folder / "index.json")  # noqa: PTH105 - last, so that a cut-off build is redone


def _manifest(photos: Path) -> dict[str, dict[str, str]]:
    with (photos / "manifest.csv").open(newline="") as file:
        return {row["stem"]: row for row in csv.DictReader(file)}


def _decoded(
    photos: Path, listed: list[str]
) -> Iterator[tuple[str, NDArray[np.uint8], NDArray[np.uint8]]]:
    by_tar: dict[str, list[str]] = {}
    for name in listed:
        tar, _, file = name.partition("/")
        by_tar.setdefault(tar, []).append(file)
    for tar, names in by_tar.items():
        with tarfile.open(photos / (tar if tar.endswith(".tar") else f"{tar}.tar")) as archive:
            members = {member.name.removeprefix("./"): member for member in archive.getmembers()}
            for name in names:
                stem = Path(name).stem
                pixels = _read(archive, members, name, "RGB", tar)
                masks = [
                    _read(archive, members, f"{stem}_{i}.png", "L", tar)
                    for i in range(1, 4)
                    if f"{stem}_{i}.png" in members
                ]
                stacked = np.stack(masks) if masks else np.zeros((0, *pixels.shape[:2]), np.uint8)
                yield stem, pixels, stacked


def _read(
    archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str, mode: str, tar: str
) -> NDArray[np.uint8]:
    member = members.get(name)
    file = archive.extractfile(member) if member is not None else None
    if file is None:
        raise BadInputError(f"{tar} has no {name}, which the list of photographs names.")
    try:
        return np.asarray(Image.open(io.BytesIO(file.read())).convert(mode))
    except (OSError, UnidentifiedImageError) as error:
        raise BadInputError(f"{name} in {tar} cannot be decoded: replace it.") from error


def _half(side: int) -> int:
    return (side + 1) // _SEGMENT_SCALE


def _color_regions(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Felzenszwalb's regions at half size, at most 256 of them."""
    half = pixels[::_SEGMENT_SCALE, ::_SEGMENT_SCALE]
    least = max(40, half.shape[0] * half.shape[1] // 250)
    return felzenszwalb(half, scale=150, sigma=0.8, min_size=least).astype(np.uint8)

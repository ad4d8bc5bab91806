"""The training photographs, decoded once into a cache that every loader process maps."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError
from skimage.segmentation import (
    felzenszwalb,  # pyright: ignore[reportUnknownVariableType] - it has no types
)

from engine.errors import BadInputError, OutputError
from training.photo_folder import (
    MANIFEST,
    PhotoFiles,
    PhotoRecord,
    Split,
    read_files,
    read_list,
    read_manifest,
)
from training.plain_folder import is_plain, stamp

_CACHE_VERSION = 1
_SEGMENT_SCALE = 2
"""Colour regions are found and kept at half size."""

LONGEST_SHORT_SIDE = 512
"""Photographs are reduced to this short side in pixels: views are of 128 to 256."""

_INDEX = "index.json"
_PLANES = ("pixels", "masks", "segments")

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
    """The photographs of one split, mapped from the cache; open_store makes one.

    Raises OSError, ValueError or TypeError for a cache that is not whole.
    """

    def __init__(self, folder: Path) -> None:
        index = json.loads((folder / _INDEX).read_text())
        self.entries = [PhotoEntry(**entry) for entry in index]
        self._pixels, self._masks, self._segments = (_mapped(folder, name) for name in _PLANES)
        last = self[len(self) - 1]
        ends = (
            (self._pixels, last.entry.pixels_at + last.pixels.size),
            (self._masks, last.entry.masks_at + last.masks.size),
            (self._segments, last.entry.segments_at + last.segments.size),
        )
        if any(len(plane) != end for plane, end in ends):
            raise ValueError("A plane is cut off.")

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


def _mapped(folder: Path, name: str) -> NDArray[np.uint8]:
    file = folder / f"{name}.bin"
    if file.stat().st_size == 0:  # no photograph has a mask; nothing cannot be mapped
        return np.zeros(0, np.uint8)
    return np.memmap(file, np.uint8, "r")


def open_store(photos: Path, split: Split, cache: Path) -> PhotoStore:
    """Open a split of the photo folder, decoding it into `cache` when that was not done yet.

    Raises BadInputError naming the file when the folder, a list or a photograph is not usable,
    OutputError when the cache cannot be written.
    """
    listed = read_list(photos, split)
    if not listed:
        raise BadInputError(f"{photos} has no photographs for {split}: give another folder.")
    stamps = stamp(photos) if is_plain(photos) else []
    key_parts = [str(_CACHE_VERSION), *listed, *stamps]
    key = hashlib.sha256("\n".join(key_parts).encode()).hexdigest()[:12]
    folder = cache / f"{split}-{key}"
    if not (folder / _INDEX).exists():
        _log.info("decoding %d photographs into the cache", len(listed))
        try:
            _build_apart(photos, listed, folder)
        except OSError as error:
            raise OutputError(
                f"The cache {cache} cannot be written: make room, or name another with --cache."
            ) from error
    try:
        return PhotoStore(folder)
    except (OSError, ValueError, TypeError) as error:
        raise BadInputError(
            f"The cache {folder} is damaged: delete this folder, and it is made again."
        ) from error


def _build_apart(photos: Path, listed: Sequence[str], folder: Path) -> None:
    """Build in a folder of this process's own, which takes the cache's place when it is whole.

    A process that was quicker meanwhile has made the same cache: its stays, it may be in use.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    own = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        _build(photos, listed, own)
        if not (folder / _INDEX).exists():
            own.rename(folder)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _build(photos: Path, listed: Sequence[str], folder: Path) -> None:
    manifest = read_manifest(photos)
    entries: list[PhotoEntry] = []
    with ExitStack() as stack:
        planes = [stack.enter_context((folder / f"{n}.bin").open("wb")) for n in _PLANES]
        for files in read_files(photos, listed):
            record = manifest.get(files.stem)
            if record is None:
                raise BadInputError(f"{photos / MANIFEST} has no line for {files.stem}.")
            if record.masks != len(files.masks):
                raise BadInputError(
                    f"{files.tar}.tar has {len(files.masks)} masks of {files.stem}.jpg, and "
                    f"{photos / MANIFEST} counts {record.masks}: copy both again."
                )
            pixels, masks = decode(files)
            at = tuple(plane.tell() for plane in planes)
            entries.append(_entry(record, pixels, masks, at))
            for plane, array in zip(planes, (pixels, masks, _color_regions(pixels)), strict=True):
                plane.write(array.tobytes())
    (folder / _INDEX).write_text(json.dumps([asdict(entry) for entry in entries]))


def _entry(
    record: PhotoRecord, pixels: NDArray[np.uint8], masks: NDArray[np.uint8], at: tuple[int, ...]
) -> PhotoEntry:
    height, width = pixels.shape[:2]
    kind, share_alike = record.mask_kind, record.share_alike
    return PhotoEntry(record.stem, record.source, share_alike, kind, height, width, len(masks), *at)


def decode(files: PhotoFiles) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A photograph's pixels (H, W, 3) and masks (M, H, W) of 0 or 255; large ones are reduced.

    Raises BadInputError naming the file that is damaged or of another size.
    """
    photo = _decoded(files.photo, "RGB", files.photo_name)
    scale = min(1.0, LONGEST_SHORT_SIDE / min(photo.size))
    size = (round(photo.width * scale), round(photo.height * scale))
    masks = np.zeros((len(files.masks), size[1], size[0]), np.uint8)
    for index, content in enumerate(files.masks):
        mask = _decoded(content, "L", files.mask_name(index))
        if mask.size != photo.size:
            raise BadInputError(
                f"{files.mask_name(index)} has another size than its photograph: replace it."
            )
        masks[index] = (np.asarray(mask.resize(size)) >= 128) * np.uint8(255)
    return np.asarray(photo.resize(size, Image.Resampling.LANCZOS)), masks


def _decoded(content: bytes, mode: str, name: str) -> Image.Image:
    """The picture turned as the camera says."""
    try:
        return ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert(mode)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise BadInputError(f"{name} cannot be decoded: replace it.") from error


def _half(side: int) -> int:
    return (side + 1) // _SEGMENT_SCALE


def _color_regions(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Felzenszwalb's regions at half size, at most 256 of them."""
    half = pixels[::_SEGMENT_SCALE, ::_SEGMENT_SCALE]
    least = max(40, half.shape[0] * half.shape[1] // 250)
    regions = cast("NDArray[np.int64]", felzenszwalb(half, scale=150, sigma=0.8, min_size=least))
    return regions.astype(np.uint8)

"""Photographs made small for a pack: drawn by weight, re-encoded to fit a number of bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.batches import photo_weights
from training.photo_folder import PhotoFiles, PhotoRecord
from training.photos import decode

SHORT_SIDE = 256
QUALITIES = (90, 85, 80, 75, 70, 65, 60, 50)
"""JPEG qualities to choose from; below 50 blocks show in the smooth parts of 256 px pictures."""

_TAR_BLOCK = 512


@dataclass(frozen=True, slots=True)
class PackedPhoto:
    """A photograph as it goes into a pack; sizes in pixels."""

    record: PhotoRecord
    files: PhotoFiles
    width: int
    height: int

    @property
    def tar_bytes(self) -> int:
        """What it takes of a tar file, headers and padding included."""
        return sum(_in_tar(content) for content in (self.files.photo, *self.files.masks))


def _in_tar(content: bytes) -> int:
    return _TAR_BLOCK * (1 - (-len(content) // _TAR_BLOCK))


def draw_order(
    records: Sequence[PhotoRecord], seed: int, *, share_alike: bool
) -> list[PhotoRecord]:
    """The records in the order of a weighted draw without replacement, those of weight 0 left out.

    Each gets an exponentially distributed time over its weight; the earliest come first.
    """
    weights = photo_weights(records, share_alike=share_alike)
    times = np.random.default_rng(seed).exponential(size=len(records))
    times = np.divide(times, weights, out=np.full(len(records), np.inf), where=weights > 0)
    return [records[i] for i in np.argsort(times) if np.isfinite(times[i])]


def repack(record: PhotoRecord, files: PhotoFiles, quality: int) -> PackedPhoto:
    """Reduce a photograph to SHORT_SIDE (never enlarged) and encode it and its masks again.

    Raises BadInputError naming a file that is damaged.
    """
    pixels, masks = decode(files)
    photo = Image.fromarray(pixels)
    scale = min(1.0, SHORT_SIDE / min(photo.size))
    size = (round(photo.width * scale), round(photo.height * scale))
    content = io.BytesIO()
    small = photo.resize(size, Image.Resampling.LANCZOS)
    small.save(content, "JPEG", quality=quality, optimize=True, progressive=True)
    small_masks = tuple(_repacked_mask(mask, size) for mask in masks)
    packed = PhotoFiles(files.tar, files.stem, content.getvalue(), small_masks)
    return PackedPhoto(record, packed, *size)


def _repacked_mask(mask: NDArray[np.uint8], size: tuple[int, int]) -> bytes:
    content = io.BytesIO()
    small = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.BILINEAR))
    Image.fromarray(small >= 128).save(content, "PNG", optimize=True)
    return content.getvalue()


def choose_quality(
    sample: Sequence[tuple[PhotoRecord, PhotoFiles]], wanted: int, budget_bytes: int
) -> int:
    """The best quality at which `wanted` photographs like the sample fit, else the lowest one."""
    for quality in QUALITIES:
        taken = sum(repack(record, files, quality).tar_bytes for record, files in sample)
        if taken / len(sample) * wanted <= budget_bytes:
            return quality
    return QUALITIES[-1]


def take_what_fits(photos: Iterable[PackedPhoto], budget_bytes: int) -> list[PackedPhoto]:
    """Photographs in their order until one does not fit any more."""
    fitting: list[PackedPhoto] = []
    taken = 0
    for photo in photos:
        taken += photo.tar_bytes
        if taken > budget_bytes:
            break
        fitting.append(photo)
    return fitting

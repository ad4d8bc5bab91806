"""Writing results: format by the name's ending, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import warnings
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from engine.color.depth import Samples, luma, to_8_bit
from engine.color.picture import Picture
from engine.errors import OutputError
from engine.files import jpeg, png, tiff, webp
from engine.files.atomic import cannot_write, whole_file
from engine.files.orientation import as_stored
from engine.files.picture_file import FileFormat, Metadata, PictureFile

_ENDINGS = {
    ".png": FileFormat.PNG,
    ".jpg": FileFormat.JPEG,
    ".jpeg": FileFormat.JPEG,
    ".tif": FileFormat.TIFF,
    ".tiff": FileFormat.TIFF,
    ".webp": FileFormat.WEBP,
}
_MAX_SIDE_PX = {
    FileFormat.PNG: png.MAX_SIDE_PX,
    FileFormat.JPEG: jpeg.MAX_SIDE_PX,
    FileFormat.TIFF: tiff.MAX_SIDE_PX,
    FileFormat.WEBP: webp.MAX_SIDE_PX,
}
_REDUCED = "{} holds 8 bits a channel; the 16-bit picture was rounded. Use PNG or TIFF to keep it."
_GREY_PROFILE_DROPPED = "The grey colour profile was not kept, because the new file holds colour."
_GREYS = ((2, ()), (3, (2,)))  # (H, W), and (H, W, 2) with alpha


def write_picture(path: Path, picture: Picture, like: PictureFile | None = None) -> tuple[str, ...]:
    """Write `picture` to `path`, in the format of the name's ending, as `like` was stored.

    Samples are turned back to the stored order of `like` and its orientation tag is kept as it
    is: the EXIF block stays true byte for byte, thumbnail and maker notes included, and a JPEG
    is compressed on the same grid of 8 x 8 blocks, which leaves untouched areas nearly as they
    were; turning is exact, so lossless files keep every bit. EXIF, XMP and resolution come from
    `like`, the ICC profile from `picture`. Where `like` held grey, grey is written: the luma of
    the three channels, which for equal channels is exactly their value. 16 bits stay 16 in PNG
    and TIFF, and are rounded to 8 in JPEG and WebP.
    The file appears whole or not at all, and an existing one is replaced only by a whole one.
    Returns one sentence for each thing that the new file does not keep. Raises OutputError.
    """
    file_format = check_writable(path, picture)
    metadata = like.metadata if like else Metadata()
    notes = metadata.dropped
    samples = _samples_of(picture, metadata, holds_alpha=file_format is not FileFormat.JPEG)
    icc, icc_notes = _profile_for(samples, picture.icc, file_format)
    notes += icc_notes
    if file_format in (FileFormat.JPEG, FileFormat.WEBP) and samples.dtype == np.uint16:
        samples = to_8_bit(samples)
        notes += (_REDUCED.format(file_format.value),)
    samples = as_stored(samples, metadata.orientation)
    with whole_file(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of damaged labels
        return notes + _encode(file, file_format, samples, icc, metadata)


def check_writable(path: Path, picture: Picture | None = None) -> FileFormat:
    """Find out before any work whether `path` can be written; gives the format.

    Raises OutputError where the ending is unknown, the folder is absent or closed, `path` is a
    folder, a device or write-protected, and (if the picture is given) where the format cannot
    hold its size or its transparency.
    """
    file_format = _format_for(path)
    try:
        _check_place(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    if picture is not None:
        _check_fits(path, picture, file_format)
    return file_format


def _format_for(path: Path) -> FileFormat:
    file_format = _ENDINGS.get(path.suffix.lower())
    if file_format is None:
        raise OutputError(
            f"{path} does not say in which format to write; "
            f"let its name end in one of {', '.join(_ENDINGS)}."
        )
    return file_format


def _check_place(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist; make it or choose another.")
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise OutputError(f"{path} is not a file and cannot be replaced; choose another name.")
        if not os.access(path, os.W_OK):
            raise OutputError(f"{path} is write-protected; choose another name.")
    # Permission bits do not tell on every system, so a file is made and removed.
    trial = path.resolve().with_name(f".frih-{secrets.token_hex(6)}.part")
    try:
        trial.touch(exist_ok=False)
    finally:  # also when a signal ends the process in between
        trial.unlink(missing_ok=True)


def _check_fits(path: Path, picture: Picture, file_format: FileFormat) -> None:
    limit = _MAX_SIDE_PX[file_format]
    if max(picture.height, picture.width) > limit:
        raise OutputError(
            f"{path}: {file_format.value} holds at most {limit} pixels a side and the picture is "
            f"{picture.width} x {picture.height}; write PNG or TIFF."
        )
    if file_format is FileFormat.JPEG and not _is_opaque(picture):
        raise OutputError(
            f"{path}: the picture has transparent parts and JPEG cannot hold them; "
            "write PNG, TIFF or WebP."
        )


def _is_opaque(picture: Picture) -> bool:
    return picture.alpha is None or bool(picture.alpha.min() == picture.white)


def _samples_of(picture: Picture, metadata: Metadata, *, holds_alpha: bool) -> Samples:
    """Put colour (or luma) and alpha into one array, as the file will hold them."""
    colors = luma(picture.pixels) if metadata.is_grey else picture.pixels
    if picture.alpha is None or not holds_alpha:
        return colors
    return np.dstack((colors, picture.alpha))


def _profile_for(
    samples: Samples, icc: bytes | None, file_format: FileFormat
) -> tuple[bytes | None, tuple[str, ...]]:
    """Leave a grey profile out of a file that holds colour; there it would be invalid."""
    holds_grey = file_format is not FileFormat.WEBP and (samples.ndim, samples.shape[2:]) in _GREYS
    if icc is None or holds_grey or icc[16:20] != b"GRAY":
        return icc, ()
    return None, (_GREY_PROFILE_DROPPED,)


def _encode(
    file: BinaryIO, file_format: FileFormat, samples: Samples, icc: bytes | None, metadata: Metadata
) -> tuple[str, ...]:
    match file_format:
        case FileFormat.PNG:
            return png.encode_png(file, samples, icc, metadata)
        case FileFormat.TIFF:
            return tiff.encode_tiff(file, samples, icc, metadata)
        case FileFormat.JPEG:
            return jpeg.encode_jpeg(file, cast("NDArray[np.uint8]", samples), icc, metadata)
        case FileFormat.WEBP:
            return webp.encode_webp(file, cast("NDArray[np.uint8]", samples), icc, metadata)

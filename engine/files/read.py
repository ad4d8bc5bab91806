"""Reading picture files: `read_picture` for pictures, `decode_file` also for masks."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from engine.color.depth import Samples
from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError
from engine.files.atomic import why
from engine.files.decoded import MAX_PIXELS, Decoded
from engine.files.explained import decoding
from engine.files.jpeg import decode_jpeg
from engine.files.orientation import upright
from engine.files.picture_file import FileFormat, PictureFile
from engine.files.png import SIGNATURE, decode_png
from engine.files.tiff import decode_tiff
from engine.files.webp import decode_webp

_DECODERS: dict[FileFormat, Callable[[BinaryIO, int], Decoded]] = {
    FileFormat.PNG: decode_png,
    FileFormat.JPEG: decode_jpeg,
    FileFormat.TIFF: decode_tiff,
    FileFormat.WEBP: decode_webp,
}
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_START_SIZE = 12
_GREY, _GREY_ALPHA, _RGB = 1, 2, 3


def read_picture(path: Path, max_pixels: int = MAX_PIXELS) -> PictureFile:
    """Read a PNG, JPEG, TIFF or WebP (told by its content, not by its name).

    The picture is upright (EXIF orientation applied, exactly), (H, W, 3) uint8 or uint16 in the
    file's own colour space with straight alpha; its ICC bytes are kept and nothing is converted.
    Grey becomes three equal channels, and `metadata.is_grey` remembers it; palettes become RGB;
    fewer than 8 bits become 8.
    Raises BadInputError with one sentence for files that are missing, empty, damaged, cut short,
    of another kind (CMYK, Lab, float, animations, several pages), or above `max_pixels`.
    """
    return _picture_file(*decode_file(path, max_pixels))


def read_open_picture(path: Path, file: BinaryIO, max_pixels: int = MAX_PIXELS) -> PictureFile:
    """Read a picture from an open file, say a part of another one, that errors call `path`."""
    return _picture_file(*_decode_open(path, file, max_pixels))


def picture_of(decoded: Decoded) -> Picture:
    """The upright picture in decoded samples: three colour channels, and alpha if there is any."""
    samples = upright(decoded.samples, decoded.metadata.orientation)
    colors = cast("Pixels", _colors_of(samples))
    return Picture(colors, cast("Pixels | None", _alpha_of(samples)), decoded.icc)


def decode_file(path: Path, max_pixels: int = MAX_PIXELS) -> tuple[FileFormat, Decoded]:
    """Decode any supported file to samples in stored order; raises BadInputError."""
    with open_file(path) as file:
        return _decode_open(path, file, max_pixels)


@contextmanager
def open_file(path: Path) -> Generator[BinaryIO]:
    """Open a file for reading; raises BadInputError where it is none or the system refuses."""
    try:
        if path.is_dir():
            raise BadInputError(f"{path} is a folder; give a picture file.")
        if path.exists() and not path.is_file():
            raise BadInputError(f"{path} is not a regular file; give a picture file.")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise BadInputError(f"{path} does not exist; check the name.") from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be read because {why(error)}.") from error


def _decode_open(path: Path, file: BinaryIO, max_pixels: int) -> tuple[FileFormat, Decoded]:
    file_format = _format_of(path, file.read(_START_SIZE))
    file.seek(0)
    with decoding(path):
        return file_format, _DECODERS[file_format](file, max_pixels)


def _picture_file(file_format: FileFormat, decoded: Decoded) -> PictureFile:
    return PictureFile(picture_of(decoded), file_format, decoded.metadata)


def _format_of(path: Path, start: bytes) -> FileFormat:
    if not start:
        raise BadInputError(f"{path} is empty; get a fresh copy of it.")
    if start.startswith(SIGNATURE):
        return FileFormat.PNG
    if start.startswith(b"\xff\xd8"):
        return FileFormat.JPEG
    if start.startswith(_TIFF_STARTS):
        return FileFormat.TIFF
    if start.startswith(b"RIFF") and start.endswith(b"WEBP"):
        return FileFormat.WEBP
    raise BadInputError(
        f"{path} is not a PNG, JPEG, TIFF or WebP picture; save it as one of these first."
    )


def _colors_of(samples: Samples) -> Samples:
    """Copy out three colour channels, without a copy where there is nothing to do."""
    channels = 1 if samples.ndim == _GREY_ALPHA else samples.shape[2]
    if channels >= _RGB:
        return np.ascontiguousarray(samples[..., :_RGB])
    grey = samples[..., 0] if channels == _GREY_ALPHA else samples
    return np.repeat(grey[..., np.newaxis], _RGB, axis=2)


def _alpha_of(samples: Samples) -> Samples | None:
    if samples.ndim == _GREY_ALPHA or samples.shape[2] == _RGB:
        return None
    return np.ascontiguousarray(samples[..., -1])

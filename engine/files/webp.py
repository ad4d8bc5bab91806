"""WebP: 8-bit RGB with or without alpha, lossless or not as the source was."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import WebPImagePlugin

from engine.files.decoded import MAX_PIXELS, CannotDecodeError, Decoded, check_size
from engine.files.orientation import exif_orientation
from engine.files.picture_file import FileFormat, JpegEncoding, Metadata, WebpEncoding
from engine.files.pillow_pixels import bytes_in, image_of, samples_of

MAX_SIDE_PX = 16_383
_EXIF_PREFIX = b"Exif\0\0"
_CHUNK_HEAD = 8
_FIRST_CHUNK_AT = 12
_LOSSY_QUALITY = 95
_LOSSLESS_EFFORT = 20


def decode_webp(file: BinaryIO, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode a still WebP.

    Raises CannotDecodeError for animations and oversized pictures, Pillow's errors for damage.
    """
    is_lossless = _is_lossless(file)
    file.seek(0)
    image = WebPImagePlugin.WebPImageFile(file)
    check_size(*image.size, max_pixels)
    if image.is_animated:
        raise CannotDecodeError("is an animation; save the one picture you want first.")
    exif = bytes_in(image.info, "exif")
    exif = exif.removeprefix(_EXIF_PREFIX) if exif else None
    metadata = Metadata(
        orientation=exif_orientation(exif),
        exif=exif,
        xmp=bytes_in(image.info, "xmp"),
        encoding=WebpEncoding(is_lossless),
    )
    return Decoded(samples_of(image), bytes_in(image.info, "icc_profile"), metadata)


def encode_webp(
    file: BinaryIO, samples: NDArray[np.uint8], icc: bytes | None, metadata: Metadata
) -> tuple[str, ...]:
    """Encode (H, W), (H, W, 3) or (H, W, 4) uint8; nothing is left out.

    Lossy at quality 95 where the source was lossy (JPEG, lossy WebP), else lossless. Colours
    under full transparency are kept.
    """
    source = metadata.encoding
    is_lossy = isinstance(source, JpegEncoding) or (
        isinstance(source, WebpEncoding) and not source.is_lossless
    )
    image_of(samples).save(
        file,
        FileFormat.WEBP.value,
        lossless=not is_lossy,
        quality=_LOSSY_QUALITY if is_lossy else _LOSSLESS_EFFORT,
        method=4 if is_lossy else 0,
        exact=True,
        icc_profile=icc or "",
        exif=_EXIF_PREFIX + metadata.exif if metadata.exif else b"",
        xmp=metadata.xmp or "",
    )
    return ()


def _is_lossless(file: BinaryIO) -> bool:
    """Walk the RIFF chunks to the picture itself: VP8L is lossless, VP8 is not."""
    file.seek(_FIRST_CHUNK_AT)
    while len(head := file.read(_CHUNK_HEAD)) == _CHUNK_HEAD:
        if head[:3] == b"VP8" and head[3:4] in b"L ":
            return head[3:4] == b"L"
        size = int.from_bytes(head[4:], "little")
        file.seek(size + size % 2, 1)
    return False

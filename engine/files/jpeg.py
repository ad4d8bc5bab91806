"""JPEG: 8-bit grey and RGB, compressed again with the tables of the source."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import JpegImagePlugin

from engine.files.decoded import MAX_PIXELS, CannotDecodeError, Decoded, check_size
from engine.files.orientation import exif_orientation
from engine.files.picture_file import JpegEncoding, Metadata
from engine.files.pillow_pixels import bytes_in, dpi_of, image_of, samples_of

MAX_SIDE_PX = 65_535
_EXIF_PREFIX = b"Exif\0\0"
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED_XMP_PREFIX = b"http://ns.adobe.com/xmp/extension/\0"
_IPTC_PREFIX = b"Photoshop 3.0\0"
_MULTI_PICTURE_PREFIX = b"MPF\0"
_MAX_SEGMENT = 65_533
_APP1, _APP13, _COMMENT = 0xE1, 0xED, 0xFE
_BLOCK = 64
_RGB_COMPONENTS = 3
_WITHOUT_SUBSAMPLING = 0
_DEFAULT_QUALITY = 95
_GAIN_MAP_DROPPED = (
    "The HDR gain map of the photograph was not kept, because it belongs to the old colours."
)
_FURTHER_DROPPED = "Further pictures inside the JPEG were not kept."
_EXIF_DROPPED = "The EXIF block is too large for a JPEG and was not kept."
_XMP_DROPPED = "The XMP block is too large for a JPEG and was not kept."


def decode_jpeg(file: BinaryIO, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode the first picture of a JPEG (an Ultra HDR photo's plain one).

    Raises CannotDecodeError for CMYK and for more than `max_pixels`, Pillow's errors for damage.
    """
    image = JpegImagePlugin.JpegImageFile(file)
    check_size(*image.size, max_pixels)
    if image.mode not in ("L", "RGB"):
        raise CannotDecodeError("is a CMYK picture; convert it to RGB first.")
    metadata = _metadata_of(image)
    return Decoded(samples_of(image), bytes_in(image.info, "icc_profile"), metadata)


def encode_jpeg(
    file: BinaryIO, samples: NDArray[np.uint8], icc: bytes | None, metadata: Metadata
) -> tuple[str, ...]:
    """Encode (H, W) or (H, W, 3) uint8; returns a sentence for each thing left out.

    A picture that came from a JPEG keeps its quantization tables, chroma subsampling and
    progressive order; any other is written at quality 95 without subsampling.
    """
    blocks, left_out = _metadata_blocks(metadata)
    encoding = metadata.encoding
    options = _same_compression(encoding) if isinstance(encoding, JpegEncoding) else {}
    image_of(samples).save(
        file,
        "JPEG",
        **{"quality": _DEFAULT_QUALITY, "subsampling": _WITHOUT_SUBSAMPLING, **options},
        dpi=metadata.dpi or (0, 0),
        icc_profile=icc,
        extra=blocks,
    )
    return left_out


def _metadata_of(image: JpegImagePlugin.JpegImageFile) -> Metadata:
    exif = bytes_in(image.info, "exif")
    exif = exif.removeprefix(_EXIF_PREFIX) if exif else None
    xmp = bytes_in(image.info, "xmp")
    has_gain_map = xmp is not None and b"hdrgm:" in xmp
    return Metadata(
        orientation=exif_orientation(exif),
        is_grey=image.mode == "L",
        exif=exif,
        # The description of a gain map would send a reader looking for the one left out.
        xmp=None if has_gain_map else xmp,
        dpi=dpi_of(image.info),
        encoding=_encoding_of(image, keeps_xmp=not has_gain_map),
        dropped=_dropped(image, has_gain_map=has_gain_map),
    )


def _encoding_of(image: JpegImagePlugin.JpegImageFile, *, keeps_xmp: bool) -> JpegEncoding:
    sampling = JpegImagePlugin.get_sampling(image)
    return JpegEncoding(
        quantization=_tables_of(image),
        subsampling=max(sampling, _WITHOUT_SUBSAMPLING),  # -1: one that Pillow cannot write
        is_progressive=bool(image.info.get("progressive")),
        is_stored_as_rgb=image.layers == _RGB_COMPONENTS and image.info.get("adobe_transform") == 0,
        segments=tuple(_kept_segments(image, keeps_xmp=keeps_xmp)),
    )


def _tables_of(image: JpegImagePlugin.JpegImageFile) -> tuple[tuple[int, ...], ...]:
    """List one table per component; the last stands for all further ones, as Pillow takes it."""
    tables = [tuple(image.quantization[component[3]]) for component in image.layer]
    while len(tables) > 1 and tables[-1] == tables[-2]:
        tables.pop()
    return tuple(tables)


def _kept_segments(
    image: JpegImagePlugin.JpegImageFile, *, keeps_xmp: bool
) -> list[tuple[int, bytes]]:
    kept: list[tuple[int, bytes]] = []
    for name, payload in image.applist:
        if name == "APP1" and payload.startswith(_EXTENDED_XMP_PREFIX) and keeps_xmp:
            kept.append((_APP1, payload))
        elif name == "APP13" and payload.startswith(_IPTC_PREFIX):
            kept.append((_APP13, payload))
        elif name == "COM":
            kept.append((_COMMENT, payload))
    return kept


def _dropped(image: JpegImagePlugin.JpegImageFile, *, has_gain_map: bool) -> tuple[str, ...]:
    if has_gain_map:
        return (_GAIN_MAP_DROPPED,)
    is_multi_picture = any(
        payload.startswith(_MULTI_PICTURE_PREFIX) for _, payload in image.applist
    )
    return (_FURTHER_DROPPED,) if is_multi_picture else ()


def _same_compression(encoding: JpegEncoding) -> dict[str, object]:
    if max(map(max, encoding.quantization)) > np.iinfo(np.uint8).max:
        return {}  # 16-bit tables are not allowed in baseline files
    return {
        "quality": -1,
        "qtables": encoding.quantization,
        "subsampling": encoding.subsampling,
        "progressive": encoding.is_progressive,
        "keep_rgb": encoding.is_stored_as_rgb,
    }


def _metadata_blocks(metadata: Metadata) -> tuple[bytes, tuple[str, ...]]:
    blocks = b""
    left_out: list[str] = []
    for prefix, payload, sentence in (
        (_EXIF_PREFIX, metadata.exif, _EXIF_DROPPED),
        (_XMP_PREFIX, metadata.xmp, _XMP_DROPPED),
    ):
        if payload and len(prefix + payload) > _MAX_SEGMENT:
            left_out.append(sentence)
        elif payload:
            blocks += _segment(_APP1, prefix + payload)
    if isinstance(metadata.encoding, JpegEncoding):
        blocks += b"".join(_segment(*segment) for segment in metadata.encoding.segments)
    return blocks, tuple(left_out)


def _segment(marker: int, payload: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(payload) + 2).to_bytes(2) + payload

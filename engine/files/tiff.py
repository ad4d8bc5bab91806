"""TIFF: 8 and 16 bit, grey and RGB, with or without alpha, one page.

tifffile does the work (Pillow reduces 16-bit colour to 8 bit without a word); it is imported only
when a TIFF is met.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from engine.color.depth import Samples
from engine.files.decoded import MAX_PIXELS, CannotDecodeError, Decoded, check_size
from engine.files.orientation import ORIENTATION_TAG
from engine.files.picture_file import Metadata, TiffEncoding
from engine.files.tiff_exif import append_exif, exif_of_tiff, text_tags

if TYPE_CHECKING:
    from tifffile import TiffFile, TiffPage

MAX_SIDE_PX = 1_000_000
_NONE, _JPEG, _DEFLATE = 1, 7, 8
_LOSSLESS = (_NONE, 5, _DEFLATE, 32_773, 32_946, 50_000)  # LZW, packbits, old deflate, zstd
_NO_PREDICTOR, _HORIZONTAL = 1, 2
_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB, _PALETTE, _CMYK, _YCBCR = 0, 1, 2, 3, 5, 6
_UNSIGNED = 1
_ASSOCIATED, _UNASSOCIATED = 1, 2
_RGB_CHANNELS = 3
_REDUCED_PAGE, _MASK_PAGE = 1, 4
_DEPTHS = (1, 2, 4, 8, 16)
_STRIP_BYTES = 1 << 20
_XMP_TAG, _IPTC_TAG, _ICC_TAG, _LAYERS_TAG = 700, 33_723, 34_675, 37_724
_LAYERS_DROPPED = "The Photoshop layers in the TIFF were not kept, only the flat picture."
_ALPHA_CHANGED = "Premultiplied transparency in the TIFF was changed to straight transparency."


def decode_tiff(file: BinaryIO, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode the one full-size page of a TIFF; thumbnails beside it are passed over.

    Palettes become RGB, white-is-zero is inverted, fewer than 8 bits become 8, premultiplied
    colour becomes straight. Raises CannotDecodeError for CMYK, Lab, float, signed or other
    depths, several pages and more than one extra channel; tifffile's errors for damage.
    """
    from tifffile import TiffFile  # noqa: PLC0415 - loaded only for TIFF files

    # tifffile logs damaged tags; what keeps the pixels from being read is raised all the same.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    with TiffFile(file) as tiff:
        page = _only_page(tiff)
        samples = decode_page(page, file, max_pixels)
        return Decoded(samples, profile_of(page), _metadata_of(page, file))


def encode_tiff(
    file: BinaryIO, samples: Samples, icc: bytes | None, metadata: Metadata
) -> tuple[str, ...]:
    """Encode (H, W) or (H, W, C) uint8 or uint16 without loss; nothing is left out.

    Compression is that of a source TIFF, if it is lossless; else deflate.
    """
    from tifffile import TiffWriter  # noqa: PLC0415 - loaded only for TIFF files

    encoding = metadata.encoding
    source = encoding if isinstance(encoding, TiffEncoding) else None
    channels = samples.shape[2] if samples.ndim == 3 else 1
    rows = max(1, _STRIP_BYTES // (samples.shape[1] * channels * samples.itemsize))
    with TiffWriter(file, byteorder="<", bigtiff=False) as tiff:
        tiff.write(
            np.ascontiguousarray(samples),
            photometric="rgb" if channels >= 3 else "minisblack",
            planarconfig="contig",
            extrasamples=_extra_samples(channels, source),
            compression=source.compression if source else _DEFLATE,
            predictor=source.predictor if source else _HORIZONTAL,
            rowsperstrip=rows,
            iccprofile=icc,
            resolution=metadata.dpi or (1, 1),
            resolutionunit="INCH" if metadata.dpi else "NONE",
            metadata=None,
            software=False,
            extratags=_extra_tags(metadata, source),
        )
    append_exif(file, metadata.exif)
    return ()


def decode_page(page: TiffPage, file: BinaryIO, max_pixels: int = MAX_PIXELS) -> Samples:
    """Decode one page to (H, W) or (H, W, C) in stored order; raises as decode_tiff does."""
    _check_kind(page, max_pixels)
    _check_whole(page, file)
    return _samples_of(page)


def profile_of(page: TiffPage) -> bytes | None:
    """The page's ICC profile."""
    icc = page.tags.valueof(_ICC_TAG)
    return bytes(icc) if icc else None


def full_pages(tiff: TiffFile) -> list[TiffPage]:
    """The pages that are pictures of their own: neither thumbnails nor masks."""
    pages = [page.aspage() for page in tiff.pages]
    return [page for page in pages if not page.subfiletype & (_REDUCED_PAGE | _MASK_PAGE)]


def _only_page(tiff: TiffFile) -> TiffPage:
    full = full_pages(tiff)
    if len(full) > 1:
        raise CannotDecodeError(
            f"has {len(full)} pages; save the one picture you want to a file of its own."
        )
    return full[0] if full else tiff.pages[0].aspage()


def _check_kind(page: TiffPage, max_pixels: int) -> None:
    check_size(page.imagewidth, page.imagelength, max_pixels)
    if page.photometric == _CMYK:
        raise CannotDecodeError("is a CMYK picture; convert it to RGB first.")
    is_plain = page.photometric in (_MIN_IS_WHITE, _MIN_IS_BLACK, _RGB, _PALETTE)
    if not is_plain and (page.photometric, page.compression) != (_YCBCR, _JPEG):
        raise CannotDecodeError("is neither a grey nor an RGB picture; convert it to RGB first.")
    if page.sampleformat != _UNSIGNED or page.bitspersample not in _DEPTHS:
        raise CannotDecodeError(
            "does not hold 8 or 16 bits a channel (it may be floating point); "
            "save it with 8 or 16 bits first."
        )
    colors = _RGB_CHANNELS if page.photometric in (_RGB, _YCBCR) else 1
    if page.imagedepth != 1 or page.samplesperpixel not in (colors, colors + 1):
        raise CannotDecodeError(
            "has more channels than colour and one transparency; save it without them first."
        )


def _check_whole(page: TiffPage, file: BinaryIO) -> None:
    """Find strips that lie beyond the end: tifffile fills some of them with zeros."""
    size = file.seek(0, 2)
    if not page.dataoffsets:
        raise ValueError("no pixels")
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True):
        if offset + count > size or not offset or not count:
            raise ValueError("a strip is missing")


def _samples_of(page: TiffPage) -> Samples:
    samples = page.asarray(maxworkers=1)
    if page.axes.startswith("S"):
        samples = np.moveaxis(samples, 0, -1)
    if samples.shape[2:] != ((page.samplesperpixel,) if page.samplesperpixel > 1 else ()):
        raise ValueError("an unusual layout")
    if page.photometric == _PALETTE:
        return _looked_up(page, samples)
    if page.bitspersample < 8:
        samples = samples.astype(np.uint8) * np.uint8(255 // ((1 << page.bitspersample) - 1))
    if page.photometric == _MIN_IS_WHITE:
        samples = np.iinfo(samples.dtype).max - samples
    if _ASSOCIATED in page.extrasamples:
        _straighten(samples)
    return samples


def _looked_up(page: TiffPage, indices: Samples) -> Samples:
    if page.colormap is None:
        raise ValueError("no palette")
    palette = (page.colormap.T >> 8).astype(np.uint8)  # the palette's 16 bits repeat 8
    if indices.ndim == 2:
        return palette[indices]
    return np.dstack((palette[indices[..., 0]], indices[..., 1]))


def _straighten(samples: Samples) -> None:
    """Divide premultiplied colour by alpha, in place; colour under alpha 0 stays."""
    white = np.uint32(np.iinfo(samples.dtype).max)
    for row in samples:
        alpha = row[:, -1:].astype(np.uint32)
        divisor = np.maximum(alpha, 1)
        straight = np.minimum((row[:, :-1] * white + divisor // 2) // divisor, white)
        row[:, :-1] = np.where(alpha > 0, straight, row[:, :-1])


def _metadata_of(page: TiffPage, file: BinaryIO) -> Metadata:
    orientation = int(page.tags.valueof(ORIENTATION_TAG, default=1))
    is_associated = _ASSOCIATED in page.extrasamples
    has_layers = _LAYERS_TAG in page.tags
    dropped = [_LAYERS_DROPPED] * has_layers + [_ALPHA_CHANGED] * is_associated
    return Metadata(
        orientation=orientation if orientation in range(1, 9) else 1,
        is_grey=page.photometric in (_MIN_IS_WHITE, _MIN_IS_BLACK),
        exif=exif_of_tiff(file),
        xmp=_bytes_of(page, _XMP_TAG),
        dpi=_dpi(page),
        encoding=_encoding_of(page),
        dropped=tuple(dropped),
    )


def _bytes_of(page: TiffPage, tag: int) -> bytes | None:
    value = page.tags.valueof(tag)
    return value if isinstance(value, bytes) and value else None


def _dpi(page: TiffPage) -> tuple[float, float] | None:
    if page.resolutionunit == 1:  # a ratio of the sides only
        return None
    across, down = page.get_resolution("INCH")
    return (across, down) if across > 0 and down > 0 else None


def _encoding_of(page: TiffPage) -> TiffEncoding:
    compression = int(page.compression) if page.compression in _LOSSLESS else _DEFLATE
    has_predictor = compression != _NONE and page.predictor != _NO_PREDICTOR
    extra = int(page.extrasamples[0]) if page.extrasamples else _UNASSOCIATED
    return TiffEncoding(
        compression=compression,
        predictor=_HORIZONTAL if has_predictor else _NO_PREDICTOR,
        extra_sample=_UNASSOCIATED if extra == _ASSOCIATED else extra,
        iptc=_bytes_of(page, _IPTC_TAG),
    )


def _extra_samples(channels: int, source: TiffEncoding | None) -> tuple[int, ...] | None:
    if channels % 2:
        return None
    return (source.extra_sample if source else _UNASSOCIATED,)


def _extra_tags(
    metadata: Metadata, source: TiffEncoding | None
) -> list[tuple[int, str, int, object, bool]]:
    tags = text_tags(metadata.exif)
    tags.append((ORIENTATION_TAG, "H", 1, metadata.orientation, True))
    if metadata.xmp:
        tags.append((_XMP_TAG, "B", len(metadata.xmp), metadata.xmp, True))
    if source and source.iptc:
        tags.append((_IPTC_TAG, "B", len(source.iptc), source.iptc, True))
    return tags

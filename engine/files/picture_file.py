"""What a picture file is beside its pixels, so that it can be written back as it was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.color.picture import Picture


class FileFormat(StrEnum):
    """The four file formats that are read and written."""

    PNG = "PNG"
    JPEG = "JPEG"
    TIFF = "TIFF"
    WEBP = "WEBP"


@dataclass(frozen=True, slots=True)
class JpegEncoding:
    """How a JPEG was compressed, and segments that only a JPEG has.

    quantization: a table of 64 per component (natural order; the last one also for those after
    it); subsampling as Pillow counts it
    (0 = 4:4:4, 1 = 4:2:2, 2 = 4:2:0); segments: (marker byte, payload) of IPTC, extended XMP and
    comments. With the same tables and the same grid of blocks, untouched areas are compressed
    again almost without loss.
    """

    quantization: tuple[tuple[int, ...], ...]
    subsampling: int
    is_progressive: bool
    is_stored_as_rgb: bool
    segments: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class PngEncoding:
    """Chunks (type, data) that are copied as they are: texts, resolution, colour hints."""

    chunks: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class TiffEncoding:
    """How a TIFF was compressed (tag 259 and 317), and what its fourth sample means (tag 338)."""

    compression: int
    predictor: int
    extra_sample: int
    iptc: bytes | None = None


@dataclass(frozen=True, slots=True)
class WebpEncoding:
    """Whether a WebP was lossless."""

    is_lossless: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """Everything that is written back beside pixels and ICC profile.

    orientation: EXIF orientation 1-8 of the stored pixels (the Picture is upright);
    is_grey: the file held grey; exif: a TIFF structure, without the JPEG's "Exif" prefix;
    dpi: horizontal, vertical; encoding: what only files of the same format can use;
    dropped: one sentence for each thing in the file that is not carried along.
    """

    orientation: int = 1
    is_grey: bool = False
    exif: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None
    encoding: JpegEncoding | PngEncoding | TiffEncoding | WebpEncoding | None = None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PictureFile:
    """A file that was read: upright pixels in the document's own space, and all the rest."""

    picture: Picture
    format: FileFormat
    metadata: Metadata

    @property
    def stored_size(self) -> tuple[int, int]:
        """(height, width) as the pixels lie in the file, before the EXIF orientation."""
        height, width = self.picture.height, self.picture.width
        return (width, height) if self.metadata.orientation >= 5 else (height, width)

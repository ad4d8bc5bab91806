"""TIFF files of several pages: what some editors save layers as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from engine.color.depth import Samples
from engine.color.picture import Picture
from engine.files.atomic import whole_file
from engine.files.decoded import MAX_PIXELS, CannotDecodeError, Decoded
from engine.files.explained import decoding
from engine.files.picture_file import Metadata
from engine.files.read import open_file, picture_of
from engine.files.tiff import decode_page, full_pages, profile_of

if TYPE_CHECKING:
    from tifffile import TiffPage

MAX_PAGES = 500
MAX_BYTES = 4 << 30
"""All pages together, decoded, with alpha."""

_PAGE_NAME_TAG, _X_TAG, _Y_TAG = 285, 286, 287
_DEFLATE, _HORIZONTAL, _UNASSOCIATED = 8, 2, 2
_STRIP_BYTES = 1 << 20
_CLASSIC_BYTES = 4_000_000_000  # offsets of classic TIFF have 32 bits


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One picture of the file. left, top: where it lies, in pixels, if the file says so."""

    picture: Picture
    name: str = ""
    left: int = 0
    top: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class PagedFile:
    """The pages, first to last, and the text of the first one (tag 270)."""

    pages: tuple[Page, ...]
    description: str = ""


def count_pages(path: Path) -> int:
    """How many pictures a TIFF holds, thumbnails and masks not counted; raises BadInputError."""
    from tifffile import TiffFile  # noqa: PLC0415 - loaded only for TIFF files

    with open_file(path) as file, decoding(path), TiffFile(file) as tiff:
        return len(full_pages(tiff))


def read_pages(path: Path, max_pixels: int = MAX_PIXELS) -> PagedFile:
    """Read all pictures of a TIFF, each in its own space and depth; orientations are ignored.

    Raises BadInputError as read_picture does, and for more than MAX_PAGES or MAX_BYTES.
    """
    from tifffile import TiffFile  # noqa: PLC0415 - loaded only for TIFF files

    with open_file(path) as file, decoding(path), TiffFile(file) as tiff:
        pages = full_pages(tiff)
        _check_amount(pages)
        return PagedFile(
            tuple(_read(page, file, max_pixels) for page in pages), pages[0].description
        )


def write_pages(path: Path, paged: PagedFile) -> None:
    """Write pictures as pages, without loss, whole or not at all; raises OutputError."""
    from tifffile import TiffWriter  # noqa: PLC0415 - loaded only for TIFF files

    total = sum(_bytes_of(page.picture) for page in paged.pages)
    with (
        whole_file(path) as file,
        TiffWriter(file, byteorder="<", bigtiff=total > _CLASSIC_BYTES) as tiff,
    ):
        for index, page in enumerate(paged.pages):
            samples = _samples_of(page.picture)
            tiff.write(
                samples,
                photometric="rgb",
                planarconfig="contig",
                extrasamples=None if page.picture.alpha is None else (_UNASSOCIATED,),
                compression=_DEFLATE,
                predictor=_HORIZONTAL,
                rowsperstrip=max(1, _STRIP_BYTES // samples[0].nbytes),
                iccprofile=page.picture.icc,
                description=paged.description if index == 0 else None,
                metadata=None,
                software=False,
                extratags=[(_PAGE_NAME_TAG, "s", 0, page.name.encode() + b"\0", True)],
            )


def _check_amount(pages: Sequence[TiffPage]) -> None:
    if not pages:
        raise CannotDecodeError("holds no picture; choose another file.")
    if len(pages) > MAX_PAGES:
        raise CannotDecodeError(
            f"has {len(pages)} pages, more than the {MAX_PAGES} that can be read as layers."
        )
    total = sum(page.imagewidth * page.imagelength * 4 * page.bitspersample // 8 for page in pages)
    if total > MAX_BYTES:
        raise CannotDecodeError(
            f"has {len(pages)} pages that would need {total >> 30} GiB together; split it first."
        )


def _read(page: TiffPage, file: BinaryIO, max_pixels: int) -> Page:
    samples = decode_page(page, file, max_pixels)
    name = page.tags.valueof(_PAGE_NAME_TAG, default="")
    left, top = _offsets(page)
    picture = picture_of(Decoded(samples, profile_of(page), Metadata()))
    return Page(picture, name if isinstance(name, str) else "", left, top)


def _offsets(page: TiffPage) -> Iterator[int]:
    """Tags 286 and 287 times the resolution: whole pixels, 0 where the file says nothing."""
    for tag, resolution in zip((_X_TAG, _Y_TAG), page.get_resolution(), strict=True):
        match page.tags.valueof(tag):
            case (int(above), int(below)) if below:
                yield round(above / below * resolution)
            case _:
                yield 0


def _samples_of(picture: Picture) -> Samples:
    if picture.alpha is None:
        return np.ascontiguousarray(picture.pixels)
    return np.dstack((picture.pixels, picture.alpha))


def _bytes_of(picture: Picture) -> int:
    return picture.pixels.nbytes + (0 if picture.alpha is None else picture.alpha.nbytes)

"""EXIF between TIFF files, where it is spread over directories, and the block of other formats.

tifffile writes single tags but no sub-directories, so these are appended to the finished file.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from typing import BinaryIO

from PIL import Image, TiffImagePlugin

from engine.files.orientation import ORIENTATION_TAG

Tag = tuple[int, str, int, object, bool]

_TEXT_TAGS = (270, 271, 272, 305, 306, 315, 316, 33_432)  # description, make, model ... copyright
_SUB_DIRECTORIES = (34_665, 34_853)  # EXIF, GPS
_LONG = 4
_START_POINTER = 4
_ENTRY_SIZE = 12
_LITTLE_ENDIAN = b"II*\0\0\0\0\0"
_PREFIX = b"Exif\0\0"
_UNREADABLE = (SyntaxError, ValueError, LookupError, TypeError, OSError, struct.error)


def exif_of_tiff(file: BinaryIO) -> bytes | None:
    """Gather the descriptive tags of the first directory into one EXIF block.

    None where there are none, or where they are damaged: pixels are worth more than labels.
    """
    try:
        file.seek(0)
        return _gathered(file)
    except _UNREADABLE:
        return None


def text_tags(exif: bytes | None) -> list[Tag]:
    """Make tifffile's extra tags of the texts in an EXIF block: description, camera, author."""
    parsed = _parsed(exif)
    texts = [(tag, _as_text(parsed[tag])) for tag in _TEXT_TAGS if tag in parsed]
    return [(tag, "s", 0, text, True) for tag, text in texts if text]


def append_exif(file: BinaryIO, exif: bytes | None) -> None:
    """Append the EXIF and GPS directories of a block to a finished little-endian TIFF.

    Their pointers need room in the first directory, so that is written anew at the end.
    """
    pointers = [
        struct.pack("<HHII", tag, _LONG, 1, _append(file, directory.tobytes))
        for tag, directory in _directories(exif)
    ]
    if pointers:
        entries = sorted(_first_entries(file) + pointers, key=_tag_of)
        count = struct.pack("<H", len(entries))
        start = _append(file, lambda _: count + b"".join(entries) + b"\0\0\0\0")
        file.seek(_START_POINTER)
        file.write(struct.pack("<I", start))


def _gathered(file: BinaryIO) -> bytes | None:
    source = Image.Exif()
    source.load_from_fp(file)
    block = Image.Exif()
    for tag in (*_TEXT_TAGS, ORIENTATION_TAG):
        if tag in source:
            block[tag] = source[tag]
    for tag in _SUB_DIRECTORIES:
        if values := source.get_ifd(tag):
            block.get_ifd(tag).update(values)
    return block.tobytes().removeprefix(_PREFIX) if len(block) else None


def _parsed(exif: bytes | None) -> Image.Exif:
    parsed = Image.Exif()
    try:
        if exif:
            parsed.load(_PREFIX + exif)
    except _UNREADABLE:
        return Image.Exif()
    return parsed


def _as_text(value: object) -> bytes:
    text = value if isinstance(value, bytes) else str(value).encode()
    return text.rstrip(b"\0")


def _directories(exif: bytes | None) -> list[tuple[int, TiffImagePlugin.ImageFileDirectory_v2]]:
    """Make the EXIF and GPS directories of a block, as far as they are there and sound."""
    parsed = _parsed(exif)
    sound: list[tuple[int, TiffImagePlugin.ImageFileDirectory_v2]] = []
    for tag in _SUB_DIRECTORIES:
        directory = TiffImagePlugin.ImageFileDirectory_v2(_LITTLE_ENDIAN)
        with contextlib.suppress(*_UNREADABLE):
            for key, value in parsed.get_ifd(tag).items():
                directory[key] = value
            if directory.tobytes() and len(directory):
                sound.append((tag, directory))
    return sound


def _append(file: BinaryIO, block_at: Callable[[int], bytes]) -> int:
    """Append a block that has to know where it will lie; gives that place."""
    end = file.seek(0, 2)
    offset = end + end % 2
    file.write(b"\0" * (end % 2) + block_at(offset))
    return offset


def _first_entries(file: BinaryIO) -> list[bytes]:
    file.seek(_START_POINTER)
    (start,) = struct.unpack("<I", file.read(4))
    file.seek(start)
    (count,) = struct.unpack("<H", file.read(2))
    return [file.read(_ENTRY_SIZE) for _ in range(count)]


def _tag_of(entry: bytes) -> int:
    return int.from_bytes(entry[:2], "little")

"""Files that cannot be used: one sentence that names the file, and never another error."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from engine.errors import BadInputError
from engine.files import read_mask, read_picture

RGB = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
SUFFIXES = (".png", ".jpg", ".tif", ".webp")


def encoded(suffix: str) -> bytes:
    if suffix == ".tif":
        return tiff(RGB, compression="deflate", rowsperstrip=8)
    buffer = io.BytesIO()
    Image.fromarray(RGB).save(buffer, {".jpg": "JPEG"}.get(suffix, suffix[1:].upper()))
    return buffer.getvalue()


def tiff(samples: NDArray[np.generic], **options: object) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, samples, **options)  # pyright: ignore - whatever tifffile takes
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    data = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def sentence_for(path: Path) -> str:
    with pytest.raises(BadInputError) as caught:
        read_picture(path)
    with pytest.raises(BadInputError):
        read_mask(path)
    sentence = caught.value.sentence
    assert str(path) in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def written(tmp_path: Path, content: bytes, name: str = "a.png") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def animation(kind: str) -> bytes:
    buffer = io.BytesIO()
    frames = [Image.fromarray(RGB), Image.fromarray(255 - RGB)]
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def saved(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


DECLINED = {
    "CMYK JPEG": (saved(Image.new("CMYK", (8, 8)), "JPEG"), "CMYK"),
    "CMYK TIFF": (saved(Image.new("CMYK", (8, 8)), "TIFF"), "CMYK"),
    "Lab TIFF": (saved(Image.new("LAB", (8, 8)), "TIFF"), "RGB"),
    "float TIFF": (tiff(np.zeros((8, 8, 3), np.float32), photometric="rgb"), "floating point"),
    "float grey TIFF": (tiff(np.zeros((8, 8), np.float32)), "floating point"),
    "32-bit TIFF": (tiff(np.zeros((8, 8, 3), np.uint32), photometric="rgb"), "8 or 16 bits"),
    "signed TIFF": (tiff(np.zeros((8, 8, 3), np.int16), photometric="rgb"), "8 or 16 bits"),
    "two pages": (tiff(np.zeros((2, 8, 8, 3), np.uint8), photometric="rgb"), "2 pages"),
    "five channels": (
        tiff(np.zeros((8, 8, 5), np.uint8), photometric="rgb", planarconfig="contig"),
        "channels",
    ),
    "animated PNG": (animation("PNG"), "animation"),
    "animated WebP": (animation("WEBP"), "animation"),
    "GIF": (saved(Image.new("L", (8, 8)), "GIF"), "PNG, JPEG, TIFF or WebP"),
    "text": (b"This is not a picture at all.", "PNG, JPEG, TIFF or WebP"),
    "empty": (b"", "empty"),
    "one byte": (b"\x89", "PNG, JPEG, TIFF or WebP"),
    "bomb": (png_header(40_000, 40_000), "400 megapixels"),
    "no pixels": (png_header(0, 5), "no pixels"),
    "no data": (png_header(5, 5), "damaged"),
}


@pytest.mark.parametrize(("content", "says"), DECLINED.values(), ids=DECLINED.keys())
def test_what_cannot_be_read_is_declined_in_a_sentence(
    tmp_path: Path, content: bytes, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert says in sentence_for(written(tmp_path, content))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
def test_a_truncated_file_is_declined(
    tmp_path: Path, suffix: str, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    content = encoded(suffix)
    path = written(tmp_path, content[: int(len(content) * share)], f"a{suffix}")
    assert "cut short" in sentence_for(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("compression", [None, "lzw", "packbits", "jpeg", "zstd"])
def test_a_truncated_tiff_is_declined_whatever_its_compression(
    tmp_path: Path, compression: str | None
) -> None:
    content = tiff(RGB, photometric="rgb", compression=compression, rowsperstrip=8)
    assert "cut short" in sentence_for(written(tmp_path, content[: len(content) * 3 // 4], "a.tif"))


def test_a_truncated_16_bit_png_is_declined(tmp_path: Path) -> None:
    content = bytes(imagecodecs.png_encode(RGB.astype(np.uint16) * 257))
    assert "cut short" in sentence_for(written(tmp_path, content[: len(content) // 2]))


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=st.data())
@settings(max_examples=60)
def test_damage_anywhere_ends_in_a_picture_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    content = bytearray(encoded(suffix))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, min(len(content), 600) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / f"a{suffix}"
    path.write_bytes(content)
    try:
        read_picture(path)
    except BadInputError as error:
        assert str(path) in error.sentence  # noqa: PT017 - a picture is right as well


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "does not exist" in sentence_for(tmp_path / "none.png")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert "does not exist" in sentence_for(tmp_path / "none" / "none.png")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    assert "is a folder" in sentence_for(tmp_path)


def test_a_file_for_a_folder_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in sentence_for(written(tmp_path, b"x") / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_declined_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert "not a regular file" in sentence_for(tmp_path / "pipe.png")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything"
)
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, encoded(".png"))
    path.chmod(0)
    assert "no permission" in sentence_for(path)


def test_the_content_tells_the_format_not_the_name(tmp_path: Path) -> None:
    source = read_picture(written(tmp_path, encoded(".png"), "photo.jpg"))
    assert source.format == "PNG"
    assert np.array_equal(source.picture.pixels, RGB)


def test_a_damaged_profile_is_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = encoded(".png")
    block = chunk(b"iCCP", b"name\0\0not compressed")
    source = read_picture(written(tmp_path, content[:33] + block + content[33:]))
    assert source.picture.icc is None
    assert np.array_equal(source.picture.pixels, RGB)
    assert capfd.readouterr().err == ""

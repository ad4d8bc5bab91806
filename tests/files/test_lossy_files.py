"""JPEG and WebP: compressed as the source was, and everything beside the pixels kept."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps, JpegImagePlugin
from PIL.Image import Resampling

from engine.color.picture import Picture
from engine.errors import OutputError
from engine.files import PictureFile, read_picture, write_picture

XMP = b"<x:xmpmeta/>"


def photo(size: tuple[int, int] = (80, 120)) -> Image.Image:
    coarse = np.random.default_rng(3).integers(0, 256, (8, 12, 3), np.uint8)
    return Image.fromarray(coarse).resize((size[1], size[0]), Resampling.BICUBIC)


def exif_bytes(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "A camera"
    return exif.tobytes()


def rewritten(source: bytes, tmp_path: Path, name: str = "out.jpg") -> tuple[PictureFile, Path]:
    (tmp_path / "source").write_bytes(source)
    picture_file = read_picture(tmp_path / "source")
    write_picture(tmp_path / name, picture_file.picture, picture_file)
    return picture_file, tmp_path / name


def jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def tables_of(image: JpegImagePlugin.JpegImageFile) -> list[list[int]]:
    return [list(image.quantization[component[3]]) for component in image.layer]


@pytest.mark.parametrize("quality", [30, 75, 92, 100])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_jpeg_keeps_tables_and_subsampling(
    tmp_path: Path, quality: int, subsampling: int
) -> None:
    source = jpeg(photo(), quality=quality, subsampling=subsampling)
    _, out = rewritten(source, tmp_path)
    with Image.open(io.BytesIO(source)) as before, Image.open(out) as after:
        assert isinstance(before, JpegImagePlugin.JpegImageFile)
        assert isinstance(after, JpegImagePlugin.JpegImageFile)
        assert tables_of(after) == tables_of(before)
        assert JpegImagePlugin.get_sampling(after) == subsampling


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_untouched_jpeg_hardly_changes(tmp_path: Path, orientation: int) -> None:
    """The grid of blocks is the source's only if the pixels lie as they lay."""
    source = jpeg(photo(), quality=80, subsampling=0, exif=exif_bytes(orientation))
    picture_file, out = rewritten(source, tmp_path)
    with Image.open(io.BytesIO(source)) as image:
        shown = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(picture_file.picture.pixels, shown)
    again = read_picture(out).picture.pixels.astype(int)
    assert np.abs(again - shown).mean() < 0.1


@pytest.mark.parametrize("options", [{"progressive": True}, {"keep_rgb": True}, {"optimize": True}])
def test_other_kinds_of_jpeg_are_kept(tmp_path: Path, options: dict[str, object]) -> None:
    source = jpeg(photo(), quality=90, subsampling=0, **options)
    _, out = rewritten(source, tmp_path)
    with Image.open(io.BytesIO(source)) as before, Image.open(out) as after:
        for key in ("progressive", "adobe_transform"):
            assert after.info.get(key) == before.info.get(key)
        assert np.abs(np.asarray(after).astype(int) - np.asarray(before)).mean() < 0.2


def test_a_grey_jpeg_stays_grey(tmp_path: Path) -> None:
    source = jpeg(photo().convert("L"), quality=60)
    picture_file, out = rewritten(source, tmp_path)
    assert picture_file.picture.pixels.shape == (80, 120, 3)
    with Image.open(out) as image:
        assert image.mode == "L"


def test_labels_come_back_byte_for_byte(tmp_path: Path) -> None:
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\0"
    more_xmp = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40
    extra = b"".join(
        b"\xff" + marker + (len(data) + 2).to_bytes(2) + data
        for marker, data in ((b"\xed", iptc), (b"\xe1", more_xmp))
    )
    source = jpeg(
        photo(),
        exif=exif_bytes(6),
        icc_profile=b"p" * 70_000,
        xmp=XMP,
        dpi=(240, 240),
        comment=b"hello",
        extra=extra,
    )
    _, out = rewritten(source, tmp_path)
    with Image.open(out) as image:
        assert isinstance(image, JpegImagePlugin.JpegImageFile)
        assert image.info["exif"] == exif_bytes(6)
        assert image.info["icc_profile"] == b"p" * 70_000
        assert image.info["xmp"] == XMP
        assert image.info["dpi"] == (240, 240)
        assert image.info["comment"] == b"hello"
        assert ("APP13", iptc) in image.applist
        assert ("APP1", more_xmp) in image.applist


def test_the_gain_map_of_an_ultra_hdr_photo_is_left_out_and_said_so(tmp_path: Path) -> None:
    source = jpeg(photo(), xmp=b'<x hdrgm:Version="1.0"/>') + jpeg(photo((10, 10)))
    (tmp_path / "a.jpg").write_bytes(source)
    picture_file = read_picture(tmp_path / "a.jpg")
    notes = write_picture(tmp_path / "out.jpg", picture_file.picture, picture_file)
    assert any("gain map" in note for note in notes)
    assert b"hdrgm" not in (tmp_path / "out.jpg").read_bytes()


def test_from_another_format_a_jpeg_is_of_high_quality(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    photo().save(buffer, "PNG", exif=exif_bytes(8), dpi=(300, 300))
    picture_file, out = rewritten(buffer.getvalue(), tmp_path)
    with Image.open(out) as image:
        assert isinstance(image, JpegImagePlugin.JpegImageFile)
        assert JpegImagePlugin.get_sampling(image) == 0
        assert image.getexif()[274] == 8
        assert image.info["dpi"] == (300, 300)
    again = read_picture(out).picture.pixels.astype(int)
    assert np.abs(again - picture_file.picture.pixels).mean() < 1.5


def test_labels_too_large_for_a_jpeg_are_left_out_and_said_so(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[270] = "x" * 70_000
    photo().save(tmp_path / "a.png", exif=exif)
    picture_file = read_picture(tmp_path / "a.png")
    notes = write_picture(tmp_path / "out.jpg", picture_file.picture, picture_file)
    assert any("EXIF" in note for note in notes)
    assert read_picture(tmp_path / "out.jpg").metadata.exif is None


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_16_bits_are_rounded_to_8_and_said_so(tmp_path: Path, suffix: str) -> None:
    value = np.full((16, 16, 3), 100 * 257 + 129, np.uint16)
    notes = write_picture(tmp_path / f"a{suffix}", Picture(value))
    assert any("8 bits" in note for note in notes)
    assert (read_picture(tmp_path / f"a{suffix}").picture.pixels == 101).all()


def test_transparency_in_a_jpeg_is_declined_before_anything_is_written(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    alpha = np.full((4, 4), 255, np.uint8)
    write_picture(tmp_path / "a.jpg", Picture(pixels, alpha))
    alpha[1, 1] = 254
    with pytest.raises(OutputError, match="transparent parts"):
        write_picture(tmp_path / "b.jpg", Picture(pixels, alpha))
    assert not (tmp_path / "b.jpg").exists()


def test_a_picture_too_long_for_the_format_is_declined(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="at most 16383 pixels"):
        write_picture(tmp_path / "a.webp", Picture(np.zeros((1, 16_384, 3), np.uint8)))


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_lossless_webp_comes_back_to_the_last_bit(tmp_path: Path, mode: str) -> None:
    image = photo().convert(mode)
    if mode == "RGBA":
        image.putalpha(photo().convert("L").point([0] * 90 + [*range(90, 256)]))
    buffer = io.BytesIO()
    image.save(
        buffer, "WEBP", lossless=True, exact=True, exif=exif_bytes(5), icc_profile=b"p", xmp=XMP
    )
    picture_file, out = rewritten(buffer.getvalue(), tmp_path, "out.webp")
    again = read_picture(out)
    assert np.array_equal(again.picture.pixels, picture_file.picture.pixels)
    assert again.metadata == picture_file.metadata
    assert again.picture.icc == b"p"
    assert again.metadata.orientation == 5
    assert again.metadata.xmp == XMP
    if mode == "RGBA":
        assert again.picture.alpha is not None
        assert picture_file.picture.alpha is not None
        assert np.array_equal(again.picture.alpha, picture_file.picture.alpha)


def test_a_lossy_webp_stays_lossy(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    photo().save(buffer, "WEBP", quality=80)
    _, out = rewritten(buffer.getvalue(), tmp_path, "out.webp")
    assert read_picture(out).metadata == read_picture(tmp_path / "source").metadata


def test_a_grey_profile_is_left_out_of_a_file_with_colour(tmp_path: Path) -> None:
    profile = b"\0" * 16 + b"GRAY" + b"\0" * 20
    photo().convert("L").save(tmp_path / "a.png", icc_profile=profile)
    grey = read_picture(tmp_path / "a.png")
    assert write_picture(tmp_path / "b.png", grey.picture, grey) == ()
    assert read_picture(tmp_path / "b.png").picture.icc == profile
    notes = write_picture(tmp_path / "c.webp", grey.picture, grey)
    assert any("grey colour profile" in note for note in notes)
    assert read_picture(tmp_path / "c.webp").picture.icc is None


@pytest.mark.full
def test_a_display_p3_photograph_keeps_profile_labels_and_pixels(
    samples_dir: Path, tmp_path: Path
) -> None:
    source = read_picture(samples_dir / "02_park_displayp3.jpg")
    notes = write_picture(tmp_path / "out.jpg", source.picture, source)
    again = read_picture(tmp_path / "out.jpg")
    assert again.picture.icc == source.picture.icc
    assert again.metadata.exif == source.metadata.exif
    assert any("gain map" in note for note in notes)
    difference = again.picture.pixels.astype(np.int16) - source.picture.pixels
    assert np.abs(difference).mean() < 0.1


@pytest.mark.full
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_a_turned_photograph_is_upright_and_stays_turned(
    samples_dir: Path, tmp_path: Path, suffix: str
) -> None:
    path = samples_dir / "03_console_orientation6.jpg"
    source = read_picture(path)
    assert (source.picture.width, source.picture.height) == (3024, 4032)
    write_picture(tmp_path / f"out{suffix}", source.picture, source)
    again = read_picture(tmp_path / f"out{suffix}")
    assert again.stored_size == source.stored_size == (3024, 4032)
    assert again.metadata.orientation == 6
    difference = again.picture.pixels.astype(np.int16) - source.picture.pixels
    assert np.abs(difference).mean() < (0.2 if suffix == ".jpg" else 1e-9)

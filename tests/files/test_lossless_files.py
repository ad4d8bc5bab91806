"""PNG and TIFF: every bit, the profile and the labels come back, at 8 and 16 bits."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from engine.color.picture import Picture, Pixels
from engine.files import FileFormat, Metadata, PictureFile, read_picture, write_picture

Samples = NDArray[np.uint8 | np.uint16]
Depth = type[np.uint8] | type[np.uint16]

ICC = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore - Pillow does not type it
).tobytes()
CHANNELS = {"grey": 1, "grey and alpha": 2, "rgb": 3, "rgb and alpha": 4}
PAIRS = [(".png", ".png"), (".png", ".tif"), (".tif", ".png"), (".tif", ".tif")]
COMPRESSIONS = (1, 5, 8, 32_773, 50_000)


def noise(channels: int, dtype: Depth, size: tuple[int, int] = (37, 53)) -> Samples:
    shape = size if channels == 1 else (*size, channels)
    white = np.iinfo(dtype).max
    random = np.random.default_rng(channels)
    return random.integers(0, white, shape, dtype, endpoint=True)


def as_depth(pixels: Samples, dtype: Depth) -> Pixels:
    return cast("Pixels", pixels.astype(dtype))


def exif_with(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "A camera"
    exif.get_ifd(34_665)[36_867] = "2026:05:16 23:04:02"
    return exif


def make_png(path: Path, samples: Samples) -> None:
    path.write_bytes(imagecodecs.png_encode(samples))


def make_tiff(path: Path, samples: Samples, **options: object) -> None:
    channels = samples.shape[2] if samples.ndim == 3 else 1
    tifffile.imwrite(
        path,
        samples,
        photometric="rgb" if channels > 2 else "minisblack",
        extrasamples=None if channels % 2 else ("unassalpha",),
        planarconfig="contig",
        metadata=None,
        **options,  # pyright: ignore[reportArgumentType] - tests pass what tifffile takes
    )


def samples_in(path: Path) -> Samples:
    if path.suffix == ".png":
        return imagecodecs.png_decode(path.read_bytes())
    return tifffile.imread(path)


def rewritten(path: Path, folder: Path, suffix: str | None = None) -> tuple[PictureFile, Path]:
    source = read_picture(path)
    out = folder / f"out{suffix or path.suffix}"
    write_picture(out, source.picture, source)
    return source, out


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", CHANNELS.values(), ids=CHANNELS.keys())
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_every_sample_comes_back(
    tmp_path: Path, dtype: Depth, channels: int, first: str, second: str
) -> None:
    samples = noise(channels, dtype)
    source_path = tmp_path / f"source{first}"
    (make_png if first == ".png" else make_tiff)(source_path, samples)
    source, out = rewritten(source_path, tmp_path, second)
    assert source.picture.pixels.dtype == dtype
    assert (source.picture.alpha is None) == (channels in (1, 3))
    written = samples_in(out)
    assert written.dtype == dtype
    assert np.array_equal(written, samples)


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("predictor", [False, True])
def test_a_tiff_keeps_its_compression(tmp_path: Path, compression: int, *, predictor: bool) -> None:
    samples = noise(3, np.uint16)
    has_predictor = predictor and compression in (5, 8, 50_000)
    make_tiff(tmp_path / "a.tif", samples, compression=compression, predictor=has_predictor)
    _, out = rewritten(tmp_path / "a.tif", tmp_path)
    with tifffile.TiffFile(out) as tiff:
        page = tiff.pages.first
        assert int(page.compression) == compression
        assert int(page.predictor) == (2 if has_predictor else 1)
        assert np.array_equal(page.asarray(), samples)


@pytest.mark.parametrize("layout", [{"tile": (16, 32)}, {"bigtiff": True}, {"byteorder": ">"}])
def test_tiles_large_files_and_the_other_byte_order_are_read(
    tmp_path: Path, layout: dict[str, object]
) -> None:
    samples = noise(4, np.uint16)
    make_tiff(tmp_path / "a.tif", samples, **layout)
    _, out = rewritten(tmp_path / "a.tif", tmp_path)
    assert np.array_equal(samples_in(out), samples)


def test_channels_in_separate_planes_are_read(tmp_path: Path) -> None:
    samples = noise(3, np.uint16)
    planes = np.ascontiguousarray(np.moveaxis(samples, -1, 0))
    tifffile.imwrite(tmp_path / "a.tif", planes, photometric="rgb", planarconfig="separate")
    assert np.array_equal(read_picture(tmp_path / "a.tif").picture.pixels, samples)


def test_white_is_zero_is_inverted(tmp_path: Path) -> None:
    samples = noise(1, np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", samples, photometric="miniswhite", metadata=None)
    assert np.array_equal(read_picture(tmp_path / "a.tif").picture.pixels[..., 1], 255 - samples)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("mode", ["P", "1"])
def test_palettes_and_single_bits_are_read(tmp_path: Path, suffix: str, mode: str) -> None:
    image = Image.fromarray(noise(3, np.uint8)).convert(mode)
    image.save(tmp_path / f"a{suffix}")
    expected = np.asarray(image.convert("RGB"))
    source = read_picture(tmp_path / f"a{suffix}")
    assert np.array_equal(source.picture.pixels, expected)
    assert source.metadata.is_grey == (mode == "1")


def test_a_palette_with_transparency_is_read(tmp_path: Path) -> None:
    image = Image.fromarray(noise(3, np.uint8)).convert("P").convert("PA")
    image.putalpha(Image.fromarray(noise(1, np.uint8)))
    image.save(tmp_path / "a.tif")
    source = read_picture(tmp_path / "a.tif")
    assert np.array_equal(source.picture.pixels, np.asarray(image.convert("RGB")))
    assert source.picture.alpha is not None
    assert np.array_equal(source.picture.alpha, noise(1, np.uint8))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1)])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
def test_pictures_one_pixel_wide_come_back(
    tmp_path: Path, size: tuple[int, int], orientation: int, suffix: str
) -> None:
    pixels = as_depth(noise(3, np.uint8, size), np.uint8)
    exif = exif_with(orientation).tobytes().removeprefix(b"Exif\0\0")
    metadata = Metadata(orientation=orientation, exif=exif)
    like = PictureFile(Picture(pixels), FileFormat.PNG, metadata)
    write_picture(tmp_path / f"a{suffix}", Picture(pixels), like)
    again = read_picture(tmp_path / f"a{suffix}")
    assert np.array_equal(again.picture.pixels, pixels)
    assert again.metadata.orientation == orientation


def test_premultiplied_tiff_colour_becomes_straight(tmp_path: Path) -> None:
    straight = noise(4, np.uint16)
    straight[..., 3] |= 0x8000
    premultiplied = straight.copy()
    alpha = straight[..., 3:].astype(np.uint64)
    premultiplied[..., :3] = (straight[..., :3] * alpha + 32_767) // 65_535
    tifffile.imwrite(
        tmp_path / "a.tif", premultiplied, photometric="rgb", extrasamples=("assocalpha",)
    )
    source = read_picture(tmp_path / "a.tif")
    assert np.abs(source.picture.pixels.astype(int) - straight[..., :3]).max() <= 1
    notes = write_picture(tmp_path / "out.tif", source.picture, source)
    assert any("straight" in note for note in notes)
    with tifffile.TiffFile(tmp_path / "out.tif") as tiff:
        assert [int(sample) for sample in tiff.pages.first.extrasamples] == [2]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_pictures_are_upright_and_written_in_stored_order(
    tmp_path: Path, orientation: int, suffix: str, dtype: Depth
) -> None:
    samples = noise(3, np.uint8)
    path = tmp_path / f"a{suffix}"
    Image.fromarray(samples.astype(np.uint8)).save(path, exif=exif_with(orientation))
    with Image.open(path) as image:
        shown = np.asarray(ImageOps.exif_transpose(image))
    source = read_picture(path)
    assert np.array_equal(source.picture.pixels, shown)
    scaled = Picture(as_depth(source.picture.pixels, dtype), None, ICC)
    out = tmp_path / f"out{suffix}"
    write_picture(out, scaled, source)
    again = read_picture(out)
    assert again.metadata.orientation == orientation
    assert np.array_equal(again.picture.pixels, shown)
    assert np.array_equal(samples_in(out), samples)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_profile_resolution_and_exif_come_back(
    tmp_path: Path, dtype: Depth, first: str, second: str
) -> None:
    labelled = tmp_path / "labelled.png"
    Image.fromarray(noise(3, np.uint8).astype(np.uint8)).save(
        labelled, exif=exif_with(6), icc_profile=ICC, dpi=(300, 150)
    )
    _, path = rewritten(labelled, tmp_path, first)  # Pillow writes no EXIF directory to a TIFF
    source = read_picture(path)
    picture = Picture(as_depth(source.picture.pixels, dtype), None, source.picture.icc)
    write_picture(tmp_path / f"again{second}", picture, source)
    with Image.open(tmp_path / f"again{second}") as image:
        assert image.info["icc_profile"] == ICC
        assert np.allclose([float(value) for value in image.info["dpi"]], (300, 150), atol=0.02)
        exif = image.getexif()
        assert exif[271] == "A camera"
        assert exif[274] == 6
        assert exif.get_ifd(34_665)[36_867] == "2026:05:16 23:04:02"


def test_a_png_keeps_its_exif_byte_for_byte_and_its_texts(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Someone")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")
    exif = exif_with(3).tobytes()
    Image.fromarray(noise(3, np.uint8).astype(np.uint8)).save(
        tmp_path / "a.png", pnginfo=texts, exif=exif
    )
    _, out = rewritten(tmp_path / "a.png", tmp_path)
    with Image.open(out) as image:
        assert image.info["exif"].removeprefix(b"Exif\0\0") == exif.removeprefix(b"Exif\0\0")
        assert image.info["Author"] == "Someone"
        assert image.info["xmp"] == b"<x:xmpmeta/>"


def test_the_gamma_of_a_png_without_profile_is_kept_and_left_out_beside_one(
    tmp_path: Path,
) -> None:
    hints = PngImagePlugin.PngInfo()
    hints.add(b"gAMA", (45_455).to_bytes(4))
    Image.fromarray(noise(3, np.uint8).astype(np.uint8)).save(tmp_path / "a.png", pnginfo=hints)
    source, out = rewritten(tmp_path / "a.png", tmp_path)
    with Image.open(out) as image:
        assert image.info["gamma"] == pytest.approx(0.45455)
    write_picture(out, Picture(source.picture.pixels, None, ICC), source)
    with Image.open(out) as image:
        assert "gamma" not in image.info
        assert image.info["icc_profile"] == ICC


@given(
    samples=st.sampled_from([noise(4, np.uint16, (3, 5)), noise(4, np.uint8, (5, 1))]),
    orientation=st.integers(1, 8),
)
def test_colour_under_full_transparency_is_kept(
    tmp_path_factory: pytest.TempPathFactory, samples: Samples, orientation: int
) -> None:
    folder = tmp_path_factory.mktemp("transparent")
    clear = samples.copy()
    clear[..., 3] = 0
    make_tiff(folder / "a.tif", clear, extratags=[(274, "H", 1, orientation, True)])
    _, out = rewritten(folder / "a.tif", folder, ".png")
    assert np.array_equal(samples_in(out), clear)


def test_grey_is_written_as_grey_by_its_luma(tmp_path: Path) -> None:
    make_png(tmp_path / "a.png", noise(1, np.uint8, (4, 4)))
    source = read_picture(tmp_path / "a.png")
    assert source.metadata.is_grey
    red = np.zeros((4, 4, 3), np.uint8)
    red[..., 0] = 200
    write_picture(tmp_path / "out.png", Picture(red), source)
    assert np.array_equal(samples_in(tmp_path / "out.png"), np.full((4, 4), 60))


@pytest.mark.parametrize("value", [0, 1, 127, 254, 255, 256, 32_768, 65_534, 65_535])
def test_equal_channels_have_their_value_as_luma(tmp_path: Path, value: int) -> None:
    make_png(tmp_path / "a.png", noise(1, np.uint16, (4, 4)))
    source = read_picture(tmp_path / "a.png")
    write_picture(tmp_path / "b.png", Picture(np.full((4, 4, 3), value, np.uint16)), source)
    assert (samples_in(tmp_path / "b.png") == value).all()


def test_a_result_without_a_source_file_can_be_written(tmp_path: Path) -> None:
    samples = noise(3, np.uint16)
    write_picture(tmp_path / "a.PNG", Picture(samples.astype(np.uint16), None, ICC))
    again = read_picture(tmp_path / "a.PNG")
    assert np.array_equal(again.picture.pixels, samples)
    assert again.picture.icc == ICC


def test_a_tiff_that_begins_with_a_thumbnail_gives_the_picture(tmp_path: Path) -> None:
    samples = noise(3, np.uint8)
    with tifffile.TiffWriter(tmp_path / "a.tif") as tiff:
        tiff.write(samples[::4, ::4], photometric="rgb", subfiletype=1)
        tiff.write(samples, photometric="rgb")
    assert np.array_equal(read_picture(tmp_path / "a.tif").picture.pixels, samples)

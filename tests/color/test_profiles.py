"""Colour spaces: against littlecms where it can, and there and back everywhere."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageCms

from engine.color.profiles import rgb_space, view_rgb8
from engine.color.tone_curve import SRGB_CURVE
from engine.errors import BadInputError
from engine.files import read_picture

Curve = bytes
Primaries = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]

BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
D50 = np.array([0.9642, 1.0, 0.8249])
D65_XY = (0.3127, 0.3290)
D50_XY = (0.3457, 0.3585)
SRGB_PRIMARIES: Primaries = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
P3_PRIMARIES: Primaries = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE_PRIMARIES: Primaries = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
PROPHOTO_PRIMARIES: Primaries = ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001))
REC2020_PRIMARIES: Primaries = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))


def fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def gamma(value: float) -> Curve:
    return b"curv" + struct.pack(">4xIH2x", 1, round(value * 256))


def parametric(kind: int, *values: float) -> Curve:
    return b"para" + struct.pack(">4xH2x", kind) + b"".join(fixed(value) for value in values)


def table(points: NDArray[np.float64]) -> Curve:
    values = np.rint(points * 65535).astype(">u2").tobytes()
    data = b"curv" + struct.pack(">4xI", len(points)) + values
    return data + b"\0" * (-len(data) % 4)


SRGB_TRC = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
REC709_TRC = parametric(3, 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)


def colorants(primaries: Primaries, white_xy: tuple[float, float]) -> NDArray[np.float64]:
    xyz = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    white = np.array([white_xy[0] / white_xy[1], 1, (1 - sum(white_xy)) / white_xy[1]])
    gain = (BRADFORD @ D50) / (BRADFORD @ white)
    adapted = np.linalg.inv(BRADFORD) @ np.diag(gain) @ BRADFORD
    return adapted @ (xyz * np.linalg.solve(xyz, white))


def text(value: str) -> bytes:
    encoded = value.encode("utf-16-be")
    return b"mluc" + struct.pack(">4xII2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded


def icc_bytes(tags: dict[bytes, bytes], space: bytes = b"RGB ") -> bytes:
    """Lay out a version 4 display profile."""
    tags = {b"desc": text("A test"), b"cprt": text("None"), **tags}
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + b"".join(map(fixed, D50))
    start = 128 + 4 + 12 * len(tags)
    entries, body = b"", b""
    for name, data in tags.items():
        entries += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s", start + len(body), b"\0" * 4, 0x04300000, b"mntr", space, b"XYZ "
    )
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + b"".join(map(fixed, D50))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + body


def matrix_icc(primaries: Primaries, curve: Curve, white: tuple[float, float] = D65_XY) -> bytes:
    columns = colorants(primaries, white).T
    tags: dict[bytes, bytes] = {}
    for letter, column in zip((b"r", b"g", b"b"), columns, strict=True):
        tags[letter + b"XYZ"] = b"XYZ \0\0\0\0" + b"".join(map(fixed, column))
        tags[letter + b"TRC"] = curve
    return icc_bytes(tags)


PROFILES: dict[str, bytes] = {
    "Display P3": matrix_icc(P3_PRIMARIES, SRGB_TRC),
    "Adobe RGB": matrix_icc(ADOBE_PRIMARIES, gamma(563 / 256)),
    "ProPhoto": matrix_icc(PROPHOTO_PRIMARIES, gamma(1.8), D50_XY),
    "Rec. 2020": matrix_icc(REC2020_PRIMARIES, REC709_TRC),
    "linear": matrix_icc(SRGB_PRIMARIES, b"curv" + struct.pack(">4xI", 0)),
    "table": matrix_icc(P3_PRIMARIES, table(SRGB_CURVE.decode(np.linspace(0, 1, 1024)))),
    "short table": matrix_icc(P3_PRIMARIES, table(np.linspace(0, 1, 17) ** 1.5)),
    "with offsets": matrix_icc(
        P3_PRIMARIES, parametric(4, 2.0, 0.9, 0.1, 0.4624, 0.04, 0.01, 0.01)
    ),
}
SRGB_BY_LITTLECMS = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore - Pillow does not type it
)
BY_NAME = pytest.mark.parametrize("icc", PROFILES.values(), ids=PROFILES.keys())


def grid(steps: int) -> NDArray[np.uint8]:
    levels = np.rint(np.linspace(0, 255, steps)).astype(np.uint8)
    return np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(steps, -1, 3)


def by_littlecms(pixels: NDArray[np.uint8], icc: bytes) -> NDArray[np.uint8]:
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    seen = ImageCms.profileToProfile(
        Image.fromarray(pixels),
        source,
        SRGB_BY_LITTLECMS,
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    assert seen is not None
    return np.asarray(seen)


@BY_NAME
def test_the_view_is_what_littlecms_shows(icc: bytes) -> None:
    pixels = grid(24)
    difference = view_rgb8(pixels, rgb_space(icc)).astype(int) - by_littlecms(pixels, icc)
    assert np.abs(difference).max() <= 1
    assert np.mean(difference != 0) < 0.05


@BY_NAME
def test_the_view_is_the_rounded_float_conversion(icc: bytes) -> None:
    space = rgb_space(icc)
    pixels = grid(24).astype(np.uint16) * np.uint16(257) ^ np.uint16(0x55)
    exact = np.clip(space.to_srgb(pixels / 65535), 0, 1) * 255
    assert np.abs(view_rgb8(pixels, space) - exact).max() < 0.56  # 0.5 of it is rounding


@BY_NAME
def test_there_and_back_in_double_precision_is_exact(icc: bytes) -> None:
    space = rgb_space(icc)
    document = grid(24) / 255
    assert np.abs(space.from_srgb(space.to_srgb(document)) - document).max() < 1e-6


@BY_NAME
def test_there_and_back_in_single_precision_stays_within_1e_5(icc: bytes) -> None:
    space = rgb_space(icc)
    document = (grid(24)[4:] / 255).astype(np.float32)
    document = document[(document > 0.02).all(axis=-1)]
    back = space.from_srgb(space.to_srgb(document))
    assert back.dtype == np.float32
    assert np.abs(back - document).max() < 1e-5


@BY_NAME
def test_single_precision_never_moves_a_16_bit_value_visibly(icc: bytes) -> None:
    space = rgb_space(icc)
    document = (grid(24) / 255).astype(np.float32)
    assert np.abs(space.from_srgb(space.to_srgb(document)) - document).max() < 0.25 / 255


@pytest.mark.parametrize("name", ["Display P3", "Adobe RGB", "Rec. 2020", "table"])
def test_colours_outside_srgb_are_carried_along(name: str) -> None:
    green = np.array([[0.1, 0.95, 0.1]], np.float32)
    assert rgb_space(PROFILES[name]).to_srgb(green)[0, 0] < 0


@BY_NAME
@given(
    srgb=hnp.arrays(np.float64, (4, 3), elements=st.floats(-0.3, 1.4)),
)
def test_srgb_values_beyond_the_range_come_back(icc: bytes, srgb: NDArray[np.float64]) -> None:
    space = rgb_space(icc)
    assert np.abs(space.to_srgb(space.from_srgb(srgb)) - srgb).max() < 1e-4


@BY_NAME
def test_white_and_grey_stay_neutral(icc: bytes) -> None:
    grey = np.repeat(np.linspace(0, 1, 33)[:, np.newaxis], 3, axis=1)
    assert np.ptp(rgb_space(icc).to_srgb(grey), axis=-1).max() < 0.25 / 255


@pytest.mark.parametrize(
    "icc",
    [
        None,
        matrix_icc(SRGB_PRIMARIES, SRGB_TRC),
        SRGB_BY_LITTLECMS.tobytes(),
        matrix_icc(SRGB_PRIMARIES, table(SRGB_CURVE.decode(np.linspace(0, 1, 1024)))),
    ],
    ids=["none", "parametric", "littlecms", "a table"],
)
def test_srgb_is_recognised_by_what_it_does(icc: bytes | None) -> None:
    space = rgb_space(icc)
    values = np.array([[-0.2, 0.5, 1.7]], np.float32)
    assert space.is_srgb
    assert space.to_srgb(values) is values
    assert space.from_srgb(values) is values


def test_srgb_primaries_with_another_gamma_are_not_srgb() -> None:
    assert not rgb_space(matrix_icc(SRGB_PRIMARIES, gamma(2.2))).is_srgb


def test_a_swapped_pair_of_colorants_is_not_srgb() -> None:
    red, green, blue = SRGB_PRIMARIES
    assert not rgb_space(matrix_icc((green, red, blue), SRGB_TRC)).is_srgb


def test_8_bit_srgb_needs_no_copy() -> None:
    pixels = grid(5)
    assert np.shares_memory(view_rgb8(pixels, rgb_space(None)), pixels)


def test_16_bit_srgb_is_rounded_to_the_nearest_level() -> None:
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1).repeat(3, axis=2)
    expected = np.rint(levels / 257).astype(np.uint8)
    assert (view_rgb8(levels, rgb_space(None)) == expected).all()


@pytest.mark.parametrize(
    ("icc", "says"),
    [
        (b"not a profile", "cannot be read"),
        (PROFILES["Display P3"][:140], "cannot be read"),
        (matrix_icc(SRGB_PRIMARIES, table(np.linspace(1, 0, 16))), "cannot be read"),
        (icc_bytes({}, b"CMYK"), "CMYK"),
    ],
    ids=["garbage", "cut short", "falling curve", "CMYK"],
)
def test_a_profile_that_cannot_be_followed_is_srgb_and_says_so(icc: bytes, says: str) -> None:
    space = rgb_space(icc)
    assert space.is_srgb
    assert space.note is not None
    assert says in space.note


def test_a_grey_profile_counts_as_srgb() -> None:
    space = rgb_space(icc_bytes({b"kTRC": gamma(2.2)}, b"GRAY"))
    assert space.is_srgb
    assert space.note is None


def test_a_profile_of_tables_only_is_declined() -> None:
    with pytest.raises(BadInputError, match="convert the picture"):
        rgb_space(icc_bytes({b"A2B0": b"mft2" + b"\0" * 60}))


@given(data=st.binary(max_size=40), at=st.integers(0, 600))
def test_damaged_profiles_never_end_in_another_error(data: bytes, at: int) -> None:
    icc = PROFILES["Rec. 2020"]
    damaged = icc[:at] + data + icc[at + len(data) :]
    try:
        space = rgb_space(damaged)
    except BadInputError:
        return
    assert space.to_srgb(np.full((1, 3), 0.5, np.float32)).shape == (1, 3)


@pytest.mark.full
def test_a_real_display_p3_photograph_looks_as_littlecms_shows_it(samples_dir: Path) -> None:
    picture = read_picture(samples_dir / "02_park_displayp3.jpg").picture
    assert picture.icc is not None
    pixels = picture.pixels[::4, ::4].astype(np.uint8)
    space = rgb_space(picture.icc)
    difference = view_rgb8(pixels, space).astype(int) - by_littlecms(pixels, picture.icc)
    assert not space.is_srgb
    assert np.abs(difference).max() <= 1


@pytest.mark.full
@pytest.mark.parametrize("name", ["04_hands_garden.jpg", "06_cake_36mp.jpg"])
def test_the_usual_srgb_profiles_are_recognised(samples_dir: Path, name: str) -> None:
    picture = read_picture(samples_dir / name).picture
    assert picture.icc is not None
    assert rgb_space(picture.icc).is_srgb

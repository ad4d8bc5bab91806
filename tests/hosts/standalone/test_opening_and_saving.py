"""Flat files there and back, what is told beside them, and a disk that is full."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.color.picture import Picture, Pixels
from engine.errors import BadInputError, OutputError
from engine.files import read_picture
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    composite,
    new_document,
    open_document,
    read_cut_out,
    save_document,
)

CHECKOUT = Path(__file__).resolve().parents[3]
BACKGROUND = Picture(np.random.default_rng(6).integers(0, 256, (200, 300, 3), np.uint8))
ENDINGS = [".ora", ".tif", ".png", ".jpg", ".webp"]

SAVE_WITH_LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from engine.errors import OutputError
from frih_plugin.hosts.standalone.document import open_document, save_document
document = open_document(Path(sys.argv[1])).document
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    save_document(Path(sys.argv[2]), document)
except OutputError as error:
    print(error.sentence)
"""


def levels(seed: int, shape: tuple[int, ...], depth: int) -> Pixels:
    drawn = np.random.default_rng(seed).integers(0, 1 << depth, shape)
    return drawn.astype(np.uint8) if depth == 8 else drawn.astype(np.uint16)


def two_layers() -> Document:
    document = new_document(BACKGROUND, "back")
    cut = Picture(levels(2, (150, 150, 3), 8), levels(3, (150, 150), 8))
    return document.with_layers((*document.layers, Layer(cut, "cut", placement=Placement(9, 9))))


@settings(deadline=None, max_examples=30)
@given(
    height=st.integers(1, 12),
    width=st.integers(1, 12),
    depth=st.sampled_from([8, 16]),
    alpha=st.booleans(),
    ending=st.sampled_from([".png", ".tif"]),
)
def test_a_flat_picture_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory,
    height: int,
    width: int,
    depth: int,
    *,
    alpha: bool,
    ending: str,
) -> None:
    opacity = levels(2, (height, width), depth) if alpha else None
    picture = Picture(levels(1, (height, width, 3), depth), opacity)
    path = tmp_path_factory.getbasetemp() / f"flat{ending}"
    assert save_document(path, new_document(picture, "a")) == ()
    found = open_document(path).document.layers[0]
    assert found.name == "flat"
    assert np.array_equal(found.picture.pixels, picture.pixels)
    assert (found.picture.alpha is None) == (opacity is None)
    if found.picture.alpha is not None and opacity is not None:
        assert np.array_equal(found.picture.alpha, opacity)


def test_colors_under_full_transparency_are_kept(tmp_path: Path) -> None:
    hidden = Picture(BACKGROUND.pixels, np.zeros((200, 300), np.uint8))
    save_document(tmp_path / "a.png", new_document(hidden, "a"))
    assert np.array_equal(read_cut_out(tmp_path / "a.png").pixels, BACKGROUND.pixels)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp"])
def test_layers_are_flattened_and_it_is_said(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    notes = save_document(path, two_layers())
    assert "OpenRaster" in notes[-1]
    if ending == ".png":
        assert np.array_equal(read_picture(path).picture.pixels, composite(two_layers()).pixels)


def test_a_mirrored_layer_is_saved_mirrored(tmp_path: Path) -> None:
    document = new_document(BACKGROUND, "a")
    document = document.with_layer(
        document.layers[0].id, lambda layer: replace(layer, placement=Placement(0, 0, -1, 1))
    )
    save_document(tmp_path / "a.png", document)
    assert np.array_equal(read_cut_out(tmp_path / "a.png").pixels, BACKGROUND.pixels[:, ::-1])


def test_a_grey_file_with_a_colored_layer_becomes_a_colored_file(tmp_path: Path) -> None:
    Image.fromarray(BACKGROUND.pixels[..., 0]).save(tmp_path / "grey.png")
    grey = open_document(tmp_path / "grey.png").document
    save_document(tmp_path / "still.png", grey)
    with Image.open(tmp_path / "still.png") as image:
        assert image.mode == "L"
    colored = grey.with_layers((*grey.layers, two_layers().layers[1]))
    save_document(tmp_path / "colored.png", colored)
    assert np.array_equal(read_cut_out(tmp_path / "colored.png").pixels, composite(colored).pixels)


def test_exif_stays_in_a_flat_file_and_its_loss_beside_layers_is_said(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[271] = "A camera"
    Image.fromarray(BACKGROUND.pixels).save(tmp_path / "a.jpg", exif=exif)
    document = open_document(tmp_path / "a.jpg").document
    save_document(tmp_path / "b.jpg", document)
    with Image.open(tmp_path / "b.jpg") as image:
        assert image.getexif()[271] == "A camera"
    assert "EXIF" in save_document(tmp_path / "c.ora", document)[0]


def test_a_layered_file_can_be_placed_as_one_picture(tmp_path: Path) -> None:
    save_document(tmp_path / "a.ora", two_layers())
    assert np.array_equal(read_cut_out(tmp_path / "a.ora").pixels, composite(two_layers()).pixels)


def test_more_than_100_megapixels_are_declined_by_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IEND", b""))
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    with pytest.raises(BadInputError, match="20000 x 20000 pixels, more than the 100 megapixels"):
        open_document(path)


@pytest.mark.parametrize("ending", [".png", ".jpg", ".tif", ".webp"])
def test_every_format_holds_to_the_limit(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{ending}"
    Image.fromarray(BACKGROUND.pixels).save(path)
    opening = "frih_plugin.hosts.standalone.document.files.open"
    monkeypatch.setattr(f"{opening}.MAX_PIXELS", 60_000)
    open_document(path)
    monkeypatch.setattr(f"{opening}.MAX_PIXELS", 59_999)
    with pytest.raises(BadInputError, match="300 x 200 pixels"):
        open_document(path)


@pytest.mark.parametrize("name", ["none.png", "none.ora", "folder", "folder.ora"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    if name.startswith("folder"):
        (tmp_path / name).mkdir()
    with pytest.raises(BadInputError, match=name):
        open_document(tmp_path / name)


@pytest.mark.parametrize("name", ["a", "a.gif", "a.kra"])
def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.ora, which keeps layers"):
        save_document(tmp_path / name, two_layers())


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_missing_folder_is_named(tmp_path: Path, ending: str) -> None:
    with pytest.raises(OutputError, match="none"):
        save_document(tmp_path / "none" / f"a{ending}", two_layers())


def test_transparent_parts_cannot_go_into_a_jpeg(tmp_path: Path) -> None:
    faint = two_layers().with_layers((two_layers().layers[1],))
    with pytest.raises(OutputError, match="transparent"):
        save_document(tmp_path / "a.jpg", faint)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("ending", [".ora", ".tif", ".png"])
@pytest.mark.parametrize("room", [0, 1000, 200_000])
def test_when_room_runs_out_the_old_file_stays(tmp_path: Path, ending: str, room: int) -> None:
    source, path = tmp_path / "source.ora", tmp_path / f"a{ending}"
    save_document(source, two_layers())
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", SAVE_WITH_LITTLE_ROOM, str(source), str(path), str(room)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    if ending == ".png" and room == 200_000:
        assert done.stdout == ""
        return
    assert "larger than is allowed" in done.stdout
    assert str(path) in done.stdout
    assert done.stderr == ""
    assert path.read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [path.name, source.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_is_named(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"a{ending}"
    full = io.FileIO("/dev/full", "r+")
    monkeypatch.setattr("engine.files.atomic.io.FileIO", Mock(return_value=full))
    with pytest.raises(OutputError, match="the disk is full"):
        save_document(path, two_layers())
    assert list(tmp_path.iterdir()) == []

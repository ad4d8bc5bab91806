"""OpenRaster there and back: every bit and every label; files of others as far as they go."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from engine.color.blending import BlendMode
from engine.color.picture import Picture, Pixels
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    composite,
    new_document,
    open_document,
    place_layer,
    render,
    save_document,
)

SRGB = ImageCms.ImageCmsProfile(
    ImageCms.createProfile("sRGB")  # pyright: ignore - Pillow does not type it
).tobytes()
SWAPPED = SRGB.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def levels(seed: int, shape: tuple[int, ...], depth: int) -> Pixels:
    drawn = np.random.default_rng(seed).integers(0, 1 << depth, shape)
    return drawn.astype(np.uint8) if depth == 8 else drawn.astype(np.uint16)


@st.composite
def layers(draw: st.DrawFn, depth: int, icc: bytes | None) -> Layer:
    seed, height, width = draw(st.integers(0, 99)), draw(st.integers(1, 9)), draw(st.integers(1, 9))
    alpha = levels(seed + 1, (height, width), depth) if draw(st.booleans()) else None
    return Layer(
        Picture(levels(seed, (height, width, 3), depth), alpha, icc),
        draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)),
        placement=Placement(draw(st.integers(-50, 50)), draw(st.integers(-50, 50))),
        is_visible=draw(st.booleans()),
        opacity=draw(st.floats(0, 1)),
        mode=draw(st.sampled_from(BlendMode)),
        is_locked=draw(st.booleans()),
        settings=draw(st.none() | st.text(max_size=30)),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    depth: Literal[8, 16] = draw(st.sampled_from([8, 16]))
    icc = draw(st.sampled_from([None, SRGB, SWAPPED]))
    stack = tuple(draw(st.lists(layers(depth, icc), min_size=1, max_size=4)))
    settings_text = draw(st.none() | st.text(max_size=10))
    return Document(31, 17, icc, depth, stack, settings=settings_text)


def reopened(document: Document, ending: str = ".ora") -> Document:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        save_document(path, document)
        return open_document(path).document


def assert_same_layer(found: Layer, expected: Layer) -> None:
    assert np.array_equal(found.picture.pixels, expected.picture.pixels)
    assert found.picture.pixels.dtype == expected.picture.pixels.dtype
    assert (found.picture.alpha is None) == (expected.picture.alpha is None)
    if found.picture.alpha is not None and expected.picture.alpha is not None:
        assert np.array_equal(found.picture.alpha, expected.picture.alpha)
    for label in ("id", "name", "placement", "is_visible", "opacity", "mode", "is_locked"):
        assert getattr(found, label) == getattr(expected, label), label
    assert found.settings == expected.settings


@settings(deadline=None, max_examples=40)
@given(document=documents(), ending=st.sampled_from([".ora", ".tif"]))
def test_every_bit_and_label_comes_back(document: Document, ending: str) -> None:
    found = reopened(document, ending)
    for label in ("width", "height", "depth", "icc", "settings"):
        assert getattr(found, label) == getattr(document, label), label
    assert len(found.layers) == len(document.layers)
    for layer, expected in zip(found.layers, document.layers, strict=True):
        assert_same_layer(layer, expected)


@pytest.mark.parametrize("ending", [".ora", ".tif"])
def test_a_turned_layer_is_saved_as_it_looks(ending: str) -> None:
    document = new_document(Picture(levels(1, (40, 50, 3), 8)), "a")
    layer = Layer(Picture(levels(2, (20, 10, 3), 8)), "b", placement=Placement(20, 5))
    document = document.with_layers((*document.layers, layer))
    document = place_layer(document, layer.id, Placement(20, 5, 1.5, 0.7, 33))
    turned = document.layers[1]
    found = reopened(document, ending)
    assert np.array_equal(composite(found).pixels, composite(document).pixels)
    drawn = render(turned.picture, turned.placement)
    assert found.layers[1].placement == Placement(drawn.left, drawn.top)


def test_the_file_is_as_the_specification_wants(tmp_path: Path) -> None:
    icc_layer = Layer(Picture(levels(1, (300, 520, 3), 16), None, SWAPPED), 'a < b & "c"\n')
    path = tmp_path / "a.ora"
    save_document(path, Document(520, 300, SWAPPED, 16, (icc_layer,)))
    content = path.read_bytes()
    assert content[30:54] == b"mimetypeimage/openraster"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "mimetype",
            "stack.xml",
            "data/layer0.png",
            "mergedimage.png",
            "Thumbnails/thumbnail.png",
        ]
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        merged = Image.open(io.BytesIO(archive.read("mergedimage.png")))
        small = Image.open(io.BytesIO(archive.read("Thumbnails/thumbnail.png")))
        layer = archive.read("data/layer0.png")
    assert (merged.size, merged.mode) == ((520, 300), "RGB")
    swapped = np.rint(icc_layer.picture.pixels / 257)[..., [1, 0, 2]]
    assert np.abs(np.asarray(merged, np.int16) - swapped).max() <= 1
    assert small.size == (256, 148)
    assert layer[24] == 16
    assert b"iCCP" in layer


def written(path: Path, stack: str, **pictures: Picture) -> Path:
    """An OpenRaster file by hand."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", stack)
        for name, picture in pictures.items():
            buffer = io.BytesIO()
            Image.fromarray(picture.pixels).save(buffer, "PNG")
            archive.writestr(f"data/{name}.png", buffer.getvalue())
    return path


def test_files_of_others_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    stack = """<?xml version='1.0' encoding='UTF-8'?>
    <image version="0.0.3" w="12" h="8" xres="300" foreign="x" xmlns:f="urn:other">
      <f:note/>
      <stack>
        <text name="left out" x="1" y="1"/>
        <layer name="top" src="data/top.png" x="3" opacity="0.5" composite-op="svg:multiply"/>
        <stack x="2" y="1" opacity="0.5" visibility="hidden">
          <layer name="inner" src="data/top.png" x="1" opacity="0.5" visibility="visible"/>
        </stack>
        <layer src="data/below.png" composite-op="krita:odd" opacity="much" x="?"/>
      </stack>
    </image>"""
    top, below = Picture(levels(1, (3, 4, 3), 8)), Picture(levels(2, (8, 12, 3), 8))
    opened = open_document(written(tmp_path / "a.ora", stack, top=top, below=below))
    document = opened.document
    assert (document.width, document.height) == (12, 8)
    assert [layer.name for layer in document.layers] == ["", "inner", "top"]
    assert [layer.opacity for layer in document.layers] == [1, 0.25, 0.5]
    assert [layer.is_visible for layer in document.layers] == [True, False, True]
    assert [layer.placement.left for layer in document.layers] == [0, 3, 3]
    assert [layer.placement.top for layer in document.layers] == [0, 1, 0]
    assert document.layers[2].mode is BlendMode.MULTIPLY
    assert document.layers[0].mode is BlendMode.NORMAL
    assert np.array_equal(document.layers[0].picture.pixels, below.pixels)
    assert len(opened.notes) == 3


def test_layers_of_several_depths_and_spaces_are_brought_together(tmp_path: Path) -> None:
    path = tmp_path / "a.ora"
    save_document(path, new_document(Picture(levels(1, (6, 6, 3), 8)), "a"))
    save_document(tmp_path / "b.ora", new_document(Picture(levels(2, (6, 6, 3), 16)), "b"))
    with zipfile.ZipFile(tmp_path / "b.ora") as other:
        deep = other.read("data/layer0.png")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    layer = b'<layer name="deep" src="data/deep.png"/>\n<layer name="a"'
    parts["stack.xml"] = parts["stack.xml"].replace(b'<layer name="a"', layer)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {"data/deep.png": deep}).items():
            archive.writestr(name, content)
    document = open_document(path).document
    assert document.depth == 16
    assert np.array_equal(
        document.layers[0].picture.pixels, levels(1, (6, 6, 3), 8).astype(np.uint16) * 257
    )
    assert np.array_equal(document.layers[1].picture.pixels, levels(2, (6, 6, 3), 16))


def test_names_that_xml_cannot_hold_are_saved_as_far_as_they_can(tmp_path: Path) -> None:
    document = new_document(Picture(levels(1, (3, 3, 3), 8)), 'a\x01b\tc\ud800<&">')
    save_document(tmp_path / "a.ora", document)
    assert open_document(tmp_path / "a.ora").document.layers[0].name == 'a\ufffdb c?<&">'


def test_an_empty_document_comes_back(tmp_path: Path) -> None:
    save_document(tmp_path / "a.ora", Document(5, 4))
    found = open_document(tmp_path / "a.ora").document
    assert (found.width, found.height, found.layers) == (5, 4, ())

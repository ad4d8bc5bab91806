"""TIFF with layers: what others see in it, and what we see in the files of others."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from engine.color.blending import BlendMode
from engine.color.picture import Picture
from engine.errors import BadInputError
from engine.files import read_picture, tiff_pages
from frih_plugin.hosts.standalone.document import (
    Document,
    Layer,
    Placement,
    composite,
    new_document,
    open_document,
    save_document,
)

RNG = np.random.default_rng(6)
BACKGROUND = Picture(RNG.integers(0, 256, (30, 40, 3), np.uint8))
CUT_OUT = Picture(RNG.integers(0, 256, (9, 9, 3), np.uint8), np.full((9, 9), 99, np.uint8))


def layered() -> Document:
    layer = Layer(CUT_OUT, "cut ✂", placement=Placement(5, 6), mode=BlendMode.SCREEN)
    document = new_document(BACKGROUND, "back")
    return document.with_layers((*document.layers, layer))


def rgb(seed: int, height: int = 30, width: int = 40) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_the_first_page_is_what_other_programs_show(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    save_document(path, layered())
    with tifffile.TiffFile(path) as tiff:
        shown = tiff.pages[0].asarray()
        assert len(tiff.pages) == 3
        assert tiff.pages[0].aspage().tags.valueof(285) == "merged"
    assert np.array_equal(shown, composite(layered()).pixels)


def test_a_document_of_one_layer_stays_a_plain_tiff(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    save_document(path, new_document(BACKGROUND, "back"))
    assert np.array_equal(read_picture(path).picture.pixels, BACKGROUND.pixels)


def test_pages_of_others_become_layers_with_their_names_and_places(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(rgb(1), photometric="rgb", metadata=None)
        place = Fraction(5, 72), Fraction(7, 72)
        tags = [(285, "s", 0, "second", True)] + [
            (tag, "2I", 1, (value.numerator, value.denominator), True)
            for tag, value in zip((286, 287), place, strict=True)
        ]
        tiff.write(
            rgb(2, 9, 9), photometric="rgb", metadata=None, resolution=(72, 72), extratags=tags
        )
    document = open_document(path).document
    assert (document.width, document.height) == (40, 30)
    assert [layer.name for layer in document.layers] == ["Page 1", "second"]
    assert document.layers[1].placement == Placement(5, 7)
    assert np.array_equal(document.layers[1].picture.pixels, rgb(2, 9, 9))


def test_thumbnails_are_no_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(rgb(1), photometric="rgb", metadata=None)
        tiff.write(rgb(2, 9, 9), photometric="rgb", metadata=None, subfiletype=1)
    assert len(open_document(path).document.layers) == 1


def test_a_description_that_does_not_fit_the_pages_is_not_believed(tmp_path: Path) -> None:
    lists = ("3", "[]", '[{"id": "a"}, {"id": "b"}]', "[{}, {}]")
    dumped = [f'{{"layers": {layers}, "settings": null}}' for layers in lists]
    for index, text in enumerate(("", "{", "[]", "{}", *dumped)):
        path = tmp_path / f"{index}.tif"
        with tifffile.TiffWriter(path) as tiff:
            tiff.write(rgb(1), photometric="rgb", metadata=None, description="FRIH layers " + text)
            tiff.write(rgb(2), photometric="rgb", metadata=None)
        assert len(open_document(path).document.layers) == 2


@pytest.mark.parametrize(
    "entry", [{}, {"id": "a"}, {"id": "a", "opacity": 7}], ids=["empty", "little", "wrong"]
)
def test_an_entry_that_cannot_be_read_leaves_a_plain_layer(
    tmp_path: Path, entry: dict[str, object]
) -> None:
    path = tmp_path / "a.tif"
    text = "FRIH layers " + json.dumps({"layers": [entry], "settings": None})
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(rgb(1), photometric="rgb", metadata=None, description=text)
        tiff.write(rgb(2), photometric="rgb", metadata=None)
    layers = open_document(path).document.layers
    assert np.array_equal(layers[-1].picture.pixels, rgb(2))
    assert layers[-1].opacity == 1


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_declined(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.tif"
    save_document(path, layered())
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadInputError, match=r"a\.tif .*"):
        open_document(path)


@pytest.mark.parametrize("limit", [{"MAX_PAGES": 2}, {"MAX_BYTES": 5000}])
def test_too_many_pages_are_declined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: dict[str, int]
) -> None:
    path = tmp_path / "a.tif"
    save_document(path, layered())
    for name, value in limit.items():
        monkeypatch.setattr(tiff_pages, name, value)
    with pytest.raises(BadInputError, match="3 pages"):
        open_document(path)


def test_a_page_of_another_kind_is_declined(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with tifffile.TiffWriter(path) as tiff:
        tiff.write(rgb(1), photometric="rgb", metadata=None)
        tiff.write(np.zeros((5, 5, 3), np.float32), photometric="rgb", metadata=None)
    with pytest.raises(BadInputError, match="floating point"):
        open_document(path)

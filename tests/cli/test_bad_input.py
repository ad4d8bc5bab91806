"""Bad input: one sentence, exit code 2, nothing written. None of it needs the weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cli_pictures import HEIGHT, WIDTH, Pictures, write_mask
from cli_runs import Finished, Frih
from PIL import Image

from engine.cli import single
from engine.errors import WeightsError


def one_sentence(done: Finished) -> str:
    """The sentence; fails where there is more or less than one line."""
    assert done.code == 2
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert line.startswith("frih: ")
    assert line.endswith(".")
    return line


def on_composite(frih: Frih, pictures: Pictures, *options: str | Path) -> str:
    """The sentence about the composite with further options; checks that no file is new."""
    before = listing(pictures.folder)
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out, *options
    )
    assert listing(pictures.folder) == before
    return one_sentence(done)


def on_layer(frih: Frih, pictures: Pictures, at: str, *options: str | Path) -> str:
    before = listing(pictures.folder)
    done = frih(
        "harmonize", "--background", pictures.composite, "--layer", pictures.layer,
        "--at", at, "-o", pictures.out, *options,
    )  # fmt: skip
    assert listing(pictures.folder) == before
    return one_sentence(done)


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def cut_short(pictures: Pictures) -> None:
    content = pictures.composite.read_bytes()
    pictures.composite.write_bytes(content[: len(content) // 2])


def empty_file(pictures: Pictures) -> None:
    pictures.composite.write_bytes(b"")


def text_file(pictures: Pictures) -> None:
    pictures.composite.write_text("not a picture", encoding="utf-8")


def no_file(pictures: Pictures) -> None:
    pictures.composite.unlink()


def no_mask(pictures: Pictures) -> None:
    pictures.mask.unlink()


def mask_of_another_size(pictures: Pictures) -> None:
    write_mask(pictures.mask, (WIDTH + 1, HEIGHT))


def black_mask(pictures: Pictures) -> None:
    Image.new("L", (WIDTH, HEIGHT), 0).save(pictures.mask)


def faint_mask(pictures: Pictures) -> None:
    Image.new("L", (WIDTH, HEIGHT), 127).save(pictures.mask)


def white_mask(pictures: Pictures) -> None:
    Image.new("L", (WIDTH, HEIGHT), 255).save(pictures.mask)


def cmyk_picture(pictures: Pictures) -> None:
    Image.new("CMYK", (WIDTH, HEIGHT)).save(pictures.composite, "JPEG")


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (cut_short, "photo.png is damaged"),
        (empty_file, "photo.png is empty"),
        (text_file, "photo.png is not a PNG, JPEG, TIFF or WebP"),
        (no_file, "photo.png does not exist"),
        (no_mask, "mask.png does not exist"),
        (mask_of_another_size, f"mask is {WIDTH + 1} x {HEIGHT} pixels"),
        (black_mask, "mask is empty"),
        (faint_mask, "mask is empty"),
        (white_mask, "covers all of the picture"),
        (cmyk_picture, "CMYK"),
    ],
)
def test_unusable_files(
    frih: Frih, pictures: Pictures, spoil: Callable[[Pictures], None], part: str
) -> None:
    spoil(pictures)
    assert part in on_composite(frih, pictures)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--strength", "1.5"), "between 0 and 1, not 1.5"),
        (("--cutoff-distance", "0.5"), "between 0.005 and 0.4, not 0.5"),
        (("--region-strength", "0=2"), "between 0 and 1, not 2.0"),
        (("--region-strength", "9=0.5"), "no region 9"),
        (("--labels", "labels.jpg"), "must be a PNG"),
    ],
)
def test_values_out_of_range(
    frih: Frih, pictures: Pictures, options: tuple[str, ...], part: str
) -> None:
    assert part in on_composite(frih, pictures, *options)


@pytest.mark.parametrize("option", ["-o", "--labels", "--regions"])
def test_outputs_in_folders_that_do_not_exist(frih: Frih, pictures: Pictures, option: str) -> None:
    path = pictures.folder / "absent" / "x.png"
    assert "does not exist" in on_composite(frih, pictures, option, path)
    assert not path.parent.exists()


@pytest.mark.parametrize("option", ["-o", "--labels", "--regions"])
def test_outputs_that_are_inputs(frih: Frih, pictures: Pictures, option: str) -> None:
    path = pictures.folder / "." / "photo.png"
    assert "is also an input" in on_composite(frih, pictures, option, path)


def test_two_outputs_of_one_name(frih: Frih, pictures: Pictures) -> None:
    assert "named for two results" in on_composite(frih, pictures, "--labels", pictures.out)


def test_unknown_ending(frih: Frih, pictures: Pictures) -> None:
    sentence = on_composite(frih, pictures, "-o", pictures.folder / "out.bmp")
    assert "let its name end in one of .png" in sentence


def test_output_that_is_a_folder(frih: Frih, pictures: Pictures) -> None:
    (pictures.folder / "folder.png").mkdir()
    assert "is not a file" in on_composite(frih, pictures, "-o", pictures.folder / "folder.png")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user whom permissions bind"
)
def test_folder_that_may_not_be_written(frih: Frih, pictures: Pictures) -> None:
    closed = pictures.folder / "closed"
    closed.mkdir(mode=0o500)
    assert "may not write" in on_composite(frih, pictures, "-o", closed / "out.png")


def test_jpeg_for_a_picture_with_transparency(frih: Frih, pictures: Pictures) -> None:
    with Image.open(pictures.composite) as picture:
        clear = picture.convert("RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    clear.save(pictures.composite)
    sentence = on_composite(frih, pictures, "-o", pictures.folder / "out.jpg")
    assert "JPEG cannot hold" in sentence


@pytest.mark.parametrize("at", [f"{WIDTH},0", f"0,{HEIGHT}", "-100,0", "0,-80", "99999,99999"])
def test_layer_outside_the_picture(frih: Frih, pictures: Pictures, at: str) -> None:
    assert "lies outside the picture" in on_layer(frih, pictures, at)


def test_only_a_layers_transparent_border_is_on_the_picture(frih: Frih, pictures: Pictures) -> None:
    assert "Nothing of the layer shows" in on_layer(frih, pictures, "-95,0")


def test_layer_that_leaves_no_background(frih: Frih, pictures: Pictures) -> None:
    Image.new("RGBA", (WIDTH, HEIGHT), (9, 9, 9, 255)).save(pictures.layer)
    assert "covers all of the picture" in on_layer(frih, pictures, "0,0")


def test_selection_of_another_size(frih: Frih, pictures: Pictures) -> None:
    sentence = on_layer(frih, pictures, "0,0", "--selection", pictures.mask)
    assert f"{WIDTH} x {HEIGHT}" in sentence


def test_offset_that_is_no_offset(frih: Frih, pictures: Pictures) -> None:
    assert "two whole numbers" in on_layer(frih, pictures, "middle")


def test_an_existing_result_stays_as_it_was(frih: Frih, pictures: Pictures) -> None:
    pictures.out.write_bytes(b"precious")
    black_mask(pictures)
    on_composite(frih, pictures)
    assert pictures.out.read_bytes() == b"precious"


def test_missing_weights_are_a_sentence_and_no_result(
    frih: Frih, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise WeightsError("The weights file frih.safetensors cannot be read: install FRIH again.")

    monkeypatch.setattr(single, "open_backend", refuse)
    assert "install FRIH again" in on_composite(frih, pictures)


def test_lack_of_memory_is_a_sentence(
    frih: Frih, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhaust(*_arguments: object) -> None:
        np.empty(1 << 62, np.uint8)

    monkeypatch.setattr(single, "open_backend", exhaust)
    assert "not enough memory" in on_composite(frih, pictures)


def test_ctrl_c_is_answered_without_a_word(
    frih: Frih, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(single, "harmonize_picture", interrupt)
    done = frih("harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out)
    assert done == Finished(130, "", "")


def test_broken_region_output_is_told_beside_the_written_picture(
    frih: Frih, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = pictures.folder / "labels.png"

    def fail(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.cli.results.encode_png", fail)
    done = frih(
        "harmonize", pictures.composite, "--mask", pictures.mask, "-o", pictures.out,
        "--labels", labels, "--json",
    )  # fmt: skip
    sentence = one_sentence(done)
    assert f"{pictures.out} was written, but {labels} could not be written" in sentence
    assert "the disk is full" in sentence
    assert pictures.out.exists()
    assert not labels.exists()

"""Reading iHarmony4's layout, and the views of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from iharmony_folder import MASK_BOX, PHOTO_SIZE, write_set, write_triple
from PIL import Image

from engine.errors import BadInputError
from engine.view import Box
from training.iharmony import load_triples
from training.iharmony_views import read_triple, view_triple, view_triple_cropped

NAMES = {"f1_1_1": 30, "f2_1_2": 60}


def test_split_file_names_the_triples_in_its_order(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    triples = load_triples(tmp_path)
    assert [triple.name for triple in triples] == ["f1_1_1", "f2_1_2"]
    assert triples[1].composite == tmp_path / "composite_images" / "f2_1_2.jpg"
    assert triples[1].mask == tmp_path / "masks" / "f2_1.png"
    assert triples[1].real == tmp_path / "real_images" / "f2.jpg"
    assert {triple.subset for triple in triples} == {"HFlickr"}
    assert {triple.kind for triple in triples} == {"published"}


@pytest.mark.parametrize("line", ["HCOCO/composite_images/c1_1_1.jpg", "HCOCO/c1_1_1.jpg"])
def test_lines_may_carry_the_sub_dataset(tmp_path: Path, line: str) -> None:
    write_triple(tmp_path / "HCOCO", "c1_1_1", 30, 0)
    (tmp_path / "IHD_test.txt").write_text(f"{line}\n")
    (triple,) = load_triples(tmp_path)
    assert triple.subset == "HCOCO"
    assert triple.composite.is_file()


@pytest.mark.parametrize("split", ["HCOCO_train.txt", "IHD_train.txt"])
def test_bare_names_are_found_in_their_sub_dataset(tmp_path: Path, split: str) -> None:
    write_triple(tmp_path / "HCOCO", "c1_1_1", 30, 0)
    (tmp_path / split).write_text("c1_1_1.jpg\n")
    (triple,) = load_triples(tmp_path, split)
    assert triple.real == tmp_path / "HCOCO" / "real_images" / "c1.jpg"


def test_sub_dataset_alone_takes_lines_with_its_own_name(tmp_path: Path) -> None:
    root = tmp_path / "HCOCO"
    write_triple(root, "c1_1_1", 30, 0)
    (root / "HCOCO_test.txt").write_text("HCOCO/composite_images/c1_1_1.jpg\n")
    assert load_triples(root)[0].composite.is_file()


def test_all_four_sub_datasets_go_before_one(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES, "HFlickr_test.txt")
    (tmp_path / "IHD_test.txt").write_text("f2_1_2.jpg\n")
    assert [triple.name for triple in load_triples(tmp_path)] == ["f2_1_2"]


def test_descriptions_name_kind_and_subset(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    (tmp_path / "bench.csv").write_text("name,kind,subset\nf2_1_2,made,film\n")
    first, second = load_triples(tmp_path)
    assert (first.kind, first.subset) == ("published", "HFlickr")
    assert (second.kind, second.subset) == ("made", "film")


@pytest.mark.parametrize(
    "missing", ["composite_images/f1_1_1.jpg", "masks/f1_1.png", "real_images/f1.jpg"]
)
def test_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    write_set(tmp_path, NAMES)
    (tmp_path / missing).unlink()
    with pytest.raises(BadInputError, match=Path(missing).name) as caught:
        load_triples(tmp_path)
    assert "missing" in caught.value.sentence


def test_missing_split_file_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    with pytest.raises(BadInputError, match=r"IHD_train\.txt"):
        load_triples(tmp_path, "IHD_train.txt")


def test_folder_without_split_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no split file"):
        load_triples(tmp_path)


def test_absent_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nowhere"):
        load_triples(tmp_path / "nowhere")


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_empty_split_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "a_test.txt").write_text(content)
    with pytest.raises(BadInputError, match="names no composites"):
        load_triples(tmp_path)


def test_name_without_mask_and_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a_test.txt").write_text("photo.jpg\n")
    with pytest.raises(BadInputError, match=r"photo\.jpg"):
        load_triples(tmp_path)


def test_truncated_composite_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    path = tmp_path / "composite_images" / "f1_1_1.jpg"
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(BadInputError, match=r"f1_1_1\.jpg"):
        read_triple(load_triples(tmp_path)[0])


def test_mask_of_another_size_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    Image.new("L", (30, 20), 255).save(tmp_path / "masks" / "f1_1.png")
    with pytest.raises(BadInputError, match=r"f1_1\.png"):
        read_triple(load_triples(tmp_path)[0])


def test_truth_of_another_size_is_named(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    Image.new("RGB", (30, 20)).save(tmp_path / "real_images" / "f1.jpg")
    with pytest.raises(BadInputError, match=r"f1\.jpg"):
        read_triple(load_triples(tmp_path)[0])


def test_view_is_pillows_bicubic_and_the_mask_cut_at_one_half(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    triple = load_triples(tmp_path)[0]
    view = view_triple(read_triple(triple))
    with Image.open(triple.real) as real, Image.open(triple.mask) as mask:
        expected = np.asarray(real.resize((256, 256), Image.Resampling.BICUBIC))
        soft = np.asarray(mask.convert("L").resize((256, 256), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(view.real, expected)
    np.testing.assert_array_equal(view.inside, soft >= 128)


def test_box_shows_that_part_alone(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    left, top, right, bottom = MASK_BOX
    view = view_triple(read_triple(load_triples(tmp_path)[0]), 128, Box(left, top, right, bottom))
    assert view.inside.shape == (128, 128)
    assert view.inside.all()


def test_crops_are_aligned_mirrored_half_of_the_time_and_never_empty(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    pixels = read_triple(load_triples(tmp_path)[0])
    gradient = np.broadcast_to(np.arange(PHOTO_SIZE[0]) * 255 // PHOTO_SIZE[0], pixels.mask.shape)
    pixels.real[...] = gradient[:, :, None]
    rng = np.random.default_rng(1)
    rising = 0
    for _ in range(40):
        view = view_triple_cropped(pixels, rng, 64)
        assert view.inside.any()
        columns = view.real.astype(np.float64).mean(axis=(0, 2))
        shown_px = abs(columns[-1] - columns[0]) / 255 * PHOTO_SIZE[0]
        assert 0.45 * PHOTO_SIZE[1] <= shown_px <= 1.05 * PHOTO_SIZE[1]
        rising += columns[-1] > columns[0]
    assert 8 <= rising <= 32


def test_crop_of_a_corner_object_falls_back_on_the_whole_picture(tmp_path: Path) -> None:
    write_set(tmp_path, NAMES)
    pixels = read_triple(load_triples(tmp_path)[0])
    pixels.mask[...] = 0
    pixels.mask[:3, :3] = 255
    views = [view_triple_cropped(pixels, np.random.default_rng(seed), 256) for seed in range(10)]
    assert all(view.inside.any() for view in views)

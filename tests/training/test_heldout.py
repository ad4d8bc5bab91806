"""Held-out composites: changed as said, only inside the mask, the same for the same seed."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from made_photos import write_photos

from engine.errors import BadInputError
from training import heldout
from training.families import FAMILIES as RECIPE_FAMILIES
from training.heldout_composites import (
    MIXED,
    NEAR,
    RECIPE,
    SIZES,
    Subject,
    draw_target,
    foreground_mse,
    make,
    size_change,
)
from training.heldout_families import FAMILIES, match_ranks
from training.iharmony import load_triples


def subject(seed: int, size: tuple[int, int] = (70, 90)) -> Subject:
    rng = np.random.default_rng(seed)
    center = rng.uniform(60, 180, 3)
    pixels = rng.normal(center, 25, (*size, 3)).clip(0, 255).astype(np.uint8)
    inside = np.zeros(size, np.bool_)
    inside[10:50, 20:60] = True
    return Subject(f"photo{seed}", pixels, inside, is_object=True)


@pytest.mark.parametrize("family", [MIXED, *FAMILIES])
@pytest.mark.parametrize("seed", range(6))
def test_only_the_foreground_changes_and_the_truth_is_the_photo(family: str, seed: int) -> None:
    own, other = subject(seed), subject(seed + 50, (80, 60))
    made = make(own, other, family, np.random.default_rng(seed))
    np.testing.assert_array_equal(made.real, own.pixels)
    np.testing.assert_array_equal(made.composite[~own.inside], own.pixels[~own.inside])
    assert foreground_mse(made.composite, made.real, own.inside) > 0
    assert made.method in FAMILIES
    assert made.kind in (made.method, NEAR)


def test_recipe_changes_only_the_foreground_too() -> None:
    own, other = subject(1), subject(2, (80, 60))
    made = make(own, other, RECIPE, np.random.default_rng(1))
    assert made.kind == RECIPE
    np.testing.assert_array_equal(made.composite[~own.inside], made.real[~own.inside])
    assert (made.composite[own.inside] != made.real[own.inside]).any()


def test_no_family_is_one_of_the_recipe() -> None:
    assert not set(FAMILIES) & set(RECIPE_FAMILIES)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_families_stay_finite_on_black_and_white(family: str) -> None:
    colors = np.array([[0.0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 0, 1]])
    for seed in range(20):
        changed = FAMILIES[family](colors, colors[::-1] * 0.5, np.random.default_rng(seed))
        assert changed.shape == colors.shape
        assert np.isfinite(changed).all()


def test_distribution_transfer_reaches_the_other_palette() -> None:
    rng = np.random.default_rng(3)
    own = rng.normal(0.4, 0.1, (3000, 3))
    mixing = np.array([[1, 0.5, 0.1], [0, 0.6, 0.3], [0.2, 0, 0.8]])
    palette = 0.3 + rng.random((2000, 3)) @ mixing * 0.3
    # How far it goes is drawn; the shift of the mean tells, and the rest is carried on that far.
    part = FAMILIES["distribution"](own, palette, np.random.default_rng(7))
    shift = palette.mean(axis=0) - own.mean(axis=0)
    share = float(((part.mean(axis=0) - own.mean(axis=0)) @ shift) / (shift @ shift))
    assert 0.5 <= share <= 1
    moved = own + (part - own) / share
    np.testing.assert_allclose(moved.mean(axis=0), palette.mean(axis=0), atol=0.01)
    np.testing.assert_allclose(np.cov(moved.T), np.cov(palette.T), atol=0.001)


def test_ranks_keep_their_order_and_take_the_targets_values() -> None:
    targets = np.array([5.0, 1, 3])
    np.testing.assert_allclose(match_ranks(np.array([0.9, 0.1, 0.4]), targets), [5, 1, 3])


def test_changes_are_scaled_to_the_target() -> None:
    colors = np.full((500, 3), 0.5)
    change = np.random.default_rng(1).normal(0.02, 0.01, (500, 3))
    sized = size_change(colors, change, 400.0, 3.0)
    assert np.square(sized * 255).mean() == pytest.approx(400, rel=0.01)


def test_changes_that_clip_too_much_are_made_smaller() -> None:
    colors = np.full((500, 3), 0.95)
    sized = size_change(colors, np.full((500, 3), 0.2), 8000.0, 3.0)
    assert sized.max() <= 0.054


def test_target_sizes_are_distributed_as_said() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_target(SIZES, rng) for _ in range(4000)]
    usual = [target for target, is_near in drawn if not is_near]
    assert np.log(np.median(usual)) == pytest.approx(SIZES.ln_mean, abs=0.06)
    assert 1 - len(usual) / len(drawn) == pytest.approx(SIZES.near_share, abs=0.02)


def test_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "composite_images").mkdir()
    args = heldout_arguments(tmp_path, tmp_path)
    with pytest.raises(BadInputError, match="already"):
        heldout.run(args)


def heldout_arguments(photos: Path, out: Path, *more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    heldout.add_parser(parser.add_subparsers())
    given = ["heldout", "--photos", str(photos), "--out", str(out), "--count", "4", *more]
    return parser.parse_args(given)


@pytest.mark.full
def test_same_seed_writes_the_same_files(photos_dir: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        args = heldout_arguments(photos_dir, tmp_path / name, "--cache", str(tmp_path / "cache"))
        assert heldout.run(args) == 0
    first = sorted(path for path in (tmp_path / "first").rglob("*") if path.is_file())
    assert len(first) == 4 * 3 + 2
    for path in first:
        twin = tmp_path / "second" / path.relative_to(tmp_path / "first")
        assert twin.read_bytes() == path.read_bytes()
    assert len(load_triples(tmp_path / "first")) == 4


def test_photographs_trained_on_are_another_split(tmp_path: Path) -> None:
    photos = write_photos(tmp_path / "photos")
    lines = (photos / "train.txt").read_text().splitlines(keepends=True)
    listed = {"val": lines[:2], "train": lines[2:]}
    for split, own in listed.items():
        (photos / f"{split}.txt").write_text("".join(own))
    for split, own in listed.items():
        out = tmp_path / split
        more = ("--cache", str(tmp_path / "cache"), "--split", split)
        assert heldout.run(heldout_arguments(photos, out, *more)) == 0
        drawn = {path.stem.rsplit("-", 1)[0] for path in (out / "real_images").iterdir()}
        assert drawn <= {Path(line).stem for line in "".join(own).split()}

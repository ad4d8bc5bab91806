"""Which mask belongs to which composite."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cli.mask_names import mask_for, masks_by_stem, pictures_in
from engine.errors import BadInputError

STEMS = st.text("ab_", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("composite", "masks", "chosen"),
    [
        ("a01_1_2.jpg", ["a01.png", "a01_1.png", "a01_1_2.png"], "a01_1_2.png"),
        ("a01_1_2.jpg", ["a01.png", "a01_1.png"], "a01_1.png"),
        ("a01_1_2.jpg", ["a01.png", "a01_2.png"], "a01.png"),
        ("photo.jpg", ["photo.tif"], "photo.tif"),
        ("photo.v2.jpg", ["photo.v2.png"], "photo.v2.png"),
    ],
)
def test_the_longest_fitting_name_wins(composite: str, masks: list[str], chosen: str) -> None:
    assert mask_for(Path(composite), masks_by_stem(map(Path, masks))) == Path(chosen)


@pytest.mark.parametrize("mask", ["a0.png", "a01_1_2_3.png", "a01_.png", "A01.png", "01_1.png"])
def test_a_mask_whose_name_is_not_followed_by_an_underscore_does_not_fit(mask: str) -> None:
    with pytest.raises(BadInputError, match="has no mask"):
        mask_for(Path("a01_1_2.jpg"), masks_by_stem([Path(mask)]))


@given(composite=STEMS, masks=st.sets(STEMS))
def test_the_rule_as_it_is_written(composite: str, masks: set[str]) -> None:
    fitting = [stem for stem in masks if f"{composite}_".startswith(f"{stem}_")]
    by_stem = masks_by_stem(Path(f"{stem}.png") for stem in masks)
    if not fitting:
        with pytest.raises(BadInputError, match="has no mask"):
            mask_for(Path(f"{composite}.jpg"), by_stem)
        return
    assert mask_for(Path(f"{composite}.jpg"), by_stem).stem == max(fitting, key=len)


def test_two_masks_of_one_name_are_refused() -> None:
    masks = masks_by_stem([Path("a.png"), Path("a.tif")])
    with pytest.raises(BadInputError, match=r"two masks, a\.png and a\.tif"):
        mask_for(Path("a_1.jpg"), masks)


def test_pictures_are_told_by_their_endings(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "notes.txt", ".hidden.png", "c.webp", "d.tiff"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in pictures_in(tmp_path)] == ["a.png", "b.JPG", "c.webp", "d.tiff"]

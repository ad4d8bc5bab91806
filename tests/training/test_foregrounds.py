"""Drawn foregrounds lie inside their views, in the wanted classes of foreground ratio."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_photos import OBJECT_BOX, write_photos

from training.foregrounds import ForegroundConfig, draw_mask, draw_view
from training.photos import Photo, open_store


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    return open_store(write_photos(tmp_path / "photos", 2), "train", tmp_path / "cache")[0]


def test_views_have_the_asked_size_and_a_usable_foreground(photo: Photo) -> None:
    rng = np.random.default_rng(0)
    views = [draw_view(photo, 128, ForegroundConfig(), rng) for _ in range(30)]
    found = [view for view in views if view is not None]
    assert len(found) > 25
    for view in found:
        assert view.real.shape == (128, 128, 3)
        assert view.mask.shape == (128, 128)
        assert 0.003 <= (view.mask >= 128).mean() <= 0.75


def test_objects_alone_give_the_objects_mask(photo: Photo) -> None:
    config = ForegroundConfig(objects=1, color_regions=0)
    inside = draw_mask(photo, config, np.random.default_rng(0))
    left, top, right, bottom = OBJECT_BOX
    assert inside[top:bottom, left:right].all()
    assert inside.sum() == (right - left) * (bottom - top)


def test_color_regions_are_unions_of_the_photos_regions(photo: Photo) -> None:
    config = ForegroundConfig(objects=0, color_regions=1)
    rng = np.random.default_rng(1)
    for _ in range(5):
        half = draw_mask(photo, config, rng)[::2, ::2]
        labels = np.unique(photo.segments[half])
        # Enlarging moves borders by a pixel, so a region counts when most of it is inside.
        whole = [label for label in labels if half[photo.segments == label].mean() > 0.7]
        assert 1 <= len(whole) <= 3


def test_whole_views_squeeze_the_picture(photo: Photo) -> None:
    config = ForegroundConfig(objects=1, color_regions=0, pipeline_views=0, whole_views=1)
    view = draw_view(photo, 128, config, np.random.default_rng(0))
    assert view is not None
    left, top, right, bottom = OBJECT_BOX
    area = (right - left) * (bottom - top) / (photo.entry.width * photo.entry.height)
    assert (view.mask >= 128).mean() == pytest.approx(area, abs=0.01)


@pytest.mark.parametrize(
    "shares", [{"objects": 0.8, "color_regions": 0.4}, {"ratio_shares": (0.5, 0.5, 0.5)}]
)
def test_shares_above_one_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="shares"):
        ForegroundConfig(**shares)  # pyright: ignore[reportArgumentType] - parametrized

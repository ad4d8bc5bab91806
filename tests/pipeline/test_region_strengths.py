"""Strength region by region."""

from __future__ import annotations

import numpy as np
import pytest
from made_pictures import OBJECT, object_mask, scene
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.document import Document, masked_composite
from engine.errors import BadInputError
from engine.pipeline import Harmonization, Settings, harmonize
from engine.runtime.backend import Backend

SIZE = 256


@pytest.fixture(scope="module")
def document() -> Document:
    """Three colours at the view's own size, so that labels and pixels are one to one."""
    return masked_composite(scene(SIZE, SIZE), object_mask(SIZE, SIZE))


def run(document: Document, backend: Backend, strengths: dict[int, float]) -> Harmonization:
    settings = Settings(region_strengths=strengths, whole_picture=True)
    return harmonize(document, settings, backend)


def interior(inside: NDArray[np.bool_], margin: int) -> NDArray[np.bool_]:
    image = Image.fromarray(inside.astype(np.uint8) * 255)
    return np.asarray(image.filter(ImageFilter.MinFilter(2 * margin + 1))) > 0


def test_a_region_at_0_is_untouched_and_the_others_are_as_before(
    document: Document, backend: Backend
) -> None:
    full = run(document, backend, {})
    labels = full.regions.submasks.labels
    assert full.regions.submasks.count == 3
    for region in range(3):
        off = run(document, backend, {region: 0}).picture.pixels
        own = interior(labels == region, 4)
        others = interior((labels >= 0) & (labels != region), 4)
        assert own.sum() > 500
        assert np.array_equal(off[own], document.composite.pixels[own])
        assert np.array_equal(off[others], full.picture.pixels[others])
        assert not np.array_equal(full.picture.pixels[own], document.composite.pixels[own])


def test_all_regions_at_0_are_the_identity_at_soft_edges_too(backend: Backend) -> None:
    picture = scene(SIZE, SIZE)
    document = masked_composite(picture, object_mask(SIZE, SIZE, soft=20))
    count = run(document, backend, {}).regions.submasks.count
    off = run(document, backend, dict.fromkeys(range(count), 0.0))
    assert np.array_equal(off.picture.pixels, picture.pixels)


def test_the_soft_edge_of_regions_at_0_is_untouched(backend: Backend) -> None:
    """The half of the edge that is more background than object belongs to no submask."""
    picture = scene(SIZE, SIZE)
    document = masked_composite(picture, object_mask(SIZE, SIZE, soft=20))
    full = run(document, backend, {})
    labels = full.regions.submasks.labels
    above = [int(label) for label in np.unique(labels[: OBJECT.top]) if label >= 0]
    assert len(above) < full.regions.submasks.count
    off = run(document, backend, dict.fromkeys(above, 0.0)).picture.pixels
    edge = slice(0, OBJECT.top - 12), slice(OBJECT.left + 20, OBJECT.right - 20)
    assert not np.array_equal(full.picture.pixels[edge], picture.pixels[edge])
    assert np.array_equal(off[edge], picture.pixels[edge])


def test_all_regions_at_half_are_half_the_strength(document: Document, backend: Backend) -> None:
    regions = run(document, backend, {0: 0.5, 1: 0.5, 2: 0.5}).picture.pixels.astype(np.int64)
    whole = harmonize(document, Settings(strength=0.5, whole_picture=True), backend).picture
    assert np.abs(regions - whole.pixels).max() <= 1


@pytest.mark.parametrize("index", [-1, 3, 254])
def test_an_unknown_region_is_a_sentence(document: Document, backend: Backend, index: int) -> None:
    with pytest.raises(BadInputError, match=rf"no region {index}: .* regions 0 to 2"):
        run(document, backend, {index: 0.5})

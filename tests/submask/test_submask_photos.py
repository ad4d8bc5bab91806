"""All methods agree on foregrounds of real photographs."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from engine.submask import extract_submasks
from engine.submask.batched import extract_submask_batch

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

CUTOFF_DISTANCES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4)


@pytest.fixture(scope="module")
def crops(photos_dir: Path) -> NDArray[np.uint8]:
    """Eight 96 x 96 crops from the middle of photographs, (8, 96, 96, 3)."""
    with tarfile.open(photos_dir / "coco_by.tar") as photos:
        names = sorted(name for name in photos.getnames() if name.endswith(".jpg"))[:64:8]
        return np.stack([middle(photos, name) for name in names])


def middle(photos: tarfile.TarFile, name: str) -> NDArray[np.uint8]:
    file = photos.extractfile(name)
    assert file is not None
    with Image.open(io.BytesIO(file.read())) as picture:
        left, top = (picture.width - 96) // 2, (picture.height - 96) // 2
        return np.asarray(picture.convert("RGB").crop((left, top, left + 96, top + 96)))


@pytest.mark.full
@pytest.mark.parametrize("cutoff_distance", CUTOFF_DISTANCES)
def test_methods_agree_on_photographs(crops: NDArray[np.uint8], cutoff_distance: float) -> None:
    torch = pytest.importorskip("torch")
    mask = np.ones(crops.shape[:3], np.bool_)
    mask[:, :20, :30] = False
    batch = extract_submask_batch(torch.tensor(crops), torch.tensor(mask), cutoff_distance)
    for rgb, inside, batched in zip(crops, mask, batch.split(), strict=True):
        expected = extract_submasks(rgb, inside, cutoff_distance, "reference")
        for submasks in (extract_submasks(rgb, inside, cutoff_distance), batched):
            np.testing.assert_array_equal(submasks.labels, expected.labels)
            np.testing.assert_array_equal(submasks.centers, expected.centers)
            np.testing.assert_array_equal(submasks.areas, expected.areas)


@pytest.mark.gpu
@pytest.mark.parametrize("cutoff_distance", CUTOFF_DISTANCES)
def test_gpu_equals_the_cpu(cutoff_distance: float) -> None:
    rng = np.random.default_rng(3)
    steps = rng.normal(0, 3, (128, 128, 3)).cumsum(axis=1)
    rgb = np.clip(rng.integers(0, 256, (128, 1, 3)) + steps, 0, 255).astype(np.uint8)
    mask = np.ones((128, 128), np.bool_)
    on_gpu = extract_submasks(rgb, mask, cutoff_distance, "torch", device="cuda")
    expected = extract_submasks(rgb, mask, cutoff_distance)
    np.testing.assert_array_equal(on_gpu.labels, expected.labels)

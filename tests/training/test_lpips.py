"""LPIPS is its formula, from files that are there, and says what is missing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import BadInputError, WeightsError
from training.lpips import find_lpips, open_lpips, weighted_difference

CHANNELS = (64, 192, 384, 256, 256)
KERNELS = {
    "features.0": (64, 3, 11, 11),
    "features.3": (192, 64, 5, 5),
    "features.6": (384, 192, 3, 3),
    "features.8": (256, 384, 3, 3),
    "features.10": (256, 256, 3, 3),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Random weights in the files' own form."""
    rng = torch.Generator().manual_seed(1)
    backbone: dict[str, Tensor] = {}
    for name, shape in KERNELS.items():
        backbone[f"{name}.weight"] = torch.randn(shape, generator=rng) / shape[1] ** 0.5 / shape[2]
        backbone[f"{name}.bias"] = torch.zeros(shape[0])
    linear = {
        f"lin{index}.model.1.weight": torch.rand((1, channels, 1, 1), generator=rng)
        for index, channels in enumerate(CHANNELS)
    }
    torch.save(backbone, tmp_path / "alexnet-owt-made.pth")
    torch.save(linear, tmp_path / "alex.pth")
    return tmp_path


def noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (64, 64, 3), np.uint8)


def test_a_layers_difference_is_that_of_unit_vectors_by_hand() -> None:
    """One place (3, 4) against (0, 2): units (.6, .8) and (0, 1); weights 10 and 100."""
    one, other = torch.tensor([3.0, 4.0]), torch.tensor([0.0, 2.0])
    weight = torch.tensor([10.0, 100.0]).view(1, 2, 1, 1)
    found = weighted_difference(one.view(1, 2, 1, 1), other.view(1, 2, 1, 1), weight)
    assert float(found) == pytest.approx(10 * 0.36 + 100 * 0.04)


def test_places_are_averaged() -> None:
    one = torch.tensor([[1.0, 1.0], [0.0, 0.0]]).view(1, 2, 1, 2)
    other = torch.tensor([[1.0, 0.0], [0.0, 1.0]]).view(1, 2, 1, 2)
    assert float(weighted_difference(one, other, torch.ones(2))) == pytest.approx((0 + 2) / 2)


def test_equal_pictures_are_at_zero_and_others_the_farther_the_more_differs(folder: Path) -> None:
    lpips, picture = open_lpips(folder), noise(1)
    slightly = (picture.astype(np.float64) * 0.9 + noise(2) * 0.1).astype(np.uint8)
    assert lpips(picture, picture) == 0
    assert 0 < lpips(picture, slightly) < lpips(picture, noise(2))
    assert lpips(picture, slightly) == pytest.approx(lpips(slightly, picture))


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
def test_it_is_the_authors_package_where_that_is_installed(folder: Path) -> None:
    package = pytest.importorskip("lpips", reason="needs the package lpips")
    theirs: Any = package.LPIPS(net="alex", pnet_rand=True, verbose=False).eval()
    slices = [getattr(theirs.net, f"slice{index}") for index in range(1, 6)]
    state = {f"features.{name}": t for part in slices for name, t in part.state_dict().items()}
    torch.save(state, folder / "alexnet-owt-made.pth")
    shipped = Path(package.__file__).parent / "weights" / "v0.1" / "alex.pth"
    (folder / "alex.pth").write_bytes(shipped.read_bytes())
    one, other = noise(1), noise(2)
    planes = [
        torch.as_tensor(p / np.float32(127.5) - 1).permute(2, 0, 1)[None] for p in (one, other)
    ]
    with torch.no_grad():
        expected = float(theirs(*planes))
    assert open_lpips(folder)(one, other) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", ["alexnet-owt-made.pth", "alex.pth"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BadInputError, match=name[:4]) as caught:
        open_lpips(folder)
    assert str(folder) in caught.value.sentence


@pytest.mark.parametrize("content", [b"", b"no weights at all"])
def test_a_damaged_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "alex.pth").write_bytes(content)
    with pytest.raises(WeightsError, match=r"alex\.pth"):
        open_lpips(folder)


def test_a_file_of_something_else_is_named(folder: Path) -> None:
    torch.save({"weights": torch.zeros(1)}, folder / "alexnet-owt-made.pth")
    with pytest.raises(WeightsError, match=r"alexnet-owt-made\.pth"):
        open_lpips(folder)


def test_a_pickle_that_would_run_code_is_not_run(folder: Path) -> None:
    torch.save({"x": argparse.Namespace()}, folder / "alex.pth")
    with pytest.raises(WeightsError, match=r"alex\.pth"):
        open_lpips(folder)


def test_nothing_is_found_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert find_lpips() is None
    assert list(tmp_path.iterdir()) == []

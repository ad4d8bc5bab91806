"""Both backends give one answer, say what they run on, and never fall back in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import BackendUnavailableError
from engine.network.config import DEFAULT, PAPER
from engine.runtime.backend import Backend, Plane, at_half_size, open_backend
from engine.runtime.weights import LoadedWeights, load_weights
from engine.view import VIEW_SIZE

torch = pytest.importorskip("torch")

FP32_TOLERANCE, FP16_TOLERANCE = 1 / 255, 2 / 255
"""What the outputs of backends may differ by."""


def made_input(seed: int = 0) -> tuple[Plane, Plane, Plane]:
    """A smooth picture (3, H, W), a soft mask and one hard submask of it, (H, W)."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (9, 9, 3), np.uint8))
    picture = np.asarray(small.resize((VIEW_SIZE, VIEW_SIZE), Image.Resampling.BICUBIC))
    mask = np.zeros((VIEW_SIZE, VIEW_SIZE), np.float32)
    mask[40:200, 60:180] = 1
    mask[40:200, 55:60] = 0.5
    submask = (mask >= 0.5) & (picture[..., 0] > 128)
    return planes(picture), mask, submask.astype(np.float32)


def planes(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Plane:
    return picture.transpose(2, 0, 1).astype(np.float32, order="C") / np.float32(255)


def answers(backend: Backend, given: tuple[Plane, Plane, Plane]) -> tuple[Plane, Plane]:
    """Coarse and refined prediction of one picture."""
    composite, mask, submask = given
    base = backend.base(composite, mask)
    return base.coarse, backend.refine(composite, submask, base.shared)


def largest_difference(one: tuple[Plane, Plane], other: tuple[Plane, Plane]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(one, other, strict=True))


def half_backend(weights: LoadedWeights, *, cuda: bool) -> Backend:
    from engine.runtime.torch_backend import TorchBackend  # noqa: PLC0415 - torch is optional

    return TorchBackend(weights, cuda=cuda, threads=None, half=True)


def test_onnx_and_torch_agree_on_random_weights(random_weights: LoadedWeights) -> None:
    given = made_input()
    found = answers(open_backend("onnx", random_weights), given)
    expected = answers(open_backend("torch", random_weights), given)
    assert float(np.abs(expected[0] - given[0]).mean()) > FP16_TOLERANCE
    assert float(np.abs(expected[1]).mean()) > FP16_TOLERANCE
    assert largest_difference(found, expected) <= FP32_TOLERANCE / 10


def test_outputs_have_the_shapes_and_types_of_the_interface(random_weights: LoadedWeights) -> None:
    composite, mask, submask = made_input()
    for name in ("onnx", "torch"):
        backend = open_backend(name, random_weights, threads=1)
        base = backend.base(composite, mask)
        refined = backend.refine(base.coarse, submask, base.shared)
        assert base.coarse.shape == refined.shape == (3, VIEW_SIZE, VIEW_SIZE)
        assert base.color_map.shape == (3, 10)
        assert base.coarse.dtype == refined.dtype == base.color_map.dtype == np.float32


def test_stage_2_at_half_size_is_equal_in_all_backends(
    random_weights: LoadedWeights,
) -> None:
    composite, mask, _ = made_input()
    submask = np.zeros_like(mask)
    submask[64:192, 64:160] = 1
    found: list[Plane] = []
    for name in ("onnx", "torch"):
        backend = open_backend(name, random_weights)
        base = backend.base(composite, mask)
        half = at_half_size(base)
        assert half.coarse.shape == (3, VIEW_SIZE // 2, VIEW_SIZE // 2)
        assert np.allclose(half.coarse[:, 5, 7], base.coarse[:, 10:12, 14:16].mean((1, 2)))
        found.append(backend.refine(half.coarse, submask[::2, ::2], half.shared))
    assert found[0].shape == half.coarse.shape
    assert float(np.abs(found[0] - found[1]).max()) <= FP32_TOLERANCE / 10


@pytest.mark.full  # a minute: processors have no quick 16-bit convolutions
def test_half_precision_agrees_on_random_weights(random_weights: LoadedWeights) -> None:
    given = made_input()
    found = answers(half_backend(random_weights, cuda=False), given)
    expected = answers(open_backend("torch", random_weights), given)
    assert 0 < largest_difference(found, expected) <= FP16_TOLERANCE


@pytest.mark.full
def test_half_precision_keeps_the_statistics_of_a_small_object(
    random_weights: LoadedWeights,
) -> None:
    """Its background has more pixels than 16 bits can count."""
    composite, _, _ = made_input()
    mask = np.zeros((VIEW_SIZE, VIEW_SIZE), np.float32)
    mask[100:103, 100:103] = 1
    found = half_backend(random_weights, cuda=False).base(composite, mask)
    expected = open_backend("torch", random_weights).base(composite, mask)
    assert np.abs(found.coarse - expected.coarse).max() <= FP16_TOLERANCE


@pytest.mark.full
def test_backends_agree_on_photographs_with_the_shipped_weights(samples_dir: Path) -> None:
    weights = load_weights()
    onnx_backend, torch_backend = open_backend("onnx", weights), open_backend("torch", weights)
    for name in ("01_nuthatch", "02_park_displayp3", "05_lantern_dark"):
        given = sample_input(samples_dir, name)
        expected = answers(torch_backend, given)
        assert largest_difference(answers(onnx_backend, given), expected) <= FP32_TOLERANCE, name


@pytest.mark.full
def test_half_precision_agrees_on_a_photograph_with_the_shipped_weights(samples_dir: Path) -> None:
    weights, given = load_weights(), sample_input(samples_dir, "01_nuthatch")
    expected = answers(open_backend("torch", weights), given)
    found = answers(half_backend(weights, cuda=False), given)
    assert largest_difference(found, expected) <= FP16_TOLERANCE


def sample_input(folder: Path, name: str) -> tuple[Plane, Plane, Plane]:
    size = (VIEW_SIZE, VIEW_SIZE)
    with Image.open(folder / f"{name}.jpg") as opened:
        opened.draft("RGB", size)
        picture = planes(np.asarray(opened.convert("RGB").resize(size)))
    with Image.open(folder / f"{name}_mask.png") as opened:
        mask = np.asarray(opened.convert("L").resize(size), np.float32) / np.float32(255)
    bright = picture.mean(axis=0) > 0.5
    return picture, mask, ((mask >= 0.5) & bright).astype(np.float32)


@pytest.mark.gpu
def test_cuda_agrees_in_both_precisions(random_weights: LoadedWeights) -> None:
    given = made_input()
    expected = answers(open_backend("torch", random_weights), given)
    found = open_backend("torch-cuda", random_weights)
    assert found.report.got == "torch-cuda"
    assert largest_difference(answers(found, given), expected) <= FP32_TOLERANCE
    half = answers(half_backend(random_weights, cuda=True), given)
    assert largest_difference(half, expected) <= FP16_TOLERANCE


@pytest.mark.parametrize("name", ["onnx", "torch"])
def test_the_report_says_what_was_asked_for_and_got(
    name: str, random_weights: LoadedWeights
) -> None:
    backend = open_backend("onnx" if name == "onnx" else "torch", random_weights)
    report = backend.report
    assert (report.asked, report.got, report.device) == (name, name, "CPU")
    assert name in report.library
    assert any(character.isdigit() for character in report.library)
    assert backend.weights_sha256 == "random"
    assert backend.config == DEFAULT


def test_cuda_without_a_device_is_a_sentence_and_not_the_cpu(
    random_weights: LoadedWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(BackendUnavailableError, match="no CUDA device: use --backend torch"):
        open_backend("torch-cuda", random_weights)
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(BackendUnavailableError, match="no CUDA device: use --backend onnx"):
        open_backend("onnx-cuda", random_weights)


def test_a_cuda_provider_that_does_not_start_is_a_sentence(
    random_weights: LoadedWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where onnxruntime-gpu is installed and the driver is not."""
    providers = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: providers)
    with pytest.raises(BackendUnavailableError, match="use --backend onnx"):
        open_backend("onnx-cuda", random_weights)


def test_other_widths_run_on_torch_alone(random_weights: LoadedWeights) -> None:
    weights = replace(random_weights, config=PAPER)
    with pytest.raises(BackendUnavailableError, match=r"other widths .*--backend torch"):
        open_backend("onnx", weights)
    assert open_backend("torch", weights).config == PAPER

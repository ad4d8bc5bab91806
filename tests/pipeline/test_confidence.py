"""The engine holds back where it is not sure, says so, and never against a person's word."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from made_confidence import hold_back, made_model
from made_pictures import object_mask, plain, scene

from engine.confidence import (
    CONFIDENCE_FILE,
    UNKNOWN,
    ConfidenceModel,
    Signs,
    load_confidence,
    signs_of,
)
from engine.document import masked_composite
from engine.errors import WeightsError
from engine.manifest import read_manifest
from engine.pipeline import Harmonization, Settings, harmonize, harmonize_coarsely, look
from engine.runtime.backend import Backend

SIGNS = Signs(size=100.0, clipped=0.1, contrast=0.2, distance=-3.0)


def made(backend: Backend, **settings: float) -> Harmonization:
    document = masked_composite(scene(bits=16), object_mask())
    return harmonize(document, replace(Settings(), **settings), backend)  # type: ignore[arg-type]


def size_seen(backend: Backend) -> float:
    """Mean square of stage 1's change of the picture of `made`."""
    view = look(masked_composite(scene(bits=16), object_mask()), Settings())
    return signs_of(view.rgb, view.inside, harmonize_coarsely(view, backend).coarse).size


def test_weights_that_were_not_calibrated_are_used_in_full(backend: Backend) -> None:
    result = made(backend)
    assert result.estimate == UNKNOWN
    assert result.strength == 1
    assert np.array_equal(result.picture.pixels, made(backend, strength=1.0).picture.pixels)


def test_a_change_worth_little_is_not_made(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(monkeypatch, 1e6)
    result = made(backend)
    assert result.estimate.confidence == 0.5
    assert result.strength == result.estimate.strength == 0
    assert np.array_equal(result.picture.pixels, scene(bits=16).pixels)


def test_between_the_two_ends_the_strength_is_lowered(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_back(monkeypatch, 0.5 * size_seen(backend) / 1.5)
    result = made(backend)
    assert result.strength == pytest.approx(0.5)
    expected = made(backend, strength=result.strength).picture.pixels
    assert np.array_equal(result.picture.pixels, expected)


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0])
def test_a_persons_strength_is_used_exactly(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, strength: float
) -> None:
    free = made(backend, strength=strength).picture.pixels
    hold_back(monkeypatch, 1e6)
    result = made(backend, strength=strength)
    assert result.strength == strength
    assert result.estimate.strength == 0
    assert np.array_equal(result.picture.pixels, free)


def test_the_larger_a_change_and_the_surer_the_more_is_suggested() -> None:
    model = ConfidenceModel("", 0.5, {"contrast": -1.0}, none_below=30.0)
    sizes = [model.estimate(replace(SIGNS, size=s)).strength for s in (0, 40, 70, 100, 1000)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 0
    assert sizes[-1] == 1
    signs = [replace(SIGNS, contrast=c) for c in (-3.0, 0.0, 0.5, 3.0)]
    found = [model.estimate(given) for given in signs]
    confidences, strengths = [model.confidence(s) for s in signs], [e.strength for e in found]
    assert confidences == sorted(confidences, reverse=True)
    assert strengths == sorted(strengths, reverse=True)


def test_signs_are_what_they_say() -> None:
    rgb = np.full((8, 8, 3), 100, np.uint8)
    rgb[:4, ::2], rgb[:4, 1::2] = 80, 120
    rgb[0, 0], inside = 255, np.zeros((8, 8), np.bool_)
    inside[:4] = True
    coarse = (rgb.transpose(2, 0, 1) / 255).astype(np.float32)
    coarse[:, 1:4] += 10 / 255
    found = signs_of(rgb, inside, coarse)
    assert found.size == pytest.approx(75, rel=1e-3)
    assert found.clipped == pytest.approx(1 / 32)
    assert found.contrast > 3
    assert signs_of(rgb, np.ones((8, 8), np.bool_), coarse).contrast == 0


def test_a_foreground_of_one_colour_has_finite_signs() -> None:
    rgb = plain(8, 8).pixels.astype(np.uint8)
    inside = np.zeros((8, 8), np.bool_)
    inside[2, 2] = True
    signs = signs_of(rgb, inside, np.full((3, 8, 8), 2, np.float32))
    assert np.isfinite(list(signs.columns().values())).all()


def test_a_model_counts_for_its_own_weights_only(tmp_path: Path) -> None:
    file = tmp_path / "confidence.json"
    file.write_text(json.dumps(asdict(made_model(13.0, "ab"))))
    assert load_confidence("ab", file) == made_model(13.0, "ab")
    assert load_confidence("cd", file) is None
    assert load_confidence("ab", tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"weights_sha256": "ab", "bias": 0, "weights": {"taste": 1}, "none_below": 1}',
        '{"weights_sha256": "ab", "bias": NaN, "weights": {}, "none_below": 1}',
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "confidence.json"
    file.write_text(content)
    with pytest.raises(WeightsError, match=r"confidence\.json is damaged: install FRIH again"):
        load_confidence("ab", file)


def test_the_shipped_weights_are_calibrated() -> None:
    assert CONFIDENCE_FILE.is_file()
    assert load_confidence(read_manifest().weights_sha256) is not None

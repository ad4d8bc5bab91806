"""Calibration finds what a change is worth, and never looks where it reports."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from darken_backend import stand_in
from iharmony_folder import write_set
from PIL import Image

from engine.confidence import ConfidenceModel, Signs, load_confidence, strength_for
from engine.errors import BadInputError, OutputError
from training import calibrate
from training.__main__ import main
from training.confidence_fit import Outcomes, fit_model, outcomes_of, with_threshold
from training.confidence_samples import Sample, part_of, photo_of
from training.iharmony import load_triples
from training.reliability import reliability_of, write_chart

TWO_KINDS = {f"f{n}_1_1": 40 if n % 3 else 0 for n in range(60)}
"""Composites that are too bright, which darkening improves, and some that are right already."""


def made_samples(count: int, *, contrast_tells: bool = False) -> list[Sample]:
    """Changes of different size that improve two times in three; contrast may tell which."""
    rng = np.random.default_rng(3)
    samples: list[Sample] = []
    for index in range(count):
        size, contrast = float(rng.lognormal(4, 1)), float(rng.normal())
        chance = 1 / (1 + np.exp(-3 * contrast)) if contrast_tells else 2 / 3
        gain = size if rng.random() < chance else -0.2 * size
        before = 3 * size if gain > 0 else 50.0
        signs = Signs(size, clipped=0.0, contrast=contrast, distance=-3.0)
        samples.append(Sample(f"photo{index}", signs, before, gain, size))
    return samples


def test_confidence_follows_a_sign_that_tells() -> None:
    model = fit_model(made_samples(400, contrast_tells=True), "ab")
    signs = made_samples(1)[0].signs
    found = [model.confidence(replace(signs, contrast=c)) for c in (-1.5, 0.0, 1.5)]
    assert found[0] < 0.2
    assert found[1] == pytest.approx(0.5, abs=0.15)
    assert found[2] > 0.8
    assert model.weights_sha256 == "ab"


def test_signs_that_tell_nothing_are_left_out_and_the_base_rate_stays() -> None:
    samples = made_samples(400)
    model = fit_model(samples, "ab")
    assert not model.weights
    mean = np.mean([model.confidence(sample.signs) for sample in samples])
    assert mean == pytest.approx(np.mean([sample.improves for sample in samples]), abs=0.01)


@pytest.mark.parametrize("budget", [0.0, 0.05, 0.3])
def test_threshold_keeps_within_the_budget_and_uses_it(budget: float) -> None:
    samples = made_samples(400)
    model = with_threshold(fit_model(samples, "ab"), samples, budget)
    outcomes = outcomes_of(samples, model)
    assert outcomes.given_up(model.none_below) <= budget
    assert budget == 0 or outcomes.given_up(1.2 * model.none_below) > budget / 2


def test_outcomes_follow_what_the_engine_would_suggest() -> None:
    samples = made_samples(50)
    model = replace(fit_model(samples, "ab"), none_below=40.0)
    outcomes = outcomes_of(samples, model)
    expected = [model.estimate(sample.signs).strength for sample in samples]
    np.testing.assert_allclose(outcomes.strengths(40.0), expected)
    for none_below, worth in ((0.0, 5.0), (5.0, 7.0)):
        own = Outcomes(*np.full((5, 1), worth))
        assert own.strengths(none_below)[0] == strength_for(worth, none_below)


@pytest.mark.parametrize("samples", [made_samples(10), made_samples(60)[:1] * 30])
def test_too_few_or_uniform_outcomes_are_declined(samples: list[Sample]) -> None:
    with pytest.raises(BadInputError, match="give more composites"):
        fit_model(samples, "ab")


def test_photographs_are_told_by_names_and_stay_together(tmp_path: Path) -> None:
    write_set(tmp_path, {"azs-0001_1_1": 0, "azs-0002_1_1": 5, "plain_1_1": 5})
    photos = [photo_of(triple) for triple in load_triples(tmp_path)]
    assert photos == ["azs", "azs", "plain"]
    parts = [part_of(f"photo{n}", 2, "half") for n in range(400)]
    assert 150 < sum(parts) < 250


def test_reliability_counts_what_came_true(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(0, 1, 4000)
    honest = reliability_of(list(chance), list(rng.random(4000) < chance))
    assert len(honest.bins) == 8
    assert sum(b.count for b in honest.bins) == 4000
    assert all(abs(b.confidence - b.improved) < 0.07 for b in honest.bins)
    assert honest.brier == pytest.approx(1 / 6, abs=0.01)
    assert honest.untold == pytest.approx(1 / 4, abs=0.01)
    write_chart(tmp_path / "chart.png", honest)
    with Image.open(tmp_path / "chart.png") as chart:
        colors = chart.convert("RGB").getcolors(10_000)
    assert colors is not None
    assert len(colors) > 3


def command(folder: Path, *more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    calibrate.add_parser(parser.add_subparsers())
    out = folder / "confidence.json"
    return parser.parse_args(["calibrate", "--data", str(folder), "--out", str(out), *more])


def test_command_writes_what_the_engine_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path, TWO_KINDS)
    monkeypatch.setattr(calibrate, "open_backend", stand_in)
    text, chart = tmp_path / "tables.md", tmp_path / "chart.png"
    calibrate.run(command(tmp_path, "--md", str(text), "--chart", str(chart), "--give-up", "0.3"))
    content = json.loads((tmp_path / "confidence.json").read_text())
    model = load_confidence(content["weights_sha256"], tmp_path / "confidence.json")
    assert isinstance(model, ConfidenceModel)
    assert asdict(model) == content
    assert text.read_text() == capsys.readouterr().out
    assert "What holding back costs and saves" in text.read_text()
    assert "Brier score" in text.read_text()
    assert chart.is_file()


def test_what_cannot_be_written_or_asked_is_declined_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist: make it first"):
        calibrate.run(command(tmp_path, "--md", str(tmp_path / "none" / "a.md")))
    with pytest.raises(BadInputError, match="between 0 and 1"):
        calibrate.run(command(tmp_path, "--give-up", "1.5"))


def test_one_photograph_cannot_be_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path, {"a-0001_1_1": 0, "a-0002_1_1": 40})
    monkeypatch.setattr(calibrate, "open_backend", stand_in)
    out = str(tmp_path / "confidence.json")
    assert main(["calibrate", "--data", str(tmp_path), "--out", out]) == 2
    assert "too few photographs" in capsys.readouterr().err

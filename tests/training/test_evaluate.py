"""The evaluate command on a made set with a stand-in backend, and on the bench."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
from darken_backend import SHIFT, DarkenBackend, stand_in
from iharmony_folder import write_set
from made_confidence import hold_back
from PIL import Image

from engine import pipeline
from engine.errors import BadInputError, OutputError
from engine.pipeline import PAPER_SETTINGS, Settings
from training import evaluate
from training.iharmony import Triple, load_triples
from training.iharmony_views import read_triple
from training.measuring import Wanted, measure
from training.summary import summarize
from training.through_engine import OnePassBackend, Way, outcomes

NAMES = {"f1_1_1": SHIFT, "f2_1_1": SHIFT, "f3_1_1": 0}


@pytest.fixture
def triples(tmp_path: Path) -> list[Triple]:
    write_set(tmp_path, NAMES)
    return load_triples(tmp_path)


def way(*strengths: float, paper: bool = False) -> Way:
    return Way(strengths, PAPER_SETTINGS if paper else Settings(), paper)


def command(data: Path, *more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    evaluate.add_parser(parser.add_subparsers())
    return parser.parse_args(["evaluate", "--data", str(data), *more])


@pytest.mark.parametrize("paper", [False, True])
def test_undoing_the_change_is_measured_as_better(triples: list[Triple], *, paper: bool) -> None:
    backend = OnePassBackend(DarkenBackend(SHIFT))
    found = measure(triples[:2], way(1.0, paper=paper), backend).ours["strength 1"]
    for record in found:
        assert record.composite.fmse == pytest.approx(SHIFT**2, rel=0.1)
        assert record.result.fmse < 0.05 * record.composite.fmse
        assert not record.worse


def test_changing_what_was_right_is_measured_as_worse(triples: list[Triple]) -> None:
    backend = OnePassBackend(DarkenBackend(SHIFT))
    (record,) = measure(triples[2:], way(1.0), backend).ours["strength 1"]
    assert record.worse
    assert record.result.fmse == pytest.approx(SHIFT**2, rel=0.1)
    assert record.predicted_change == pytest.approx(SHIFT**2, rel=0.01)


@pytest.mark.parametrize("paper", [False, True])
def test_strengths_share_one_network_pass(triples: list[Triple], *, paper: bool) -> None:
    network = DarkenBackend(SHIFT)
    backend = OnePassBackend(network)
    found = measure(triples[:1], way(0.0, 0.5, 1.0, paper=paper), backend).ours
    assert network.base_calls == 1
    assert network.refine_calls == found["strength 1"][0].regions
    zero, half, full = (found[f"strength {s}"][0].result.fmse for s in ("0", "0.5", "1"))
    assert zero == found["strength 1"][0].composite.fmse
    assert half == pytest.approx(zero / 4, rel=0.1)
    assert full < half


def test_next_picture_is_not_answered_from_memory(triples: list[Triple]) -> None:
    network = DarkenBackend(SHIFT)
    measure(triples, way(1.0), OnePassBackend(network))
    assert network.base_calls == len(triples)


def test_same_submask_of_another_picture_is_refined_anew() -> None:
    network = DarkenBackend(0)
    backend = OnePassBackend(network)
    submask = np.ones((4, 4), np.float32)
    for value in (0.25, 0.5):
        picture = np.full((3, 4, 4), value, np.float32)
        backend.base(picture, submask)
        backend.refine(picture, submask, None)
    assert network.refine_calls == 2


@pytest.mark.parametrize("paper", [False, True])
def test_coarse_stage_leaves_stage_two_out(triples: list[Triple], *, paper: bool) -> None:
    pixels, how = read_triple(triples[0]), way(1.0, paper=paper)
    final = outcomes(pixels, how, OnePassBackend(DarkenBackend(20, 15)))[0]
    network = DarkenBackend(20, 15)
    coarse = outcomes(pixels, how, OnePassBackend(network, coarse_only=True))[0]
    assert network.refine_calls == 0
    assert final.predicted_change == pytest.approx(35**2, rel=0.01)
    assert coarse.predicted_change == pytest.approx(20**2, rel=0.01)


def test_results_have_the_pictures_own_size_and_the_views_in_paper(triples: list[Triple]) -> None:
    pixels, backend = read_triple(triples[0]), OnePassBackend(DarkenBackend(SHIFT))
    assert outcomes(pixels, way(1.0), backend)[0].pixels.shape == pixels.real.shape
    assert outcomes(pixels, way(1.0, paper=True), backend)[0].pixels.shape == (256, 256, 3)


def test_command_prints_and_writes_all_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path, NAMES)
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    outs = {name: tmp_path / f"report.{name}" for name in ("json", "md", "png")}
    args = command(
        tmp_path, "--strength", "0.5", "--classical",
        "--json", str(outs["json"]), "--md", str(outs["md"]), "--sheet", str(outs["png"]),
    )  # fmt: skip
    assert evaluate.run(args) == 0
    printed = capsys.readouterr().out
    assert printed == outs["md"].read_text(encoding="utf-8")
    for row in ("composite, untouched", "strength 0.5", "strength 1", "Reinhard in Lab, half"):
        assert f"| {row} |" in printed
    methods = json.loads(outs["json"].read_text())["methods"]
    assert [p["name"] for p in methods["strength 1"]["pictures"]] == list(NAMES)
    assert methods["strength 1"]["summaries"][0]["count"] == len(NAMES)
    with Image.open(outs["png"]) as sheet:
        assert sheet.width > 8 * 256
        assert sheet.height > 2 * 256


def test_limit_is_spread_over_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_set(tmp_path, {f"f{index}_1_1": 20 for index in range(6)})
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    out = tmp_path / "report.json"
    evaluate.run(command(tmp_path, "--limit", "3", "--json", str(out)))
    pictures = json.loads(out.read_text())["methods"]["strength 1"]["pictures"]
    assert [picture["name"] for picture in pictures] == ["f0_1_1", "f2_1_1", "f4_1_1"]


def test_calibrated_weights_are_measured_as_the_engine_suggests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path, NAMES)
    monkeypatch.setattr(evaluate, "open_backend", stand_in)
    hold_back(monkeypatch, 1e6)
    monkeypatch.setattr(evaluate, "load_confidence", pipeline.load_confidence)
    out, text = tmp_path / "report.json", tmp_path / "report.md"
    evaluate.run(command(tmp_path, "--json", str(out), "--md", str(text)))
    methods = json.loads(out.read_text())["methods"]
    assert list(methods) == ["as suggested", "strength 1"]
    for name, strength in (("as suggested", 0), ("strength 1", 1)):
        found = {(p["strength"], p["confidence"]) for p in methods[name]["pictures"]}
        assert found == {(strength, 0.5)}
    assert "Reliability of the confidence" in text.read_text()


@pytest.mark.parametrize("limit", ["0", "-3"])
def test_limit_below_one_is_refused(tmp_path: Path, limit: str) -> None:
    write_set(tmp_path, NAMES)
    with pytest.raises(BadInputError, match="--limit"):
        evaluate.run(command(tmp_path, "--limit", limit))


def test_report_folder_is_checked_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        evaluate.run(command(tmp_path, "--json", str(tmp_path / "nowhere" / "report.json")))


def test_mask_that_vanishes_at_256_is_named(triples: list[Triple]) -> None:
    mask = np.zeros((288, 320), np.uint8)
    mask[5, 5] = 255
    Image.fromarray(mask).save(triples[0].mask)
    with pytest.raises(BadInputError, match=triples[0].mask.name):
        measure(triples[:1], way(1.0), OnePassBackend(DarkenBackend(SHIFT)))


@pytest.mark.full
def test_bench_gives_the_reference_figures(bench_dir: Path) -> None:
    """Of the untouched composite and of classical methods, as measured when the bench was made."""
    found = measure(
        load_triples(bench_dir),
        way(0.0),
        OnePassBackend(DarkenBackend(0)),
        Wanted(classical=True),
    )
    untouched = summarize("all", found.ours["strength 0"])
    assert untouched.count == 116
    assert untouched.composite == untouched.result
    assert untouched.composite.mse == pytest.approx(303.2, abs=0.05)
    assert untouched.composite.psnr == pytest.approx(28.46, abs=0.005)
    assert untouched.composite.fmse == pytest.approx(1633, abs=0.5)
    expected = {
        "MKL in RGB": (469.6, 25.57, 3282, 0.73),
        "MKL in RGB, half": (221.2, 28.66, 1532, 0.51),
        "histogram": (591.6, 24.55, 4089, 0.78),
        "histogram, half": (243.1, 28.06, 1698, 0.57),
    }
    for name, (mse, psnr, fmse, worse) in expected.items():
        summary = summarize(name, found.classical[name])
        assert summary.result.mse == pytest.approx(mse, abs=0.06)
        assert summary.result.psnr == pytest.approx(psnr, abs=0.006)
        assert summary.result.fmse == pytest.approx(fmse, abs=0.6)
        assert summary.worse == pytest.approx(worse, abs=0.005)
    # The reference used 8-bit Lab; ours is in float, 0.2 % off.
    reinhard = summarize("Reinhard", found.classical["Reinhard in Lab, half"]).result
    assert reinhard.mse == pytest.approx(220.1, rel=0.003)
    assert reinhard.fmse == pytest.approx(1530, rel=0.003)
